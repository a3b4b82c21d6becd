//! What people do on a page: the pure state machines behind the observers.

pub mod campaign;
pub mod click;
pub mod engagement;
pub mod failure;
pub mod fields;
pub mod rage;
pub mod route;
pub mod scroll;
