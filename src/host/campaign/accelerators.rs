//! Sets of accelerators: the study's own, and grids.

use super::grid::Grid;
use crate::host::spaces::random::PythonRandom;
use crate::{Hardware, Noc};

pub use super::accelerator::Accelerator;

/// The 50 accelerators of the co-design study: number (11 does not exist), PEs, elements/cycle on chip and off chip.
/// All have 100 bytes of L1 and 3000 bytes of L2, which change no cycle and no energy.
const STUDY: [(u32, u32, u32, u32); 50] = [
    (1, 256, 1000, 50),
    (2, 512, 300, 100),
    (3, 16, 800, 200),
    (4, 64, 400, 250),
    (5, 32, 500, 250),
    (6, 512, 1000, 50),
    (7, 128, 800, 250),
    (8, 16, 1000, 150),
    (9, 128, 400, 275),
    (10, 128, 500, 150),
    (12, 256, 800, 350),
    (13, 64, 700, 250),
    (14, 256, 400, 50),
    (15, 256, 300, 150),
    (16, 512, 800, 325),
    (17, 16, 400, 325),
    (18, 32, 400, 325),
    (19, 512, 900, 350),
    (20, 64, 600, 350),
    (21, 32, 700, 325),
    (22, 512, 600, 250),
    (23, 64, 1000, 300),
    (24, 32, 800, 250),
    (25, 128, 1000, 300),
    (26, 16, 900, 200),
    (27, 64, 500, 300),
    (28, 512, 700, 325),
    (29, 32, 800, 200),
    (30, 64, 800, 350),
    (31, 256, 400, 325),
    (32, 256, 900, 200),
    (33, 256, 900, 325),
    (34, 16, 600, 325),
    (35, 512, 400, 350),
    (36, 16, 800, 50),
    (37, 256, 600, 200),
    (38, 16, 900, 300),
    (39, 128, 400, 150),
    (40, 64, 300, 200),
    (41, 128, 700, 300),
    (42, 16, 400, 50),
    (43, 256, 900, 275),
    (44, 32, 500, 275),
    (45, 32, 900, 325),
    (46, 16, 800, 325),
    (47, 64, 300, 300),
    (48, 32, 600, 300),
    (49, 256, 300, 200),
    (50, 16, 800, 300),
    (51, 256, 1000, 275),
];

/// The 50 accelerators of the co-design study, `accelerator_1` to `accelerator_51`.
pub fn study() -> Vec<Accelerator> {
    let accelerators = STUDY.iter().filter_map(|&(number, pes, noc, offchip)| {
        let noc = Noc { bandwidth: noc, latency: 1 };
        let hardware = Hardware::new(pes).ok()?.with_buffers(100, 3000).with_noc(noc).ok()?;
        let hardware = hardware.with_offchip_bandwidth(offchip).ok()?;
        Some(Accelerator { name: format!("accelerator_{number}"), hardware })
    });
    accelerators.collect()
}

/// The accelerators behind the published figures of NAS-Bench-301: `hw1` to `hw3`.
pub fn paper() -> Vec<Accelerator> {
    let figures = [(256, 1000, 300), (128, 500, 500), (128, 500, 100)];
    let accelerators = (1..).zip(figures).filter_map(|(number, (pes, noc, offchip))| {
        let noc = Noc { bandwidth: noc, latency: 1 };
        let hardware = Hardware::new(pes).ok()?.with_buffers(100, 3000).with_noc(noc).ok()?;
        Some(Accelerator { name: format!("hw{number}"), hardware: hardware.with_offchip_bandwidth(offchip).ok()? })
    });
    accelerators.collect()
}

/// 50 accelerators with buffers as chips have them, `chip_1` to `chip_50`: each figure is drawn evenly from values
/// between those of built-in chips (`builtin::ACCELERATORS` has their sources), by Python's `random.Random(2022)`.
pub fn chips() -> Vec<Accelerator> {
    let mut random = PythonRandom::new(2022);
    let mut chip = |number: u32| {
        // `nvdla-small` has 64 MACs, `ethos-u65-512` 512, `nvdla` 2048.
        let pes = *random.choice(&[64, 128, 256, 512, 1024]);
        // Bytes of L1 in a PE: `eyeriss` has 520.
        let l1 = *random.choice(&[256, 512, 1024, 2048]);
        // KiB of L2: `eyeriss` has 108, `nvdla-small` 128, `gemmini` 320, `ethos-u65` 384, `nvdla` 512.
        let l2 = *random.choice(&[64, 128, 256, 512, 1024]) << 10;
        // Bytes/cycle: `nvdla-small` 16, `eyeriss` 18, `gemmini` 64, `nvdla` 128; off-chip 8, 2, 16 and 32.
        let noc = Noc { bandwidth: *random.choice(&[16, 32, 64, 128]), latency: 1 };
        let offchip = *random.choice(&[2, 4, 8, 16, 32]);
        let hardware = Hardware::new(pes).ok()?.with_buffers(l1, l2).with_noc(noc).ok()?;
        Some(Accelerator { name: format!("chip_{number}"), hardware: hardware.with_offchip_bandwidth(offchip).ok()? })
    };
    (1..=50).filter_map(&mut chip).collect()
}

/// The maximum number of accelerators of a grid of which each is examined.
const MAX_GRID: u128 = 1_000_000;

/// The accelerators of a [`Grid`], whose key `pes` is needed; `noc`, `offchip`, `l1` and `l2` are unlimited unless given,
/// `hops` and `simd` are 1, `bits` 8.
///
/// # Errors
/// What is wrong with the grid, as a sentence.
pub fn grid(text: &str) -> Result<Vec<Accelerator>, String> {
    let grid: Grid = text.parse()?;
    if grid.points() > MAX_GRID {
        let key = grid.longest().name();
        return Err(format!("the grid has more than {MAX_GRID} accelerators; coarsen {key} or another key"));
    }
    grid.needs_pes()?;
    let base = Hardware::new(1).map_err(|error| error.to_string())?;
    (0..grid.points() as u64).map(|place| grid.accelerator(base, place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_products_of_lists_and_ranges() {
        let grid = grid("pes=16:64,noc=100..300:150,offchip=50").unwrap();
        let names: Vec<_> = grid.iter().map(|accelerator| accelerator.name.as_str()).collect();
        assert_eq!(
            names,
            ["pes16_noc100_offchip50", "pes16_noc250_offchip50", "pes64_noc100_offchip50", "pes64_noc250_offchip50"]
        );
        let hardware = grid[1].hardware;
        assert_eq!((hardware.pes(), hardware.noc(0).bandwidth, hardware.offchip_bandwidth()), (16, 250, 50));
    }

    #[test]
    fn grids_that_make_no_sense_are_refused() {
        for (text, message) in [
            ("", "'' is not KEY=VALUES"),
            ("noc=3", "pes is missing"),
            ("pes=0", "pes: '0' is not a whole number from 1 to 2147483647"),
            ("pes=4:x", "pes: 'x' is not"),
            ("pes=4,pes=5", "pes is given twice"),
            ("pes=4:8:4", "pes: 4 is given twice"),
            ("pes=9..4", "is not a range FIRST..LAST:STEP that goes up"),
            ("pes=1,l1=0..9:0", "is not a range"),
            ("pes=1,l1=0..9:x2", "nor FIRST..LAST:xFACTOR"),
            ("pes=1..9:x1", "nor FIRST..LAST:xFACTOR"),
            ("pes=1..2147483647", "has more than 1000000 values"),
            ("pes=1..2000,noc=1..2000", "the grid has more than 1000000 accelerators"),
            ("pes=1,speed=3", "there is no key 'speed'"),
        ] {
            let error = grid(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    /// The figures are those that Python draws: `r = random.Random(2022)`, then `r.choice` of PEs, L1, L2, NoC and
    /// off-chip for each.
    #[test]
    fn the_chips_are_those_that_python_draws() {
        let chips = chips();
        let figures = |place: usize| {
            let Accelerator { name, hardware } = &chips[place];
            let (l1, l2) = (hardware.l1_bytes(), hardware.l2_bytes());
            (name.as_str(), hardware.pes(), l1, l2 >> 10, hardware.noc(0).bandwidth, hardware.offchip_bandwidth())
        };
        assert_eq!(chips.len(), 50);
        assert_eq!(figures(0), ("chip_1", 1024, 1024, 512, 64, 32));
        assert_eq!(figures(49), ("chip_50", 64, 256, 128, 128, 16));
        assert!((0..50).all(|a| (0..a).all(|b| chips[a].hardware != chips[b].hardware)));
    }

    #[test]
    fn the_study_has_50_accelerators() {
        let study = study();
        assert_eq!(study.len(), 50);
        assert_eq!(study.iter().filter(|accelerator| accelerator.hardware.pes() < 64).count(), 18);
    }
}
