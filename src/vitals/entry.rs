//! The browser's performance entries, reduced to the numbers the algorithms read.
//!
//! All times are page times: milliseconds since `performance.timeOrigin`. Every entry carries the
//! caller's handle `E` (in the browser the entry object, in tests a number), which comes back in
//! [`Report::entries`](super::Report::entries). A `target` is the selector of the element, computed by the caller
//! while the element is still there.

use std::rc::Rc;

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

/// One entry of any observed type. What its `id` and `numbers` are depends on that type:
///
/// | type | `id` | `numbers` |
/// |---|---|---|
/// | `paint` (the first contentful one; others are not passed on) | `navigationId` | |
/// | `largest-contentful-paint` | | `renderTime` |
/// | `interaction-contentful-paint` | `interactionId` | `renderTime` and `startTime` of what was painted |
/// | `layout-shift` | | `value`, `hadRecentInput`, whether it has `sources` |
/// | `event`, `first-input` | `interactionId` | `processingStart`, `processingEnd`, whether it is of a key |
/// | `soft-navigation` | `navigationId` | `interactionId`, the first paint |
///
/// A `navigationId` is 0 where there is none, an `interactionId` is `NaN` where the browser knows no such thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<E> {
    /// Its type.
    pub kind: EntryType,
    /// `startTime`: of an event, when the person acted; of what an interaction caused, when that was.
    pub start_time: f64,
    /// `duration`, which of an event comes in steps of 8 ms.
    pub duration: f64,
    /// See above.
    pub id: f64,
    /// See above; 0 for what is not.
    pub numbers: [f64; 3],
    /// The element, or `#id` when it has left the document. Of a shift the first of those that moved.
    pub target: Option<Rc<str>>,
    /// The image or video, empty for text; the address navigated to.
    pub url: Rc<str>,
    /// Whether an interaction's paint names what was painted.
    pub has_paint: bool,
    /// What `getLargestInteractionContentfulPaint()` of a soft navigation returns; it can be null
    /// (<https://github.com/GoogleChrome/web-vitals/issues/725>).
    pub largest_paint: Option<Rc<Entry<E>>>,
    /// The caller's handle.
    pub handle: E,
}

impl<E> Entry<E> {
    /// When the paint was shown, 0 where the browser does not tell.
    pub(super) fn render_time(&self) -> f64 {
        self.numbers[0]
    }

    /// When the largest paint was: its render time where the browser tells it, else its load time.
    pub(super) fn painted_at(&self) -> f64 {
        if self.kind == EntryType::InteractionContentfulPaint { self.numbers[1] } else { self.start_time }
    }

    /// How much moved.
    pub(super) fn shift(&self) -> f64 {
        self.numbers[0]
    }

    /// Within 500 ms of an input: expected, not counted.
    pub(super) fn had_recent_input(&self) -> bool {
        self.numbers[1] != 0.0
    }

    /// Whether the browser names what moved.
    pub(super) fn has_source(&self) -> bool {
        self.numbers[2] != 0.0
    }

    /// When the first handler began.
    pub(super) fn processing_start(&self) -> f64 {
        self.numbers[0]
    }

    /// When the last handler ended.
    pub(super) fn processing_end(&self) -> f64 {
        self.numbers[1]
    }

    /// The event's name begins with `key`.
    pub(super) fn is_keyboard(&self) -> bool {
        self.numbers[2] != 0.0
    }

    /// The interaction that caused a soft navigation.
    pub(super) fn interaction_id(&self) -> f64 {
        self.numbers[0]
    }

    /// The first paint of a soft navigation: `presentationTime`, else `paintTime`, else 0.
    pub(super) fn first_paint(&self) -> f64 {
        self.numbers[1]
    }

    /// Where the entry belongs among entries of other types.
    fn end_time(&self) -> f64 {
        self.start_time + self.duration
    }
}

/// Puts entries of several types in the order they ended, which the browser does not promise
/// (<https://github.com/w3c/performance-timeline/issues/224>).
pub(super) fn sort_by_end<E>(entries: &mut [Rc<Entry<E>>]) {
    sort_ascending(entries, |entry| entry.end_time());
}

/// A stable insertion sort: the lists are short or nearly sorted, and the standard sort is
/// kilobytes of wasm.
pub(super) fn sort_ascending<T>(items: &mut [T], key: impl Fn(&T) -> f64) {
    for end in 1..items.len() {
        let mut at = end;
        while let Some([left, right]) = items.get_mut(at - 1..=at)
            && key(left) > key(right)
        {
            std::mem::swap(left, right);
            at = (at - 1).max(1);
        }
    }
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
