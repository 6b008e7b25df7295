//! The accelerator of a command: built-in or from a file, with the changes of the command line.

use std::ffi::OsStr;

use crate::hardware::UNLIMITED;
use crate::host::formats::maestro::hardware::EXPONENTS;
use crate::host::platform::{CLOCKS, Platform};
use crate::{BufferSizes, Error, Hardware, MAX_LEVELS, Noc};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::model::{BufferArgs, CostArgs, EXACT_ONLY};

/// The default accelerator.
pub const DEFAULT: &str = "ethos-u55-128";

/// Arguments that change an accelerator and the system around it.
#[derive(clap::Args)]
pub struct AcceleratorArgs {
    /// Processing elements
    #[arg(long, value_name = "N")]
    pes: Option<u32>,
    /// MAC lanes of a PE
    #[arg(long, value_name = "N")]
    simd: Option<u32>,
    /// Bytes/cycle of the network-on-chip in each direction: one number for each cluster level from the outermost, of
    /// which the last is also for all further levels; - for no limit
    #[arg(long, value_name = "N[:N...]", allow_hyphen_values = true, value_parser = by_level)]
    noc_bw: Option<ByLevel>,
    /// Hops of the network-on-chip, each one cycle, by cluster level in the same way
    #[arg(long, value_name = "N[:N...]", allow_hyphen_values = true, value_parser = by_level)]
    noc_hops: Option<ByLevel>,
    /// Bytes/cycle between L2 and the outside
    #[arg(long, value_name = "N")]
    offchip_bw: Option<u32>,
    #[command(flatten)]
    buffers: BufferArgs,
    /// Clock, for latencies as times [default: the accelerator's, else 200]
    #[arg(long, value_name = "MHZ", value_parser = clock)]
    clock: Option<f64>,
    /// Also show the cycles if weights of the next layer are loaded during this one, while their channel is idle and
    /// L2 has room [default: the accelerator's, else none]
    #[arg(long, help_heading = EXACT_ONLY, value_enum, hide_possible_values = true, value_name = "weights|none")]
    prefetch: Option<Prefetch>,
    /// Bytes of the L1, the L2 and the buffer of a cluster that the energies are for; other sizes then have other
    /// energies (see --energy-exponent)
    #[arg(long, help_heading = EXACT_ONLY, value_name = "L1,L2[,CLUSTER]", allow_hyphen_values = true, value_parser = sizes)]
    energy_sizes: Option<[Option<u32>; 3]>,
    /// Exponent with which the energy of an access grows with the size of its buffer [default: 0.5]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "POWER", requires = "energy_sizes", value_parser = exponent)]
    energy_exponent: Option<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Prefetch {
    Weights,
    None,
}

/// A figure for each cluster level, outermost first.
type ByLevel = [u32; MAX_LEVELS];

impl AcceleratorArgs {
    /// The built-in accelerator or the accelerator in a file, with the changes of these arguments and of `cost`.
    pub fn platform(&self, name: &OsStr, cost: &CostArgs) -> Result<Platform, Failure> {
        self.apply(input::platform(name)?, cost)
    }

    /// The accelerator with the changes of these arguments and of `cost`.
    pub fn apply(&self, mut platform: Platform, cost: &CostArgs) -> Result<Platform, Failure> {
        let hardware = self.hardware(platform.hardware).map_err(|error| Failure::Usage(error.to_string()))?;
        platform.hardware = cost.apply(hardware)?;
        platform.energies = cost.energies_or(platform.energies);
        platform.clock_mhz = self.clock.unwrap_or(platform.clock_mhz);
        platform.prefetch = self.prefetch.map_or(platform.prefetch, |prefetch| prefetch == Prefetch::Weights);
        if let Some([l1, l2, cluster]) = self.energy_sizes {
            platform.sizes = BufferSizes { l1, l2, cluster, ..BufferSizes::NONE };
        }
        platform.sizes.exponent = self.energy_exponent.unwrap_or(platform.sizes.exponent);
        Ok(platform)
    }

    /// A flag that is given although the grid varies the same figure, if there is one.
    pub fn in_grid(&self, grid: &str) -> Option<&'static str> {
        let flags = [
            ("pes", "--pes", self.pes.is_some()),
            ("simd", "--simd", self.simd.is_some()),
            ("noc", "--noc-bw", self.noc_bw.is_some()),
            ("hops", "--noc-hops", self.noc_hops.is_some()),
            ("offchip", "--offchip-bw", self.offchip_bw.is_some()),
            ("l1", "--l1", self.buffers.l1.is_some()),
            ("l2", "--l2", self.buffers.l2.is_some()),
        ];
        let varies =
            |key: &str| grid.split(',').any(|axis| axis.split('=').next().is_some_and(|own| own.trim() == key));
        flags.into_iter().find(|(key, _, given)| *given && varies(key)).map(|(_, flag, _)| flag)
    }

    /// Whether weights are prefetched, that is, load during the layer before.
    pub fn prefetches(&self) -> bool {
        self.prefetch == Some(Prefetch::Weights)
    }

    /// A flag that is given but changes nothing in the reference's model, if there is one.
    pub fn exact_only(&self) -> Option<&'static str> {
        let flags = [("--prefetch", self.prefetch.is_some()), ("--energy-sizes", self.energy_sizes.is_some())];
        flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    fn hardware(&self, mut hardware: Hardware) -> Result<Hardware, Error> {
        if let Some(pes) = self.pes {
            hardware = hardware.with_pes(pes)?;
        }
        if let Some(lanes) = self.simd {
            hardware = hardware.with_simd_lanes(lanes)?;
        }
        for level in 0..MAX_LEVELS {
            let noc = hardware.noc(level);
            let bandwidth = self.noc_bw.map_or(noc.bandwidth, |rates| rates[level]);
            let latency = self.noc_hops.map_or(noc.latency, |hops| hops[level]);
            hardware = hardware.with_noc_at(level, Noc { bandwidth, latency })?;
        }
        if let Some(elements) = self.offchip_bw {
            hardware = hardware.with_offchip_bandwidth(elements)?;
        }
        Ok(self.buffers.apply(hardware))
    }
}

fn clock(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(mhz) if CLOCKS.contains(&mhz) => Ok(mhz),
        _ => Err("expected a number of MHz, 0.000001 to 1000000".to_string()),
    }
}

fn exponent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(power) if EXPONENTS.contains(&power) => Ok(power),
        _ => Err("expected a number from 0 to 4: 0.5".to_string()),
    }
}

/// Parses `8`, or `8:64:-`. The last number also applies to all further levels.
fn by_level(text: &str) -> Result<ByLevel, String> {
    let figure = |text: &str| if text == "-" { Some(UNLIMITED) } else { text.parse().ok() };
    let figures: Option<Vec<u32>> = text.split(':').map(figure).collect();
    match figures.as_deref() {
        Some(given @ [.., last]) if given.len() <= MAX_LEVELS => {
            Ok(std::array::from_fn(|level| given.get(level).copied().unwrap_or(*last)))
        }
        _ => Err(format!("expected a whole number, or up to {MAX_LEVELS} of them by level, - for no limit: 8:64:-")),
    }
}

/// Parses `512,65536` or `512,65536,4096`. A hyphen marks an energy that does not depend on a size.
fn sizes(text: &str) -> Result<[Option<u32>; 3], String> {
    let size = |text: &str| match text.trim() {
        "-" => Some(None),
        bytes => bytes.parse().ok().filter(|bytes| *bytes > 0).map(Some),
    };
    let sizes: Option<Vec<Option<u32>>> = text.split(',').map(size).collect();
    match sizes.as_deref() {
        Some(&[l1, l2]) => Ok([l1, l2, None]),
        Some(&[l1, l2, cluster]) => Ok([l1, l2, cluster]),
        _ => Err("expected bytes of L1, L2 and perhaps of the buffer of a cluster, - for any: 512,65536,-".to_string()),
    }
}
