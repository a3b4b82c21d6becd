//! The browser's two clocks.

use std::cell::Cell;

use super::{page_clock, wall_clock};
use crate::time::Now;

/// How far the clocks may drift apart before they are paired anew, ms. The wall clock ticks in whole milliseconds; paired
/// at each reading, two events of one moment could get two times, in the wrong order.
const TOLERANCE_MS: f64 = 2.0;

thread_local! {
    /// What to add to the monotonic clock.
    static OFFSET: Cell<f64> = const { Cell::new(0.0) };
}

/// Reads both clocks.
#[inline(never)]
pub fn now() -> Now {
    let (wall, mono) = (wall_clock(), page_clock());
    let offset = OFFSET.get();
    if (offset + mono - wall).abs() <= TOLERANCE_MS {
        return Now { wall: offset + mono, mono };
    }
    OFFSET.set(wall - mono);
    Now { wall, mono }
}
