//! Parts and settings of an accelerator: networks-on-chip, widths of elements, where activations live, buffers.

/// The network-on-chip of one cluster level, which feeds the sub-clusters of that level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Noc {
    /// Bytes moved per cycle, in each direction.
    pub bandwidth: u32,
    /// Cycles until the first byte arrives: hops x cycles per hop.
    pub latency: u32,
}

/// Bits of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Widths {
    /// Of the input.
    pub input: u8,
    /// Of the filter.
    pub filter: u8,
    /// Of a finished output.
    pub output: u8,
    /// Of a partial sum: an output to which more will be added.
    pub psum: u8,
}

impl Widths {
    /// One byte for each element.
    pub const BYTES: Widths = Widths { input: 8, filter: 8, output: 8, psum: 8 };
}

/// Where the activations of a network live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Activations {
    /// Off-chip: each layer fetches its input and writes its output.
    #[default]
    Offchip,
    /// In L2: they stay there as a whole from one layer to the next.
    L2,
    /// Decided layer by layer: in L2 if they fit there beside the stream of the filter, otherwise off-chip. No move
    /// is counted between a layer with its activations in L2 and a layer with its activations off-chip, or the other
    /// way round.
    Auto,
}

impl Activations {
    /// `"offchip"`, `"l2"` or `"auto"`.
    pub const fn name(self) -> &'static str {
        match self {
            Activations::Offchip => "offchip",
            Activations::L2 => "l2",
            Activations::Auto => "auto",
        }
    }
}

/// How a buffer is filled and emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Buffering {
    /// One buffer: transfers and work take turns.
    Single,
    /// Two buffers: one is used while the other is filled.
    #[default]
    Double,
}

impl Buffering {
    /// Number of tiles of each tensor that the buffer holds at a time.
    pub const fn factor(self) -> u8 {
        match self {
            Buffering::Single => 1,
            Buffering::Double => 2,
        }
    }
}
