//! How the methods did against the truth.

use std::path::Path;

use super::sheet::{Row, Sheet};
use super::{ReportError, figure, table};
use crate::host::report::page::{Figure, Section, Table};
use crate::host::report::plot::xy::{Look, Series, XyPlot};
use crate::host::report::table::grouped;

/// How a method did, with one proxy if it has any.
struct Score {
    method: String,
    proxy: String,
    exact: f64,
    unanswered: f64,
    mean: f64,
    max: f64,
    certificate: Option<f64>,
    evaluations: f64,
    costs: f64,
}

impl Score {
    fn of(row: Row<'_>) -> Result<Score, ReportError> {
        Ok(Score {
            method: row.text("method")?.to_string(),
            proxy: row.text("proxy")?.to_string(),
            exact: 100.0 * row.number("exact_share")?,
            unanswered: 100.0 * row.number("unanswered")? / row.number("asked")?.max(1.0),
            mean: row.number("mean_regret")?,
            max: row.number("max_regret")?,
            certificate: row.maybe("max_missed")?,
            evaluations: row.number("evaluations")?,
            costs: row.number("network_costs")?,
        })
    }

    fn all(sheet: &Sheet, queries: &str) -> Result<Vec<Score>, ReportError> {
        let mut scores = Vec::new();
        for row in sheet.rows() {
            if row.text("queries")? == queries {
                scores.push(Score::of(row)?);
            }
        }
        Ok(scores)
    }
}

/// The scores of each method, in the order in which they first appear.
fn by_method(scores: &[Score]) -> Vec<(&str, Vec<&Score>)> {
    let mut methods: Vec<(&str, Vec<&Score>)> = Vec::new();
    for score in scores {
        match methods.iter_mut().find(|(name, _)| *name == score.method) {
            Some((_, known)) => known.push(score),
            None => methods.push((&score.method, vec![score])),
        }
    }
    methods
}

pub(super) fn comparison(directory: &Path) -> Result<Option<Section>, ReportError> {
    let Some(sheet) = Sheet::read(directory, "methods.csv")? else { return Ok(None) };
    let each = Score::all(&sheet, "each")?;
    let together = Score::all(&sheet, "all")?;
    if each.is_empty() {
        return Ok(None);
    }
    let mut section = Section {
        heading: "Methods against the truth".to_string(),
        text: vec![
            "A query asks for the most accurate network within a limit on latency and one on energy. coupled costs every \
             network on every design and is always right; the others look at less. Regret is the accuracy that an answer \
             misses. Methods with a proxy were tried with every design as the proxy: figures are least / median / greatest \
             over the proxies."
                .to_string(),
            "An evaluation is a run of the cost model on a layer under a dataflow on an accelerator; a network cost is the \
             sum of a network on a design, which is what the paper counts. In MAESTRO's model adaptive remembers what a run \
             told, and takes none for another bandwidth or for a layer that is cut into the same tiles; with the same memory \
             coupled would take less, too."
                .to_string(),
        ],
        ..Section::default()
    };
    section.figures.extend(regrets(&each)?);
    for (id, unit, of) in [
        ("evaluations", "evaluations of the cost model", (|score| score.evaluations) as fn(&Score) -> f64),
        ("network-costs", "networks costed on a design", |score| score.costs),
    ] {
        section.figures.push(effort(directory, &each, id, unit, of)?);
    }
    section.figures.extend(shortlist(directory)?);
    let captions = ["Queries about one design at a time", "Queries about all designs together"];
    for (caption, scores) in captions.into_iter().zip([&each, &together]) {
        let table = summary(scores, caption);
        section.tables.extend((!table.rows.is_empty()).then_some(table));
    }
    Ok(Some(section))
}

fn summary(scores: &[Score], caption: &str) -> Table {
    let columns = [
        "method",
        "proxies",
        "exact, %",
        "unanswered, %",
        "mean regret",
        "max regret",
        "certificate",
        "evaluations",
        "network costs",
    ];
    let rows = by_method(scores).into_iter().map(|(name, scores)| {
        let spread = |of: &dyn Fn(&Score) -> f64, shown: &dyn Fn(f64) -> String| {
            let mut values: Vec<f64> = scores.iter().map(|score| of(score)).collect();
            values.sort_by(f64::total_cmp);
            let told = [values[0], values[values.len() / 2], values[values.len() - 1]].map(shown);
            if told[0] == told[2] { told[0].clone() } else { told.join(" / ") }
        };
        let proxies = scores.iter().filter(|score| !score.proxy.is_empty()).count();
        let certificate = scores.iter().filter_map(|score| score.certificate).reduce(f64::max);
        let count = |value: f64| grouped(value as u64);
        vec![
            name.to_string(),
            if proxies == 0 { "–".to_string() } else { proxies.to_string() },
            spread(&|score| score.exact, &|value| format!("{value:.2}")),
            spread(&|score| score.unanswered, &|value| format!("{value:.2}")),
            spread(&|score| score.mean, &|value| format!("{value:.4}")),
            spread(&|score| score.max, &|value| format!("{value:.3}")),
            certificate.map_or("–".to_string(), |points| format!("{points:.3}")),
            spread(&|score| score.evaluations, &count),
            spread(&|score| score.costs, &count),
        ]
    });
    let rows = rows.collect();
    Table { caption: caption.to_string(), ..table(&columns, rows) }
}

/// Regret over the share of proxies that do no worse.
fn regrets(scores: &[Score]) -> Result<Vec<Figure>, ReportError> {
    let mean: fn(&Score) -> f64 = |score| score.mean;
    let kinds = [("regret-mean", "mean regret", mean), ("regret-max", "greatest regret", |score| score.max)];
    let mut figures = Vec::new();
    for (id, what, of) in kinds {
        let y = &format!("{what}, points");
        let (mut series, mut rows) = (Vec::new(), Vec::new());
        // With the style that it has in the other figures.
        for (style, (name, scores)) in
            by_method(scores).into_iter().enumerate().filter(|(_, (name, _))| *name != "coupled")
        {
            let mut sorted = scores;
            sorted.sort_by(|a, b| of(a).total_cmp(&of(b)));
            let share = |place: usize| 100.0 * place as f64 / sorted.len() as f64;
            let steps = sorted.iter().enumerate();
            let points =
                steps.clone().flat_map(|(i, score)| [[share(i), of(score)], [share(i + 1), of(score)]]).collect();
            series.push(Series { name: name.to_string(), points, look: Look::Line, style });
            rows.extend(steps.map(|(i, score)| {
                vec![name.to_string(), score.proxy.clone(), share(i + 1).to_string(), of(score).to_string()]
            }));
        }
        let plot = XyPlot { x: "share of proxies, %", y, series, ..XyPlot::default() };
        let caption = format!(
            "The {what} over all queries, in points of accuracy, that this share of the proxies does not exceed. \
                     Methods without a proxy are level lines."
        );
        figures.push(figure(id, caption, &plot, table(&["method", "proxy", "share_percent", "regret"], rows))?);
    }
    Ok(figures)
}

/// Mean regret against what was asked of the model.
fn effort(
    directory: &Path,
    scores: &[Score],
    id: &str,
    unit: &str,
    of: fn(&Score) -> f64,
) -> Result<Figure, ReportError> {
    let (mut series, mut rows) = (Vec::new(), Vec::new());
    let curve = Sheet::read(directory, "curve.csv")?;
    let tolerances = curve.map_or(Ok(Vec::new()), |sheet| Score::all(&sheet, "each"))?;
    let methods = by_method(scores);
    let adaptive = methods.iter().position(|(name, _)| *name == "adaptive");
    if let Some(style) = adaptive.filter(|_| tolerances.len() > 1) {
        let points = tolerances.iter().map(|score| [of(score), score.mean]).collect();
        series.push(Series { name: "adaptive, by tolerance".to_string(), points, look: Look::Line, style });
    }
    for (style, (name, scores)) in methods.iter().enumerate() {
        let points = scores.iter().map(|score| [of(score), score.mean]).collect();
        series.push(Series { name: name.to_string(), points, look: Look::Markers, style });
    }
    for score in scores.iter().chain(&tolerances) {
        let figures = [of(score), score.mean, score.max].map(|value| value.to_string());
        rows.push([score.method.clone(), score.proxy.clone()].into_iter().chain(figures).collect());
    }
    let plot = XyPlot { x: unit, y: "mean regret, points", log_x: true, log_y: false, series };
    let caption = format!("Mean regret against {unit}. Towards the lower left is better. Each marker is a proxy.");
    figure(id, caption, &plot, table(&["method", "proxy", &id.replace('-', "_"), "mean_regret", "max_regret"], rows))
}

/// The size of the shortlist P against the number of limits K.
fn shortlist(directory: &Path) -> Result<Option<Figure>, ReportError> {
    let Some(sheet) = Sheet::read(directory, "shortlist.csv")? else { return Ok(None) };
    let (mut by_limits, mut rows) = (std::collections::BTreeMap::<u64, Vec<f64>>::new(), Vec::new());
    for row in sheet.rows() {
        let (limits, networks) = (row.number("limits")?, row.number("networks")?);
        by_limits.entry(limits as u64).or_default().push(networks);
        rows.push(row.fields().to_vec());
    }
    if rows.is_empty() {
        return Ok(None);
    }
    by_limits.values_mut().for_each(|sizes| sizes.sort_by(f64::total_cmp));
    let largest: fn(&[f64]) -> f64 = |sizes| sizes[sizes.len() - 1];
    let kinds = [
        ("largest of the proxies", largest),
        ("median proxy", |sizes| sizes[sizes.len() / 2]),
        ("smallest", |sizes| sizes[0]),
    ];
    let series = kinds.into_iter().enumerate().map(|(style, (name, of))| Series {
        name: name.to_string(),
        points: by_limits.iter().map(|(&limits, sizes)| [limits as f64, of(sizes)]).collect(),
        look: Look::LineMarkers,
        style,
    });
    let series = series.collect();
    let plot = XyPlot { x: "limits on the proxy, K", y: "networks in P", series, ..XyPlot::default() };
    let caption = "Semi-decoupled search: how many networks win on the proxy under K pairs of limits.".to_string();
    let header: Vec<&str> = sheet.header().iter().map(String::as_str).collect();
    figure("shortlist", caption, &plot, table(&header, rows)).map(Some)
}
