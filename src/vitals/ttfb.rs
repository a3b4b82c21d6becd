//! Time to First Byte: how long the person waited before the server's answer began.

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType};
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Moment, Options, Rule};

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

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        if entry.id != 0.0 {
            desk.begin_soft(0.0, entry);
            self.navigation = Some(entry.handle.clone());
            desk.report(self, true, true);
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        match *moment {
            Moment::Loaded(handle) if !self.is_loaded => {
                let Some(timing) = desk.page.navigation() else { return };
                self.is_loaded = true;
                self.navigation = Some(handle.clone());
                desk.metric.value = timing.since_activation(timing.response_start);
            }
            Moment::Restored if self.is_loaded => {
                self.navigation = None;
                desk.begin_restored(0.0);
            }
            _ => return,
        }
        desk.report(self, true, true);
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let is_soft = metric.navigation.kind == NavigationType::SoftNavigation;
        let phases = match page.navigation() {
            Some(timing) if self.navigation.is_some() && !is_soft => {
                let has_worker = timing.worker_start != 0.0;
                let started = if has_worker { timing.worker_start } else { timing.fetch_start };
                // The start of a service worker counts as cache time, which cannot be told apart
                // from its other work in all browsers. Any gap before the request goes to the request, so that a
                // connection which a service worker spared stays at 0.
                let marks = [started, timing.domain_lookup_start, timing.connect_start, timing.connect_end];
                let [waited, dns, connect, connected] = marks.map(|mark| timing.since_activation(mark));
                [waited, dns - waited, connect - dns, connected - connect, metric.value - connected]
            }
            _ => [0.0; 5],
        };
        (self.navigation.iter().cloned().collect(), Attribution::of(phases))
    }
}
