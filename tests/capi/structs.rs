//! Makes C structs of Rust values, and compares the two.

use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::exact::Transfers;
use maestrino::{
    Activations, Buffering, Cost, Dataflow, Dim, Directive, Error, Hardware, Layer, LayerKind, MapKind, Noc, Size,
    Tensor, Widths, maestro,
};
use proptest::prelude::*;

use super::calls::struct_size;

pub(super) fn c_layer(kind: LayerKind, dims: &[(Dim, u32)], strides: (u32, u32)) -> maestrino_layer {
    let mut sizes = [0; MAESTRINO_DIMS];
    for &(dim, size) in dims {
        sizes[dim as usize] = size;
    }
    let (kind, (stride_y, stride_x)) = (kind as i32, strides);
    let struct_size = struct_size::<maestrino_layer>();
    maestrino_layer { struct_size, kind, stride_y, stride_x, sizes, one_in_y: 0, phase_y: 0, one_in_x: 1, phase_x: 0 }
}

pub(super) fn c_size(size: Size) -> maestrino_size {
    maestrino_size { base: size.base, of: size.of.map_or(-1, |dim| dim as i32) }
}

pub(super) fn c_dataflow(directives: &[Directive]) -> maestrino_dataflow {
    let none = maestrino_size { base: 0, of: -1 };
    let empty = maestrino_directive { kind: 0, dim: 0, size: none, offset: none };
    let count = directives.len() as u32;
    let struct_size = struct_size::<maestrino_dataflow>();
    let mut dataflow = maestrino_dataflow { struct_size, count, directives: [empty; MAESTRINO_MAX_DIRECTIVES] };
    for (slot, directive) in dataflow.directives.iter_mut().zip(directives) {
        *slot = match *directive {
            Directive::Cluster { size } => maestrino_directive { kind: 2, size: c_size(size), ..empty },
            Directive::Map { kind, size, offset, dim } => maestrino_directive {
                kind: i32::from(kind == MapKind::Spatial),
                dim: dim as i32,
                size: c_size(size),
                offset: c_size(offset),
            },
        };
    }
    dataflow
}

pub(super) fn same_dataflow(c: &maestrino_dataflow, rust: &Dataflow) -> Result<(), TestCaseError> {
    let expected = c_dataflow(rust.directives());
    prop_assert_eq!(c.count, expected.count);
    for (c, rust) in c.directives.iter().zip(&expected.directives) {
        let flat = |d: &maestrino_directive| (d.kind, d.dim, d.size.base, d.size.of, d.offset.base, d.offset.of);
        prop_assert_eq!(flat(c), flat(rust));
    }
    Ok(())
}

pub(super) fn same_cost(c: &maestrino_cost, rust: &Cost) -> Result<(), TestCaseError> {
    let moved = |transfers: &Transfers| [transfers.input, transfers.filter, transfers.psum, transfers.output];
    let c_moved = |transfers: &maestrino_transfers| {
        let maestrino_transfers { input, filter, psum, output } = *transfers;
        [input, filter, psum, output]
    };
    let none = Transfers::default();
    let offchip = rust.offchip.as_ref();
    let transfers = [c_moved(&c.l1), c_moved(&c.l2), c_moved(&c.offchip)];
    let expected = [&rust.l1, &rust.l2, offchip.map_or(&none, |offchip| &offchip.transfers)].map(moved);
    prop_assert_eq!(transfers, expected);
    let cycles = [c.cycles, c.serial_cycles];
    prop_assert_eq!(cycles, offchip.map_or([u64::MAX; 2], |offchip| [offchip.cycles.total, offchip.cycles.serial]));
    let numbers = [c.operations, c.layer_operations, c.steps, c.offchip_bits];
    let bits = offchip.map_or(0, |offchip| offchip.bits);
    prop_assert_eq!(numbers, [rust.operations, rust.layer_operations, rust.steps, bits]);
    let needs = [c.l1_bytes, c.cluster_bytes, c.l2_bytes];
    prop_assert_eq!(needs, [rust.needs.l1, rust.needs.cluster, rust.needs.l2]);
    prop_assert_eq!(c.misfits, misfits(rust.fits.l1, rust.fits.cluster, rust.fits.l2));
    let waits = &rust.waits;
    prop_assert_eq!(c.bound_cycles, [waits.compute, waits.noc_in, waits.noc_out, waits.offchip]);
    let energy = &rust.energy;
    let doubles = [c.active_pes, c.mac_nj, c.l1_nj, c.cluster_nj, c.l2_nj, c.offchip_nj].map(f64::to_bits);
    let expected = [rust.active_pes, energy.mac, energy.l1, energy.cluster, energy.l2, energy.offchip];
    prop_assert_eq!(doubles, expected.map(f64::to_bits));
    Ok(())
}

pub(super) fn misfits(l1: bool, cluster: bool, l2: bool) -> u32 {
    u32::from(!l1) | u32::from(!cluster) << 1 | u32::from(!l2) << 2
}

pub(super) fn same_maestro_cost(c: &maestrino_maestro_cost, rust: &maestro::Cost) -> Result<(), TestCaseError> {
    let accesses = |tensor: Tensor| {
        let a = &rust.traffic.accesses[tensor];
        [a.l1_read, a.l1_write, a.l2_read, a.l2_write]
    };
    for (c, tensor) in [(&c.input, Tensor::Input), (&c.filter, Tensor::Filter), (&c.output, Tensor::Output)] {
        prop_assert_eq!([c.l1_read, c.l1_write, c.l2_read, c.l2_write], accesses(tensor));
    }
    let numbers = [c.cycles, c.operations, c.l1_bytes, c.l2_bytes, c.noc_peak, c.offchip];
    let (delay, traffic) = (&rust.delay, &rust.traffic);
    let expected =
        [delay.cycles, traffic.operations, traffic.l1_total(), traffic.l2_total(), delay.noc_peak, delay.offchip];
    prop_assert_eq!(numbers, expected);
    prop_assert_eq!(c.bound_cycles, delay.bound_cycles);
    let bits = [c.noc_average, c.active_pes, c.mac_nj, c.l1_nj, c.l2_nj].map(f64::to_bits);
    let expected = [delay.noc_average, delay.active_pes, rust.energy.mac, rust.energy.l1, rust.energy.l2];
    prop_assert_eq!(bits, expected.map(f64::to_bits));
    Ok(())
}

/// An accelerator, built step by step in the order in which C checks the figures.
pub(super) fn rust_hardware(figures: [u32; 24]) -> Result<Hardware, Error> {
    let [pes, lanes, l1, cluster, l2, b0, n0, b1, n1, b2, n2, b3, n3, offchip, weights, permille, rest @ ..] = figures;
    let [input, filter, output, psum, multicast, activations, l1_buffers, l2_buffers] = rest;
    let activations = match activations {
        0 => Activations::Offchip,
        1 => Activations::L2,
        2 => Activations::Auto,
        other => return Err(Error::Setting(other)),
    };
    let buffering = |copies| match copies {
        1 => Ok(Buffering::Single),
        2 => Ok(Buffering::Double),
        other => Err(Error::Setting(other)),
    };
    let (l1_buffers, l2_buffers) = (buffering(l1_buffers)?, buffering(l2_buffers)?);
    let mut system = Hardware::new(1)?;
    if weights != 0 {
        system = system.with_weights_bandwidth(weights)?;
    }
    let byte = |bits: u32| u8::try_from(bits).unwrap_or(u8::MAX);
    let widths = Widths { input: byte(input), filter: byte(filter), output: byte(output), psum: byte(psum) };
    let permille = u16::try_from(permille).unwrap_or(u16::MAX);
    let mut hardware =
        system.with_compressed_weights(permille)?.with_widths(widths)?.with_pes(pes)?.with_simd_lanes(lanes)?;
    for (level, (bandwidth, latency)) in [(b0, n0), (b1, n1), (b2, n2), (b3, n3)].into_iter().enumerate() {
        hardware = hardware.with_noc_at(level, Noc { bandwidth, latency })?;
    }
    let hardware = hardware.with_offchip_bandwidth(offchip)?.with_buffers(l1, l2).with_cluster_buffer(cluster);
    let hardware = hardware.with_multicast(multicast != 0).with_activations(activations);
    Ok(hardware.with_buffering(l1_buffers, l2_buffers))
}

pub(super) fn c_hardware(figures: [u32; 24]) -> maestrino_hardware {
    let [pes, simd_lanes, l1_bytes, cluster_bytes, l2_bytes, b0, n0, b1, n1, b2, n2, b3, n3, rest @ ..] = figures;
    let [offchip_bandwidth, weights_bandwidth, weights_permille, rest @ ..] = rest;
    let [input_bits, filter_bits, output_bits, psum_bits, multicast, activations, l1_buffers, l2_buffers] = rest;
    maestrino_hardware {
        struct_size: struct_size::<maestrino_hardware>(),
        pes,
        simd_lanes,
        l1_bytes,
        cluster_bytes,
        l2_bytes,
        noc: [(b0, n0), (b1, n1), (b2, n2), (b3, n3)].map(|(bandwidth, latency)| maestrino_noc { bandwidth, latency }),
        offchip_bandwidth,
        weights_bandwidth,
        weights_permille,
        input_bits,
        filter_bits,
        output_bits,
        psum_bits,
        multicast,
        activations,
        l1_buffers,
        l2_buffers,
        clock_hz: 1_000_000,
    }
}

/// The figures of a C struct.
pub(super) fn c_figures(c: &maestrino_hardware) -> [u32; 24] {
    let noc = c.noc.iter().flat_map(|noc| [noc.bandwidth, noc.latency]);
    let array = [c.pes, c.simd_lanes, c.l1_bytes, c.cluster_bytes, c.l2_bytes].into_iter().chain(noc);
    let system = [c.offchip_bandwidth, c.weights_bandwidth, c.weights_permille];
    let bits = [c.input_bits, c.filter_bits, c.output_bits, c.psum_bits];
    let settings = [c.multicast, c.activations, c.l1_buffers, c.l2_buffers];
    let all: Vec<u32> = array.chain(system).chain(bits).chain(settings).collect();
    all.try_into().unwrap()
}

pub(super) fn rust_preset(
    preset: Preset,
    tiles: [u32; MAESTRINO_MAX_TILES],
    layer: &Layer,
    fit: u32,
) -> Result<Dataflow, Error> {
    let chosen = preset.for_kind(layer.kind());
    let mut tiling = chosen.tiling();
    if chosen == preset {
        for (parameter, tile) in chosen.parameters().iter().zip(tiles) {
            if tile != 0 {
                tiling = tiling.with(parameter.name, tile)?;
            }
        }
    }
    if fit != 0 {
        tiling = tiling.fitted(layer, fit);
    }
    tiling.dataflow(layer.kind())
}
