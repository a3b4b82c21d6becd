//! What people do on a page.

super::events! {
    PAGE_VIEW "page_view" "A page or route was shown." {
        url: Url "Its address, query cleaned, without fragment.",
        path: Text "The path of that address.",
        title: Text observed "The document's title.",
        referrer: Url observed "Where the visitor came from: another site, or the view before.",
        navigationType: Text "`navigate`, `reload`, `back-forward`, `back-forward-cache`, `prerender`, `restore`, `push`, `replace`, `pop`, `hash` or `manual`.",
    }
    PAGE_LEAVE "page_leave" "The view was left: another route, another page, a closed tab." {
        engagedMs: Number observed "Time visible, focused and recently active, ms.",
        visibleMs: Number observed "Time visible, ms.",
        maxScrollPercent: Number observed "Deepest point seen, share of the height of what scrolls, 0 to 100.",
        maxScrollPx: Number observed "Deepest point seen, CSS px from the top.",
    }
    PAGE_ENGAGEMENT "page_engagement" "Heartbeat of a view that goes on: the totals so far, as in `page_leave`." {
        engagedMs: Number observed "Time visible, focused and recently active, ms.",
        visibleMs: Number observed "Time visible, ms.",
        maxScrollPercent: Number observed "Deepest point seen, share of the height of what scrolls, 0 to 100.",
        maxScrollPx: Number observed "Deepest point seen, CSS px from the top.",
    }
    SCROLL_DEPTH "scroll_depth" "A depth was reached by scrolling, once per view." {
        percent: Count "25, 50, 75, 90 or 100.",
        px: Number "The depth, CSS px from the top.",
    }
    CLICK "click" "A click, tap or keyboard activation." {
        selector: Text "A short path to the element that survives re-rendering.",
        tag: Text "The element's tag, lower case.",
        role: Text observed "Its ARIA role, given or implied.",
        position: Object observed "`{x, y}` in the viewport, CSS px; a key clicks nowhere.",
        text: Text content "The element's text.",
    }
    OUTBOUND_CLICK "outbound_click" "A link to another site was followed." {
        href: Url "Where it leads.",
    }
    FILE_DOWNLOAD "file_download" "A link to a file was followed." {
        href: Url "The file's address.",
        extension: Text "Its extension, lower case, without the dot.",
    }
    CTA_CLICK "cta_click" "An element marked `data-cv-cta` was clicked." {
        name: Text "The mark's value.",
    }
    RAGE_CLICK "rage_click" "Three clicks or more at one spot within a second." {
        selector: Text "The element first clicked.",
        count: Count "How many clicks, when the last had come.",
    }
    DEAD_CLICK "dead_click" "A click on something that looks clickable, to which the page gave no reply within 2.5 s." {
        selector: Text "The element.",
    }
    WEB_VITAL "web_vital" "One Web Vital of a view." {
        name: Text "`LCP`, `CLS`, `INP`, `FCP`, `TTFB` or `FID`.",
        value: Number "ms, or the score for CLS.",
        delta: Number "Change since the last report under the same id.",
        rating: Text "`good`, `needs-improvement` or `poor`.",
        id: Text "Unique per metric and page life.",
        navigationType: Text "As in web-vitals: `navigate`, `reload`, `back-forward`, `back-forward-cache`, `prerender`, `restore`, `soft-navigation`.",
        attribution: Object observed "The element or interaction, and the phases.",
    }
    ELEMENT_IMPRESSION "element_impression" "A marked element was seen long enough, once per view." {
        elementId: Text "Value of `data-cv-impression`, or the id given to the API.",
        ratio: Number "Largest visible share, 0 to 1.",
        dwellMs: Number "How long it was visible by then, ms.",
    }
    JS_ERROR "js_error" "An error, an unhandled rejection, a resource that failed, or a CSP violation." {
        type: Text "`error`, `unhandledrejection`, `resource` or `csp`, and after a colon the error's name, the element or the directive.",
        source: Url observed "The script or resource.",
        line: Count observed "Line, from 1.",
        column: Count observed "Column, from 1.",
        fingerprint: Text "Equal for equal errors.",
        count: Count "How often it came since it was last told of.",
        message: Text content "The message.",
    }
}
