//! Finding the best network and accelerator together.
//!
//! ```text
//! networks, accuracies ─┐
//! accelerators ─────────┼─> Problem ─┬─> Memo ─> Evaluator ─> Adaptive ─────────┐
//! dataflows ────────────┘            └─> Exhaustive ─┬─> the paper's methods ───┼─> Score ─> files
//!                                                    └─> Query ─────────────────┘
//! space, accelerators, dataflows ──> CoDesign ─> front
//! ```
//!
//! A *design* is an accelerator under a dataflow. A *query* asks for the most accurate network on one of some designs whose
//! cycles, nJ, energy-delay product, area and power are within [limits](query::Limits). Ties go to fewer cycles, then less
//! energy, then less area, then to the design and the network that come first; this order is total, so that every method
//! gives the same answer where it finds the best accuracy with the least cost.
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
//! * **Evaluations**: runs of the cost model on a layer. By the exact model that is one cost of a layer under directives on
//!   an accelerator, and for `adaptive` one count, which serves all accelerators that differ in speeds alone (see
//!   [`Hardware::counted`](crate::Hardware::counted)); by the reference's, a walk over the cases of a mapped layer. For `coupled` and
//!   the methods of the paper these are counted as kindly as possible: networks share layers, dataflows share the layers
//!   that a stand-in maps, and each distinct (layer, directives, accelerator) is evaluated once. `adaptive` is held against
//!   *that* number, not against the sum over all networks.
//! * **Accuracies**: networks whose accuracy was looked at.
//!
//! Besides its walks, `adaptive` by the reference's model does arithmetic on remembered steps ([`Adaptive::replays`]): sums of as
//! many products as a layer has cases, about 50 times cheaper than a walk. The same memory would serve `coupled` too; its
//! evaluations would then be those of `adaptive`, or more where `adaptive` need not know a layer.
//!
//! [`Adaptive::replays`]: adaptive::Adaptive::replays
//!
//! # What is proven
//!
//! 1 to 3 are of the reference's model; by the exact one nothing is replayed, and a layer that is known was costed as it is.
//!
//! 1. *Traffic, and with it energy and buffers, does not depend on bandwidths, latencies or lanes.* Nothing that
//!    [`Mapping`](crate::maestro::Mapping) knows is one of these.
//! 2. *A layer's cycles are `sum over cases of occurrences x max(A, O)`*, where `A`, what a step of the case takes on chip,
//!    depends on the network-on-chip and the lanes, and `O`, its off-chip transfer, on the off-chip bandwidth and on the L2
//!    need, which is the same for all steps of a layer. `A` is built of `compute`, `ingress` and `egress` by sums and maxima,
//!    with `ingress` and `egress` being `latency + ceil(volume / bandwidth) - 1`. So cycles never grow with a bandwidth; and
//!    one walk, which gives the volumes, gives the cycles for every bandwidth, exactly.
//! 3. *Steps do not depend on how often they are taken.* A step's volumes follow from the tiles of the levels, from which
//!    tensor is coupled to which dimension, and from which map is at its first, a steady or its last tile; extents of the
//!    layer enter through these, and through the occurrences alone. Clusters beyond the number of tiles are never at work. So
//!    mappings with equal [`StepsKey`](crate::maestro::StepsKey)s share one walk, exactly.
//! 4. *A network's cycles and nJ are sums over its layers, its buffers maxima*, or, by the exact model, the accelerator's own;
//!    there a network with a layer that does not fit them cannot run. All are at least 0, and area and power never
//!    fall with buffers. So the layers that are known bound a network from below, and a network whose bound is beyond a limit
//!    is beyond it.
//! 5. *The certificate.* Every network more accurate than the answer of `adaptive` is beyond the limits by 4, or was left
//!    undecided; the certificate is the accuracy of the best undecided one less that of the answer.
//!
//! 1 to 3 are also tested against the cost model itself (`tests/properties.rs`), 4 and 5 against exhaustive search in 10,000
//! random queries by each model, on accelerators of any sizes (`tests/search.rs`). How *few* walks suffice is not proven; it is measured.
//!
//! # Files
//!
//! See [`files`].

// Some of it is used by the program alone.
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
