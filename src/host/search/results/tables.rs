//! Tables of networks, designs and their costs, which are the same for every question.

use rayon::prelude::*;

use super::csv::{Csv, File, known, or_empty, text};
use crate::hardware::UNLIMITED;
use crate::host::campaign::Unusable;
use crate::host::search::counted::Counted;
use crate::host::search::exhaustive::Exhaustive;
use crate::host::search::methods::Shortlist;
use crate::host::search::problem::Problem;
use crate::host::search::query::{Figures, percentile};
use crate::host::stats::Ranked;

/// The tables of networks, designs and costs.
pub fn of_exhaustive(exhaustive: &Exhaustive) -> Vec<File> {
    let problem = exhaustive.problem();
    let columns: Vec<String> = (0..problem.designs().len()).map(|design| problem.design(design).column()).collect();
    let mut files = vec![networks(problem), designs(exhaustive, &columns), unusable(exhaustive)];
    let figures = |network: usize, design: usize| Some(exhaustive.figures(design)[network]).filter(Figures::is_usable);
    let of = |of: fn(Figures) -> String| move |network, design| figures(network, design).map_or(String::new(), of);
    files.push(matrix(problem, &columns, "latency.csv", of(|figures| text(figures.cycles))));
    files.push(matrix(problem, &columns, "energy.csv", of(|figures| text(figures.energy))));
    files.push(correlation(exhaustive, &columns, "srcc_latency.csv", Figures::latency));
    files.push(correlation(exhaustive, &columns, "srcc_energy.csv", |figures| figures.energy));
    files.push(fronts(exhaustive, &columns));
    files
}

fn networks(problem: &Problem) -> File {
    let mut csv = Csv::new(["pos", "id", "accuracy", "macs"]);
    for network in 0..problem.networks() {
        let (accuracy, macs) = (problem.accuracy()[network], problem.macs()[network]);
        csv.row([text(network), problem.names()[network].clone(), text(accuracy), text(macs)]);
    }
    csv.finish("networks.csv")
}

const DESIGN_COLUMNS: [&str; 19] = [
    "design",
    "accelerator",
    "dataflow",
    "pes",
    "simd",
    "noc",
    "hops",
    "offchip",
    "l1",
    "l2",
    "networks",
    "cycles_min",
    "cycles_median",
    "cycles_max",
    "energy_min",
    "energy_median",
    "energy_max",
    "area",
    "power",
];

fn designs(exhaustive: &Exhaustive, columns: &[String]) -> File {
    let mut csv = Csv::new(DESIGN_COLUMNS);
    for (place, column) in columns.iter().enumerate() {
        let design = exhaustive.problem().design(place);
        let (hw, noc) = (design.hardware, design.hardware.noc(0));
        let mut row = vec![column.clone(), design.accelerator, design.dataflow];
        let figures = [
            hw.pes(),
            hw.simd_lanes(),
            noc.bandwidth,
            noc.latency,
            hw.offchip_bandwidth(),
            hw.l1_bytes(),
            hw.l2_bytes(),
        ];
        row.extend(figures.map(|figure| or_empty((figure != UNLIMITED).then_some(figure))));
        let usable = || exhaustive.figures(place).iter().filter(|figures| figures.is_usable());
        row.push(text(usable().count()));
        for figure in [(|figures| figures.cycles as f64) as fn(&Figures) -> f64, |figures| figures.energy] {
            let mut sorted: Vec<f64> = usable().map(figure).collect();
            sorted.sort_by(f64::total_cmp);
            row.extend([0.0, 0.5, 1.0].map(|share| text(percentile(&sorted, share))));
        }
        let most = |figure: fn(&Figures) -> f64| known(usable().map(figure).fold(0.0, f64::max));
        row.extend([most(|figures| figures.area), most(|figures| figures.power)]);
        csv.row(row);
    }
    csv.finish("designs.csv")
}

fn unusable(exhaustive: &Exhaustive) -> File {
    let mut csv = Csv::new(Unusable::COLUMNS);
    exhaustive.unusable().iter().flat_map(Unusable::rows).for_each(|row| csv.row(row));
    csv.finish("unusable.csv")
}

fn matrix(problem: &Problem, columns: &[String], name: &'static str, of: impl Fn(usize, usize) -> String) -> File {
    let mut csv = Csv::new(["pos", "id"].into_iter().chain(columns.iter().map(String::as_str)));
    for network in 0..problem.networks() {
        let row = (0..columns.len()).map(|design| of(network, design));
        csv.row([text(network), problem.names()[network].clone()].into_iter().chain(row));
    }
    csv.finish(name)
}

fn correlation(exhaustive: &Exhaustive, columns: &[String], name: &'static str, figure: fn(&Figures) -> f64) -> File {
    let ranked = |design| Ranked::of(&exhaustive.figures(design).iter().map(figure).collect::<Vec<_>>());
    let ranked: Vec<Ranked> = (0..columns.len()).into_par_iter().map(ranked).collect();
    let rows: Vec<Vec<Option<f64>>> =
        ranked.par_iter().map(|own| ranked.iter().map(|other| own.spearman(other)).collect()).collect();
    let mut csv = Csv::new(["design"].into_iter().chain(columns.iter().map(String::as_str)));
    for (column, row) in columns.iter().zip(rows) {
        csv.row([column.clone()].into_iter().chain(row.into_iter().map(or_empty)));
    }
    csv.finish(name)
}

fn fronts(exhaustive: &Exhaustive, columns: &[String]) -> File {
    let problem = exhaustive.problem();
    let mut csv = Csv::new(["design", "pos", "id", "accuracy", "cycles", "energy"]);
    for (design, column) in columns.iter().enumerate() {
        let figures = exhaustive.figures(design);
        let usable = |&&network: &&usize| figures[network].is_usable();
        let mut by_latency: Vec<usize> = problem.order().iter().filter(usable).copied().collect();
        by_latency.sort_by_key(|&network| figures[network].cycles);
        let mut best = f64::NEG_INFINITY;
        for network in by_latency {
            let accuracy = problem.accuracy()[network];
            if accuracy > best {
                best = accuracy;
                let Figures { cycles, energy, .. } = figures[network];
                let name = problem.names()[network].clone();
                csv.row([column.clone(), text(network), name, text(accuracy), text(cycles), text(energy)]);
            }
        }
    }
    csv.finish("fronts.csv")
}

/// The numbers of percentiles (of latency, and as many of energy) for which the size of the shortlist is computed.
const STEPS: [usize; 8] = [2, 4, 6, 8, 10, 12, 16, 20];

/// The size of the semi-decoupled shortlist against the number of limits, for every proxy.
pub fn shortlists(exhaustive: &Exhaustive) -> File {
    let counted = Counted::new(exhaustive);
    let of =
        |proxy: usize| STEPS.map(|steps| Shortlist::semi_decoupled(counted.clone(), proxy, steps).networks().len());
    let sizes: Vec<_> = (0..exhaustive.problem().designs().len()).into_par_iter().map(of).collect();
    let mut csv = Csv::new(["proxy", "limits", "networks"]);
    for (proxy, sizes) in sizes.into_iter().enumerate() {
        for (steps, size) in STEPS.into_iter().zip(sizes) {
            csv.row([exhaustive.problem().design(proxy).column(), text(steps * steps), text(size)]);
        }
    }
    csv.finish("shortlist.csv")
}
