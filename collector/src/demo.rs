//! The demo site at `/`, served only with `--demo`.

use axum::Router;

use crate::app::App;
use crate::site;

/// The routes of the demo: its pages.
pub fn routes() -> Router<App> {
    Router::new().fallback(site::get_demo)
}
