//! Too large or too many inputs are errors, and no figure is negative.

use maestrino::maestro::{Cost, Mapping};
use maestrino::{Dataflow, Dim, Directive, Error, Hardware, Layer, LayerKind, MAX_DIRECTIVES, MAX_EXTENT, Noc, Size};

#[test]
fn dataflows_end_at_their_limit() {
    let directive = Directive::spatial(Size::new(1), Size::new(1), Dim::K);
    assert!(Dataflow::new(&[directive; MAX_DIRECTIVES]).is_ok());
    assert_eq!(Dataflow::new(&[directive; MAX_DIRECTIVES + 1]), Err(Error::TooManyDirectives));
}

/// Strides that leave rows at the end, mapped over space: the last tile has -2 outputs.
#[test]
fn no_figure_is_negative() {
    let dims = [(Dim::K, 1), (Dim::C, 1), (Dim::R, 3), (Dim::S, 1), (Dim::Y, 256), (Dim::X, 9)];
    let layer = Layer::strided(LayerKind::Conv, &dims, 32, 1).unwrap();
    let dataflow = Dataflow::new(&[
        Directive::temporal(Size::of(Dim::S), Size::new(1), Dim::X),
        Directive::spatial(Size::of(Dim::R), Size::new(1), Dim::Y),
    ]);
    if let Ok(cost) = Cost::of(&layer, &dataflow.unwrap(), &Hardware::new(3).unwrap()) {
        assert!(cost.traffic.arithmetic_intensity >= 0.0, "{}", cost.traffic.arithmetic_intensity);
    }
}

/// Inner steps of 31 cycles that add up to a little less than 2^63, preceded by the loading of as many elements.
#[test]
fn cycles_above_64_bits_are_an_error() {
    let (side, channels) = (1 << 20, 1 << 18);
    let dims = [(Dim::K, 1), (Dim::C, channels), (Dim::R, 1), (Dim::S, 1), (Dim::Y, side), (Dim::X, side)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let whole = |dim| Directive::temporal(Size::of(dim), Size::of(dim), dim);
    let one = Size::new(1);
    let dataflow = Dataflow::new(&[
        Directive::spatial(one, one, Dim::K),
        whole(Dim::C),
        whole(Dim::Y),
        whole(Dim::X),
        Directive::cluster(one),
        Directive::spatial(one, one, Dim::C),
        Directive::temporal(one, one, Dim::Y),
        Directive::temporal(one, one, Dim::X),
    ]);
    let hardware = |latency| Hardware::new(1).unwrap().with_noc(Noc { bandwidth: 1, latency }).unwrap();
    let cost = |latency| Cost::of(&layer, dataflow.as_ref().unwrap(), &hardware(latency));
    assert!(cost(30).is_ok());
    assert!(matches!(cost(31), Err(Error::Overflow { .. })));
}

/// The counts are large because of the offset of an edge tile, not its size.
#[test]
fn counts_of_huge_offsets_are_noticed() {
    let layer = Layer::new(LayerKind::Fc, &[(Dim::N, MAX_EXTENT), (Dim::C, MAX_EXTENT), (Dim::K, 30)]).unwrap();
    let dataflow = Dataflow::new(&[Directive::spatial(Size::new(1), Size::new(5), Dim::N)]).unwrap();
    let cost = Cost::of(&layer, &dataflow, &Hardware::new(386).unwrap());
    assert_eq!(cost, Err(Error::Overflow { level: 1 }));
}

/// If a dimension is mapped several times, each map has the tiles of the last one.
#[test]
fn large_tiles_of_a_dimension_that_is_mapped_often_overflow() {
    let dims = [(Dim::K, 1), (Dim::C, 1 << 24), (Dim::R, 1), (Dim::S, 1), (Dim::Y, 1), (Dim::X, 1)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let map = |size| Directive::temporal(Size::new(size), Size::new(size), Dim::C);
    let one = Directive::spatial(Size::new(1), Size::new(1), Dim::K);
    let dataflow = Dataflow::new(&[one, map(1), map(1), map(1), map(1 << 24)]).unwrap();
    assert_eq!(Cost::of(&layer, &dataflow, &Hardware::new(1).unwrap()), Err(Error::Overflow { level: 1 }));
}

/// The time of an analysis is bounded. Three levels whose tiles divide nothing are answered up to a number of cases.
#[test]
fn mappings_of_too_many_cases_are_refused() {
    let dims = [(Dim::N, 101), (Dim::K, 257), (Dim::C, 131), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 131), (Dim::X, 131)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let mapped = |batch: [i32; 3]| {
        let map = |size: i32, dim| Directive::temporal(Size::new(size), Size::new(size), dim);
        // Neighbouring tiles overlap by what the filter needs.
        let slide = |size: i32, dim| Directive::temporal(Size::new(size + 2), Size::new(size), dim);
        let mut directives = Vec::new();
        for (n, [k, c, extent, lanes]) in batch.into_iter().zip([[30, 17, 38, 100], [11, 7, 13, 4], [2, 3, 3, 1]]) {
            directives.extend([
                map(n, Dim::N),
                map(k, Dim::K),
                map(c, Dim::C),
                slide(extent, Dim::Y),
                slide(extent, Dim::X),
            ]);
            directives.extend([
                Directive::spatial(Size::new(lanes), Size::new(lanes), Dim::K),
                Directive::cluster(Size::new(4)),
            ]);
        }
        directives.pop();
        Mapping::new(&layer, &Dataflow::new(&directives).unwrap(), 64).map(drop)
    };
    assert_eq!(mapped([101, 101, 101]), Ok(()));
    assert_eq!(mapped([10, 4, 3]), Err(Error::TooManyCases));
}
