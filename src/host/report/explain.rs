//! Explains a layer as text: loops, tiles over space and time, what moves, and what the cycles wait for.

mod loops;

use std::fmt::Write;

use super::table::{describe, energy, grid, grouped, percent};
use crate::exact::{Cycles, Offchip, Tile};
use crate::hardware::UNLIMITED;
use crate::host::explain::{Explanation, Kind};
use crate::host::shape::kind_and_shape;
use crate::maestro::Bound;
use crate::{Dim, Hardware, Layer, Mapping};

/// Dimensions in the order in which a tile lists them.
const DIMS: [Dim; 9] = [Dim::N, Dim::G, Dim::M, Dim::K, Dim::C, Dim::OutY, Dim::OutX, Dim::R, Dim::S];

/// The whole explanation. `dataflow` is the name of the dataflow.
pub fn render(name: &str, dataflow: &str, explanation: &Explanation, hardware: &Hardware) -> String {
    let layer = explanation.mapping.layer();
    let mut text = format!("{name}: {}", kind_and_shape(layer));
    if let (Some(y), Some(x)) = (layer.size(Dim::OutY), layer.size(Dim::OutX)) {
        let _ = write!(text, ", {y}x{x} outputs");
    }
    let what = if layer.kind().has_macs() { "MACs" } else { "operations" };
    let _ = writeln!(text, ", {} {what}", grouped(explanation.cost.layer_operations));
    let _ = writeln!(text, "{dataflow} on {}\n", describe(hardware));
    text += &loops::render(explanation);
    for number in 0..explanation.levels.len() {
        text += &tiles(explanation, number);
        text += &moves(explanation, number);
    }
    text += &offchip(explanation, hardware);
    text += &waits(explanation, hardware);
    text
}

/// The word for a sub-cluster of a level.
fn unit(explanation: &Explanation, level: usize) -> &'static str {
    if level + 1 == explanation.levels.len() { "PE" } else { "cluster" }
}

/// A number with its noun: `4 clusters`, `1 PE`.
fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Whether a layer has more than one element along a dimension.
fn has(layer: &Layer, dim: Dim) -> bool {
    layer.size(dim).is_some_and(|size| size > 1)
}

/// The range of a tile along a dimension: `K 3`, or `X' 0-7`.
fn range(mapping: &Mapping, tile: &Tile, dim: Dim) -> String {
    let range = mapping.range(tile, dim);
    match range.len() {
        0 | 1 => format!("{dim} {}", range.start),
        _ => format!("{dim} {}-{}", range.start, range.end - 1),
    }
}

/// A table of tiles: space downwards, time to the right.
fn tiles(explanation: &Explanation, number: usize) -> String {
    let (mapping, level) = (&explanation.mapping, &explanation.levels[number]);
    let all: Vec<&Tile> = level.shown.iter().flat_map(|step| step.tiles.iter().flatten()).collect();
    let dims: Vec<Dim> = DIMS.into_iter().filter(|dim| has(mapping.layer(), *dim)).collect();
    let differs = |dim: &Dim| all.windows(2).any(|pair| mapping.range(pair[0], *dim) != mapping.range(pair[1], *dim));
    let (moving, fixed): (Vec<Dim>, Vec<Dim>) = dims.into_iter().partition(differs);
    let unit = unit(explanation, number);
    let whose = if number == 0 { "the" } else { "a cluster's" };
    let mut text = format!("Level {}: {whose} {}", number + 1, counted(level.sub_clusters.into(), unit));
    text += &match level.steps {
        1 => " (down) in the only step".to_string(),
        steps => format!(" (down) over {} (across)", counted(steps, "step")),
    };
    if number > 0 {
        text += &format!(", here in the first step of level {number}");
    }
    if !fixed.is_empty()
        && let Some(tile) = all.first()
    {
        let fixed: Vec<String> = fixed.iter().map(|dim| range(mapping, tile, *dim)).collect();
        let _ = write!(text, "\nAll tiles here have {}", fixed.join(", "));
    }
    text += "\n\n";
    let gap = |before: u64, now: u64| now > before + 1;
    let mut header = vec![String::new()];
    let mut before = 0;
    for step in &level.shown {
        let mark = if gap(before, step.number) && before > 0 { ".. " } else { "" };
        header.push(format!("{mark}step {}", grouped(step.number)));
        before = step.number;
    }
    let cell = |tile: &Option<Tile>| match tile {
        None => "idle".to_string(),
        Some(_) if moving.is_empty() => "the same".to_string(),
        Some(tile) => moving.iter().map(|dim| range(mapping, tile, *dim)).collect::<Vec<_>>().join(" "),
    };
    let mut rows = Vec::new();
    let mut before = None;
    for (place, own) in level.units.iter().enumerate() {
        if before.is_some_and(|before| gap(before, u64::from(*own))) {
            rows.push(vec!["..".to_string()]);
        }
        before = Some(u64::from(*own));
        let cells = level.shown.iter().map(|step| cell(&step.tiles[place]));
        rows.push(std::iter::once(format!("{unit} {own}")).chain(cells).collect());
    }
    let at_work = level.shown.iter().map(|step| grouped(step.active.into()));
    rows.push(std::iter::once("at work".to_string()).chain(at_work).collect());
    text += &indented(&grid(&header, rows));
    text += "\n";
    text
}

fn indented(table: &str) -> String {
    table.lines().map(|line| format!("    {line}").trim_end().to_string() + "\n").collect()
}

/// The maximum number of kinds of steps of one loop that get rows of their own.
const KINDS_SHOWN: usize = 3;

/// A table of what each kind of step moves, and of its cycles.
fn moves(explanation: &Explanation, number: usize) -> String {
    let level = &explanation.levels[number];
    let mut text = match number {
        0 => "Elements that move between L2 and level 1 in each kind of step, and cycles that the step takes.\n\
              Where a loop advances, those inside of it begin anew\n\n"
            .to_string(),
        _ => format!("The same of level {}, over all clusters and tiles\n\n", number + 1),
    };
    let header = [
        "step",
        "times",
        "input",
        "filter",
        "psums back",
        "outputs",
        "bring in",
        "compute",
        "take out",
        "cycles",
        "waits for",
    ];
    let mut rows = Vec::new();
    let mut loops: Vec<Option<u8>> = level.kinds.iter().map(|kind| kind.moves.advanced).collect();
    loops.dedup();
    for advanced in loops {
        let kinds = alike(level.kinds.iter().filter(|kind| kind.moves.advanced == advanced));
        let label = match advanced.and_then(|place| level.loops.get(usize::from(place))) {
            Some(own) => format!("{} advances", own.dim),
            None if number == 0 => "first".to_string(),
            None => "new tile".to_string(),
        };
        let shown = if kinds.len() > KINDS_SHOWN + 1 { KINDS_SHOWN } else { kinds.len() };
        for kind in &kinds[..shown] {
            rows.push(row(label.clone(), std::slice::from_ref(kind)));
        }
        if shown < kinds.len() {
            rows.push(row(format!("{label}, {} other kinds", kinds.len() - shown), &kinds[shown..]));
        }
    }
    if number == 0 {
        let (outputs, cycles) = explanation.drain;
        let mut last = vec!["end".to_string(), "1".to_string()];
        last.extend([String::new(), String::new(), String::new(), grouped(outputs)]);
        last.extend([String::new(), String::new(), grouped(cycles), grouped(cycles), "NoC out".to_string()]);
        rows.push(last);
        let (moved, cost) = (&explanation.cost.l2, &explanation.cost);
        let mut total = vec!["total".to_string(), grouped(cost.steps)];
        total.extend([moved.input, moved.filter, moved.psum, moved.output].map(grouped));
        let [compute, inwards, outwards] = [cost.waits.compute, cost.waits.noc_in, cost.waits.noc_out];
        total.extend([
            String::new(),
            String::new(),
            String::new(),
            grouped(compute + inwards + outwards),
            String::new(),
        ]);
        rows.push(total);
    }
    text += &indented(&grid(&header.map(String::from), rows));
    text.push('\n');
    text
}

/// Merges kinds of steps that would have the same row.
fn alike<'a>(kinds: impl Iterator<Item = &'a Kind>) -> Vec<Kind> {
    let mut all: Vec<Kind> = Vec::new();
    let figures = |kind: &Kind| (kind.moves.read, kind.moves.psums, kind.moves.outputs, kind.cycles);
    for kind in kinds {
        match all.iter_mut().find(|other| figures(other) == figures(kind)) {
            Some(other) => other.moves.times += kind.moves.times,
            None => all.push(*kind),
        }
    }
    all.sort_by_key(|kind| std::cmp::Reverse(kind.moves.times));
    all
}

/// A row for one or several kinds of steps. A figure that differs between them is shown as a range.
fn row(label: String, kinds: &[Kind]) -> Vec<String> {
    let figure = |of: fn(&Kind) -> u64| {
        let all = || kinds.iter().map(of);
        let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        if least == most { grouped(most) } else { format!("{}-{}", grouped(least), grouped(most)) }
    };
    let bound = |kind: &Kind| {
        let waits = kind.cycles.waits;
        let most = (0..3).rev().max_by_key(|place| waits[*place]).unwrap_or(0);
        Bound::ALL[most].name()
    };
    let mut bounds: Vec<&str> = kinds.iter().map(bound).collect();
    bounds.sort_unstable();
    bounds.dedup();
    vec![
        label,
        grouped(kinds.iter().map(|kind| kind.moves.times).sum()),
        figure(|kind| kind.moves.read[0]),
        figure(|kind| kind.moves.read[1]),
        figure(|kind| kind.moves.psums),
        figure(|kind| kind.moves.outputs),
        figure(|kind| kind.cycles.ingress),
        figure(|kind| kind.cycles.compute),
        figure(|kind| kind.cycles.egress),
        figure(|kind| kind.cycles.total),
        bounds.join(", "),
    ]
}

/// What moves off-chip, and when.
fn offchip(explanation: &Explanation, hardware: &Hardware) -> String {
    let Some(Offchip { transfers, bits, cycles, .. }) = &explanation.cost.offchip else {
        return format!(
            "Off-chip: L2 is too small: the least that would do is {} B, there are {} B; what moves and cycles are not known\n\n",
            grouped(explanation.cost.needs.l2),
            grouped(hardware.l2_bytes().into())
        );
    };
    let again = match transfers.psum {
        0 => String::new(),
        psums => format!(", {} of them partial sums that come back", grouped(psums)),
    };
    let need = grouped(explanation.cost.needs.l2);
    let of = match hardware.l2_bytes() {
        UNLIMITED => String::new(),
        bytes => format!(" of {} B", grouped(bytes.into())),
    };
    let Cycles { on_chip, first, rest, last, total, .. } = *cycles;
    let [on_chip, first, rest, last, total] = [on_chip, first, rest, last, total].map(grouped);
    format!(
        "Off-chip: {} inputs and {} filter elements in, {} outputs out{again}: {} B; L2 needs {need} B{of}\n\
         Cycles: {total} = {first} until the first tiles are there + the longer of {on_chip} on the chip and {rest} off-chip beside \
         it + {last} for the last outputs\n\n",
        grouped(transfers.input),
        grouped(transfers.filter),
        grouped(transfers.output),
        grouped(bits.div_ceil(8)),
    )
}

/// Names the loop whose steps take the most cycles, and how long its most frequent kind of step brings in, computes
/// and takes away.
fn slowest(explanation: &Explanation, share: impl Fn(u64) -> String) -> String {
    let level = &explanation.levels[0];
    let spent =
        |kinds: &[Kind]| kinds.iter().map(|kind| kind.cycles.total.saturating_mul(kind.moves.times)).sum::<u64>();
    let of = |kinds: &&[Kind]| spent(kinds);
    let all = level.kinds.chunk_by(|a, b| a.moves.advanced == b.moves.advanced).max_by_key(of).unwrap_or_default();
    let alike = alike(all.iter());
    let Some(most) = alike.first() else { return String::new() };
    let which = match most.moves.advanced.and_then(|place| level.loops.get(usize::from(place))) {
        Some(own) => format!("steps where {} advances", own.dim),
        None => "the first step".to_string(),
    };
    let times = all.iter().map(|kind| kind.moves.times).sum();
    let mostly = if alike.len() > 1 { "mostly " } else { "" };
    format!(
        "Most cycles go into {which} ({} of {}, {}): {mostly}{} for bringing in, {} for computing, {} for taking away\n",
        grouped(times),
        grouped(explanation.cost.steps),
        share(spent(all)),
        grouped(most.cycles.ingress),
        grouped(most.cycles.compute),
        grouped(most.cycles.egress)
    )
}

/// How the cycles are divided among what they wait for.
fn waits(explanation: &Explanation, hardware: &Hardware) -> String {
    let cost = &explanation.cost;
    let waits = [cost.waits.compute, cost.waits.noc_in, cost.waits.noc_out, cost.waits.offchip];
    let all: u64 = waits.iter().sum();
    let share = |part: u64| percent(part as f64 / all.max(1) as f64);
    let parts: Vec<String> = Bound::ALL
        .iter()
        .zip(waits)
        .filter(|(_, cycles)| *cycles > 0)
        .map(|(bound, cycles)| format!("{} {} ({})", bound.name(), grouped(cycles), share(cycles)))
        .collect();
    let mut text = format!("It waits for: {}\n", parts.join(", "));
    text += &slowest(explanation, share);
    let pes = format!("{:.1} of {} PEs have work in the average step", cost.active_pes, grouped(hardware.pes().into()));
    match cost.utilization(hardware) {
        Some(share) => {
            writeln!(text, "{pes}; {} of the array's MACs are used; {} nJ", percent(share), energy(cost.energy.total()))
        }
        None => writeln!(text, "{pes}"),
    }
    .unwrap_or_default();
    for (buffer, fits, need) in [
        ("L1", cost.fits.l1, cost.needs.l1),
        ("the buffer of a cluster", cost.fits.cluster, cost.needs.cluster),
        ("L2", cost.fits.l2, cost.needs.l2),
    ] {
        if !fits {
            let _ = writeln!(text, "Does not fit: {buffer} would need {} B", grouped(need));
        }
    }
    text
}
