//! A walk over all mappings of a space, each costed by the exact model and compared with every bound that is for it.

use std::collections::HashMap;
use std::vec::Vec;

use super::super::bound::{Bounds, InTile, Level};
use super::super::rounding::floor;
use super::super::search::least_offchip;
use super::super::space::{Candidate, Part, Split, axes, orders, splits, tiles};
use super::super::steady::Steady;
use super::super::{Figures, Task};
use crate::{Cost, Hardware, Layer};

/// What a walk over a whole space finds.
pub(super) struct Walked {
    /// The least figure of all mappings, and the least figure of the mappings that contain a partial mapping (part of
    /// the space, split, and known tiles and orders), as [`listed`] lists them.
    pub least: f64,
    pub by_tiles: HashMap<(usize, Split, Vec<u32>), f64>,
    /// The number of mappings within all limits.
    pub fit: u64,
    /// The number of mappings with two levels that fit the buffers, and of those among them whose tiles all have the
    /// same size.
    pub costed: [u64; 2],
    /// Whether a mapping that divides the filter is better than all others.
    pub paired: bool,
}

/// Costs every mapping of the space, and checks that no bound is above the figure that it bounds.
pub(super) fn by_hand(task: &Task<'_>) -> Walked {
    let mut walked = Walked { least: f64::INFINITY, by_tiles: HashMap::new(), fit: 0, costed: [0; 2], paired: false };
    for (number, part) in task.parts().iter().enumerate() {
        let least = walked.least;
        walk(task, number, part, &mut walked);
        walked.paired |= walked.least < least && part.axes[0].is_window();
    }
    walked
}

/// The same for a part of the space.
fn walk(task: &Task<'_>, number: usize, part: &Part, walked: &mut Walked) {
    let Part { axes, splits } = part;
    let least_offchip = least_offchip(task, part);
    let bounds = Bounds::new(task, axes);
    let orders = [0, 1, 2].map(|level| task.orders(axes, level));
    let steady = Steady::new(task, axes);
    let Walked { least, by_tiles, fit, costed, .. } = walked;
    let extents: Vec<u32> = axes.iter().map(|axis| axis.extent).collect();
    for &split in splits {
        let cut = |level: usize, of: &[u32]| -> Vec<Vec<u32>> {
            let space = &split.spatial[..split.levels];
            let fixed = |place| task.frozen.and_then(|frozen| frozen.tile(level, place));
            of.iter()
                .enumerate()
                .map(|(place, extent)| match fixed(place) {
                    _ if axes[place].is_window() => vec![extent.div_ceil(split.ways_along(level, place))],
                    _ if space.get(level).is_some_and(|own| axes[place].moves_with(&axes[*own])) => vec![*extent],
                    Some(tile) => vec![tile.min(*extent)],
                    None => tiles(*extent, task.any_tile && space.contains(&place)),
                })
                .collect()
        };
        each(&cut(0, &extents), &mut Vec::new(), &mut |outer| {
            let inner = if split.levels == 1 { outer.iter().map(|tile| vec![*tile]).collect() } else { cut(1, outer) };
            each(&inner, &mut Vec::new(), &mut |inner| {
                let at = |index: usize, extents: &[u32], tiles: &[u32]| {
                    let sizes = extents.iter().zip(tiles).enumerate();
                    let laid = sizes.map(|(place, (extent, tile))| bounds.laid(&split, index, place, *extent, *tile));
                    Level::new(&split, index, laid)
                };
                let level = at(0, &extents, outer);
                let below = at(1, outer, inner);
                let last: Vec<u32> = (0..axes.len()).map(|place| level.along(place).last_tile()).collect();
                let last = at(1, &last, inner);
                let leaves =
                    if split.levels < 3 { inner.iter().map(|tile| vec![*tile]).collect() } else { cut(2, inner) };
                each(&leaves, &mut Vec::new(), &mut |leaf| {
                    let of =
                        |level: usize| &orders[level][..if level < split.levels { orders[level].len() } else { 1 }];
                    for (place, first) in of(0).iter().enumerate() {
                        let inside = of(1).iter().enumerate();
                        for (places, second, third) in inside.flat_map(|(inside, second)| {
                            let thirds = of(2).iter().enumerate();
                            thirds.map(move |(third, order)| ([place, inside, third], second, order))
                        }) {
                            let tiles = [outer, inner, leaf];
                            let candidate = Candidate { split: &split, tiles, orders: [first, second, third] };
                            let dataflow = candidate.dataflow(axes).unwrap();
                            let cost = Cost::with_energies(task.layer, &dataflow, task.hardware, task.energies);
                            let cost = cost.unwrap_or_else(|error| panic!("{:?} {dataflow:?}: {error}", task.layer));
                            let Some(figures) = Figures::of(&cost).filter(|_| cost.fits.all()) else { continue };
                            if split.levels == 2 {
                                costed[0] += 1;
                                let steady = steady.as_ref();
                                let own = steady.and_then(|own| steady_figures(own, &candidate, &extents));
                                // Tiles that divide all have the same size.
                                assert!(own.is_some() || steady.is_none() || task.any_tile || task.frozen.is_some());
                                if let Some(own) = own {
                                    costed[1] += 1;
                                    assert_eq!(own, Some(figures), "{task:?} {:?}", dataflow.directives());
                                }
                            }
                            let figure = task.objective.figure(&figures);
                            if task.allows(&figures) {
                                *fit += 1;
                                *least = least.min(figure);
                                let [first, second, third] = places.map(|place| [place as u32]);
                                let known: &[&[&[u32]]] = match split.levels {
                                    3 => &[
                                        &[outer],
                                        &[outer, inner, &first, &second],
                                        &[outer, &[inner[split.spatial[1]], leaf[split.spatial[2]]]],
                                        &[outer, inner, &first, &second, &[leaf[split.spatial[2]]]],
                                        &[outer, inner, &first, &second, leaf, &third],
                                    ],
                                    _ => &[&[outer]],
                                };
                                for known in known {
                                    let of_tiles =
                                        by_tiles.entry((number, split, known.concat())).or_insert(f64::INFINITY);
                                    *of_tiles = of_tiles.min(figure);
                                }
                            }
                            // Bounds of off-chip transfers hold however much of the boxes is known.
                            let turns: Vec<u32> = level.all_turns().collect();
                            for known in (0..=turns.len()).filter(|_| task.frozen.is_none()) {
                                let bound = least_offchip(split.spatial[0], &turns[..known]);
                                let message = || format!("{bound} > {figures:?} {known} {task:?} {dataflow:?}");
                                assert!(floor(bound) <= figures.offchip, "{}", message());
                            }
                            if split.levels == 3 {
                                continue;
                            }
                            let moved = bounds.moved(&level, first).expect("it fits");
                            let computing =
                                |of: &dyn Fn(usize) -> f64| bounds.computing((0..axes.len()).map(of).product());
                            let flows = bounds.flows(&level, first);
                            let (stream, ends) = (bounds.stream(&level, first, &flows), bounds.ends(&level, &level));
                            let supply = bounds.supply(&level, &flows);
                            let (all, tile, inside) = if split.levels == 1 {
                                let of = |place: usize| level.along(place).folded(f64::from);
                                (computing(&of), InTile::default(), Vec::new())
                            } else {
                                let of = |place: usize, extent| {
                                    bounds.laid(&split, 1, place, extent, inner[place]).folded(f64::from)
                                };
                                let all = |place: usize| level.along(place).folded(|extent| of(place, extent));
                                let tile = computing(&|place| of(place, outer[place]));
                                let flows = bounds.flows(&below, second);
                                let stream = bounds.stream(&below, second, &flows);
                                let in_tile = bounds.inner(&stream, &bounds.ends(&below, &last), tile);
                                (computing(&all), in_tile, vec![bounds.inside(&level, &below, &flows)])
                            };
                            let cycles = bounds.cycles(&level, &stream, &ends, &moved, &tile, all);
                            let energy = bounds.energy(&supply, &moved, &inside);
                            let in_all = bounds.figure(|| cycles, || energy, &moved);
                            // Each part of a bound holds, whatever the objective is.
                            let offchip = bounds.offchip_bytes(&moved);
                            for (bound, own, what) in [
                                (cycles, figures.cycles, "cycles"),
                                (energy, figures.energy, "nJ"),
                                (offchip, figures.offchip, "bytes off-chip"),
                                (in_all, if task.allows(&figures) { figure } else { f64::INFINITY }, "in all"),
                            ] {
                                assert!(
                                    floor(bound) <= own,
                                    "{bound} > {own} {what}: {task:?} {:?}",
                                    dataflow.directives()
                                );
                            }
                        }
                    }
                });
            });
        });
    }
}

/// The figures of a mapping with two levels computed from products, if its tiles all have the same size.
fn steady_figures(steady: &Steady<'_>, candidate: &Candidate<'_>, extents: &[u32]) -> Option<Option<Figures>> {
    let Candidate { split, tiles: [first, second, _], orders } = *candidate;
    let above = steady.level(split, 0, [extents, first], None)?;
    let level = steady.level(split, 1, [first, second], Some(&above))?;
    let outer = steady.outer(candidate, &above)?;
    Some(steady.figures(&outer, &steady.inner(&level, orders[1])))
}

/// Calls `visit` with every combination of one element of each list.
fn each(of: &[Vec<u32>], taken: &mut Vec<u32>, visit: &mut dyn FnMut(&[u32])) {
    match of.get(taken.len()) {
        None => visit(taken),
        Some(all) => {
            for &one in all {
                taken.push(one);
                each(of, taken, visit);
                taken.pop();
            }
        }
    }
}

/// The number of ways to cut an extent into tiles, these into smaller tiles, and so on, `levels` times.
fn chains(levels: usize, extent: u32) -> usize {
    if levels == 0 { 1 } else { tiles(extent, false).into_iter().map(|tile| chains(levels - 1, tile)).sum() }
}

/// The approximate number of mappings of a space.
pub(super) fn size(layer: &Layer, hardware: &Hardware, levels: usize) -> usize {
    let axes = axes(layer);
    let tiles: usize = axes.iter().map(|axis| chains(levels, axis.extent)).product();
    splits(axes.len(), hardware.pes(), levels).len() * tiles * orders(&axes).len().pow(levels as u32)
}
