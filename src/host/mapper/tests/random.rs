//! Random layers, accelerators and outlines, small enough to walk over all of their mappings.

use std::vec::Vec;

use super::super::space::axes;
use crate::hardware::{Activations, Buffering, UNLIMITED};
use crate::host::outline::{Line, Map, Outline};
use crate::{Dim, Hardware, Layer, LayerKind, MapKind, Noc, Size, Widths};

/// A random number generator (xorshift), so that the number of a case determines it.
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 20) % u64::from(end)) as u32
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u32) as usize]
    }
}

pub(super) fn layer(random: &mut Random) -> Layer {
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

pub(super) fn hardware(random: &mut Random) -> Hardware {
    let limit = |random: &mut Random, limits: &[u32]| random.of(limits);
    let l1 = limit(random, &[UNLIMITED, 16, 40, 100]);
    let l2 = limit(random, &[UNLIMITED, 60, 150, 400]);
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
    let hardware = hardware.with_cluster_buffer(random.of(&[UNLIMITED, UNLIMITED, 60]));
    let widths = Widths { psum: random.of(&[8, 8, 32]), ..hardware.widths() };
    hardware.with_widths(widths).unwrap().with_multicast(random.of(&[true, true, false]))
}

/// A random outline for a layer; `None` if it contradicts itself.
pub(super) fn outline(random: &mut Random, layer: &Layer, pes: u32, levels: usize) -> Option<Outline> {
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
