//! The rules by hand: one promise each, with the numbers that decide it.

use std::rc::Rc;

use chatvitals::json::Object;
use chatvitals::vitals::*;

fn page() -> Start {
    let navigation = NavigationTiming { response_start: 100.0, ..NavigationTiming::default() };
    Start { navigation: Some(navigation), seed: 1, ..Start::default() }
}

fn all_changes() -> Options {
    Options { report_all_changes: true, ..Options::default() }
}

/// An entry of which only this is known.
fn entry(kind: EntryType, start_time: f64, id: f64, numbers: [f64; 3], target: &str) -> Entry<u64> {
    Entry {
        kind,
        start_time,
        duration: 0.0,
        id,
        numbers,
        target: Some(target.into()).filter(|_| !target.is_empty()),
        url: "".into(),
        has_paint: false,
        largest_paint: None,
        handle: start_time as u64,
    }
}

fn shift(start_time: f64, value: f64) -> Rc<Entry<u64>> {
    Rc::new(entry(EntryType::LayoutShift, start_time, 0.0, [value, 0.0, 1.0], "#moved"))
}

fn first_paint(start_time: f64) -> Rc<Entry<u64>> {
    Rc::new(entry(EntryType::Paint, start_time, 0.0, [0.0; 3], ""))
}

fn largest_paint(start_time: f64) -> Entry<u64> {
    entry(EntryType::LargestContentfulPaint, start_time, 0.0, [start_time, 0.0, 0.0], "#hero")
}

fn click(interaction_id: u64, start_time: f64, duration: f64) -> Rc<Entry<u64>> {
    let numbers = [start_time + 1.0, start_time + 2.0, 0.0];
    let event = entry(EntryType::Event, start_time, interaction_id as f64, numbers, "#button");
    Rc::new(Entry { duration, handle: interaction_id, ..event })
}

fn values<E>(reports: &[Report<E>]) -> Vec<f64> {
    reports.iter().map(|report| report.value).collect()
}

/// The explanation of a report.
fn explained(report: &Report<u64>, resources: &[Resource]) -> serde_json::Value {
    let mut attribution = Object::new();
    report.explain(resources, &str::to_owned, &mut attribution);
    serde_json::from_str(&attribution.finish()).expect("an explanation is JSON")
}

const NOTHING: [f64; 0] = [];

/// The CLS of a page with these shifts, delivered one by one.
fn cls(shifts: &[(f64, f64)]) -> f64 {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Cls, Options::default(), 0.0);
    vitals.observed(watch, vec![first_paint(1.0)]);
    for &(time, value) in shifts {
        vitals.observed(watch, vec![shift(time, value)]);
    }
    vitals.leaving(watch, &[]).first().map_or(f64::NAN, |report| report.value)
}

#[test]
fn layout_shifts_add_up_within_a_window_of_five_seconds_with_gaps_under_one() {
    assert_eq!(cls(&[]), 0.0);
    assert_eq!(cls(&[(0.0, 0.25), (999.0, 0.5)]), 0.75);
    assert_eq!(cls(&[(0.0, 0.25), (1000.0, 0.5)]), 0.5);
    assert_eq!(cls(&[(0.0, 0.5), (2000.0, 0.25), (4000.0, 0.5)]), 0.5);
    let steady: Vec<(f64, f64)> = (0..10).map(|n| (f64::from(n) * 600.0, 0.125)).collect();
    // 0, 600 … 4800 are nine; 5400 begins a window of its own.
    assert_eq!(cls(&steady), 9.0 * 0.125);
}

#[test]
fn windows_missed_until_measuring_began_are_told_apart() {
    let together = || vec![shift(10.0, 0.25), shift(20.0, 0.25), shift(5000.0, 0.125)];
    let mut vitals = Vitals::new(page());
    let late = vitals.watch(Name::Cls, all_changes(), 6000.0);
    vitals.observed(late, vec![first_paint(1.0)]);
    let reports = vitals.observed(late, together());
    assert_eq!(values(&reports), [0.5]);
    assert_eq!(reports[0].entries, [10, 20]);

    // What is delivered together while measuring counts as web-vitals counts it: by its last window.
    let early = vitals.watch(Name::Cls, all_changes(), 0.0);
    vitals.observed(early, vec![first_paint(1.0)]);
    assert_eq!(values(&vitals.observed(early, together())), [0.125]);
    // A window reported before it ended is remembered by what was reported.
    let mut reports = vitals.observed(early, vec![shift(9000.0, 0.25)]);
    reports.extend(vitals.observed(early, vec![shift(9100.0, 0.5), shift(12000.0, 0.125)]));
    assert_eq!(values(&reports), [0.25]);
}

#[test]
fn shifts_after_an_input_and_on_pages_nobody_saw_do_not_count() {
    let mut vitals = Vitals::new(Start { is_hidden: true, ..page() });
    let watch = vitals.watch(Name::Cls, all_changes(), 0.0);
    assert_eq!(vitals.observes(watch), [EntryType::Paint]);
    vitals.observed(watch, vec![first_paint(50.0)]);
    assert_eq!(vitals.observes(watch), []);
    assert!(!vitals.takes_records(watch));

    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Cls, all_changes(), 0.0);
    vitals.observed(watch, vec![first_paint(50.0)]);
    assert_eq!(vitals.observes(watch), [EntryType::LayoutShift]);
    let expected = entry(EntryType::LayoutShift, 60.0, 0.0, [0.5, 1.0, 1.0], "#moved");
    assert_eq!(values(&vitals.observed(watch, vec![Rc::new(expected)])), [0.0]);
}

/// The INP after these durations, of an honest count of interactions.
fn inp(durations: impl IntoIterator<Item = f64>, unseen: u64) -> Option<f64> {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Inp, Options::default(), 0.0);
    let mut count = unseen;
    for duration in durations {
        count += 1;
        vitals.set_interaction_count(count);
        vitals.observed(watch, vec![click(count, count as f64 * 1000.0, duration)]);
    }
    vitals.leaving(watch, &[]).first().map(|report| report.value)
}

#[test]
fn one_slow_interaction_in_fifty_is_forgiven() {
    let slow_first = |total: usize| (0..total).map(move |n| if n == 0 { 800.0 } else { 104.0 });
    assert_eq!(inp([], 0), None);
    assert_eq!(inp(slow_first(1), 0), Some(800.0));
    assert_eq!(inp(slow_first(49), 0), Some(800.0));
    assert_eq!(inp(slow_first(50), 0), Some(104.0));
    // Interactions too quick to be seen count as well.
    assert_eq!(inp(slow_first(2), 48), Some(104.0));
    // Ten are remembered: of a thousand interactions the tenth longest stands in for the twentieth.
    let falling = (0..1000).map(|n| 8.0 * f64::from(1000 - n));
    assert_eq!(inp(falling, 0), Some(8.0 * 991.0));
}

#[test]
fn only_the_slowest_event_of_an_interaction_counts() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Inp, all_changes(), 0.0);
    vitals.set_interaction_count(1);
    let reports =
        vitals.observed(watch, vec![click(7, 0.0, 48.0), click(7, 10.0, 96.0), click(7, 10.0, 96.0)]);
    assert_eq!(values(&reports), [96.0]);
    assert_eq!(reports[0].entries.len(), 2);
}

#[test]
fn the_phases_of_an_interaction_add_up_to_it() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Inp, all_changes(), 0.0);
    vitals.set_interaction_count(1);
    let hover = entry(EntryType::Event, 990.0, 0.0, [995.0, 1040.0, 0.0], "");
    let hover = Rc::new(Entry { duration: 114.0, ..hover });
    let reports = vitals.observed(watch, vec![hover, click(7, 1000.0, 104.0)]);
    // The hover was being handled when the person clicked, and is painted by the same frame.
    assert_eq!(
        explained(&reports[0], &[]),
        serde_json::json!({
            "interactionTarget": "#button", "interactionType": "pointer",
            "interactionTime": 1000, "nextPaintTime": 1104,
            "inputDelay": 0, "processingDuration": 40, "presentationDelay": 64, "loadState": "dom-interactive",
        })
    );
}

#[test]
fn paints_after_the_page_was_hidden_are_dropped() {
    let mut vitals = Vitals::new(page());
    let lcp = vitals.watch(Name::Lcp, all_changes(), 0.0);
    let fcp = vitals.watch(Name::Fcp, Options::default(), 0.0);
    assert_eq!(values(&vitals.observed(lcp, vec![Rc::new(largest_paint(400.0))])), [400.0]);
    vitals.hidden(1000.0);
    assert_eq!(values(&vitals.observed(lcp, vec![Rc::new(largest_paint(1000.0))])), NOTHING);
    assert_eq!(values(&vitals.observed(fcp, vec![first_paint(1200.0)])), NOTHING);
}

#[test]
fn an_input_settles_lcp_once_and_ends_its_observation() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Lcp, Options::default(), 0.0);
    assert_eq!(
        values(&vitals.observed(watch, vec![Rc::new(largest_paint(400.0)), Rc::new(largest_paint(900.0))])),
        NOTHING
    );
    let interruption = vitals.interrupted().expect("LCP can be settled");
    let reports = vitals.settle(interruption);
    assert_eq!(values(&reports), [900.0]);
    assert!(reports[0].is_final);
    assert_eq!(vitals.observes(watch), []);
    assert_eq!(vitals.interrupted(), None);
    assert_eq!(values(&vitals.settle(interruption)), NOTHING);
}

#[test]
fn an_input_does_not_settle_a_view_that_began_after_it() {
    let mut vitals = Vitals::new(page());
    let options = Options { soft_navigations: true, ..Options::default() };
    let watch = vitals.watch(Name::Lcp, options, 0.0);
    let before = vitals.interrupted().expect("LCP can be settled");
    let painted = entry(EntryType::InteractionContentfulPaint, 5000.0, 7.0, [5100.0, 5100.0, 0.0], "#hero");
    let soft = entry(EntryType::SoftNavigation, 5000.0, 2.0, [7.0, 5100.0, 0.0], "");
    let soft = Rc::new(Entry {
        url: "https://shop.example/2".into(),
        largest_paint: Some(Rc::new(Entry { has_paint: true, ..painted })),
        ..soft
    });
    vitals.observed(watch, vec![soft]);
    assert_eq!(values(&vitals.settle(before)), NOTHING);
    let now = vitals.interrupted().expect("the new view can be settled");
    let reports = vitals.settle(now);
    assert_eq!(values(&reports), [100.0]);
    assert_eq!(reports[0].navigation.kind.as_str(), "soft-navigation");
}

#[test]
fn a_prerendered_page_is_timed_from_when_it_was_shown() {
    let mut start = page();
    start.navigation.as_mut().expect("a page has one").activation_start = 5000.0;
    let mut vitals = Vitals::new(start.clone());
    let [lcp, fcp] = [Name::Lcp, Name::Fcp].map(|name| vitals.watch(name, all_changes(), 5000.0));
    vitals.watch(Name::Ttfb, Options::default(), 5000.0);
    assert_eq!(values(&vitals.observed(fcp, vec![first_paint(3000.0)])), [0.0]);
    let reports = vitals.observed(lcp, vec![Rc::new(largest_paint(5200.0))]);
    assert_eq!(values(&reports), [200.0]);
    assert_eq!(reports[0].navigation.kind.as_str(), "prerender");
    assert_eq!(values(&vitals.loaded(start.navigation.map(|timing| (timing, 0)))), [0.0]);
}

#[test]
fn every_restore_begins_all_metrics_anew_with_new_ids() {
    let start = page();
    let mut vitals = Vitals::new(start.clone());
    let names = [Name::Lcp, Name::Cls, Name::Inp, Name::Fcp, Name::Ttfb];
    let [lcp, cls, inp, fcp, _] = names.map(|name| vitals.watch(name, Options::default(), 0.0));
    let mut reports = vitals.loaded(start.navigation.map(|timing| (timing, 0)));
    reports.extend(vitals.observed(fcp, vec![first_paint(300.0)]));
    vitals.observed(cls, vec![first_paint(300.0)]);
    vitals.observed(cls, vec![shift(400.0, 0.25)]);
    vitals.observed(lcp, vec![Rc::new(largest_paint(500.0))]);
    for time in [10_000.0, 20_000.0] {
        vitals.set_interaction_count((time / 1000.0) as u64);
        vitals.observed(inp, vec![click(time as u64, time - 500.0, 208.0)]);
        let interruption = vitals.interrupted();
        for watch in [cls, inp] {
            reports.extend(vitals.leaving(watch, &[]));
        }
        vitals.hidden(time);
        reports.extend(interruption.map(|at| vitals.settle(at)).unwrap_or_default());
        reports.extend(vitals.restored(time + 1000.0));
        vitals.seen_anew(false);
        reports.extend(vitals.repainted(time + 1040.0));
    }
    let told = |name: Name| {
        let of_name: Vec<_> = reports.iter().filter(|report| report.name == name).collect();
        let mut ids: Vec<_> = of_name.iter().map(|report| &report.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), of_name.len(), "{name:?}: one report per id");
        assert!(of_name[1..].iter().all(|report| report.navigation.kind.as_str() == "back-forward-cache"));
        of_name.iter().map(|report| report.value).collect::<Vec<_>>()
    };
    assert_eq!(told(Name::Lcp), [500.0, 40.0, 40.0]);
    assert_eq!(told(Name::Fcp), [300.0, 40.0, 40.0]);
    assert_eq!(told(Name::Ttfb), [100.0, 0.0, 0.0]);
    assert_eq!(told(Name::Cls), [0.25, 0.0]);
    assert_eq!(told(Name::Inp), [208.0, 208.0]);
}

#[test]
fn a_quick_interaction_after_a_restore_counts_as_eight_milliseconds() {
    let mut vitals = Vitals::<u64>::new(page());
    let watch = vitals.watch(Name::Inp, Options::default(), 0.0);
    vitals.set_interaction_count(3);
    assert_eq!(values(&vitals.leaving(watch, &[])), NOTHING);
    vitals.restored(1000.0);
    assert_eq!(values(&vitals.leaving(watch, &[])), NOTHING);
    vitals.set_interaction_count(4);
    assert_eq!(values(&vitals.leaving(watch, &[])), [8.0]);
}

#[test]
fn first_input_delay_is_the_wait_before_the_first_handler() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Fid, Options::default(), 0.0);
    let input = |start_time: f64, wait: f64| {
        let numbers = [start_time + wait, start_time + wait, 0.0];
        Rc::new(entry(EntryType::FirstInput, start_time, 7.0, numbers, "#button"))
    };
    let reports = vitals.observed(watch, vec![input(2000.0, 120.0)]);
    assert_eq!(values(&reports), [120.0]);
    assert_eq!(reports[0].rating, Rating::NeedsImprovement);
    assert_eq!(vitals.observes(watch), []);

    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Fid, Options::default(), 0.0);
    vitals.hidden(1000.0);
    assert_eq!(values(&vitals.leaving(watch, &[input(2000.0, 120.0)])), NOTHING);
}

#[test]
fn the_deltas_of_an_id_add_up_to_its_value_for_every_listener() {
    let mut vitals = Vitals::new(page());
    let watches = [all_changes(), Options::default()].map(|options| {
        let watch = vitals.watch(Name::Cls, options, 0.0);
        vitals.observed(watch, vec![first_paint(1.0)]);
        watch
    });
    let mut reports = Vec::new();
    for n in 0..200_u32 {
        let time = f64::from(n * n % 97) * 40.0 + f64::from(n) * 300.0;
        for watch in watches {
            reports.extend(vitals.observed(watch, vec![shift(time, f64::from(n % 7 + 1) / 64.0)]));
            if n % 50 == 49 {
                reports.extend(vitals.leaving(watch, &[]));
            }
        }
    }
    for watch in watches {
        let told: Vec<_> = reports.iter().filter(|report| report.watch == watch).collect();
        let sum: f64 = told.iter().map(|report| report.delta).sum();
        assert_eq!(sum, told.last().expect("something shifted").value);
        assert!(told.windows(2).all(|pair| pair[0].value < pair[1].value));
    }
    let of = |watch| reports.iter().filter(|report| report.watch == watch).count();
    assert!(of(watches[0]) > of(watches[1]));
}

#[test]
fn values_on_a_threshold_get_the_better_rating() {
    for (name, good, fair) in [
        (Name::Lcp, 2500.0, 4000.0),
        (Name::Cls, 0.1, 0.25),
        (Name::Inp, 200.0, 500.0),
        (Name::Fcp, 1800.0, 3000.0),
        (Name::Ttfb, 800.0, 1800.0),
        (Name::Fid, 100.0, 300.0),
    ] {
        assert_eq!(name.rate(good), Rating::Good, "{name:?}");
        assert_eq!(name.rate(good + 0.01), Rating::NeedsImprovement, "{name:?}");
        assert_eq!(name.rate(fair), Rating::NeedsImprovement, "{name:?}");
        assert_eq!(name.rate(fair + 0.01), Rating::Poor, "{name:?}");
    }
}

#[test]
fn the_event_names_the_phases_of_the_largest_paint_and_cleans_its_address() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Lcp, all_changes(), 0.0);
    let image = Entry { url: "https://img.example/a.png?user=1".into(), ..largest_paint(1000.0) };
    let reports = vitals.observed(watch, vec![Rc::new(image)]);
    assert_eq!(reports[0].painted_url(), Some("https://img.example/a.png?user=1"));

    let loaded = |start_time, response_end| Resource { start_time, request_start: 0.0, response_end };
    // The second load of the address began after the paint: it cannot be what was painted.
    let resources = [loaded(250.0, 700.0), loaded(1500.0, 1600.0)];
    let clean = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
    let body = reports[0].body(&resources, &clean, None);
    let told: serde_json::Value = serde_json::from_str(&body.properties).expect("properties are JSON");
    assert_eq!(
        told["attribution"],
        serde_json::json!({
            "target": "#hero", "url": "https://img.example/a.png", "timeToFirstByte": 100,
            "resourceLoadDelay": 150, "resourceLoadDuration": 450, "elementRenderDelay": 300,
        })
    );
    assert_eq!(
        (&told["name"], &told["value"], &told["delta"], &told["rating"], &told["navigationType"]),
        (&"LCP".into(), &1000.into(), &1000.into(), &"good".into(), &"navigate".into())
    );
}

#[test]
fn interactions_are_counted_by_their_ids_where_the_browser_does_not_count() {
    let mut vitals = Vitals::new(page());
    let watch = vitals.watch(Name::Inp, Options::default(), 0.0);
    // Ids count up by seven; the first seen is one interaction, the last the fiftieth.
    vitals.estimate_interactions(&[1007, 0, 1007 + 49 * 7]);
    vitals.observed(watch, vec![click(1007, 0.0, 800.0), click(1350, 900.0, 104.0)]);
    assert_eq!(values(&vitals.leaving(watch, &[])), [104.0]);
}

#[test]
fn a_day_of_interactions_and_shifts_holds_on_to_few_entries() {
    let held = Rc::new(());
    let mut vitals = Vitals::new(page());
    let [inp, cls] = [Name::Inp, Name::Cls].map(|name| vitals.watch(name, Options::default(), 0.0));
    let of = |plain: Entry<u64>, target: &Rc<()>| {
        let Entry { kind, start_time, duration, id, numbers, url, .. } = plain;
        let handle = target.clone();
        Rc::new(Entry {
            kind,
            start_time,
            duration,
            id,
            numbers,
            target: None,
            url,
            has_paint: false,
            largest_paint: None,
            handle,
        })
    };
    vitals.observed(cls, vec![of(entry(EntryType::Paint, 1.0, 0.0, [0.0; 3], ""), &held)]);
    for n in 1..=100_000_u64 {
        let time = n as f64 * 864.0;
        let event = entry(EntryType::Event, time, n as f64, [time, time + 1.0, f64::from(n % 3 == 0)], "");
        let event = Entry { duration: (n * 7919 % 997) as f64, ..event };
        let moved = entry(EntryType::LayoutShift, time, 0.0, [0.001, 0.0, 0.0], "");
        vitals.set_interaction_count(n);
        vitals.observed(inp, vec![of(event, &held)]);
        vitals.observed(cls, vec![of(moved, &held)]);
    }
    // Ten interactions and the one reported, each as an entry and as what is told of it; the shifts of two windows of
    // five seconds.
    assert!(Rc::strong_count(&held) < 30, "{}", Rc::strong_count(&held));
}
