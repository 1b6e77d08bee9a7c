//! A quantile out of a histogram's buckets, computed step by step as Prometheus' `histogram_quantile` does.

/// How many observations were at most `upper`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// The bucket's label `le`.
    pub upper: f64,
    /// The cumulative count, or its increase, or its rate: the quantile is the same.
    pub count: f64,
}

/// The value below which the share `q` of the observations lies, taking them as spread evenly inside each bucket.
///
/// NaN without observations, without a bucket up to +Inf or with that one alone; -Inf and +Inf for a `q` below 0 and
/// above 1; the last finite bound where the quantile lies beyond it.
pub fn histogram_quantile(q: f64, buckets: &[Bucket]) -> f64 {
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    let buckets = ordered(buckets);
    let [inner @ .., last] = buckets.as_slice() else {
        return f64::NAN;
    };
    let Some(last_finite) = inner.last().filter(|_| last.upper == f64::INFINITY) else {
        return f64::NAN;
    };
    if last.count == 0.0 {
        return f64::NAN;
    }
    let rank = q * last.count;
    let Some(index) = inner.iter().position(|bucket| bucket.count >= rank) else {
        return last_finite.upper;
    };
    let bucket = inner[index];
    let Some(before) = index.checked_sub(1).map(|index| inner[index]) else {
        // The lowest bucket begins at zero, unless it lies below.
        return if bucket.upper <= 0.0 {
            bucket.upper
        } else {
            bucket.upper * (rank / bucket.count)
        };
    };
    let share = (rank - before.count) / (bucket.count - before.count);
    before.upper + (bucket.upper - before.upper) * share
}

/// By bound, equal bounds joined, and never falling: scrapes of several processes may not fit together exactly.
fn ordered(buckets: &[Bucket]) -> Vec<Bucket> {
    let mut sorted: Vec<Bucket> = buckets
        .iter()
        .copied()
        .filter(|bucket| !bucket.upper.is_nan())
        .collect();
    sorted.sort_by(|a, b| a.upper.total_cmp(&b.upper));
    let mut ordered: Vec<Bucket> = Vec::with_capacity(sorted.len());
    for bucket in sorted {
        match ordered.last_mut() {
            #[expect(
                clippy::float_cmp,
                reason = "the same bound is the same number, read from the same text"
            )]
            Some(last) if last.upper == bucket.upper => last.count += bucket.count,
            _ => ordered.push(bucket),
        }
    }
    let mut highest = f64::NEG_INFINITY;
    for bucket in &mut ordered {
        highest = highest.max(bucket.count);
        bucket.count = highest;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantile(q: f64, buckets: &[(f64, f64)]) -> f64 {
        let buckets: Vec<Bucket> = buckets.iter().map(|&(upper, count)| Bucket { upper, count }).collect();
        histogram_quantile(q, &buckets)
    }

    const EVEN: [(f64, f64); 4] = [(1.0, 10.0), (2.0, 20.0), (4.0, 30.0), (f64::INFINITY, 40.0)];

    #[track_caller]
    fn equal(left: f64, right: f64) {
        assert!(
            left.total_cmp(&right).is_eq() || (left.is_nan() && right.is_nan()),
            "{left} is not {right}"
        );
    }

    #[test]
    fn lies_evenly_inside_its_bucket() {
        equal(quantile(0.125, &EVEN), 0.5);
        equal(quantile(0.25, &EVEN), 1.0);
        equal(quantile(0.5, &EVEN), 2.0);
        equal(quantile(0.625, &EVEN), 3.0);
        equal(quantile(0.0, &EVEN), 0.0);
    }

    #[test]
    fn beyond_the_last_bound_is_that_bound() {
        equal(quantile(0.9, &EVEN), 4.0);
        equal(quantile(1.0, &EVEN), 4.0);
    }

    #[test]
    fn a_share_outside_the_possible_is_infinite() {
        equal(quantile(-0.1, &EVEN), f64::NEG_INFINITY);
        equal(quantile(1.1, &EVEN), f64::INFINITY);
        equal(quantile(f64::NAN, &EVEN), f64::NAN);
    }

    #[test]
    fn without_what_it_needs_there_is_none() {
        equal(quantile(0.5, &[]), f64::NAN);
        equal(quantile(0.5, &[(f64::INFINITY, 5.0)]), f64::NAN);
        equal(quantile(0.5, &[(1.0, 5.0), (2.0, 6.0)]), f64::NAN);
        equal(quantile(0.5, &[(1.0, 0.0), (f64::INFINITY, 0.0)]), f64::NAN);
    }

    #[test]
    fn order_doublets_and_falling_counts_are_put_right() {
        let mut shuffled = EVEN;
        shuffled.reverse();
        equal(quantile(0.625, &shuffled), 3.0);
        equal(
            quantile(0.5, &[(1.0, 4.0), (1.0, 6.0), (2.0, 20.0), (f64::INFINITY, 20.0)]),
            1.0,
        );
        equal(
            quantile(0.75, &[(1.0, 10.0), (2.0, 8.0), (4.0, 20.0), (f64::INFINITY, 20.0)]),
            3.0,
        );
        equal(
            quantile(0.5, &[(f64::NAN, 3.0), (1.0, 10.0), (f64::INFINITY, 10.0)]),
            0.5,
        );
    }

    #[test]
    fn a_lowest_bucket_below_zero_is_taken_at_its_bound() {
        equal(quantile(0.1, &[(-1.0, 10.0), (1.0, 20.0), (f64::INFINITY, 20.0)]), -1.0);
    }
}
