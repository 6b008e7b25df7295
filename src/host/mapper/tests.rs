//! Compares the search with a walk over the whole space.

mod exhaustive;
mod random;

use std::vec::Vec;

use super::frozen::Frozen;
use super::rounding::floor;
use super::search::{listed, search};
use super::{Figures, Objective, Task, best};
use crate::hardware::{Buffering, UNLIMITED};
use crate::host::outline::{Line, Map, Outline};
use crate::{Dim, EnergyTable, Hardware, Layer, LayerKind, MapKind, Noc, Size, Widths};
use exhaustive::{Walked, by_hand, size};
use random::{Random, hardware, layer, outline};

/// Checks a random task in a space of at most `most` mappings. Returns what a walk over the space finds; the number
/// of sets of tiles of level 1 whose bound equals their least figure, and of all such sets; and the number of
/// searches that a tolerance ends earlier.
fn check(case: u64, most: usize, freezes: bool) -> (Walked, [u64; 2], u64) {
    let mut random = Random(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (layer, hardware, levels) = loop {
        let drawn = (layer(&mut random), hardware(&mut random), random.of(&[1, 2, 2, 3]));
        if size(&drawn.0, &drawn.1, drawn.2) <= most {
            break drawn;
        }
    };
    let frozen = freezes.then(|| {
        // Repeat until an outline is drawn that makes sense for this layer.
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
    // Limits that only the better mappings meet, or none: somewhat above the least figure, or below it.
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
        // Energies are summed in different orders, so they are equal only up to rounding.
        assert!(floor(found) <= least && least <= found, "{case}: {found}, {least} {task:?}");
    };
    finds(&task);
    // With a tolerance, the answer is not worse by more than that, the search does not take longer, and the reported
    // gap is within the tolerance.
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
    // With the least figure as a limit, the search cuts all that bounds can cut, as if the best were known from the
    // start.
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

/// The filter's third channel keeps one of two PEs idle. This PE holds the second channel until its turn comes again, although
/// its cluster has taken other tiles since: no bound may count that the channel is sent once more.
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

/// All mappings of a space are costed, which is slow without optimization.
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
    // A useless bound would never equal the least figure.
    assert!(reached[0] * 20 > reached[1] && costed[1] * 20 > costed[0], "{reached:?} {costed:?}");
}

/// An array with 16-bit widths whose transfers and computing take turns, as in Eyeriss.
fn single_buffered(pes: u32, l1: u32, l2: u32) -> Hardware {
    let hardware =
        Hardware::new(pes).unwrap().with_buffers(l1, l2).with_noc(Noc { bandwidth: 18, latency: 2 }).unwrap();
    let hardware = hardware.with_widths(Widths { input: 16, filter: 16, output: 16, psum: 16 }).unwrap();
    hardware.with_offchip_bandwidth(2).unwrap().with_buffering(Buffering::Single, Buffering::Single)
}

/// For layers too large to walk over: what is cut before all tiles are known is no better than what a search finds
/// without such cuts.
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
        // The budget may end either search.
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
        let l2 = random.of(&[UNLIMITED, 1000, 4000]);
        let hardware = match random.below(2) {
            0 => single_buffered(pes, l1, l2),
            _ => hardware(&mut random).with_pes(pes).unwrap().with_buffers(l1, l2),
        };
        check(&layer.unwrap(), &hardware, random.of(&Objective::ALL))
    });
    assert!(found.count() as u64 * 2 > cases);
}
