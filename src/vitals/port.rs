//! The machine as JavaScript works it: a signal's number, a watch, some numbers and some texts.
//!
//! `browser/observers/vitals.js` is the other half and knows the same numbers. Numbers cross as they are, so that a value
//! is exactly the browser's; what is not there is `NaN`.

use std::rc::Rc;

use super::entry::{Entry, EntryType};
use super::metric::{Name, NavigationType, Report};
use super::page::{Load, NavigationTiming, Start};
use super::watch::{Options, WatchId};
use super::{Interruption, Vitals};
use crate::text::{Parts, parts};

/// Numbers that an entry takes.
const ENTRY: usize = 9;

/// The bit of [`Signal::Wishes`] for the records of the observer on leaving; those below are the entry types.
pub const TAKES_RECORDS: u32 = 1 << EntryType::ALL.len();

/// What is told, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The page is as these numbers say; the first signal.
    Start,
    /// Watch the metric of this number, with these options; answered with the watch.
    Watch,
    /// What does the watch want? Answered with bits.
    Wishes,
    /// Its observer delivered entries.
    Observed,
    /// A task has passed since its observer began.
    Started,
    /// The page is being hidden; entries not delivered yet.
    Leaving,
    /// The page is hidden since this time.
    Hidden,
    /// An input. Answered with what [`Signal::Settle`] wants, 0 for nothing.
    Interrupted,
    /// Time to settle what the input found.
    Settle,
    /// The document has come further.
    Loading,
    /// The load event is over.
    Loaded,
    /// The number of interactions so far.
    Count,
    /// Ids of interactions, where nobody counts them.
    Ids,
    /// Back from the back/forward cache, at this time.
    Restored,
    /// Whether it is hidden then.
    SeenAnew,
    /// It was painted again, at this time.
    Repainted,
}

impl Signal {
    /// By their numbers.
    pub const ALL: [Signal; 16] = [
        Signal::Start,
        Signal::Watch,
        Signal::Wishes,
        Signal::Observed,
        Signal::Started,
        Signal::Leaving,
        Signal::Hidden,
        Signal::Interrupted,
        Signal::Settle,
        Signal::Loading,
        Signal::Loaded,
        Signal::Count,
        Signal::Ids,
        Signal::Restored,
        Signal::SeenAnew,
        Signal::Repainted,
    ];
}

/// What is answered to JavaScript, and what is to be told to listeners.
#[derive(Debug)]
pub struct Answer<E> {
    /// The answer, 0 where there is none.
    pub number: u32,
    /// The reports.
    pub reports: Vec<Report<E>>,
}

/// The machine behind its numbers.
pub struct Port<E> {
    vitals: Vitals<E>,
    seed: u128,
}

impl<E: Clone + 'static> Port<E> {
    /// Waits for the first signal; `seed` are 128 random bits, for ids.
    pub fn new(seed: u128) -> Self {
        Self { vitals: Vitals::new(Start::default()), seed }
    }

    /// Takes a signal. `handle` gives the caller's handle on the entry with this number, among those of the signal, which
    /// ended at this page time.
    pub fn tell(
        &mut self,
        signal: u32,
        watch: u32,
        numbers: &[f64],
        texts: &str,
        handle: &dyn Fn(usize, f64) -> E,
    ) -> Answer<E> {
        let number = numbers.first().copied().unwrap_or(0.0);
        let id = WatchId(watch as usize);
        let vitals = &mut self.vitals;
        let mut answer = Answer { number: 0, reports: Vec::new() };
        let Some(signal) = Signal::ALL.get(signal as usize) else { return answer };
        match signal {
            Signal::Start => *vitals = Vitals::new(start(numbers, texts, self.seed)),
            Signal::Watch => {
                let [_, all, soft, now] = array(numbers);
                let options = Options { report_all_changes: all != 0.0, soft_navigations: soft != 0.0 };
                if let Some(name) = Name::ALL.get(number as usize) {
                    answer.number = vitals.watch(*name, options, now).0 as u32;
                }
            }
            Signal::Wishes => {
                for wanted in vitals.observes(id) {
                    answer.number |= 1 << *wanted as u32;
                }
                if vitals.takes_records(id) {
                    answer.number |= TAKES_RECORDS;
                }
            }
            Signal::Observed => answer.reports = vitals.observed(id, entries(numbers, texts, handle)),
            Signal::Started => answer.reports = vitals.started(id),
            Signal::Leaving => answer.reports = vitals.leaving(id, &entries(numbers, texts, handle)),
            Signal::Hidden => vitals.hidden(number),
            Signal::Interrupted => answer.number = vitals.interrupted().map_or(0, |found| found.0),
            Signal::Settle => answer.reports = vitals.settle(Interruption(watch)),
            Signal::Loading => vitals.loading(load(numbers)),
            Signal::Loaded => {
                vitals.loading(load(numbers));
                let timing = timing(numbers, texts);
                answer.reports = vitals.loaded(timing.map(|timing| {
                    let handle = handle(0, timing.response_start);
                    (timing, handle)
                }));
            }
            Signal::Count => vitals.set_interaction_count(number as u64),
            Signal::Ids => {
                for id in numbers {
                    vitals.estimate_interactions(&[*id as u64]);
                }
            }
            Signal::Restored => answer.reports = vitals.restored(number),
            Signal::SeenAnew => vitals.seen_anew(number != 0.0),
            Signal::Repainted => answer.reports = vitals.repainted(number),
        }
        answer
    }
}

/// The first numbers, 0 where there are fewer.
fn array<const N: usize>(numbers: &[f64]) -> [f64; N] {
    core::array::from_fn(|at| numbers.get(at).copied().unwrap_or(0.0))
}

fn start(numbers: &[f64], texts: &str, seed: u128) -> Start {
    let [.., time_origin, is_hidden, first_hidden]: [f64; 17] = array(numbers);
    Start {
        time_origin,
        seed,
        navigation: timing(numbers, texts),
        load: load(numbers),
        is_hidden: is_hidden != 0.0,
        first_hidden: known(first_hidden),
    }
}

fn load(numbers: &[f64]) -> Load {
    let [is_loading, dom_interactive, dom_content_loaded, dom_complete] = array(numbers);
    Load { is_loading: is_loading != 0.0, dom_interactive, dom_content_loaded, dom_complete }
}

/// The navigation entry, if there is one to be believed.
fn timing(numbers: &[f64], texts: &str) -> Option<NavigationTiming> {
    let [
        _,
        _,
        _,
        _,
        now,
        was_discarded,
        id,
        activated,
        worker,
        fetch,
        lookup,
        connect,
        connected,
        first_byte,
    ] = array(numbers);
    let mut texts = parts(texts, 0);
    let timing = NavigationTiming {
        kind: NavigationType::from_timing(texts.next().unwrap_or_default()),
        was_discarded: was_discarded != 0.0,
        navigation_id: id,
        url: texts.next().unwrap_or_default().into(),
        activation_start: activated,
        worker_start: worker,
        fetch_start: fetch,
        domain_lookup_start: lookup,
        connect_start: connect,
        connect_end: connected,
        response_start: first_byte,
    };
    timing.is_credible(now).then_some(timing)
}

/// `None` for what is not there.
fn known(number: f64) -> Option<f64> {
    (!number.is_nan()).then_some(number)
}

/// Entries are rows of [`ENTRY`] numbers and two texts: the element and an address. The largest paint of a soft
/// navigation is a row of its own after it.
fn entries<E>(numbers: &[f64], texts: &str, handle: &dyn Fn(usize, f64) -> E) -> Vec<Rc<Entry<E>>> {
    let mut texts = parts(texts, 0);
    let mut rows = numbers.chunks_exact(ENTRY).enumerate();
    let mut next = || rows.next().map(|(at, row)| entry(at, row, &mut texts, handle));
    let mut entries = Vec::new();
    while let Some(mut entry) = next() {
        if entry.kind == EntryType::SoftNavigation && entry.has_paint {
            entry.largest_paint = next().map(Rc::new);
        }
        entries.push(Rc::new(entry));
    }
    entries
}

#[inline(never)]
fn entry<E>(at: usize, row: &[f64], texts: &mut Parts<'_>, handle: &dyn Fn(usize, f64) -> E) -> Entry<E> {
    let [kind, start_time, duration, id, a, b, c, has_target, has_paint]: [f64; ENTRY] = array(row);
    Entry {
        kind: EntryType::ALL.get(kind as usize).copied().unwrap_or(EntryType::Paint),
        start_time,
        duration,
        id,
        numbers: [a, b, c],
        target: texts.next().filter(|_| has_target != 0.0).map(Rc::from),
        url: texts.next().unwrap_or_default().into(),
        has_paint: has_paint != 0.0,
        largest_paint: None,
        handle: handle(at, start_time + duration),
    }
}
