//! Capacities of the core. It does not allocate, so that every table has a fixed length.

/// The largest size of a dimension, stride, tile or cluster: 2^24.
pub const MAX_EXTENT: u32 = 1 << 24;

/// The most directives that a dataflow may have, `Cluster` included.
pub const MAX_DIRECTIVES: usize = 40;

/// The most cluster levels that a dataflow may have, the outermost included: three `Cluster` directives.
pub const MAX_LEVELS: usize = 4;

/// The most maps that one level may have, including inherited and repeated ones.
pub const MAX_MAPS: usize = 10;

/// The widest element, in bits.
pub const MAX_BITS: u8 = 128;

/// The most kinds of steps that a mapping may have in the exact model. Kinds of inner levels count each time they are
/// analysed.
pub const MAX_STEP_KINDS: u32 = 1 << 15;

/// The most kinds of steps that the loops of all levels may have together in MAESTRO's model. The time of an analysis
/// grows with their number.
pub const MAX_CASES: u64 = 1 << 23;
