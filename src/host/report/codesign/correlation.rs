//! Shows how similarly the designs rank the networks.

use std::path::Path;

use super::error::ReportError;
use super::sheet::Sheet;
use crate::host::report::page::{Figure, Section, Table};
use crate::host::report::plot::heatmap::HeatMap;

/// Rank correlations between designs.
struct Matrix {
    names: Vec<String>,
    values: Vec<Option<f64>>,
}

/// The maximum number of designs whose correlations are also shown as numbers.
const SHOWN: usize = 8;
/// The number of least correlated pairs that are listed.
const WORST: usize = 10;

/// The section about rank correlations between designs; `None` if there is only one design.
pub(super) fn section(directory: &Path) -> Result<Option<Section>, ReportError> {
    let mut section = Section {
        heading: "Rank correlation".to_string(),
        text: vec![
            "Spearman's rank correlation of two designs is 1 where they rank all networks alike, and 0 where the order on one \
             tells nothing about the other. A network that wins on a proxy wins elsewhere only where it is close to 1. \
             Networks that cannot run on either design do not count. Shown are the designs that differ most; the files have all."
                .to_string(),
        ],
        ..Section::default()
    };
    for (what, unit) in [("latency", "cycles"), ("energy", "nJ")] {
        let matrix = Matrix::read(directory, &format!("srcc_{what}.csv"))?;
        if matrix.names.len() < 2 {
            return Ok(None);
        }
        let chosen = matrix.most_different();
        let part = matrix.part(&chosen);
        let title = format!("Spearman's rank correlation of {what}, {unit}");
        let map = HeatMap { title: &title, names: &part.names, values: &part.values, range: [0.0, 1.0] };
        let which = if chosen.len() < matrix.names.len() {
            format!("the {} of {} designs that differ most", chosen.len(), matrix.names.len())
        } else {
            format!("the {} designs", chosen.len())
        };
        let caption = format!("Rank correlation (Spearman) of the networks' {what}, {unit}, between {which}.");
        section.figures.push(Figure::new(&format!("correlation-{what}"), caption, &map, part.table())?);
        section.tables.push(matrix.worst(what));
    }
    Ok(Some(section))
}

impl Matrix {
    fn read(directory: &Path, file: &str) -> Result<Matrix, ReportError> {
        let sheet = Sheet::need(directory, file)?;
        let names: Vec<String> = sheet.header().get(1..).unwrap_or_default().to_vec();
        let mut values = Vec::with_capacity(names.len() * names.len());
        for row in sheet.rows() {
            for name in &names {
                values.push(row.maybe(name)?);
            }
        }
        if names.is_empty() || values.len() != names.len() * names.len() {
            return Err(sheet.damaged("is not square"));
        }
        Ok(Matrix { names, values })
    }

    /// The correlation of two designs. It is 0 if all networks have the same figure on one of the designs.
    fn at(&self, a: usize, b: usize) -> f64 {
        self.values[a * self.names.len() + b].unwrap_or(0.0)
    }

    /// Orders the designs: first the one that is most like all others, then always the one that is least like any
    /// before it. Ties are in the order of the matrix.
    fn most_different(&self) -> Vec<usize> {
        let all = 0..self.names.len();
        let total = |a: usize| all.clone().map(|b| self.at(a, b)).sum::<f64>();
        let mut chosen: Vec<usize> =
            all.clone().max_by(|&a, &b| total(a).total_cmp(&total(b)).then(b.cmp(&a))).into_iter().collect();
        while chosen.len() < SHOWN.min(self.names.len()) {
            let closest = |a: usize| chosen.iter().map(|&b| self.at(a, b)).fold(f64::NEG_INFINITY, f64::max);
            let others = all.clone().filter(|place| !chosen.contains(place));
            let next = others.min_by(|&a, &b| closest(a).total_cmp(&closest(b)).then(a.cmp(&b)));
            chosen.extend(next);
        }
        chosen.sort_unstable();
        chosen
    }

    fn part(&self, chosen: &[usize]) -> Matrix {
        let names = chosen.iter().map(|&place| self.names[place].clone()).collect();
        let values = chosen.iter().flat_map(|&a| chosen.iter().map(move |&b| (a, b)));
        Matrix { names, values: values.map(|(a, b)| self.values[a * self.names.len() + b]).collect() }
    }

    fn table(&self) -> Table {
        let columns: Vec<&str> = ["design"].into_iter().chain(self.names.iter().map(String::as_str)).collect();
        let value = |value: &Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let rows = self.names.iter().zip(self.values.chunks(self.names.len().max(1)));
        Table::new(
            &columns,
            rows.map(|(name, row)| [name.clone()].into_iter().chain(row.iter().map(value)).collect()).collect(),
        )
    }

    fn worst(&self, what: &str) -> Table {
        let mut pairs: Vec<(usize, usize)> =
            (0..self.names.len()).flat_map(|a| (a + 1..self.names.len()).map(move |b| (a, b))).collect();
        pairs.sort_by(|&(a, b), &(c, d)| self.at(a, b).total_cmp(&self.at(c, d)));
        let row = |(a, b): (usize, usize)| {
            vec![self.names[a].clone(), self.names[b].clone(), format!("{:.3}", self.at(a, b))]
        };
        let rows = pairs.into_iter().take(WORST).map(row).collect();
        Table {
            caption: format!("The pairs that rank {what} least alike"),
            ..Table::new(&["design", "and", "Spearman"], rows)
        }
    }
}
