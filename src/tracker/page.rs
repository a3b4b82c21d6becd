//! The view that is shown, and what is done on it.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::Document;

use crate::browser::{dom, lifecycle};
use crate::catalogue;
use crate::config::Config;
use crate::event::{Body, Properties, View};
use crate::json;
use crate::page::click::{Link, LinkClick, classify};
use crate::page::engagement::Engagement;
use crate::page::route::Route;
use crate::page::scroll::{Extent, Scroll};
use crate::policy::url;
use crate::time::Now;

use super::Tracker;

/// A view's title is read this late, ms: single-page apps set it after they changed the address.
const TITLE_DELAY_MS: u32 = 50;

/// The view that is shown.
pub struct PageState {
    pub view: Option<Rc<View>>,
    pub engagement: Engagement,
    scroll: Scroll,
    route: Route,
    announced: Option<Announcement>,
    referrer: String,
    reported_engaged_ms: f64,
}

/// A page view that still waits for its title. It leaves before anything else of its view does.
struct Announcement {
    url: String,
    path: String,
    title: Option<String>,
    referrer: String,
    navigation: String,
    at: Now,
}

impl PageState {
    pub fn new(config: &Config, now: Now, document: &Document) -> Self {
        Self {
            view: None,
            engagement: attention(now, document),
            scroll: Scroll::default(),
            route: Route::new(config.page.hash_routes),
            announced: None,
            referrer: document.referrer(),
            reported_engaged_ms: 0.0,
        }
    }
}

fn attention(now: Now, document: &Document) -> Engagement {
    Engagement::new(now.mono, lifecycle::is_visible(document), document.has_focus().unwrap_or(false))
}

impl Tracker {
    /// The view of a page that was loaded, or brought back.
    pub(super) fn first_view(&self, navigation: &str) {
        let url = self.address();
        self.state.borrow_mut().page.route.enter(&url);
        let navigation = if navigation == "navigate" { dom::navigation_type() } else { navigation.into() };
        self.begin_view(url, navigation, None);
    }

    /// The view the shell already told of: it goes on under the same id.
    pub(super) fn continue_view(&self, id: &str) {
        let url = self.address();
        let state = &mut *self.state.borrow_mut();
        state.page.route.enter(&url);
        let url = url::clean(&url);
        state.page.view = Some(Rc::new(View { id: id.into(), path: url::path(&url).into() }));
        state.page.referrer = url;
    }

    /// The address changed within the page.
    pub fn route_changed(&self, navigation: &str) {
        let url = self.address();
        if self.state.borrow_mut().page.route.enter(&url) {
            self.leave_view();
            self.begin_view(url, navigation.into(), None);
        }
    }

    /// A page view by hand: `{url, path, title, referrer}`.
    pub fn page(&self, overrides: &str) {
        if !self.is_running() {
            return;
        }
        let given = |wanted: &str| {
            json::members(overrides)
                .find(|(name, _)| *name == wanted)
                .and_then(|(_, value)| json::text(value))
        };
        let url = given("url").unwrap_or_else(|| self.address());
        self.leave_view();
        if let Some(referrer) = given("referrer") {
            self.state.borrow_mut().page.referrer = referrer;
        }
        self.begin_view(url, "manual".into(), given("title"));
        if let Some(path) = given("path") {
            self.rename_view(path);
        }
    }

    fn rename_view(&self, path: String) {
        let page = &mut self.state.borrow_mut().page;
        if let (Some(view), Some(announced)) = (&mut page.view, &mut page.announced) {
            *view = Rc::new(View { id: view.id.clone(), path: path.clone() });
            announced.path = path;
        }
    }

    fn begin_view(&self, url: String, navigation: String, title: Option<String>) {
        let now = self.now();
        self.touch_visit(now);
        let url = url::clean(&url);
        let path = url::path(&url).to_owned();
        {
            let state = &mut *self.state.borrow_mut();
            let view = View { id: state.captured.ids.at(now.wall), path: path.clone() };
            let page = &mut state.page;
            page.view = Some(Rc::new(view));
            page.engagement = attention(now, &self.document);
            page.scroll = Scroll::default();
            page.reported_engaged_ms = 0.0;
            let referrer = core::mem::replace(&mut page.referrer, url.clone());
            page.announced = Some(Announcement { url, path, title, referrer, navigation, at: now });
        }
        let this = self.this.clone();
        // Harmless when it comes late or in vain, so nobody has to cancel it.
        Timeout::new(TITLE_DELAY_MS, move || {
            if let Some(tracker) = this.upgrade() {
                tracker.settle_view();
            }
        })
        .forget();
    }

    /// Sends the page view that waits for its title.
    pub(super) fn settle_view(&self) {
        let announced = self.state.borrow_mut().page.announced.take();
        let Some(Announcement { url, path, title, referrer, navigation, at }) = announced else { return };
        let body = Body::of(catalogue::PAGE_VIEW)
            .text("url", &url)
            .text("path", &path)
            .text("title", &title.unwrap_or_else(|| self.document.title()))
            .text("referrer", &referrer)
            .text("navigationType", &navigation)
            .done();
        self.pass(body, at, None, None);
    }

    fn touch_visit(&self, now: Now) {
        let closed = self.state.borrow().policy.consent.gate() == crate::policy::consent::Gate::Closed;
        if !closed {
            self.touch(now);
        }
    }

    /// Closes the view, once.
    pub(super) fn leave_view(&self) {
        if self.state.borrow().page.view.is_none() {
            return;
        }
        self.settle_view();
        let now = self.now();
        let body = self.attention_so_far(Body::of(catalogue::PAGE_LEAVE), now);
        self.note(body, now);
        self.state.borrow_mut().page.view = None;
    }

    /// What the view has seen so far, when it is hidden and may never come back.
    pub(super) fn heartbeat(&self) {
        if self.state.borrow().page.view.is_none() || !self.config.page.engagement {
            return;
        }
        let now = self.now();
        let body = self.attention_so_far(Body::of(catalogue::PAGE_ENGAGEMENT), now);
        self.note(body, now);
    }

    fn attention_so_far(&self, properties: Properties, now: Now) -> Body {
        let extent = self.extent();
        let page = &mut self.state.borrow_mut().page;
        if let Some(extent) = extent {
            page.scroll.measure(extent);
        }
        page.engagement.advance(now.mono);
        page.reported_engaged_ms = page.engagement.engaged_ms();
        properties
            .duration("engagedMs", page.engagement.engaged_ms())
            .duration("visibleMs", page.engagement.visible_ms())
            .duration("maxScrollPercent", page.scroll.max_percent())
            .duration("maxScrollPx", page.scroll.max_px())
            .done()
    }

    fn extent(&self) -> Option<Extent> {
        match dom::scroll_extent()[..] {
            [top, viewport, height] => Some(Extent { top, viewport, height }),
            _ => None,
        }
    }

    /// Time passes.
    pub fn tick(&self) {
        let now = self.now();
        let due = {
            let page = &mut self.state.borrow_mut().page;
            page.engagement.advance(now.mono);
            page.view.is_some() && page.engagement.engaged_ms() - page.reported_engaged_ms >= HEARTBEAT_MS
        };
        if due {
            self.heartbeat();
        }
    }

    /// The visitor did something.
    pub fn active(&self) {
        let now = self.now();
        self.state.borrow_mut().page.engagement.activity(now.mono);
    }

    /// Scrolling came to rest.
    pub fn scrolled(&self) {
        let Some(extent) = self.extent() else { return };
        let now = self.now();
        let depths = {
            let page = &mut self.state.borrow_mut().page;
            if page.view.is_none() { &[] } else { page.scroll.measure(extent) }
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

    /// Something was clicked; `click` is what `dom.js` described.
    pub fn clicked(&self, click: &str) {
        let now = self.now();
        let mut seen = Click::default();
        for (name, value) in json::members(click) {
            let text = || json::text(value).unwrap_or_default();
            match name {
                "selector" => seen.selector = text(),
                "tag" => seen.tag = text(),
                "role" => seen.role = text(),
                "text" => seen.text = text(),
                "href" => seen.href = text(),
                "cta" => seen.cta = text(),
                "event" => seen.event = text(),
                "x" => seen.x = value,
                "y" => seen.y = value,
                "download" => seen.download = value == "true",
                "properties" => seen.properties = value,
                _ => {}
            }
        }
        let mut position = json::Object::new();
        position.raw("x", seen.x);
        position.raw("y", seen.y);
        let body = Body::of(catalogue::CLICK)
            .text("selector", &seen.selector)
            .text("tag", &seen.tag)
            .text("role", &seen.role)
            .raw("position", &position.finish())
            .text("text", &seen.text)
            .done();
        self.capture(body, now);
        let origin = self.window.location().origin().unwrap_or_default();
        match classify(Link { href: &seen.href, download: seen.download }, &origin) {
            LinkClick::Internal => {}
            LinkClick::Outbound => {
                self.capture(Body::of(catalogue::OUTBOUND_CLICK).text("href", &seen.href).done(), now);
            }
            LinkClick::Download(extension) => {
                let body = Body::of(catalogue::FILE_DOWNLOAD)
                    .text("href", &seen.href)
                    .text("extension", &extension.to_ascii_lowercase())
                    .done();
                self.capture(body, now);
            }
        }
        if !seen.cta.is_empty() {
            self.capture(Body::of(catalogue::CTA_CLICK).text("name", &seen.cta).done(), now);
        }
        if !seen.event.is_empty() {
            self.track(&seen.event, seen.properties);
        }
    }
}

/// A heartbeat every this much attention, ms.
const HEARTBEAT_MS: f64 = 60_000.0;

#[derive(Default)]
struct Click<'a> {
    selector: String,
    tag: String,
    role: String,
    text: String,
    href: String,
    cta: String,
    event: String,
    x: &'a str,
    y: &'a str,
    download: bool,
    properties: &'a str,
}
