//! The drawings of `explain`: tiles are those of the simulator's steps, and the sums over all kinds of steps equal
//! the cost.

use maestrino::exact::Loop;
use maestrino::host::explain::{Explanation, Kind};
use maestrino::{Dim, EnergyTable};

use super::analysis::{hardware, layer};
use crate::simulator::level::levels;
use crate::simulator::random::Case;
use crate::simulator::space::Space;

const DIMS: [Dim; 9] = [Dim::N, Dim::G, Dim::M, Dim::K, Dim::C, Dim::OutY, Dim::R, Dim::OutX, Dim::S];

/// Checks that the tiles of all steps are the simulator's, for the whole of level 1 and for the first tile of each
/// level below.
fn draws_the_steps_of(case: &Case, told: &Explanation) {
    let space = Space::new(&case.layer);
    let mut of = space.whole();
    for (level, drawn) in levels(&case.layer.layer, &case.dataflow, case.array.pes).unwrap().iter().zip(&told.levels) {
        let steps = level.steps(&space, &of);
        assert_eq!((drawn.steps, drawn.shown.len()), (steps.len() as u64, steps.len()), "steps");
        assert_eq!(drawn.units.len(), level.subs, "sub-clusters");
        for (step, own) in steps.iter().zip(&drawn.shown) {
            assert_eq!(own.active as usize, step.cells.iter().flatten().count(), "at work");
            for (cell, tile) in step.cells.iter().zip(&own.tiles) {
                let ranges = tile.map(|tile| DIMS.map(|dim| told.mapping.range(&tile, dim)));
                let truth = cell.map(|cell| DIMS.map(|dim| cell.interval(dim)).map(|(lo, hi)| lo..hi));
                assert_eq!(ranges, truth, "step {}", own.number);
                if let (Some(tile), Some(cell)) = (tile, cell) {
                    assert_eq!(told.mapping.operations(tile), cell.macs(), "operations");
                }
            }
        }
        of = steps[0].cells.iter().flatten().next().copied().unwrap();
    }
}

/// Checks that transfers and cycles of the kinds of steps add up to the cost.
fn adds_up(told: &Explanation) {
    let cost = &told.cost;
    let (outer, inner) = (&told.levels[0], &told.levels[told.levels.len() - 1]);
    let sum = |kinds: &[Kind], of: fn(&Kind) -> u64| kinds.iter().map(|kind| kind.moves.times * of(kind)).sum::<u64>();
    assert_eq!(sum(&outer.kinds, |_| 1), cost.steps, "steps");
    assert_eq!(outer.steps, cost.steps, "steps drawn");
    assert_eq!(sum(&outer.kinds, |kind| kind.moves.read[0]), cost.l2.input, "input");
    assert_eq!(sum(&outer.kinds, |kind| kind.moves.read[1]), cost.l2.filter, "filter");
    assert_eq!(sum(&outer.kinds, |kind| kind.moves.psums), cost.l2.psum, "partial sums");
    assert_eq!(sum(&outer.kinds, |kind| kind.moves.outputs) + told.drain.0, cost.l2.output, "outputs");
    assert_eq!(sum(&inner.kinds, |kind| kind.moves.arrived[0]), cost.l1.input, "input of L1");
    assert_eq!(sum(&inner.kinds, |kind| kind.moves.arrived[1]), cost.l1.filter, "filter of L1");
    let on_chip = cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out;
    assert_eq!(sum(&outer.kinds, |kind| kind.cycles.total) + told.drain.1, on_chip, "cycles");
    for (place, waits) in [cost.waits.compute, cost.waits.noc_in].into_iter().enumerate() {
        let own: u64 = outer.kinds.iter().map(|kind| kind.moves.times * kind.cycles.waits[place]).sum();
        assert_eq!(own, waits, "what it waits for");
    }
    advances(&outer.kinds, &outer.loops);
}

/// Checks that each loop advances one turn less than it has, for each turn of the loops outside of it, unless two
/// loops alternate along the same axis.
fn advances(kinds: &[Kind], loops: &[Loop]) {
    let axis = |own: &Loop| match own.dim.input() {
        Dim::R => Dim::Y,
        Dim::S => Dim::X,
        other => other,
    };
    let moving: Vec<(usize, &Loop)> = loops.iter().enumerate().filter(|(_, own)| own.turns > 1).collect();
    if (1..moving.len()).any(|i| moving[..i].iter().any(|(_, other)| axis(other) == axis(moving[i].1))) {
        return;
    }
    let mut outside = 1;
    for (place, own) in moving {
        let of_it = kinds.iter().filter(|kind| kind.moves.advanced == Some(place as u8));
        let times: u64 = of_it.map(|kind| kind.moves.times).sum();
        assert_eq!(times, outside * u64::from(own.turns - 1), "{own:?}");
        outside *= u64::from(own.turns);
    }
}

#[test]
fn drawings_are_of_the_steps_that_the_simulator_takes_and_add_up() {
    let (mut drawn, mut levels, mut idle) = (0, [0; 5], 0);
    let cases = super::cases(400, 4000);
    for seed in 0..cases {
        let case = Case::new(seed);
        let (layer, hardware) = (layer(&case.layer), hardware(&case.array));
        let told = Explanation::new(&layer, &case.dataflow, &hardware, &EnergyTable::REFERENCE, (u32::MAX, u64::MAX));
        // `differential` tests which cases are costed. A few have too many kinds of steps if loops are distinguished.
        let Ok(told) = told else { continue };
        let checks = std::panic::catch_unwind(|| {
            draws_the_steps_of(&case, &told);
            adds_up(&told);
        });
        assert!(checks.is_ok(), "{case}");
        drawn += 1;
        levels[told.levels.len()] += 1;
        idle += u64::from(told.levels[0].shown.iter().any(|step| step.active < told.levels[0].sub_clusters));
    }
    println!("{drawn} drawn, by levels {levels:?}, {idle} with idle sub-clusters");
    assert!(drawn > cases * 3 / 4, "{drawn}");
    assert!(levels[1..].iter().all(|count| *count > cases / 50) && idle > cases / 10, "{levels:?} {idle}");
}
