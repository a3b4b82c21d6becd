//! The options a site writes → a config we trust, or one clear error: what was wanted and what was given.

use crate::json::{self, elements, members};
use crate::page::fields;
use crate::policy::consent::Posture;
use crate::session::Limits;

/// Where the session record is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// Shared by all tabs of the origin, survives the browser's restart.
    Local,
    /// This tab only.
    Tab,
    /// This page only: nothing is stored.
    Memory,
}

/// Which page signals are captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSignals {
    /// Page views and leaves.
    pub views: bool,
    /// Whether the fragment names a route.
    pub hash_routes: bool,
    /// Scroll depth.
    pub scroll: bool,
    /// Engagement time.
    pub engagement: bool,
    /// Clicks, links, downloads, calls to action, frustration.
    pub clicks: bool,
    /// Web Vitals.
    pub vitals: bool,
    /// Whether route changes within the page begin new vitals, where the browser recognises them.
    pub soft_navigations: bool,
    /// Errors.
    pub errors: bool,
    /// Impressions.
    pub impressions: bool,
}

/// A checked configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `false`: nothing runs, nothing is stored.
    pub enabled: bool,
    /// Where the built-in HTTP sink posts; absent: no HTTP sink.
    pub endpoint: Option<String>,
    /// Headers for the requests to it, a JSON object of strings.
    pub headers: Option<String>,
    /// Lets content fields through.
    pub include_content: bool,
    /// JSON object, sent with every event under `context`.
    pub context: String,
    /// Share of events kept, 0 to 1.
    pub sample_rate: f64,
    /// The consent known at the start; absent: no gate.
    pub consent: Option<Posture>,
    /// Whether the consent posture counts.
    pub respect_consent: bool,
    /// Whether Global Privacy Control counts as a withheld consent.
    pub respect_gpc: bool,
    /// Bound of the local buffer and of the queue, events.
    pub max_events: usize,
    /// A batch leaves at this many events…
    pub batch_size: usize,
    /// …or at this age, ms.
    pub batch_interval_ms: f64,
    /// When a visit is over.
    pub session: Limits,
    /// Where the session record is kept.
    pub persistence: Persistence,
    /// Which page signals are captured.
    pub page: PageSignals,
    /// CSS selector of what scrolls instead of the page; empty: found by itself.
    pub scroll_container: String,
    /// Query parameters that are kept in every URL, besides those known to be harmless.
    pub allow_query: Vec<String>,
    /// Custom fields, a JSON object: `s1`… strings, `n1`… numbers, `b1`… truth values.
    pub fields: String,
    /// A readable log of what is captured, dropped and sent.
    pub debug: bool,
}

/// An option that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    message: String,
}

impl ConfigError {
    fn new(option: &str, wanted: &str, given: &str) -> Self {
        let mut message = String::from("ChatVitals: option \"");
        for part in [option, "\" should be ", wanted, ", but was ", given.get(..80).unwrap_or(given)] {
            message.push_str(part);
        }
        Self { message }
    }

    fn unknown(option: &str, known: &str) -> Self {
        let mut message = String::from("ChatVitals: unknown option \"");
        for part in [option, "\"; the options are ", known] {
            message.push_str(part);
        }
        Self { message }
    }

    /// One sentence for the developer's console.
    pub fn message(&self) -> &str {
        &self.message
    }
}

const ALL_ON: PageSignals = PageSignals {
    views: true,
    hash_routes: false,
    scroll: true,
    engagement: true,
    clicks: true,
    vitals: true,
    soft_navigations: false,
    errors: true,
    impressions: true,
};

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            endpoint: None,
            headers: None,
            include_content: false,
            context: "{}".into(),
            sample_rate: 1.0,
            consent: None,
            respect_consent: true,
            respect_gpc: true,
            max_events: 1_000,
            batch_size: 20,
            batch_interval_ms: 5_000.0,
            session: Limits { idle_ms: 30.0 * 60_000.0, max_ms: 24.0 * 3_600_000.0 },
            persistence: Persistence::Local,
            page: ALL_ON,
            scroll_container: String::new(),
            allow_query: Vec::new(),
            fields: "{}".into(),
            debug: false,
        }
    }
}

const OPTIONS: &str = "enabled, endpoint, headers, sink, includeContent, context, dimensions, sampleRate, consent, \
    respectConsent, respectGpc, maxEvents, batch, session, page, fields, chat, propagateTraceTo, debug, wasmUrl";

/// What an option should be, when it is not.
type Wanted = &'static str;
/// Takes one option, by name and value; `false` when there is none of that name.
type Reader = fn(&mut Config, &str, &str) -> Result<bool, Wanted>;

/// Options that are objects of options: their name, what they hold, and who reads it.
const GROUPS: [(&str, &str, Reader); 3] = [
    ("batch", "batch.size, batch.intervalMs", Config::read_batch),
    ("session", "session.idleMinutes, session.maxHours, session.persistence", Config::read_session),
    (
        "page",
        "page.views, page.hashRoutes, page.scroll, page.scrollContainer, page.engagement, page.clicks, page.vitals, \
         page.softNavigations, page.errors, page.impressions, page.allowQuery",
        Config::read_page,
    ),
];

impl Config {
    /// Reads the options as the JSON object JavaScript made of them. `null` stands for absent.
    ///
    /// # Errors
    /// The first option that is unknown, or whose value is not what it should be.
    pub fn parse(options: &str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        config.walk(options, OPTIONS, Self::read)?;
        for (name, known, reader) in GROUPS {
            for (_, value) in
                members(options).filter(|(given, value)| *given == name && value.starts_with('{'))
            {
                config.walk(value, known, reader)?;
            }
        }
        Ok(config)
    }

    #[inline(never)]
    fn walk(&mut self, options: &str, known: &str, reader: Reader) -> Result<(), ConfigError> {
        for (name, value) in members(options) {
            if value == "null" {
                continue;
            }
            match reader(self, name, value) {
                Ok(true) => {}
                Ok(false) => return Err(ConfigError::unknown(name, known)),
                Err(wanted) => return Err(ConfigError::new(name, wanted, value)),
            }
        }
        Ok(())
    }

    fn read(&mut self, name: &str, value: &str) -> Result<bool, Wanted> {
        let flag = match name {
            "enabled" => &mut self.enabled,
            "includeContent" => &mut self.include_content,
            "respectConsent" => &mut self.respect_consent,
            "respectGpc" => &mut self.respect_gpc,
            "debug" => &mut self.debug,
            _ => return self.read_other(name, value),
        };
        *flag = boolean(value)?;
        Ok(true)
    }

    fn read_other(&mut self, name: &str, value: &str) -> Result<bool, Wanted> {
        match name {
            "endpoint" => self.endpoint = Some(text(value, "a URL")?).filter(|url| !url.is_empty()),
            "headers" => {
                const WANTED: &str = "an object of strings";
                for (_, header) in members(object(value).map_err(|_| WANTED)?) {
                    text(header, WANTED)?;
                }
                self.headers = Some(value.into());
            }
            "context" => self.context = object(value)?.into(),
            "sampleRate" => self.sample_rate = number(value, 0.0, 1.0, "a number from 0 to 1")?,
            "consent" => {
                const WANTED: &str = "\"none\", \"functional\", \"analytics\" or \"all\"";
                self.consent = Some(Posture::parse(&text(value, WANTED)?).ok_or(WANTED)?);
            }
            "maxEvents" => self.max_events = count(value)?,
            "fields" => self.fields = fields::merge("{}", object(value)?),
            // Read when everything else is, as groups.
            "batch" | "session" => _ = object(value)?,
            "page" => {
                if let Some(all) = json::boolean(value) {
                    let PageSignals {
                        views,
                        hash_routes: _,
                        scroll,
                        engagement,
                        clicks,
                        vitals,
                        soft_navigations: _,
                        errors,
                        impressions,
                    } = &mut self.page;
                    for signal in [views, scroll, engagement, clicks, vitals, errors, impressions] {
                        *signal = all;
                    }
                } else {
                    object(value)?;
                }
            }
            // The shell's own: functions and loading stay on its side of the boundary.
            "sink" | "dimensions" | "chat" | "propagateTraceTo" | "wasmUrl" => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_batch(&mut self, name: &str, value: &str) -> Result<bool, Wanted> {
        match name {
            "size" => self.batch_size = count(value)?,
            "intervalMs" => self.batch_interval_ms = number(value, 0.0, 1e9, "a number of ms, 0 or more")?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_session(&mut self, name: &str, value: &str) -> Result<bool, Wanted> {
        const TIME: &str = "a positive number";
        match name {
            "idleMinutes" => self.session.idle_ms = 60_000.0 * number(value, 1e-3, 1e6, TIME)?,
            "maxHours" => self.session.max_ms = 3_600_000.0 * number(value, 1e-3, 1e5, TIME)?,
            "persistence" => {
                self.persistence = match value {
                    "\"local\"" => Persistence::Local,
                    "\"tab\"" => Persistence::Tab,
                    "\"memory\"" => Persistence::Memory,
                    _ => return Err("\"local\", \"tab\" or \"memory\""),
                };
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_page(&mut self, name: &str, value: &str) -> Result<bool, Wanted> {
        let signal = match name {
            "views" => &mut self.page.views,
            "hashRoutes" => &mut self.page.hash_routes,
            "scroll" => &mut self.page.scroll,
            "engagement" => &mut self.page.engagement,
            "clicks" => &mut self.page.clicks,
            "vitals" => &mut self.page.vitals,
            "softNavigations" => &mut self.page.soft_navigations,
            "errors" => &mut self.page.errors,
            "impressions" => &mut self.page.impressions,
            "scrollContainer" => {
                self.scroll_container = text(value, "a CSS selector")?;
                return Ok(true);
            }
            "allowQuery" => {
                const WANTED: &str = "an array of parameter names";
                if !value.starts_with('[') {
                    return Err(WANTED);
                }
                self.allow_query.clear();
                for name in elements(value) {
                    self.allow_query.push(text(name, WANTED)?);
                }
                return Ok(true);
            }
            _ => return Ok(false),
        };
        *signal = boolean(value)?;
        Ok(true)
    }
}

fn boolean(value: &str) -> Result<bool, Wanted> {
    json::boolean(value).ok_or("true or false")
}

#[inline(never)]
fn text(value: &str, wanted: Wanted) -> Result<String, Wanted> {
    json::text(value).ok_or(wanted)
}

#[inline(never)]
fn number(value: &str, least: f64, most: f64, wanted: Wanted) -> Result<f64, Wanted> {
    json::number(value).filter(|n| (least..=most).contains(n)).ok_or(wanted)
}

#[inline(never)]
fn count(value: &str) -> Result<usize, Wanted> {
    const WANTED: &str = "a whole number, 1 or more";
    let number = number(value, 1.0, 1e6, WANTED)?;
    let whole = number as usize;
    if whole as f64 == number { Ok(whole) } else { Err(WANTED) }
}

fn object(value: &str) -> Result<&str, Wanted> {
    if value.starts_with('{') { Ok(value) } else { Err("an object") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_given_means_the_documented_defaults() {
        let config = Config::parse("{}").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!((config.batch_size, config.batch_interval_ms, config.max_events), (20, 5_000.0, 1_000));
    }

    #[test]
    fn every_option_is_read() {
        let config = Config::parse(
            r#"{"enabled":false,"endpoint":"/e","headers":{"x":"y"},"includeContent":true,"context":{"a":1},"sampleRate":0.25,
                "consent":"functional","respectConsent":false,"respectGpc":false,"maxEvents":5,
                "batch":{"size":3,"intervalMs":100},"session":{"idleMinutes":1,"maxHours":2,"persistence":"tab"},
                "page":{"clicks":false,"hashRoutes":true,"scrollContainer":"main","allowQuery":["page","tab"]},
                "fields":{"s1":"x","n1":"4"},"debug":true,"wasmUrl":"/w","chat":false,"sink":null}"#,
        )
        .unwrap();
        let expected = Config {
            enabled: false,
            endpoint: Some("/e".into()),
            headers: Some("{\"x\":\"y\"}".into()),
            include_content: true,
            context: "{\"a\":1}".into(),
            sample_rate: 0.25,
            consent: Some(Posture::Functional),
            respect_consent: false,
            respect_gpc: false,
            max_events: 5,
            batch_size: 3,
            batch_interval_ms: 100.0,
            session: Limits { idle_ms: 60_000.0, max_ms: 7_200_000.0 },
            persistence: Persistence::Tab,
            page: PageSignals { clicks: false, hash_routes: true, ..ALL_ON },
            scroll_container: "main".into(),
            allow_query: vec!["page".into(), "tab".into()],
            fields: r#"{"s1":"x","n1":4}"#.into(),
            debug: true,
        };
        assert_eq!(config, expected);
        let off = Config::parse(r#"{"page":false}"#).unwrap().page;
        assert!(
            !(off.views
                || off.scroll
                || off.engagement
                || off.clicks
                || off.vitals
                || off.errors
                || off.impressions)
        );
    }

    #[test]
    fn a_mistake_says_what_was_wanted_and_what_was_given() {
        for (given, said) in [
            (r#"{"sampleRate":2}"#, r#"option "sampleRate" should be a number from 0 to 1, but was 2"#),
            (r#"{"enabled":"yes"}"#, r#"option "enabled" should be true or false, but was "yes""#),
            (
                r#"{"consent":"maybe"}"#,
                r#"option "consent" should be "none", "functional", "analytics" or "all", but was "maybe""#,
            ),
            (
                r#"{"maxEvents":1.5}"#,
                r#"option "maxEvents" should be a whole number, 1 or more, but was 1.5"#,
            ),
            (
                r#"{"page":{"allowQuery":"q"}}"#,
                r#"option "allowQuery" should be an array of parameter names, but was "q""#,
            ),
            (r#"{"batch":3}"#, r#"option "batch" should be an object, but was 3"#),
            (
                r#"{"session":{"persistence":"cookie"}}"#,
                r#"should be "local", "tab" or "memory", but was "cookie""#,
            ),
            (r#"{"endpont":"/x"}"#, r#"unknown option "endpont"; the options are enabled, endpoint"#),
            (r#"{"batch":{"sise":1}}"#, r#"unknown option "sise"; the options are batch.size"#),
        ] {
            let error = Config::parse(given).unwrap_err();
            assert!(error.message().contains(said), "{}", error.message());
        }
    }
}
