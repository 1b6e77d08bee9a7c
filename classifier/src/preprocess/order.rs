//! The one way to sort: the page has the code of the library's stable sort once for each type and order, 6 kB each.

/// `values` in ascending order of their keys; those with equal keys stay in theirs.
pub(super) fn sorted<T>(values: Vec<T>, key: impl Fn(&T) -> f32) -> Vec<T> {
    let order = order(values.iter().map(key).collect());
    let mut values: Vec<Option<T>> = values.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| values[index].take()).collect()
}

/// The indices of `keys` in ascending order of `f32::total_cmp`.
fn order(keys: Vec<f32>) -> Vec<usize> {
    let rank = |key: f32| {
        let bits = key.to_bits().cast_signed();
        // As integers, negative numbers are in the reverse order.
        if bits < 0 { bits ^ i32::MAX } else { bits }
    };
    let mut pairs: Vec<(i32, usize)> = keys.into_iter().map(rank).zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order_and_signs_count() {
        let keys = [2.0, -1.0, 0.0, -2.5, 2.0, -0.0, f32::INFINITY];
        let mut expected: Vec<usize> = (0..keys.len()).collect();
        expected.sort_by(|&one, &other| keys[one].total_cmp(&keys[other]));
        assert_eq!(sorted((0..keys.len()).collect(), |&index| keys[index]), expected);
        assert_eq!(expected, [3, 1, 5, 2, 0, 4, 6]);
    }
}
