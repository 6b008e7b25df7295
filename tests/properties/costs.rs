//! Properties of the cost of a layer.

use maestrino::dataflow::presets::Preset;
use maestrino::maestro::{Bound, Cost, Mapping, Range};
use maestrino::{Dataflow, Dim, EnergyTable, Error, Hardware, Layer, LayerKind, MAX_EXTENT, Noc, Tensor};
use proptest::prelude::*;
use proptest::sample::select;

use super::random::{
    any_directive, any_hardware, any_layer, cases, dims, hardware, kind, layer_of, mapped, plausible, tiling, wide,
};

fn check_range(range: Range) -> Result<(), TestCaseError> {
    prop_assert!(range.min <= range.avg && range.avg <= range.max, "{range:?}");
    Ok(())
}

/// Checks that every figure of a cost is a valid number, and that the figures do not contradict each other.
fn check_sound(cost: &Cost, hardware: &Hardware) -> Result<(), TestCaseError> {
    let Cost { traffic, delay, energy, .. } = cost;
    prop_assert!(delay.cycles > 0);
    prop_assert_eq!(delay.bound_cycles.iter().sum::<u64>(), delay.cycles);
    let bound = Bound::ALL.iter().position(|bound| *bound == delay.bound()).unwrap();
    prop_assert!(delay.bound_cycles.iter().all(|cycles| *cycles <= delay.bound_cycles[bound]));
    for range in [delay.ingress, delay.egress, delay.compute] {
        check_range(range)?;
    }
    prop_assert!(traffic.operations > 0);
    for tensor in Tensor::ALL {
        // Counts are unsigned, so a negative one would appear as a huge one.
        let accesses = traffic.accesses[tensor];
        for count in [accesses.l1_read, accesses.l1_write, accesses.l2_read, accesses.l2_write] {
            prop_assert!(count <= i64::MAX as u64, "{cost:?}");
        }
        prop_assert!(traffic.l1_bytes[tensor] <= i64::MAX as u64 && traffic.l2_bytes[tensor] <= i64::MAX as u64);
    }
    let silicon = cost.silicon(hardware);
    let figures = [
        energy.mac,
        energy.l1,
        energy.l2,
        energy.total(),
        cost.edp(),
        cost.utilization(hardware),
        delay.active_pes,
        delay.noc_average,
        silicon.area(),
        silicon.power(),
    ];
    prop_assert!(figures.iter().all(|figure| figure.is_finite() && *figure >= 0.0), "{figures:?}");
    // The intensity is that of the last step alone. It is negative if partial tiles count negatively there.
    prop_assert!(!traffic.arithmetic_intensity.is_nan());
    Ok(())
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn any_cost_is_sound((layer, dataflow, hardware) in mapped()) {
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_more_pes_work_than_there_are((layer, dataflow, hardware) in mapped()) {
        if let Ok(cost) = Cost::of(&layer, &dataflow, &hardware) {
            prop_assert!(cost.delay.active_pes <= f64::from(hardware.pes()), "{}", cost.delay.active_pes);
        }
    }

    #[test]
    fn cycles_never_grow_with_what_is_faster(
        (layer, dataflow, hardware) in mapped(),
        bandwidth in 1..=3000u32,
        latency in 0..=20u32,
        offchip in 1..=3000u32,
        lanes in 1..=16u32,
    ) {
        let noc = hardware.noc(0);
        let at_least = |this: u32, other: u32| if other >= this { "no more" } else { "no fewer" };
        // All levels have the same NoC, so that only one figure changes at a time.
        let base = hardware.with_noc(noc).unwrap();
        let cycles = |hardware: &Hardware| Cost::of(&layer, &dataflow, hardware).map(|cost| cost.delay.cycles);
        let Ok(before) = cycles(&base) else { return Ok(()) };
        let changes = [
            ("NoC", at_least(noc.bandwidth, bandwidth), base.with_noc(Noc { bandwidth, ..noc })),
            ("latency", at_least(latency, noc.latency), base.with_noc(Noc { latency, ..noc })),
            ("off-chip", at_least(base.offchip_bandwidth(), offchip), base.with_offchip_bandwidth(offchip)),
            ("lanes", at_least(base.simd_lanes(), lanes), base.with_simd_lanes(lanes)),
        ];
        for (what, expected, changed) in changes {
            let after = match cycles(&changed.unwrap()) {
                Ok(after) => after,
                // Inner tiles without outputs are detected only if no latency hides that they take no time.
                Err(Error::NoOutput { level: 2 }) => continue,
                Err(error) => return Err(TestCaseError::fail(format!("{what}: {error}"))),
            };
            let holds = if expected == "no more" { after <= before } else { after >= before };
            prop_assert!(holds, "{what}: {before} cycles, then {after}; expected {expected}");
        }
    }

    #[test]
    fn traffic_and_energy_do_not_depend_on_bandwidth(
        (layer, dataflow, hardware) in mapped(),
        other in hardware(),
    ) {
        let other = other.with_pes(hardware.pes()).unwrap();
        match (Cost::of(&layer, &dataflow, &hardware), Cost::of(&layer, &dataflow, &other)) {
            (Ok(cost), Ok(changed)) => {
                prop_assert_eq!(cost.traffic, changed.traffic);
                prop_assert_eq!(cost.energy, changed.energy);
                prop_assert_eq!(cost.levels, changed.levels);
            }
            // Inner tiles without outputs are detected only if no latency hides that they take no time. If there is
            // another reason to refuse the mapping, that is reported instead.
            (Err(Error::NoOutput { level: 2 }), _) | (_, Err(Error::NoOutput { level: 2 })) => {}
            (cost, changed) => prop_assert_eq!(cost, changed),
        }
    }

    #[test]
    fn a_mapping_and_its_traffic_serve_every_bandwidth(
        (layer, dataflow, hardware) in mapped(),
        others in proptest::collection::vec(hardware(), 1..4),
    ) {
        let Ok(mapping) = Mapping::new(&layer, &dataflow, hardware.pes()) else { return Ok(()) };
        let traffic = mapping.traffic();
        for hardware in others.iter().map(|other| other.with_pes(hardware.pes()).unwrap()).chain([hardware]) {
            let cost = Cost::of(&layer, &dataflow, &hardware);
            let apart = traffic.and_then(|traffic| Ok((traffic, mapping.delay(&traffic, &hardware)?)));
            // If both steps have a reason to refuse, the reported reason depends on which step is taken first.
            match (&apart, &cost) {
                (Err(_), Err(_)) => (),
                _ => prop_assert_eq!(apart, cost.map(|cost| (cost.traffic, cost.delay))),
            }
            if let Ok(cost) = cost {
                prop_assert_eq!(mapping.level_count(), usize::from(cost.levels));
                prop_assert_eq!(mapping.layer(), &layer);
                let energy = cost.traffic.energy(&EnergyTable::REFERENCE, layer.kind().has_macs());
                prop_assert_eq!(energy, cost.energy);
            }
        }
    }

    #[test]
    fn energy_follows_its_table((layer, dataflow, hardware) in mapped(), factor in 1..=16u32) {
        let Ok(cost) = Cost::of(&layer, &dataflow, &hardware) else { return Ok(()) };
        // Multiplying by a power of two is exact.
        let factor = f64::from(factor.next_power_of_two());
        let EnergyTable { mac, l1, l2, .. } = EnergyTable::REFERENCE;
        let table = EnergyTable { mac: mac * factor, l1: l1 * factor, l2, ..EnergyTable::REFERENCE };
        let changed = Cost::with_energies(&layer, &dataflow, &hardware, &table).unwrap();
        prop_assert_eq!(changed.energy.mac, cost.energy.mac * factor);
        prop_assert_eq!(changed.energy.l1, cost.energy.l1 * factor);
        prop_assert_eq!(changed.energy.l2, cost.energy.l2);
        prop_assert_eq!(changed.delay, cost.delay);
        prop_assert_eq!(cost.energy.mac == 0.0, !layer.kind().has_macs());
    }

    #[test]
    fn arbitrary_directives_and_sizes_do_not_panic(
        layer in any_layer(),
        directives in proptest::collection::vec(any_directive(), 0..=14),
        hardware in any_hardware(),
    ) {
        let Ok(layer) = layer else { return Ok(()) };
        let dataflow = Dataflow::new(&directives).unwrap();
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn huge_layers_do_not_panic(
        (layer, dataflow) in any_layer().prop_flat_map(|layer| {
            let fallback = Layer::new(LayerKind::Fc, &[(Dim::K, MAX_EXTENT), (Dim::C, MAX_EXTENT)]).unwrap();
            let layer = layer.unwrap_or(fallback);
            let of_preset = tiling(layer, 1 << 20).prop_map(move |tiling| tiling.dataflow(layer.kind()).unwrap());
            (Just(layer), prop_oneof![1 => plausible(layer), 1 => of_preset, 2 => wide(layer)])
        }),
        hardware in any_hardware(),
    ) {
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

/// The presets whose tiles neither overlap nor leave gaps.
const EXACT: [Preset; 7] =
    [Preset::KcpWs, Preset::XpWs, Preset::CkpWs, Preset::Nlr, Preset::Maeri, Preset::Dpt, Preset::Nmk];

/// The same layer without the rows and columns at the end that the filter does not reach, if the stride is above
/// `most`.
fn reached(layer: &Layer, most: u32) -> Layer {
    let sizes = dims(layer).into_iter().map(|dim| {
        let (size, stride, filter) = (layer.size(dim).unwrap(), layer.stride(dim), dim.filter().unwrap_or(dim));
        let left = if stride > most { (size - layer.size(filter).unwrap()) % stride } else { 0 };
        (dim, size - left)
    });
    Layer::strided(layer.kind(), &sizes.collect::<Vec<_>>(), layer.stride(Dim::Y), layer.stride(Dim::X)).unwrap()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn exact_presets_perform_the_layers_own_operations(
        (preset, layer, pes) in (select(EXACT.to_vec()), kind())
            .prop_map(|(preset, kind)| (preset.for_kind(kind), kind))
            .prop_flat_map(|(preset, kind)| (Just(preset), layer_of(kind), prop_oneof![1..=64u32, 65..=2000u32])),
    ) {
        // A stride of 2 leaves at most one row, which does no harm unless rows are mapped over space.
        let layer = reached(&layer, if preset == Preset::XpWs { 1 } else { 2 });
        // The clusters of this preset have the size of the filter.
        let window = |dim| if preset == Preset::Maeri { layer.size(dim).unwrap() } else { 1 };
        let pes = pes.max(window(Dim::R) * window(Dim::S));
        // If a single PE is left with a column at the end, the reference counts its inputs instead of its outputs.
        if preset == Preset::XpWs {
            let columns = layer.size(Dim::OutX).unwrap();
            prop_assume!(columns <= pes || pes > 1 && columns % pes != 1 || layer.size(Dim::S) == Some(1));
        }
        let tiling = preset.tiling().fitted(&layer, pes);
        let dataflow = tiling.dataflow(layer.kind()).unwrap();
        let cost = Cost::of(&layer, &dataflow, &Hardware::new(pes).unwrap());
        let cost = cost.map_err(|error| TestCaseError::fail(format!("{preset}: {error}")))?;
        prop_assert_eq!(Some(cost.traffic.operations), layer.operations(), "{}", preset);
    }
}
