//! Computes figures of `src/guide/study.md` again with independent code, for NAS-Bench-301 on `chips50`, which takes
//! seconds.

use std::collections::{BTreeSet, HashMap, HashSet};

use maestrino::host::spaces;
use maestrino::{Layer, LayerKind};

use crate::common::{Dir, data, read};

/// The number of limits on each of latency and energy.
const STEPS: usize = 20;

/// The cycles and nJ of each network on a design.
type Figures = Vec<(f64, f64)>;

/// The numbers of a table, by its columns.
fn columns(text: &str) -> HashMap<String, Vec<f64>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let mut columns: HashMap<String, Vec<f64>> = HashMap::new();
    for row in reader.records() {
        for (name, cell) in names.iter().zip(&row.unwrap()) {
            columns.entry(name.clone()).or_default().push(cell.parse().unwrap());
        }
    }
    columns
}

/// The cells of a row on the page: the first row in the block of this name that begins with these cells.
fn row(block: &str, begins: &[&str]) -> Vec<String> {
    let page = read(&data("../src/guide/study.md"));
    let (_, block) = page.split_once(&format!("<!-- {block} -->")).unwrap();
    let (block, _) = block.split_once("<!-- / -->").unwrap();
    let rows = block.lines().map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()));
    rows.map(Iterator::collect).find(|row: &Vec<String>| row.iter().zip(begins).all(|(a, b)| a == b)).unwrap()
}

/// The ranks for Spearman's coefficient. A rank is the number of smaller values plus half of the number of equal
/// ones.
fn ranks(figures: &[f64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = |figure: &f64| {
        let less = sorted.partition_point(|other| other < figure);
        let not_more = sorted.partition_point(|other| other <= figure);
        (less + not_more) as f64 - figures.len() as f64
    };
    figures.iter().map(rank).collect()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// Pairs of limits: percentiles at the middles of [`STEPS`] equal parts, interpolated between the two nearest
/// figures.
fn limits(figures: &Figures) -> Vec<(f64, f64)> {
    let percentiles = |of: fn(&(f64, f64)) -> f64| {
        let mut sorted: Vec<f64> = figures.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        (0..STEPS).map(move |step| {
            let place = (2 * step + 1) as f64 / (2 * STEPS) as f64 * (sorted.len() - 1) as f64;
            let below = place as usize;
            sorted[below] + (sorted[below + 1] - sorted[below]) * (place - below as f64)
        })
    };
    let energies: Vec<f64> = percentiles(|figures| figures.1).collect();
    percentiles(|figures| figures.0).flat_map(|latency| energies.iter().map(move |&energy| (latency, energy))).collect()
}

/// The best of some networks within limits: the highest accuracy, then the fewest cycles, the least energy, and the
/// first.
fn best(
    networks: impl Iterator<Item = usize>,
    figures: &Figures,
    accuracy: &[f64],
    limit: (f64, f64),
) -> Option<usize> {
    let within = networks.filter(|&network| figures[network].0 <= limit.0 && figures[network].1 <= limit.1);
    let key = |network: usize| (-accuracy[network], figures[network].0, figures[network].1);
    within.reduce(|best, other| if key(other) < key(best) { other } else { best })
}

/// Worst / median / best of sorted figures, the worst first.
fn spread(sorted: &[f64], digits: usize) -> String {
    let ends = [sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1]];
    ends.map(|end| format!("{end:.digits$}")).join(" / ")
}

#[test]
fn the_study_is_what_others_find() {
    let dir = Dir::new();
    let accuracies = data("spaces/nb301_accuracy.csv.gz");
    let run = dir
        .run(&format!(
            "codesign --space nb301 --accuracy {} --hw chips50 --dataflow kcp_ws,rs,xp_ws --method semi-decoupled \
             --proxy rs_chip_7 --output out",
            accuracies.display()
        ))
        .well();
    assert!(run.stdout.contains("semi-decoupled"));
    let table = |name: &str| columns(&read(&dir.path("out").join(name)));
    let (latency, energy) = (table("latency.csv"), table("energy.csv"));
    let accuracy = &table("networks.csv")["accuracy"];
    let mut designs: Vec<&String> = latency.keys().filter(|name| name.contains("chip")).collect();
    designs.sort();
    assert_eq!(designs.len(), 150);

    // First: rank correlations of latency within a dataflow, and the least and median across dataflows.
    let ranks: Vec<Vec<f64>> = designs.iter().map(|design| ranks(&latency[*design])).collect();
    let (mut within, mut across) = (Vec::new(), Vec::new());
    let dataflow = |design: usize| designs[design].split("_chip").next();
    for a in 0..designs.len() {
        for b in 0..a {
            let to = if dataflow(a) == dataflow(b) { &mut within } else { &mut across };
            to.push(correlation(&ranks[a], &ranks[b]));
        }
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
        format!("{:.3}, {middle:.3}", values[0])
    };
    assert_eq!(row("ranks", &["nb301", "chips", "exact"])[3..5], [median(&mut within), median(&mut across)]);

    // Second: for each design as the proxy, the answers that its shortlist gives on all designs.
    let figures: Vec<Figures> = designs
        .iter()
        .map(|design| latency[*design].iter().copied().zip(energy[*design].iter().copied()).collect())
        .collect();
    let all = 0..accuracy.len();
    let asked: Vec<Vec<(f64, f64)>> = figures.iter().map(limits).collect();
    let truth: Vec<Vec<Option<usize>>> = figures
        .iter()
        .zip(&asked)
        .map(|(own, asked)| asked.iter().map(|&limit| best(all.clone(), own, accuracy, limit)).collect())
        .collect();
    let mut known: HashMap<BTreeSet<usize>, (f64, f64)> = HashMap::new();
    let mut score = |proxy: usize| {
        let shortlist: BTreeSet<usize> = truth[proxy].iter().flatten().copied().collect();
        *known.entry(shortlist.clone()).or_insert_with(|| {
            let (mut exact, mut answered, mut regret, mut queries) = (0, 0, 0.0, 0);
            for ((own, asked), truth) in figures.iter().zip(&asked).zip(&truth) {
                for (&limit, truth) in asked.iter().zip(truth) {
                    let answer = best(shortlist.iter().copied(), own, accuracy, limit);
                    queries += 1;
                    exact += usize::from(answer.map(|network| accuracy[network]) == truth.map(|best| accuracy[best]));
                    if let (Some(answer), Some(truth)) = (answer, truth) {
                        answered += 1;
                        regret += accuracy[*truth] - accuracy[answer];
                    }
                }
            }
            (100.0 * f64::from(exact as u32) / f64::from(queries), regret / f64::from(answered))
        })
    };
    let scores: Vec<(f64, f64)> = (0..designs.len()).map(&mut score).collect();
    let mut exact: Vec<f64> = scores.iter().map(|score| score.0).collect();
    let mut regret: Vec<f64> = scores.iter().map(|score| score.1).collect();
    exact.sort_by(f64::total_cmp);
    regret.sort_by(|a, b| b.total_cmp(a));
    let page = row("methods-nb301", &["chips, exact", "`semi-decoupled`"]);
    assert_eq!(page[2..4], [spread(&exact, 1), spread(&regret, 4)]);
    // The same proxy, by the program.
    let methods = read(&dir.path("out/methods.csv"));
    let cells: Vec<&str> = methods.lines().nth(1).unwrap().split(',').collect();
    let proxy = designs.iter().position(|design| *design == "rs_chip_7").unwrap();
    assert_eq!(cells[..3], ["each", "semi-decoupled", "rs_chip_7"]);
    assert_eq!(100.0 * cells[7].parse::<f64>().unwrap(), scores[proxy].0);
    // The mean is a sum in another order.
    assert!((cells[9].parse::<f64>().unwrap() - scores[proxy].1).abs() < 1e-12);

    // Third: each accelerator evaluates a convolution under each dataflow, but a depthwise layer only once, because
    // all take `dpt`.
    let space = spaces::by_name("nb301").unwrap();
    let ids: Vec<u32> = table("networks.csv")["id"].iter().map(|id| *id as u32).collect();
    let networks = space.with_ids(&ids).unwrap();
    let layers: HashSet<Layer> = networks.iter().flat_map(|network| space.layers(network)).collect();
    let depthwise = layers.iter().filter(|layer| layer.kind() == LayerKind::DsConv).count();
    let evaluations = 50 * (3 * (layers.len() - depthwise) + depthwise);
    let page = row("adaptive", &["nb301", "chips", "exact"]);
    assert_eq!(page[6].replace(',', ""), evaluations.to_string());
}
