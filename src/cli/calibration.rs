//! The calibration of a command, which turns cycles of the model into those measured on a chip.

use std::path::{Path, PathBuf};

use crate::Calibration;
use crate::host::cost_table::{CostModel, Costing};
use crate::host::formats::file;
use crate::host::platform::Platform;

use crate::cli::failure::Failure;
use crate::cli::model::{CostArgs, EXACT_ONLY};
use crate::cli::output;

/// Arguments for a calibration of all designs of a command.
#[derive(clap::Args)]
pub struct CalibrationArgs {
    /// Calibrate cycles with a file that `maestrino calibrate` wrote. The same rates are used for every design. A
    /// limit on latency then holds for nine in ten networks
    #[arg(long, help_heading = EXACT_ONLY, value_name = "FILE.cal")]
    calibration: Option<PathBuf>,
}

impl CalibrationArgs {
    /// The model with its energies, and with the calibration if one is given.
    ///
    /// # Errors
    /// The file is no calibration, or the model is the reference's, which takes none.
    pub fn costing(&self, cost: &CostArgs) -> Result<Costing, Failure> {
        match (self.of_exact(cost.model()?)?, cost.costing()?) {
            (Some(calibration), Costing::Exact(energies)) => Ok(Costing::Calibrated(energies, calibration)),
            (_, costing) => Ok(costing),
        }
    }

    /// The calibration, if one is given. Only the exact model takes one.
    ///
    /// # Errors
    /// Those of [`CalibrationArgs::costing`].
    pub fn of_exact(&self, model: CostModel) -> Result<Option<Calibration>, Failure> {
        if self.calibration.is_some() && model != CostModel::Exact {
            return Err(Failure::Usage(
                "--calibration is of the exact model, whose cycles it was made from: leave out what implies MAESTRO's \
                 (--model maestro, --energy maestro-csv)"
                    .to_string(),
            ));
        }
        self.calibration.as_deref().map(read).transpose()
    }

    /// The accelerator with this calibration instead of its own, if one is given.
    ///
    /// # Errors
    /// The file is no calibration.
    pub fn apply(&self, platform: Platform) -> Result<Platform, Failure> {
        apply(platform, self.calibration.as_deref())
    }
}

/// The accelerator with the calibration in a file instead of its own, if a file is given.
pub fn apply(platform: Platform, path: Option<&Path>) -> Result<Platform, Failure> {
    let given = path.map(read).transpose()?;
    Ok(Platform { calibration: given.or(platform.calibration), ..platform })
}

fn read(path: &Path) -> Result<Calibration, Failure> {
    let calibration = Calibration::of_text(&file::text(path)?);
    calibration.map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
}

/// Prints how many estimated cycles are allowed so that nine in ten networks meet a limit on measured cycles.
pub fn message_of_limit(calibration: &Calibration, deadline: u64) {
    output::message(format_args!(
        "calibrated: for nine in ten networks to meet a latency of {deadline} cycles, the estimate may be at most {}",
        calibration.within(deadline)
    ));
}
