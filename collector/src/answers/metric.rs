//! The metrics that can be asked for, by name.

use chatvitals::metrics::{
    AbandonmentTally, AgentAssistTally, CsatTally, DeflectionTally, EngagementTally, FunnelTally, GmvTally,
    HandleTimeTally, LatencyTally, ToolsTally, TransportTally, VitalsTally,
};
use chatvitals::metrics::{Options, SessionFacts, Tally, compute};
use serde::Serialize;

/// Names every metric once: its variant, the name in addresses, its tally.
macro_rules! metrics {
    ($($variant:ident $name:literal $tally:ty;)*) => {
        /// A metric of `GET /api/metrics/{name}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Metric { $($variant),* }

        impl Metric {
            /// Every metric.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in addresses.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The report of sessions, as JSON.
            pub fn compute(self, sessions: &[SessionFacts], options: &Options) -> serde_json::Result<String> {
                match self { $(Self::$variant => report::<$tally>(sessions, options)),* }
            }
        }
    };
}

metrics! {
    Deflection "deflection" DeflectionTally;
    Csat "csat" CsatTally;
    HandleTime "handle-time" HandleTimeTally;
    AgentAssist "agent-assist" AgentAssistTally;
    Gmv "gmv" GmvTally;
    Vitals "vitals" VitalsTally;
    Latency "latency" LatencyTally;
    Funnel "funnel" FunnelTally;
    Abandonment "abandonment" AbandonmentTally;
    Engagement "engagement" EngagementTally;
    Tools "tools" ToolsTally;
    Transport "transport" TransportTally;
}

impl Metric {
    /// The metric of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}

fn report<T: Tally>(sessions: &[SessionFacts], options: &Options) -> serde_json::Result<String>
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    serde_json::to_string(&compute::<T>(sessions, options))
}
