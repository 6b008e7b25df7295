//! The built-in accelerators, with one MAC lane in each PE.
//!
//! Each names the source of its figures. What a source does not specify has no limit here: Ethos-U, NVDLA and Gemmini
//! have registers instead of an L1, and their arrays are wired to receive what they compute on.

use super::BuiltinAccelerator;
use crate::dataflow::presets::{Preset, Presets, Tiling};
use crate::hardware::UNLIMITED;
use crate::host::platform::DEFAULT_CLOCK;
use crate::{Activations, Buffering, Hardware, Noc, Widths};

/// The accelerators.
pub const ACCELERATORS: &[BuiltinAccelerator] = &[
    BuiltinAccelerator {
        name: "study",
        summary: "MAESTRO's accelerator_1, default of the co-design study: 256 PEs",
        hardware: accelerator(256, (100, 3000), Noc { bandwidth: 1000, latency: 1 }, 50),
        clock_mhz: DEFAULT_CLOCK,
        presets: Presets::of(Preset::KcpWs.tiling()),
        source: "MAESTRO, data/hw/accelerator_1.m",
    },
    // 12 x 14 PEs. Scratchpads hold 12 inputs, 224 filter elements and 24 partial sums. The global buffer of 108 KB
    // is neither double nor split. Sets of filter rows x 14 output rows have up to 4 input channels each, for 16
    // output channels. Each cycle brings 4 filter elements, 1 input and 4 partial sums to the PEs: 18 bytes. The
    // off-chip bus has 64 bits at 60 MHz while the core runs at 200 MHz: 2.4 bytes a cycle.
    BuiltinAccelerator {
        name: "eyeriss",
        summary: "Eyeriss v1: 168 PEs, row stationary, 16 bits, one buffer of 108 KiB",
        hardware: wide(accelerator(168, (520, 108 << 10), Noc { bandwidth: 18, latency: 2 }, 2), [16, 16, 16, 16])
            .with_buffering(Buffering::Single, Buffering::Single),
        clock_mhz: 200.0,
        presets: Presets {
            convolution: Preset::CyrRs.tiling(),
            fully_connected: cluster(Preset::KcpWs, 12),
            depthwise: Preset::CyrRs.tiling(),
            gemm: Preset::CyrRs.tiling(),
        },
        source: "Chen et al., Eyeriss: an energy-efficient reconfigurable accelerator, JSSC 52(1), 2017",
    },
    // 32 (K) x 64 (C) MACs of 8 bits; 16 banks x 512 lines x 64 B, which deliver a line of activations and one of
    // weights in each cycle; 256 bits to memory; sums of 34 bits.
    BuiltinAccelerator {
        name: "nvdla",
        summary: "NVDLA, nv_large: 2048 MACs, 512 KiB",
        hardware: wide(
            accelerator(2048, (UNLIMITED, 512 << 10), Noc { bandwidth: 128, latency: 1 }, 32),
            [8, 8, 8, 34],
        ),
        clock_mhz: 1000.0,
        presets: nvdla([32, 64]),
        source: "nvdla.org, hw/v2/scalability.html (INT8 large)",
    },
    // 8 (K) x 8 (C) MACs; 32 banks x 512 lines x 8 B; 64 bits to memory.
    BuiltinAccelerator {
        name: "nvdla-small",
        summary: "NVDLA, nv_small: 64 MACs, 128 KiB",
        hardware: wide(accelerator(64, (UNLIMITED, 128 << 10), Noc { bandwidth: 16, latency: 1 }, 8), [8, 8, 8, 34]),
        clock_mhz: 1000.0,
        presets: nvdla([8, 8]),
        source: "nvdla.org, hw/v2/scalability.html (INT8 small)",
    },
    // The NPU with its SHRAM, next to an SRAM where activations live (L2): Vela's Ethos_U55_High_End_Embedded has
    // flash at 1 byte a cycle, Ethos_U65_High_End 384 KiB of SRAM and DRAM at 3.75 bytes a cycle. The amount of SRAM
    // next to a U55 depends on the system.
    ethos(
        "ethos-u55-32",
        "Arm Ethos-U55: 32 MACs, 4 (K) x 8 (C), 16 KiB; 2 MiB of SRAM, flash",
        [4, 1, 8],
        (1, 16),
        U55,
    ),
    ethos(
        "ethos-u55-64",
        "Arm Ethos-U55: 64 MACs, 8 (K) x 8 (C), 16 KiB; 2 MiB of SRAM, flash",
        [8, 1, 8],
        (1, 16),
        U55,
    ),
    ethos(
        "ethos-u55-128",
        "Arm Ethos-U55: 128 MACs, 8 (K) x 2 (X) x 8 (C), 24 KiB; 2 MiB of SRAM, flash",
        [8, 2, 8],
        (1, 24),
        U55,
    ),
    ethos(
        "ethos-u55-256",
        "Arm Ethos-U55: 256 MACs, 8 (K) x 4 (X) x 8 (C), 48 KiB; 2 MiB of SRAM, flash",
        [8, 4, 8],
        (1, 48),
        U55,
    ),
    ethos(
        "ethos-u65-256",
        "Arm Ethos-U65: 256 MACs, 8 (K) x 4 (X) x 8 (C), 48 KiB; 384 KiB of SRAM, DRAM",
        [8, 4, 8],
        (1, 48),
        U65,
    ),
    ethos(
        "ethos-u65-512",
        "Arm Ethos-U65: two cores of 256 MACs and 48 KiB; 384 KiB of SRAM, DRAM",
        [8, 4, 8],
        (2, 48),
        U65,
    ),
    // 16 x 16 PEs with a weight each, a scratchpad of 256 KiB, accumulators of 64 KiB and 32 bits, DMA of 128 bits.
    // Rows of 16 inputs enter and leave the array.
    BuiltinAccelerator {
        name: "gemmini",
        summary: "Gemmini, a systolic array as in TPUs: 16 x 16 PEs, weight stationary, 320 KiB",
        hardware: wide(accelerator(256, (UNLIMITED, 320 << 10), Noc { bandwidth: 64, latency: 1 }, 16), [8, 8, 8, 32]),
        clock_mhz: 1000.0,
        presets: Presets {
            convolution: cluster(Preset::KcpWs, 16),
            fully_connected: cluster(Preset::KcpWs, 16),
            depthwise: Preset::KxcOs.tiling().sized([16, 1, 16]),
            gemm: cluster(Preset::NkpWs, 16),
        },
        source: "github.com/ucb-bar/gemmini, defaultConfig",
    },
    // Not a particular product: a 4 x 4 array next to a microcontroller, which gets one element for each PE and cycle
    // from a 64 KiB scratchpad, over a 32-bit system bus. 256 B are more than kcp_ws needs for 7 x 7.
    BuiltinAccelerator {
        name: "edge16",
        summary: "tiny edge NPU: 16 PEs, 256 B each, 64 KiB shared, 32-bit bus",
        hardware: accelerator(16, (256, 64 << 10), Noc { bandwidth: 16, latency: 1 }, 4),
        clock_mhz: DEFAULT_CLOCK,
        presets: Presets {
            convolution: cluster(Preset::KcpWs, 4),
            fully_connected: cluster(Preset::KcpWs, 4),
            depthwise: Preset::Dpt.tiling(),
            gemm: cluster(Preset::NkpWs, 4),
        },
        source: "no product",
    },
];

/// KiB of SRAM; bytes a cycle from SRAM, and from flash or DRAM; MHz.
const U55: (u32, u32, u32, f64) = (2048, 8, 1, 500.0);
const U65: (u32, u32, u32, f64) = (384, 16, 4, 1000.0);

/// An Ethos-U with `cores` cores. Each computes `k` output channels, `x` columns and `c` input channels at a time,
/// and has `kib` KiB of SHRAM.
const fn ethos(
    name: &'static str,
    summary: &'static str,
    [k, x, c]: [u32; 3],
    (cores, kib): (u32, u32),
    (sram, port, offchip, clock_mhz): (u32, u32, u32, f64),
) -> BuiltinAccelerator {
    // SHRAM is wired to the MACs.
    let inside = Noc { bandwidth: UNLIMITED, latency: 1 };
    let hardware = wide(accelerator(cores * k * x * c, (UNLIMITED, sram << 10), inside, offchip), [8, 8, 8, 32]);
    let Ok(hardware) = hardware.with_noc_at(0, Noc { bandwidth: port, latency: 1 }) else { panic!("port") };
    let hardware = hardware.with_cluster_buffer(kib << 10).with_activations(Activations::Auto);
    let presets = Presets::of(Preset::KxcOs.tiling().sized([k, x, c]));
    let source = "Vela: ethosu/vela/architecture_features.py (ublocks, SHRAM, AXI), config_files/Arm/vela.ini";
    BuiltinAccelerator { name, summary, hardware, clock_mhz, presets, source }
}

/// The dataflows of an NVDLA with `cells` MAC cells. The `lanes` of a cell each take an input channel, so a depthwise
/// layer uses only one of them.
const fn nvdla([cells, lanes]: [u32; 2]) -> Presets {
    Presets {
        convolution: cluster(Preset::KcpWs, lanes),
        fully_connected: cluster(Preset::KcpWs, lanes),
        depthwise: Preset::KxcOs.tiling().sized([cells, 1, lanes]),
        gemm: cluster(Preset::NkpWs, lanes),
    }
}

const fn cluster(preset: Preset, pes: u32) -> Tiling {
    preset.tiling().sized([pes, 1, 1])
}

/// Sets the bits of elements: input, filter, output, partial sums.
const fn wide(hardware: Hardware, [input, filter, output, psum]: [u8; 4]) -> Hardware {
    let Ok(hardware) = hardware.with_widths(Widths { input, filter, output, psum }) else { panic!("bits") };
    hardware
}

/// Out-of-range figures fail to compile.
const fn accelerator(pes: u32, (l1, l2): (u32, u32), noc: Noc, offchip: u32) -> Hardware {
    let Ok(hardware) = Hardware::new(pes) else { panic!("PEs") };
    let Ok(hardware) = hardware.with_buffers(l1, l2).with_noc(noc) else { panic!("network-on-chip") };
    let Ok(hardware) = hardware.with_offchip_bandwidth(offchip) else { panic!("off-chip bandwidth") };
    hardware
}
