//! Compares methods with the true best answers in a table: one row for each method, with its worst, median and best
//! proxy.

use super::page::Table;
use super::table::grouped;

/// The score of a method, with one proxy if it uses any.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The method.
    pub method: String,
    /// Name of the proxy; empty if the method uses none.
    pub proxy: String,
    /// Share of queries that are answered exactly, in percent.
    pub exact: f64,
    /// Share of queries that have an answer but got none, in percent.
    pub unanswered: f64,
    /// Mean regret over the queries that were answered, in points of accuracy.
    pub mean: f64,
    /// Maximum regret over the queries that were answered, in points of accuracy.
    pub max: f64,
    /// The largest certificate, in points of accuracy; `None` if the method gives none.
    pub certificate: Option<f64>,
    /// Number of evaluations of the cost model on a layer.
    pub evaluations: f64,
    /// Number of networks costed on a design.
    pub costs: f64,
}

/// Groups scores by method, in the order in which the methods first appear.
pub fn by_method(scores: &[Score]) -> Vec<(&str, Vec<&Score>)> {
    let mut methods: Vec<(&str, Vec<&Score>)> = Vec::new();
    for score in scores {
        match methods.iter_mut().find(|(name, _)| *name == score.method) {
            Some((_, known)) => known.push(score),
            None => methods.push((&score.method, vec![score])),
        }
    }
    methods
}

/// Which values of a figure are the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Best {
    /// Small values are better.
    Least,
    /// Large values are better.
    Most,
}

/// Worst / median / best of some figures, or the one value that all of them have.
pub fn spread(figures: impl Iterator<Item = f64>, best: Best, text: impl Fn(f64) -> String) -> String {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    if best == Best::Least {
        sorted.reverse();
    }
    let Some(last) = sorted.len().checked_sub(1) else { return String::new() };
    let ends = [sorted[0], sorted[sorted.len() / 2], sorted[last]].map(text);
    if ends[0] == ends[2] { ends[0].clone() } else { ends.join(" / ") }
}

/// A cell without a figure.
const NONE: &str = "–";

/// The table. `evaluations` is the number of evaluations that costing all networks on all designs takes.
pub fn table(scores: &[Score], evaluations: f64) -> Table {
    let columns = [
        "method",
        "proxies",
        "exact, %",
        "mean regret, points",
        "max regret, points",
        "unanswered, %",
        "certificate, points",
        "evaluations",
        "of coupled, %",
        "network costs",
    ];
    let row = |(name, scores): (&str, Vec<&Score>)| {
        let of = |figure: fn(&Score) -> f64, best: Best, digits: usize| {
            spread(scores.iter().map(|score| figure(score)), best, |value| format!("{value:.digits$}"))
        };
        let count = |figure: fn(&Score) -> f64| {
            spread(scores.iter().map(|score| figure(score)), Best::Least, |value| grouped(value as u64))
        };
        let share = |score: &&Score| 100.0 * score.evaluations / evaluations;
        let proxies = scores.iter().filter(|score| !score.proxy.is_empty()).count();
        let certificate = scores.iter().filter_map(|score| score.certificate).reduce(f64::max);
        vec![
            name.to_string(),
            if proxies == 0 { NONE.to_string() } else { grouped(proxies as u64) },
            of(|score| score.exact, Best::Most, 2),
            of(|score| score.mean, Best::Least, 4),
            of(|score| score.max, Best::Least, 3),
            of(|score| score.unanswered, Best::Least, 2),
            certificate.map_or(NONE.to_string(), |points| format!("{points:.3}")),
            count(|score| score.evaluations),
            spread(scores.iter().map(share), Best::Least, |value| format!("{value:.2}")),
            count(|score| score.costs),
        ]
    };
    let rows = by_method(scores).into_iter().map(row).collect();
    Table::new(&columns, rows)
}

/// The methods that left queries unanswered, and how many, as a note for captions of figures that do not count these
/// queries.
pub fn unanswered(scores: &[Score]) -> String {
    let some = by_method(scores).into_iter().filter(|(_, scores)| scores.iter().any(|score| score.unanswered > 0.0));
    let named = some.map(|(name, scores)| {
        let figures = scores.iter().map(|score| score.unanswered);
        format!("{name} ({} %)", spread(figures, Best::Least, |value| format!("{value:.2}")))
    });
    let named: Vec<String> = named.collect();
    match named.is_empty() {
        true => "Every method answered all queries that have an answer.".to_string(),
        false => format!("Queries that a method left unanswered are counted separately: {}.", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(method: &str, proxy: &str, exact: f64, unanswered: f64) -> Score {
        let (method, proxy) = (method.to_string(), proxy.to_string());
        let (mean, max, certificate) = (1.0 - exact / 100.0, 2.0, None);
        Score { method, proxy, exact, unanswered, mean, max, certificate, evaluations: 1234.0 * exact, costs: 5.0 }
    }

    #[test]
    fn proxies_are_listed_from_the_worst_to_the_best() {
        let scores = [
            Score { certificate: Some(0.0), ..score("coupled", "", 100.0, 0.0) },
            score("transfer", "a", 90.0, 0.0),
            score("transfer", "b", 80.0, 3.0),
            score("transfer", "c", 95.0, 1.0),
        ];
        let table = table(&scores, 123_400.0);
        assert_eq!(table.rows[0][..4], ["coupled", "–", "100.00", "0.0000"]);
        let expected = [
            "transfer",
            "3",
            "80.00 / 90.00 / 95.00",
            "0.2000 / 0.1000 / 0.0500",
            "2.000",
            "3.00 / 1.00 / 0.00",
            "–",
            "117,230 / 111,060 / 98,720",
            "95.00 / 90.00 / 80.00",
            "5",
        ];
        assert_eq!(table.rows[1], expected);
        assert_eq!(table.columns.len(), expected.len());
        let caption = unanswered(&scores);
        assert_eq!(
            caption,
            "Queries that a method left unanswered are counted separately: transfer (3.00 / 1.00 / 0.00 %)."
        );
        assert_eq!(unanswered(&scores[..2]), "Every method answered all queries that have an answer.");
    }
}
