//! Writes a mapping as pseudo-code.

use std::fmt::Write;

use super::{DIMS, counted, has, unit};
use crate::dim::Tensor;
use crate::exact::{Depth, Loop};
use crate::host::explain::{Explanation, Level};
use crate::host::report::table::grouped;
use crate::{Dim, Layer, LayerKind, MapKind, Mapping};

/// The loops as pseudo-code.
pub fn render(explanation: &Explanation) -> String {
    let mapping = &explanation.mapping;
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut indent = 0;
    let notes = |depth: u8, indent: usize| {
        kept(explanation, depth).into_iter().map(move |kept| (pad(indent) + &kept, String::new()))
    };
    for (number, level) in explanation.levels.iter().enumerate() {
        let units = counted(level.sub_clusters.into(), unit(explanation, number));
        if number > 0 {
            lines.push((format!("{}in each cluster, on its {units}", pad(indent)), String::new()));
            indent += 1;
        }
        for (place, own) in level.loops.iter().enumerate() {
            if number == 0 {
                lines.extend(notes(place as u8, indent));
            }
            if own.turns == 1 && own.kind == MapKind::Temporal {
                continue;
            }
            let (code, comment) = loop_line(mapping, level, own, &units);
            lines.push((pad(indent) + &code, comment));
            indent += 1;
        }
        if number == 0 {
            lines.extend(notes(level.loops.len() as u8, indent));
        }
    }
    let last = &explanation.levels[explanation.levels.len() - 1];
    let tile = last.shown[0].tiles.iter().flatten().next();
    let macs = tile.map_or(String::new(), |tile| {
        let sizes =
            DIMS.iter().filter(|dim| has(mapping.layer(), **dim)).map(|dim| (dim, mapping.range(tile, *dim).len()));
        let sizes: Vec<String> =
            sizes.filter(|(_, size)| *size > 1).map(|(dim, size)| format!("{dim} {size}")).collect();
        let of = if sizes.is_empty() { String::new() } else { format!(": {}", sizes.join(" x ")) };
        let lanes = grouped(mapping.operations(tile));
        format!("{lanes} of them in a PE's tile{of}")
    });
    lines.push((pad(indent) + &body(mapping.layer()), macs));
    let width = lines.iter().filter(|(_, comment)| !comment.is_empty()).map(|(code, _)| code.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut text = String::from("The mapping as loops; `par` is over space, at once, `for` is over time\n\n");
    for (code, comment) in lines {
        let line = if comment.is_empty() { code } else { format!("{code:width$}   # {comment}") };
        let _ = writeln!(text, "    {line}");
    }
    text.push('\n');
    text
}

fn pad(indent: usize) -> String {
    "  ".repeat(indent)
}

/// The line of a loop, `for C over 64, 4 at a time`, and a comment on its number of tiles and turns.
fn loop_line(mapping: &Mapping, level: &Level, own: &Loop, units: &str) -> (String, String) {
    let extent = mapping.range(&level.of, own.dim).len();
    let (word, each) = match own.kind {
        MapKind::Spatial => ("par", "each"),
        MapKind::Temporal => ("for", "at a time"),
    };
    let also = own.also.map_or(String::new(), |dim| format!(" and {dim}"));
    let mut code = format!("{word} {}{also} over {extent}, {} {each}", own.dim, own.size);
    if own.tiles > 1 && own.offset != own.size {
        let _ = write!(code, ", {} apart", own.offset);
    }
    let tiles = counted(own.tiles.into(), "tile");
    let turns = |turns: u32| counted(turns.into(), "turn");
    let mut comment = match own.kind {
        MapKind::Temporal => turns(own.turns),
        MapKind::Spatial => {
            let rest = own.tiles - (own.turns - 1) * level.sub_clusters.min(own.tiles);
            let idle = level.sub_clusters.saturating_sub(own.tiles);
            let mut text = format!("{tiles} on {units}: {}", turns(own.turns));
            if own.turns == 1 && idle > 0 {
                let _ = write!(text, ", {} idle", grouped(idle.into()));
            } else if own.turns > 1 && rest < level.sub_clusters {
                let _ = write!(text, ", {} at work in the last", grouped(rest.into()));
            }
            text
        }
    };
    if own.tiles > 1 && own.last != own.size {
        let _ = write!(comment, "; the last tile is {}", own.last);
    }
    (code, comment)
}

/// Comments on the tensors that L2 keeps at this depth: the part that the loops inside of the `depth` outermost ones
/// touch.
fn kept(explanation: &Explanation, depth: u8) -> Vec<String> {
    let Some(offchip) = &explanation.cost.offchip else { return Vec::new() };
    let has_filter = explanation.mapping.layer().kind() != LayerKind::Pool;
    let names = |wanted: Depth| {
        let all = Tensor::ALL.into_iter().filter(|tensor| has_filter || *tensor != Tensor::Filter);
        let names: Vec<&str> = all.filter(|tensor| offchip.depths[*tensor] == wanted).map(name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let lives = names(Depth::Resident).filter(|_| depth == 0);
    let lives = lives.map(|names| format!("# L2 keeps {names} from layer to layer"));
    let what = if depth == 0 { "all of" } else { "what the loops below touch of" };
    let keeps = names(Depth::Loops(depth)).map(|names| format!("# L2 keeps {what} {names}"));
    lives.into_iter().chain(keeps).collect()
}

fn name(tensor: Tensor) -> &'static str {
    match tensor {
        Tensor::Input => "input",
        Tensor::Filter => "filter",
        Tensor::Output => "output",
    }
}

/// The innermost statement: what a PE computes.
fn body(layer: &Layer) -> String {
    let index = |dims: &[Dim]| dims.iter().filter_map(|dim| subscript(layer, *dim)).collect::<Vec<_>>().join(",");
    let [input, filter, output]: [&[Dim]; 3] = match layer.kind() {
        LayerKind::Gemm => [&[Dim::M, Dim::K], &[Dim::K, Dim::N], &[Dim::M, Dim::N]],
        LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => {
            [&[Dim::N, Dim::C, Dim::Y, Dim::X], &[Dim::C, Dim::R, Dim::S], &[Dim::N, Dim::C, Dim::OutY, Dim::OutX]]
        }
        _ => [
            &[Dim::N, Dim::G, Dim::C, Dim::Y, Dim::X],
            &[Dim::G, Dim::K, Dim::C, Dim::R, Dim::S],
            &[Dim::N, Dim::G, Dim::K, Dim::OutY, Dim::OutX],
        ],
    };
    let (input, filter, output) = (index(input), index(filter), index(output));
    match layer.kind() {
        LayerKind::Pool => format!("output[{output}] <- input[{input}]"),
        LayerKind::Eltwise => format!("output[{output}] = input[{input}] o other[{input}]"),
        _ => format!("output[{output}] += input[{input}] * filter[{filter}]"),
    }
}

/// The subscript of a dimension: `K`, or `2Y'+R` for input rows. `None` for a dimension with one element.
fn subscript(layer: &Layer, dim: Dim) -> Option<String> {
    let Some(filter) = dim.filter() else { return has(layer, dim).then(|| dim.to_string()) };
    let output = dim.output();
    let times = match layer.stride(dim) {
        1 => String::new(),
        stride => stride.to_string(),
    };
    let window = has(layer, output).then(|| format!("{times}{output}"));
    let parts: Vec<String> = window.into_iter().chain(has(layer, filter).then(|| filter.to_string())).collect();
    (!parts.is_empty()).then(|| parts.join("+"))
}
