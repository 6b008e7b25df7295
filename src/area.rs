//! Area and power of an accelerator: the reference's linear models of MAC, SRAM, bus and arbiter (28 nm).

use crate::hardware::{Hardware, UNLIMITED};

/// Area of one MAC lane, um^2.
const MAC_AREA: f64 = 283.0;
/// Power of one MAC lane, mW.
const MAC_POWER: f64 = 1.2223;
/// Area of one byte of SRAM, um^2.
const SRAM_AREA: f64 = 0.104;
/// Power of one byte of SRAM, mW.
const SRAM_POWER: f64 = 0.00345;
/// Area of one unit of bus, um^2.
const BUS_AREA: f64 = 101.7938;
/// Power of one unit of bus, uW.
const BUS_POWER: f64 = 0.8;
/// Area of one unit of arbiter, um^2.
const ARBITER_AREA: f64 = 395.473;
/// Power of one unit of arbiter, uW; at the same time the least power of an arbiter, mW.
const ARBITER_POWER: f64 = 0.34;

/// Area and power of the parts of an accelerator: the area in um^2, then the power in the given unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts {
    /// A MAC lane; mW.
    pub mac: [f64; 2],
    /// The L1 buffer of one PE; mW.
    pub l1: [f64; 2],
    /// The L2 buffer; mW.
    pub l2: [f64; 2],
    /// A unit of bus; uW.
    pub bus: [f64; 2],
    /// A unit of arbiter; uW.
    pub arbiter: [f64; 2],
}

impl Parts {
    /// The reference's figures, without buffers.
    pub(crate) const REFERENCE: Parts = Parts {
        mac: [MAC_AREA, MAC_POWER],
        l1: [0.0; 2],
        l2: [0.0; 2],
        bus: [BUS_AREA, BUS_POWER],
        arbiter: [ARBITER_AREA, ARBITER_POWER],
    };

    /// Area (um^2) and power (mW) of a byte of SRAM in the reference.
    pub(crate) const SRAM: [f64; 2] = [SRAM_AREA, SRAM_POWER];
}

/// Area and power of an accelerator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silicon {
    /// um^2 of all PEs, their L1 buffers included.
    pub pe_area: f64,
    /// um^2 of the L2 buffer.
    pub l2_area: f64,
    /// um^2 of bus and arbiter.
    pub noc_area: f64,
    /// mW of all MAC lanes.
    pub pe_power: f64,
    /// mW of all L1 buffers.
    pub l1_power: f64,
    /// mW of the L2 buffer.
    pub l2_power: f64,
    /// mW of bus and arbiter.
    pub noc_power: f64,
}

impl Silicon {
    /// Area and power of `pes` PEs with `simd_lanes` MAC lanes and `l1_bytes` bytes of L1 each, an L2 of `l2_bytes`
    /// bytes, and a bus of `noc_bandwidth` bytes/cycle.
    pub fn new(pes: u32, simd_lanes: u32, noc_bandwidth: u32, l1_bytes: u64, l2_bytes: u64) -> Silicon {
        let buffer = |bytes: u64| Parts::SRAM.map(|figure| figure * bytes.max(1) as f64);
        let parts = Parts { l1: buffer(l1_bytes), l2: buffer(l2_bytes), ..Parts::REFERENCE };
        Silicon::of_parts(pes, simd_lanes, noc_bandwidth, &parts)
    }

    /// The same with other parts.
    pub(crate) fn of_parts(pes: u32, simd_lanes: u32, noc_bandwidth: u32, parts: &Parts) -> Silicon {
        let (pes, lanes, bandwidth) = (f64::from(pes), f64::from(simd_lanes), f64::from(noc_bandwidth));
        let Parts { mac, l1, l2, bus: bus_unit, arbiter: arbiter_unit } = parts;
        let bus = 14.662 * pes + 28.895;
        let arbiter = 1.2886 * (pes * pes) + 5.5814 * pes - 23.711;
        Silicon {
            pe_area: (mac[0] * lanes + l1[0]) * pes,
            l2_area: l2[0],
            noc_area: bus_unit[0] * bus * bandwidth + (arbiter_unit[0] * arbiter).max(arbiter_unit[0]),
            pe_power: mac[1] * lanes * pes,
            l1_power: l1[1] * pes,
            l2_power: l2[1],
            noc_power: bus_unit[1] * bus / 1000.0 * bandwidth
                + (arbiter_unit[1] * arbiter / 1000.0).max(arbiter_unit[1]),
        }
    }

    /// Area and power of an accelerator. A buffer without a limit counts with the bytes that are needed.
    pub fn of(hardware: &Hardware, l1_need: u64, l2_need: u64) -> Silicon {
        let size = |given: u32, need: u64| if given == UNLIMITED { need } else { given.into() };
        let (l1, l2) = (size(hardware.l1_bytes(), l1_need), size(hardware.l2_bytes(), l2_need));
        Silicon::new(hardware.pes(), hardware.simd_lanes(), hardware.noc(0).bandwidth, l1, l2)
    }

    /// Whether area and power of an accelerator are known. They are if the NoC bandwidth has a limit.
    pub fn is_known(hardware: &Hardware) -> bool {
        hardware.noc(0).bandwidth != UNLIMITED
    }

    /// Total area in um^2.
    pub fn area(&self) -> f64 {
        self.pe_area + self.l2_area + self.noc_area
    }

    /// Total power in mW.
    pub fn power(&self) -> f64 {
        self.pe_power + self.l1_power + self.l2_power + self.noc_power
    }
}
