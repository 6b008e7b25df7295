//! Rank correlation between all pairs of columns.

use rayon::prelude::*;

use super::Ranked;

/// Spearman's and Kendall's coefficients of all pairs of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlations {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The coefficient of each pair, row by row; `None` if a column has no order (see [`Ranked::spearman`]).
    spearman: Vec<Option<f64>>,
    kendall: Vec<Option<f64>>,
}

/// A coefficient of rank correlation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coefficient {
    /// Spearman's rho.
    Spearman,
    /// Kendall's tau-b.
    Kendall,
}

impl Coefficient {
    /// `"Spearman"` or `"Kendall"`.
    pub const fn name(self) -> &'static str {
        match self {
            Coefficient::Spearman => "Spearman",
            Coefficient::Kendall => "Kendall",
        }
    }
}

impl Correlations {
    /// Compares columns of the same length.
    pub fn new(names: Vec<String>, columns: &[Ranked]) -> Correlations {
        let count = columns.len();
        let pairs: Vec<(usize, usize)> = (0..count).flat_map(|a| (a..count).map(move |b| (a, b))).collect();
        let both = |&(a, b): &(usize, usize)| (columns[a].spearman(&columns[b]), columns[a].kendall(&columns[b]));
        let found: Vec<_> = pairs.par_iter().map(both).collect();
        let mut all = Correlations { names, spearman: vec![None; count * count], kendall: vec![None; count * count] };
        for ((a, b), (spearman, kendall)) in pairs.into_iter().zip(found) {
            for place in [a * count + b, b * count + a] {
                all.spearman[place] = spearman;
                all.kendall[place] = kendall;
            }
        }
        all
    }

    /// The coefficients of all pairs, row by row.
    pub fn all(&self, coefficient: Coefficient) -> &[Option<f64>] {
        match coefficient {
            Coefficient::Spearman => &self.spearman,
            Coefficient::Kendall => &self.kendall,
        }
    }

    /// The coefficient of two columns.
    pub fn get(&self, coefficient: Coefficient, a: usize, b: usize) -> Option<f64> {
        self.all(coefficient)[a * self.names.len() + b]
    }

    /// The `count` pairs of different columns that agree least, the worst first.
    pub fn worst(&self, coefficient: Coefficient, count: usize) -> Vec<(usize, usize, f64)> {
        let columns = self.names.len();
        let pairs = (0..columns).flat_map(|a| (a + 1..columns).map(move |b| (a, b)));
        let mut pairs: Vec<_> = pairs.filter_map(|(a, b)| Some((a, b, self.get(coefficient, a, b)?))).collect();
        pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
        pairs.truncate(count);
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_pairs_come_first() {
        let columns: Vec<_> = [[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 4.0, 3.0], [4.0, 3.0, 2.0, 1.0], [5.0; 4]]
            .iter()
            .map(|c| Ranked::of(c))
            .collect();
        let all = Correlations::new(["a", "b", "c", "flat"].map(String::from).to_vec(), &columns);
        assert_eq!(all.worst(Coefficient::Spearman, 9), [(0, 2, -1.0), (1, 2, -0.8), (0, 1, 0.8)]);
        assert_eq!(all.get(Coefficient::Kendall, 1, 0), Some(4.0 / 6.0));
        assert_eq!((all.get(Coefficient::Kendall, 2, 2), all.get(Coefficient::Spearman, 3, 3)), (Some(1.0), None));
        assert_eq!(all.worst(Coefficient::Kendall, 1), [(0, 2, -1.0)]);
    }
}
