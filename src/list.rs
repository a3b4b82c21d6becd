//! What lists of every type do in the same way.

/// Keeps those that are `wanted`, in their order. For short lists: what stands behind one that goes is moved up.
/// (`Vec::retain` is three times the code, for each type and each question.)
pub fn keep<T>(items: &mut Vec<T>, wanted: &mut dyn FnMut(&T) -> bool) {
    let mut at = 0;
    while let Some(item) = items.get(at) {
        if wanted(item) {
            at += 1;
        } else {
            items.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wanted_goes_and_the_rest_stays_in_order() {
        let mut items = vec![1, 2, 3, 4, 5, 6, 6];
        keep(&mut items, &mut |item| item % 2 == 1);
        assert_eq!(items, [1, 3, 5]);
        keep(&mut items, &mut |_| false);
        assert!(items.is_empty());
    }
}
