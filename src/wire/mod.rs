//! Events → bytes. How bytes travel is not known here.

pub mod json;
pub mod pixel;
pub mod stored;
