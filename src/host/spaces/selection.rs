//! The study's rule for choosing the networks that it costs.

use super::random::PythonRandom;

/// The rule: a sample of the networks above the line that best fits accuracy over MACs, and all networks on the
/// Pareto front of these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Seed of the sample.
    pub seed: u64,
    /// The number of networks in the sample; all above the line, if there are fewer.
    pub count: u32,
}

impl Default for Rule {
    /// The study's: 1,000 networks, seed 10.
    fn default() -> Rule {
        Rule { seed: 10, count: 1000 }
    }
}

impl Rule {
    /// The places of the selected networks, in ascending order. `macs` and `accuracies` must have equal length.
    pub fn select(&self, macs: &[f64], accuracies: &[f64]) -> Vec<usize> {
        let above = above_line(macs, accuracies);
        let sample = PythonRandom::new(self.seed).sample(above.len() as u32, self.count);
        let mut selected: Vec<usize> = sample.into_iter().map(|place| above[place as usize]).collect();
        selected.extend(pareto_front(macs, accuracies));
        selected.sort_unstable();
        selected.dedup();
        selected
    }
}

/// The places above the straight line with the least squared distance from all points.
fn above_line(x: &[f64], y: &[f64]) -> Vec<usize> {
    let count = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let (mut xy, mut xx) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x) * (x - mean_x);
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    (0..x.len()).filter(|&place| y[place] > mean_y + slope * (x[place] - mean_x)).collect()
}

/// The places that no other dominates: none has at most as many MACs and at least the same accuracy, with one of them
/// strictly better.
fn pareto_front(macs: &[f64], accuracies: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..macs.len()).collect();
    order.sort_by(|&a, &b| macs[a].total_cmp(&macs[b]).then(accuracies[b].total_cmp(&accuracies[a])));
    let (mut best, mut at) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    order.retain(|&place| {
        let better = accuracies[place] > best;
        let twin = accuracies[place] == best && macs[place] == at;
        if better {
            (best, at) = (accuracies[place], macs[place]);
        }
        better || twin
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_and_what_lies_above_the_line_are_found() {
        let macs = [1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 4.0];
        let accuracies = [1.0, 5.0, 3.0, 6.0, 6.0, 6.0, 2.0];
        assert_eq!(pareto_front(&macs, &accuracies), [0, 1, 3, 4]);
        assert_eq!(above_line(&macs, &accuracies), [1, 3, 4, 5]);
        assert_eq!(Rule { seed: 0, count: 9 }.select(&macs, &accuracies), [0, 1, 3, 4, 5]);
        assert!(Rule::default().select(&[], &[]).is_empty());
    }
}
