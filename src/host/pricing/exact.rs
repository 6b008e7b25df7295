//! Pricing by the exact model: a layer is counted once for all accelerators that agree in what is
//! [counted](Hardware::counted).

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Footprint, Lanes, Refusal};
use crate::exact::{Counts, Event, Mapping, Player};
use crate::host::cost_table::{self, Costing, Shortage};
use crate::{Calibration, Cost, Dataflow, EnergyTable, Error, Hardware, Layer};

/// A layer under directives: its key, and the calibration of its cycles.
pub(crate) struct Mapped {
    key: Arc<Key>,
    calibration: Option<Calibration>,
}

/// Everything on which counts and events depend.
///
/// Why equal keys mean equal steps: a walk depends only on a mapping and on what it reads from the accelerator.
///
/// * A mapping depends only on the layer, the directives and the number of PEs.
/// * The walk reads the bits of elements, multicast (what is read once for several sub-clusters), and whether L1
///   holds a tile once or twice. What L2 keeps of a tensor, and so what moves off-chip, depends on its bytes, on its
///   buffering, on where activations live and on the compression of weights. All of that is in [`Hardware::counted`].
/// * Lanes, bandwidths and latencies matter only when a [`Player`] plays the events, and the bytes of L1 and of the
///   buffers of clusters only when they are compared with what a layer needs. So they are not in the key.
///
/// Nothing in the key can be left out. Unlike in the reference's model, this includes how often a loop turns, because
/// L2 keeps what all turns of the loops inside touch. The test below changes one thing at a time, and each time
/// counts or events change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    layer: Layer,
    dataflow: Dataflow,
    hardware: Hardware,
}

/// Hashes only the fields in which most keys differ: directives are long, and each layer has few different ones.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.layer, self.hardware.pes(), self.hardware.l2_bytes()).hash(state);
    }
}

/// The counts of a layer, and the events of its steps.
pub(crate) struct Steps {
    counts: Counts,
    events: Box<[Event]>,
}

impl super::Mapped for Mapped {
    type Key = Arc<Key>;
    type Steps = Steps;

    fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, costing: &Costing) -> Result<Mapped, Error> {
        let key = Arc::new(Key { layer: *layer, dataflow: dataflow.clone(), hardware: hardware.counted() });
        Ok(Mapped { key, calibration: costing.calibration().copied() })
    }

    fn key(&self) -> Arc<Key> {
        self.key.clone()
    }

    fn walk(&self) -> Result<Steps, Error> {
        let Key { layer, dataflow, hardware } = &*self.key;
        let mapping = Mapping::new(layer, dataflow, hardware.pes())?;
        let mut events = Vec::new();
        let counts = Counts::of(&mapping, hardware, |event| events.push(*event))?;
        Ok(Steps { counts, events: events.into() })
    }

    fn price(&self, steps: &Steps, energies: &EnergyTable) -> Result<Footprint, Error> {
        Ok(Footprint { energy: steps.counts.accesses.energy(energies), needs: steps.counts.needs, traffic: None })
    }

    fn play(alike: &[&Mapped], steps: &Steps, hardware: &[Hardware]) -> Vec<Lanes> {
        // Equal keys mean the same layer.
        let Some(first) = alike.first() else { return Vec::new() };
        let mut lanes = Lanes::with_room(hardware.len());
        hardware.iter().for_each(|hardware| lanes.push(first.cycles(steps, hardware)));
        vec![lanes; alike.len()]
    }
}

impl Mapped {
    fn cycles(&self, steps: &Steps, hardware: &Hardware) -> Result<u64, Refusal> {
        // Energies do not change cycles.
        let cost = steps.cost(hardware, &EnergyTable::REFERENCE).map_err(Refusal::Unsuited)?;
        let cycles = cost_table::cycles(self.key.layer.kind(), &cost, self.calibration.as_ref());
        match cycles.map_err(Refusal::Unsuited)? {
            Some(cycles) if cost.fits.all() => Ok(cycles),
            _ => Err(Refusal::TooSmall(Shortage::all(&cost, hardware).collect())),
        }
    }
}

impl Steps {
    /// The whole cost of the layer on an accelerator.
    pub fn cost(&self, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut player = Player::new(hardware);
        self.events.iter().for_each(|event| player.play(event));
        Cost::timed(&self.counts, &player, hardware, energies)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::Mapped as _;
    use super::*;
    use crate::Dim::{C, G, K, M, N, R, S, X, Y};
    use crate::dataflow::presets::Preset;
    use crate::{Activations, Buffering, Dim, Directive, LayerKind, MapKind, Noc, Size, Widths};

    /// A layer, directives and an accelerator.
    type Case = (Layer, Dataflow, Hardware);

    /// Layers of every kind under presets, on accelerators with and without a limit to L2.
    fn cases() -> Vec<Case> {
        let of = |kind, dims: &[(Dim, u32)], filter, extent, stride| {
            let window = [(R, filter), (S, filter), (Y, extent), (X, extent)];
            let dims: Vec<_> = dims.iter().copied().chain(window).collect();
            Layer::strided(kind, &dims, stride, stride).unwrap()
        };
        let transposed = of(LayerKind::TrConv, &[(K, 6), (C, 4)], 3, 12, 1);
        let layers = [
            of(LayerKind::Conv, &[(K, 20), (C, 12)], 3, 17, 2),
            of(LayerKind::Conv, &[(N, 2), (K, 9), (C, 70)], 1, 6, 1),
            of(LayerKind::DsConv, &[(C, 24)], 3, 14, 1),
            // A stride of 3 gives the same number of outputs.
            of(LayerKind::NgConv, &[(G, 2), (K, 10), (C, 6)], 3, 6, 2),
            transposed.with_inserted_zeros([2, 2], [0, 1]).unwrap(),
            of(LayerKind::Fc, &[(K, 30), (C, 40)], 1, 1, 1),
            of(LayerKind::Pool, &[(C, 12)], 2, 12, 2),
            of(LayerKind::Eltwise, &[(C, 24)], 1, 10, 1),
            Layer::new(LayerKind::Gemm, &[(M, 12), (N, 20), (K, 30)]).unwrap(),
        ];
        let unlimited = Hardware::new(70).unwrap();
        let small = unlimited.with_buffers(100, 3000).with_compressed_weights(900).unwrap();
        let mut cases = Vec::new();
        for layer in layers {
            for preset in [Preset::KcpWs, Preset::Rs] {
                let tiling = preset.tiling().for_kind(layer.kind()).fitted(&layer, unlimited.pes());
                let dataflow = tiling.dataflow(layer.kind()).unwrap();
                cases.extend([unlimited, small].map(|hardware| (layer, dataflow.clone(), hardware)));
            }
        }
        cases
    }

    /// The layer with something changed: its kind, the extent of a dimension, strides, or inserted zeros.
    fn layer_with(
        layer: &Layer,
        kind: LayerKind,
        more: impl Fn(Dim) -> u32,
        strides: [u32; 2],
        [y, x]: [(u32, u32); 2],
    ) -> Option<Layer> {
        let own = Dim::ALL.into_iter().filter(|dim| dim.input() == *dim);
        let dims: Vec<_> = own.filter_map(|dim| Some((dim, layer.size(dim)? + more(dim)))).collect();
        let strides = if kind == LayerKind::Gemm { [1, 1] } else { strides };
        let layer = Layer::strided(kind, &dims, strides[0], strides[1]).ok()?;
        layer.with_inserted_zeros([y.0, x.0], [y.1, x.1]).ok()
    }

    /// Cases with one part of the layer in the key changed, for each part. Extents grow by whole tiles.
    fn layers((layer, dataflow, hardware): &Case) -> Vec<(&'static str, Case)> {
        let (kind, strides, zeros) =
            (layer.kind(), [layer.stride(Y), layer.stride(X)], [layer.inserted(Y), layer.inserted(X)]);
        let none = |_| 0;
        let mut all: Vec<(&str, Option<Layer>)> =
            LayerKind::ALL.map(|other| ("kind", layer_with(layer, other, none, strides, zeros))).to_vec();
        for directive in dataflow.directives() {
            if let Directive::Map { offset: Size { base, of }, dim, .. } = directive {
                let tile = base.unsigned_abs() + of.and_then(|of| layer.size(of)).unwrap_or(0);
                let more = |other| if other == dim.input() { tile } else { 0 };
                all.push((dim.input().name(), layer_with(layer, kind, more, strides, zeros)));
            }
        }
        let [y, x] = strides;
        all.push(("stride along Y", layer_with(layer, kind, none, [y + 1, x], zeros)));
        all.push(("stride along X", layer_with(layer, kind, none, [y, x + 1], zeros)));
        let [y, x] = zeros;
        all.push(("zeros along Y", layer_with(layer, kind, none, strides, [(y.0 + 1, y.1), x])));
        all.push(("zeros along X", layer_with(layer, kind, none, strides, [y, (x.0 + 1, x.1)])));
        all.push(("first row", layer_with(layer, kind, none, strides, [(y.0, y.0 - 1 - y.1), x])));
        all.push(("first column", layer_with(layer, kind, none, strides, [y, (x.0, x.0 - 1 - x.1)])));
        all.into_iter().filter_map(|(what, layer)| Some((what, (layer?, dataflow.clone(), *hardware)))).collect()
    }

    /// Cases with one part of the directives in the key changed, for each part.
    fn dataflows((layer, dataflow, hardware): &Case) -> Vec<(&'static str, Case)> {
        let mut all = Vec::new();
        let own = dataflow.directives();
        let mut add = |what, directives: &[Directive]| {
            all.push((what, (*layer, Dataflow::new(directives).unwrap(), *hardware)));
        };
        for place in 0..own.len() {
            let mut one = |what, other: Directive| {
                let mut directives = own.to_vec();
                directives[place] = other;
                add(what, &directives);
            };
            match own[place] {
                Directive::Cluster { size } => {
                    one("cluster", Directive::Cluster { size: Size { base: size.base - 1, ..size } });
                }
                Directive::Map { kind, size, offset, dim } => {
                    let more = |size: Size, more: i32| Size { base: size.base + more, ..size };
                    one("size", Directive::Map { kind, size: more(size, 1), offset, dim });
                    one("offset", Directive::Map { kind, size, offset: more(offset, -1), dim });
                    let other = if kind == MapKind::Spatial { MapKind::Temporal } else { MapKind::Spatial };
                    one("over time or space", Directive::Map { kind: other, size, offset, dim });
                    let other = [K, C, M, N].into_iter().find(|other| *other != dim && layer.size(*other).is_some());
                    one("dimension", Directive::Map { kind, size, offset, dim: other.unwrap_or(dim) });
                }
            }
            let mut directives = own.to_vec();
            directives.swap(place, (place + 1) % own.len());
            add("order", &directives);
        }
        all
    }

    /// Cases with one part of the accelerator in the key changed, for each part.
    fn counted((layer, dataflow, own): &Case) -> Vec<(&'static str, Case)> {
        let bits = own.widths();
        let widths = |widths: Widths| own.with_widths(widths).unwrap();
        let (l1, l2) = (Buffering::Single, own.l2_buffers());
        let all = [
            ("PEs", own.with_pes(own.pes() * 2).unwrap()),
            ("L2", own.with_buffers(own.l1_bytes(), 2000)),
            ("bits of inputs", widths(Widths { input: 16, ..bits })),
            ("bits of filters", widths(Widths { filter: 16, ..bits })),
            ("bits of outputs", widths(Widths { output: 16, ..bits })),
            ("bits of partial sums", widths(Widths { psum: 32, ..bits })),
            ("multicast", own.with_multicast(false)),
            ("activations", own.with_activations(Activations::L2)),
            ("compression", own.with_compressed_weights(500).unwrap()),
            ("copies in L1", own.with_buffering(l1, l2)),
            ("copies in L2", own.with_buffering(own.l1_buffers(), Buffering::Single)),
        ];
        all.map(|(what, other)| (what, (*layer, dataflow.clone(), other))).to_vec()
    }

    /// Cases with one figure changed that the key leaves out, for each of these.
    fn left_out((layer, dataflow, own): &Case) -> Vec<(&'static str, Case)> {
        let all = [
            ("lanes", own.with_simd_lanes(3)),
            ("bandwidth", own.with_noc(Noc { bandwidth: 5, latency: 1 })),
            ("latency", own.with_noc_at(1, Noc { latency: 7, ..own.noc(1) })),
            ("off-chip", own.with_offchip_bandwidth(3)),
            ("weights", own.with_weights_bandwidth(2)),
            ("L1", Ok(own.with_buffers(9, own.l2_bytes()))),
            ("buffers of clusters", Ok(own.with_cluster_buffer(9))),
        ];
        all.map(|(what, other)| (what, (*layer, dataflow.clone(), other.unwrap()))).to_vec()
    }

    #[test]
    fn layers_have_the_same_steps_where_their_keys_are_equal_and_for_each_field_some_have_others_where_not() {
        let mapped = |(layer, dataflow, hardware): &Case| {
            Mapped::of(layer, dataflow, hardware, &Costing::Exact(EnergyTable::REFERENCE)).unwrap()
        };
        let walked = |mapped: &Mapped| mapped.walk().map(|steps| (steps.counts, steps.events));
        let (mut bases, mut reached) = (0, 0);
        // For each field of the key: the number of its changes that lead to other steps.
        let mut differ: BTreeMap<&str, usize> = BTreeMap::new();
        for case in cases() {
            let own = mapped(&case);
            let Ok(steps) = walked(&own) else { continue };
            bases += 1;
            let changed = [layers, dataflows, counted, left_out].into_iter().flat_map(|change| change(&case));
            for (what, other) in changed.filter(|(_, other)| *other != case) {
                let other = mapped(&other);
                let others = walked(&other);
                if other.key() == own.key() {
                    assert_eq!(others.as_ref(), Ok(&steps), "{what}: {case:?}");
                    reached += 1;
                } else if others.is_ok_and(|others| others != steps) {
                    *differ.entry(what).or_default() += 1;
                }
            }
        }
        // All cases except those whose mapping has gaps.
        assert_eq!((bases, reached), (36, 36 * 7));
        assert_eq!(differ.len(), 1 + 9 + 6 + 6 + 11, "{differ:?}");
    }
}
