//! Which view is shown: one per distinct route.

use crate::text::{after, before};

/// Decides whether a change of address is a new view.
#[derive(Debug, Clone, Default)]
pub struct Route {
    shown: Option<String>,
    hash_counts: bool,
}

impl Route {
    /// `hash_counts`: whether the fragment names a route (`#/cart`).
    pub fn new(hash_counts: bool) -> Self {
        Self { shown: None, hash_counts }
    }

    /// Whether `url` is another route than the one shown; from then on it is the one shown.
    ///
    /// Frameworks push and replace the same address several times for one navigation; that is one view. A query that is
    /// only replaced (`replaced`) mirrors what is typed or chosen on the same view.
    pub fn enter(&mut self, url: &str, replaced: bool) -> bool {
        let route = self.route(url);
        let shown = self.shown.as_deref();
        let same =
            shown == Some(route) || (replaced && shown.map(without_query) == Some(without_query(route)));
        self.shown = Some(route.into());
        !same
    }

    fn route<'a>(&self, url: &'a str) -> &'a str {
        if self.hash_counts { url } else { before(url, b"#") }
    }
}

fn without_query(route: &str) -> (&str, &str) {
    let place = before(route, b"?#");
    let fragment = after(route, b'#').unwrap_or_default();
    (place, fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_pushed_twice_is_one_view() {
        let mut route = Route::new(false);
        let entered: Vec<bool> =
            ["https://a/x", "https://a/x", "https://a/x#top", "https://a/x?q=1", "https://a/x"]
                .map(|url| route.enter(url, false))
                .into();
        assert_eq!(entered, [true, false, false, true, true]);
    }

    #[test]
    fn a_query_that_is_only_replaced_is_the_same_view() {
        let mut route = Route::new(false);
        assert!(route.enter("https://a/search", false));
        assert!(!route.enter("https://a/search?q=k", true));
        assert!(!route.enter("https://a/search?q=kite", true));
        assert!(!route.enter("https://a/search?q=kite", false), "pushed after it was replaced");
        assert!(route.enter("https://a/search?q=kite&page=2", false));
        assert!(route.enter("https://a/cart", true));
    }

    #[test]
    fn fragments_are_routes_when_the_site_says_so() {
        let mut route = Route::new(true);
        assert!(route.enter("https://a/#/x", false));
        assert!(route.enter("https://a/#/y", false));
        assert!(!route.enter("https://a/#/y", false));
    }
}
