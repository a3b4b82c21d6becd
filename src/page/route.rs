//! Which view is shown: one per distinct route.

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
    /// Frameworks push and replace the same address several times for one navigation; that is one view.
    pub fn enter(&mut self, url: &str) -> bool {
        let route = self.route(url);
        if self.shown.as_deref() == Some(route) {
            return false;
        }
        self.shown = Some(route.into());
        true
    }

    fn route<'a>(&self, url: &'a str) -> &'a str {
        if self.hash_counts { url } else { url.split('#').next().unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_pushed_twice_is_one_view() {
        let mut route = Route::new(false);
        let entered: Vec<bool> =
            ["https://a/x", "https://a/x", "https://a/x#top", "https://a/x?q=1", "https://a/x"]
                .map(|url| route.enter(url))
                .into();
        assert_eq!(entered, [true, false, false, true, true]);
    }

    #[test]
    fn fragments_are_routes_when_the_site_says_so() {
        let mut route = Route::new(true);
        assert!(route.enter("https://a/#/x"));
        assert!(route.enter("https://a/#/y"));
        assert!(!route.enter("https://a/#/y"));
    }
}
