//! Gross merchandise value: what was bought, in each currency for itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::facts::SessionFacts;
use super::groups::{Group, Groups};
use super::keyed::Keyed;
use super::money;
use super::percentile::ratio;
use super::series::{Steps, Tally};
use super::windows::{Interval, Options};

/// The category of items that name none.
const NO_CATEGORY: &str = "other";

/// One order, as a `purchase_completed` tells of it.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
pub(super) struct Purchase {
    /// Of the event, ms; what has no time comes last. First here, for of two that tell of one order the smaller is kept.
    at: i64,
    currency: String,
    revenue: f64,
    /// What its items cost, by category.
    categories: BTreeMap<String, f64>,
}

impl Purchase {
    /// `None` where the revenue or the currency is none.
    pub fn of(event: &Event) -> Option<Self> {
        let properties = &event.properties;
        let mut categories = BTreeMap::new();
        for item in &properties.items {
            let quantity = money::amount(Some(item.quantity.unwrap_or(1.0)));
            if let Some((quantity, price)) = quantity.zip(money::amount(item.unit_price)) {
                let category = item.category.as_deref().unwrap_or(NO_CATEGORY);
                *categories.entry(category.to_owned()).or_insert(0.0) += quantity * price;
            }
        }
        Some(Self {
            at: event.timestamp.unwrap_or(i64::MAX),
            currency: money::currency(properties.currency.as_deref())?,
            revenue: money::amount(properties.revenue)?,
            categories,
        })
    }
}

/// What was bought. An `orderId` counts once in a window, for the session that told of it first (a reload of the thank-you
/// page tells of it again); an event without `orderId` is an order of its own. Amounts of different currencies are never
/// added. Definitions: facts/systems.md 2.5.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_gmv};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "purchase_completed", "properties": {"orderId": "1", "revenue": 20, "currency": "EUR"}},
///     {"sessionId": "a", "type": "purchase_completed", "properties": {"orderId": "1", "revenue": 20, "currency": "EUR"}},
///     {"sessionId": "a", "type": "purchase_completed", "properties": {"orderId": "2", "revenue": 40, "currency": "eur"}},
///     {"sessionId": "b", "type": "purchase_completed", "properties": {"orderId": "3", "revenue": 5, "currency": "USD"}},
///     {"sessionId": "c", "type": "page_view"}
/// ]"#)?;
/// let gmv = compute_gmv(&events, &Options::default()).total;
/// assert_eq!((gmv.by_currency["EUR"].total, gmv.by_currency["EUR"].aov), (60.0, Some(30.0)));
/// assert_eq!((gmv.by_currency["USD"].total, gmv.conversion), (5.0, Some(2.0 / 3.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gmv {
    /// By ISO 4217 code.
    pub by_currency: BTreeMap<String, Revenue>,
    /// Sessions with a purchase ÷ sessions.
    pub conversion: Option<f64>,
    /// Orders in all currencies.
    pub orders: u64,
    /// Sessions with a purchase.
    pub buyers: u64,
    /// All sessions.
    pub sessions: u64,
}

/// What was bought in one currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revenue {
    /// The sum of the orders' revenue.
    pub total: f64,
    /// How many orders.
    pub orders: u64,
    /// Average order value: `total / orders`.
    pub aov: Option<f64>,
    /// What the items cost (quantity × unit price) by category, largest first; tax, shipping and discounts are in no
    /// category. Only when asked for by `groupByCategory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_category: Option<Vec<Group<CategoryTotal>>>,
}

/// What was bought in one category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryTotal {
    /// The sum of the items.
    pub total: f64,
}

/// [`Gmv`] in the making: every order, so that one told of in two sessions is found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GmvTally {
    sessions: u64,
    orders: Keyed<Order>,
}

/// An order and whose it is.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
struct Order {
    purchase: Purchase,
    /// `None` when it came without a session.
    session: Option<String>,
    /// When that session started.
    start: Option<i64>,
}

impl Tally for GmvTally {
    type Result = Gmv;
    type Point = Gmv;

    fn add(&mut self, session: &SessionFacts) {
        self.sessions += u64::from(session.is_session());
        for (id, purchase) in session.purchases.iter() {
            let mut purchase = purchase.clone();
            if session.start.is_some() {
                // Without a time of its own it still comes before what has none at all: a trend knows only sessions that
                // have one.
                purchase.at = purchase.at.min(i64::MAX - 1);
            }
            let order = Order { purchase, session: session.id.clone(), start: session.start };
            self.orders.put(id, order, PartialOrd::lt);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        for (id, order) in other.orders.iter() {
            self.orders.put(id, order.clone(), PartialOrd::lt);
        }
    }

    fn result(&self, options: &Options) -> Gmv {
        self.revenue(options.group_by_category.then_some(options.limit))
    }

    fn point(&self) -> Gmv {
        self.revenue(None)
    }

    /// An order told of in two steps of a trend belongs to one of them.
    fn by_interval<'t>(hours: impl Iterator<Item = (i64, &'t Self)>, interval: Interval) -> Steps<Self> {
        let (mut steps, mut all) = (Steps::<Self>::default(), Self::default());
        for (hour, tally) in hours {
            steps.entry(interval.start(hour)).or_default().sessions += tally.sessions;
            all.merge(tally);
        }
        for (id, order) in all.orders.iter() {
            if let Some(start) = order.start {
                let step = steps.entry(interval.start(start)).or_default();
                step.orders.put(id, order.clone(), PartialOrd::lt);
            }
        }
        steps
    }
}

impl GmvTally {
    /// The metric, with so many categories.
    fn revenue(&self, categories: Option<usize>) -> Gmv {
        let mut sums: BTreeMap<&str, (f64, u64, Groups<f64>)> = BTreeMap::new();
        for Order { purchase, .. } in self.orders.values() {
            let (total, orders, by_category) = sums.entry(&purchase.currency).or_default();
            *total += purchase.revenue;
            *orders += 1;
            for (category, sum) in &purchase.categories {
                *by_category.at(category) += sum;
            }
        }
        let revenue = |(total, orders, by_category): (f64, u64, Groups<f64>)| Revenue {
            total,
            orders,
            aov: ratio(total, orders as f64),
            by_category: categories
                .map(|limit| by_category.largest(limit, |sum| *sum, |sum| CategoryTotal { total: *sum })),
        };
        let buyers: BTreeSet<&str> =
            self.orders.values().filter_map(|order| order.session.as_deref()).collect();
        Gmv {
            by_currency: sums.into_iter().map(|(code, sums)| (code.to_owned(), revenue(sums))).collect(),
            conversion: ratio(buyers.len() as f64, self.sessions as f64),
            orders: self.orders.len() as u64,
            buyers: buyers.len() as u64,
            sessions: self.sessions,
        }
    }
}
