//! Turns the fuzzer's bytes into arguments of the C functions: layers, dataflows, accelerators and blobs, some of
//! them valid.

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::wire::{self, Accelerator, BlobLayer};
use maestrino::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind};
use maestrino_fuzz::payload;

/// A number that is mostly small.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Number {
    Small(u8),
    Any(u32),
}

#[derive(Arbitrary, Debug)]
pub struct Line {
    pub kind: u8,
    pub dim: i8,
    pub size: (Number, i8),
    pub offset: (Number, i8),
}

#[derive(Arbitrary, Debug)]
pub struct Shape {
    pub kind: i8,
    pub sizes: [Number; MAESTRINO_DIMS],
    pub strides: (Number, Number),
}

/// A layer of a blob: its shape, and the preset that gives its dataflow.
#[derive(Arbitrary, Debug)]
pub struct Mapped {
    pub shape: Shape,
    pub preset: u8,
}

#[derive(Arbitrary, Debug)]
pub struct Input<'a> {
    /// Whether numbers are moved close to valid ones.
    pub tame: bool,
    pub shape: Shape,
    pub preset: i8,
    pub tiles: [Number; MAESTRINO_MAX_TILES],
    pub fit: bool,
    /// The directives of the dataflow; `None` for the preset.
    pub lines: Option<Vec<Line>>,
    pub count: Option<Number>,
    pub pes: Number,
    pub hardware: [Number; 23],
    pub energies: Option<[f64; 5]>,
    /// The number of the pointer argument that is wrong; `true` if it is misaligned, otherwise it is NULL.
    pub wrong: Option<(u8, bool)>,
    /// The network of a blob.
    pub network: Vec<Mapped>,
    /// Bytes of the blob that are changed before it is sealed, and a byte that is changed after it was opened.
    pub changes: Vec<(u16, u8)>,
    pub tampered: Option<(u16, u8)>,
    pub cursor: (u8, u16),
    pub stop: u8,
    pub clock: Number,
    pub deadline: Number,
    pub sealed: bool,
    /// The payload if there is no network.
    pub payload: &'a [u8],
}

impl From<Number> for u32 {
    fn from(number: Number) -> u32 {
        match number {
            Number::Small(small) => small.into(),
            Number::Any(any) => any,
        }
    }
}

/// The dimensions of each kind of layer, as a bit mask.
pub const KNOWN: [u32; 8] = {
    let (conv, n) = (1 << 0 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 9, 1 << 4);
    let gemm = 1 << 2 | 1 << 3 | n;
    [conv | n, conv & !(1 << 2), conv | 1 << 1, conv, gemm, conv, conv & !(1 << 2), 1 << 0 | 1 << 7 | 1 << 9]
};

/// The first field of a struct in the C ABI: a magic number and the size.
pub const fn size<T>() -> u32 {
    0x4d53_0000 | size_of::<T>() as u32
}

pub fn layer_of(shape: &Shape, tame: bool) -> maestrino_layer {
    let (mut kind, mut sizes) = (i32::from(shape.kind), shape.sizes.map(u32::from));
    let (mut stride_y, mut stride_x) = (shape.strides.0.into(), shape.strides.1.into());
    if tame {
        kind = kind.rem_euclid(KNOWN.len() as i32);
        for (dim, size) in sizes.iter_mut().enumerate() {
            let known = KNOWN[kind as usize] >> dim & 1 == 1;
            // Keeps filters smaller than their inputs.
            let (least, most) = if matches!(dim, 5 | 6) { (1, 5) } else { (5, 64) };
            *size = if known { least + *size % (most - least + 1) } else { 0 };
        }
        (stride_y, stride_x) = (1 + stride_y % 4, 1 + stride_x % 4);
    }
    let struct_size = size::<maestrino_layer>();
    maestrino_layer { struct_size, kind, stride_y, stride_x, sizes, one_in_y: 1, phase_y: 0, one_in_x: 0, phase_x: 0 }
}

pub fn hardware_of(input: &Input<'_>) -> maestrino_hardware {
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

/// The payload of a blob with the input's valid layers, and with the input's changes.
pub fn payload_of(input: &Input<'_>) -> Vec<u8> {
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

pub fn dataflow_of(lines: &[Line], count: Option<Number>) -> maestrino_dataflow {
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

pub fn energies_of(input: &Input<'_>) -> Option<maestrino_energies> {
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
