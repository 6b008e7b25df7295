//! Reuse: how much one step of a case moves and computes, given what the sub-clusters already hold.
//!
//! All volumes are those of one step, in elements. They fit into 64 bits, because a level that would exceed them is
//! refused when it is built.

use crate::dataflow::MapKind;
use crate::dim::{Dim, DimMap, DimSet, Tensor};
use crate::error::Error;
use crate::layer::Layer;

use super::case::{Position, State};
use super::level::Level;
use super::step::{Step, Subs};

/// A sub-cluster that has work in a spatial step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    /// The first sub-cluster, with a full tile.
    First,
    /// The only sub-cluster, with a partial tile.
    Lone,
    /// A sub-cluster after the first, with a full tile.
    Next,
    /// The last sub-cluster, with a partial tile.
    Ragged,
}

impl Member {
    fn is_first(self) -> bool {
        matches!(self, Member::First | Member::Lone)
    }

    fn is_ragged(self) -> bool {
        matches!(self, Member::Lone | Member::Ragged)
    }
}

/// The sub-clusters that have work in a step: the kind of the first one, and the numbers of next and of ragged ones.
struct Members {
    first: Member,
    next: i64,
    ragged: i64,
}

/// The analysis of one case of a level.
pub(super) struct Reuse<'a> {
    layer: &'a Layer,
    level: &'a Level,
    number: u8,
    state: &'a DimMap<State>,
    /// The innermost map that is past its initial tile: the loop that has just advanced.
    advanced: Option<usize>,
}

impl<'a> Reuse<'a> {
    pub fn new(layer: &'a Layer, level: &'a Level, number: u8, state: &'a DimMap<State>) -> Reuse<'a> {
        let advanced = level.maps.iter().rposition(|map| state[map.dim].position() != Position::Init);
        Reuse { layer, level, number, state, advanced }
    }

    /// Whether nothing has advanced yet, so that this is the very first step.
    pub fn is_first(&self) -> bool {
        self.advanced.is_none()
    }

    /// Fills in the sub-clusters that have work: first the ragged one, which has a tile of its own, then the others.
    /// `tiles` says whether their tiles are filled in, too.
    pub fn subs(&self, tiles: bool, subs: &mut [Subs; 2]) {
        // Every level has a spatial map.
        let spatial = self.level.first_spatial().map_or(self.state[Dim::C], |map| self.state[map.dim]);
        let at_work = if spatial.edge() { self.level.edge_clusters } else { self.level.clusters };
        let ragged = spatial.edge() && spatial.ragged();
        subs[0].count = i32::from(ragged);
        subs[1].count = at_work - subs[0].count;
        if tiles {
            for (subs, ragged) in subs.iter_mut().zip([true, false]).filter(|(subs, _)| subs.count > 0) {
                subs.partial = self.partial_dims(ragged);
            }
        }
    }

    /// The dimensions along which the tile of the ragged sub-cluster, or of the others, is partial.
    fn partial_dims(&self, ragged: bool) -> DimSet {
        let maps = self.level.maps.iter().map(|map| map.dim);
        let partial = maps.filter(|&dim| {
            let everywhere = self.level.edge_clusters == 1 || !self.level.is_spatial(dim);
            self.state[dim].edge() && (ragged || everywhere)
        });
        partial.fold(DimSet::default(), |set, dim| set.union(DimSet::of(&[dim])))
    }

    /// Fills in what a step writes, and what its busiest sub-cluster computes. This is done in place, because stacks
    /// are small.
    pub fn measure_outputs(&self, step: &mut Step) {
        let members = self.output_members();
        let outputs = self.outputs(members.first, true);
        step.egress = self.egress(&members, outputs);
        step.critical_operations = self.reduced(members.first) * outputs;
    }

    /// Elements of input and filter read from the buffer above. A multicast element counts once.
    pub fn ingress(&self, [input, filter]: &mut [i64; 2]) -> Result<(), Error> {
        *input = self.ingress_of(Tensor::Input)?;
        *filter = self.ingress_of(Tensor::Filter)?;
        Ok(())
    }

    fn ingress_of(&self, tensor: Tensor) -> Result<i64, Error> {
        let dims = self.layer.coupled(tensor);
        if dims.is_empty() {
            return Ok(0);
        }
        let coupled = DimSet::of(dims);
        // Only a tensor coupled to the loop that has just advanced takes in anything; all others are stationary.
        if self
            .advanced
            .and_then(|advanced| self.level.maps.get(advanced))
            .is_some_and(|map| !coupled.contains(map.dim))
        {
            return Ok(0);
        }
        let members = self.members(self.spatial_among(dims));
        let mut volume = self.loaded(coupled, members.first)?;
        if members.next > 0 {
            volume += members.next * self.loaded(coupled, Member::Next)?;
        }
        if members.ragged > 0 {
            volume += members.ragged * self.loaded(coupled, Member::Ragged)?;
        }
        Ok(volume)
    }

    /// The sub-clusters over which the output is spread.
    fn output_members(&self) -> Members {
        self.members(self.spatial_among(self.layer.coupled(Tensor::Output)))
    }

    /// Elements of the output written to the buffer above. `outputs` is the number of outputs of the first
    /// sub-cluster.
    fn egress(&self, members: &Members, outputs: i64) -> i64 {
        let mut volume = outputs;
        if members.next > 0 {
            volume += members.next * self.outputs(Member::Next, true);
        }
        if members.ragged > 0 {
            volume += members.ragged * self.outputs(Member::Ragged, true);
        }
        volume
    }

    /// Operations of all sub-clusters.
    pub fn operations(&self) -> i64 {
        let mut spatial = self.spatial_among(self.layer.coupled(Tensor::Output));
        for map in self.level.maps.iter().filter(|map| map.kind == MapKind::Spatial) {
            spatial = self.or_later(spatial, map.dim);
        }
        let of = |member| self.reduced(member) * self.outputs(member, false);
        match spatial {
            Some((_, false)) | None => i64::from(self.level.clusters) * of(Member::First),
            edge => {
                let members = self.members(edge);
                let first = self.reduced(members.first) * self.outputs(members.first, true);
                first + members.next * of(Member::First) + members.ragged * of(Member::Ragged)
            }
        }
    }

    /// The state of the last spatially mapped dimension in `dims`, and whether any spatially mapped one is at its
    /// edge.
    fn spatial_among(&self, dims: &[Dim]) -> Option<(State, bool)> {
        let mut spatial = None;
        for &dim in dims {
            if self.level.is_spatial(dim) {
                spatial = self.or_later(spatial, dim);
            }
        }
        spatial
    }

    fn or_later(&self, earlier: Option<(State, bool)>, dim: Dim) -> Option<(State, bool)> {
        let state = self.state[dim];
        Some((state, state.edge() || earlier.is_some_and(|(_, edge)| edge)))
    }

    /// The sub-clusters over which a tensor is spread: a single one if the tensor is not spatially mapped.
    fn members(&self, spatial: Option<(State, bool)>) -> Members {
        match spatial {
            None => Members { first: Member::First, next: 0, ragged: 0 },
            Some((_, false)) => Members { first: Member::First, next: i64::from(self.level.clusters) - 1, ragged: 0 },
            Some((state, true)) => {
                let active = i64::from(self.level.edge_clusters);
                let ragged = i64::from(state.ragged());
                if active > 1 {
                    Members { first: Member::First, next: (active - ragged - 1).max(0), ragged }
                } else {
                    let first = if state.ragged() { Member::Lone } else { Member::First };
                    Members { first, next: 0, ragged: 0 }
                }
            }
        }
    }

    fn tile(&self, dim: Dim, edge: bool) -> i64 {
        i64::from(self.level.tile(dim, edge))
    }

    fn fresh(&self, dim: Dim, edge: bool) -> i64 {
        i64::from(self.level.fresh(dim, edge))
    }

    /// Elements of a tensor that a sub-cluster takes in.
    ///
    /// Along the loop that has just advanced, only the new elements count.
    fn loaded(&self, coupled: DimSet, member: Member) -> Result<i64, Error> {
        let Some(advanced) = self.advanced else { return Ok(self.held(coupled, member)) };
        let coupled_maps = || self.level.maps.iter().enumerate().filter(|(_, map)| coupled.contains(map.dim));
        // If an inner loop starts over, what it had loaded is gone.
        let restarted = coupled_maps().skip_while(|(i, _)| *i <= advanced).any(|(_, map)| {
            let state = &self.state[map.dim];
            state.position() == Position::Init && !state.whole()
        });
        let mut volume = 1;
        for (i, map) in coupled_maps() {
            let state = self.state[map.dim];
            let init = state.position() == Position::Init;
            let advances = i == advanced && !restarted;
            volume *= match map.kind {
                MapKind::Temporal if init => self.tile(map.dim, state.edge()),
                MapKind::Temporal if advances => match self.fresh(map.dim, false) {
                    0 => return Err(Error::NoNewData { level: self.number, dim: map.dim }),
                    fresh => fresh,
                },
                MapKind::Temporal => self.tile(map.dim, false),
                MapKind::Spatial => {
                    // One multicast brings the rows that neighbours share to both of them, so that only the other
                    // rows are loaded.
                    let shares = if init { i > advanced } else { advances };
                    if shares && !member.is_first() {
                        self.fresh(map.dim, member.is_ragged())
                    } else {
                        self.tile(map.dim, member.is_ragged())
                    }
                }
            };
        }
        Ok(volume)
    }

    /// Elements of a tensor that a sub-cluster holds.
    fn held(&self, coupled: DimSet, member: Member) -> i64 {
        let maps = self.level.maps.iter().filter(|map| coupled.contains(map.dim));
        maps.map(|map| {
            let edge = self.state[map.dim].edge();
            match map.kind {
                MapKind::Temporal => self.tile(map.dim, edge),
                MapKind::Spatial if !edge || self.level.edge_clusters > 1 => {
                    self.tile(map.dim, edge && member.is_ragged())
                }
                // Only one sub-cluster has work along this dimension.
                MapKind::Spatial if member == Member::Next => 1,
                MapKind::Spatial => self.tile(map.dim, true),
            }
        })
        .product()
    }

    /// Number of elements that a sub-cluster reduces into each output.
    fn reduced(&self, member: Member) -> i64 {
        let coupled = self.layer.coupled_set(Tensor::Output);
        let maps = self.level.maps.iter().filter(|map| !coupled.contains(map.dim));
        maps.map(|map| match map.kind {
            MapKind::Temporal => self.tile(map.dim, self.state[map.dim].edge()),
            MapKind::Spatial => self.spatial_share(map.dim, map.dim, member, false),
        })
        .product()
    }

    /// Number of outputs that are counted for a sub-cluster. Tiles may overlap. With `reuse`, an output in the tiles
    /// of two neighbours is counted only for the first of them.
    fn outputs(&self, member: Member, reuse: bool) -> i64 {
        let dims = self.layer.coupled(Tensor::Output).iter();
        dims.map(|&dim| match self.level.is_spatial(dim) {
            false => self.tile(dim.output(), self.state[dim].edge()),
            true => self.spatial_share(dim, dim.output(), member, reuse),
        })
        .product()
    }

    /// The share of a sub-cluster along a spatially mapped dimension, counted in `unit` (for example `X'` for `X`).
    fn spatial_share(&self, dim: Dim, unit: Dim, member: Member, reuse: bool) -> i64 {
        let state = self.state[dim];
        let alone = self.level.edge_clusters == 1;
        match state.position() {
            Position::Init if state.edge() && member.is_ragged() => {
                if reuse && !alone {
                    self.fresh(unit, true)
                } else {
                    self.tile(unit, true)
                }
            }
            // The reference counts inputs here, not outputs.
            Position::Edge if alone => self.tile(dim, true),
            Position::Edge if member.is_ragged() => self.fresh(unit, true),
            _ if member.is_first() => self.tile(unit, false),
            _ => match self.fresh(unit, false) {
                0 => 1,
                fresh => fresh,
            },
        }
    }
}
