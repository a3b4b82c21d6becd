//! Time to First Byte: how long the person waited before the server's answer began.

use super::attribution::{Attribution, TtfbAttribution};
use super::entry::{Entry, EntryType};
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Options, Rule};

/// Reported once the page has loaded. A restored page and a soft navigation have their bytes
/// already and count as 0.
pub(super) struct Ttfb<E> {
    /// The load was reported; only then do later navigations count.
    is_loaded: bool,
    /// The navigation the present value comes from.
    navigation: Option<E>,
}

impl<E> Default for Ttfb<E> {
    fn default() -> Self {
        Ttfb { is_loaded: false, navigation: None }
    }
}

impl<E: Clone> Rule<E> for Ttfb<E> {
    fn observes(&self, options: Options) -> &'static [EntryType] {
        if options.soft_navigations && self.is_loaded { &[EntryType::SoftNavigation] } else { &[] }
    }

    fn loaded(&mut self, entry: &E, desk: &mut Desk<'_, E>) {
        if self.is_loaded {
            return;
        }
        if let Some(timing) = desk.page.navigation() {
            self.is_loaded = true;
            self.navigation = Some(entry.clone());
            desk.metric.value = timing.since_activation(timing.response_start);
            desk.report(self, true, true);
        }
    }

    fn entry(&mut self, entry: Entry<E>, desk: &mut Desk<'_, E>) {
        if let Entry::SoftNavigation(soft) = entry
            && soft.navigation_id != 0
        {
            desk.begin_soft(0.0, &soft);
            self.navigation = Some(soft.entry);
            desk.report(self, true, true);
        }
    }

    fn restored(&mut self, desk: &mut Desk<'_, E>) {
        if self.is_loaded {
            self.navigation = None;
            desk.begin_restored(0.0);
            desk.report(self, true, true);
        }
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let is_soft = metric.navigation.kind == NavigationType::SoftNavigation;
        let phases = match page.navigation() {
            Some(timing) if self.navigation.is_some() && !is_soft => {
                let has_worker = timing.worker_start != 0.0;
                let started = if has_worker { timing.worker_start } else { timing.fetch_start };
                // The start of a service worker counts as cache time, which cannot be told apart
                // from its other work in all browsers.
                let wait_end = timing.since_activation(started);
                let dns_start = timing.since_activation(timing.domain_lookup_start);
                let connect_start = timing.since_activation(timing.connect_start);
                let connect_end = timing.since_activation(timing.connect_end);
                TtfbAttribution {
                    waiting_duration: wait_end,
                    cache_duration: dns_start - wait_end,
                    dns_duration: connect_start - dns_start,
                    connection_duration: connect_end - connect_start,
                    // Any gap before the request goes here, so that a connection which a service
                    // worker spared stays at 0.
                    request_duration: metric.value - connect_end,
                }
            }
            _ => TtfbAttribution::default(),
        };
        (self.navigation.iter().cloned().collect(), Attribution::Ttfb(phases))
    }
}
