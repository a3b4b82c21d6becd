//! When a batch leaves: by count, by age, by bytes, or because the page is left. Bounded; the oldest goes first, and
//! what goes is counted.

use std::rc::Rc;

/// An event ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The event as JSON.
    pub json: Rc<str>,
}

/// When batches leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// At this many events.
    pub size: usize,
    /// At this age of the oldest, ms.
    pub interval_ms: f64,
    /// At this many UTF-8 bytes.
    pub bytes: usize,
    /// Never more events than this are kept.
    pub max_events: usize,
}

/// Events on their way out.
#[derive(Debug)]
pub struct Queue {
    limits: Limits,
    waiting: Vec<Encoded>,
    bytes: usize,
    oldest: f64,
    rest_until: f64,
    overflowed: u32,
}

impl Queue {
    /// An empty queue.
    pub fn new(limits: Limits) -> Self {
        Self { limits, waiting: Vec::new(), bytes: 0, oldest: 0.0, rest_until: 0.0, overflowed: 0 }
    }

    /// Takes an event at the monotonic time `now`, ms.
    pub fn push(&mut self, event: Encoded, now: f64) {
        if self.waiting.is_empty() {
            self.oldest = now;
        }
        self.bytes += event.json.len();
        self.waiting.push(event);
        while self.waiting.len() > self.limits.max_events {
            self.bytes -= self.waiting.remove(0).json.len();
            self.overflowed += 1;
        }
    }

    /// When the next batch is due, monotonic ms: at once by bytes, by count as soon as the rest is over, otherwise at the
    /// age of the oldest. `None` when nothing waits.
    pub fn due(&self) -> Option<f64> {
        let count = self.waiting.len();
        let by_age = self.oldest + self.limits.interval_ms;
        if count == 0 {
            None
        } else if self.bytes >= self.limits.bytes || count * 2 > self.limits.max_events {
            Some(0.0)
        } else if count >= self.limits.size {
            Some(by_age.min(self.rest_until))
        } else {
            Some(by_age)
        }
    }

    /// Whatever waits is due now.
    pub fn hurry(&mut self) {
        self.oldest = f64::NEG_INFINITY;
    }

    /// A batch has just left: before this time, monotonic ms, count alone is no reason for another.
    pub fn rest(&mut self, until: f64) {
        self.rest_until = until;
    }

    /// Takes out the next batch: at most `bytes` UTF-8 bytes, but at least one event. Empty when nothing waits.
    pub fn take(&mut self, bytes: usize) -> Vec<Encoded> {
        let (mut count, mut size) = (0, 0);
        for next in &self.waiting {
            size += next.json.len() + 1;
            if size > bytes && count > 0 {
                break;
            }
            self.bytes -= next.json.len();
            count += 1;
        }
        let rest = self.waiting.split_off(count);
        core::mem::replace(&mut self.waiting, rest)
    }

    /// Puts a batch back at the front, after a failed delivery: its age made it due already.
    pub fn put_back(&mut self, mut batch: Vec<Encoded>) {
        while !batch.is_empty() && self.waiting.len() + batch.len() > self.limits.max_events {
            batch.remove(0);
            self.overflowed += 1;
        }
        for event in &batch {
            self.bytes += event.json.len();
        }
        batch.append(&mut self.waiting);
        self.waiting = batch;
        self.hurry();
    }

    /// What waits, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Encoded> {
        self.waiting.iter()
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Forgets everything, as a withdrawn consent demands.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.bytes = 0;
    }

    /// Events lost because the queue was full, since the last call.
    pub fn take_overflowed(&mut self) -> u32 {
        core::mem::take(&mut self.overflowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { size: 3, interval_ms: 100.0, bytes: 50, max_events: 5 };

    fn event(json: &str) -> Encoded {
        Encoded { json: json.into() }
    }

    #[test]
    fn a_batch_leaves_by_count_by_bytes_and_by_age() {
        let mut queue = Queue::new(LIMITS);
        assert_eq!(queue.due(), None);
        queue.push(event("a"), 10.0);
        assert_eq!(queue.due(), Some(110.0));
        queue.push(event("b"), 20.0);
        assert_eq!(queue.due(), Some(110.0));
        queue.push(event("c"), 30.0);
        assert_eq!(queue.due(), Some(0.0));
        assert_eq!(queue.take(1_000).len(), 3);
        queue.push(event(&"x".repeat(50)), 40.0);
        assert_eq!(queue.due(), Some(0.0));
    }

    #[test]
    fn many_events_make_few_batches_unless_there_is_a_hurry() {
        let limits = Limits { max_events: 10, ..LIMITS };
        let mut queue = Queue::new(limits);
        queue.rest(50.0);
        for _ in 0..3 {
            queue.push(event("a"), 10.0);
        }
        assert_eq!(queue.due(), Some(50.0), "three would be enough, but one left a moment ago");
        queue.rest(500.0);
        assert_eq!(queue.due(), Some(110.0), "nothing waits longer than the interval");
        queue.hurry();
        assert_eq!(queue.due(), Some(f64::NEG_INFINITY), "on a page that is younger than the interval, too");
        for fill in [&["x"; 6][..], &[&"x".repeat(50)]] {
            let mut queue = Queue::new(limits);
            queue.rest(500.0);
            fill.iter().for_each(|json| queue.push(event(json), 10.0));
            assert_eq!(
                queue.due(),
                Some(0.0),
                "what fills a batch or half the queue gains nothing by waiting"
            );
        }
    }

    #[test]
    fn the_oldest_goes_when_the_queue_is_full() {
        let mut queue = Queue::new(LIMITS);
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            queue.push(event(name), 0.0);
        }
        assert_eq!(queue.len(), 5);
        assert_eq!(queue.take_overflowed(), 2);
        assert_eq!(queue.take_overflowed(), 0);
        assert_eq!(queue.take(1_000).first(), Some(&event("c")));
    }

    #[test]
    fn a_batch_keeps_to_its_bytes_but_never_starves() {
        let mut queue = Queue::new(LIMITS);
        for name in ["aaaa", "bbbb", &"c".repeat(40), "d"] {
            queue.push(event(name), 0.0);
        }
        assert_eq!(queue.take(10).len(), 2);
        assert_eq!(queue.take(10).len(), 1, "an event larger than the budget goes alone");
        let rest = queue.take(10);
        assert_eq!(rest, [event("d")]);
        queue.put_back(rest);
        assert_eq!((queue.len(), queue.bytes), (1, 1));
    }
}
