//! Calls of C functions, and the status that each error of the Rust API must become.

use std::mem::MaybeUninit;

use maestrino::Error;
use maestrino::capi::maestrino_status::*;
use maestrino::capi::*;
use proptest::prelude::*;

/// The contents of an out-parameter before a call.
pub(super) trait Out {
    fn prepared() -> MaybeUninit<Self>
    where
        Self: Sized;
}

macro_rules! plain {
    ($($name:ty),*) => { $(impl Out for $name {
        fn prepared() -> MaybeUninit<$name> {
            MaybeUninit::uninit()
        }
    })* };
}

/// The counterpart of the header's `MAESTRINO_INIT`.
macro_rules! sized {
    ($($name:ty),*) => { $(impl Out for $name {
        fn prepared() -> MaybeUninit<$name> {
            let mut out = MaybeUninit::<$name>::zeroed();
            // SAFETY: there is room for it, and every such struct begins with its size.
            unsafe { out.as_mut_ptr().cast::<u32>().write(struct_size::<$name>()) };
            out
        }
    })* };
}

plain!((), u64);
sized!(maestrino_fault, maestrino_dataflow, maestrino_hardware, maestrino_energies, maestrino_cost);
sized!(maestrino_total, maestrino_maestro_cost, maestrino_network, maestrino_network_layer);

/// The counterpart of the header's `MAESTRINO_SIZE_OF_STRUCT`.
pub(super) const fn struct_size<T>() -> u32 {
    0x4d53_0000 | size_of::<T>() as u32
}

/// The result of a function with an out-parameter and a fault.
pub(super) fn call<T: Out>(
    function: impl FnOnce(*mut T, *mut maestrino_fault) -> maestrino_status,
) -> Result<T, (maestrino_status, maestrino_fault)> {
    let mut out = T::prepared();
    let mut fault = maestrino_fault::prepared();
    let status = function(out.as_mut_ptr(), fault.as_mut_ptr());
    // SAFETY: the fault is always written, and the out-parameter is written on success.
    let fault: maestrino_fault = unsafe { fault.assume_init() };
    assert_eq!(fault.status, status);
    match status {
        // SAFETY: as above.
        MAESTRINO_OK => Ok(unsafe { out.assume_init() }),
        _ => Err((status, fault)),
    }
}

/// The result of a function without a fault. The call must succeed.
pub(super) fn without_fault<T: Out>(function: impl FnOnce(*mut T) -> maestrino_status) -> T {
    let mut out = T::prepared();
    assert_eq!(function(out.as_mut_ptr()), MAESTRINO_OK);
    // SAFETY: the out-parameter is written on success.
    unsafe { out.assume_init() }
}

/// The status that an error of the Rust API must become.
pub(super) fn status(error: Error) -> maestrino_status {
    match error {
        Error::Pes(_) => MAESTRINO_BAD_PES,
        Error::SimdLanes(_) => MAESTRINO_BAD_SIMD_LANES,
        Error::NocBandwidth(_) => MAESTRINO_BAD_NOC_BANDWIDTH,
        Error::NocLatency(_) => MAESTRINO_BAD_NOC_LATENCY,
        Error::OffchipBandwidth(_) => MAESTRINO_BAD_OFFCHIP_BANDWIDTH,
        Error::MissingDim { .. } => MAESTRINO_MISSING_DIM,
        Error::ForeignDim { .. } => MAESTRINO_FOREIGN_DIM,
        Error::RepeatedDim(_) => MAESTRINO_REPEATED_DIM,
        Error::Extent { .. } => MAESTRINO_BAD_EXTENT,
        Error::Stride { .. } => MAESTRINO_BAD_STRIDE,
        Error::FilterExceedsInput { .. } => MAESTRINO_FILTER_EXCEEDS_INPUT,
        Error::NoSuchParameter(_) | Error::ParameterSize { .. } => MAESTRINO_BAD_TILE,
        Error::TooManyDirectives => MAESTRINO_TOO_MANY_DIRECTIVES,
        Error::TooManyLevels => MAESTRINO_TOO_MANY_LEVELS,
        Error::TooManyMaps { .. } => MAESTRINO_TOO_MANY_MAPS,
        Error::MapSize { .. } => MAESTRINO_BAD_MAP_SIZE,
        Error::ClusterSize { .. } => MAESTRINO_BAD_CLUSTER_SIZE,
        Error::SizeOfMissingDim { .. } => MAESTRINO_SIZE_OF_MISSING_DIM,
        Error::MapOfMissingDim { .. } => MAESTRINO_MAP_OF_MISSING_DIM,
        Error::MapOfInputAndOutput { .. } => MAESTRINO_MAP_OF_INPUT_AND_OUTPUT,
        Error::SplitFilter { .. } => MAESTRINO_SPLIT_FILTER,
        Error::NoSpatialMap { .. } => MAESTRINO_NO_SPATIAL_MAP,
        Error::TooManySpatialMaps { .. } => MAESTRINO_TOO_MANY_SPATIAL_MAPS,
        Error::ClusterExceedsArray { .. } => MAESTRINO_CLUSTER_EXCEEDS_ARRAY,
        Error::EmptyDataflow => MAESTRINO_EMPTY_DATAFLOW,
        Error::NoNewData { .. } => MAESTRINO_NO_NEW_DATA,
        Error::NoOutput { .. } => MAESTRINO_NO_OUTPUT,
        Error::IllFormed { .. } => MAESTRINO_ILL_FORMED,
        Error::Overflow { .. } => MAESTRINO_OVERFLOW,
        Error::Bits(_) => MAESTRINO_BAD_BITS,
        Error::Compression(_) => MAESTRINO_BAD_COMPRESSION,
        Error::Setting(_) => MAESTRINO_BAD_SETTING,
        Error::RepeatedMap { .. } => MAESTRINO_REPEATED_MAP,
        Error::SplitTogether { .. } => MAESTRINO_SPLIT_TOGETHER,
        Error::Gaps { .. } => MAESTRINO_GAPS,
        Error::TooIrregular | Error::TooManyCases => MAESTRINO_TOO_IRREGULAR,
        other => panic!("not known: {other:?}"),
    }
}

/// Asserts that both succeed with results that `same` accepts, or that both fail for the same reason.
pub(super) fn agree<C, R>(
    c: Result<C, (maestrino_status, maestrino_fault)>,
    rust: Result<R, Error>,
    same: impl FnOnce(C, R) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    match (c, rust) {
        (Ok(c), Ok(rust)) => same(c, rust),
        (Err((found, fault)), Err(error)) => {
            prop_assert_eq!(found, status(error), "{}", error);
            prop_assert!(fault.dim >= -1 && fault.dim < 11 && fault.level <= 5);
            Ok(())
        }
        (Ok(_), Err(error)) => Err(TestCaseError::fail(format!("C succeeds, Rust: {error}"))),
        (Err((found, _)), Ok(_)) => Err(TestCaseError::fail(format!("Rust succeeds, C: {found:?}"))),
    }
}
