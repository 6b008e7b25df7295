//! The built-in accelerators, one MAC lane in each PE.

use super::BuiltinAccelerator;
use crate::{Hardware, Noc};

/// The accelerators. An element is a byte.
pub const ACCELERATORS: &[BuiltinAccelerator] = &[
    BuiltinAccelerator {
        name: "study",
        summary: "MAESTRO's accelerator_1, default of the co-design study: 256 PEs",
        hardware: accelerator(256, (100, 3000), Noc { bandwidth: 1000, latency: 1 }, 50),
    },
    BuiltinAccelerator {
        name: "eyeriss",
        summary: "Eyeriss-like: 168 PEs, 512 B each, 108 KiB shared",
        hardware: accelerator(168, (512, 108 << 10), Noc { bandwidth: 64, latency: 2 }, 16),
    },
    // The open nv_large configuration: 64 (C) x 32 (K) int8 MACs, which is 32 default clusters of kcp_ws; a CBUF of
    // 16 banks x 512 lines x 64 B, from which a line of activations and one of weights leave each cycle; a memory
    // interface of 256 bits. Its MACs have weight registers instead of an L1; 64 B is what kcp_ws needs for 3 x 3.
    BuiltinAccelerator {
        name: "nvdla",
        summary: "NVDLA-like (nv_large): 2048 PEs, 512 KiB shared",
        hardware: accelerator(2048, (64, 512 << 10), Noc { bandwidth: 128, latency: 1 }, 32),
    },
    // No particular product: a 4 x 4 array beside a microcontroller, fed one element per PE and cycle from a 64 KiB
    // scratchpad, over a 32-bit system bus. 256 B are more than kcp_ws needs for 5 x 5.
    BuiltinAccelerator {
        name: "edge16",
        summary: "tiny edge NPU: 16 PEs, 256 B each, 64 KiB shared, 32-bit bus",
        hardware: accelerator(16, (256, 64 << 10), Noc { bandwidth: 16, latency: 1 }, 4),
    },
];

/// Out-of-range figures fail to compile.
const fn accelerator(pes: u32, (l1, l2): (u32, u32), noc: Noc, offchip: u32) -> Hardware {
    let Ok(hardware) = Hardware::new(pes) else { panic!("PEs") };
    let Ok(hardware) = hardware.with_buffers(l1, l2).with_noc(noc) else { panic!("network-on-chip") };
    let Ok(hardware) = hardware.with_offchip_bandwidth(offchip) else { panic!("off-chip bandwidth") };
    hardware
}
