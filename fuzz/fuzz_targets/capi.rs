//! Any numbers, pointers that are NULL or misaligned, and any bytes through the functions of the C ABI: a status and, under
//! AddressSanitizer, no byte beyond what is theirs.
#![no_main]

use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::ptr::null_mut;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use maestrino::capi::maestrino_status::{MAESTRINO_END, MAESTRINO_OK};
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::wire::{self, Accelerator, BlobLayer};
use maestrino::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind};
use maestrino_fuzz::{payload, seal};

/// A number that is mostly small.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Small(u8),
    Any(u32),
}

#[derive(Arbitrary, Debug)]
struct Line {
    kind: u8,
    dim: i8,
    size: (Number, i8),
    offset: (Number, i8),
}

#[derive(Arbitrary, Debug)]
struct Shape {
    kind: i8,
    sizes: [Number; MAESTRINO_DIMS],
    strides: (Number, Number),
}

/// A layer of a blob: its shape, and the preset that is its dataflow.
#[derive(Arbitrary, Debug)]
struct Mapped {
    shape: Shape,
    preset: u8,
}

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// Whether numbers are brought near to what is valid.
    tame: bool,
    shape: Shape,
    preset: i8,
    tiles: [Number; MAESTRINO_MAX_TILES],
    fit: bool,
    /// Instead of the preset.
    lines: Option<Vec<Line>>,
    count: Option<Number>,
    pes: Number,
    hardware: [Number; 23],
    energies: Option<[f64; 5]>,
    /// Which pointer of those that are handed over is NULL (or misaligned).
    wrong: Option<(u8, bool)>,
    /// The network of a blob.
    network: Vec<Mapped>,
    /// Bytes of it that are changed before it is sealed, and a byte after it was opened.
    changes: Vec<(u16, u8)>,
    tampered: Option<(u16, u8)>,
    cursor: (u8, u16),
    stop: u8,
    clock: Number,
    deadline: Number,
    sealed: bool,
    /// The payload where there is no network.
    payload: &'a [u8],
}

impl From<Number> for u32 {
    fn from(number: Number) -> u32 {
        match number {
            Number::Small(small) => small.into(),
            Number::Any(any) => any,
        }
    }
}

/// Dimensions of a kind, a bit for each.
const KNOWN: [u32; 8] = {
    let (conv, n) = (1 << 0 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 9, 1 << 4);
    let gemm = 1 << 2 | 1 << 3 | n;
    [conv | n, conv & !(1 << 2), conv | 1 << 1, conv, gemm, conv, conv & !(1 << 2), 1 << 0 | 1 << 7 | 1 << 9]
};

/// Hands over pointers, one of which may be wrong.
struct Pointers {
    wrong: Option<(u8, bool)>,
    next: u8,
}

impl Pointers {
    fn to<T>(&mut self, to: &T) -> *const T {
        self.out(to as *const T as *mut T)
    }

    fn out<T>(&mut self, to: *mut T) -> *mut T {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        match self.wrong {
            Some((wrong, misaligned)) if wrong == number => match misaligned {
                true if align_of::<T>() > 1 => to.wrapping_byte_add(1),
                _ => null_mut(),
            },
            _ => to,
        }
    }
}

/// What a struct begins with.
const fn size<T>() -> u32 {
    0x4d53_0000 | size_of::<T>() as u32
}

/// Memory of its own for an out-parameter, so that what is written beside it is seen; it begins with its size.
fn memory<T>() -> Box<MaybeUninit<T>> {
    let mut memory = Box::new(MaybeUninit::<T>::zeroed());
    // SAFETY: every type here is at least as large and as aligned.
    unsafe { memory.as_mut_ptr().cast::<u32>().write(size::<T>()) };
    memory
}

fn layer_of(shape: &Shape, tame: bool) -> maestrino_layer {
    let (mut kind, mut sizes) = (i32::from(shape.kind), shape.sizes.map(u32::from));
    let (mut stride_y, mut stride_x) = (shape.strides.0.into(), shape.strides.1.into());
    if tame {
        kind = kind.rem_euclid(KNOWN.len() as i32);
        for (dim, size) in sizes.iter_mut().enumerate() {
            let known = KNOWN[kind as usize] >> dim & 1 == 1;
            // A filter is smaller than its input.
            let (least, most) = if matches!(dim, 5 | 6) { (1, 5) } else { (5, 64) };
            *size = if known { least + *size % (most - least + 1) } else { 0 };
        }
        (stride_y, stride_x) = (1 + stride_y % 4, 1 + stride_x % 4);
    }
    let struct_size = size::<maestrino_layer>();
    maestrino_layer { struct_size, kind, stride_y, stride_x, sizes, one_in_y: 1, phase_y: 0, one_in_x: 0, phase_x: 0 }
}

fn hardware_of(input: &Input<'_>) -> maestrino_hardware {
    let least = u32::from(input.tame);
    let mut figures = input.hardware.map(|number| u32::from(number).max(least));
    if input.tame {
        for (figure, most) in figures.iter_mut().skip(14).zip([1000, 128, 128, 128, 128, 2, 2, 2, 2]) {
            *figure = 1 + *figure % most;
        }
    }
    let [simd_lanes, l1_bytes, cluster_bytes, l2_bytes, b0, n0, b1, n1, b2, n2, b3, n3, rest @ ..] = figures;
    let [offchip_bandwidth, weights_bandwidth, weights_permille, rest @ ..] = rest;
    let [input_bits, filter_bits, output_bits, psum_bits, multicast, activations, l1_buffers, l2_buffers] = rest;
    let noc = [(b0, n0), (b1, n1), (b2, n2), (b3, n3)];
    maestrino_hardware {
        struct_size: size::<maestrino_hardware>(),
        pes: u32::from(input.pes).max(least),
        simd_lanes,
        l1_bytes,
        cluster_bytes,
        l2_bytes,
        noc: noc.map(|(bandwidth, latency)| maestrino_noc { bandwidth, latency }),
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
        clock_hz: u32::from(input.clock).max(least),
    }
}

/// The payload of a blob of the input's layers, those that are valid, changed here and there.
fn payload_of(input: &Input<'_>) -> Vec<u8> {
    let hardware = Hardware::new(u32::from(input.pes).clamp(1, 1 << 20)).expect("a valid array");
    let mut dataflows = Vec::new();
    let mut layers = Vec::new();
    for mapped in input.network.iter().take(8) {
        let maestrino_layer { kind, stride_y, stride_x, sizes, .. } = layer_of(&mapped.shape, true);
        let kind = LayerKind::ALL[kind as usize];
        let dims: Vec<_> = Dim::ALL.into_iter().zip(sizes).filter(|(_, size)| *size > 0).collect();
        let preset = Preset::ALL[usize::from(mapped.preset) % Preset::ALL.len()].for_kind(kind);
        let pair = Layer::strided(kind, &dims, stride_y, stride_x);
        let pair = pair
            .and_then(|layer| Ok((layer, preset.tiling().fitted(&layer, u32::from(input.pes).max(1)).dataflow(kind)?)));
        if let Ok((layer, dataflow)) = pair
            && Cost::of(&layer, &dataflow, &hardware).is_ok()
        {
            let number = dataflows.len() as u8;
            layers.push(BlobLayer { name: "layer".into(), layer, dataflow: number });
            dataflows.push(dataflow);
        }
    }
    let mut buffer = vec![0; 1 << 20];
    let accelerator =
        Accelerator { hardware, clock_hz: 1_000_000, energies: EnergyTable::REFERENCE, calibration: None };
    let blob = wire::encode("net", &accelerator, &dataflows, layers.into_iter(), &[], &mut buffer).expect("it fits");
    let mut payload = payload(blob).to_vec();
    for (place, byte) in &input.changes {
        let place = usize::from(*place) % payload.len();
        payload[place] = *byte;
    }
    payload
}

fn dataflow_of(lines: &[Line], count: Option<Number>) -> maestrino_dataflow {
    let size_of = |(base, of): (Number, i8)| maestrino_size { base: u32::from(base) as i32, of: of.into() };
    let none = maestrino_size { base: 0, of: -1 };
    let empty = maestrino_directive { kind: 0, dim: 0, size: none, offset: none };
    let mut directives = [empty; MAESTRINO_MAX_DIRECTIVES];
    for (slot, line) in directives.iter_mut().zip(lines) {
        let (kind, dim) = (i32::from(line.kind % 4), i32::from(line.dim));
        *slot = maestrino_directive { kind, dim, size: size_of(line.size), offset: size_of(line.offset) };
    }
    let count = count.map_or(lines.len().min(MAESTRINO_MAX_DIRECTIVES) as u32, u32::from);
    maestrino_dataflow { struct_size: size::<maestrino_dataflow>(), count, directives }
}

unsafe extern "C" fn count_down(
    user: *mut c_void,
    _: u32,
    layer: *const maestrino_network_layer,
    cost: *const maestrino_cost,
) -> i32 {
    // SAFETY: they are what `maestrino_estimate_network` promises, and `user` is the counter below.
    let (left, layer, cost) = unsafe { (&mut *user.cast::<u8>(), &*layer, &*cost) };
    assert!(layer.layer.stride_y > 0 && cost.bound_cycles.iter().sum::<u64>() <= cost.cycles);
    *left = left.saturating_sub(1);
    i32::from(*left == 0)
}

fuzz_target!(
    init: {
        // The header that blobs are sealed with is the library's: see `maestrino_fuzz::seal`.
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
        // SAFETY: pointers that are not wrong point to what they must.
        unsafe {
            layers(&input, &mut at);
            networks(&input, &mut at);
        }
    }
);

/// SAFETY: pointers that are not wrong point to what they must.
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

fn energies_of(input: &Input<'_>) -> Option<maestrino_energies> {
    let struct_size = size::<maestrino_energies>();
    input.energies.map(|[mac, l1, cluster, l2, offchip]| maestrino_energies {
        struct_size,
        reserved: 0,
        mac,
        l1,
        cluster,
        l2,
        offchip,
    })
}

/// SAFETY: pointers that are not wrong point to what they must.
unsafe fn networks(input: &Input<'_>, at: &mut Pointers) {
    // Exactly as large as it must be.
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
        // What was not opened is not for the others, but does no harm either.
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
        // The accelerator of the blob at other speeds, or any other.
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
