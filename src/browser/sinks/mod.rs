//! The browser's ways to send.

pub mod http;
