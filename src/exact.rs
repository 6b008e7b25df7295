//! The exact model: (layer, dataflow, accelerator) -> [`Mapping`] -> [`Cost`]. Each count equals what a walk over
//! every step would find.
//!
//! The model does not take that walk. What a step moves and computes, and how long it takes, depends only on which
//! loop has just advanced and on the kind of tile that each loop is at. `walk` analyses one representative of each
//! kind of step and weights it by the number of such steps.
//!
//! The files, in reading order. A file uses only files that come before it in this list:
//!
//! * `axis`: axes, and parts of them; `slide`: how a filter slides along an axis; `shape`: a layer as axes, and the
//!   elements of each tensor that a part touches.
//! * `level`: the maps of a cluster level; `tiles`: how the maps divide the box of a cluster; `gaps`: whether the
//!   tiles cover it.
//! * `mapping`: a layer mapped onto an array; `schedule`: the tiles of a mapping step by step, for drawings.
//! * `history`: what a sub-cluster held before a step; `groups`: sub-clusters that do the same; `spans`, `together`:
//!   what all sub-clusters of a step touch together.
//! * `along`: a step along one axis; `cluster`: a cluster, its loops and its step; `outputs`: which outputs of a
//!   cluster come back as partial sums, and which are finished.
//! * `events`: which step waits for which, and a player that turns this into cycles with the channels of `time`;
//!   `listener`: what a walk reports.
//! * `walk`: the kinds of steps, each a product over axes, and the sums over all kinds.
//! * `walked`: the result of a walk; `retention`: what L2 may keep of each tensor; `l2`: what it does keep.
//! * `counts`: all counts of a layer; `evaluate`: how they are obtained; `cost`: cycles and energy on an accelerator.
//!
//! What is counted, and why, is explained in [`guide::counted`](crate::guide::counted).

mod along;
mod axis;
mod cluster;
mod cost;
mod counts;
mod evaluate;
mod events;
mod gaps;
mod groups;
mod history;
mod l2;
mod level;
mod listener;
mod mapping;
mod outputs;
mod retention;
mod schedule;
mod shape;
mod slide;
mod spans;
mod tiles;
mod time;
mod together;
mod walk;
mod walked;

pub use crate::limits::MAX_STEP_KINDS;
pub(crate) use cost::cycles_within;
pub use cost::{Cost, Cycles, Fits, Offchip, Waits};
pub use counts::{Accesses, Counts, Depth, Moves, Needs, Streams, Transfers};
pub use events::{Event, Player, Step, StepCycles};
pub use listener::{Listener, StepKind};
pub use mapping::Mapping;
pub use schedule::{Loop, Steps, Tile};
