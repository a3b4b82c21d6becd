//! The metrics that can be asked for, by name, and their tallies.

use chatvitals::metrics::{
    AbandonmentTally, AgentAssistTally, CsatTally, DeflectionTally, EngagementTally, FunnelTally, GmvTally,
    HandleTimeTally, LatencyTally, ToolsTally, TransportTally, VitalsTally,
};
use std::sync::Arc;

use chatvitals::metrics::{Options, Series, SessionFacts, Tally};
use serde::Serialize;

use super::visit::Visit;

/// Names every metric once: its variant, the name in addresses, its tally.
macro_rules! metrics {
    ($($variant:ident $field:ident $name:literal $tally:ty;)*) => {
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
        }

        /// All metrics of some sessions, by the hour in which they started.
        #[derive(Default)]
        pub struct Tallies { $($field: Series<$tally>),* }

        impl Tallies {
            /// Counts a session in.
            pub fn add(&mut self, session: &SessionFacts) {
                $(self.$field.add(session);)*
            }

            /// Replaces what is known of one hour.
            pub fn replace(&mut self, hour: i64, sessions: &[Visit]) {
                $(self.$field.replace(hour, sessions.iter().map(|visit| &visit.facts));)*
            }

            /// The report of the window, as JSON: its hours without those `left_out`, and these `others`.
            pub fn report(
                &self,
                metric: Metric,
                left_out: &[i64],
                others: &[Arc<Visit>],
                options: &Options,
            ) -> serde_json::Result<String> {
                match metric { $(Metric::$variant => report(&self.$field, left_out, others, options)),* }
            }
        }
    };
}

metrics! {
    Deflection deflection "deflection" DeflectionTally;
    Csat csat "csat" CsatTally;
    HandleTime handle_time "handle-time" HandleTimeTally;
    AgentAssist agent_assist "agent-assist" AgentAssistTally;
    Gmv gmv "gmv" GmvTally;
    Vitals vitals "vitals" VitalsTally;
    Latency latency "latency" LatencyTally;
    Funnel funnel "funnel" FunnelTally;
    Abandonment abandonment "abandonment" AbandonmentTally;
    Engagement engagement "engagement" EngagementTally;
    Tools tools "tools" ToolsTally;
    Transport transport "transport" TransportTally;
}

impl Metric {
    /// The metric of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}

fn report<T: Tally>(
    series: &Series<T>,
    left_out: &[i64],
    others: &[Arc<Visit>],
    options: &Options,
) -> serde_json::Result<String>
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    let mut beside = Series::<T>::default();
    for visit in others {
        beside.add(&visit.facts);
    }
    serde_json::to_string(&series.report_beside(left_out, &beside, options))
}
