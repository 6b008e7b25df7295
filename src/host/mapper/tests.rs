//! The search beside a walk over the whole space.

use std::collections::HashMap;
use std::vec::Vec;

use super::bound::{Bounds, InTile, Level, floor};
use super::frozen::Frozen;
use super::search::{least_offchip, listed, search};
use super::space::{Candidate, Part, Split, axes, orders, splits, tiles};
use super::steady::Steady;
use super::{Figures, Objective, Task, best};
use crate::hardware::{Activations, Buffering};
use crate::host::outline::{Line, Map, Outline};
use crate::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind, MapKind, Noc, Size, Widths};

/// A generator of numbers (xorshift), so that a case has a number.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 20) % u64::from(end)) as u32
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u32) as usize]
    }
}

fn layer(random: &mut Random) -> Layer {
    let small = [1, 2, 3, 4, 6];
    let [n, k, c, y, x] = [[1, 1, 2].as_slice(), &small, &small, &small, &small].map(|of| random.of(of));
    let (filter, stride) = (random.of(&[1, 2, 3]), random.of(&[1, 1, 2]));
    let kind = random.of(&[
        LayerKind::Conv,
        LayerKind::Conv,
        LayerKind::DsConv,
        LayerKind::NgConv,
        LayerKind::Gemm,
        LayerKind::Pool,
    ]);
    let window = [(Dim::R, filter), (Dim::S, random.of(&[1, 2, 3])), (Dim::OutY, y), (Dim::OutX, x)];
    let dims: Vec<(Dim, u32)> = match kind {
        LayerKind::Gemm => vec![(Dim::M, k), (Dim::N, y), (Dim::K, c)],
        LayerKind::DsConv | LayerKind::Pool => [&[(Dim::N, n), (Dim::C, c)], &window[..]].concat(),
        LayerKind::NgConv => {
            let [g, k, c] = [[2, 3], [1, 2], [1, 2]].map(|of| random.of(&of));
            [&[(Dim::N, n), (Dim::G, g), (Dim::K, k), (Dim::C, c)], &window[..]].concat()
        }
        _ => [&[(Dim::N, n), (Dim::K, k), (Dim::C, c)], &window[..]].concat(),
    };
    let stride = if kind == LayerKind::Gemm { 1 } else { stride };
    Layer::strided(kind, &dims, stride, stride).unwrap()
}

fn hardware(random: &mut Random) -> Hardware {
    let limit = |random: &mut Random, limits: &[u32]| random.of(limits);
    let l1 = limit(random, &[crate::hardware::UNLIMITED, 16, 40, 100]);
    let l2 = limit(random, &[crate::hardware::UNLIMITED, 60, 150, 400]);
    let noc = |random: &mut Random| Noc { bandwidth: random.of(&[1, 2, 4, 16]), latency: random.of(&[0, 1, 3]) };
    let hardware = Hardware::new(random.of(&[1, 2, 4, 5, 6, 12])).unwrap().with_buffers(l1, l2);
    let [outer, inner] = [noc(random), noc(random)];
    let hardware = hardware.with_noc(inner).unwrap().with_noc_at(0, outer).unwrap();
    let hardware = hardware.with_simd_lanes(random.of(&[1, 1, 4])).unwrap();
    let buffers = [Buffering::Double, Buffering::Double, Buffering::Single];
    let hardware = hardware.with_buffering(random.of(&buffers), random.of(&buffers));
    let hardware =
        hardware.with_activations(random.of(&[Activations::Offchip, Activations::Offchip, Activations::Auto]));
    let hardware = hardware.with_offchip_bandwidth(random.of(&[1, 4, 64])).unwrap();
    let hardware =
        hardware.with_cluster_buffer(random.of(&[crate::hardware::UNLIMITED, crate::hardware::UNLIMITED, 60]));
    let widths = Widths { psum: random.of(&[8, 8, 32]), ..hardware.widths() };
    hardware.with_widths(widths).unwrap().with_multicast(random.of(&[true, true, false]))
}

/// Calls back with every choice of one of each.
fn each(of: &[Vec<u32>], taken: &mut Vec<u32>, told: &mut dyn FnMut(&[u32])) {
    match of.get(taken.len()) {
        None => told(taken),
        Some(all) => {
            for &one in all {
                taken.push(one);
                each(of, taken, told);
                taken.pop();
            }
        }
    }
}

/// What a walk over a whole space finds.
struct Walked {
    /// The least figure, and that for each part of the space, way to divide its PEs and what may be known of tiles and orders, as
    /// [`listed`] has it.
    least: f64,
    by_tiles: HashMap<(usize, Split, Vec<u32>), f64>,
    /// Mappings within all limits.
    fit: u64,
    /// Mappings on two levels whose buffers are large enough, and those of them whose tiles are all alike.
    costed: [u64; 2],
    /// Whether one that divides the filter is better than all others.
    paired: bool,
}

/// What products tell of a mapping on two levels, if its tiles are all alike.
fn steady_figures(steady: &Steady<'_>, candidate: &Candidate<'_>, extents: &[u32]) -> Option<Option<Figures>> {
    let Candidate { split, tiles: [first, second, _], orders } = *candidate;
    let above = steady.level(split, 0, [extents, first], None)?;
    let level = steady.level(split, 1, [first, second], Some(&above))?;
    let outer = steady.outer(candidate, &above)?;
    Some(steady.figures(&outer, &steady.inner(&level, orders[1])))
}

/// Costs every mapping; no bound is above the figure that it is for.
fn by_hand(task: &Task<'_>) -> Walked {
    let mut walked = Walked { least: f64::INFINITY, by_tiles: HashMap::new(), fit: 0, costed: [0; 2], paired: false };
    for (number, part) in task.parts().iter().enumerate() {
        let least = walked.least;
        walk(task, number, part, &mut walked);
        walked.paired |= walked.least < least && part.axes[0].is_window();
    }
    walked
}

/// The same of a part of the space.
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
                                // Tiles that divide are all alike.
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
                            // However much of boxes is known.
                            let turns: Vec<u32> = level.all_turns().collect();
                            for known in (0..=turns.len()).filter(|_| task.frozen.is_none()) {
                                let bound = least_offchip(split.spatial[0], &turns[..known]);
                                let told = || format!("{bound} > {figures:?} {known} {task:?} {dataflow:?}");
                                assert!(floor(bound) <= figures.offchip, "{}", told());
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
                            let told = bounds.figure(|| cycles, || energy, &moved);
                            // Each part, whatever the objective.
                            let offchip = bounds.offchip_bytes(&moved);
                            for (bound, own, what) in [
                                (cycles, figures.cycles, "cycles"),
                                (energy, figures.energy, "nJ"),
                                (offchip, figures.offchip, "bytes off-chip"),
                                (told, if task.allows(&figures) { figure } else { f64::INFINITY }, "in all"),
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

/// Tiles of tiles, so many levels deep.
fn chains(levels: usize, extent: u32) -> usize {
    if levels == 0 { 1 } else { tiles(extent, false).into_iter().map(|tile| chains(levels - 1, tile)).sum() }
}

/// How many mappings a space has, about.
fn size(layer: &Layer, hardware: &Hardware, levels: usize) -> usize {
    let axes = axes(layer);
    let tiles: usize = axes.iter().map(|axis| chains(levels, axis.extent)).product();
    splits(axes.len(), hardware.pes(), levels).len() * tiles * orders(&axes).len().pow(levels as u32)
}

/// A random outline for a layer; `None` where what was drawn contradicts itself.
fn outline(random: &mut Random, layer: &Layer, pes: u32, levels: usize) -> Option<Outline> {
    let mut outline = Outline::default();
    for level in 0..levels {
        if level > 0 {
            let members = 1 + random.below(pes) as i32;
            outline.push(Line::Cluster(random.of(&[None, Some(Size::new(members))]))).ok()?;
        }
        let mut axes = axes(layer);
        while !axes.is_empty() {
            let axis = axes.swap_remove(random.below(axes.len() as u32) as usize);
            let kind = random.of(&[None, Some(MapKind::Temporal), Some(MapKind::Temporal), Some(MapKind::Spatial)]);
            let size = 1 + random.below(axis.extent) as i32;
            let size = random.of(&[None, Some(Size::new(size))]);
            if random.below(3) > 0 {
                let _ = outline.push(Line::Map(Map { kind, size, offset: size, dim: axis.dim }));
            }
        }
        if random.below(2) == 0 {
            outline.push(Line::Others).ok()?;
        }
    }
    outline.check().ok().map(|()| outline)
}

/// A random task, in a space of so many mappings at most: what a walk over it finds, and tiles of level 1 whose bound is the least
/// figure with them, of so many; and how many searches end sooner where the best need not be found.
fn check(case: u64, most: usize, freezes: bool) -> (Walked, [u64; 2], u64) {
    let mut random = Random(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (layer, hardware, levels) = loop {
        let drawn = (layer(&mut random), hardware(&mut random), random.of(&[1, 2, 2, 3]));
        if size(&drawn.0, &drawn.1, drawn.2) <= most {
            break drawn;
        }
    };
    let frozen = freezes.then(|| {
        // Until one is drawn that makes sense here.
        (0..).find_map(|_| {
            Frozen::new(&outline(&mut random, &layer, hardware.pes(), levels)?, &layer, hardware.pes()).ok()
        })
    });
    let frozen = frozen.flatten();
    let mut task = Task {
        layer: &layer,
        hardware: &hardware,
        energies: &EnergyTable::REFERENCE,
        objective: random.of(&Objective::ALL),
        limits: Figures::UNLIMITED,
        levels,
        frozen: frozen.as_ref(),
        any_tile: random.below(3) == 0,
        budget: u64::MAX,
        time: None,
        gap: 0.0,
    };
    // Limits that only the better mappings keep, or none does: somewhat more than the least there is, or less.
    let share = random.of(&[0.9, 1.0, 1.05, 1.3]);
    let limit = |objective: Objective| {
        best(&Task { objective, ..task }).found.map_or(f64::INFINITY, |found| share * found.figure)
    };
    match random.below(6) {
        0 => task.limits.cycles = limit(Objective::Latency),
        1 => task.limits.energy = limit(Objective::Energy),
        2 => task.limits.offchip = limit(Objective::Offchip),
        _ => {}
    }
    let walked = by_hand(&task);
    let least = walked.least;
    let finds = |task: &Task<'_>| {
        let answer = best(task);
        assert!(answer.proven(), "{case}");
        let found = answer.found.as_ref().map_or(f64::INFINITY, |found| found.figure);
        // Sums of energies in another order: equal but for rounding.
        assert!(floor(found) <= least && least <= found, "{case}: {found}, {least} {task:?}");
    };
    finds(&task);
    // One that may be worse by a share is not worse by more, ends no later, and tells what it does not know.
    let sooner = [0.001, 0.02, 0.3].map(|gap| {
        let [exact, near] = [0.0, gap].map(|gap| best(&Task { gap, ..task }));
        let found = near.found.as_ref().map_or(f64::INFINITY, |found| found.figure);
        assert!(floor(found) <= least * (1.0 + gap) && floor(near.bound) <= least, "{case}: {found} {least} {task:?}");
        assert!(near.found.is_none() || near.gap().is_some_and(|own| own <= gap), "{case}: {near:?}");
        assert_eq!(near.proven(), near.found.is_none() || near.gap() == Some(0.0), "{case}");
        u64::from(near.evaluations < exact.evaluations)
    });
    let mut reached = [0; 2];
    let listed = |(number, part)| {
        listed(&task, part).into_iter().map(move |(split, tiles, bound)| (number, split, tiles, bound))
    };
    for (part, split, tiles, bound) in task.parts().iter().enumerate().flat_map(listed) {
        let Some(&least) = walked.by_tiles.get(&(part, split, tiles.clone())) else { continue };
        assert!(floor(bound) <= least, "{case}: {bound} > {least} {split:?} {tiles:?} {task:?}");
        reached = [reached[0] + u64::from(floor(least) <= bound), reached[1] + 1];
    }
    // Cuts all that bounds can cut, as if the best were known from the start.
    let Figures { cycles, energy, offchip } = &mut task.limits;
    match task.objective {
        Objective::Latency => *cycles = cycles.min(least),
        Objective::Energy => *energy = energy.min(least),
        Objective::Offchip => *offchip = offchip.min(least),
        Objective::Edp => {}
    }
    finds(&task);
    (walked, reached, sooner.iter().sum())
}

/// The filter's third channel keeps one of two PEs idle. It holds the second channel until that has its turn again, though its cluster
/// takes it anew: no bound may count that it comes from there.
#[test]
fn what_idle_pes_keep_is_not_bounded() {
    let dims = [(Dim::K, 3), (Dim::C, 1), (Dim::R, 3), (Dim::S, 1), (Dim::OutY, 6), (Dim::OutX, 1)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let hardware = Hardware::new(2).unwrap();
    let map = |kind, elements, dim| {
        let size = Some(Size::new(elements));
        Line::Map(Map { kind: Some(kind), size, offset: size, dim })
    };
    let mut outline = Outline::default();
    for line in [
        map(MapKind::Spatial, 1, Dim::C),
        map(MapKind::Temporal, 1, Dim::OutY),
        map(MapKind::Temporal, 2, Dim::K),
        Line::Cluster(Some(Size::new(2))),
        map(MapKind::Spatial, 1, Dim::K),
    ] {
        outline.push(line).unwrap();
    }
    let frozen = Frozen::new(&outline, &layer, 2).unwrap();
    let (energies, frozen, limits) = (&EnergyTable::REFERENCE, Some(&frozen), Figures::UNLIMITED);
    let (hardware, layer, objective, levels) = (&hardware, &layer, Objective::Energy, 2);
    let (any_tile, budget, time) = (false, u64::MAX, None);
    let mut task =
        Task { layer, hardware, energies, objective, limits, levels, frozen, any_tile, budget, time, gap: 0.0 };
    let least = by_hand(&task).least;
    let [part] = &task.parts()[..] else { panic!("frozen in parts") };
    let bounds: Vec<f64> = listed(&task, part).into_iter().map(|(.., bound)| bound).collect();
    assert!(!bounds.is_empty() && bounds.iter().all(|bound| floor(*bound) <= least), "{bounds:?} {least}");
    task.limits.energy = least;
    assert_eq!(best(&task).found.map(|found| found.figure), Some(least));
}

/// All of a space are costed, and none is quick without optimization.
#[test]
fn the_search_finds_what_a_walk_over_the_whole_space_does() {
    let (usual, most) = if cfg!(debug_assertions) { (24, 4_000) } else { (300, 40_000) };
    let cases: u64 = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual);
    let (mut reached, mut costed, mut sooner) = ([0; 2], [0; 2], 0);
    for freezes in [false, true] {
        let (mut fit, mut paired) = (0, 0);
        for case in 1..=cases {
            let (walked, of_tiles, of_gaps) = check(case, most, freezes);
            sooner += of_gaps;
            fit += u64::from(walked.fit > 0);
            paired += u64::from(walked.paired);
            reached = [0, 1].map(|place| reached[place] + of_tiles[place]);
            costed = [0, 1].map(|place| costed[place] + walked.costed[place]);
        }
        assert!(fit * 2 > cases, "something fits in {fit} of {cases}");
        println!("a pair is best in {paired} of {cases}");
        assert_eq!(paired == 0, freezes, "{paired}");
    }
    println!("bounds of tiles of level 1 that are the least figure: {} of {}", reached[0], reached[1]);
    println!("mappings whose tiles are all alike: {} of {}", costed[1], costed[0]);
    println!("searches that a tolerance ends sooner: {sooner} of {}", 6 * cases);
    assert!(sooner * 4 > cases, "{sooner} of {cases}");
    // None of a bound that says nothing is.
    assert!(reached[0] * 20 > reached[1] && costed[1] * 20 > costed[0], "{reached:?} {costed:?}");
}

/// An array with 16-bit widths where all transfers take their own time, as in Eyeriss.
fn single_buffered(pes: u32, l1: u32, l2: u32) -> Hardware {
    let hardware =
        Hardware::new(pes).unwrap().with_buffers(l1, l2).with_noc(Noc { bandwidth: 18, latency: 2 }).unwrap();
    let hardware = hardware.with_widths(Widths { input: 16, filter: 16, output: 16, psum: 16 }).unwrap();
    hardware.with_offchip_bandwidth(2).unwrap().with_buffering(Buffering::Single, Buffering::Single)
}

/// Layers too large to walk over: what is cut before all tiles are known is no better than what is found without that.
#[test]
fn tiles_that_are_cut_early_are_no_better() {
    let check = |layer: &Layer, hardware: &Hardware, objective: Objective| {
        let (energies, limits) = (&EnergyTable::REFERENCE, Figures::UNLIMITED);
        let (levels, frozen, any_tile, budget, time) = (2, None, false, 20_000, None);
        let task =
            Task { layer, hardware, energies, objective, limits, levels, frozen, any_tile, budget, time, gap: 0.0 };
        let [quick, thorough] = [false, true].map(|thorough| search(&task, thorough));
        let [own, other] =
            [&quick, &thorough].map(|answer| answer.found.as_ref().map_or(f64::INFINITY, |found| found.figure));
        // The budget may end either.
        assert!(quick.bound <= other && thorough.bound <= own, "{own} {other} {task:?}");
        own.is_finite()
    };
    // Here a smaller tile of one dimension leaves room in L1 for a larger one of another.
    let pointwise = [(Dim::K, 576), (Dim::C, 96), (Dim::R, 1), (Dim::S, 1), (Dim::OutY, 14), (Dim::OutX, 14)];
    let pointwise = Layer::new(LayerKind::Conv, &pointwise).unwrap();
    assert!(check(&pointwise, &single_buffered(168, 520, 108 << 10), Objective::Latency));
    let usual = if cfg!(debug_assertions) { 3 } else { 150 };
    let cases: u64 = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual);
    let found = (1..=cases).filter(|case| {
        let mut random = Random(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 1);
        let [k, c, y] = [0; 3].map(|_| random.of(&[8, 12, 14, 16, 24, 36]));
        let (filter, x) = (random.of(&[1, 1, 3]), random.of(&[1, 6]));
        let window = [(Dim::K, k), (Dim::C, c), (Dim::R, filter), (Dim::S, filter), (Dim::OutY, y), (Dim::OutX, x)];
        let layer = match random.of(&[LayerKind::Gemm, LayerKind::Conv]) {
            LayerKind::Gemm => Layer::new(LayerKind::Gemm, &[(Dim::M, k), (Dim::N, y), (Dim::K, c)]),
            kind => Layer::new(kind, &window),
        };
        let (pes, l1) = (random.of(&[4, 6, 12, 24]), random.of(&[60, 120, 300]));
        let l2 = random.of(&[crate::hardware::UNLIMITED, 1000, 4000]);
        let hardware = match random.below(2) {
            0 => single_buffered(pes, l1, l2),
            _ => hardware(&mut random).with_pes(pes).unwrap().with_buffers(l1, l2),
        };
        check(&layer.unwrap(), &hardware, random.of(&Objective::ALL))
    });
    assert!(found.count() as u64 * 2 > cases);
}
