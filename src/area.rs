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
    /// An array of `pes` with `simd_lanes` MAC lanes and `l1_bytes` each, `l2_bytes` for all,
    /// and a bus of `noc_bandwidth` elements/cycle.
    pub fn new(pes: u32, simd_lanes: u32, noc_bandwidth: u32, l1_bytes: u64, l2_bytes: u64) -> Silicon {
        let (pes, lanes, bandwidth) = (f64::from(pes), f64::from(simd_lanes), f64::from(noc_bandwidth));
        let cells = |bytes: u64| bytes.max(1) as f64;
        let bus = 14.662 * pes + 28.895;
        let arbiter = 1.2886 * (pes * pes) + 5.5814 * pes - 23.711;
        Silicon {
            pe_area: (MAC_AREA * lanes + SRAM_AREA * cells(l1_bytes)) * pes,
            l2_area: SRAM_AREA * cells(l2_bytes),
            noc_area: BUS_AREA * bus * bandwidth + (ARBITER_AREA * arbiter).max(ARBITER_AREA),
            pe_power: MAC_POWER * lanes * pes,
            l1_power: SRAM_POWER * cells(l1_bytes) * pes,
            l2_power: SRAM_POWER * cells(l2_bytes),
            noc_power: BUS_POWER * bus / 1000.0 * bandwidth + (ARBITER_POWER * arbiter / 1000.0).max(ARBITER_POWER),
        }
    }

    /// That of an accelerator: its own buffers where they have a limit, as many bytes as are needed elsewhere.
    pub fn of(hardware: &Hardware, l1_need: u64, l2_need: u64) -> Silicon {
        let size = |given: u32, need: u64| if given == UNLIMITED { need } else { given.into() };
        let (l1, l2) = (size(hardware.l1_bytes(), l1_need), size(hardware.l2_bytes(), l2_need));
        Silicon::new(hardware.pes(), hardware.simd_lanes(), hardware.noc(0).bandwidth, l1, l2)
    }

    /// um^2 of everything.
    pub fn area(&self) -> f64 {
        self.pe_area + self.l2_area + self.noc_area
    }

    /// mW of everything.
    pub fn power(&self) -> f64 {
        self.pe_power + self.l1_power + self.l2_power + self.noc_power
    }
}
