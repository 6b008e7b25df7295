//! Shows what the mapper found for each layer: as a table for people and as CSV for programs.

use std::io;

use super::table::{grid, grouped, known};
use crate::host::csv_io::write_row;
use crate::host::mapper::network::{Mapped, Request};
use crate::host::mapper::{Answer, Objective};
use crate::host::network::{NamedLayer, Network};
use crate::host::platform::Platform;
use crate::{Calibration, Dataflow, Directive, MapKind};

/// Columns of the CSV. If the accelerator is calibrated, there is a last column `calibrated_cycles` with the
/// predicted cycles of the chip.
const COLUMNS: [&str; 12] = [
    "layer",
    "mapping",
    "cycles",
    "energy_nj",
    "utilization",
    "objective",
    "figure",
    "lower_bound",
    "gap_percent",
    "evaluations",
    "offchip_bytes",
    "ideal_cycles",
];

/// A mapping in one line: the loops of each level from the outermost inwards, with a `*` after those over space. The
/// number of members of a cluster separates the levels: `N1* M4 K512 | 12: M1 N1 K1*`.
pub(crate) fn line(dataflow: &Dataflow) -> String {
    let words = dataflow.directives().iter().map(|directive| match directive {
        Directive::Map { kind, size, dim, .. } => {
            let space = if *kind == MapKind::Spatial { "*" } else { "" };
            format!("{dim}{}{space}", size.base)
        }
        Directive::Cluster { size } => format!("| {}:", size.base),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Writes the CSV, a row for each layer.
///
/// # Errors
/// Errors of the writer.
pub fn csv(
    out: &mut dyn io::Write,
    network: &Network,
    mapped: &Mapped,
    request: &Request,
    Platform { hardware, calibration, .. }: &Platform,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    write_row(&mut csv, COLUMNS.into_iter().chain(calibration.map(|_| "calibrated_cycles")))?;
    for (named, &place) in network.layers.iter().zip(&mapped.places) {
        let answer = &mapped.answers[place];
        let found = answer.found.as_ref();
        let of = |figure: Option<String>| figure.unwrap_or_default();
        let row = [
            named.name.clone(),
            of(found.map(|found| line(&found.dataflow))),
            of(found.and_then(|found| found.cost.cycles()).map(|cycles| cycles.to_string())),
            of(found.map(|found| found.cost.energy.total().to_string())),
            of(found.and_then(|found| found.cost.utilization(hardware)).map(|share| share.to_string())),
            request.objective.name().to_string(),
            of(found.map(|found| found.figure.to_string())),
            of(Some(answer.bound).filter(|bound| bound.is_finite()).map(|bound| bound.to_string())),
            of(answer.gap().map(|gap| (100.0 * gap).to_string())),
            answer.evaluations.to_string(),
            of(found.and_then(|found| found.cost.offchip).map(|offchip| offchip.bits.div_ceil(8).to_string())),
            answer.ideal.to_string(),
        ];
        let last = calibration.map(|own| of(calibrated(named, answer, &own).map(|cycles| cycles.to_string())));
        write_row(&mut csv, row.into_iter().chain(last))?;
    }
    csv.flush()
}

/// Calibrated cycles of a layer at the mapping that was found.
fn calibrated(named: &NamedLayer, answer: &Answer, calibration: &Calibration) -> Option<u64> {
    calibration.cycles(named.layer.kind(), &answer.found.as_ref()?.cost)
}

/// The table: a row for each distinct layer, and the totals. With seconds if `timing` is set.
pub fn table(network: &Network, mapped: &Mapped, request: &Request, platform: &Platform, timing: bool) -> String {
    let Platform { hardware, calibration, .. } = platform;
    let mut header = vec!["layer", "times", "mapping (* over space)", "cycles"];
    header.extend(calibration.map(|_| "calibrated"));
    header.extend(["energy nJ", "util %"]);
    header.extend(["bound", "gap %", "evaluations"]);
    header.extend(timing.then_some("seconds"));
    let mut rows = Vec::new();
    for (place, answer) in mapped.answers.iter().enumerate() {
        let mut layers = network.layers.iter().zip(&mapped.places).filter(|(_, other)| **other == place);
        let first = layers.next().map(|(named, _)| named);
        let mut row = vec![first.map_or("", |named| &named.name).to_string(), (1 + layers.count()).to_string()];
        let measured = calibration.map(|own| known(first.and_then(|named| calibrated(named, answer, &own)), grouped));
        match &answer.found {
            None => {
                let none = if answer.proven() { "none fits the buffers and limits" } else { "none was found in time" };
                row.extend([none, "-"].map(String::from));
                row.extend(measured);
                row.extend(["-", "-"].map(String::from));
            }
            Some(found) => {
                let utilization = found.cost.utilization(hardware);
                row.extend([line(&found.dataflow), known(found.cost.cycles(), grouped)]);
                row.extend(measured);
                row.extend([
                    format!("{:.1}", found.cost.energy.total()),
                    utilization.map_or("-".to_string(), |share| format!("{:.1}", 100.0 * share)),
                ]);
            }
        }
        row.push(match request.objective {
            _ if answer.bound.is_infinite() => "-".to_string(),
            Objective::Latency | Objective::Offchip => grouped(answer.bound.ceil() as u64),
            Objective::Energy => format!("{:.1}", answer.bound),
            Objective::Edp => format!("{:.4e}", answer.bound),
        });
        row.push(match answer.gap() {
            Some(gap) if gap > 0.0 => format!("{:.2}", 100.0 * gap),
            Some(_) => "best".to_string(),
            None => "-".to_string(),
        });
        row.push(grouped(answer.evaluations));
        row.extend(timing.then(|| format!("{:.2}", answer.took.as_secs_f64())));
        rows.push(row);
    }
    let header: Vec<String> = header.into_iter().map(String::from).collect();
    let mut text = grid(&header, rows);
    text += &format!("\n\n{}\n", summary(network, mapped, request));
    if let Some(own) = calibration {
        let of = |(named, &place): (&NamedLayer, &usize)| calibrated(named, &mapped.answers[place], own);
        let cycles =
            network.layers.iter().zip(&mapped.places).map(of).try_fold(0u64, |sum, own| Some(sum.saturating_add(own?)));
        let calibrated = |cycles: u64| {
            format!("{} cycles, nine in ten networks at most {}", grouped(cycles), grouped(own.upper(cycles)))
        };
        text +=
            &format!("as calibrated: {}; mappings are the best ones before calibration\n", known(cycles, calibrated));
    }
    text
}

/// One sentence: the totals of the network, and what is proven.
fn summary(network: &Network, mapped: &Mapped, request: &Request) -> String {
    let proven = mapped.answers.iter().filter(|answer| answer.proven()).count();
    let of_all = |figure: &dyn Fn(&Answer) -> Option<f64>| -> Option<f64> {
        mapped.places.iter().map(|&place| figure(&mapped.answers[place])).sum()
    };
    let cycles = of_all(&|answer| answer.found.as_ref()?.cost.cycles().map(|cycles| cycles as f64));
    let energy = of_all(&|answer| answer.found.as_ref().map(|found| found.cost.energy.total()));
    let levels = match request.levels {
        _ if !request.frozen.is_empty() => "what is frozen kept as it is",
        1 => "one level",
        2 => "up to two levels",
        _ => "up to three levels",
    };
    let tiles = if request.any_tile { "tiles of any size over space" } else { "tiles that divide" };
    let figures = match cycles.zip(energy) {
        Some((cycles, energy)) => format!("{} cycles and {energy:.1} nJ", grouped(cycles as u64)),
        None => "no figures, since some layers have no mapping".to_string(),
    };
    let gap = mapped.answers.iter().filter_map(Answer::gap).fold(0.0, f64::max);
    let rest = if proven == mapped.answers.len() || gap == 0.0 {
        String::new()
    } else {
        format!(", the others at most {:.2} % from it", 100.0 * gap)
    };
    let mut above: Vec<f64> = mapped.answers.iter().filter_map(Answer::above_ideal).collect();
    above.sort_by(f64::total_cmp);
    let above = match (above.get(above.len() / 2), above.last()) {
        (Some(median), Some(worst)) => format!(
            "; cycles above what computing or compulsory transfers take: {:.2} % in the median, {:.2} % at worst",
            100.0 * median,
            100.0 * worst
        ),
        _ => String::new(),
    };
    format!(
        "{}: {figures} in all; least {} of each layer, of all mappings of the space ({levels}, {tiles}); {proven} of {} distinct layers \
         proven to be the best{rest}{above}",
        network.name,
        match request.objective {
            Objective::Latency => "cycles",
            Objective::Energy => "energy",
            Objective::Edp => "energy x cycles",
            Objective::Offchip => "bytes off-chip",
        },
        mapped.answers.len()
    )
}
