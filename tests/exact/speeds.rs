//! Counts and events do not depend on speeds. So a layer that is counted once can be timed for any speeds, as
//! campaigns, searches and blobs do. Counts do depend on everything that is part of their key.

use maestrino::exact::{Counts, Event, Player};
use maestrino::{Activations, Buffering, Cost, EnergyTable, Error, Hardware, Mapping, Noc, Widths};

use super::{analysis, cases};
use crate::simulator::random::{Case, Rng};

/// The counts and events of a case on an accelerator.
fn counted(case: &Case, hardware: &Hardware) -> Result<(Counts, Vec<Event>), Error> {
    let mapping = Mapping::new(&analysis::layer(&case.layer), &case.dataflow, hardware.pes())?;
    let mut events = Vec::new();
    let counts = Counts::of(&mapping, hardware, |event| events.push(*event))?;
    Ok((counts, events))
}

/// The same accelerator with other lanes, bandwidths, latencies, L1 and cluster buffers.
fn other_speeds(rng: &mut Rng, hardware: Hardware) -> Hardware {
    let mut other = hardware
        .with_simd_lanes(rng.range(1, 5))
        .and_then(|other| other.with_offchip_bandwidth(rng.range(1, 40)))
        .unwrap()
        .with_buffers(rng.range(1, 60), hardware.l2_bytes())
        .with_cluster_buffer(rng.range(1, 200));
    if rng.chance(50) {
        other = other.with_weights_bandwidth(rng.range(1, 9)).unwrap();
    }
    for level in 0..maestrino::MAX_LEVELS {
        let noc = Noc { bandwidth: rng.range(1, 30), latency: rng.range(0, 4) };
        other = other.with_noc_at(level, noc).unwrap();
    }
    other
}

#[test]
fn a_layer_is_counted_once_for_all_speeds() {
    let energies = EnergyTable::REFERENCE;
    let (mut reached, mut differ) = (0, 0);
    let all = cases(600, 4000);
    for seed in 0..all {
        let case = Case::new(seed);
        let hardware = analysis::hardware(&case.array);
        let Ok((counts, events)) = counted(&case, &hardware) else { continue };
        let other = other_speeds(&mut Rng::new(seed), hardware);
        assert_eq!(hardware.counted(), other.counted());
        assert_eq!(counted(&case, &other), Ok((counts, events.clone())), "seed {seed}");

        let mapping = Mapping::new(&analysis::layer(&case.layer), &case.dataflow, other.pes()).unwrap();
        let mut player = Player::new(&other);
        events.iter().for_each(|event| player.play(event));
        let timed = Cost::timed(&counts, &player, &other, &energies);
        assert_eq!(timed, Cost::of_mapping(&mapping, &other, &energies), "seed {seed}");
        differ += u64::from(timed != Cost::of_mapping(&mapping, &hardware, &energies));
        reached += 1;
    }
    assert!(reached > all * 8 / 10 && differ > reached * 9 / 10, "{reached} reached, {differ} differ of {all}");
}

/// The key of counts may leave none of these out. For each, there is a case with other counts.
#[test]
fn counts_depend_on_all_else() {
    type Change = fn(Hardware) -> Hardware;
    let changes: [(&str, Change); 10] = [
        ("PEs", |hw| hw.with_pes(hw.pes() + 1).unwrap()),
        ("L2", |hw| hw.with_buffers(hw.l1_bytes(), if hw.l2_bytes() == 40 { 50 } else { 40 })),
        ("input bits", |hw| hw.with_widths(Widths { input: hw.widths().input + 1, ..hw.widths() }).unwrap()),
        ("filter bits", |hw| hw.with_widths(Widths { filter: hw.widths().filter + 1, ..hw.widths() }).unwrap()),
        ("output bits", |hw| hw.with_widths(Widths { output: hw.widths().output + 1, ..hw.widths() }).unwrap()),
        ("psum bits", |hw| hw.with_widths(Widths { psum: hw.widths().psum + 1, ..hw.widths() }).unwrap()),
        ("multicast", |hw| hw.with_multicast(!hw.multicast())),
        ("activations", |hw| {
            hw.with_activations(if hw.activations() == Activations::L2 {
                Activations::Offchip
            } else {
                Activations::L2
            })
        }),
        ("weights", |hw| hw.with_compressed_weights(hw.weights_permille() - 300).unwrap()),
        ("buffers", |hw| {
            let other = |own| if own == Buffering::Single { Buffering::Double } else { Buffering::Single };
            hw.with_buffering(other(hw.l1_buffers()), hw.l2_buffers())
        }),
    ];
    let l2_buffers: Change = |hw| {
        let other = if hw.l2_buffers() == Buffering::Single { Buffering::Double } else { Buffering::Single };
        hw.with_buffering(hw.l1_buffers(), other)
    };
    for (what, change) in changes.into_iter().chain([("buffers of L2", l2_buffers)]) {
        let differs = |seed| {
            let case = Case::new(seed);
            let hardware = analysis::hardware(&case.array);
            let other = change(hardware);
            assert_ne!(hardware.counted(), other.counted(), "{what}");
            counted(&case, &hardware).is_ok_and(|own| counted(&case, &other) != Ok(own))
        };
        assert!((0..200).any(differs), "{what} changes no count");
    }
}
