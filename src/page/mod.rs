//! What people do on a page: the pure state machines behind the observers.

pub mod click;
pub mod engagement;
pub mod route;
pub mod scroll;
