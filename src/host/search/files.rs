//! What a search leaves in its directory, for tables, plots and `maestrino report`.
//!
//! All files are CSV with a header unless they end in `.json`. Latencies are in cycles, energies in nJ, areas in um^2, power
//! in mW, accuracies in percent (or scores that only rank). Nothing in them depends on time or on the number of threads.
//!
//! | file | rows | columns |
//! | --- | --- | --- |
//! | `summary.json` | | what was searched: space, cost model (`exact` or `maestro`), counts of networks, designs, layers, evaluations, pairs that evolved; where accuracies are from; of each `comparison`, `constraint` and `evolution` the command, the version of the program and what it asked (see [`asked`]); checksums of the space with its designs, and of the networks (see [`Identity`]), and of each file |
//! | `networks.csv` | a network | `pos,id,accuracy,macs` |
//! | `designs.csv` | a usable design | `design,accelerator,dataflow,pes,simd,noc,hops,offchip,l1,l2,networks` (those that can run), then `min`, `median` and `max` over the networks of `cycles_` and `energy_`, and the largest `area` and `power`; what has no limit is empty |
//! | `unusable.csv` | what a design lacks that some networks cannot run on | `dataflow,accelerator,lacks,layer,network,layers,networks,need,have,reason`: `lacks` is `l1`, `cluster` or `l2`, with the bytes that there are (`have`) and those that the most demanding layer needs, or `dataflow` where it does not suit layers or array; `layers` and `networks` cannot run for this reason |
//! | `latency.csv`, `energy.csv` | a network | `pos,id`, then a column for each design; empty where the network cannot run |
//! | `srcc_latency.csv`, `srcc_energy.csv` | a design | `design`, then its rank correlation (Spearman) with each |
//! | `fronts.csv` | a network of a design's accuracy-latency front | `design,pos,id,accuracy,cycles,energy` |
//! | `shortlist.csv` | a proxy and a number of limits | `proxy,limits,networks`: what the paper calls K and the size of P |
//! | `methods.csv` | a method, with a proxy if it has one | `queries` is `each` (about one design at a time) or `all` (about all together); how it did: see [`Score`] |
//! | `curve.csv` | a tolerance of `adaptive` | the same; `tolerance` in points |
//! | `choices.csv` | a method's answer to the constraint | `method,proxy,pos,id,accelerator,dataflow,feasible,accuracy,cycles,energy,area,power,l1,l2,fits,missed,evaluations,network_costs,accuracies,model`: `l1` and `l2` are the bytes that area and power are of, the accelerator's own or, where they have no limit, and by MAESTRO's model, what the network needs; `fits` is `yes`, or the buffers (`l1+l2`) that are too small; `area` and `power` are empty where the NoC has no limit, here and in the other files |
//! | `breakdown.csv` | a layer of the chosen network, in execution order | its shape and dataflow, `cycles,mac,l1,cluster,l2,offchip,l1_bytes,l2_bytes`: the energies of MACs, L1, buffers of clusters, L2 and off-chip in nJ; buffers as large as the layer needs, or, by the exact model, the accelerator's own |
//! | `enumerated.csv` | a pair of the front of accuracy, latency and energy of the networks on all designs | `id,accelerator,dataflow,accuracy,cycles,energy` |
//! | `front.csv` | a pair that evolution found and nothing dominates | `seed,network,accelerator,dataflow,accuracy,cycles,energy,area,power,l1,l2,fits,model`: `l1` and `l2` are the bytes of the accelerator's buffers, empty without limit; `fits` is `yes`, as by the exact model always, or the buffers that are too small |

use std::fmt::Display;
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::compare::{Plan, Score};
use super::evaluator::Evaluator;
use super::identity::Identity;
use super::methods::{Answer, Method, Shortlist};
use super::probe::{Counts, Probe};
use super::query::{Choice, Figures, Limits, percentile};
use super::task::Task;
use super::truth::Truth;
use crate::hardware::UNLIMITED;
use crate::host::campaign::{Takes, Unusable};
use crate::host::costs::CostModel;
use crate::host::directory::checksum_of;
use crate::host::ids::LayerId;
use crate::host::stats::Ranked;
use crate::host::tabular::write_row;
use crate::{Dim, Energy};

/// A file's name and its content.
pub type File = (&'static str, Vec<u8>);

/// The file that says what was searched.
pub const SUMMARY: &str = "summary.json";

/// Every file that a search may leave.
pub const NAMES: [&str; 16] = [
    SUMMARY,
    "networks.csv",
    "designs.csv",
    "unusable.csv",
    "latency.csv",
    "energy.csv",
    "srcc_latency.csv",
    "srcc_energy.csv",
    "fronts.csv",
    "shortlist.csv",
    "methods.csv",
    "curve.csv",
    "choices.csv",
    "breakdown.csv",
    "enumerated.csv",
    "front.csv",
];

/// The field of a summary with the [checksum](crate::host::directory::checksum) of each file, by name.
pub const CHECKSUMS: &str = "files_crc32";

/// The files in a directory that are not as the search left them that `summary` tells of.
pub fn damaged(directory: &Path, summary: &Map<String, Value>) -> Vec<&'static str> {
    let told = |name: &str| summary.get(CHECKSUMS)?.get(name)?.as_str();
    let is = |name: &str| checksum_of(&directory.join(name)).ok();
    let others = NAMES.into_iter().filter(|name| *name != SUMMARY && directory.join(name).exists());
    others.filter(|name| is(name).as_deref() != told(name)).collect()
}

/// Names of the checksums of an [`Identity`] in the summary.
const IDENTITY: [&str; 2] = ["designs_crc64", "networks_crc64"];

/// The identity that a summary tells.
pub fn identity(summary: &Map<String, Value>) -> Identity {
    let [designs, networks] = IDENTITY.map(|key| summary.get(key).and_then(Value::as_str).map(String::from));
    Identity { designs: designs.unwrap_or_default(), networks }
}

/// An identity as fields of a summary.
pub fn identity_fields(identity: &Identity) -> Map<String, Value> {
    let Identity { designs, networks } = identity.clone();
    let known = IDENTITY.into_iter().zip([Some(designs), networks]);
    known.filter_map(|(key, crc)| Some((key.to_string(), crc?.into()))).collect()
}

/// The file of a summary.
pub fn summary(fields: &Map<String, Value>) -> File {
    (SUMMARY, format!("{:#}\n", Value::from(fields.clone())).into_bytes())
}

/// What a search of a list of networks on designs was about, for its summary.
pub fn truth_fields(truth: &Truth, space: &str) -> Map<String, Value> {
    let task = truth.task();
    fields(json!({
        "format": 1,
        "space": space,
        "model": task.campaign().costing.model().name(),
        "networks": task.networks(),
        "designs": task.designs().len(),
        "unusable_designs": truth.unusable_designs(),
        "distinct_layers": task.layers().len(),
        "network_costs": task.networks() * task.designs().len(),
        "evaluations": truth.distinct_evaluations(),
    }))
}

/// What an evolution was about, for its summary.
pub fn evolution_fields(space: &str, model: CostModel) -> Map<String, Value> {
    fields(json!({"format": 1, "space": space, "model": model.name()}))
}

/// What a command of this kind (`comparison`, `constraint` or `evolution`) asked, for the summary: `limits`, those that there
/// are, and whatever else there is to tell of it.
pub fn asked(kind: &str, command: &str, limits: &Limits, more: Value) -> Map<String, Value> {
    let mut told = fields(json!({"version": env!("CARGO_PKG_VERSION"), "command": command}));
    let limits: Map<String, Value> = limits.named().map(|(name, limit)| (name.to_string(), limit.into())).collect();
    if !limits.is_empty() {
        told.insert("limits".to_string(), limits.into());
    }
    told.extend(fields(more));
    Map::from_iter([(kind.to_string(), told.into())])
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A table under construction.
struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Csv {
        let mut csv = Csv(csv::Writer::from_writer(Vec::new()));
        csv.row(header.into_iter().map(String::from));
        csv
    }

    /// Writing to memory does not fail, and all rows are as long as the header.
    fn row(&mut self, fields: impl IntoIterator<Item = String>) {
        let _ = write_row(&mut self.0, fields);
    }

    fn finish(self, name: &'static str) -> File {
        (name, self.0.into_inner().unwrap_or_default())
    }
}

/// Columns of [`CHOICE_COLUMNS`], [`SCORE_COLUMNS`] and [`FRONT_COLUMNS`] that hold text; the others hold numbers, or nothing.
pub const TEXT_COLUMNS: [&str; 10] =
    ["queries", "method", "proxy", "id", "accelerator", "dataflow", "feasible", "fits", "network", "model"];

fn text(value: impl Display) -> String {
    value.to_string()
}

fn or_empty(value: Option<impl Display>) -> String {
    value.map_or(String::new(), text)
}

/// Area or power, where it is known.
fn known(silicon: f64) -> String {
    or_empty(silicon.is_finite().then_some(silicon))
}

/// The space, the networks and the designs, whatever was asked about them.
pub fn of_truth(truth: &Truth) -> Vec<File> {
    let task = truth.task();
    let columns: Vec<String> = (0..task.designs().len()).map(|design| task.design(design).column()).collect();
    let mut files = vec![networks(task), designs(truth, &columns), unusable(truth)];
    let figures = |network: usize, design: usize| Some(truth.figures(design)[network]).filter(Figures::is_usable);
    let of = |of: fn(Figures) -> String| move |network, design| figures(network, design).map_or(String::new(), of);
    files.push(matrix(task, &columns, "latency.csv", of(|figures| text(figures.cycles))));
    files.push(matrix(task, &columns, "energy.csv", of(|figures| text(figures.energy))));
    files.push(correlation(truth, &columns, "srcc_latency.csv", Figures::latency));
    files.push(correlation(truth, &columns, "srcc_energy.csv", |figures| figures.energy));
    files.push(fronts(truth, &columns));
    files
}

fn networks(task: &Task) -> File {
    let mut csv = Csv::new(["pos", "id", "accuracy", "macs"]);
    for network in 0..task.networks() {
        let (accuracy, macs) = (task.accuracy()[network], task.macs()[network]);
        csv.row([text(network), task.names()[network].clone(), text(accuracy), text(macs)]);
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

fn designs(truth: &Truth, columns: &[String]) -> File {
    let mut csv = Csv::new(DESIGN_COLUMNS);
    for (place, column) in columns.iter().enumerate() {
        let design = truth.task().design(place);
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
        let usable = || truth.figures(place).iter().filter(|figures| figures.is_usable());
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

fn unusable(truth: &Truth) -> File {
    let mut csv = Csv::new(Unusable::COLUMNS);
    truth.unusable().iter().flat_map(Unusable::rows).for_each(|row| csv.row(row));
    csv.finish("unusable.csv")
}

fn matrix(task: &Task, columns: &[String], name: &'static str, of: impl Fn(usize, usize) -> String) -> File {
    let mut csv = Csv::new(["pos", "id"].into_iter().chain(columns.iter().map(String::as_str)));
    for network in 0..task.networks() {
        let row = (0..columns.len()).map(|design| of(network, design));
        csv.row([text(network), task.names()[network].clone()].into_iter().chain(row));
    }
    csv.finish(name)
}

fn correlation(truth: &Truth, columns: &[String], name: &'static str, figure: fn(&Figures) -> f64) -> File {
    let ranked = |design| Ranked::of(&truth.figures(design).iter().map(figure).collect::<Vec<_>>());
    let ranked: Vec<Ranked> = (0..columns.len()).into_par_iter().map(ranked).collect();
    let rows: Vec<Vec<Option<f64>>> =
        ranked.par_iter().map(|own| ranked.iter().map(|other| own.spearman(other)).collect()).collect();
    let mut csv = Csv::new(["design"].into_iter().chain(columns.iter().map(String::as_str)));
    for (column, row) in columns.iter().zip(rows) {
        csv.row([column.clone()].into_iter().chain(row.into_iter().map(or_empty)));
    }
    csv.finish(name)
}

fn fronts(truth: &Truth, columns: &[String]) -> File {
    let task = truth.task();
    let mut csv = Csv::new(["design", "pos", "id", "accuracy", "cycles", "energy"]);
    for (design, column) in columns.iter().enumerate() {
        let figures = truth.figures(design);
        let usable = |&&network: &&usize| figures[network].is_usable();
        let mut by_latency: Vec<usize> = task.order().iter().filter(usable).copied().collect();
        by_latency.sort_by_key(|&network| figures[network].cycles);
        let mut best = f64::NEG_INFINITY;
        for network in by_latency {
            let accuracy = task.accuracy()[network];
            if accuracy > best {
                best = accuracy;
                let Figures { cycles, energy, .. } = figures[network];
                let name = task.names()[network].clone();
                csv.row([column.clone(), text(network), name, text(accuracy), text(cycles), text(energy)]);
            }
        }
    }
    csv.finish("fronts.csv")
}

/// Limits for which the size of the shortlist is told: as many percentiles of latency as of energy.
const STEPS: [usize; 8] = [2, 4, 6, 8, 10, 12, 16, 20];

/// The size of the semi-decoupled shortlist against the number of limits, for every proxy.
pub fn shortlists(truth: &Truth) -> File {
    let counts = truth.layer_counts();
    let probe = Probe::new(truth, &counts);
    let of = |proxy: usize| STEPS.map(|steps| Shortlist::semi_decoupled(probe.clone(), proxy, steps).networks().len());
    let sizes: Vec<_> = (0..truth.task().designs().len()).into_par_iter().map(of).collect();
    let mut csv = Csv::new(["proxy", "limits", "networks"]);
    for (proxy, sizes) in sizes.into_iter().enumerate() {
        for (steps, size) in STEPS.into_iter().zip(sizes) {
            csv.row([truth.task().design(proxy).column(), text(steps * steps), text(size)]);
        }
    }
    csv.finish("shortlist.csv")
}

/// Columns of `methods.csv` and `curve.csv`.
pub const SCORE_COLUMNS: [&str; 17] = [
    "queries",
    "method",
    "proxy",
    "tolerance",
    "asked",
    "feasible",
    "exact",
    "exact_share",
    "unanswered",
    "mean_regret",
    "max_regret",
    "max_missed",
    "violations",
    "evaluations",
    "network_costs",
    "accuracies",
    "model",
];

/// How methods did.
pub fn scores(truth: &Truth, name: &'static str, of_each: &[Score], of_all: &[Score]) -> File {
    let mut csv = Csv::new(SCORE_COLUMNS);
    let each = of_each.iter().map(|score| ("each", score));
    for (queries, score) in each.chain(of_all.iter().map(|score| ("all", score))) {
        csv.row(score_row(truth, queries, score));
    }
    csv.finish(name)
}

/// How a method did, as the fields of [`SCORE_COLUMNS`].
pub fn score_row(truth: &Truth, queries: &str, score: &Score) -> [String; 17] {
    let proxy = score.plan.proxy().map(|proxy| truth.task().design(proxy).column());
    let tolerance = match score.plan {
        Plan::Adaptive { tolerance, .. } => Some(tolerance),
        _ => None,
    };
    let Counts { networks, evaluations, accuracies } = score.counts;
    [
        text(queries),
        text(score.plan.name()),
        or_empty(proxy),
        or_empty(tolerance),
        text(score.queries),
        text(score.feasible),
        text(score.exact),
        text(score.exact_share()),
        text(score.unanswered),
        text(score.mean_regret()),
        text(score.max_regret),
        or_empty(score.max_missed),
        text(score.violations),
        text(evaluations),
        text(networks),
        text(accuracies),
        text(truth.task().campaign().costing.model().name()),
    ]
}

/// A method's answer.
pub struct Told {
    /// The method.
    pub plan: Plan,
    /// Its answer.
    pub answer: Answer,
    /// What it asked for.
    pub counts: Counts,
}

impl Told {
    /// Asks a method.
    pub fn of(plan: Plan, method: &mut dyn Method, designs: &[usize], limits: &Limits) -> Told {
        let answer = method.answer(designs, limits);
        Told { plan, answer, counts: method.counts() }
    }
}

/// Columns of `choices.csv`.
pub const CHOICE_COLUMNS: [&str; 20] = [
    "method",
    "proxy",
    "pos",
    "id",
    "accelerator",
    "dataflow",
    "feasible",
    "accuracy",
    "cycles",
    "energy",
    "area",
    "power",
    "l1",
    "l2",
    "fits",
    "missed",
    "evaluations",
    "network_costs",
    "accuracies",
    "model",
];

/// An answer as the fields of [`CHOICE_COLUMNS`].
pub fn choice_row(task: &Task, told: &Told) -> [String; 20] {
    let Told { plan, answer, counts } = told;
    let of = |field: &dyn Fn(&Choice) -> String| answer.choice.as_ref().map_or(String::new(), field);
    let [l1, l2, fits] = answer.choice.as_ref().map_or([const { String::new() }; 3], |choice| buffers(task, choice));
    [
        text(plan.name()),
        or_empty(plan.proxy().map(|proxy| task.design(proxy).column())),
        of(&|choice| text(choice.network)),
        of(&|choice| task.names()[choice.network].clone()),
        of(&|choice| task.design(choice.design).accelerator),
        of(&|choice| task.design(choice.design).dataflow),
        text(if answer.choice.is_some() { "yes" } else { "no" }),
        of(&|choice| text(choice.accuracy)),
        of(&|choice| text(choice.figures.cycles)),
        of(&|choice| text(choice.figures.energy)),
        of(&|choice| known(choice.figures.area)),
        of(&|choice| known(choice.figures.power)),
        l1,
        l2,
        fits,
        or_empty(answer.missed),
        text(counts.evaluations),
        text(counts.networks),
        text(counts.accuracies),
        text(task.campaign().costing.model().name()),
    ]
}

/// The bytes of L1 and L2 that area and power of a choice are of, and whether the accelerator has them.
fn buffers(task: &Task, choice: &Choice) -> [String; 3] {
    let mut evaluator = Evaluator::new(task);
    let sequence = task.campaign().workload.sequences().nth(choice.network).unwrap_or_default();
    let layers = sequence.iter().filter_map(|&place| evaluator.layer(LayerId(place as usize), choice.design));
    let most = layers.fold([0, 0], |[l1, l2], layer| [layer.l1_bytes.max(l1), layer.l2_bytes.max(l2)]);
    let hardware = task.design(choice.design).hardware;
    let own = [hardware.l1_bytes(), hardware.l2_bytes()].map(u64::from);
    let [l1, l2] = most.map(text);
    [l1, l2, fits(most, own)]
}

/// `yes`, or which of L1 and L2 are smaller than these needs.
fn fits(needs: [u64; 2], own: [u64; 2]) -> String {
    let small = ["l1", "l2"].into_iter().zip(needs.into_iter().zip(own)).filter(|(_, (need, own))| need > own);
    let small: Vec<&str> = small.map(|(buffer, _)| buffer).collect();
    if small.is_empty() { text("yes") } else { small.join("+") }
}

/// The answers to a constraint, and the layers of the best of them.
pub fn choices(task: &Task, told: &[Told]) -> Vec<File> {
    let mut csv = Csv::new(CHOICE_COLUMNS);
    told.iter().for_each(|told| csv.row(choice_row(task, told)));
    let best = told.iter().filter_map(|told| told.answer.choice).min_by(Choice::rank);
    let mut files = vec![csv.finish("choices.csv")];
    files.extend(best.map(|choice| breakdown(task, &choice)));
    files
}

fn breakdown(task: &Task, choice: &Choice) -> File {
    const SHAPE: [Dim; 6] = [Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X];
    let shape = SHAPE.map(Dim::name);
    let figures = ["stride", "dataflow", "cycles", "mac", "l1", "cluster", "l2", "offchip", "l1_bytes", "l2_bytes"];
    let mut csv = Csv::new(["layer", "kind"].into_iter().chain(shape).chain(figures));
    let mut evaluator = Evaluator::new(task);
    let sequence = task.campaign().workload.sequences().nth(choice.network).unwrap_or_default();
    for (number, &place) in sequence.iter().enumerate() {
        let layer = &task.layers()[place as usize];
        let Some(told) = evaluator.layer(LayerId(place as usize), choice.design) else { continue };
        let mut row = vec![text(number), text(layer.kind())];
        row.extend(SHAPE.map(|dim| or_empty(layer.size(dim))));
        row.extend([text(layer.stride(Dim::Y)), task.campaign().designs.name(Takes::One(told.dataflow)).to_string()]);
        row.push(text(told.cycles));
        let Energy { mac, l1, l2, cluster, offchip } = told.energy;
        row.extend([mac, l1, cluster, l2, offchip].map(text));
        row.extend([text(told.l1_bytes), text(told.l2_bytes)]);
        csv.row(row);
    }
    csv.finish("breakdown.csv")
}

/// A pair that evolution found.
#[derive(Clone, Debug, PartialEq)]
pub struct Evolved {
    /// The configuration of the network.
    pub network: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// Name of the dataflow.
    pub dataflow: String,
    /// Accuracy, or a score.
    pub accuracy: f64,
    /// What it costs.
    pub figures: Figures,
    /// Bytes of L1 and L2 of the accelerator, where they have a limit.
    pub buffers: [Option<u32>; 2],
    /// Bytes of L1 and L2 that the network needs.
    pub needs: [u64; 2],
}

/// A pair of a front that was enumerated.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumerated {
    /// The network's id.
    pub network: String,
    /// Name of the accelerator.
    pub accelerator: String,
    /// Name of the dataflow.
    pub dataflow: String,
    /// Accuracy, or a score.
    pub accuracy: f64,
    /// Cycles.
    pub cycles: u64,
    /// nJ.
    pub energy: f64,
}

/// Columns of `front.csv`.
pub const FRONT_COLUMNS: [&str; 13] = [
    "seed",
    "network",
    "accelerator",
    "dataflow",
    "accuracy",
    "cycles",
    "energy",
    "area",
    "power",
    "l1",
    "l2",
    "fits",
    "model",
];

/// A pair as the fields of [`FRONT_COLUMNS`].
pub fn front_row(model: CostModel, seed: u64, found: &Evolved) -> [String; 13] {
    let Figures { cycles, energy, area, power } = found.figures;
    let [network, accelerator, dataflow] = [&found.network, &found.accelerator, &found.dataflow].map(String::clone);
    let [accuracy, cycles, energy] = [found.accuracy, cycles as f64, energy].map(text);
    let [area, power] = [area, power].map(known);
    let [l1, l2] = found.buffers.map(or_empty);
    let fits = fits(found.needs, found.buffers.map(|own| own.map_or(u64::MAX, u64::from)));
    [
        text(seed),
        network,
        accelerator,
        dataflow,
        accuracy,
        cycles,
        energy,
        area,
        power,
        l1,
        l2,
        fits,
        text(model.name()),
    ]
}

/// What evolution found with each seed.
pub fn front(model: CostModel, found: &[(u64, Vec<Evolved>)]) -> File {
    let mut csv = Csv::new(FRONT_COLUMNS);
    let pairs = found.iter().flat_map(|(seed, found)| found.iter().map(|found| front_row(model, *seed, found)));
    pairs.for_each(|row| csv.row(row));
    csv.finish("front.csv")
}

/// The front of networks that were enumerated on all designs.
pub fn enumerated(front: &[Enumerated]) -> File {
    let mut csv = Csv::new(["id", "accelerator", "dataflow", "accuracy", "cycles", "energy"]);
    for Enumerated { network, accelerator, dataflow, accuracy, cycles, energy } in front {
        let names = [network, accelerator, dataflow].map(String::clone);
        csv.row(names.into_iter().chain([text(accuracy), text(cycles), text(energy)]));
    }
    csv.finish("enumerated.csv")
}
