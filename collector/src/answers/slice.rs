//! One session in one stretch of five minutes, as far as the summary looks: counts that can be added up and taken back.

use std::collections::BTreeMap;

use chatvitals::metrics::Properties;
use serde::{Deserialize, Serialize};

use crate::clock::{DAY, MINUTE};

/// The length of a stretch, ms. Where a window cuts through one, its events are read one by one: it is short enough for
/// that to be quick, and long enough that most visits have one or two.
pub const STEP: i64 = 5 * MINUTE;

/// The start of the stretch that holds an instant.
pub fn step_of(at: i64) -> i64 {
    at - at.rem_euclid(STEP)
}

/// Distinct routes, types and visitors that one session is remembered by in one stretch. What comes above is still
/// counted, under no name.
const MOST_NAMES: usize = 256;

/// What a session did within one stretch. Few of the lists are longer than five, so searching them is fast.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Events by minute of the stretch.
    pub minutes: BTreeMap<u8, u32>,
    /// Events by type.
    pub types: BTreeMap<String, u32>,
    /// Views of a route by a visitor.
    pub views: Vec<(String, Option<i64>, u32)>,
    /// Who was there.
    pub visitors: Vec<i64>,
    /// Engaged time of the closed views, µs.
    pub engaged: Mean,
    /// How far they were scrolled, millionths of a percent.
    pub scrolled: Mean,
}

/// A mean in the making. Whole numbers, so that what was added can be taken back without a trace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mean {
    /// The sum.
    pub sum: i64,
    /// Of how many.
    pub count: i64,
}

impl Mean {
    /// Parts of one: values are kept to this precision.
    const PARTS: f64 = 1000.0;

    fn push(&mut self, value: Option<f64>, most: f64) {
        if let Some(value) = value.filter(|value| (0.0..=most).contains(value)) {
            self.sum += (value * Self::PARTS).round() as i64;
            self.count += 1;
        }
    }

    /// Adds another one `times` times.
    pub fn add(&mut self, other: Self, times: i64) {
        self.sum += other.sum * times;
        self.count += other.count * times;
    }

    /// The mean; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / Self::PARTS)
    }
}

impl Slice {
    /// Counts an event of this stretch.
    pub fn add(&mut self, event: &Happening<'_>) {
        let minute = (event.at.rem_euclid(STEP) / MINUTE) as u8;
        *self.minutes.entry(minute).or_default() += 1;
        if self.types.len() < MOST_NAMES || self.types.contains_key(event.kind) {
            *self.types.entry(event.kind.to_owned()).or_default() += 1;
        }
        if let Some(visitor) = event.visitor
            && self.visitors.len() < MOST_NAMES
            && !self.visitors.contains(&visitor)
        {
            self.visitors.push(visitor);
        }
        match event.kind {
            "page_view" => self.view(event),
            "page_leave" => {
                // The bounds of what can be true are those of the metrics: 31 days, and the page's height.
                self.engaged.push(event.properties.engaged_ms, 31.0 * DAY as f64);
                self.scrolled.push(event.properties.max_scroll_percent, 100.0);
            }
            _ => {}
        }
    }

    fn view(&mut self, event: &Happening<'_>) {
        let Some(path) = event.path else { return };
        let of_it = |(route, visitor, _): &&mut (String, Option<i64>, u32)| {
            route == path && *visitor == event.visitor
        };
        if let Some((_, _, count)) = self.views.iter_mut().find(of_it) {
            *count += 1;
        } else if self.views.len() < MOST_NAMES {
            self.views.push((path.to_owned(), event.visitor, 1));
        }
    }

    /// Events of that type.
    pub fn count(&self, kind: &str) -> u32 {
        self.types.get(kind).copied().unwrap_or(0)
    }

    /// All events.
    pub fn events(&self) -> u32 {
        self.minutes.values().sum()
    }
}

/// A stored event, as the summary sees it.
#[derive(Debug, Clone, Copy)]
pub struct Happening<'e> {
    /// When, ms since the epoch.
    pub at: i64,
    /// Its type.
    pub kind: &'e str,
    /// The route it happened on.
    pub path: Option<&'e str>,
    /// Who was there.
    pub visitor: Option<i64>,
    /// What it says.
    pub properties: &'e Properties,
}
