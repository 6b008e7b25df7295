//! Sets of networks that are costed together: some of a space, or any others.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::host::campaign::Workload;
use crate::host::network::Network;
use crate::host::spaces::networks::Listed;
use crate::host::spaces::{Space, SpaceLayer};

/// Networks by their identities, with the layers that they share.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// The name of the space or set.
    pub name: String,
    /// Identities and layers.
    pub workload: Workload,
    /// Multiply-accumulates of each network, padding included.
    pub macs: Vec<u64>,
}

impl Population {
    /// Networks of a space, named by their ids, or by their places as `row0`, `row1`.
    pub fn of_space(space: &dyn Space, listed: &[Listed]) -> Population {
        let parts: Vec<Part> = listed.par_chunks(TOGETHER).map(|networks| Part::of(space, networks)).collect();
        let mut workload = Workload::new();
        let mut macs = Vec::with_capacity(listed.len());
        let mut networks = listed.iter().enumerate();
        for Part { ops, sequences } in parts {
            let macs_of: Vec<u64> = ops.iter().map(SpaceLayer::macs).collect();
            let places: Vec<u32> = ops.iter().map(|op| workload.place(&op.layer())).collect();
            for (sequence, (pos, network)) in sequences.iter().zip(&mut networks) {
                let id = network.id.map_or_else(|| format!("row{pos}"), |id| id.to_string());
                workload.push_places(id, sequence.iter().map(|&op| places[op as usize]));
                macs.push(sequence.iter().map(|&op| macs_of[op as usize]).sum());
            }
        }
        Population { name: space.name().to_string(), workload, macs }
    }

    /// Networks by their names. Their own dataflows are dropped, because the dataflows of a campaign are for all
    /// networks.
    pub fn of_networks(name: &str, networks: &[Network]) -> Population {
        let mut workload = Workload::new();
        let mut macs = Vec::with_capacity(networks.len());
        for network in networks {
            let layers = || network.layers.iter().map(|named| &named.layer);
            workload.push(network.name.clone(), layers());
            macs.push(layers().map(|layer| layer.macs().unwrap_or(u64::MAX)).fold(0, u64::saturating_add));
        }
        Population { name: name.to_string(), workload, macs }
    }
}

/// The number of networks of a space in a [`Part`].
const TOGETHER: usize = 256;

/// Some networks of a space. Operations are compared instead of layers, which is faster: equal operations are equal
/// layers.
struct Part {
    /// The distinct operations, in the order in which they first occur.
    ops: Vec<SpaceLayer>,
    /// For each network, the places of its operations in `ops`, in execution order.
    sequences: Vec<Vec<u32>>,
}

impl Part {
    fn of(space: &dyn Space, networks: &[Listed]) -> Part {
        let mut ops = Vec::new();
        let mut places = FxHashMap::default();
        // Neighbouring networks of a list often have the same length.
        let mut longest = 0;
        let sequence = |network: &Listed| {
            let mut sequence = Vec::with_capacity(longest);
            space.visit(&network.genome, &mut |_, op| {
                let next = ops.len() as u32;
                let place = *places.entry(*op).or_insert(next);
                if place == next {
                    ops.push(*op);
                }
                sequence.push(place);
            });
            longest = longest.max(sequence.len());
            sequence
        };
        let sequences = networks.iter().map(sequence).collect();
        Part { ops, sequences }
    }
}
