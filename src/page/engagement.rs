//! How long a view was visible, and how long it was attended to: visible, focused and recently active.

/// Activity counts for this long after it happened, ms: reading moves nothing for a while.
pub const ACTIVE_MS: f64 = 30_000.0;
/// How often the browser room calls [`Engagement::advance`] while the page is visible, ms (`life.js` knows the same).
pub const TICK_MS: f64 = 5_000.0;
/// A gap longer than this between two ticks is sleep, or a frozen page, and counts no further, ms.
const MAX_GAP_MS: f64 = 2.0 * TICK_MS;

/// The attention a view has received so far. Times are monotonic, ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Engagement {
    visible: bool,
    focused: bool,
    active_until: f64,
    counted_to: f64,
    engaged_ms: f64,
    visible_ms: f64,
}

impl Engagement {
    /// A view that begins at `now`; opening it is activity.
    pub fn new(now: f64, visible: bool, focused: bool) -> Self {
        Self {
            visible,
            focused,
            active_until: now + ACTIVE_MS,
            counted_to: now,
            engaged_ms: 0.0,
            visible_ms: 0.0,
        }
    }

    /// The next view begins at `now`, as visible and as focused as the page is.
    pub fn restart(&mut self, now: f64) {
        *self = Self::new(now, self.visible, self.focused);
    }

    /// Counts up to `now`.
    pub fn advance(&mut self, now: f64) {
        let from = self.counted_to;
        if now <= from {
            return;
        }
        self.counted_to = now;
        let to = now.min(from + MAX_GAP_MS);
        if self.visible {
            self.visible_ms += to - from;
            if self.focused {
                self.engaged_ms += (to.min(self.active_until) - from).max(0.0);
            }
        }
    }

    /// The page became visible or hidden.
    pub fn set_visible(&mut self, now: f64, visible: bool) {
        self.advance(now);
        self.visible = visible;
        if visible {
            self.active_until = now + ACTIVE_MS;
        }
    }

    /// The window gained or lost focus.
    pub fn set_focused(&mut self, now: f64, focused: bool) {
        self.advance(now);
        self.focused = focused;
        if focused {
            self.active_until = now + ACTIVE_MS;
        }
    }

    /// The visitor moved, scrolled, typed or touched.
    pub fn activity(&mut self, now: f64) {
        self.advance(now);
        self.active_until = now + ACTIVE_MS;
    }

    /// Time visible, focused and recently active so far, ms.
    pub fn engaged_ms(&self) -> f64 {
        self.engaged_ms
    }

    /// Time visible so far, ms.
    pub fn visible_ms(&self) -> f64 {
        self.visible_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(engagement: &mut Engagement, from: f64, to: f64) {
        let mut now = from;
        while now < to {
            now = (now + TICK_MS).min(to);
            engagement.advance(now);
        }
    }

    #[test]
    fn attention_counts_only_while_visible_and_focused() {
        let mut view = Engagement::new(0.0, true, true);
        ticks(&mut view, 0.0, 8_000.0);
        view.set_focused(8_000.0, false);
        ticks(&mut view, 8_000.0, 12_000.0);
        view.set_visible(12_000.0, false);
        ticks(&mut view, 12_000.0, 60_000.0);
        assert_eq!((view.engaged_ms(), view.visible_ms()), (8_000.0, 12_000.0));
    }

    #[test]
    fn attention_ends_half_a_minute_after_the_last_activity() {
        let mut view = Engagement::new(0.0, true, true);
        ticks(&mut view, 0.0, 120_000.0);
        assert_eq!((view.engaged_ms(), view.visible_ms()), (30_000.0, 120_000.0));
        view.activity(120_000.0);
        ticks(&mut view, 120_000.0, 125_000.0);
        assert_eq!(view.engaged_ms(), 35_000.0);
    }

    #[test]
    fn a_tab_opened_in_the_background_has_no_attention() {
        let mut view = Engagement::new(0.0, false, false);
        ticks(&mut view, 0.0, 600_000.0);
        assert_eq!((view.engaged_ms(), view.visible_ms()), (0.0, 0.0));
    }

    #[test]
    fn two_hours_of_sleep_count_as_no_more_than_a_gap() {
        let mut view = Engagement::new(0.0, true, true);
        ticks(&mut view, 0.0, 5_000.0);
        view.advance(7_205_000.0);
        assert_eq!(view.visible_ms(), 15_000.0);
        view.advance(7_204_000.0);
        assert_eq!(view.visible_ms(), 15_000.0, "a clock going back takes nothing away");
    }
}
