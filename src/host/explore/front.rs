//! The Pareto front of a stream of designs.
//!
//! Designs are collected until there are twice as many as on the last front; then the dominated ones are removed. So
//! a stream of any length takes only memory in proportion to its front, and the front does not depend on the order of
//! the designs.

use serde::{Deserialize, Serialize};

/// Figures that are minimized: cycles, nJ, um^2, mW. The last three are the bits of floating-point numbers; none is
/// negative, so their bits have the order of the figures.
pub type Figures = [u64; 4];

/// Which objectives count: cycles, energy, area, power, and energy x cycles.
pub type Counting = [bool; 5];

/// A design, which stands for all designs with the same figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its figures.
    pub figures: Figures,
    /// Its number; the least of the designs with these figures.
    pub id: u64,
    /// The number of designs with these figures, including this one.
    pub same: u64,
}

/// The least number of designs that are collected before the front is reduced.
const ROOM: usize = 1 << 16;

/// A front, and designs that are not compared with it yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Front {
    objectives: Counting,
    designs: Vec<Candidate>,
    room: usize,
}

impl Front {
    /// An empty front of these figures.
    pub fn new(objectives: Counting) -> Front {
        Front { objectives, designs: Vec::new(), room: ROOM }
    }

    /// Adds a design.
    pub fn push(&mut self, candidate: Candidate) {
        self.designs.push(candidate);
        if self.designs.len() >= self.room {
            self.reduce();
        }
    }

    /// Adds the designs of another front.
    pub fn merge(mut self, mut other: Front) -> Front {
        if self.designs.len() < other.designs.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.designs.append(&mut other.designs);
        if self.designs.len() >= self.room {
            self.reduce();
        }
        self
    }

    /// The front, by its objectives.
    pub fn best(&mut self) -> &[Candidate] {
        self.reduce();
        &self.designs
    }

    /// The figures that count; the others are 0. Energy x cycles replaces a factor that does not count. If both
    /// factors count, it does not change the front.
    fn key(&self, candidate: &Candidate) -> Figures {
        let [latency, energy, area, power, edp] = self.objectives;
        let [cycles, nj, um2, mw] = candidate.figures;
        let product = || (cycles as f64 * f64::from_bits(nj)).to_bits();
        let or_product = |counts: bool, figure: u64, instead: bool| match (counts, instead) {
            (true, _) => figure,
            (false, true) => product(),
            (false, false) => 0,
        };
        let only = |counts: bool, figure: u64| if counts { figure } else { 0 };
        [or_product(latency, cycles, edp), or_product(energy, nj, edp && latency), only(area, um2), only(power, mw)]
    }

    fn reduce(&mut self) {
        let mut designs = std::mem::take(&mut self.designs);
        designs.sort_unstable_by_key(|candidate| (self.key(candidate), candidate.id));
        designs.dedup_by(|next, first| {
            let alike = self.key(next) == self.key(first);
            first.same += if alike { next.same } else { 0 };
            alike
        });
        let keys: Vec<Figures> = designs.iter().map(|candidate| self.key(candidate)).collect();
        let mut all: Vec<usize> = (0..keys.len()).collect();
        let best = Best { keys: &keys }.of(&mut all);
        self.designs = best.into_iter().map(|place| designs[place]).collect();
        self.room = ROOM.max(2 * self.designs.len());
    }
}

/// Divide and conquer (Kung, Luccio and Preparata, 1975). Designs are sorted by their figures, and no two have the
/// same, so a design can only be dominated by one before it.
struct Best<'a> {
    keys: &'a [Figures],
}

/// Up to this number of pairs are compared one by one, because dividing does not pay. Tests divide as far as
/// possible.
const FEW: usize = if cfg!(test) { 2 } else { 512 };

impl Best<'_> {
    /// Those of `places` that nothing dominates. Both are in ascending order.
    fn of(&self, places: &mut [usize]) -> Vec<usize> {
        if places.len() <= 1 {
            return places.to_vec();
        }
        let (before, behind) = places.split_at_mut(places.len() / 2);
        let mut best = self.of(before);
        let mut rest = self.of(behind);
        self.without(&mut best.clone(), &mut rest, 1);
        rest.sort_unstable();
        best.append(&mut rest);
        best
    }

    /// Removes from `behind` each design that is no better in any figure from `figure` on than some design of
    /// `before`. In the figures before `figure`, all of `before` are at least as good as all of `behind`.
    fn without(&self, before: &mut [usize], behind: &mut Vec<usize>, figure: usize) {
        if before.is_empty() || behind.is_empty() {
            return;
        }
        if figure == 3 {
            let least = before.iter().map(|&place| self.keys[place][3]).min();
            behind.retain(|&place| least > Some(self.keys[place][3]));
            return;
        }
        if before.len() * behind.len() <= FEW {
            let as_good = |a: &Figures, b: &Figures| a[figure..].iter().zip(&b[figure..]).all(|(a, b)| a <= b);
            behind.retain(|&place| !before.iter().any(|&other| as_good(&self.keys[other], &self.keys[place])));
            return;
        }
        let of = |place: usize| self.keys[place][figure];
        let mut values: Vec<u64> = before.iter().chain(behind.iter()).map(|&place| of(place)).collect();
        let middle = values.len() / 2;
        let (_, &mut median, above) = values.select_nth_unstable(middle);
        let below = |least: u64| before.iter().chain(behind.iter()).any(|&place| of(place) < least);
        // Choose the split so that neither side is empty.
        let split =
            if below(median) { Some(median) } else { above.iter().copied().filter(|value| *value > median).min() };
        let Some(split) = split else { return self.without(before, behind, figure + 1) };
        let (lower, upper) = parted(before, |place| of(place) < split);
        let mut rest = behind.extract_if(.., |place| of(*place) >= split).collect();
        self.without(lower, behind, figure);
        self.without(upper, &mut rest, figure);
        self.without(lower, &mut rest, figure + 1);
        behind.append(&mut rest);
    }
}

/// Partitions places into those that meet a condition and the rest.
fn parted(places: &mut [usize], first: impl Fn(usize) -> bool) -> (&mut [usize], &mut [usize]) {
    let mut end = 0;
    for place in 0..places.len() {
        if first(places[place]) {
            places.swap(place, end);
            end += 1;
        }
    }
    places.split_at_mut(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The designs that no other dominates, each set of figures once, found by comparing all pairs.
    fn expected(all: &[Candidate], objectives: Counting) -> Vec<Candidate> {
        let key = |of: &Candidate| -> Vec<u64> {
            let [cycles, nj, area, power] = of.figures;
            // The first figure that counts determines the order of the front.
            let edp = (f64::from_bits(nj) * cycles as f64).to_bits();
            let figures = if objectives[0] { [cycles, nj, edp, area, power] } else { [cycles, edp, nj, area, power] };
            let [latency, energy, area, power, product] = objectives;
            let counts =
                if latency { [latency, energy, product, area, power] } else { [latency, product, energy, area, power] };
            figures.iter().zip(counts).filter(|(_, counts)| *counts).map(|(figure, _)| *figure).collect()
        };
        let mut best: Vec<Candidate> = Vec::new();
        for own in all {
            let worse = |other: &Candidate| {
                key(other) != key(own) && key(other).iter().zip(&key(own)).all(|(other, own)| other <= own)
            };
            if all.iter().any(worse) || best.iter().any(|known| key(known) == key(own)) {
                continue;
            }
            let alike: Vec<&Candidate> = all.iter().filter(|other| key(other) == key(own)).collect();
            let first = alike.iter().min_by_key(|other| other.id).unwrap();
            best.push(Candidate { same: alike.iter().map(|other| other.same).sum(), ..**first });
        }
        best.sort_by_key(|own| key(own));
        best
    }

    proptest! {
        #[test]
        fn a_front_is_what_nothing_outdoes(
            figures in proptest::collection::vec(proptest::array::uniform4(0..9u64), 0..300),
            objectives in proptest::array::uniform5(any::<bool>()),
            part in 0..300usize,
        ) {
            let of = |(id, figures): (usize, &Figures)| Candidate { figures: *figures, id: id as u64 ^ 5, same: 1 + id as u64 % 3 };
            let all: Vec<Candidate> = figures.iter().enumerate().map(of).collect();
            let expected = expected(&all, objectives);
            let (mut one, mut other) = (Front::new(objectives), Front::new(objectives));
            for (place, candidate) in all.iter().enumerate() {
                let front = if place < part { &mut one } else { &mut other };
                front.push(*candidate);
                // From time to time, dominated designs are removed.
                if place % 50 == 49 {
                    front.reduce();
                }
            }
            let mut merged = other.merge(one);
            prop_assert_eq!(merged.best(), expected);
        }
    }
}
