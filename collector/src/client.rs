//! Who is at the other end of a request.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};

use crate::config::Config;
use crate::store::Visitor;

/// The client's address: the connection's, or, behind a proxy that we were told to trust, the one that proxy saw, which
/// it appends last.
pub fn address(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let values = headers.get_all("x-forwarded-for");
        values.iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let proxied = if config.trust_proxy { forwarded() } else { None };
    proxied.unwrap_or_else(|| peer.ip())
}

/// What visitors are counted by, unless they are not counted.
pub fn visitor(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> Option<Visitor> {
    config
        .count_visitors
        .then(|| Visitor { address: address(config, peer, headers), user_agent: user_agent(headers) })
}

/// Whether a machine says of itself that it is one. Headless browsers are not named here: tests use them.
pub fn is_bot(headers: &HeaderMap) -> bool {
    const SIGNS: [&str; 10] = [
        "bot",
        "crawl",
        "spider",
        "slurp",
        "facebookexternalhit",
        "lighthouse",
        "pagespeed",
        "pingdom",
        "scrap",
        "archiver",
    ];
    let name = user_agent(headers).to_ascii_lowercase();
    // Cubot makes telephones.
    let name = name.replace("cubot", "");
    SIGNS.iter().any(|sign| name.contains(sign))
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT);
    value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crawlers_are_told_from_people() {
        let is_bot = |agent: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            super::is_bot(&headers)
        };
        assert!(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
        assert!(is_bot("facebookexternalhit/1.1"));
        assert!(!is_bot(
            "Mozilla/5.0 (Linux; Android 8.0; CUBOT_X18_Plus) AppleWebKit/537.36 Chrome/88.0 Mobile"
        ));
        assert!(!is_bot(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36"
        ));
        assert!(!is_bot("curl/8.5.0"));
    }
}
