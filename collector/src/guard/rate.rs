//! How many requests one address may make: a bucket that refills steadily and allows short bursts.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::fault::Fault;

/// A burst is this many seconds' worth of requests.
const BURST_S: f64 = 5.0;

/// Addresses remembered at the same time. They are kept in memory only.
const ADDRESSES: usize = 50_000;

/// The limit and who used how much of it.
#[derive(Debug, Default)]
pub struct RateLimit {
    per_second: Option<f64>,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl RateLimit {
    /// At most `per_second` requests of one address; `None`: no limit.
    pub fn new(per_second: Option<u32>) -> Self {
        Self { per_second: per_second.map(f64::from), buckets: Mutex::default() }
    }

    /// Counts a request; the refusal says when to come back.
    pub fn admit(&self, address: IpAddr) -> Result<(), Fault> {
        self.admit_at(address, Instant::now())
    }

    fn admit_at(&self, address: IpAddr, now: Instant) -> Result<(), Fault> {
        let Some(per_second) = self.per_second else { return Ok(()) };
        let full = per_second * BURST_S;
        let refilled = |bucket: &Bucket| {
            (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * per_second).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES {
            // A full bucket tells no more than a missing one. When nobody's is full we are under attack from many
            // addresses, and forgetting them all costs less than growing.
            buckets.retain(|_, bucket| refilled(bucket) < full);
            if buckets.len() >= ADDRESSES {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(household(address)).or_insert(Bucket { left: full, at: now });
        let left = refilled(bucket);
        *bucket = Bucket { left, at: now };
        if left < 1.0 {
            return Err(Fault::too_many(((1.0 - left) / per_second).ceil() as u32));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

/// IPv6 gives every household a whole network, so its first half is what counts.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds_for_that_address_alone() {
        let limit = RateLimit::new(Some(2));
        let start = Instant::now();
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        let passed = |at: Duration, address| limit.admit_at(address, start + at).is_ok();
        assert_eq!((0..20).filter(|_| passed(Duration::ZERO, one)).count(), 10);
        assert!(passed(Duration::ZERO, "192.0.2.2".parse().unwrap()));
        assert_eq!((0..20).filter(|_| passed(Duration::from_secs(1), one)).count(), 2);
    }

    #[test]
    fn an_ipv6_household_shares_one_bucket() {
        let limit = RateLimit::new(Some(1));
        let now = Instant::now();
        let admitted = (0..20u16).filter(|host| {
            limit.admit_at(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, *host).into(), now).is_ok()
        });
        assert_eq!(admitted.count(), 5);
    }
}
