//! Arguments that choose the accelerators of a campaign or a search.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::host::campaign::Accelerator;
use crate::host::cost_table::CostModel;
use crate::host::platform::Platform;
use crate::host::sweep::Target;

use crate::cli::accelerators::{self, Chosen};
use crate::cli::failure::Failure;
use crate::cli::model::{BufferArgs, CostArgs};

/// The sources of accelerators. Exactly one must be given.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct AcceleratorArgs {
    /// Accelerators: built-in ones, MAESTRO hardware files, or a set: study50 (the paper's 50), paper (the three
    /// behind its published figures), chips50 (50 with buffers of real chips)
    #[arg(long, value_name = "NAME|FILE,...", value_delimiter = ',')]
    hw: Vec<OsString>,
    /// All MAESTRO hardware files (*.m) in a directory, ordered by the numbers in their names
    #[arg(long, value_name = "DIR")]
    hw_dir: Option<PathBuf>,
    /// All combinations of values: pes=16:32:64,noc=100..1000:100,offchip=50. Values are lists (16:32:64) or ranges
    /// (FIRST..LAST:STEP); keys are pes, noc, hops, offchip, l1, l2, simd and bits (of inputs, filters, outputs and
    /// partial sums)
    #[arg(long, value_name = "KEY=VALUES,...")]
    hw_grid: Option<String>,
}

impl AcceleratorArgs {
    /// The accelerators, changed by the arguments for buffers and by those for the exact model.
    pub fn read(&self, buffers: &BufferArgs, cost: &CostArgs) -> Result<Vec<Accelerator>, Failure> {
        let grid = self.hw_grid.as_deref().unwrap_or_default();
        let varies = |key: &str| grid.split(',').any(|axis| axis.split('=').next().map(str::trim) == Some(key));
        let twice = [("l1", buffers.l1.is_some()), ("l2", buffers.l2.is_some()), ("bits", cost.bits.is_some())];
        if let Some((key, _)) = twice.into_iter().find(|(key, given)| *given && varies(key)) {
            return Err(Failure::Usage(format!("--{key} and {key} in --hw-grid contradict each other: give one")));
        }
        if varies("bits") && cost.model()? == CostModel::Maestro {
            return Err(Failure::Usage("bits in --hw-grid changes nothing in MAESTRO's model".to_string()));
        }
        let chosen = accelerators::read(&self.hw, self.hw_dir.as_deref(), self.hw_grid.as_deref())?;
        let alike = |Chosen { target: Target { name, platform }, origin, .. }: Chosen| {
            let alike = Platform { clock_mhz: platform.clock_mhz, ..Platform::new(platform.hardware) };
            if platform != alike {
                return Err(Failure::Input(format!(
                    "{origin} has energies, prefetch or a calibration, which are alike for all accelerators here: leave \
                     them out, and give --energies and --calibration"
                )));
            }
            Ok(Accelerator { name, hardware: cost.apply(buffers.apply(platform.hardware))? })
        };
        chosen.into_iter().map(alike).collect()
    }
}
