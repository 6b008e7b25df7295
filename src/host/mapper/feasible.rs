//! Checks before any search whether there may be a mapping at all: finds buffers and limits that no mapping can meet.

use super::Task;
use super::bound::Bounds;
use super::rounding::floor;
use super::search::least;
use super::space::{Axis, Part};

/// Why there is no mapping within the buffers and limits.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Impossible {
    /// L1 is too small for the smallest tiles.
    #[error("its smallest tiles need {needs} bytes of L1, and there are {has}: larger ones (--l1){}", smaller(*.frozen))]
    L1 {
        /// Bytes.
        needs: u64,
        /// Bytes.
        has: u32,
        /// Whether a frozen dataflow decides how small tiles may be.
        frozen: bool,
    },
    /// L2 is too small for the smallest tiles of level 1.
    #[error("its smallest tiles of level 1, or all of a tensor, need {needs} bytes of L2, and there are {has}: larger ones (--l2){}", smaller(*.frozen))]
    L2 {
        /// Bytes.
        needs: u64,
        /// Bytes.
        has: u32,
        /// Whether a frozen dataflow decides how small tiles may be.
        frozen: bool,
    },
    /// A limit is below the figure of any mapping.
    #[error(
        "every mapping has {least} {unit} or more, and the limit is {limit}: a higher one (--constraint {key}=...)"
    )]
    Limit {
        /// The limited figure, as on the command line.
        key: &'static str,
        /// `cycles`, `nJ` or `bytes`.
        unit: &'static str,
        /// The least that any mapping has.
        least: f64,
        /// The limit.
        limit: f64,
    },
}

fn smaller(frozen: bool) -> &'static str {
    if frozen { ", or smaller tiles in what is frozen" } else { "" }
}

/// Bits of L1 that the smallest tiles of a part of the space need; `None` if the part has no mappings.
fn least_l1(task: &Task<'_>, part: &Part) -> Option<f64> {
    let split = part.splits.first()?;
    let tile = |axis: &Axis| if axis.is_window() { axis.extent.div_ceil(split.ways[split.levels - 1]) } else { 1 };
    let tiles: Vec<u32> = part.axes.iter().map(tile).collect();
    Some(Bounds::new(task, &part.axes).l1_bits(&tiles))
}

/// Checks whether a task may have a mapping at all, as far as that is known without a search.
///
/// # Errors
/// Why it has none.
pub fn check(task: &Task<'_>) -> Result<(), Impossible> {
    let parts = task.parts();
    let axes = &parts[0].axes;
    let bounds = Bounds::new(task, axes);
    let frozen = task.frozen.is_some();
    let tile = |level: usize, place: usize| task.frozen.and_then(|frozen| frozen.tile(level, place));
    let outer: Vec<u32> =
        axes.iter().enumerate().map(|(place, axis)| tile(0, place).unwrap_or(1).min(axis.extent)).collect();
    // A tile that level 1 leaves open may be a single element.
    let leaf = |place: usize| tile(0, place).map_or(1, |_| tile(1, place).map_or(1, |tile| tile.min(outer[place])));
    let leaves = task.frozen.is_none_or(|frozen| frozen.levels() > 1);
    let tiles: Vec<u32> = (0..axes.len()).map(|place| if leaves { leaf(place) } else { outer[place] }).collect();
    let bytes = |bits: f64| (bits / 8.0).ceil() as u64;
    if !bounds.fits_l1(&tiles) {
        // If PEs divide the filter, each of them needs less.
        let parted = parts[1..].iter().filter_map(|part| least_l1(task, part));
        let needs = parted.fold(bounds.l1_bits(&tiles), f64::min);
        if needs > 8.0 * f64::from(task.hardware.l1_bytes()) {
            return Err(Impossible::L1 { needs: bytes(needs), has: task.hardware.l1_bytes(), frozen });
        }
    }
    let level = bounds.one_tile(0, outer.iter().copied());
    if !bounds.fits_l2(&level) {
        return Err(Impossible::L2 { needs: bytes(bounds.l2_bits(&level)), has: task.hardware.l2_bytes(), frozen });
    }
    let (least, limits) = (least(task), &task.limits);
    for (key, unit, least, limit) in [
        ("latency", "cycles", least.cycles, limits.cycles),
        ("energy", "nJ", least.energy, limits.energy),
        ("offchip", "bytes", least.offchip, limits.offchip),
    ] {
        if floor(least) > limit {
            return Err(Impossible::Limit { key, unit, least, limit });
        }
    }
    Ok(())
}
