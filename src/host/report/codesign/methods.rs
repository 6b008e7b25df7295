//! Compares the answers of the methods with the true best answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::ReportError;
use super::sheet::{Sheet, SheetRow};
use crate::host::report::comparison::{self, Score, by_method};
use crate::host::report::page::{Figure, Section, Table};
use crate::host::report::plot::xy::{Look, Series, XyPlot};

/// The scores in a table, for queries of one kind.
fn scores(sheet: &Sheet, queries: &str) -> Result<Vec<Score>, ReportError> {
    let mut scores = Vec::new();
    for row in sheet.rows() {
        if row.text("queries")? == queries {
            scores.push(score(row)?);
        }
    }
    Ok(scores)
}

fn score(row: SheetRow<'_>) -> Result<Score, ReportError> {
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

/// Compares the methods. `evaluations` is the number of evaluations that costing all networks on all designs takes.
pub(super) fn comparison(directory: &Path, evaluations: f64) -> Result<Option<Section>, ReportError> {
    let Some(sheet) = Sheet::read(directory, "methods.csv")? else { return Ok(None) };
    let [each, together] = [scores(&sheet, "each")?, scores(&sheet, "all")?];
    if each.is_empty() {
        return Ok(None);
    }
    let proxies: BTreeSet<&str> = each.iter().map(|score| &*score.proxy).filter(|proxy| !proxy.is_empty()).collect();
    let several = proxies.len() > 1;
    let proxies = if several {
        " Methods with a proxy were tried with every design as the proxy: figures are worst / median / best over the proxies, \
         column by column."
    } else {
        ""
    };
    let mut section = Section {
        heading: "Methods against the truth".to_string(),
        text: vec![
            format!(
                "A query asks for the most accurate network within a limit on latency and one on energy. coupled costs every \
                 network on every design and is always right; the others look at less. Regret is the accuracy that an answer \
                 misses, over the queries that have an answer and got one.{proxies}"
            ),
            "An evaluation is a run of the cost model on a layer under a dataflow on an accelerator; a network cost is the \
             sum of a network on a design, which is what the paper counts. In MAESTRO's model, adaptive remembers what a run \
             moved, and needs no other run for another bandwidth or for a layer that is cut into the same tiles; with the \
             same memory coupled would need fewer, too."
                .to_string(),
        ],
        ..Section::default()
    };
    if several {
        section.figures.extend(regrets(&each)?);
    }
    for (id, unit, of) in [
        ("evaluations", "evaluations of the cost model", (|score| score.evaluations) as fn(&Score) -> f64),
        ("network-costs", "networks costed on a design", |score| score.costs),
    ] {
        section.figures.push(effort(directory, &each, id, unit, of)?);
    }
    section.figures.extend(shortlist(directory)?);
    let captions = ["Queries about one design at a time", "Queries about all designs together"];
    for (caption, scores) in captions.into_iter().zip([&each, &together]) {
        let table = Table { caption: caption.to_string(), ..comparison::table(scores, evaluations) };
        section.tables.extend((!table.rows.is_empty()).then_some(table));
    }
    Ok(Some(section))
}

/// Plots regret against the share of proxies whose regret is not larger.
fn regrets(all: &[Score]) -> Result<Vec<Figure>, ReportError> {
    let mean: fn(&Score) -> f64 = |score| score.mean;
    let kinds = [("regret-mean", "mean regret", mean), ("regret-max", "greatest regret", |score| score.max)];
    let mut figures = Vec::new();
    for (id, what, of) in kinds {
        let y = &format!("{what}, points");
        let (mut series, mut rows) = (Vec::new(), Vec::new());
        // Keeps the style that the method has in the other figures.
        for (style, (name, scores)) in
            by_method(all).into_iter().enumerate().filter(|(_, (name, _))| *name != "coupled")
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
            "The {what} over the queries about one design that were answered, in points of accuracy, that this share of the \
             proxies does not exceed. Methods without a proxy are level lines. {}",
            comparison::unanswered(all)
        );
        figures.push(Figure::new(
            id,
            caption,
            &plot,
            Table::new(&["method", "proxy", "share_percent", "regret"], rows),
        )?);
    }
    Ok(figures)
}

/// Mean regret against the number of evaluations of the cost model.
fn effort(
    directory: &Path,
    scores: &[Score],
    id: &str,
    unit: &str,
    of: fn(&Score) -> f64,
) -> Result<Figure, ReportError> {
    let (mut series, mut rows) = (Vec::new(), Vec::new());
    let curve = Sheet::read(directory, "curve.csv")?;
    let tolerances = curve.map_or(Ok(Vec::new()), |sheet| self::scores(&sheet, "each"))?;
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
    let caption = format!(
        "Mean regret over the queries about one design that were answered, against {unit}. Towards the lower left is better. \
         Each marker is a method, with one proxy if it has any. {}",
        comparison::unanswered(scores)
    );
    let columns = ["method", "proxy", &id.replace('-', "_"), "mean_regret", "max_regret"];
    Ok(Figure::new(id, caption, &plot, Table::new(&columns, rows))?)
}

/// The size of the shortlist P against the number of limits K.
fn shortlist(directory: &Path) -> Result<Option<Figure>, ReportError> {
    let Some(sheet) = Sheet::read(directory, "shortlist.csv")? else { return Ok(None) };
    let (mut by_limits, mut rows) = (BTreeMap::<u64, Vec<f64>>::new(), Vec::new());
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
        ("median", |sizes| sizes[sizes.len() / 2]),
        ("smallest", |sizes| sizes[0]),
    ];
    // If there is only one proxy, smallest, median and largest are the same.
    let one = by_limits.values().all(|sizes| sizes.len() == 1);
    let kinds = if one { vec![("the proxy", largest)] } else { kinds.to_vec() };
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
    Ok(Some(Figure::new("shortlist", caption, &plot, Table::new(&header, rows))?))
}
