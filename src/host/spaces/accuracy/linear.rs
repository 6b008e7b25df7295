//! Weighted sums of terms, which the built-in scores are, and how their weights are found.

use std::borrow::Cow;
use std::fmt::Write;

/// A term of a network: its number, and its value (not 0).
pub type Term = (usize, f64);

/// An intercept, and a weight for each term.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    intercept: f64,
    weights: Cow<'static, [f64]>,
}

impl Linear {
    /// Makes it from the expression that [`Linear::to_text`] wrote.
    pub(crate) const fn new((intercept, weights): (f64, &'static [f64])) -> Linear {
        Linear { intercept, weights: Cow::Borrowed(weights) }
    }

    /// Ridge regression: the weights with the least squared error on the samples plus `ridge` times their own squares.
    /// `None` without samples, or if they leave the weights undetermined.
    pub fn fit(samples: &[(Vec<Term>, f64)], terms: usize, ridge: f64) -> Option<Linear> {
        let count = samples.len() as f64;
        let mut means = vec![0.0; terms];
        let mut target = 0.0;
        for (sample, value) in samples {
            sample.iter().for_each(|&(term, amount)| means[term] += amount / count);
            target += value / count;
        }
        // The normal equations of centred terms. Only the lower half of the symmetric matrix is used.
        let mut matrix = vec![vec![0.0; terms]; terms];
        let mut right = vec![0.0; terms];
        for (sample, value) in samples {
            for &(i, amount) in sample {
                right[i] += amount * (value - target);
                for &(j, other) in sample {
                    if j <= i {
                        matrix[i][j] += amount * other;
                    }
                }
            }
        }
        for i in 0..terms {
            for j in 0..=i {
                matrix[i][j] -= count * means[i] * means[j];
            }
            matrix[i][i] += ridge;
        }
        let weights = solve(matrix, right)?;
        let intercept = target - weights.iter().zip(&means).map(|(weight, mean)| weight * mean).sum::<f64>();
        Some(Linear { intercept, weights: Cow::Owned(weights) })
    }

    /// The weighted sum of these terms. Terms without a weight are ignored.
    pub(crate) fn of(&self, terms: impl IntoIterator<Item = Term>) -> f64 {
        let weighted = terms.into_iter().map(|(term, amount)| amount * self.weights.get(term).copied().unwrap_or(0.0));
        self.intercept + weighted.sum::<f64>()
    }

    /// The intercept and the weights, five decimals each, ten to a line: an expression that `Linear::new` takes.
    pub fn to_text(&self) -> String {
        let mut text = format!("({:.5}, &[\n", self.intercept);
        for line in self.weights.chunks(10) {
            let line: Vec<_> = line.iter().map(|weight| format!("{weight:.5},")).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", line.join(" "));
        }
        text + "])\n"
    }
}

/// Solves a symmetric positive definite system by Cholesky's decomposition. Only the lower half of the matrix is
/// read. `None` if it is not definite within rounding.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for i in 0..size {
        for j in 0..=i {
            let (above, from) = matrix.split_at_mut(i);
            let (row, other) = (&mut from[0], above.get(j));
            let done: f64 = match other {
                Some(other) => row[..j].iter().zip(&other[..j]).map(|(a, b)| a * b).sum(),
                None => row[..j].iter().map(|a| a * a).sum(),
            };
            row[j] = match other {
                Some(other) => (row[j] - done) / other[j],
                None if row[j] - done > 1e-9 * row[j] => (row[j] - done).sqrt(),
                None => return None,
            };
        }
        let done: f64 = matrix[i][..i].iter().zip(&right).map(|(a, b)| a * b).sum();
        right[i] = (right[i] - done) / matrix[i][i];
    }
    for i in (0..size).rev() {
        let done: f64 = (i + 1..size).map(|j| matrix[j][i] * right[j]).sum();
        right[i] = (right[i] - done) / matrix[i][i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found() {
        let samples: Vec<_> =
            (1..20).map(|x| (vec![(0, f64::from(x)), (1, f64::from(x * x))], f64::from(3 + 2 * x - x * x))).collect();
        let fit = Linear::fit(&samples, 2, 0.0).unwrap();
        assert!((fit.of([(0, 5.0), (1, 25.0)]) + 12.0).abs() < 1e-6);
        assert!((fit.of([]) - 3.0).abs() < 1e-6);
        assert_eq!(fit.to_text(), "(3.00000, &[\n2.00000, -1.00000,\n])\n");
        assert_eq!(Linear::new((3.0, &[2.0, -1.0])).of([(0, 5.0), (1, 25.0)]), -12.0);
        // The weights of two equal terms are undetermined.
        let twins = [(vec![(0, 1.0), (1, 1.0)], 1.0), (vec![], 0.0)];
        assert_eq!(Linear::fit(&twins, 2, 0.0), None);
    }
}
