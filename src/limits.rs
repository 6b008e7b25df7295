//! The most that the core holds or accepts. It allocates nothing, so that every table has a fixed length.

/// The largest size of a dimension, stride, tile or cluster: 2^24.
pub const MAX_EXTENT: u32 = 1 << 24;

/// Directives that a dataflow may have, `Cluster` included.
pub const MAX_DIRECTIVES: usize = 40;

/// Cluster levels that a dataflow may have, the outermost included: three `Cluster` directives.
pub const MAX_LEVELS: usize = 4;

/// Maps that one level may have, inherited and repeated ones counted.
pub const MAX_MAPS: usize = 10;

/// The widest element, in bits.
pub const MAX_BITS: u8 = 128;

/// Kinds of steps that one mapping may have in the exact model, those of inner levels counted as often as they are looked at.
pub const MAX_STEP_KINDS: u32 = 1 << 15;

/// Kinds of steps that the loops of all levels may take together in MAESTRO's model: what the time of an analysis grows with.
pub const MAX_CASES: u64 = 1 << 23;
