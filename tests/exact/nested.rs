//! Nested reductions, which are rare among the random cases: one map for each dimension of a small CONV, in any
//! order, any of them spatial.

use maestrino::{Dataflow, Dim, Directive, Layer, LayerKind, Size};

use super::{analysis, cases};
use crate::simulator::random::{Case, Rng};
use crate::simulator::{self, SimLayer};

/// The case with this seed, but with a nested CONV as its layer and dataflow.
fn nested(seed: u64) -> Case {
    let mut rng = Rng::new(seed ^ 0x6e65_7374);
    let (k, c, r, s) = (rng.range(1, 4), rng.range(1, 6), rng.range(1, 3), rng.range(1, 4));
    let (y, x) = (rng.range(1, 4), rng.range(1, 5));
    let dims = [(Dim::K, k), (Dim::C, c), (Dim::R, r), (Dim::S, s), (Dim::Y, r + y - 1), (Dim::X, s + x - 1)];
    let layer = SimLayer { layer: Layer::new(LayerKind::Conv, &dims).unwrap(), up: [1, 1], phase: [0, 0] };
    let mut order = [Dim::K, Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX];
    rng.shuffle(&mut order);
    // Of Y and R, one is split, and so is one of X and S.
    let (filter_y, filter_x) = (rng.chance(50), rng.chance(50));
    let spatial = rng.pick(&order);
    let mut directives: Vec<Directive> = Vec::new();
    for dim in order {
        let size = Size::new(match dim {
            Dim::R if !filter_y => r,
            Dim::OutY if filter_y => y,
            Dim::S if !filter_x => s,
            Dim::OutX if filter_x => x,
            _ => rng.range(1, 2),
        } as i32);
        directives.push(if dim == spatial {
            Directive::spatial(size, size, dim)
        } else {
            Directive::temporal(size, size, dim)
        });
    }
    if rng.chance(50) {
        directives.push(Directive::cluster(Size::new(rng.range(1, 3) as i32)));
        let dim = rng.pick(&[Dim::K, Dim::C, Dim::OutX]);
        directives.push(Directive::spatial(Size::new(1), Size::new(1), dim));
    }
    Case { layer, dataflow: Dataflow::new(&directives).unwrap(), ..Case::new(seed) }
}

/// Further seeds in which idle sub-clusters keep their outputs: one of the loops outside of the spatial loop is over a
/// filter that is whole inside of it.
const REVEALING: [u64; 4] = [2723, 9244, 11_039, 11_361];

#[test]
fn reductions_inside_of_one_another_are_counted() {
    let (mut costed, all) = (0, cases(2000, 20_000));
    for seed in (0..all).chain(REVEALING) {
        let case = nested(seed);
        let truth = simulator::simulate(&case.layer, &case.dataflow, &case.array);
        let counted = analysis::cost(&case.layer, &case.dataflow, &case.array);
        match (truth, counted) {
            (Ok(truth), Ok(counted)) => {
                let wrong = analysis::differences(&truth, &counted);
                assert!(wrong.is_empty(), "seed {seed}: {wrong:?}");
                costed += 1;
            }
            (Err(_), Err(_)) => {}
            (truth, counted) => panic!("seed {seed}: {:?} for {:?}", counted.map(drop), truth.map(drop)),
        }
    }
    assert!(costed > all * 9 / 10, "{costed} of {all}");
}
