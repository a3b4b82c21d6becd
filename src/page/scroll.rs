//! How deep a view was seen.

const DEPTHS: [u8; 5] = [25, 50, 75, 90, 100];

/// What the browser room measured of the scrolling area, CSS px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// How far it is scrolled.
    pub top: f64,
    /// Height of what is visible.
    pub viewport: f64,
    /// Height of all of it.
    pub height: f64,
}

/// The depth of a view so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scroll {
    max_px: f64,
    height: f64,
    scrolled_percent: f64,
    reported: usize,
}

impl Scroll {
    /// Takes a measurement of a view at rest: what it shows by itself is seen, but reaches no depth.
    pub fn see(&mut self, extent: Extent) {
        let Extent { top, viewport, height } = extent;
        if height > 0.0 && viewport > 0.0 {
            self.height = height;
            self.max_px = self.max_px.max((top.max(0.0) + viewport).min(height));
        }
    }

    /// Takes a measurement after scrolling and answers with the depths (25, 50, 75, 90, 100 %) reached for the first time.
    ///
    /// When a page grows, the same pixel is a smaller share; what was reached by scrolling stays reached.
    pub fn scroll(&mut self, extent: Extent) -> &'static [u8] {
        self.see(extent);
        if extent.top <= 0.0 && self.reported == 0 {
            return &[];
        }
        let percent = self.share();
        self.scrolled_percent = self.scrolled_percent.max(percent);
        let from = self.reported;
        self.reported = from.max(DEPTHS.iter().filter(|depth| f64::from(**depth) <= percent).count());
        DEPTHS.get(from..self.reported).unwrap_or_default()
    }

    /// Fractional scroll positions stop short of the end by up to a pixel.
    fn share(&self) -> f64 {
        if self.height <= 0.0 {
            0.0
        } else if self.max_px + 1.0 >= self.height {
            100.0
        } else {
            100.0 * self.max_px / self.height
        }
    }

    /// Deepest share seen, 0 to 100.
    pub fn max_percent(&self) -> f64 {
        self.scrolled_percent.max(self.share())
    }

    /// Deepest point seen, CSS px from the top.
    pub fn max_px(&self) -> f64 {
        self.max_px
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [u8; 0] = [];

    fn at(top: f64, height: f64) -> Extent {
        Extent { top, viewport: 500.0, height }
    }

    #[test]
    fn each_depth_is_reached_once() {
        let mut scroll = Scroll::default();
        scroll.see(at(0.0, 2_000.0));
        assert_eq!((scroll.max_percent(), scroll.max_px()), (25.0, 500.0));
        assert_eq!(scroll.scroll(at(600.0, 2_000.0)), [25u8, 50]);
        assert_eq!(scroll.scroll(at(0.0, 2_000.0)), NONE);
        assert_eq!(scroll.scroll(at(1_499.5, 2_000.0)), [75u8, 90, 100]);
        assert_eq!(scroll.scroll(at(1_500.0, 2_000.0)), NONE);
        assert_eq!(scroll.max_percent(), 100.0);
    }

    #[test]
    fn a_page_that_fits_is_seen_whole_and_never_scrolled() {
        let mut scroll = Scroll::default();
        scroll.see(at(0.0, 300.0));
        assert_eq!(scroll.scroll(at(0.0, 300.0)), NONE);
        assert_eq!((scroll.max_percent(), scroll.max_px()), (100.0, 300.0));
    }

    #[test]
    fn a_page_that_grows_keeps_what_was_reached_by_scrolling() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.scroll(at(500.0, 1_000.0)), [25u8, 50, 75, 90, 100]);
        assert_eq!(scroll.scroll(at(600.0, 4_000.0)), NONE);
        assert_eq!((scroll.max_px(), scroll.max_percent()), (1_100.0, 100.0));
    }

    #[test]
    fn a_page_that_was_short_only_at_first_was_not_seen_whole() {
        let mut scroll = Scroll::default();
        scroll.see(at(0.0, 300.0));
        scroll.see(at(0.0, 2_000.0));
        assert_eq!((scroll.max_px(), scroll.max_percent()), (500.0, 25.0));
    }

    #[test]
    fn nonsense_is_ignored() {
        let mut scroll = Scroll::default();
        for height in [0.0, -1.0, f64::NAN] {
            assert_eq!(scroll.scroll(at(10.0, height)), NONE);
        }
        assert_eq!(scroll.max_percent(), 0.0);
    }
}
