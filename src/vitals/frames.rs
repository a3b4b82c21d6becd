//! Which input events were answered by the same frame.
//!
//! The wait for the next paint is spent in the handlers of *all* events that frame answers, hovers
//! and moves included, not only in those of the interaction that is measured.

use super::entry::Entry;
use crate::list::keep;

/// Event durations come in steps of 8 ms, so paints this near are the same.
const SAME_PAINT_MS: f64 = 8.0;

/// Events can arrive a frame or two out of order; ten is plenty.
const MAX_RECENT: usize = 10;

/// The events answered by one frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub processing_start: f64,
    pub processing_end: f64,
    painted: f64,
    id: u32,
}

/// The recent frames, and the older ones still needed.
#[derive(Debug, Default)]
pub(super) struct Frames {
    frames: Vec<Frame>,
    last_id: u32,
}

impl Frames {
    /// Puts an event in its frame and answers with that frame's id.
    pub fn add<E>(&mut self, event: &Entry<E>) -> u32 {
        let painted = event.start_time + event.duration;
        // The likeliest match is the newest.
        for frame in self.frames.iter_mut().rev() {
            if (painted - frame.painted).abs() <= SAME_PAINT_MS {
                frame.processing_start = frame.processing_start.min(event.processing_start());
                frame.processing_end = frame.processing_end.max(event.processing_end());
                return frame.id;
            }
        }
        self.last_id = self.last_id.wrapping_add(1);
        self.frames.push(Frame {
            processing_start: event.processing_start(),
            processing_end: event.processing_end(),
            painted,
            id: self.last_id,
        });
        self.last_id
    }

    pub fn get(&self, id: u32) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.id == id)
    }

    /// Forgets all but the most recent frames and those `needed`.
    pub fn tidy(&mut self, needed: &dyn Fn(u32) -> bool) {
        let old = self.frames.len().saturating_sub(MAX_RECENT);
        let mut at = 0;
        keep(&mut self.frames, &mut |frame| {
            at += 1;
            at > old || needed(frame.id)
        });
    }
}
