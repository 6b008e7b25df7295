//! The search for the best network together with the best accelerator.
//!
//! ```text
//! networks, accuracies ─┐
//! accelerators ─────────┼─> Problem ─┬─> Memo ─> Evaluator ─> Adaptive ─────────┐
//! dataflows ────────────┘            └─> Exhaustive ─┬─> the paper's methods ───┼─> Score ─> files
//!                                                    └─> Query ─────────────────┘
//! space, accelerators, dataflows ──> CoDesign ─> front
//! ```
//!
//! A *design* is an accelerator under a dataflow. A *query* asks for the most accurate network on one of several
//! designs whose cycles, nJ, energy-delay product, area and power are within [limits](query::Limits). Ties go to
//! fewer cycles, then less energy, then less area, then to the first design and the first network. This order is
//! total, so all methods that find the best accuracy at the least cost give the same answer.
//!
//! ```
//! use maestrino::EnergyTable;
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, accelerators};
//! use maestrino::host::dataflow_choice::DataflowChoice;
//! use maestrino::host::population::Population;
//! use maestrino::host::search::adaptive::Adaptive;
//! use maestrino::host::search::methods::Method;
//! use maestrino::host::search::problem::Problem;
//! use maestrino::host::search::query::Limits;
//! use maestrino::host::spaces::{Space, Staged, networks};
//!
//! let space = Staged::tiny();
//! let listed = networks::named(&space, "0..20")?;
//! let accuracies = listed.iter().map(|network| space.surrogate(&network.genome).unwrap()).collect();
//! let Population { workload, macs, .. } = Population::of_space(&space, &listed);
//! let choice = DataflowChoice::preset(Preset::XpWs.tiling(), false);
//! let dataflows = vec![NamedDataflow { name: "xp_ws".to_string(), choice }];
//! let accelerators = accelerators::grid("pes=64:128,noc=16,offchip=4")?;
//! let designs = DesignSpace { accelerators, dataflows, ..DesignSpace::default() };
//! let campaign = Campaign { workload, designs, costing: Costing::Exact(EnergyTable::REFERENCE) };
//!
//! let problem = Problem::new(campaign, accuracies, macs)?;
//! let answer = Adaptive::new(&problem).answer(&[0, 1], &Limits { latency: 1e6, ..Limits::NONE });
//! let best = answer.choice.expect("a network takes fewer cycles");
//! println!("network {} on {}", problem.names()[best.network], problem.design(best.design).column());
//! assert_eq!(answer.missed, Some(0.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Methods
//!
//! | method | looks at | answer |
//! | --- | --- | --- |
//! | [`coupled`](compare::Plan::Coupled) | every network on every design | exact |
//! | [`network-first`](compare::Plan::NetworkFirst) | one network, by a budget of MACs | may be none although there is one |
//! | [`accelerator-first`](compare::Plan::AcceleratorFirst) | one design, by its EDP for a typical network | best on that design |
//! | [`semi-decoupled`](compare::Plan::SemiDecoupled) | every network on a proxy, its winners on all designs | best of the winners |
//! | [`flops-pareto`](compare::Plan::FlopsPareto) | the FLOPs-accuracy Pareto front on all designs | best of the front |
//! | [`transfer`](compare::Plan::Transfer) | every network on a proxy, 50 on each design, and those that are predicted to meet the limits | best of these |
//! | [`adaptive`](adaptive::Adaptive) | as few steps of layers as a proof needs | exact, or within a certificate |
//! | [evolution](evolve) | whole spaces and grids | a front, without a guarantee |
//!
//! # What is counted
//!
//! * **Network costs**: (network, design) pairs. This is what the paper counts: `coupled` takes networks x designs.
//! * **Evaluations**: runs of the cost model on a layer. By the exact model, that is one cost of a layer under
//!   directives on an accelerator; for `adaptive` it is one count, which serves all accelerators that differ in
//!   speeds alone (see [`Hardware::counted`](crate::Hardware::counted)). By the reference's model, it is a walk over
//!   the cases of a mapped layer. For `coupled` and the paper's methods, the lowest fair number is counted: networks
//!   share layers, dataflows share the layers that a stand-in maps, and each distinct (layer, directives,
//!   accelerator) is evaluated once. `adaptive` is compared with *that* number, not with the sum over all networks.
//! * **Accuracies**: networks whose accuracy was requested.
//!
//! By the reference's model, `adaptive` also does arithmetic on remembered steps ([`Adaptive::replays`]): a sum with
//! one product for each case of a layer, about 50 times cheaper than a walk. `coupled` could use the same memory; it
//! would then take as many evaluations as `adaptive`, or more if `adaptive` does not need some layer.
//!
//! [`Adaptive::replays`]: adaptive::Adaptive::replays
//!
//! # What is proven
//!
//! Points 1 to 3 are about the reference's model. By the exact model nothing is replayed, and a layer is known only
//! once it is costed.
//!
//! 1. *Traffic, and with it energy and buffers, does not depend on bandwidths, latencies or lanes.* None of these is
//!    known to [`Mapping`](crate::maestro::Mapping).
//! 2. *A layer's cycles are `sum over cases of occurrences x max(A, O)`*, where `A`, what a step of the case takes on chip,
//!    depends on the network-on-chip and the lanes, and `O`, its off-chip transfer, on the off-chip bandwidth and on the L2
//!    need, which is the same for all steps of a layer. `A` is built of `compute`, `ingress` and `egress` by sums and maxima,
//!    with `ingress` and `egress` being `latency + ceil(volume / bandwidth) - 1`. So cycles never grow with a bandwidth; and
//!    one walk, which gives the volumes, gives the cycles for every bandwidth, exactly.
//! 3. *Steps do not depend on how often they are taken.* The volumes of a step follow from the tiles of the levels,
//!    from which tensor is coupled to which dimension, and from which map is at its first, a steady or its last tile.
//!    The extents of the layer matter only through these and through the occurrences. Clusters beyond the number of
//!    tiles never work. So mappings with equal [`StepsKey`](crate::maestro::StepsKey)s share one walk, exactly.
//! 4. *A network's cycles and nJ are sums over its layers, and its buffers are maxima* (by the exact model, they are
//!    the accelerator's own, and a network with a layer that does not fit them cannot run). All are at least 0, and
//!    area and power never decrease with larger buffers. So the known layers give a lower bound of a network, and a
//!    network whose bound exceeds a limit exceeds it, too.
//! 5. *The certificate.* Every network that is more accurate than the answer of `adaptive` exceeds the limits by
//!    point 4, or was left undecided. The certificate is the accuracy of the best undecided network minus that of the
//!    answer.
//!
//! Points 1 to 3 are also tested against the cost model itself (`tests/properties.rs`), and points 4 and 5 against
//! exhaustive search in 10,000 random queries by each model, on accelerators of any size (`tests/search.rs`). How
//! *few* walks suffice is not proven; it is measured.
//!
//! # Files
//!
//! See [`files`].

// Some items are used only by the command line.
#![cfg_attr(not(feature = "cli"), allow(dead_code))]

pub mod adaptive;
pub mod compare;
pub(crate) mod counted;
mod evaluator;
pub mod evolve;
pub mod exhaustive;
pub mod files;
#[cfg(feature = "cli")]
pub(crate) mod fingerprint;
mod memo;
pub mod methods;
mod nsga2;
pub(crate) mod pareto;
mod plan;
pub mod problem;
pub mod query;
#[cfg(feature = "cli")]
pub(crate) mod results;
mod transfer;
