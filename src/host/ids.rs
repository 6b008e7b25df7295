//! Indices into lists. Each kind of index has its own type, so that they cannot be confused.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub usize);
    )*};
}

ids! {
    /// A distinct layer of a workload, or of a search.
    LayerId
    /// An accelerator of a design space.
    AcceleratorId
    /// A dataflow of a design space.
    DataflowId
}
