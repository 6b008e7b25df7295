//! Groups of equal things: layers, keys of steps, accelerators.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Groups equal things. Each group has the places of its members. Groups are in the order in which they first occur.
pub(crate) fn groups<K: Eq + Hash>(keys: impl IntoIterator<Item = K>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known = FxHashMap::default();
    for (place, key) in keys.into_iter().enumerate() {
        let group = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

/// The index of the group of each of `count` things.
pub(crate) fn places(groups: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut places = vec![0; count];
    for (group, members) in groups.iter().enumerate() {
        members.iter().for_each(|&member| places[member] = group);
    }
    places
}
