//! Networks as sequences of the distinct layers that they share.

use rustc_hash::FxHashMap;

use crate::Layer;

/// Networks, with each distinct layer stored once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workload {
    networks: Vec<String>,
    layers: Vec<Layer>,
    places: FxHashMap<Layer, u32>,
    /// Where the layers of each network end in `sequence`.
    ends: Vec<usize>,
    /// Places in `layers`, in execution order.
    sequence: Vec<u32>,
}

impl Workload {
    /// No networks.
    pub fn new() -> Workload {
        Workload::default()
    }

    /// Adds a network by its identity and its layers, in execution order.
    pub fn push<'a>(&mut self, network: impl Into<String>, layers: impl IntoIterator<Item = &'a Layer>) {
        let places: Vec<u32> = layers.into_iter().map(|layer| self.place(layer)).collect();
        self.push_places(network, places);
    }

    /// Place of a layer among the distinct ones; a new one is added.
    pub(crate) fn place(&mut self, layer: &Layer) -> u32 {
        // There are fewer than 2^32 layers, because each takes more than a byte of memory.
        let next = self.layers.len() as u32;
        let place = *self.places.entry(*layer).or_insert(next);
        if place == next {
            self.layers.push(*layer);
        }
        place
    }

    /// Adds a network by its identity and the places of its layers, in execution order.
    pub(crate) fn push_places(&mut self, network: impl Into<String>, places: impl IntoIterator<Item = u32>) {
        self.networks.push(network.into());
        self.sequence.extend(places);
        self.ends.push(self.sequence.len());
    }

    /// The networks' identities.
    pub fn networks(&self) -> &[String] {
        &self.networks
    }

    /// The distinct layers, in the order in which they first occur.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The number of layers of all networks together.
    pub(super) fn layer_count(&self) -> usize {
        self.sequence.len()
    }

    /// The layers of each network, as places in [`Workload::layers`].
    pub fn sequences(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.sequence[start..end])
    }

    /// The distinct layers of each network in the order of their places, and how often each occurs.
    pub(crate) fn counts(&self) -> Vec<Vec<(u32, u32)>> {
        let counts = |layers: &[u32]| {
            let mut sorted = layers.to_vec();
            sorted.sort_unstable();
            sorted.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as u32)).collect()
        };
        self.sequences().map(counts).collect()
    }

    /// The number of layers of the longest network.
    pub(super) fn longest(&self) -> usize {
        self.sequences().map(<[u32]>::len).max().unwrap_or(0)
    }
}

/// Pairs of a layer and the one before it in a network, each distinct pair once.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Layer before, if any, and layer.
    pub pairs: Vec<(Option<u32>, u32)>,
    /// Places in `pairs`, one network after the other, each as long as its sequence of layers.
    pub sequence: Vec<u32>,
}

impl Pairs {
    pub fn new(workload: &Workload) -> Pairs {
        let mut places = FxHashMap::default();
        let mut pairs = Pairs::default();
        for layers in workload.sequences() {
            let mut before = None;
            for &layer in layers {
                let next = pairs.pairs.len() as u32;
                let place = *places.entry((before, layer)).or_insert(next);
                if place == next {
                    pairs.pairs.push((before, layer));
                }
                pairs.sequence.push(place);
                before = Some(layer);
            }
        }
        pairs
    }
}
