//! The exact model: (layer, dataflow, accelerator) -> [`Mapping`] -> [`Cost`], counted so that a walk over every step agrees.
//!
//! Not every step is walked, though. What a step moves, computes and takes depends on which loop has just advanced and on
//! the kind of tile that each loop is at; `walk` looks at one representative of each kind and weights it.
//!
//! A file knows those before it in this list:
//!
//! * `axis`: axes, and parts of them; `slide`: how a filter slides along one; `shape`: a layer as axes, and what parts of
//!   them touch of a tensor.
//! * `level`: the maps of a cluster level; `tiles`: how these divide the box of a cluster; `gaps`: whether they cover it.
//! * `mapping`: a layer mapped onto an array; `schedule`: its tiles step by step, for drawings.
//! * `history`: what a sub-cluster held before a step; `groups`: sub-clusters that do the same; `spans`, `together`: what
//!   all of them touch together.
//! * `along`: a step along one axis; `cluster`: a cluster, its loops and its step; `outputs`: which outputs of it come back
//!   as partial sums, and which are finished.
//! * `events`: what waits for what, and a player that turns it into cycles by the channels of `time`; `listener`: what a
//!   walk reports.
//! * `walk`: kinds of steps, each a product over axes, and sums over all of them.
//! * `walked`: a layer whose steps have been walked; `retention`: what L2 may keep of each tensor; `l2`: what it does keep.
//! * `counts`: everything that is counted, by `evaluate`; `cost`: what that comes to on an accelerator.
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
