//! What a click means: a link out, a download, a call to action.

use crate::text::{after, after_last, before, scheme};

/// What the browser room read of a clicked link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link<'a> {
    /// Its absolute address.
    pub href: &'a str,
    /// Whether it has a `download` attribute.
    pub download: bool,
}

/// What following a link means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LinkClick<'a> {
    /// It stays on the site.
    Internal,
    /// It leads to another site.
    Outbound,
    /// It fetches a file with this extension (as written, without the dot).
    Download(&'a str),
}

/// Extensions that are files to keep, not pages to read.
const FILES: &[&str] = &[
    "pdf", "xlsx", "docx", "pptx", "xls", "doc", "ppt", "txt", "rtf", "csv", "exe", "key", "pps", "7z",
    "pkg", "rar", "gz", "zip", "tgz", "avi", "mov", "mp4", "mpeg", "wmv", "midi", "mp3", "wav", "wma", "dmg",
    "msi", "apk", "iso", "epub", "ics", "json", "xml",
];

/// Decides what following `link` means on a page whose origin is `origin`.
pub fn classify<'a>(link: Link<'a>, origin: &str) -> LinkClick<'a> {
    let Some(("http" | "https", rest)) = scheme(link.href) else {
        return LinkClick::Internal;
    };
    let address = before(rest, b"?#");
    let path = after(address, b'/').unwrap_or_default();
    let file = after_last(path, b'/');
    let extension = after_last(after(file, b'.').unwrap_or_default(), b'.');
    let is_file = FILES.iter().any(|known| known.eq_ignore_ascii_case(extension));
    if link.download || is_file {
        return LinkClick::Download(extension);
    }
    let same = link
        .href
        .strip_prefix(origin)
        .is_some_and(|rest| matches!(rest.as_bytes().first(), None | Some(b'/' | b'?' | b'#')));
    if same { LinkClick::Internal } else { LinkClick::Outbound }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(href: &str) -> LinkClick<'_> {
        classify(Link { href, download: false }, "https://shop.example")
    }

    #[test]
    fn links_to_other_sites_are_outbound() {
        assert_eq!(kind("https://other.example/"), LinkClick::Outbound);
        assert_eq!(kind("http://shop.example/"), LinkClick::Outbound);
        assert_eq!(kind("https://shop.example.evil/"), LinkClick::Outbound);
        assert_eq!(kind("https://shop.example/a?b#c"), LinkClick::Internal);
        assert_eq!(kind("https://shop.example"), LinkClick::Internal);
        assert_eq!(kind("mailto:a@b.example"), LinkClick::Internal);
        assert_eq!(kind("javascript:void 0"), LinkClick::Internal);
    }

    #[test]
    fn files_are_downloads_wherever_they_are() {
        assert_eq!(kind("https://shop.example/files/List.PDF?x=1"), LinkClick::Download("PDF"));
        assert_eq!(kind("https://cdn.example/a.b.zip"), LinkClick::Download("zip"));
        assert_eq!(kind("https://example.zip/"), LinkClick::Outbound);
        assert_eq!(
            classify(Link { href: "https://shop.example/export", download: true }, "https://shop.example"),
            LinkClick::Download("")
        );
    }
}
