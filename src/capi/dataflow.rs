//! Dataflows, and the presets from which they can be made.

use core::cell::Cell;

use super::layer::{dim, maestrino_layer};
use super::pointer::{self, read};
use super::report::report;
use super::status::maestrino_status::{MAESTRINO_COUNT_TOO_LARGE, MAESTRINO_UNKNOWN_NUMBER};
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::Growing;
use crate::dataflow::presets::Preset;
use crate::error::Error;
use crate::mapping::Directives;
use crate::{Dataflow, Directive, MAX_DIRECTIVES, MapKind, Mapping, Size};

/// Presets: named dataflows.
#[repr(i32)]
pub enum maestrino_preset {
    /// NVDLA-like; tiles: cluster.
    MAESTRINO_KCP_WS = 0,
    /// Output columns over PEs; no tiles.
    MAESTRINO_XP_WS = 1,
    /// Eyeriss-like row stationary; tiles: k.
    MAESTRINO_RS = 2,
    /// Output rows over clusters, K inside; tiles: cluster.
    MAESTRINO_YKP_OS = 3,
    /// ShiDianNao-like; tiles: cluster.
    MAESTRINO_YXP_OS = 4,
    /// C over clusters, K inside; tiles: cluster.
    MAESTRINO_CKP_WS = 5,
    /// No local reuse; no tiles.
    MAESTRINO_NLR = 6,
    /// MAERI-like; no tiles.
    MAESTRINO_MAERI = 7,
    /// Depthwise; no tiles.
    MAESTRINO_DPT = 8,
    /// Matrix products; tiles: cluster, m, n.
    MAESTRINO_NMK = 9,
    /// Ethos-U-like, for every kind of layer; tiles: k, x, c.
    MAESTRINO_KXC_OS = 10,
    /// Matrix products, weight stationary; tiles: cluster.
    MAESTRINO_NKP_WS = 11,
    /// Row stationary as Eyeriss maps it, for every kind of layer; tiles: k, y, c.
    MAESTRINO_CYR_RS = 12,
}

/// Directive kinds.
#[repr(i32)]
pub enum maestrino_directive_kind {
    /// `TemporalMap(size, offset) dim`.
    MAESTRINO_TEMPORAL_MAP = 0,
    /// `SpatialMap(size, offset) dim`.
    MAESTRINO_SPATIAL_MAP = 1,
    /// `Cluster(size, P)`; `offset` and `dim` are ignored.
    MAESTRINO_CLUSTER = 2,
}

/// The most directives that a dataflow may have.
pub const MAESTRINO_MAX_DIRECTIVES: usize = 40;
/// The most tile sizes that a preset may have.
pub const MAESTRINO_MAX_TILES: usize = 3;

const _: () = assert!(MAESTRINO_MAX_DIRECTIVES == MAX_DIRECTIVES);
const _: () = assert!(MAESTRINO_MAX_TILES == crate::dataflow::presets::MAX_PARAMETERS);

/// A size in elements that may depend on the layer: `base`, plus the size of dimension `of`.
///
/// Initialise it with MAESTRINO_ELEMENTS or MAESTRINO_SIZE_OF. Note that an `of` of 0 is dimension C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_size {
    /// The constant part, in elements.
    pub base: i32,
    /// The dimension whose size is added: a `maestrino_dim`, or -1 for none.
    pub of: i32,
}

/// One line of a dataflow.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_directive {
    /// A `maestrino_directive_kind`.
    pub kind: i32,
    /// The mapped dimension: a `maestrino_dim`.
    pub dim: i32,
    /// Elements of a tile, or members of a cluster.
    pub size: maestrino_size,
    /// Elements from the beginning of one tile to that of the next.
    pub offset: maestrino_size,
}

/// A dataflow: directives, outermost first. Start from `MAESTRINO_INIT(maestrino_dataflow)`, which is empty.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_dataflow {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_dataflow)`.
    pub struct_size: u32,
    /// Number of `directives` in use.
    pub count: u32,
    /// The directives.
    pub directives: [maestrino_directive; MAESTRINO_MAX_DIRECTIVES],
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_dataflow {}

impl maestrino_size {
    const NONE: maestrino_size = maestrino_size { base: 0, of: -1 };

    fn size(self) -> Result<Size, maestrino_fault> {
        let of = if self.of == -1 { None } else { Some(dim(self.of)?) };
        Ok(Size { base: self.base, of })
    }

    fn from(size: Size) -> maestrino_size {
        maestrino_size { base: size.base, of: size.of.map_or(-1, |dim| dim as i32) }
    }
}

impl maestrino_directive {
    const NONE: maestrino_directive =
        maestrino_directive { kind: 0, dim: 0, size: maestrino_size::NONE, offset: maestrino_size::NONE };

    fn directive(&self) -> Result<Directive, maestrino_fault> {
        let size = self.size.size()?;
        let kind = match self.kind {
            0 => MapKind::Temporal,
            1 => MapKind::Spatial,
            2 => return Ok(Directive::Cluster { size }),
            _ => return Err(MAESTRINO_UNKNOWN_NUMBER.into()),
        };
        Ok(Directive::Map { kind, size, offset: self.offset.size()?, dim: dim(self.dim)? })
    }

    fn from(directive: Directive) -> maestrino_directive {
        match directive {
            Directive::Cluster { size } => {
                maestrino_directive { kind: 2, size: maestrino_size::from(size), ..maestrino_directive::NONE }
            }
            Directive::Map { kind, size, offset, dim } => maestrino_directive {
                kind: if kind == MapKind::Temporal { 0 } else { 1 },
                dim: dim as i32,
                size: maestrino_size::from(size),
                offset: maestrino_size::from(offset),
            },
        }
    }
}

impl maestrino_dataflow {
    /// Calls `map` with these directives. An invalid directive is an error.
    pub(super) fn map<T>(&self, map: impl FnOnce(Directives<'_>) -> Result<T, Error>) -> Result<T, maestrino_fault> {
        let count = usize::try_from(self.count).ok();
        let used = count.and_then(|count| self.directives.get(..count)).ok_or(MAESTRINO_COUNT_TOO_LARGE)?;
        let unknown = Cell::new(None);
        let mapped = map(&|add| {
            used.iter().try_for_each(|directive| match directive.directive() {
                Ok(directive) => add(directive),
                Err(fault) => {
                    unknown.set(Some(fault));
                    Err(Error::EmptyDataflow)
                }
            })
        });
        match unknown.get() {
            Some(fault) => Err(fault),
            None => Ok(mapped?),
        }
    }

    /// Sets this dataflow to `dataflow`.
    pub(super) fn set(&mut self, dataflow: &Dataflow) {
        self.count = dataflow.directives().len() as u32;
        let mut directives = dataflow.directives().iter();
        for slot in &mut self.directives {
            *slot = directives.next().map_or(maestrino_directive::NONE, |own| maestrino_directive::from(*own));
        }
    }
}

/// Sets a dataflow to that of a preset (a `maestrino_preset`) for a layer. If the preset cannot map the layer's kind,
/// another preset takes its place.
///
/// `tiles` are the tile sizes of the preset in the order that `maestrino_preset` lists, each 0 for the default; NULL
/// for all defaults. They are not used if another preset takes its place. If `fit_pes` is not 0, clusters shrink
/// until one fits into that many PEs.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `tiles` to `MAESTRINO_MAX_TILES` numbers or is NULL, `dataflow` to
/// memory for a `maestrino_dataflow`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_dataflow_preset(
    preset: i32,
    layer: *const maestrino_layer,
    tiles: *const u32,
    fit_pes: u32,
    dataflow: *mut maestrino_dataflow,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let build = || {
        // SAFETY: as promised by the caller.
        let layer = unsafe { read(layer) }?.layer()?;
        // SAFETY: as promised by the caller.
        let tiles = unsafe { pointer::array::<MAESTRINO_MAX_TILES>(tiles) }?;
        let number = usize::try_from(preset).ok();
        let chosen = number.and_then(|number| Preset::ALL.get(number)).ok_or(MAESTRINO_UNKNOWN_NUMBER)?;
        let preset = chosen.for_kind(layer.kind());
        let mut tiling = preset.tiling();
        if let Some(tiles) = tiles.filter(|_| preset == *chosen) {
            for (parameter, size) in preset.parameters().iter().zip(tiles) {
                if *size != 0 {
                    tiling = tiling.with(parameter.name, *size)?;
                }
            }
        }
        if fit_pes != 0 {
            tiling = tiling.fitted(&layer, fit_pes);
        }
        let directives = tiling.dataflow(layer.kind())?;
        // SAFETY: as promised by the caller.
        unsafe { pointer::fill(dataflow, |dataflow| dataflow.set(&directives)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, build) }
}

/// Checks whether a dataflow suits a layer and an array of `pes` PEs.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `dataflow` to a `maestrino_dataflow`, `fault` to a `maestrino_fault`
/// or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_dataflow_check(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    pes: u32,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let map = || {
        // SAFETY: as promised by the caller.
        let (layer, dataflow) = unsafe { (read(layer)?.layer()?, read(dataflow)?) };
        dataflow.map(|directives| Mapping::of(&layer, directives, pes)).map(drop)
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, map) }
}
