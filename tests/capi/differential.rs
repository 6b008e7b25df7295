//! Compares C and Rust on random input.

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use maestrino::capi::maestrino_status::*;
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::wire::{self, Accelerator, Blob, BlobLayer};
use maestrino::{
    Calibration, Cost, Dataflow, Dim, EnergyTable, Error, Hardware, Layer, LayerKind, Mapping, Noc, Total, maestro,
};
use proptest::prelude::*;

use super::calls::{Out, agree, call, status, struct_size, without_fault};
use super::random::{directives, figures, shape};
use super::structs::{
    c_dataflow, c_figures, c_hardware, c_layer, misfits, rust_hardware, rust_preset, same_cost, same_dataflow,
    same_maestro_cost,
};

/// A callback that appends the costs of `maestrino_estimate_network` to a vector.
///
/// # Safety
/// `user` points to a `Vec<maestrino_cost>`, and `cost` to a cost.
unsafe extern "C" fn keep(
    user: *mut c_void,
    index: u32,
    _: *const maestrino_network_layer,
    cost: *const maestrino_cost,
) -> i32 {
    // SAFETY: the caller promises it.
    let (costs, cost) = unsafe { (&mut *user.cast::<Vec<maestrino_cost>>(), *cost) };
    assert_eq!(costs.len(), index as usize);
    costs.push(cost);
    0
}

/// Miri detects every wrong access, but is slow.
const CASES: u32 = if cfg!(miri) { 8 } else { 4000 };

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers((kind, dims, strides) in shape()) {
        let layer = c_layer(kind, &dims, strides);
        // SAFETY: the pointers are valid.
        let c = call(|out, fault| unsafe { maestrino_layer_macs(&layer, out, fault) });
        let rust = Layer::strided(kind, &dims, strides.0, strides.1);
        let rust = rust.and_then(|layer| layer.macs().ok_or(Error::Overflow { level: 0 }));
        agree(c, rust, |c, rust| { prop_assert_eq!(c, rust); Ok(()) })?;
    }

    #[test]
    fn accelerators(figures in figures(), pes in prop_oneof![0u32..9, any::<u32>()]) {
        let hardware = c_hardware(figures);
        // SAFETY: the pointers are valid.
        let c = call(|_: *mut (), fault| unsafe { maestrino_hardware_check(&hardware, fault) });
        agree(c, rust_hardware(figures), |_, _| Ok(()))?;

        let mut init = maestrino_hardware::prepared();
        // SAFETY: the pointers are valid.
        let found = unsafe { maestrino_hardware_init(pes, init.as_mut_ptr()) };
        match Hardware::new(pes) {
            Err(error) => prop_assert_eq!(found, status(error)),
            Ok(hardware) => {
                prop_assert_eq!(found, MAESTRINO_OK);
                // SAFETY: it is written on success.
                let c = unsafe { init.assume_init() };
                prop_assert_eq!(rust_hardware(c_figures(&c)), Ok(hardware));
                prop_assert_eq!(c.clock_hz, 200_000_000);
            }
        }
    }

    #[test]
    fn estimates(
        (kind, dims, strides) in shape(),
        directives in directives(),
        figures in figures(),
        fit in any::<bool>(),
        energies in prop::option::of(prop::array::uniform5(0.0f64..10.0)),
        zeros in prop::option::weighted(0.2, (1u32..4, 0u32..3)),
    ) {
        let (zeros_y, phase_y) = zeros.unwrap_or((1, 0));
        let layer = maestrino_layer { one_in_y: zeros_y, phase_y, ..c_layer(kind, &dims, strides) };
        let hardware = c_hardware(figures);
        let rust_layer = Layer::strided(kind, &dims, strides.0, strides.1)
            .and_then(|layer| layer.with_inserted_zeros([zeros_y, 1], [phase_y, 0]));
        let pes = figures[0];
        let fit = if fit { pes } else { 0 };

        let (c_flow, rust_flow) = match directives {
            Ok(directives) => (c_dataflow(&directives), Dataflow::new(&directives)),
            Err((preset, tiles)) => {
                let number = preset as i32;
                // SAFETY: the pointers are valid.
                let c = call(|out, fault| unsafe {
                    maestrino_dataflow_preset(number, &layer, tiles.as_ptr(), fit, out, fault)
                });
                let rust = rust_layer.and_then(|layer| rust_preset(preset, tiles, &layer, fit));
                let flow = c.unwrap_or(c_dataflow(&[]));
                agree(c, rust.clone(), |c, rust| same_dataflow(&c, &rust))?;
                (flow, rust.or(Ok(Dataflow::default())))
            }
        };
        let rust_flow = rust_flow.unwrap();
        // SAFETY: the pointers are valid.
        let c = call(|_: *mut (), fault| unsafe { maestrino_dataflow_check(&layer, &c_flow, pes, fault) });
        let mapping = rust_layer.and_then(|layer| Mapping::new(&layer, &rust_flow, pes));
        agree(c, mapping, |(), _| Ok(()))?;

        let own = energies.map(|[mac, l1, cluster, l2, offchip]| {
            let struct_size = struct_size::<maestrino_energies>();
            maestrino_energies { struct_size, reserved: 0, mac, l1, cluster, l2, offchip }
        });
        let energies_pointer = own.as_ref().map_or(null(), |own| own as *const _);
        let table = energies.map_or(EnergyTable::REFERENCE, |[mac, l1, cluster, l2, offchip]| {
            EnergyTable { mac, l1, cluster: Some(cluster), l2, offchip }
        });
        // SAFETY: the pointers are valid.
        let c = call(|out, fault| unsafe {
            maestrino_estimate_layer(&layer, &c_flow, &hardware, energies_pointer, out, fault)
        });
        // The checks are in the order in which C makes them.
        let rust = rust_layer.and_then(|layer| {
            let hardware = rust_hardware(figures)?;
            Cost::with_energies(&layer, &rust_flow, &hardware, &table)
        });
        agree(c, rust, |c, rust| same_cost(&c, &rust))?;

        // SAFETY: the pointers are valid.
        let c = call(|out, fault| unsafe {
            maestrino_maestro_estimate_layer(&layer, &c_flow, &hardware, energies_pointer, out, fault)
        });
        let rust = rust_layer.and_then(|layer| {
            let hardware = rust_hardware(figures)?;
            maestro::Cost::with_energies(&layer, &rust_flow, &hardware, &table)
        });
        agree(c, rust, |c, rust| same_maestro_cost(&c, &rust))?;
    }

    #[test]
    fn networks(
        shapes in prop::collection::vec(shape(), 0..6),
        presets in prop::collection::vec(prop::sample::select(Preset::ALL.to_vec()), 1..9),
        figures in figures(),
        // Lanes, NoC, bandwidths and L1 that differ from those of the blob.
        speeds in (1u32..4, 1u32..100, 0u32..5, 1u32..50, 1u32..500),
        own_energies in any::<bool>(),
        clock_hz in 1u32..,
        deadline in any::<u16>(),
        calibration in prop::option::of((any::<[u32; 6]>(), any::<u16>(), any::<[u16; 3]>())),
    ) {
        let Ok(own) = rust_hardware(figures) else { return Ok(()) };
        let figures = std::array::from_fn(|place| if place == 20 { figures[20].min(1) } else { figures[place] });
        let dataflows: Vec<_> =
            presets.iter().map(|preset| preset.tiling().dataflow(LayerKind::Conv).unwrap()).collect();
        let layers: Vec<_> = shapes
            .iter()
            .filter_map(|(kind, dims, strides)| Layer::strided(*kind, dims, strides.0, strides.1).ok())
            .zip((0..dataflows.len() as u8).cycle())
            .filter(|(layer, dataflow)| Cost::of(layer, &dataflows[usize::from(*dataflow)], &own).is_ok())
            .map(|(layer, dataflow)| BlobLayer { name: "a layer".into(), layer, dataflow })
            .collect();
        let energies = EnergyTable { mac: 1.5, l1: 2.5, cluster: Some(3.5), l2: 4.5, offchip: 5.5 };
        let calibration = calibration.map(|(rates, constant, [low, high, network])| {
            let (rates, constant, layer) = (rates.map(|rate| rate >> 12), constant.into(), [low, high]);
            Calibration { rates, constant, layer, network }
        });
        let accelerator = Accelerator { hardware: own, clock_hz, energies, calibration };
        let mut buffer = vec![0; 1 << 16];
        let bytes = wire::encode("a network", &accelerator, &dataflows, layers.iter().copied(), &[], &mut buffer).unwrap();
        let blob = Blob::open(bytes).unwrap();

        // SAFETY: here and below, the pointers are valid, and the bytes outlive the network.
        let network: maestrino_network =
            call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap();
        prop_assert_eq!(network.layer_count as usize, layers.len());
        let name = blob.name().as_bytes();
        prop_assert_eq!((network.name.cast(), network.name_length), (name.as_ptr(), name.len()));
        let compiled: maestrino_hardware =
            without_fault(|out| unsafe { maestrino_network_hardware(&network, out) });
        prop_assert_eq!((c_figures(&compiled), compiled.clock_hz), (c_figures(&c_hardware(figures)), clock_hz));
        let compiled: maestrino_energies =
            without_fault(|out| unsafe { maestrino_network_energies(&network, out) });
        prop_assert_eq!([compiled.mac, compiled.l1, compiled.cluster, compiled.l2, compiled.offchip], [1.5, 2.5, 3.5, 4.5, 5.5]);

        let mut cursor = maestrino_cursor { index: 0, offset: 0 };
        let mut next = || {
            let mut layer = maestrino_network_layer::prepared();
            match unsafe { maestrino_network_next(&network, &mut cursor, layer.as_mut_ptr()) } {
                MAESTRINO_OK => Ok(unsafe { layer.assume_init() }),
                status => Err(status),
            }
        };
        for expected in blob.layers() {
            let (expected, found) = (expected.unwrap(), next().unwrap());
            let name = unsafe { std::slice::from_raw_parts(found.name.cast::<u8>(), found.name_length) };
            prop_assert_eq!(name, expected.name.as_bytes());
            prop_assert_eq!(found.dataflow, u32::from(expected.dataflow));
            let dims: Vec<_> = Dim::ALL.into_iter().zip(found.layer.sizes).filter(|(_, size)| *size != 0).collect();
            let kind = LayerKind::ALL[found.layer.kind as usize];
            let layer = Layer::strided(kind, &dims, found.layer.stride_y, found.layer.stride_x);
            prop_assert_eq!(layer, Ok(expected.layer));
        }
        prop_assert_eq!(next().err(), Some(MAESTRINO_END));
        for (number, expected) in (0..).zip(&dataflows) {
            let mut found = maestrino_dataflow::prepared();
            let status = unsafe { maestrino_network_dataflow(&network, number, found.as_mut_ptr()) };
            prop_assert_eq!(status, MAESTRINO_OK);
            same_dataflow(&unsafe { found.assume_init() }, expected)?;
        }

        let (lanes, bandwidth, latency, offchip, l1) = speeds;
        let other = own.with_simd_lanes(lanes).unwrap().with_noc(Noc { bandwidth, latency }).unwrap();
        let other = other.with_offchip_bandwidth(offchip).unwrap().with_buffers(l1, own.l2_bytes());
        let given = {
            let mut given = c_hardware(figures);
            (given.simd_lanes, given.offchip_bandwidth, given.l1_bytes) = (lanes, offchip, l1);
            given.noc = [bandwidth; 4].map(|bandwidth| maestrino_noc { bandwidth, latency });
            maestrino_hardware { clock_hz, ..given }
        };
        let reference = {
            let EnergyTable { mac, l1, l2, offchip, .. } = EnergyTable::REFERENCE;
            let struct_size = struct_size::<maestrino_energies>();
            maestrino_energies { struct_size, reserved: 0, mac, l1, cluster: l2, l2, offchip }
        };
        for (hardware, pointer) in [(own, null()), (other, &raw const given)] {
            let mut visited: Vec<maestrino_cost> = Vec::new();
            let user = (&raw mut visited).cast();
            let energies_pointer = if own_energies { null() } else { &raw const reference };
            let c: maestrino_total = call(|out, fault| unsafe {
                maestrino_estimate_network(&network, pointer, energies_pointer, Some(keep), user, out, fault)
            })
            .unwrap();
            let table = if own_energies { energies } else { EnergyTable::REFERENCE };
            let (mut total, mut sum) = (Total::NONE, 0u64);
            prop_assert_eq!(visited.len(), layers.len());
            for (visited, layer) in visited.iter().zip(&layers) {
                let flow = &dataflows[usize::from(layer.dataflow)];
                let cost = Cost::with_energies(&layer.layer, flow, &hardware, &table).unwrap();
                same_cost(visited, &cost)?;
                total.add(&cost).unwrap();
                let cycles = calibration.and_then(|own| own.cycles(layer.layer.kind(), &cost));
                sum = sum.saturating_add(cycles.unwrap_or(u64::MAX));
            }
            let calibrated = calibration.map(|own| [sum, own.upper(sum)]);
            prop_assert_eq!([c.calibrated_cycles, c.calibrated_upper_cycles], calibrated.unwrap_or([u64::MAX; 2]));
            prop_assert_eq!((c.layers, c.misfit_layers), (total.layers, total.misfits));
            prop_assert_eq!(c.misfits, misfits(total.fits.l1, total.fits.cluster, total.fits.l2));
            prop_assert_eq!((c.cycles, c.operations), (total.cycles.unwrap_or(u64::MAX), total.operations));
            let needs = [c.l1_bytes, c.cluster_bytes, c.l2_bytes];
            prop_assert_eq!(needs, [total.needs.l1, total.needs.cluster, total.needs.l2]);
            let nj = [c.mac_nj, c.l1_nj, c.cluster_nj, c.l2_nj, c.offchip_nj].map(f64::to_bits);
            let energy = &total.energy;
            let expected = [energy.mac, energy.l1, energy.cluster, energy.l2, energy.offchip];
            prop_assert_eq!(nj, expected.map(f64::to_bits));

            let (mut index, mut chosen) = (7, maestrino_total::prepared());
            let found = unsafe {
                let chosen = chosen.as_mut_ptr();
                maestrino_choose_network(&network, 1, pointer, deadline.into(), &mut index, chosen, null_mut())
            };
            let us = |cycles: u64| (u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock_hz));
            // If there are calibrated cycles, a deadline is compared with those.
            let cycles = calibrated.map(|[_, upper]| upper).or(total.cycles);
            let expected = match cycles.filter(|_| total.fits.all()) {
                None => MAESTRINO_DOES_NOT_FIT,
                // Cycles that do not fit into 64 bits are u64::MAX.
                Some(cycles) if cycles == u64::MAX || us(cycles) > u128::from(u64::MAX) => {
                    prop_assert_eq!(found, MAESTRINO_OVERFLOW);
                    continue;
                }
                Some(cycles) if us(cycles) <= u128::from(deadline) => MAESTRINO_OK,
                Some(_) => MAESTRINO_DEADLINE_MISSED,
            };
            prop_assert_eq!(found, expected);
            prop_assert_eq!((index, unsafe { chosen.assume_init() }.cycles), (0, c.cycles));
        }

        // Everything that the counts depend on must be the same.
        for place in [0, 4, 15, 16, 17, 18, 19, 20, 21, 22, 23] {
            let mut changed = figures;
            changed[place] = match place {
                20 => u32::from(figures[20] == 0),
                21 => (figures[21] + 1) % 3,
                22 | 23 => 3 - figures[place],
                15 => if figures[15] == 1000 { 999 } else { 1000 },
                16..20 => if figures[place] == 8 { 16 } else { 8 },
                _ => if figures[place] == 77 { 78 } else { 77 },
            };
            let changed = c_hardware(changed);
            let found = call(|out: *mut maestrino_total, fault| unsafe {
                maestrino_estimate_network(&network, &changed, null(), None, null_mut(), out, fault)
            });
            prop_assert_eq!(found.map_err(|(status, _)| status).err(), Some(MAESTRINO_OTHER_ACCELERATOR), "{}", place);
        }
    }

    #[test]
    fn microseconds(
        cycles in prop_oneof![9 => any::<u64>(), 9 => 0u64..10_000_000, 1 => Just(u64::MAX)],
        clock in prop_oneof![any::<u32>(), 0u32..9],
    ) {
        let mut us = 7;
        // SAFETY: the pointer is valid.
        let status = unsafe { maestrino_cycles_to_us(cycles, clock, &mut us) };
        if cycles == u64::MAX {
            prop_assert_eq!((status, us), (MAESTRINO_DOES_NOT_FIT, 7));
            return Ok(());
        }
        let exact = (clock != 0).then(|| (u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock)));
        match exact.map(u64::try_from) {
            None => prop_assert_eq!((status, us), (MAESTRINO_OUT_OF_RANGE, 7)),
            Some(Err(_)) => prop_assert_eq!((status, us), (MAESTRINO_OVERFLOW, 7)),
            Some(Ok(exact)) => prop_assert_eq!((status, us), (MAESTRINO_OK, exact)),
        }
    }
}
