//! Calls the functions of the C ABI with any numbers, any bytes, and pointers that are NULL or misaligned. They
//! return a status and, under AddressSanitizer, touch no byte that is not theirs.
#![no_main]

mod input;
mod pointers;

use std::ffi::{CStr, c_void};

use input::{Input, dataflow_of, energies_of, hardware_of, layer_of, payload_of, size};
use libfuzzer_sys::fuzz_target;
use maestrino::capi::maestrino_status::{MAESTRINO_END, MAESTRINO_OK};
use maestrino::capi::*;
use maestrino::wire::{self, Accelerator};
use maestrino::{EnergyTable, Hardware};
use maestrino_fuzz::{payload, seal};
use pointers::{Pointers, memory};

unsafe extern "C" fn count_down(
    user: *mut c_void,
    _: u32,
    layer: *const maestrino_network_layer,
    cost: *const maestrino_cost,
) -> i32 {
    // SAFETY: `maestrino_estimate_network` promises valid pointers, and `user` is the counter below.
    let (left, layer, cost) = unsafe { (&mut *user.cast::<u8>(), &*layer, &*cost) };
    assert!(layer.layer.stride_y > 0 && cost.bound_cycles.iter().sum::<u64>() <= cost.cycles);
    *left = left.saturating_sub(1);
    i32::from(*left == 0)
}

fuzz_target!(
    init: {
        // The header with which blobs are sealed must be the library's: see `maestrino_fuzz::seal`.
        let mut buffer = [0; 256];
        let hardware = Hardware::new(1).expect("a valid array");
        let accelerator = Accelerator { hardware, clock_hz: 1, energies: EnergyTable::REFERENCE, calibration: None };
        let real = wire::encode("x", &accelerator, &[], std::iter::empty(), &[], &mut buffer).expect("it fits");
        assert_eq!(seal(payload(real)), real);
        for which in -1..11 {
            maestrino_struct_size(which);
        }
    },
    |input: Input<'_>| {
        let mut at = Pointers { wrong: input.wrong, next: 0 };
        // SAFETY: pointers that are not wrong on purpose are valid.
        unsafe {
            layers(&input, &mut at);
            networks(&input, &mut at);
        }
    }
);

/// SAFETY: pointers that are not wrong on purpose are valid.
unsafe fn layers(input: &Input<'_>, at: &mut Pointers) {
    let layer = layer_of(&input.shape, input.tame);
    let mut fault = memory::<maestrino_fault>();
    let check = |status: maestrino_status, fault: *mut maestrino_fault| {
        assert_ne!(unsafe { CStr::from_ptr(maestrino_status_text(status as i32)) }, c"unknown status");
        if !fault.is_null() && fault.is_aligned() {
            assert_eq!(unsafe { *fault }.status, status);
        }
    };
    unsafe {
        let mut other = memory();
        maestrino_layer_init(input.shape.kind.into(), at.out(other.as_mut_ptr()));
        let mut macs = memory();
        let (layer_at, macs_at, fault_at) = (at.to(&layer), at.out(macs.as_mut_ptr()), at.out(fault.as_mut_ptr()));
        let status = maestrino_layer_macs(layer_at, macs_at, fault_at);
        check(status, fault_at);

        let hardware = hardware_of(input);
        let pes = hardware.pes;
        let mut unlimited = memory();
        maestrino_hardware_init(pes, at.out(unlimited.as_mut_ptr()));
        maestrino_hardware_check(at.to(&hardware), at.out(fault.as_mut_ptr()));

        let mut built = memory::<maestrino_dataflow>();
        let tiles = if input.tame { [0; MAESTRINO_MAX_TILES] } else { input.tiles.map(u32::from) };
        let preset = if input.tame { i32::from(input.preset).rem_euclid(13) } else { input.preset.into() };
        let (layer_at, tiles_at, built_at) = (at.to(&layer), at.to(&tiles).cast(), at.out(built.as_mut_ptr()));
        let fit = if input.fit || input.tame { pes } else { 0 };
        let fault_at = at.out(fault.as_mut_ptr());
        let status = maestrino_dataflow_preset(preset, layer_at, tiles_at, fit, built_at, fault_at);
        check(status, fault_at);
        let dataflow = match &input.lines {
            Some(lines) => dataflow_of(lines, input.count),
            None if status == MAESTRINO_OK => *built.assume_init(),
            None => return,
        };
        maestrino_dataflow_check(at.to(&layer), at.to(&dataflow), pes, at.out(fault.as_mut_ptr()));
        let energies = energies_of(input);
        let energies_at = energies.as_ref().map_or(std::ptr::null(), |energies| at.to(energies));
        let mut cost = memory::<maestrino_cost>();
        let mut former = memory::<maestrino_maestro_cost>();
        let (layer_at, dataflow_at, hardware_at) = (at.to(&layer), at.to(&dataflow), at.to(&hardware));
        let (cost_at, fault_at) = (at.out(cost.as_mut_ptr()), at.out(fault.as_mut_ptr()));
        let status = maestrino_estimate_layer(layer_at, dataflow_at, hardware_at, energies_at, cost_at, fault_at);
        check(status, fault_at);
        let cost_at = at.out(former.as_mut_ptr());
        let status =
            maestrino_maestro_estimate_layer(layer_at, dataflow_at, hardware_at, energies_at, cost_at, fault_at);
        check(status, fault_at);
        let mut table = memory::<maestrino_energies>();
        maestrino_energies_init(at.out(table.as_mut_ptr()));
    }
}

/// SAFETY: pointers that are not wrong on purpose are valid.
unsafe fn networks(input: &Input<'_>, at: &mut Pointers) {
    // The buffer is exactly as large as it must be.
    let payload = if input.network.is_empty() { input.payload.to_vec() } else { payload_of(input) };
    let mut bytes = if input.sealed { seal(&payload) } else { payload }.into_boxed_slice();
    let mut fault = memory::<maestrino_fault>();
    let mut network = memory::<maestrino_network>();
    let mut dataflow = memory::<maestrino_dataflow>();
    let mut layer = memory::<maestrino_network_layer>();
    unsafe {
        let (data, length) = (bytes.as_ptr(), bytes.len());
        let data_at = at.out(data.cast_mut());
        let status = maestrino_network_open(data_at, length, at.out(network.as_mut_ptr()), at.out(fault.as_mut_ptr()));
        // A caller must not use a network that could not be opened, but doing so does no harm.
        let struct_size = size::<maestrino_network>();
        let unopened =
            maestrino_network { struct_size, layer_count: 0, data, length, name: data.cast(), name_length: 0 };
        let network = if status == MAESTRINO_OK { *network.assume_init() } else { unopened };
        if let Some((place, byte)) = input.tampered
            && let Some(tampered) = bytes.get_mut(usize::from(place))
        {
            *tampered = byte;
        }
        for number in 0..300 {
            if maestrino_network_dataflow(at.to(&network), number, at.out(dataflow.as_mut_ptr())) != MAESTRINO_OK {
                break;
            }
        }
        let mut cursor = maestrino_cursor { index: 0, offset: 0 };
        let mut layers = 0;
        loop {
            let status = maestrino_network_next(at.to(&network), at.out(&raw mut cursor), at.out(layer.as_mut_ptr()));
            if status != MAESTRINO_OK {
                assert!(status != MAESTRINO_END || layers <= u32::from(u16::MAX));
                break;
            }
            let found = layer.assume_init_ref();
            let name = std::slice::from_raw_parts(found.name.cast::<u8>(), found.name_length);
            assert!(name.is_empty() || bytes.as_ptr_range().contains(&name.as_ptr()));
            layers += 1;
        }
        let mut cursor = maestrino_cursor { index: input.cursor.0.into(), offset: input.cursor.1.into() };
        maestrino_network_next(at.to(&network), at.out(&raw mut cursor), at.out(layer.as_mut_ptr()));
        if layers > 100 {
            return;
        }
        let mut own = memory::<maestrino_hardware>();
        let compiled = maestrino_network_hardware(at.to(&network), at.out(own.as_mut_ptr())) == MAESTRINO_OK;
        let mut table = memory::<maestrino_energies>();
        maestrino_network_energies(at.to(&network), at.out(table.as_mut_ptr()));
        // The accelerator of the blob at other speeds, or any accelerator.
        let given = hardware_of(input);
        let hardware = if compiled && input.tame {
            let maestrino_hardware { simd_lanes, noc, offchip_bandwidth, l1_bytes, clock_hz, .. } = given;
            maestrino_hardware { simd_lanes, noc, offchip_bandwidth, l1_bytes, clock_hz, ..*own.assume_init_ref() }
        } else {
            given
        };
        let energies = energies_of(input);
        let energies_at = energies.as_ref().map_or(std::ptr::null(), |energies| at.to(energies));
        let mut left = input.stop;
        let mut total = memory::<maestrino_total>();
        maestrino_estimate_network(
            at.to(&network),
            at.to(&hardware),
            energies_at,
            Some(count_down),
            (&raw mut left).cast(),
            at.out(total.as_mut_ptr()),
            at.out(fault.as_mut_ptr()),
        );
        let mut index = memory::<u32>();
        let two = [network, network];
        maestrino_choose_network(
            at.to(&two).cast(),
            2,
            at.to(&hardware),
            u32::from(input.deadline).into(),
            at.out(index.as_mut_ptr()),
            at.out(total.as_mut_ptr()),
            at.out(fault.as_mut_ptr()),
        );
        let mut us = memory::<u64>();
        maestrino_cycles_to_us(u64::from(u32::from(input.deadline)) << 20, input.clock.into(), at.out(us.as_mut_ptr()));
    }
}
