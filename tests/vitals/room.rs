//! A browser room for the vitals in which nothing happens by itself: it does what the notes of `chatvitals::vitals`
//! ask of the real one, step by step.

use std::rc::Rc;

use chatvitals::json::Object;
use chatvitals::vitals::*;
use serde_json::Value;

/// What waits for a task, an idle moment, or the page to be hidden.
enum Job {
    Loaded,
    SeenAnew,
    Started(WatchId),
    Settle(Interruption),
    Interactions(WatchId, Vec<Rc<Entry<u64>>>),
}

/// One `PerformanceObserver`.
struct Observer {
    watch: WatchId,
    name: String,
    threshold: f64,
    types: &'static [EntryType],
    queue: Vec<Value>,
}

pub struct Room {
    vitals: Vitals<u64>,
    start: Value,
    load: Load,
    now: f64,
    is_hidden: bool,
    buffer: Vec<Value>,
    observers: Vec<Observer>,
    /// Resources and events for the whole page, not yet delivered.
    resource_queue: Vec<Value>,
    resources: Vec<Value>,
    id_queue: Option<Vec<Value>>,
    timers: Vec<Job>,
    idle: Vec<Job>,
}

/// The order of `PerformanceObserverEntryList.getEntries()`.
fn by_start(entries: &mut [Value]) {
    entries.sort_by(|a, b| number(&a["startTime"]).total_cmp(&number(&b["startTime"])));
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

impl Room {
    pub fn open(start: &Value) -> Room {
        let now = number(&start["now"]);
        let nav = &start["navigation"];
        let activated = number(&nav["activationStart"]);
        let load = Load {
            is_loading: start["readyState"] == "loading",
            dom_interactive: number(&nav["domInteractive"]),
            dom_content_loaded: number(&nav["domContentLoadedEventStart"]),
            dom_complete: number(&nav["domComplete"]),
        };
        let timing = timing(start, now);
        let since = timing.as_ref().map_or(0.0, |_| activated);
        let vitals = Vitals::new(Start {
            time_origin: 1.8e12,
            seed: 42,
            navigation: timing,
            load,
            is_hidden: flag(&start["isHidden"]),
            first_hidden: start["hiddenAt"]
                .as_array()
                .and_then(|hidden| hidden.iter().map(number).find(|&time| time >= since)),
        });
        Room {
            vitals,
            start: start.clone(),
            load,
            now,
            is_hidden: flag(&start["isHidden"]),
            buffer: Vec::new(),
            observers: Vec::new(),
            resource_queue: Vec::new(),
            resources: Vec::new(),
            id_queue: None,
            timers: Vec::new(),
            idle: Vec::new(),
        }
    }

    /// Does one step and answers with what was reported.
    pub fn play(&mut self, step: &Value) -> Vec<Report<u64>> {
        self.now = number(&step["at"]);
        let mut out = Vec::new();
        match step["op"].as_str().unwrap_or_default() {
            "watch" => self.watch(step),
            "emit" => self.emit(&step["entry"]),
            "forget" => self.buffer.retain(|entry| entry["entryType"] != step["type"]),
            "interactions" if flag(&self.start["countsInteractions"]) => {
                self.vitals.set_interaction_count(whole(&step["count"]));
            }
            "interactions" => {}
            "deliver" => self.deliver(&mut out),
            "timers" => {
                for job in std::mem::take(&mut self.timers) {
                    self.run(job, &mut out);
                }
            }
            "idle" => self.run_idle(&mut out),
            "frames" => out.extend(self.vitals.repainted(self.now)),
            "input" if !flag(&step["trusted"]) => {}
            "input" => self.interrupt(&mut out),
            "hide" => self.hide(&mut out),
            "show" => {
                self.is_hidden = false;
                let waiting = std::mem::take(&mut self.idle);
                self.interrupt(&mut out);
                for job in waiting {
                    self.run(job, &mut out);
                }
            }
            "restore" => {
                self.timers.push(Job::SeenAnew);
                out.extend(self.vitals.restored(self.now));
                self.is_hidden = flag(&step["isHidden"]);
            }
            "loading" => {
                self.load = Load {
                    is_loading: false,
                    dom_interactive: number(&step["domInteractive"]),
                    dom_content_loaded: number(&step["domContentLoadedEventStart"]),
                    dom_complete: number(&step["domComplete"]),
                };
                self.vitals.loading(self.load);
                if flag(&step["loaded"]) {
                    self.timers.push(Job::Loaded);
                }
            }
            other => panic!("no such step: {other}"),
        }
        self.reobserve();
        out
    }

    /// The attribution of a report, as JSON.
    pub fn attribution(&self, report: &Report<u64>) -> String {
        let url = report.painted_url().unwrap_or_default();
        let of_url = |entry: &&Value| entry["entryType"] == "resource" && entry["name"] == url;
        let resources: Vec<Resource> = self
            .buffer
            .iter()
            .chain(&self.resources)
            .filter(of_url)
            .map(|entry| Resource {
                start_time: number(&entry["startTime"]),
                request_start: number(&entry["requestStart"]),
                response_end: number(&entry["responseEnd"]),
            })
            .collect();
        let mut attribution = Object::new();
        report.explain(&resources, &str::to_owned, &mut attribution);
        attribution.finish()
    }

    fn watch(&mut self, step: &Value) {
        let name = match step["name"].as_str().unwrap_or_default() {
            "LCP" => Name::Lcp,
            "CLS" => Name::Cls,
            "INP" => Name::Inp,
            "FCP" => Name::Fcp,
            "TTFB" => Name::Ttfb,
            other => panic!("no such metric: {other}"),
        };
        let options = Options {
            report_all_changes: flag(&step["reportAllChanges"]),
            soft_navigations: flag(&step["reportSoftNavs"]),
        };
        let watch = self.vitals.watch(name, options, self.now);
        self.observers.push(Observer {
            watch,
            name: text(&step["name"]),
            threshold: step["durationThreshold"].as_f64().unwrap_or(DURATION_THRESHOLD_MS),
            types: &[],
            queue: Vec::new(),
        });
        if name == Name::Ttfb && !self.load.is_loading && self.load.dom_complete > 0.0 {
            self.timers.push(Job::Loaded);
        }
        if name == Name::Inp && !flag(&self.start["countsInteractions"]) && self.id_queue.is_none() {
            self.id_queue =
                Some(self.buffer.iter().filter(|entry| entry["entryType"] == "event").cloned().collect());
        }
    }

    /// Observes what is asked for now.
    fn reobserve(&mut self) {
        for observer in &mut self.observers {
            let types = self.vitals.observes(observer.watch);
            if types != observer.types {
                observer.types = types;
                observer.queue.clear();
                for kind in types {
                    for entry in self.buffer.iter().filter(|entry| entry["entryType"] == kind.as_str()) {
                        observer.offer(entry);
                    }
                }
                if types.contains(&EntryType::LayoutShift) {
                    self.timers.push(Job::Started(observer.watch));
                }
            }
        }
    }

    fn emit(&mut self, entry: &Value) {
        self.buffer.push(entry.clone());
        for observer in &mut self.observers {
            observer.offer(entry);
        }
        if entry["entryType"] == "resource" {
            self.resource_queue.push(entry.clone());
        }
        if entry["entryType"] == "event" {
            self.id_queue.iter_mut().for_each(|queue| queue.push(entry.clone()));
        }
    }

    fn deliver(&mut self, out: &mut Vec<Report<u64>>) {
        by_start(&mut self.resource_queue);
        self.resources.append(&mut self.resource_queue);
        if let Some(queue) = &mut self.id_queue {
            let ids: Vec<u64> = queue.drain(..).map(|entry| whole(&entry["interactionId"])).collect();
            self.vitals.estimate_interactions(&ids);
        }
        let batches: Vec<(WatchId, String, Vec<Value>)> = self
            .observers
            .iter_mut()
            .map(|observer| (observer.watch, observer.name.clone(), std::mem::take(&mut observer.queue)))
            .collect();
        for (watch, name, mut batch) in batches {
            by_start(&mut batch);
            let entries: Vec<Rc<Entry<u64>>> = batch.iter().filter_map(entry).collect();
            if entries.is_empty() {
                continue;
            }
            if name == "INP" {
                self.when_idle(Job::Interactions(watch, entries), out);
            } else {
                out.extend(self.vitals.observed(watch, entries));
            }
        }
    }

    fn hide(&mut self, out: &mut Vec<Report<u64>>) {
        self.is_hidden = true;
        for observer in &mut self.observers {
            if self.vitals.takes_records(observer.watch) {
                let taken = observer.queue.drain(..).collect::<Vec<_>>();
                let taken: Vec<_> = taken.iter().filter_map(entry).collect();
                out.extend(self.vitals.leaving(observer.watch, &taken));
            }
        }
        self.vitals.hidden(self.now);
        self.interrupt(out);
        self.run_idle(out);
    }

    fn interrupt(&mut self, out: &mut Vec<Report<u64>>) {
        if let Some(interruption) = self.vitals.interrupted() {
            self.when_idle(Job::Settle(interruption), out);
        }
    }

    fn when_idle(&mut self, job: Job, out: &mut Vec<Report<u64>>) {
        if self.is_hidden {
            self.run(job, out);
        } else {
            self.idle.push(job);
        }
    }

    fn run_idle(&mut self, out: &mut Vec<Report<u64>>) {
        for job in std::mem::take(&mut self.idle) {
            self.run(job, out);
        }
    }

    fn run(&mut self, job: Job, out: &mut Vec<Report<u64>>) {
        out.extend(match job {
            Job::Loaded => self.vitals.loaded(timing(&self.start, self.now).map(|timing| (timing, 0))),
            Job::Started(watch) => self.vitals.started(watch),
            Job::Settle(interruption) => self.vitals.settle(interruption),
            Job::Interactions(watch, entries) => self.vitals.observed(watch, entries),
            Job::SeenAnew => {
                self.vitals.seen_anew(self.is_hidden);
                Vec::new()
            }
        });
    }
}

impl Observer {
    fn offer(&mut self, entry: &Value) {
        let is_wanted = self.types.iter().any(|kind| entry["entryType"] == kind.as_str());
        let is_short = entry["entryType"] == "event" && number(&entry["duration"]) < self.threshold;
        if is_wanted && !is_short {
            self.queue.push(entry.clone());
        }
    }
}

fn timing(start: &Value, now: f64) -> Option<NavigationTiming> {
    let nav = &start["navigation"];
    let timing = NavigationTiming {
        kind: NavigationType::from_timing(nav["type"].as_str().unwrap_or_default()),
        was_discarded: flag(&start["wasDiscarded"]),
        navigation_id: number(&nav["navigationId"]),
        url: text(&nav["name"]).into(),
        activation_start: number(&nav["activationStart"]),
        worker_start: number(&nav["workerStart"]),
        fetch_start: number(&nav["fetchStart"]),
        domain_lookup_start: number(&nav["domainLookupStart"]),
        connect_start: number(&nav["connectStart"]),
        connect_end: number(&nav["connectEnd"]),
        response_start: number(&nav["responseStart"]),
    };
    (flag(&start["hasNavigation"]) && timing.is_credible(now)).then_some(timing)
}

/// What the observer's callback makes of an entry.
fn entry(value: &Value) -> Option<Rc<Entry<u64>>> {
    let kind = EntryType::ALL.into_iter().find(|kind| value["entryType"] == kind.as_str());
    let kind = kind.unwrap_or_else(|| panic!("no such entry: {value}"));
    if kind == EntryType::Paint && value["name"] != "first-contentful-paint" {
        return None;
    }
    let id = |name: &str| value[name].as_f64().unwrap_or(f64::NAN);
    let at = |name: &str| number(&value[name]);
    let paint = value.get("paint").unwrap_or(&Value::Null);
    let (id, numbers, shown) = match kind {
        EntryType::Paint => (at("navigationId"), [0.0; 3], value),
        EntryType::LargestContentfulPaint => (0.0, [at("renderTime"), 0.0, 0.0], value),
        EntryType::InteractionContentfulPaint => {
            let [rendered, started] = ["renderTime", "startTime"].map(|name| number(&paint[name]));
            (id("interactionId"), [rendered, started, 0.0], paint)
        }
        EntryType::LayoutShift => {
            let [recent, named] = ["hadRecentInput", "hasSource"].map(|name| f64::from(flag(&value[name])));
            (0.0, [at("value"), recent, named], value)
        }
        EntryType::Event | EntryType::FirstInput => {
            let is_key = f64::from(text(&value["name"]).starts_with("key"));
            (at("interactionId"), [at("processingStart"), at("processingEnd"), is_key], value)
        }
        EntryType::SoftNavigation => {
            let presented = at("presentationTime");
            let painted = if presented != 0.0 { presented } else { at("paintTime") };
            (at("navigationId"), [id("interactionId"), painted, 0.0], value)
        }
    };
    let largest = value.get("largest").map(|paint| {
        let mut paint = paint.clone();
        paint["entryType"] = EntryType::InteractionContentfulPaint.as_str().into();
        paint
    });
    let url = if kind == EntryType::SoftNavigation { &value["name"] } else { &shown["url"] };
    // The handle of what was painted is that of the paint, as listeners are told it.
    let key = if shown.is_null() { &value["key"] } else { &shown["key"] };
    Some(Rc::new(Entry {
        kind,
        start_time: at("startTime"),
        duration: at("duration"),
        id,
        numbers,
        target: shown["target"].as_str().map(Rc::from),
        url: text(url).into(),
        has_paint: !paint.is_null() || largest.is_some(),
        largest_paint: largest.as_ref().and_then(entry),
        handle: whole(key),
    }))
}
