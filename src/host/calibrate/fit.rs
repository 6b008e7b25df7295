//! Fits the rates of a set of terms: those with the least mean error of the logarithm, found by a pattern search. The
//! time is the maximum of several terms, so no system of equations gives the rates; but there are few of them.

/// A rate for each term, followed by a constant if there is one.
pub(super) type Rates = Vec<f64>;

/// The amounts of each term, and the measured cycles.
pub(super) struct Table<'a> {
    /// A row for each layer.
    pub amounts: Vec<Vec<f64>>,
    pub measured: &'a [f64],
}

/// The time of a layer with these amounts of the terms.
pub(super) fn time(rates: &[f64], amounts: &[f64]) -> f64 {
    let slowest = rates.iter().zip(amounts).fold(0.0f64, |slowest, (rate, amount)| slowest.max(rate * amount));
    slowest + rates.last().filter(|_| rates.len() > amounts.len()).copied().unwrap_or(0.0)
}

/// The rates that fit best, followed by a constant if `constant` is set.
pub(super) fn fit(table: &Table<'_>, constant: bool) -> Rates {
    let best = STARTS.iter().map(|start| search(table, begin(table, *start, constant)));
    best.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(rates, _)| rates).unwrap_or_default()
}

/// The fractions of the ratio of measured cycles to a term from which searches start.
const STARTS: [f64; 3] = [0.25, 0.7, 1.5];
/// The first and the last factor by which a rate is changed.
const STEPS: [f64; 2] = [2.0, 1.001];

/// Start rates: each term alone would give the fraction `share` of the measured cycles.
fn begin(table: &Table<'_>, share: f64, constant: bool) -> Rates {
    let terms = table.amounts.first().map_or(0, Vec::len);
    let ratio = |term: usize| {
        let rows = table.amounts.iter().zip(table.measured).filter(|(row, _)| row[term] > 0.0);
        median(rows.map(|(row, measured)| measured / row[term]).collect()).unwrap_or(0.0)
    };
    let rates = (0..terms).map(|term| share * ratio(term));
    let least = table.measured.iter().copied().fold(f64::INFINITY, f64::min);
    rates.chain(constant.then_some(least / 2.0)).collect()
}

/// Multiplies or divides one rate at a time by a factor. The factor becomes smaller when it does not help any more.
fn search(table: &Table<'_>, mut rates: Rates) -> (Rates, f64) {
    let mut least = loss(table, &rates);
    let mut step = STEPS[0];
    while step > STEPS[1] {
        let before = least;
        for place in 0..rates.len() {
            for factor in [step, 1.0 / step] {
                let own = rates[place];
                rates[place] = own * factor;
                let loss = loss(table, &rates);
                if loss < least { least = loss } else { rates[place] = own }
            }
        }
        if before - least < 1e-6 {
            step = step.sqrt();
        }
    }
    (rates, least)
}

/// The mean error of the logarithm: half and twice the measured cycles are equally wrong.
fn loss(table: &Table<'_>, rates: &[f64]) -> f64 {
    let rows = table.amounts.iter().zip(table.measured);
    let sum: f64 = rows.map(|(row, measured)| (time(rates, row).max(1e-9) / measured).ln().abs()).sum();
    sum / table.measured.len() as f64
}

/// The median; of an even number of figures, the lower of the two in the middle.
fn median(figures: Vec<f64>) -> Option<f64> {
    quantile(figures, 0.5)
}

/// A quantile: the least figure that is not exceeded by this fraction of all figures.
pub(super) fn quantile(mut figures: Vec<f64>, share: f64) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let place = (figures.len() as f64 * share).ceil() as usize;
    figures.get(place.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_that_made_the_figures_are_found() {
        let rates = [1.3, 0.5, 0.8, 400.0];
        // Each term is the slowest one in some rows.
        let rows = (0..60u32).map(|place| {
            let part = |by: u32| f64::from(place * by % 37 + 1) * 100.0;
            vec![part(5), part(7) * 2.0, part(11)]
        });
        let amounts: Vec<Vec<f64>> = rows.collect();
        let measured: Vec<f64> = amounts.iter().map(|row| time(&rates, row)).collect();
        let found = fit(&Table { amounts, measured: &measured }, true);
        for (found, rate) in found.iter().zip(rates) {
            // The last step changes rates by a thousandth.
            assert!((found / rate - 1.0).abs() < 0.01, "{found} is not {rate}");
        }
    }

    #[test]
    fn quantiles_are_figures_that_are_there() {
        let figures = vec![3.0, 1.0, 2.0, 10.0];
        assert_eq!(
            [0.0, 0.5, 0.75, 0.9, 1.0].map(|share| quantile(figures.clone(), share)),
            [1.0, 2.0, 3.0, 10.0, 10.0].map(Some)
        );
        assert_eq!(median(Vec::new()), None);
    }
}
