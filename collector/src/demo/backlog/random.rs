//! Randomness that is the same on every machine: what a seed gives, it gives for ever.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 up to `end`, which is not among them.
    pub fn below(&mut self, end: u64) -> u64 {
        (self.unit() * end as f64) as u64
    }

    /// From `from` up to `to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + self.unit() * (to - from)
    }

    /// True so often.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Around `median` as durations are: some are several times as long, none is negative. `spread` is the standard
    /// deviation of its logarithm.
    pub fn duration(&mut self, median: f64, spread: f64) -> f64 {
        // The sum of twelve is nearly normal.
        let normal = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        (median * (normal * spread).exp() * 10.0).round() / 10.0
    }

    /// One of these, as often as its weight says.
    pub fn pick<'c, T>(&mut self, choices: &'c [(f64, T)]) -> &'c T {
        let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.unit() * total;
        for (weight, choice) in choices {
            if left < *weight {
                return choice;
            }
            left -= weight;
        }
        &choices[choices.len() - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_for_ever() {
        let mut random = Random::new(7);
        assert_eq!([random.below(1000), random.below(1000), random.below(1000)], [389, 16, 900]);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.unit())));
    }
}
