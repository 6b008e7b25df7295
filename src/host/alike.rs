//! Which of many things are alike: told once for layers, keys of steps and accelerators.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Places of things that are alike, those together, in the order in which they first occur.
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

/// For each of so many things the place of its group.
pub(crate) fn places(groups: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut places = vec![0; count];
    for (group, members) in groups.iter().enumerate() {
        members.iter().for_each(|&member| places[member] = group);
    }
    places
}
