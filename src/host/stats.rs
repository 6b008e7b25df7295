//! Rank correlation: how far two columns of figures put the same things in the same order.
//!
//! Spearman's rho is Pearson's correlation of the ranks, where ties share the average of their ranks. Kendall's tau-b
//! is the surplus of concordant over discordant pairs, corrected for ties (Kendall, "The treatment of ties in ranking
//! problems", 1945), counted in O(n log n) by the exchanges of a merge sort (Knight, 1966).

mod matrix;

use std::cmp::Ordering;

pub use matrix::{Coefficient, Correlations};

/// A column of figures, ranked once so that it can be compared with many others.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The figures.
    figures: Vec<f64>,
    /// Whether no figure is missing (NaN).
    complete: bool,
    /// The rank of each figure among the distinct ones, from 0. Ties have the same rank.
    dense: Vec<u32>,
    /// Twice the rank (with ties averaged) minus its mean, which is a whole number.
    centred: Vec<f64>,
    /// The sum of the squares of `centred`; 0 if all figures are equal.
    spread: f64,
    /// The number of pairs of equal figures.
    ties: u64,
}

impl Ranked {
    /// Ranks figures, the smallest first. NaN means that a figure is missing: columns are compared by the figures
    /// that both have.
    pub fn of(figures: &[f64]) -> Ranked {
        let compare = |a: usize, b: usize| {
            figures[a].partial_cmp(&figures[b]).unwrap_or_else(|| figures[a].total_cmp(&figures[b]))
        };
        let count = figures.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_unstable_by(|&a, &b| compare(a, b));
        let (mut dense, mut centred) = (vec![0; count], vec![0.0; count]);
        let (mut spread, mut ties, mut before) = (0.0, 0, 0);
        for (group, equal) in (0..).zip(order.chunk_by(|&a, &b| compare(a, b) == Ordering::Equal)) {
            // Ranks before + 1 to before + n have the average before + (n + 1) / 2, and the mean of all is (count + 1) / 2.
            let doubled = (2 * before + equal.len()) as f64 - count as f64;
            for &place in equal {
                dense[place] = group;
                centred[place] = doubled;
            }
            let n = equal.len() as u64;
            spread += doubled * doubled * n as f64;
            ties += n * (n - 1) / 2;
            before += equal.len();
        }
        let complete = !figures.iter().any(|figure| figure.is_nan());
        Ranked { figures: figures.to_vec(), complete, dense, centred, spread, ties }
    }

    /// Both columns reduced to the figures that both have; `None` if nothing is missing, or the lengths differ.
    fn common(&self, other: &Ranked) -> Option<[Ranked; 2]> {
        if self.complete && other.complete || self.count() != other.count() {
            return None;
        }
        let pairs = self.figures.iter().zip(&other.figures).filter(|(a, b)| !a.is_nan() && !b.is_nan());
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.unzip();
        Some([Ranked::of(&a), Ranked::of(&b)])
    }

    /// The number of figures.
    pub fn count(&self) -> usize {
        self.dense.len()
    }

    /// Spearman's rho, -1 to 1; `None` if all figures of a column are equal, or the lengths differ.
    ///
    /// All sums are exact up to 200,000 figures, so the order of addition does not matter.
    pub fn spearman(&self, other: &Ranked) -> Option<f64> {
        if let Some([own, other]) = self.common(other) {
            return own.spearman(&other);
        }
        if self.count() != other.count() || self.spread == 0.0 || other.spread == 0.0 {
            return None;
        }
        let product: f64 = self.centred.iter().zip(&other.centred).map(|(a, b)| a * b).sum();
        Some((product / (self.spread * other.spread).sqrt()).clamp(-1.0, 1.0))
    }

    /// Kendall's tau-b, -1 to 1; `None` as for [`Ranked::spearman`].
    pub fn kendall(&self, other: &Ranked) -> Option<f64> {
        if let Some([own, other]) = self.common(other) {
            return own.kendall(&other);
        }
        let n = self.count() as u64;
        if self.count() != other.count() || self.spread == 0.0 || other.spread == 0.0 {
            return None;
        }
        let mut pairs: Vec<u64> =
            self.dense.iter().zip(&other.dense).map(|(&a, &b)| u64::from(a) << 32 | u64::from(b)).collect();
        pairs.sort_unstable();
        let tied = |equal: &[u64]| equal.len() as u64 * (equal.len() as u64 - 1) / 2;
        let both: u64 = pairs.chunk_by(|a, b| a == b).map(tied).sum();
        // The pairs are sorted by the first column, and ties by the second. So the inversions of the second column
        // are the discordant pairs.
        let mut second: Vec<u32> = pairs.iter().map(|&pair| pair as u32).collect();
        let discordant = inversions(&mut second);
        let all = n * (n - 1) / 2;
        let (untied, other_untied) = (all - self.ties, all - other.ties);
        let comparable = all + both - self.ties - other.ties;
        let surplus = comparable as i64 - 2 * discordant as i64;
        Some((surplus as f64 / (untied as f64 * other_untied as f64).sqrt()).clamp(-1.0, 1.0))
    }
}

/// Sorts, and counts the pairs that were out of order.
fn inversions(values: &mut [u32]) -> u64 {
    let mut spare = values.to_vec();
    let mut count = 0;
    let mut width = 1;
    while width < values.len() {
        for (run, merged) in values.chunks(2 * width).zip(spare.chunks_mut(2 * width)) {
            let (left, right) = run.split_at(width.min(run.len()));
            let (mut l, mut r) = (0, 0);
            for place in merged {
                if r == right.len() || l < left.len() && left[l] <= right[r] {
                    *place = left[l];
                    l += 1;
                } else {
                    *place = right[r];
                    r += 1;
                    count += (left.len() - l) as u64;
                }
            }
        }
        values.copy_from_slice(&spare);
        width *= 2;
    }
    count
}

/// Spearman's rho of two columns: see [`Ranked::spearman`].
///
/// ```
/// use maestrino::host::stats::spearman;
///
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[10.0, 30.0, 20.0]), Some(0.5));
/// ```
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    Ranked::of(a).spearman(&Ranked::of(b))
}

/// Kendall's tau-b of two columns: see [`Ranked::kendall`].
pub fn kendall(a: &[f64], b: &[f64]) -> Option<f64> {
    Ranked::of(a).kendall(&Ranked::of(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// tau-b by its definition.
    fn tau(a: &[f64], b: &[f64]) -> f64 {
        let sign = |x: f64, y: f64| if x == y { 0.0 } else { (x - y).signum() };
        let (mut surplus, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
        for i in 0..a.len() {
            for j in 0..i {
                let (x, y) = (sign(a[i], a[j]), sign(b[i], b[j]));
                surplus += x * y;
                of_a += x * x;
                of_b += y * y;
            }
        }
        surplus / f64::sqrt(of_a) / f64::sqrt(of_b)
    }

    /// Pearson's correlation of the ranks, each counted by comparison with all others.
    fn rho(a: &[f64], b: &[f64]) -> f64 {
        let ranks = |values: &[f64]| -> Vec<f64> {
            let below = |v: f64| {
                values
                    .iter()
                    .map(|&w| {
                        if w < v {
                            1.0
                        } else if w == v {
                            0.5
                        } else {
                            0.0
                        }
                    })
                    .sum()
            };
            values.iter().map(|&v| below(v)).collect()
        };
        let (a, b) = (ranks(a), ranks(b));
        let mean = a.len() as f64 / 2.0;
        let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
        sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt()
    }

    #[test]
    fn known_values() {
        // The example in SciPy's documentation of kendalltau and spearmanr.
        let (a, b) = ([12.0, 2.0, 1.0, 12.0, 2.0], [1.0, 4.0, 7.0, 1.0, 0.0]);
        assert!((kendall(&a, &b).unwrap() - -0.471_404_520_791_031_7).abs() < 1e-15);
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 6.0, 7.0, 8.0, 7.0]);
        assert!((spearman(&a, &b).unwrap() - 0.820_782_681_668_123_3).abs() < 1e-15);
        assert_eq!((spearman(&a, &a), kendall(&a, &a)), (Some(1.0), Some(1.0)));
    }

    #[test]
    fn a_constant_column_has_no_order() {
        assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(kendall(&[1.0, 2.0], &[4.0, 4.0]), None);
        assert_eq!(kendall(&[], &[]), None);
        assert_eq!(spearman(&[1.0], &[1.0]), None);
        assert_eq!(spearman(&[1.0, 2.0], &[1.0, 2.0, 3.0]), None);
    }

    #[test]
    fn columns_are_compared_by_what_both_have() {
        let (a, b) = ([1.0, f64::NAN, 2.0, 3.0, 4.0], [5.0, 0.0, f64::NAN, 7.0, 6.0]);
        assert_eq!(spearman(&a, &b), spearman(&[1.0, 3.0, 4.0], &[5.0, 7.0, 6.0]));
        assert_eq!(kendall(&a, &b), kendall(&[1.0, 3.0, 4.0], &[5.0, 7.0, 6.0]));
        assert_eq!(spearman(&a, &[f64::NAN; 5]), None);
    }

    proptest::proptest! {
        #[test]
        fn both_agree_with_their_definitions(pairs in proptest::collection::vec((0..9u8, 0..40u8), 2..70)) {
            let a: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.0)).collect();
            let b: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.1)).collect();
            if let Some(found) = spearman(&a, &b) {
                proptest::prop_assert!((found - rho(&a, &b)).abs() < 1e-12);
            }
            if let Some(found) = kendall(&a, &b) {
                proptest::prop_assert!((found - tau(&a, &b)).abs() < 1e-12);
                proptest::prop_assert_eq!(Some(found), kendall(&b, &a));
            }
        }
    }
}
