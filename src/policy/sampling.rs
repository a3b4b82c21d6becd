//! Which events are kept: the same answer for the same session, type and turn, everywhere and every time.

/// Whether such an event is kept at `rate` (0 to 1).
///
/// FNV-1a-32 over `sessionId|type|turnIndex`, finished with murmur3's fmix32: without it, neighbouring turns hash close
/// together and whole sessions would be kept or dropped (facts/systems.md 2.3).
pub fn keep(session_id: &str, event_type: &str, turn_index: Option<u32>, rate: f64) -> bool {
    unit(session_id, event_type, turn_index) < rate
}

/// Where such an event falls between 0 and 1.
pub fn unit(session_id: &str, event_type: &str, turn_index: Option<u32>) -> f64 {
    let mut turn = String::new();
    if let Some(index) = turn_index {
        crate::json::push_unsigned(&mut turn, u64::from(index));
    }
    let all = [session_id, "|", event_type, "|", &turn]
        .into_iter()
        .fold(0x811c_9dc5, |all, part| hash(all, part.as_bytes()));
    f64::from(fmix32(all)) / 4_294_967_296.0
}

/// FNV-1a-32, continued from `seed`.
pub(crate) fn hash(seed: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(seed, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn fmix32(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        let vectors = [
            ("s1", "user_message_sent", Some(0), 3_407_506_943_u32),
            ("s1", "user_message_sent", Some(1), 1_971_239_810),
            ("s1", "session_idle", None, 2_424_665_174),
            ("é", "a", Some(2), 1_797_258_713),
        ];
        for (session, event, turn, hash) in vectors {
            assert_eq!(
                unit(session, event, turn),
                f64::from(hash) / 4_294_967_296.0,
                "{session} {event} {turn:?}"
            );
        }
    }

    #[test]
    fn the_share_that_is_kept_is_the_rate() {
        for rate in [0.05, 0.1, 0.25, 0.5, 0.9] {
            let kept = (0..100_000_u32)
                .filter(|event| {
                    let session = format!("0193a0f0-4111-7111-8111-{:012x}", event / 20);
                    keep(&session, "user_message_sent", Some(event % 20), rate)
                })
                .count();
            let share = kept as f64 / 100_000.0;
            assert!((share - rate).abs() <= 0.01 * rate.max(0.25), "{share} at rate {rate}");
        }
        assert!(keep("s", "e", None, 1.0) && !keep("s", "e", None, 0.0));
    }

    #[test]
    fn neighbouring_turns_are_independent() {
        let (mut one, mut both) = (0, 0);
        for session in 0..20_000 {
            let id = format!("session-{session}");
            let kept = |turn| keep(&id, "user_message_sent", Some(turn), 0.1);
            one += u32::from(kept(0));
            both += u32::from(kept(0) && kept(1));
        }
        assert!((1_800..2_200).contains(&one), "{one} of 20000 at rate 0.1");
        assert!((140..260).contains(&both), "{both} of 20000 pairs at rate 0.1");
    }
}
