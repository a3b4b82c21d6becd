//! The browser's performance entries, reduced to the numbers the algorithms read.
//!
//! All times are page times: milliseconds since `performance.timeOrigin`. Every entry carries the
//! caller's handle `E` (in the browser the entry object, in tests a number), which comes back in
//! [`Report::entries`](super::Report::entries). A `target` is the selector of the element, computed by the caller
//! while the element is still there.

/// What a `PerformanceObserver` can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryType {
    /// `largest-contentful-paint`
    LargestContentfulPaint,
    /// `interaction-contentful-paint`
    InteractionContentfulPaint,
    /// `layout-shift`
    LayoutShift,
    /// `event`
    Event,
    /// `first-input`
    FirstInput,
    /// `paint`
    Paint,
    /// `soft-navigation`
    SoftNavigation,
}

impl EntryType {
    /// By their numbers.
    pub const ALL: [EntryType; 7] = [
        EntryType::LargestContentfulPaint,
        EntryType::InteractionContentfulPaint,
        EntryType::LayoutShift,
        EntryType::Event,
        EntryType::FirstInput,
        EntryType::Paint,
        EntryType::SoftNavigation,
    ];

    /// The name `PerformanceObserver.observe` knows.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryType::LargestContentfulPaint => "largest-contentful-paint",
            EntryType::InteractionContentfulPaint => "interaction-contentful-paint",
            EntryType::LayoutShift => "layout-shift",
            EntryType::Event => "event",
            EntryType::FirstInput => "first-input",
            EntryType::Paint => "paint",
            EntryType::SoftNavigation => "soft-navigation",
        }
    }
}

/// One entry of any observed type.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<E> {
    /// A `paint` entry named `first-contentful-paint`; entries of other names are not passed on.
    FirstContentfulPaint(Paint<E>),
    /// A `largest-contentful-paint` entry.
    LargestContentfulPaint(LargestPaint<E>),
    /// An `interaction-contentful-paint` entry.
    InteractionContentfulPaint(InteractionPaint<E>),
    /// A `layout-shift` entry.
    LayoutShift(LayoutShift<E>),
    /// An `event` or `first-input` entry.
    Event(EventTiming<E>),
    /// A `soft-navigation` entry.
    SoftNavigation(SoftNavigation<E>),
}

impl<E> Entry<E> {
    /// Where the entry belongs among entries of other types.
    fn end_time(&self) -> f64 {
        match self {
            Entry::FirstContentfulPaint(e) => e.start_time,
            Entry::LargestContentfulPaint(e) => e.start_time,
            Entry::InteractionContentfulPaint(e) => e.start_time + e.duration,
            Entry::LayoutShift(e) => e.start_time,
            Entry::Event(e) => e.start_time + e.duration,
            Entry::SoftNavigation(e) => e.start_time + e.duration,
        }
    }
}

/// Puts entries of several types in the order they ended, which the browser does not promise
/// (<https://github.com/w3c/performance-timeline/issues/224>).
pub(super) fn sort_by_end<E>(entries: &mut [Entry<E>]) {
    sort_ascending(entries, Entry::end_time);
}

/// A stable insertion sort: the lists are short or nearly sorted, and the standard sort is
/// kilobytes of wasm.
pub(super) fn sort_ascending<T>(items: &mut [T], key: impl Fn(&T) -> f64) {
    for end in 1..items.len() {
        for at in (1..=end).rev() {
            let (Some(left), Some(right)) = (items.get(at - 1), items.get(at)) else { break };
            if key(left) <= key(right) {
                break;
            }
            items.swap(at - 1, at);
        }
    }
}

/// The first contentful paint.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint<E> {
    /// When it was painted.
    pub start_time: f64,
    /// `navigationId`, 0 where the browser gives none.
    pub navigation_id: u64,
    /// The caller's handle.
    pub entry: E,
}

/// A candidate for the largest contentful paint.
#[derive(Clone, Debug, PartialEq)]
pub struct LargestPaint<E> {
    /// `startTime`: the render time where the browser tells it, else the load time.
    pub start_time: f64,
    /// `renderTime`, 0 where the browser does not tell it.
    pub render_time: f64,
    /// The image or video, empty for text.
    pub url: String,
    /// The element, or `#id` when it has left the document.
    pub target: Option<String>,
    /// The caller's handle.
    pub entry: E,
}

/// The largest paint so far that an interaction caused (soft navigations).
#[derive(Clone, Debug, PartialEq)]
pub struct InteractionPaint<E> {
    /// When the interaction happened.
    pub start_time: f64,
    /// Until the paint.
    pub duration: f64,
    /// The interaction, `None` where the browser has no such field.
    pub interaction_id: Option<u64>,
    /// What was painted.
    pub paint: Option<LargestPaint<E>>,
}

/// Things that moved without being asked to.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutShift<E> {
    /// When.
    pub start_time: f64,
    /// How much.
    pub value: f64,
    /// Within 500 ms of an input: expected, not counted.
    pub had_recent_input: bool,
    /// Whether the browser names what moved (`sources` is not empty).
    pub has_source: bool,
    /// The first element among the sources.
    pub target: Option<String>,
    /// The caller's handle.
    pub entry: E,
}

/// An input event that took long, or the page's first.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTiming<E> {
    /// The event's name begins with `key`.
    pub is_keyboard: bool,
    /// When the person acted.
    pub start_time: f64,
    /// Until the next paint, in steps of 8 ms.
    pub duration: f64,
    /// When the first handler began.
    pub processing_start: f64,
    /// When the last handler ended.
    pub processing_end: f64,
    /// Which interaction it is part of, 0 for none (moves, scrolls, hovers).
    pub interaction_id: u64,
    /// The element.
    pub target: Option<String>,
    /// The caller's handle.
    pub entry: E,
}

/// A route change inside the page that the browser recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftNavigation<E> {
    /// When the interaction that caused it happened.
    pub start_time: f64,
    /// `duration`.
    pub duration: f64,
    /// `navigationId`, 0 for none.
    pub navigation_id: u64,
    /// `interactionId`.
    pub interaction_id: Option<u64>,
    /// `name`: the address navigated to.
    pub url: String,
    /// The first paint: `presentationTime`, else `paintTime`, else 0.
    pub paint_time: f64,
    /// What `getLargestInteractionContentfulPaint()` returns; it can be null
    /// (<https://github.com/GoogleChrome/web-vitals/issues/725>).
    pub largest_paint: Option<InteractionPaint<E>>,
    /// The caller's handle.
    pub entry: E,
}

#[cfg(test)]
mod tests {
    use super::sort_ascending;

    #[test]
    fn entries_that_end_together_keep_their_order() {
        let mut items = [(3.0, 'a'), (1.0, 'b'), (3.0, 'c'), (2.0, 'd'), (1.0, 'e')];
        sort_ascending(&mut items, |item| item.0);
        assert_eq!(items.map(|item| item.1), ['b', 'e', 'd', 'a', 'c']);
    }
}
