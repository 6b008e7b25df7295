//! `maestrino space srcc`: shows whether designs rank networks in the same order.

use std::fmt::Write;
use std::path::PathBuf;

use crate::host::campaign::read::{Column, Tables};
use crate::host::csv_io::{io_error, write_row};
use crate::host::report::plot::Plot;
use crate::host::report::plot::heatmap::HeatMap;
use crate::host::report::table;
use crate::host::stats::{self, Correlations, Ranked};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::{output, progress};

/// Show how alike designs rank networks: Spearman's rho and Kendall's tau-b for latency, energy and EDP
#[derive(clap::Args)]
pub struct SrccArgs {
    /// Directories of campaigns, or tables: costs.parquet, or CSVs with latency or energy in their names
    #[arg(value_name = "TABLE|DIR", required = true)]
    tables: Vec<PathBuf>,
    /// Figures to rank [default: all that the tables have]
    #[arg(long, value_name = "WHAT,...", value_delimiter = ',', value_enum)]
    metric: Vec<Metric>,
    /// Designs to compare, in this order [default: all]
    #[arg(long, value_name = "DESIGN,...", value_delimiter = ',', conflicts_with = "figure")]
    columns: Vec<String>,
    /// The seven points of the paper's heat map, with its names and order, from tables of campaign --hw paper;
    /// paper-doubled also doubles the seven networks that are doubled in the published array of NVDLA #1
    #[arg(long, value_enum)]
    figure: Option<Figure>,
    /// Coefficient of the text and the heat maps; srcc.csv has both
    #[arg(long, value_enum, default_value_t = Coefficient::Spearman)]
    coefficient: Coefficient,
    /// Value at the dark end of the colours of the heat maps [default: 0, or -1 if any is negative]
    #[arg(long, value_name = "VALUE", value_parser = low_end, allow_negative_numbers = true)]
    low: Option<f64>,
    /// Number of pairs to list that agree least
    #[arg(long, value_name = "N", default_value_t = 5)]
    worst: usize,
    /// Write srcc.csv and heat maps as SVG, PDF and PNG to this directory; created if missing
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metric {
    Latency,
    Energy,
    Edp,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Figure {
    Paper,
    PaperDoubled,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Coefficient {
    Spearman,
    Kendall,
}

impl From<Coefficient> for stats::Coefficient {
    fn from(coefficient: Coefficient) -> stats::Coefficient {
        match coefficient {
            Coefficient::Spearman => stats::Coefficient::Spearman,
            Coefficient::Kendall => stats::Coefficient::Kendall,
        }
    }
}

impl Metric {
    const ALL: [Metric; 3] = [Metric::Latency, Metric::Energy, Metric::Edp];

    fn name(self) -> &'static str {
        match self {
            Metric::Latency => "latency",
            Metric::Energy => "energy",
            Metric::Edp => "EDP",
        }
    }

    /// The values of this metric on a design; `None` if a table is missing.
    fn of(self, column: &Column) -> Option<Vec<f64>> {
        let edp =
            |latency: &[f64], energy: &[f64]| latency.iter().zip(energy).map(|(cycles, nj)| cycles * nj).collect();
        match (self, &column.latency, &column.energy) {
            (Metric::Latency, latency, _) => latency.clone(),
            (Metric::Energy, _, energy) => energy.clone(),
            (Metric::Edp, Some(latency), Some(energy)) => Some(edp(latency, energy)),
            (Metric::Edp, ..) => None,
        }
    }
}

/// The points of the paper: its names and ours.
const PAPER: [(&str, &str); 7] = [
    ("NVDLA #1", "kcp_ws_hw1"),
    ("NVDLA #2", "kcp_ws_hw2"),
    ("WS #1", "xp_ws_hw1"),
    ("WS #2", "xp_ws_hw2"),
    ("Eyeriss #1", "rs_hw1"),
    ("Eyeriss #2", "rs_hw2"),
    ("Eyeriss #3", "rs_hw3"),
];

/// The positions in the published array of NVDLA #1 whose values are doubled there.
const DOUBLED: [usize; 7] = [0, 1, 2, 4, 5, 6, 7];

/// The maximum number of designs that are compared. With more, there are too many pairs to look at.
const MAX_DESIGNS: usize = 2000;

/// Runs the command.
pub fn run(args: &SrccArgs) -> Result<(), Failure> {
    let mut tables = Tables::default();
    let reading = progress::begin("reading tables", args.tables.len());
    for path in &args.tables {
        tables.add(path).map_err(|error| Failure::Input(error.to_string()))?;
        reading.advance();
    }
    drop(reading);
    let columns = chosen(args, &tables)?;
    if columns.len() < 2 || columns.len() > MAX_DESIGNS {
        return Err(Failure::Input(format!(
            "{} designs: expected 2 to {MAX_DESIGNS}; choose with --columns",
            columns.len()
        )));
    }
    let metrics = if args.metric.is_empty() { &Metric::ALL[..] } else { &args.metric };
    let mut all = Vec::new();
    for &metric in metrics {
        let _work = progress::begin(format!("rank correlation of {} on {} designs", metric.name(), columns.len()), 0);
        let figures: Vec<_> = columns.iter().map(|column| metric.of(column)).collect();
        match figures.iter().position(Option::is_none) {
            None => {
                let ranked: Vec<_> = figures.iter().flatten().map(|figures| Ranked::of(figures)).collect();
                let names = columns.iter().map(|column| column.name.clone()).collect();
                all.push((metric, Correlations::new(names, &ranked)));
            }
            Some(_) if args.metric.is_empty() && figures.iter().all(Option::is_none) => {}
            Some(_) if args.metric.is_empty() && metric == Metric::Edp => {}
            Some(place) => {
                let what = format!("no table has the {} of {}", metric.name(), columns[place].name);
                return Err(Failure::Input(what));
            }
        }
    }
    if let Some(directory) = &args.output {
        std::fs::create_dir_all(directory)
            .map_err(|source| Failure::Output { path: directory.display().to_string(), source })?;
        output::write(Some(&directory.join("srcc.csv")), |out| out.write_all(&csv(&all)?))?;
        let drawing = progress::begin("heat maps", all.len());
        for (metric, correlations) in &all {
            drawing.advance();
            plot(args, *metric, correlations, tables.networks.len(), directory)?;
        }
    }
    let text = text(args, &all, tables.networks.len());
    output::write(None, |out| out.write_all(text.as_bytes()))
}

fn low_end(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| (-1.0..1.0).contains(value));
    value.ok_or_else(|| "expected a number from -1 to less than 1".to_string())
}

/// The designs to compare, in order.
fn chosen(args: &SrccArgs, tables: &Tables) -> Result<Vec<Column>, Failure> {
    let find = |name: &str| {
        let found = tables.columns.iter().find(|column| column.name == name);
        found.cloned().ok_or_else(|| Failure::Input(format!("the tables have no design {name}")))
    };
    if let Some(figure) = args.figure {
        let mut columns = Vec::new();
        for (name, ours) in PAPER {
            let hint = |_| {
                Failure::Input(format!(
                    "the tables have no design {ours}; make them by: maestrino space campaign --space nb301 --input-size 16 \
                     --aux-head --hw paper --dataflow kcp_ws,xp_ws,rs --energy maestro-csv"
                ))
            };
            columns.push(Column { name: name.to_string(), ..find(ours).map_err(hint)? });
        }
        if figure == Figure::PaperDoubled {
            let [first, ..] = columns.as_mut_slice() else { return Ok(columns) };
            for figures in [&mut first.latency, &mut first.energy].into_iter().flatten() {
                if figures.len() <= DOUBLED[DOUBLED.len() - 1] {
                    return Err(Failure::Input("paper-doubled needs the networks of --networks selected".to_string()));
                }
                DOUBLED.iter().for_each(|&place| figures[place] *= 2.0);
            }
        }
        return Ok(columns);
    }
    if args.columns.is_empty() {
        return Ok(tables.columns.clone());
    }
    args.columns.iter().map(|name| find(name)).collect()
}

/// One row for each pair of designs.
fn csv(all: &[(Metric, Correlations)]) -> std::io::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["metric", "a", "b", "spearman", "kendall"]).map_err(io_error)?;
    let cell = |coefficient: Option<f64>| coefficient.map_or(String::new(), |value| value.to_string());
    for (metric, correlations) in all {
        for a in 0..correlations.names.len() {
            for b in a + 1..correlations.names.len() {
                let [rho, tau] = [stats::Coefficient::Spearman, stats::Coefficient::Kendall]
                    .map(|coefficient| cell(correlations.get(coefficient, a, b)));
                let [a, b] = [a, b].map(|design| correlations.names[design].clone());
                write_row(&mut csv, [metric.name().to_lowercase(), a, b, rho, tau]).map_err(io_error)?;
            }
        }
    }
    csv.into_inner().map_err(|error| error.into_error())
}

fn title(args: &SrccArgs, metric: Metric, networks: usize) -> String {
    let coefficient = stats::Coefficient::from(args.coefficient).name();
    format!("{coefficient} rank correlation of {}, {networks} networks", metric.name())
}

fn plot(
    args: &SrccArgs,
    metric: Metric,
    correlations: &Correlations,
    networks: usize,
    directory: &std::path::Path,
) -> Result<(), Failure> {
    let values = correlations.all(args.coefficient.into());
    let low = if values.iter().flatten().any(|value| *value < 0.0) { -1.0 } else { 0.0 };
    let title = title(args, metric, networks);
    let map = HeatMap { title: &title, names: &correlations.names, values, range: [args.low.unwrap_or(low), 1.0] };
    let failed = |error: crate::host::report::plot::PlotError| Failure::Input(error.to_string());
    let stem = match args.coefficient {
        Coefficient::Spearman => format!("srcc_{}", metric.name().to_lowercase()),
        Coefficient::Kendall => format!("kendall_{}", metric.name().to_lowercase()),
    };
    let drawing = map.drawing().map_err(failed)?;
    let svg = drawing.svg().map_err(failed)?.into_bytes();
    let pdf = drawing.pdf(&title).map_err(failed)?;
    for (extension, bytes) in [("svg", svg), ("pdf", pdf), ("png", map.png().map_err(failed)?)] {
        output::write(Some(&directory.join(format!("{stem}.{extension}"))), |out| out.write_all(&bytes))?;
    }
    Ok(())
}

/// The maximum number of designs that are printed as a table.
const PRINTED: usize = 16;

fn text(args: &SrccArgs, all: &[(Metric, Correlations)], networks: usize) -> String {
    let mut text = String::new();
    let coefficient = args.coefficient.into();
    for (metric, correlations) in all {
        let names = &correlations.names;
        let _ = writeln!(text, "{}\n", title(args, *metric, networks));
        if names.len() <= PRINTED {
            let header: Vec<String> = std::iter::once(String::new()).chain(names.iter().cloned()).collect();
            let rows = names.iter().enumerate().map(|(a, name)| {
                let values = (0..names.len()).map(|b| {
                    correlations.get(coefficient, a, b).map_or("-".to_string(), |value| format!("{value:.4}"))
                });
                std::iter::once(name.clone()).chain(values).collect()
            });
            let _ = writeln!(text, "{}\n", table::grid(&header, rows.collect()));
        } else {
            let mut values: Vec<f64> =
                correlations.worst(coefficient, usize::MAX).into_iter().map(|(.., value)| value).collect();
            values.sort_by(f64::total_cmp);
            if let (Some(least), Some(median)) = (values.first(), values.get(values.len() / 2)) {
                let _ = writeln!(text, "{} designs: least {least:.4}, median {median:.4}", names.len());
            }
        }
        for (a, b, value) in correlations.worst(coefficient, args.worst) {
            let _ = writeln!(text, "{value:.4}  {} and {}", names[a], names[b]);
        }
        text.push('\n');
    }
    text
}
