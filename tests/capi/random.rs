//! Random layers, dataflows and accelerators. Most of them are valid.

use maestrino::capi::{MAESTRINO_MAX_TILES, MAESTRINO_UNLIMITED};
use maestrino::dataflow::presets::Preset;
use maestrino::{Dim, Directive, LayerKind, Size};
use proptest::prelude::*;

pub(super) type Shape = (LayerKind, Vec<(Dim, u32)>, (u32, u32));

/// Layers, most of which are valid: they have all dimensions of their kind. Rarely, a dimension is missing,
/// additional or too large.
pub(super) fn shape() -> impl Strategy<Value = Shape> {
    let kind = prop::sample::select(LayerKind::ALL.to_vec());
    let sizes = prop::array::uniform11(1u32..24);
    let strides = prop_oneof![9 => (1u32..4, 1u32..4), 1 => (any::<u32>(), 0u32..4)];
    let odd = (prop::sample::select(Dim::ALL.to_vec()), prop_oneof![Just(0), any::<u32>()]);
    let odd = prop::option::weighted(0.2, odd);
    (kind, sizes, strides, any::<(bool, bool)>(), odd).prop_map(|(kind, sizes, strides, (batch, out), odd)| {
        let known: &[Dim] = match kind {
            LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
            LayerKind::NgConv => &[Dim::G, Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
            LayerKind::Pool => &[Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
            LayerKind::Eltwise => &[Dim::C, Dim::Y, Dim::X],
            _ => &[Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
        };
        let extra = if batch && kind != LayerKind::Gemm { Some(Dim::N) } else { None };
        let mut dims: Vec<(Dim, u32)> = Vec::new();
        for dim in known.iter().copied().chain(extra) {
            let size = sizes[dim as usize];
            dims.push(match dim {
                Dim::R | Dim::S => (dim, size.div_ceil(4)),
                Dim::Y | Dim::X if out => (dim.output(), size),
                Dim::Y | Dim::X => (dim, size + 5),
                dim => (dim, size),
            });
        }
        if let Some((dim, size)) = odd {
            dims.retain(|(known, _)| *known != dim);
            if size != 0 {
                dims.push((dim, size));
            }
        }
        // C gives the dimensions in this order.
        dims.sort_by_key(|(dim, _)| *dim);
        (kind, dims, strides)
    })
}

pub(super) fn size() -> impl Strategy<Value = Size> {
    let dim = prop::sample::select(Dim::ALL.to_vec());
    let base = prop_oneof![20 => 1i32..9, 1 => any::<i32>()];
    prop_oneof![
        4 => base.prop_map(Size::new),
        1 => (-2i32..9, dim).prop_map(|(base, dim)| Size { base, of: Some(dim) }),
    ]
}

pub(super) fn directive() -> impl Strategy<Value = Directive> {
    let dim = prop::sample::select(vec![Dim::C, Dim::K, Dim::Y, Dim::X, Dim::M, Dim::N, Dim::OutX, Dim::R]);
    prop_oneof![
        4 => (size(), dim.clone()).prop_map(|(size, dim)| Directive::temporal(size, size, dim)),
        1 => (size(), size(), dim.clone()).prop_map(|(size, offset, dim)| Directive::temporal(size, offset, dim)),
        3 => (1i32..4, dim).prop_map(|(n, dim)| Directive::spatial(Size::new(n), Size::new(n), dim)),
        1 => size().prop_map(Directive::cluster),
    ]
}

/// Random directives, or a preset for the kind.
pub(super) fn directives() -> impl Strategy<Value = Result<Vec<Directive>, (Preset, [u32; MAESTRINO_MAX_TILES])>> {
    prop_oneof![
        prop::collection::vec(directive(), 0..12).prop_map(Ok),
        (prop::sample::select(Preset::ALL.to_vec()), prop::array::uniform3(0u32..20)).prop_map(Err),
    ]
}

/// The figures of `maestrino_hardware` after its size, except the clock. Most are in range.
pub(super) fn figures() -> impl Strategy<Value = [u32; 24]> {
    let buffer = || prop_oneof![2 => Just(MAESTRINO_UNLIMITED), 1 => 1u32..4000];
    let noc = || (1u32..100, 0u32..4);
    let bits = || prop::sample::select(vec![4u32, 8, 16, 32]);
    let system = (1u32..100, prop_oneof![Just(0), 1u32..9], 500u32..=1000);
    let settings = (0u32..2, 0u32..3, 1u32..3, 1u32..3);
    let array = (1u32..400, 1u32..3, buffer(), buffer(), buffer());
    let usual = (array, prop::array::uniform4(noc()), system, prop::array::uniform4(bits()), settings);
    let usual = usual.prop_map(|((pes, lanes, l1, cluster, l2), noc, system, bits, settings)| {
        let [(b0, n0), (b1, n1), (b2, n2), (b3, n3)] = noc;
        let ((offchip, weights, permille), [i, f, o, p]) = (system, bits);
        let (multicast, activations, l1_buffers, l2_buffers) = settings;
        let array = [pes, lanes, l1, cluster, l2, b0, n0, b1, n1, b2, n2, b3, n3, offchip, weights, permille];
        let rest = [i, f, o, p, multicast, activations, l1_buffers, l2_buffers];
        std::array::from_fn(|place| if place < 16 { array[place] } else { rest[place - 16] })
    });
    // One figure may have any value.
    (usual, prop::option::weighted(0.15, (0usize..24, prop_oneof![Just(0), any::<u32>()]))).prop_map(
        |(mut usual, odd)| {
            if let Some((place, figure)) = odd {
                usual[place] = figure;
            }
            usual
        },
    )
}
