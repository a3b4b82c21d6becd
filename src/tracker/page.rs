//! The view that is shown: its beginning, its depth and attention, its end.

use std::rc::Rc;

use crate::browser::observers::Signal;
use crate::browser::page::{Read, read_page};
use crate::browser::timer::Timer;
use crate::catalogue;
use crate::config::Config;
use crate::event::{Body, Properties, View};
use crate::json::{self, Object, elements, members};
use crate::page::campaign::{campaign, host};
use crate::page::engagement::Engagement;
use crate::page::failure::Failures;
use crate::page::fields;
use crate::page::rage::Burst;
use crate::page::route::Route;
use crate::page::scroll::{Extent, Scroll};
use crate::policy::url;
use crate::text::{after, before, scheme};
use crate::time::Now;

use super::Tracker;
use super::capture::Stamp;

/// A view's title is read this late, ms: single-page apps set it after they changed the address.
const TITLE_DELAY_MS: f64 = 50.0;
/// A heartbeat every this much attention, ms.
const HEARTBEAT_MS: f64 = 60_000.0;

/// The view that is shown.
pub struct PageState {
    pub view: Option<Rc<View>>,
    pub engagement: Engagement,
    /// The custom fields of the page, a JSON object.
    pub fields: String,
    pub burst: Burst,
    pub burst_timer: Option<Timer>,
    pub failures: Failures,
    /// Scheme, host and port of the page.
    pub origin: String,
    scroll: Scroll,
    route: Route,
    announced: Option<Announcement>,
    /// Whether the view is one the collector hears of.
    told: bool,
    title_timer: Option<Timer>,
    /// When the view began, monotonic.
    began: f64,
    /// Its address, cleaned.
    url: String,
    /// The query of its address, decoded, a JSON object.
    query: String,
    /// Where the visitor came from.
    referrer: String,
    reported_visible_ms: f64,
    reported_engaged_ms: f64,
}

/// A page view that still waits for its title. It leaves before anything else of its view does.
struct Announcement {
    title: Option<String>,
    navigation: String,
    at: Now,
    /// Where the visitor came from, and the device, once the visit has told of them.
    arrival: Option<String>,
}

impl PageState {
    pub fn new(config: &Config) -> Self {
        Self {
            view: None,
            engagement: Engagement::new(0.0, false, false),
            fields: config.fields.clone(),
            burst: Burst::default(),
            burst_timer: None,
            failures: Failures::default(),
            origin: String::new(),
            scroll: Scroll::default(),
            route: Route::new(config.page.hash_routes),
            announced: None,
            told: false,
            title_timer: None,
            began: 0.0,
            url: String::new(),
            query: String::new(),
            referrer: String::new(),
            reported_visible_ms: 0.0,
            reported_engaged_ms: 0.0,
        }
    }

    /// The view that is shown, and when it began, monotonic.
    pub fn shown(&self) -> Option<(f64, &Rc<View>)> {
        self.view.as_ref().map(|view| (self.began, view))
    }

    /// Stops its timers.
    pub fn rest(&mut self) {
        self.title_timer = None;
        self.burst_timer = None;
    }
}

impl Tracker {
    /// Takes up the address the page has now, and answers with it. `keep`: the referrer stays as it is.
    fn arrive(&self, keep_referrer: bool) -> String {
        let address = read_page(Read::Address, "");
        let page = &mut self.state.borrow_mut().page;
        let mut here = String::new();
        for (name, value) in members(&address) {
            match name {
                "url" => here = json::text(value).unwrap_or_default(),
                "referrer" if !keep_referrer => page.referrer = json::text(value).unwrap_or_default(),
                "query" => page.query = value.into(),
                _ => {}
            }
        }
        page.fields = fields::merge(&page.fields, &page.query);
        let after_scheme = scheme(&here).map_or("", |(_, rest)| rest);
        let path = after_scheme.len() - before(after_scheme, b"/").len();
        page.origin = here.get(..here.len() - path).unwrap_or_default().into();
        here
    }

    /// The visit and the view of a page that was loaded.
    pub(super) fn arrived(&self) {
        let here = self.arrive(false);
        self.state.borrow_mut().page.route.enter(&here, false);
        self.begin_view(here, read_page(Read::NavigationType, ""), None);
    }

    /// The view was told of already, under this id.
    pub(super) fn continue_view(&self, id: &str) {
        let page = &mut self.state.borrow_mut().page;
        page.announced = None;
        page.title_timer = None;
        page.view = page.view.take().map(|view| Rc::new(View { id: id.into(), ..(*view).clone() }));
    }

    /// Brought back from the back/forward cache: a new view of the same visit.
    pub(super) fn restored(&self) {
        let here = self.arrive(true);
        self.begin_view(here, "back-forward-cache".into(), None);
    }

    /// The address changed within the page.
    pub(super) fn route_changed(&self, navigation: &str) {
        let address = read_page(Read::Href, "");
        let is_new = self.state.borrow_mut().page.route.enter(&address, navigation == "replace");
        if is_new {
            self.leave_view();
            self.came_from_here();
            let here = self.arrive(true);
            self.begin_view(here, navigation.into(), None);
        }
    }

    fn came_from_here(&self) {
        let page = &mut self.state.borrow_mut().page;
        page.referrer = core::mem::take(&mut page.url);
    }

    /// A page view by hand: `{url, path, title, referrer}`.
    pub fn page(&self, overrides: &str) {
        if !self.is_running() {
            return;
        }
        let given = |wanted: &str| {
            members(overrides).find(|(name, _)| *name == wanted).and_then(|(_, value)| json::text(value))
        };
        self.leave_view();
        self.came_from_here();
        let here = self.arrive(true);
        if let Some(referrer) = given("referrer") {
            self.state.borrow_mut().page.referrer = referrer;
        }
        self.begin_view(given("url").unwrap_or(here), "manual".into(), given("title"));
        if let Some(path) = given("path") {
            let page = &mut self.state.borrow_mut().page;
            page.view = page.view.take().map(|view| Rc::new(View { path, ..(*view).clone() }));
        }
    }

    fn begin_view(&self, address: String, navigation: String, title: Option<String>) {
        let now = self.now();
        {
            let state = &mut *self.state.borrow_mut();
            let page = &mut state.page;
            page.url = url::clean(&address, &self.config.allow_query);
            let mut path = String::from(url::path(&page.url));
            if self.config.page.hash_routes
                && let Some(fragment) = after(&address, b'#')
            {
                path.push('#');
                path.push_str(before(fragment, b"?"));
            }
            page.view = Some(Rc::new(View {
                id: state.captured.ids.at(now.wall),
                path,
                fields: page.fields.clone(),
            }));
            page.began = now.mono;
            page.engagement.restart(now.mono);
            page.scroll = Scroll::default();
            page.failures = Failures::default();
            page.reported_visible_ms = 0.0;
            page.reported_engaged_ms = 0.0;
            page.told = self.config.page.views || navigation == "manual";
            page.announced = page.told.then_some(Announcement { title, navigation, at: now, arrival: None });
            page.title_timer = Some(self.wake(Signal::Titled, TITLE_DELAY_MS));
        }
        // A visit that begins now begins on this view, and before it.
        self.touch(now);
        if let Some(observers) = self.observers() {
            observers.view();
        }
    }

    /// Sends the page view that waits for its title.
    pub(super) fn settle_view(&self) {
        let announced = self.state.borrow_mut().page.announced.take();
        let Some(Announcement { title, navigation, at, arrival }) = announced else {
            return;
        };
        let context = arrival.unwrap_or_else(|| self.arrival());
        let body = {
            let page = &self.state.borrow().page;
            Body::of(catalogue::PAGE_VIEW)
                .text("url", &page.url)
                .maybe_text("path", page.view.as_ref().map(|view| view.path.as_str()))
                .text("title", &title.unwrap_or_else(|| read_page(Read::Title, "")))
                .text("referrer", &page.referrer)
                .text("navigationType", &navigation)
                .done()
        };
        self.pass(body, at, Stamp { context: &context, ..Stamp::default() });
    }

    /// Where the visitor came from and on which device, for the context of visits and views. What a visit says of it the
    /// view that it begins on says too, without asking the browser again.
    pub(super) fn arrival(&self) -> String {
        let device = read_page(Read::Device, "");
        let page = &mut self.state.borrow_mut().page;
        let mut context = Object::new();
        context.raw("campaign", &campaign(&page.query, &page.referrer, host(&page.origin)));
        context.raw("device", &device);
        let context = context.finish();
        if let Some(announced) = &mut page.announced {
            announced.arrival = Some(context.clone());
        }
        context
    }

    /// Closes the view, once.
    pub(super) fn leave_view(&self) {
        if self.state.borrow().page.view.is_none() {
            return;
        }
        self.settle_view();
        self.calm();
        self.failed_again();
        let told = self.state.borrow().page.told;
        if told {
            let now = self.now();
            let body = self.attention_so_far(Body::of(catalogue::PAGE_LEAVE), now);
            self.note(body, now);
        }
        let page = &mut self.state.borrow_mut().page;
        page.view = None;
        page.rest();
    }

    /// What the view has seen so far, when it is hidden and may never come back.
    pub(super) fn heartbeat(&self) {
        if self.state.borrow().page.view.is_none() || !self.config.page.engagement {
            return;
        }
        let now = self.now();
        let is_news = {
            let page = &mut self.state.borrow_mut().page;
            page.engagement.advance(now.mono);
            page.engagement.visible_ms() > page.reported_visible_ms
        };
        if is_news {
            let body = self.attention_so_far(Body::of(catalogue::PAGE_ENGAGEMENT), now);
            self.note(body, now);
        }
    }

    fn attention_so_far(&self, mut properties: Properties, now: Now) -> Body {
        let page = &mut self.state.borrow_mut().page;
        page.engagement.advance(now.mono);
        page.reported_visible_ms = page.engagement.visible_ms();
        page.reported_engaged_ms = page.engagement.engaged_ms();
        if self.config.page.engagement {
            properties
                .duration("engagedMs", page.reported_engaged_ms)
                .duration("visibleMs", page.reported_visible_ms);
        }
        if self.config.page.scroll {
            properties
                .duration("maxScrollPercent", page.scroll.max_percent())
                .duration("maxScrollPx", page.scroll.max_px());
        }
        properties.done()
    }

    fn extent(&self) -> Option<Extent> {
        let measured = read_page(Read::ScrollExtent, &self.config.scroll_container);
        let mut numbers = elements(&measured).filter_map(json::number);
        Some(Extent { top: numbers.next()?, viewport: numbers.next()?, height: numbers.next()? })
    }

    /// Reads the layout: never while a route changes or in a handler, where it may have to be computed for us.
    pub(super) fn measure(&self) {
        if let Some(extent) = self.extent().filter(|_| self.config.page.scroll) {
            self.state.borrow_mut().page.scroll.see(extent);
        }
    }

    /// Time passes.
    pub(super) fn tick(&self) {
        self.measure();
        let now = self.now();
        self.state.borrow_mut().chats.tick(now.mono);
        let due = {
            let page = &mut self.state.borrow_mut().page;
            page.engagement.advance(now.mono);
            page.engagement.engaged_ms() - page.reported_engaged_ms >= HEARTBEAT_MS
        };
        if due {
            self.heartbeat();
        }
    }

    /// The visitor did something.
    pub(super) fn active(&self) {
        let now = self.now();
        self.state.borrow_mut().page.engagement.activity(now.mono);
        self.touch(now);
    }

    /// Something began to scroll at `since`, and some time passed.
    pub(super) fn scrolled(&self, since: f64) {
        let Some(extent) = self.extent() else { return };
        let now = self.now();
        let depths = {
            let page = &mut self.state.borrow_mut().page;
            // Scrolling that began in the view before says nothing about this one.
            if page.view.is_none() || since < page.began { &[] } else { page.scroll.scroll(extent) }
        };
        for depth in depths {
            let percent = f64::from(*depth);
            let body = Body::of(catalogue::SCROLL_DEPTH)
                .number("percent", percent)
                .duration("px", extent.height * percent / 100.0)
                .done();
            self.capture(body, now);
        }
    }
}
