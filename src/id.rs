//! Identifiers: UUIDv7 for events and views, derived ids for what two tabs must name alike.

use crate::json;

/// A source of randomness, seeded once from the browser's.
///
/// SplitMix64 (Steele, Lea, Flood 2014) over a 128-bit seed: enough to keep ids apart, not meant for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
    other: u64,
}

impl Random {
    /// Seeds from 16 random bytes.
    pub fn new(seed: u128) -> Self {
        Self { state: seed as u64, other: (seed >> 64) as u64 }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state) ^ self.other
    }

    /// The next 128 bits.
    pub fn next_u128(&mut self) -> u128 {
        (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64())
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Mixes 128 bits into 128 others, the same for everyone: how tabs derive the same next id without talking.
pub fn derive(seed: u128, purpose: u64) -> u128 {
    let high = mix((seed >> 64) as u64 ^ purpose);
    let low = mix((seed as u64).wrapping_add(high).wrapping_add(purpose));
    (u128::from(mix(high ^ low.rotate_left(32))) << 64) | u128::from(low)
}

/// Makes UUIDv7 (RFC 9562, 5.7): time first, so ids sort by when things happened.
///
/// After the first, the random part counts up (RFC 9562, 6.2, method 2): still unique, still hard to guess, and the ids
/// of one batch share most of their digits, which gzip turns into bytes saved on every event.
#[derive(Debug, Clone)]
pub struct Ids {
    tail: u128,
}

const TAIL_BITS: u32 = 74;

impl Ids {
    /// Starts from a random tail.
    pub fn new(random: &mut Random) -> Self {
        Self { tail: random.next_u128() }
    }

    /// An id for something that happened at `wall_ms` (ms since 1970).
    pub fn at(&mut self, wall_ms: f64) -> String {
        self.tail = self.tail.wrapping_add(1);
        v7(wall_ms, self.tail)
    }
}

/// A UUIDv7 with a given random part, of which 74 bits are used.
pub fn v7(wall_ms: f64, tail: u128) -> String {
    let time = u128::from(wall_ms.max(0.0) as u64) & 0xffff_ffff_ffff;
    let tail = tail & ((1 << TAIL_BITS) - 1);
    uuid((time << 80) | ((tail >> 62) << 64) | (tail & ((1 << 62) - 1)), 7)
}

/// Writes 128 bits as a UUID of the given version.
pub fn uuid(bits: u128, version: u8) -> String {
    let bits = (bits & !(0xf << 76) & !(0b11 << 62)) | (u128::from(version) << 76) | (0b10 << 62);
    let mut out = String::with_capacity(36);
    for at in 0..32u32 {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(json::hex((bits >> (124 - 4 * at)) as u8));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_unique_and_in_order_of_time() {
        let mut ids = Ids::new(&mut Random::new(7));
        let made: Vec<_> = (0..1000).map(|i| ids.at(1_763_623_473_123.0 + f64::from(i / 10))).collect();
        for id in &made {
            assert_eq!(id.len(), 36);
            assert_eq!(&id[14..15], "7");
            assert!("89ab".contains(&id[19..20]));
        }
        let mut sorted = made.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted, made);
        assert!(made[0].starts_with("019aa"), "{}", made[0]);
    }

    #[test]
    fn two_trackers_never_make_the_same_id() {
        let mut a = Ids::new(&mut Random::new(1 << 70));
        let mut b = Ids::new(&mut Random::new(2 << 70));
        assert_ne!(a.at(1e12), b.at(1e12));
    }

    #[test]
    fn derived_bits_are_the_same_for_all_and_differ_by_purpose() {
        assert_eq!(derive(5, 1), derive(5, 1));
        assert_ne!(derive(5, 1), derive(5, 2));
        assert_ne!(derive(5, 1), derive(6, 1));
    }

    #[test]
    fn random_units_fill_the_interval() {
        let mut random = Random::new(42);
        let mean = (0..10_000).map(|_| random.unit()).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
