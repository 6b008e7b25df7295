//! Layers.

use super::pointer::{give, read, write};
use super::report::{report, status_of};
use super::status::maestrino_status::{MAESTRINO_OVERFLOW, MAESTRINO_UNKNOWN_NUMBER};
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::{Growing, size_of_struct};
use crate::dim::{DIM_COUNT, Dim, DimMap};
use crate::layer::{Layer, LayerKind};

/// Dimensions: indices of `maestrino_layer.sizes`.
#[repr(i32)]
pub enum maestrino_dim {
    /// Input channels (per group in an NGCONV).
    MAESTRINO_C = 0,
    /// Groups of an NGCONV.
    MAESTRINO_G = 1,
    /// Output channels (per group in an NGCONV); the reduced dimension of a GEMM.
    MAESTRINO_K = 2,
    /// Rows of a GEMM's left matrix and of its product.
    MAESTRINO_M = 3,
    /// Batch of a convolution; columns of a GEMM's right matrix and of its product.
    MAESTRINO_N = 4,
    /// Filter rows.
    MAESTRINO_R = 5,
    /// Filter columns.
    MAESTRINO_S = 6,
    /// Input columns, padding included.
    MAESTRINO_X = 7,
    /// Output columns.
    MAESTRINO_OUT_X = 8,
    /// Input rows, padding included.
    MAESTRINO_Y = 9,
    /// Output rows.
    MAESTRINO_OUT_Y = 10,
}

/// Layer kinds.
#[repr(i32)]
pub enum maestrino_kind {
    /// Convolution: K C R S Y X (N).
    MAESTRINO_CONV = 0,
    /// Depthwise convolution: C R S Y X [N K].
    MAESTRINO_DSCONV = 1,
    /// Grouped convolution: G K C R S Y X (N).
    MAESTRINO_NGCONV = 2,
    /// Transposed convolution over its upsampled extents: K C R S Y X (N).
    MAESTRINO_TRCONV = 3,
    /// Matrix product: M N K.
    MAESTRINO_GEMM = 4,
    /// Fully connected: K C [R S Y X N].
    MAESTRINO_FC = 5,
    /// Pooling: C R S Y X (N).
    MAESTRINO_POOL = 6,
    /// Elementwise operation of two tensors: C Y X (N).
    MAESTRINO_ELTWISE = 7,
}

/// Number of dimensions.
pub const MAESTRINO_DIMS: usize = 11;

const _: () = assert!(MAESTRINO_DIMS == DIM_COUNT);

/// A layer. Start from `maestrino_layer_init`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_layer {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_layer)`.
    pub struct_size: u32,
    /// What it computes: a `maestrino_kind`.
    pub kind: i32,
    /// Stride of the filter along Y, in elements; 1 for none.
    pub stride_y: u32,
    /// Stride of the filter along X, in elements; 1 for none.
    pub stride_x: u32,
    /// Size of each dimension in elements, indexed by `maestrino_dim`; 0 if the layer lacks the dimension. Give
    /// either input or output extents, not both.
    pub sizes: [u32; MAESTRINO_DIMS],
    /// Zeros inserted between the rows of the input, as in an upsampling transposed convolution: every `one_in_y`-th
    /// row is an element, the others are zeros. 1 (or 0) if no zeros are inserted.
    pub one_in_y: u32,
    /// The first row that is an element.
    pub phase_y: u32,
    /// The same as `one_in_y`, for columns.
    pub one_in_x: u32,
    /// The first column that is an element.
    pub phase_x: u32,
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_layer {}

pub(super) fn dim(number: i32) -> Result<Dim, maestrino_fault> {
    let dim = usize::try_from(number).ok().and_then(|number| Dim::ALL.get(number));
    dim.copied().ok_or(MAESTRINO_UNKNOWN_NUMBER.into())
}

pub(super) fn kind(number: i32) -> Result<LayerKind, maestrino_fault> {
    let kind = usize::try_from(number).ok().and_then(|number| LayerKind::ALL.get(number));
    kind.copied().ok_or(MAESTRINO_UNKNOWN_NUMBER.into())
}

impl maestrino_layer {
    pub(super) const EMPTY: maestrino_layer = maestrino_layer {
        struct_size: size_of_struct::<maestrino_layer>(),
        kind: 0,
        stride_y: 1,
        stride_x: 1,
        sizes: [0; MAESTRINO_DIMS],
        one_in_y: 1,
        phase_y: 0,
        one_in_x: 1,
        phase_x: 0,
    };

    pub(super) fn layer(&self) -> Result<Layer, maestrino_fault> {
        let mut sizes = DimMap::filled(0);
        for (dim, size) in Dim::ALL.into_iter().zip(self.sizes) {
            sizes[dim] = size;
        }
        let layer = Layer::with_sizes(kind(self.kind)?, sizes, self.stride_y, self.stride_x)?;
        let every = [self.one_in_y.max(1), self.one_in_x.max(1)];
        Ok(layer.with_inserted_zeros(every, [self.phase_y, self.phase_x])?)
    }

    pub(super) fn of(layer: &Layer) -> maestrino_layer {
        let mut sizes = [0; MAESTRINO_DIMS];
        for (size, dim) in sizes.iter_mut().zip(Dim::ALL) {
            // Input extents only: output extents follow from them.
            *size = if dim.input() == dim { layer.size(dim).unwrap_or(0) } else { 0 };
        }
        let ((one_in_y, phase_y), (one_in_x, phase_x)) = (layer.inserted(Dim::Y), layer.inserted(Dim::X));
        maestrino_layer {
            struct_size: size_of_struct::<maestrino_layer>(),
            kind: layer.kind() as i32,
            stride_y: layer.stride(Dim::Y),
            stride_x: layer.stride(Dim::X),
            sizes,
            one_in_y,
            phase_y,
            one_in_x,
            phase_x,
        }
    }
}

/// Sets a layer to an empty one of the given kind (a `maestrino_kind`), with strides of 1.
///
/// # Safety
/// `layer` is NULL or points to memory for a `maestrino_layer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_layer_init(kind: i32, layer: *mut maestrino_layer) -> maestrino_status {
    let outcome = self::kind(kind).and_then(|_| {
        // SAFETY: as promised by the caller.
        unsafe { give(layer, maestrino_layer { kind, ..maestrino_layer::EMPTY }) }
    });
    status_of(outcome)
}

/// Computes the number of multiply-accumulates of a layer from its shape; 0 for a POOL or ELTWISE. Fails if the layer
/// is invalid.
///
/// # Safety
/// `layer` is NULL or points to a `maestrino_layer`, `macs` to an `uint64_t`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_layer_macs(
    layer: *const maestrino_layer,
    macs: *mut u64,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let count = || {
        // SAFETY: as promised by the caller.
        let layer = unsafe { read(layer) }?.layer()?;
        let count = layer.macs().ok_or(MAESTRINO_OVERFLOW)?;
        // SAFETY: as promised by the caller.
        unsafe { write(macs, count) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, count) }
}
