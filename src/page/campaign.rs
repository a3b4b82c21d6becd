//! Where a visitor came from: what the address says of a campaign, and the channel that follows from it.

use super::fields::cut;
use crate::json::{self, Object, members};
use crate::text::{after_last, before, parts, scheme};

/// Values are cut to this many characters.
const MAX_CHARS: usize = 200;

/// Click ids that ad networks append, and the channel each stands for when nothing else says so. Facebook appends its
/// id to every link, paid or not.
const CLICK_IDS: [(&str, &str); 9] = [
    ("gclid", "paid_search"),
    ("gbraid", "paid_search"),
    ("wbraid", "paid_search"),
    ("msclkid", "paid_search"),
    ("dclid", "display"),
    ("ttclid", "paid_social"),
    ("twclid", "paid_social"),
    ("li_fat_id", "paid_social"),
    ("fbclid", "social"),
];

/// What a `utm_medium` that begins like this stands for, first match first.
const MEDIUMS: [(&str, &str); 21] = [
    ("display", "display"),
    ("banner", "display"),
    ("cpm", "display"),
    ("cp", "paid"),
    ("ppc", "paid"),
    ("paid", "paid"),
    ("retargeting", "paid"),
    ("email", "email"),
    ("e-mail", "email"),
    ("mail", "email"),
    ("newsletter", "email"),
    ("affiliate", "affiliate"),
    ("social", "social"),
    ("sms", "sms"),
    ("push", "push"),
    ("notification", "push"),
    ("video", "video"),
    ("audio", "audio"),
    ("organic", "organic_search"),
    ("referral", "referral"),
    ("link", "referral"),
];

/// Sites by what they are, first match first. A name is a label of the host (`google` is in `www.google.co.uk`); one
/// with a dot is the whole host.
const SITES: [(&str, &str); 5] = [
    ("email", "mail outlook gm webmail"),
    ("ai_assistant", "chatgpt openai perplexity claude gemini copilot deepseek grok"),
    (
        "organic_search",
        "google bing duckduckgo yahoo ecosia baidu yandex qwant startpage brave naver seznam kagi",
    ),
    (
        "social",
        "facebook fb instagram twitter x.com t.co linkedin lnkd.in reddit pinterest tiktok vk weibo threads bsky \
         mastodon quora whatsapp telegram t.me discord snapchat ycombinator",
    ),
    ("video", "youtube youtu.be vimeo twitch"),
];

/// The campaign as a JSON object: every `utm_*` without its prefix, the click ids, `referrerHost`, and `channel`.
///
/// `query` is the decoded query of the address as a JSON object of texts, `own` the host of the page.
pub fn campaign(query: &str, referrer: &str, own: &str) -> String {
    let mut out = Object::new();
    let (mut medium, mut source, mut clicked) = (String::new(), String::new(), "");
    for (name, value) in members(query) {
        let Some(text) = json::text(value).filter(|text| !text.is_empty()) else { continue };
        let text = cut(&text, MAX_CHARS);
        if let Some(part) = name.strip_prefix("utm_") {
            out.text(part, text);
            match part {
                "medium" => medium = text.to_ascii_lowercase(),
                "source" => source = text.into(),
                _ => {}
            }
        } else if let Some((_, channel)) = CLICK_IDS.iter().find(|(id, _)| *id == name) {
            out.text(name, text);
            clicked = channel;
        }
    }
    let referrer = host(referrer);
    if !referrer.is_empty() {
        out.text("referrerHost", referrer);
    }
    out.text("channel", channel(&medium, &source, clicked, referrer, own));
    out.finish()
}

fn channel(medium: &str, source: &str, clicked: &'static str, referrer: &str, own: &str) -> &'static str {
    let said = !source.is_empty();
    let site = site(if said { source } else { referrer });
    let by_medium = MEDIUMS.iter().find(|(start, _)| medium.starts_with(start)).map(|(_, channel)| *channel);
    match by_medium {
        Some("paid") => match site.filter(|_| said || clicked.is_empty()).unwrap_or(clicked) {
            "social" | "paid_social" => "paid_social",
            "organic_search" | "paid_search" => "paid_search",
            _ => "paid",
        },
        Some(channel) => channel,
        None if !clicked.is_empty() => clicked,
        None if said => site.unwrap_or("other"),
        None if referrer.is_empty() => "direct",
        None if referrer == own => "internal",
        None => site.unwrap_or("referral"),
    }
}

fn site(host: &str) -> Option<&'static str> {
    let whole = host.strip_prefix("www.").unwrap_or(host);
    let is = |name: &str| {
        let dotted = name.bytes().any(|byte| byte == b'.');
        name.eq_ignore_ascii_case(whole)
            || (!dotted && parts(host, b'.').any(|label| name.eq_ignore_ascii_case(label)))
    };
    SITES.iter().find(|(_, names)| parts(names, b' ').any(is)).map(|(channel, _)| *channel)
}

/// The host of an absolute address, with its port; empty for anything else.
pub fn host(url: &str) -> &str {
    let authority = scheme(url).map_or("", |(_, rest)| before(rest, b"/"));
    after_last(authority, b'@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel_of(query: &str, referrer: &str) -> String {
        let campaign = campaign(query, referrer, "shop.example");
        members(&campaign)
            .find(|(name, _)| *name == "channel")
            .and_then(|(_, value)| json::text(value))
            .unwrap()
    }

    #[test]
    fn a_campaign_keeps_its_words_and_ids() {
        let query =
            r#"{"utm_source":"News","utm_medium":"Email","utm_campaign":"fall","gclid":"G1","q":"secret"}"#;
        assert_eq!(
            campaign(query, "https://mail.google.com/mail/u/0", "shop.example"),
            r#"{"source":"News","medium":"Email","campaign":"fall","gclid":"G1","referrerHost":"mail.google.com","channel":"email"}"#
        );
        assert_eq!(campaign("{}", "", "shop.example"), r#"{"channel":"direct"}"#);
    }

    #[test]
    fn channels_follow_from_the_referrer() {
        for (referrer, channel) in [
            ("", "direct"),
            ("https://shop.example/a", "internal"),
            ("https://www.google.co.uk/", "organic_search"),
            ("https://duckduckgo.com/", "organic_search"),
            ("https://mail.google.com/", "email"),
            ("https://gemini.google.com/", "ai_assistant"),
            ("https://chatgpt.com/c/1", "ai_assistant"),
            ("https://t.co/x", "social"),
            ("https://x.com/a", "social"),
            ("https://l.facebook.com/l.php", "social"),
            ("https://news.ycombinator.com/item", "social"),
            ("https://www.youtube.com/watch", "video"),
            ("android-app://com.google.android.gm/", "email"),
            ("https://x.shop.example/", "referral"),
            ("https://notgoogle.example/", "referral"),
        ] {
            assert_eq!(channel_of("{}", referrer), channel, "{referrer}");
        }
    }

    #[test]
    fn what_the_campaign_says_beats_the_referrer() {
        for (query, channel) in [
            (r#"{"utm_source":"google","utm_medium":"cpc"}"#, "paid_search"),
            (r#"{"utm_source":"Facebook","utm_medium":"paid_social"}"#, "paid_social"),
            (r#"{"utm_source":"partner","utm_medium":"CPC"}"#, "paid"),
            (r#"{"utm_source":"x","utm_medium":"cpm"}"#, "display"),
            (r#"{"utm_source":"list","utm_medium":"newsletter"}"#, "email"),
            (r#"{"utm_source":"linkedin"}"#, "social"),
            (r#"{"utm_source":"poster"}"#, "other"),
            (r#"{"gclid":"1"}"#, "paid_search"),
            (r#"{"fbclid":"1"}"#, "social"),
            (r#"{"li_fat_id":"1"}"#, "paid_social"),
            (r#"{"fbclid":"1","utm_medium":"cpc"}"#, "paid_social"),
            (r#"{"gclid":""}"#, "organic_search"),
        ] {
            assert_eq!(channel_of(query, "https://www.bing.com/"), channel, "{query}");
        }
    }

    #[test]
    fn hosts_are_read_from_absolute_addresses_only() {
        assert_eq!(host("https://user:pw@a.example:8080/x"), "a.example:8080");
        assert_eq!(host("https://a.example"), "a.example");
        for none in ["", "/a/b", "about:blank", "a//b"] {
            assert_eq!(host(none), "", "{none}");
        }
    }
}
