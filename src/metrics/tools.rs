//! Tools and errors: what the assistant called, and what went wrong in chats and on pages.

use serde::{Deserialize, Serialize};

use super::event::{Event, duration};
use super::facts::SessionFacts;
use super::groups::Groups;
use super::percentile::{ascending, percentile};
use super::series::Tally;
use super::windows::Options;

/// The code of an error that names none.
const NO_CODE: &str = "unknown";

/// One `tool_executed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ToolCall {
    name: String,
    ms: Option<f64>,
    failed: bool,
    /// How many such calls it stands for.
    weight: f64,
}

impl ToolCall {
    /// `None` where the tool has no name.
    pub fn of(event: &Event) -> Option<Self> {
        let properties = &event.properties;
        Some(Self {
            name: properties.tool_name.clone()?,
            ms: duration(properties.duration_ms),
            failed: properties.success == Some(false),
            weight: event.weight(),
        })
    }
}

/// Errors by the event that tells of them and by code, estimated where sampling is on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Errors(Groups<Groups<f64>>);

impl Errors {
    /// Every event with an `errorCode` tells of an error, but for the visitor who tries again; so does `js_error`, whose
    /// code is its `type` and which stands for its `count`.
    pub fn add(&mut self, event: &Event) {
        let properties = &event.properties;
        let (code, times) = match event.kind() {
            "js_error" => (properties.kind.as_deref(), properties.count.unwrap_or(1.0).clamp(1.0, 1e6)),
            "error_shown" => (properties.error_code.as_deref(), 1.0),
            "error_retry_clicked" => return,
            _ if properties.error_code.is_none() => return,
            _ => (properties.error_code.as_deref(), 1.0),
        };
        *self.0.at(event.kind()).at(code.unwrap_or(NO_CODE)) += event.weight() * times;
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|(_, codes)| codes.iter().count()).sum()
    }

    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0, |codes, more| codes.merge(more, |count, more| *count += more));
    }

    /// The `limit` most frequent, equal ones by name.
    fn largest(&self, limit: usize) -> Vec<ErrorCount> {
        let named = self.0.iter().flat_map(|(kind, codes)| {
            codes.iter().map(|(code, count)| ErrorCount {
                kind: kind.into(),
                code: code.into(),
                count: *count,
            })
        });
        let mut all: Vec<ErrorCount> = named.collect();
        // They come in order of their names, which sorting keeps.
        all.sort_by(|a, b| b.count.total_cmp(&a.count));
        all.truncate(limit);
        all
    }

    fn total(&self) -> f64 {
        self.0.iter().flat_map(|(_, codes)| codes.iter().map(|(_, count)| count)).sum()
    }
}

/// Tools by calls, errors by frequency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tools {
    /// The tools called most.
    pub tools: Vec<Tool>,
    /// The most frequent errors.
    pub errors: Vec<ErrorCount>,
}

/// One tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// How often it ran.
    pub calls: f64,
    /// How often it failed.
    pub errors: f64,
    /// The median of its times, ms.
    pub p50_ms: Option<f64>,
    /// The 95th percentile of its times, ms.
    pub p95_ms: Option<f64>,
}

/// One kind of error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorCount {
    /// The event that tells of it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its `errorCode`; of a `js_error` its `type`.
    pub code: String,
    /// How often.
    pub count: f64,
}

/// A trend's point of [`Tools`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolsPoint {
    /// Tool calls.
    pub calls: f64,
    /// Tool calls that failed.
    pub failed: f64,
    /// Errors of every kind.
    pub errors: f64,
}

/// [`Tools`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolsTally {
    tools: Groups<Calls>,
    errors: Errors,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Calls {
    count: f64,
    failed: f64,
    times: Vec<f64>,
}

impl Tally for ToolsTally {
    type Result = Tools;
    type Point = ToolsPoint;

    fn add(&mut self, session: &SessionFacts) {
        for call in &session.tools {
            let calls = self.tools.at(&call.name);
            calls.count += call.weight;
            calls.failed += if call.failed { call.weight } else { 0.0 };
            calls.times.extend(call.ms);
        }
        self.errors.merge(&session.errors);
    }

    fn merge(&mut self, other: &Self) {
        self.tools.merge(&other.tools, |calls, more| {
            calls.count += more.count;
            calls.failed += more.failed;
            calls.times.extend(&more.times);
        });
        self.errors.merge(&other.errors);
    }

    fn result(&self, options: &Options) -> Tools {
        let mut tools: Vec<_> = self.tools.iter().collect();
        tools.sort_by(|a, b| b.1.count.total_cmp(&a.1.count));
        tools.truncate(options.limit);
        let tool = |(name, calls): (&str, &Calls)| {
            let sorted = ascending(&calls.times);
            Tool {
                name: name.to_owned(),
                calls: calls.count,
                errors: calls.failed,
                p50_ms: percentile(&sorted, 0.5),
                p95_ms: percentile(&sorted, 0.95),
            }
        };
        Tools { tools: tools.into_iter().map(tool).collect(), errors: self.errors.largest(options.limit) }
    }

    fn point(&self) -> ToolsPoint {
        let sum = |part: fn(&Calls) -> f64| self.tools.iter().map(|(_, calls)| part(calls)).sum();
        ToolsPoint {
            calls: sum(|calls| calls.count),
            failed: sum(|calls| calls.failed),
            errors: self.errors.total(),
        }
    }
}
