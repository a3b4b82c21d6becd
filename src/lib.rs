//! ChatVitals: what people do on a page, and what they live through in the AI chat on it.
