//! The method `transfer`, after "One Proxy Device Is Enough for Hardware-Aware Neural Architecture Search" (Lu, Yang,
//! Jiang, Shi and Ren, 2021). It helps if designs rank networks differently: a predictor that is learned on a proxy
//! is adapted to a target with a few networks that are measured there.
//!
//! On the proxy, a network costs the sum of its layers, `sum of w_l`. On the target, the prediction is
//! `a x sum of (1 + d_l) w_l`, with a scale `a` and a correction `d_l` of each layer, which ridge regression keeps
//! small. Then networks are examined by accuracy. A network that is predicted to be within the limits is measured, and
//! is the answer if the measurement confirms this. Networks that are wrongly predicted to exceed the limits are missed.

use super::counted::{Counted, Counts};
use super::methods::{Answer, Method, spread};
use super::query::{Choice, Figures, Limits};

/// The number of figures that are predicted: cycles and nJ.
const PREDICTED: usize = 2;

/// A proxy with corrections for each target.
pub struct Transfer<'a> {
    counted: Counted<'a>,
    sample: Vec<usize>,
    /// For cycles and for nJ: the similarity of each network of the sample to all networks (the product of their
    /// costs by layer).
    similarity: [Vec<Vec<f64>>; PREDICTED],
    /// The similarity of the sample to itself, regularized and factorized.
    factors: [Vec<Vec<f64>>; PREDICTED],
    /// The figures of all networks on the proxy.
    base: [Vec<f64>; PREDICTED],
    /// Predictions for each design that was asked about, with the networks in the order by accuracy.
    predicted: Vec<Vec<[f64; PREDICTED]>>,
}

/// The weight of the squared corrections, as a fraction of the mean similarity of a network to itself.
const RIDGE: f64 = 1e-4;

impl<'a> Transfer<'a> {
    /// Costs all networks on the proxy, and prepares to measure `samples` of them on each target.
    pub fn new(mut counted: Counted<'a>, proxy: usize, samples: usize) -> Transfer<'a> {
        let exhaustive = counted.exhaustive();
        let networks = exhaustive.problem().networks();
        for network in 0..networks {
            counted.figures(network, proxy);
        }
        let sample = spread(exhaustive, samples);
        let layers = exhaustive.layers(proxy);
        let parts = |network: usize, figure: usize| {
            let counts = exhaustive.layer_counts()[network].iter();
            // Layers that the proxy cannot run do not count.
            let of = |figure: f64| if figure.is_nan() { 0.0 } else { figure };
            counts.map(move |&(layer, count)| (layer as usize, of(layers[layer as usize][figure]) * f64::from(count)))
        };
        let mut similarity: [Vec<Vec<f64>>; PREDICTED] = Default::default();
        let mut factors: [Vec<Vec<f64>>; PREDICTED] = Default::default();
        let mut base: [Vec<f64>; PREDICTED] = Default::default();
        for figure in 0..PREDICTED {
            base[figure] = (0..networks).map(|network| parts(network, figure).map(|(_, part)| part).sum()).collect();
            let common = |&one: &usize| {
                let mut dense = vec![0.0; layers.len()];
                parts(one, figure).for_each(|(layer, part)| dense[layer] = part);
                let with = |network| parts(network, figure).map(|(layer, part)| part * dense[layer]).sum();
                (0..networks).map(with).collect()
            };
            similarity[figure] = sample.iter().map(common).collect();
            let with = |&network: &usize| similarity[figure].iter().map(|common| common[network]).collect();
            let mut own: Vec<Vec<f64>> = sample.iter().map(with).collect();
            let trace: f64 = (0..own.len()).map(|place| own[place][place]).sum();
            let ridge = (RIDGE * trace / own.len() as f64).max(f64::MIN_POSITIVE);
            (0..own.len()).for_each(|place| own[place][place] += ridge);
            factors[figure] = cholesky(own);
        }
        let predicted = vec![Vec::new(); exhaustive.problem().designs().len()];
        Transfer { counted, sample, similarity, factors, base, predicted }
    }

    /// Measures the sample on a design, and predicts the other networks.
    fn predict(&mut self, design: usize) {
        if !self.predicted[design].is_empty() {
            return;
        }
        let measured: Vec<Figures> = self.sample.iter().map(|&network| self.counted.figures(network, design)).collect();
        let figures = [Figures::latency, |figures: &Figures| figures.energy];
        let mut predicted: [Vec<f64>; PREDICTED] = Default::default();
        for (place, figure) in figures.into_iter().enumerate() {
            let base = &self.base[place];
            let pairs = || self.sample.iter().zip(&measured).map(|(&network, own)| (base[network], figure(own)));
            // Networks that cannot run on the target do not count.
            let usable = || pairs().filter(|(_, target)| !target.is_nan());
            let squares: f64 = usable().map(|(proxy, _)| proxy * proxy).sum();
            let scale = usable().map(|(proxy, target)| proxy * target).sum::<f64>() / squares;
            let missed = |(proxy, target): (f64, f64)| if target.is_nan() { 0.0 } else { target - scale * proxy };
            let rest: Vec<f64> = pairs().map(missed).collect();
            let weights = solve(&self.factors[place], rest);
            let mut corrections = vec![0.0; base.len()];
            for (common, weight) in self.similarity[place].iter().zip(weights) {
                corrections.iter_mut().zip(common).for_each(|(sum, common)| *sum += common * weight);
            }
            predicted[place] = base.iter().zip(corrections).map(|(proxy, sum)| scale * proxy + sum).collect();
        }
        let order = self.counted.order().iter();
        self.predicted[design] = order.map(|&network| predicted.each_ref().map(|figure| figure[network])).collect();
    }
}

impl Method for Transfer<'_> {
    fn answer(&mut self, designs: &[usize], limits: &Limits) -> Answer {
        let mut best: Option<Choice> = None;
        designs.iter().for_each(|&design| self.predict(design));
        let problem = self.counted.exhaustive().problem();
        for (place, &network) in self.counted.order().iter().enumerate() {
            let accuracy = problem.accuracy()[network];
            if best.is_some_and(|best| best.accuracy > accuracy) {
                break;
            }
            for &design in designs {
                let [cycles, energy] = self.predicted[design][place];
                if cycles <= limits.latency && energy <= limits.energy && cycles * energy <= limits.edp {
                    let figures = self.counted.figures(network, design);
                    if limits.admit(&figures) {
                        best = Some(Choice { network, design, accuracy, figures }.or_better(best));
                    }
                }
            }
        }
        Answer { choice: best, missed: None }
    }

    fn counts(&self) -> Counts {
        self.counted.counts()
    }
}

/// The lower triangular factor of a positive definite matrix.
fn cholesky(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for i in 0..matrix.len() {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - sum;
            matrix[i][j] = if i == j { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / matrix[j][j] };
        }
    }
    matrix
}

/// Solves `factor x transposed factor x result = side`.
fn solve(factor: &[Vec<f64>], mut side: Vec<f64>) -> Vec<f64> {
    for i in 0..side.len() {
        let sum: f64 = (0..i).map(|k| factor[i][k] * side[k]).sum();
        side[i] = (side[i] - sum) / factor[i][i];
    }
    for i in (0..side.len()).rev() {
        let sum: f64 = (i + 1..side.len()).map(|k| factor[k][i] * side[k]).sum();
        side[i] = (side[i] - sum) / factor[i][i];
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved() {
        let matrix = vec![vec![4.0, 2.0], vec![2.0, 3.0]];
        let solution = solve(&cholesky(matrix), vec![10.0, 9.0]);
        assert!((solution[0] - 1.5).abs() < 1e-12 && (solution[1] - 2.0).abs() < 1e-12, "{solution:?}");
    }
}
