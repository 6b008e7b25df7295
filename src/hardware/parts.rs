//! Parts and settings of an accelerator: networks-on-chip, widths of elements, where activations live, buffers.

/// The network-on-chip of one cluster level: it feeds the sub-clusters of that level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Noc {
    /// Elements moved per cycle, in each direction.
    pub bandwidth: u32,
    /// Cycles until the first element arrives: hops x cycles per hop.
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
    /// Of a partial sum: an output to which something will be added.
    pub psum: u8,
}

impl Widths {
    /// A byte for everything.
    pub const BYTES: Widths = Widths { input: 8, filter: 8, output: 8, psum: 8 };
}

/// Where the activations of a network live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Activations {
    /// Outside: each layer fetches its input and writes its output.
    #[default]
    Offchip,
    /// In L2, whole, from one layer to the next.
    L2,
    /// In L2 where they fit beside the stream of the filter, outside elsewhere: layer by layer. What a layer leaves in L2
    /// for one that takes its input from outside, or the other way round, is not moved between them.
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
    /// In one place: transfers and work take turns.
    Single,
    /// In two: one is at work while the other is filled.
    #[default]
    Double,
}

impl Buffering {
    /// How many tiles of a kind it holds at a time.
    pub const fn factor(self) -> u8 {
        match self {
            Buffering::Single => 1,
            Buffering::Double => 2,
        }
    }
}
