//! Mappings of three levels. For given tiles of level 1, the search chooses a way to divide a cluster, then tiles of
//! level 2, then tiles of level 3.
//!
//! There are too many to look at all of them. So the branch with the least bound is searched first, at whatever depth
//! it is. Whenever the search ends, the bound of what is left is as high as possible.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::vec::Vec;

use super::super::bound::{InTile, Inside, Level};
use super::super::space::Split;
use super::inner::Within;
use super::partial::{Inner, Order, Outer, OuterLevel, Sizes, Way, sizes_of};
use super::state::Search;

/// A branch to search.
struct Node {
    bound: f64,
    /// The number of branches before this one. Among equal bounds the latest branch comes first, which is the
    /// deepest.
    number: usize,
    /// The index of its tiles of level 1.
    outer: usize,
    part: Part,
}

/// What of these tiles of level 1 is searched.
enum Part {
    All,
    Way(Way),
    Middle(Inner),
}

impl Ord for Node {
    fn cmp(&self, other: &Node) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Node) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Node {}

/// A branch with the tiles and the orders of levels 1 and 2.
struct Middle<'a> {
    outer: &'a Outer,
    outside: &'a OuterLevel,
    split: &'a Split,
    middle: &'a Inner,
    /// Level 2 in a full tile of level 1 and in the last one.
    level: Level,
    last: Level,
    /// The possible tiles of level 3 along each axis, the smallest first.
    options: Vec<Vec<u32>>,
    found: Vec<Inner>,
    left: bool,
}

impl Search<'_> {
    /// Searches tiles of level 1, and costs the mappings that may be better.
    pub(super) fn run_thirds(&mut self, outer: &[Outer]) {
        let mut nodes: BinaryHeap<Node> = BinaryHeap::new();
        let mut number = 0;
        let mut push = |nodes: &mut BinaryHeap<Node>, bound: f64, outer: usize, part: Part| {
            number += 1;
            nodes.push(Node { bound, number, outer, part });
        };
        outer.iter().enumerate().for_each(|(place, outer)| push(&mut nodes, outer.bound, place, Part::All));
        let mut known: Vec<Option<Rc<OuterLevel>>> = vec![None; outer.len()];
        while let Some(Node { bound, outer: place, part, .. }) = nodes.pop() {
            if !self.goes_on(bound) {
                break;
            }
            let outer = &outer[place];
            let outside = Rc::clone(known[place].get_or_insert_with(|| Rc::new(self.outside_of(outer))));
            match part {
                Part::All => {
                    for way in self.ways(outer, &outside) {
                        push(&mut nodes, way.bound.max(bound), place, Part::Way(way));
                    }
                }
                Part::Way(way) => {
                    for middle in self.middles(outer, &outside, &way) {
                        push(&mut nodes, middle.bound.max(bound), place, Part::Middle(middle));
                    }
                }
                Part::Middle(middle) => self.within_middle(outer, &outside, &middle, u64::MAX),
            }
        }
    }

    /// Costs the most promising mappings with these tiles of level 1, at most `most` of them.
    pub(super) fn sample_third(&mut self, outer: &Outer, most: u64) {
        let outside = self.outside_of(outer);
        let ways = self.ways(outer, &outside);
        let Some(way) = ways.iter().min_by(|a, b| a.bound.total_cmp(&b.bound)) else { return };
        let middles = self.middles(outer, &outside, way);
        let Some(middle) = middles.iter().min_by(|a, b| a.bound.total_cmp(&b.bound)) else { return };
        let until = self.evaluations.saturating_add(most);
        self.within_middle(outer, &outside, middle, until);
    }

    /// What is known of level 1 with these tiles.
    pub(super) fn outside_of(&self, outer: &Outer) -> OuterLevel {
        let first = &outer.ways[0];
        let laid = |place: usize| self.bounds.laid(&first.split, 0, place, self.extents[place], outer.sizes[place]);
        let level = Level::new(&first.split, 0, (0..self.axes.len()).map(laid));
        self.outside(&first.split, level, first.computing, self.kept_by_pes(first.split.levels, false))
    }

    /// The ways to divide the PEs that may be part of a better mapping.
    pub(super) fn ways(&self, outer: &Outer, outside: &OuterLevel) -> Vec<Way> {
        let Some(thirds) = &outer.thirds else { return Vec::new() };
        // If all tiles fit into one turn of the clusters, level 1 is the same with more clusters.
        let first = &outer.ways[0].split;
        let one_turn = self.tiles_over_space(first, &outer.sizes) <= first.ways[0];
        let more: &[Split] = if one_turn { &thirds.more } else { &[] };
        let splits = thirds.own.iter().chain(more);
        splits.flat_map(|split| self.ways_of(outer, outside, split)).collect()
    }

    /// The ways of one split. If cycles matter, there is one for each pair of tiles of levels 2 and 3 over space,
    /// because computing depends on those most.
    fn ways_of(&self, outer: &Outer, outside: &OuterLevel, split: &Split) -> Vec<Way> {
        if !self.task.needs_cycles() {
            return self.way_of(outer, outside, split, [None; 2], 0.0).into_iter().collect();
        }
        let (level, sizes) = (&outside.level, &outer.sizes);
        let [first, second] = [1, 2].map(|level| split.spatial[level]);
        let over_time = (0..self.axes.len()).filter(|place| ![first, second].contains(place));
        let rest: f64 = over_time.map(|place| level.along(place).folded(f64::from)).product();
        // The elements along an axis that the busiest PE computes.
        let folded = |place: usize, middle: u32, leaf: Option<u32>| {
            let of = |extent: u32| match leaf {
                Some(leaf) => self.bounds.laid(split, 2, place, extent, leaf).folded(f64::from),
                None => f64::from(extent),
            };
            level.along(place).folded(|extent| self.bounds.laid(split, 1, place, extent, middle).folded(of))
        };
        let middles = self.tiles(split, 1, first, sizes[first]);
        let mut ways = Vec::new();
        if first == second {
            for &middle in &middles {
                for leaf in self.tiles(split, 2, second, middle) {
                    let computing = self.bounds.computing(rest * folded(first, middle, Some(leaf)));
                    ways.extend(self.way_of(outer, outside, split, [Some(middle), Some(leaf)], computing));
                }
            }
            return ways;
        }
        let middles: Vec<(u32, f64)> =
            middles.into_iter().map(|middle| (middle, rest * folded(first, middle, None))).collect();
        let others = self.tiles(split, 1, second, sizes[second]);
        for leaf in self.tiles(split, 2, second, sizes[second]) {
            let others = others.iter().filter(|middle| self.leads_to(**middle, leaf));
            let least = others.map(|&middle| folded(second, middle, Some(leaf))).fold(f64::INFINITY, f64::min);
            for &(middle, own) in &middles {
                let computing = self.bounds.computing(own * least);
                ways.extend(self.way_of(outer, outside, split, [Some(middle), Some(leaf)], computing));
            }
        }
        ways
    }

    /// One way of a split, if it may be part of a better mapping.
    fn way_of(
        &self,
        outer: &Outer,
        outside: &OuterLevel,
        split: &Split,
        over_space: [Option<u32>; 2],
        computing: f64,
    ) -> Option<Way> {
        if self.is_cut(self.figure_of_computing(split.levels, computing)) {
            return None;
        }
        self.looked.set(self.looked.get() + 1);
        let OuterLevel { level, ends, in_tile, orders } = outside;
        let cycles = |order: &Order| match self.task.needs_cycles() {
            true => self.bounds.cycles(level, &order.stream, ends, &order.moved, in_tile, computing),
            false => 0.0,
        };
        let cycles: heapless::Vec<f64, 24> = orders.iter().map(cycles).collect();
        let least = |inside: &[Inside]| {
            let bounds = orders.iter().zip(&cycles).map(|(order, cycles)| {
                let energy = || self.bounds.energy(&order.supply, &order.moved, inside);
                self.bounds.figure(|| *cycles, energy, &order.moved)
            });
            bounds.fold(f64::INFINITY, f64::min)
        };
        let insides = self.least_insides(&outside.level, split, &outer.sizes, over_space[0]);
        let bound = insides.into_iter().map(|(mut inside, fed)| {
            let bound = least(&inside);
            let (Some(fed), Some(last)) = (fed.filter(|_| !self.is_cut(bound)), inside.last_mut()) else {
                return bound;
            };
            let exchanged = self.exchanged(split, fed, &outer.sizes, over_space);
            *last = Inside::at_least(true, [false; 2], Some(exchanged));
            least(&inside)
        });
        let bound = bound.fold(f64::INFINITY, f64::min);
        (!self.is_cut(bound)).then_some(Way { bound, split: *split, over_space, computing })
    }

    /// The tiles of level 2 for one way, each bounded with the best tiles of level 3.
    pub(super) fn middles(&mut self, outer: &Outer, outside: &OuterLevel, way: &Way) -> Vec<Inner> {
        let mut options: Vec<Vec<u32>> =
            (0..self.axes.len()).map(|place| self.tiles(&way.split, 1, place, outer.sizes[place])).collect();
        let [first, second] = [1, 2].map(|level| way.split.spatial[level]);
        let [middle, leaf] = way.over_space;
        options[first].retain(|own| middle.is_none_or(|middle| middle == *own));
        options[second].retain(|middle| leaf.is_none_or(|leaf| self.leads_to(*middle, leaf)));
        let mut found = Vec::new();
        let sizes = &outer.sizes;
        let alike = None;
        let mut within = Within { sizes, way, outside, options, alike, known: &[], found: &mut found, left: false };
        self.inner(&mut within, &mut Vec::new(), sizes);
        if within.left {
            self.leave(way.bound);
        }
        found
    }

    /// Costs the mappings with these tiles of levels 1 and 2, until `until` mappings are costed in all.
    fn within_middle(&mut self, outer: &Outer, outside: &OuterLevel, middle: &Inner, until: u64) {
        for inner in self.leaves(outer, outside, middle) {
            if self.evaluations >= until || !self.goes_on(inner.bound) {
                break;
            }
            self.evaluate(outer, &inner);
        }
    }

    /// The mappings with these tiles of levels 1 and 2, the most promising first.
    pub(super) fn leaves(&mut self, outer: &Outer, outside: &OuterLevel, middle: &Inner) -> Vec<Inner> {
        let (count, sizes, split) = (self.axes.len(), &middle.sizes[0], &middle.split);
        let laid = |place: usize, extent: u32| self.bounds.laid(split, 1, place, extent, sizes[place]);
        let level = Level::new(split, 1, (0..count).map(|place| laid(place, outer.sizes[place])));
        let last = (0..count).map(|place| laid(place, outside.level.along(place).last_tile()));
        let last = Level::new(split, 1, last);
        let mut options: Vec<Vec<u32>> = (0..count).map(|place| self.tiles(split, 2, place, sizes[place])).collect();
        let over_space = split.spatial[2];
        let known = middle.sizes[1][over_space];
        options[over_space].retain(|tile| known == 0 || *tile == known.min(sizes[over_space]));
        let mut within = Middle { outer, outside, split, middle, level, last, options, found: Vec::new(), left: false };
        self.leaf(&mut within, &mut Vec::new());
        let Middle { mut found, left, .. } = within;
        if left {
            self.leave(middle.bound);
        }
        found.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        found
    }

    /// Lower bounds of the compute cycles with the tiles `taken` of level 3 along the first axes: of the layer, and
    /// of a full tile of level 1.
    fn computing_of_leaves(&self, within: &Middle<'_>, taken: &[u32]) -> [f64; 2] {
        let split = within.split;
        let leaf = |place: usize, extent: u32| match taken.get(place) {
            Some(&tile) => self.bounds.laid(split, 2, place, extent, tile).folded(f64::from),
            None => self.least_below(split, 2, place, extent),
        };
        let middle = |place: usize, extent: u32| {
            let laid = self.bounds.laid(split, 1, place, extent, within.middle.sizes[0][place]);
            laid.folded(|extent| leaf(place, extent))
        };
        let axes = || 0..self.axes.len();
        let all = axes().map(|place| within.outside.level.along(place).folded(|extent| middle(place, extent)));
        let one = axes().map(|place| middle(place, within.outer.sizes[place]));
        [all.product(), one.product()].map(|folded: f64| self.bounds.computing(folded))
    }

    /// Chooses the tiles of level 3 along the next axis.
    fn leaf(&self, within: &mut Middle<'_>, taken: &mut Vec<u32>) {
        let count = self.axes.len();
        self.looked.set(self.looked.get() + 1);
        if self.has_looked_enough() || self.is_late() {
            within.left = true;
            return;
        }
        if !self.bounds.fits_l1(&sizes_of(taken, &[])[..count]) {
            return;
        }
        let [all, _] = self.computing_of_leaves(within, taken);
        if self.is_cut(self.figure_of_computing(within.split.levels, all)) {
            return;
        }
        if taken.len() == count {
            return self.complete_leaf(within, &sizes_of(taken, &[]));
        }
        for option in (0..within.options[taken.len()].len()).rev() {
            taken.push(within.options[taken.len()][option]);
            self.leaf(within, taken);
            taken.pop();
        }
    }

    /// Tiles of level 3 are chosen along all axes: lists them with the orders of level 3 that may be better.
    fn complete_leaf(&self, within: &mut Middle<'_>, tiles: &Sizes) {
        let (bounds, count) = (&self.bounds, self.axes.len());
        let Middle { outside, split, middle, level, last, .. } = &*within;
        let (outer_level, orders) = (&outside.level, middle.orders);
        let Some(first) = outside.orders.iter().find(|order| order.place == orders[0]) else { return };
        let laid = |place: usize, extent: u32| bounds.laid(split, 2, place, extent, tiles[place]);
        let below = Level::new(split, 2, (0..count).map(|place| laid(place, middle.sizes[0][place])));
        let last_below = Level::new(split, 2, (0..count).map(|place| laid(place, last.along(place).last_tile())));
        let [all, one] = self.computing_of_leaves(within, &tiles[..count]);
        let leaf = bounds.computing((0..count).map(|place| below.along(place).folded(f64::from)).product());
        let flows = bounds.flows(level, &self.orders[1][orders[1]]);
        let stream = bounds.stream(level, &self.orders[1][orders[1]], &flows);
        let ends = [bounds.ends(level, last), bounds.ends(&below, &last_below)];
        let inside = bounds.inside(outer_level, level, &flows);
        // Boxes that are cut short may have fewer members.
        let is_cut = (0..count).any(|place| outer_level.along(place).is_cut() || level.along(place).is_cut());
        let mut found = Vec::new();
        for third in below.distinct(&self.orders[2]) {
            let order = &self.orders[2][third];
            let flows = bounds.flows(&below, order);
            // Every tile of level 2 takes the time that a full one takes in addition to computing.
            let in_leaf = bounds.inner(&bounds.stream(&below, order, &flows), &ends[1], leaf);
            let waits = level.full() * (in_leaf.cycles - in_leaf.computing);
            let in_tile = bounds.inner(&stream, &ends[0], one + waits);
            let in_tile = InTile { ends: in_tile.ends + in_leaf.ends, ..in_tile };
            let all = all + outer_level.full() * waits;
            let cycles = || bounds.cycles(outer_level, &first.stream, &outside.ends, &first.moved, &in_tile, all);
            let innermost = bounds.inside_of(outer_level.whole(), level, &below, &flows);
            let kept = self.kept_by_pes(split.levels, false).filter(|_| is_cut);
            let insides = [inside, kept.unwrap_or(innermost)];
            let energy = || bounds.energy(&first.supply, &first.moved, &insides);
            let bound = bounds.figure(cycles, energy, &first.moved).max(middle.bound);
            if !self.is_cut(bound) {
                let sizes = [middle.sizes[0], *tiles];
                found.push(Inner { bound, split: **split, sizes, orders: [orders[0], orders[1], third] });
            }
        }
        within.found.append(&mut found);
    }
}
