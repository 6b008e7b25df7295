//! Pareto fronts: points of which none is better than another in every coordinate.

use std::cmp::Ordering;

/// A point whose coordinates are all minimized, and by how much it exceeds its limits.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Point {
    /// What is minimized; no coordinate is NaN.
    pub objectives: Vec<f64>,
    /// By how much it exceeds its limits; 0 if it meets them all.
    pub violation: f64,
}

impl Point {
    /// Whether this point is preferred to another whatever the weights of the objectives: its violation is smaller,
    /// or the violations are equal and it is better in one objective and worse in none (Deb et al., 2002,
    /// "constrained domination").
    pub fn dominates(&self, other: &Point) -> bool {
        match self.violation.total_cmp(&other.violation) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => dominates(&self.objectives, &other.objectives),
        }
    }
}

/// Whether `a` is less than `b` in some coordinate and greater in none.
pub fn dominates(a: &[f64], b: &[f64]) -> bool {
    let mut less = false;
    for (a, b) in a.iter().zip(b) {
        if a > b {
            return false;
        }
        less |= a < b;
    }
    less
}

/// The fronts: first the points that no other dominates, then those that only points of the first front dominate, and
/// so on. Within a front, the points keep their order.
pub fn fronts(points: &[Point]) -> Vec<Vec<usize>> {
    let mut dominated_by = vec![0usize; points.len()];
    let mut dominated = vec![Vec::new(); points.len()];
    for (i, a) in points.iter().enumerate() {
        for (j, b) in points.iter().enumerate().skip(i + 1) {
            if a.dominates(b) {
                dominated[i].push(j);
                dominated_by[j] += 1;
            } else if b.dominates(a) {
                dominated[j].push(i);
                dominated_by[i] += 1;
            }
        }
    }
    let mut fronts = Vec::new();
    let mut front: Vec<usize> = (0..points.len()).filter(|&place| dominated_by[place] == 0).collect();
    while !front.is_empty() {
        let mut next = Vec::new();
        for &place in &front {
            for &other in &dominated[place] {
                dominated_by[other] -= 1;
                if dominated_by[other] == 0 {
                    next.push(other);
                }
            }
        }
        next.sort_unstable();
        fronts.push(std::mem::replace(&mut front, next));
    }
    fronts
}

/// The crowding distance of each point of a front: the sum over the objectives of the distance between its two
/// neighbours, as a fraction of the front's extent; infinite at the ends.
pub fn crowding(points: &[Point], front: &[usize]) -> Vec<f64> {
    let mut distance = vec![0.0; front.len()];
    let objectives = front.first().map_or(0, |&place| points[place].objectives.len());
    for objective in 0..objectives {
        let value = |place: usize| points[front[place]].objectives[objective];
        let mut order: Vec<usize> = (0..front.len()).collect();
        order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        let (first, last) = (order[0], order[order.len() - 1]);
        let extent = value(last) - value(first);
        distance[first] = f64::INFINITY;
        distance[last] = f64::INFINITY;
        for window in order.windows(3) {
            let between = value(window[2]) - value(window[0]);
            distance[window[1]] += if extent > 0.0 { between / extent } else { 0.0 };
        }
    }
    distance
}

/// The points found that no other dominates, each set of objectives once.
#[derive(Clone, Debug, Default)]
pub struct Archive<T> {
    /// The points and what they belong to, in the order in which they were found.
    pub items: Vec<(Vec<f64>, T)>,
}

impl<T> Archive<T> {
    /// An empty archive.
    pub fn new() -> Archive<T> {
        Archive { items: Vec::new() }
    }

    /// Adds a point unless the archive has one that is at least as good, and removes the points that it dominates.
    pub fn add(&mut self, objectives: Vec<f64>, item: T) {
        let as_good = |other: &[f64]| other.iter().zip(&objectives).all(|(other, own)| other <= own);
        if let Some(place) = self.items.iter().position(|(other, _)| as_good(other)) {
            // A point that rejects one is likely to reject the next, so it moves to the front.
            self.items.swap(0, place);
            return;
        }
        self.items.retain(|(other, _)| !dominates(&objectives, other));
        self.items.push((objectives, item));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points() -> impl Strategy<Value = Vec<Point>> {
        let point = (proptest::collection::vec(0..6u8, 3), 0..3u8);
        let point = point.prop_map(|(objectives, violation)| Point {
            objectives: objectives.into_iter().map(f64::from).collect(),
            violation: f64::from(violation.saturating_sub(1)),
        });
        proptest::collection::vec(point, 0..40)
    }

    proptest! {
        #[test]
        fn fronts_are_what_remains_when_those_before_are_gone(points in points()) {
            let mut left: Vec<usize> = (0..points.len()).collect();
            for front in fronts(&points) {
                let free = |&place: &usize| left.iter().all(|&other| !points[other].dominates(&points[place]));
                let expected: Vec<usize> = left.iter().copied().filter(|place| free(place)).collect();
                prop_assert_eq!(&front, &expected);
                left.retain(|place| !front.contains(place));
            }
            prop_assert!(left.is_empty());
        }

        #[test]
        fn an_archive_keeps_what_nothing_dominates(points in points()) {
            let mut archive = Archive::new();
            points.iter().for_each(|point| archive.add(point.objectives.clone(), ()));
            let mut kept: Vec<Vec<f64>> = archive.items.into_iter().map(|(objectives, ())| objectives).collect();
            let dominated = |own: &[f64]| points.iter().any(|other| dominates(&other.objectives, own));
            let mut expected: Vec<Vec<f64>> =
                points.iter().map(|point| point.objectives.clone()).filter(|own| !dominated(own)).collect();
            kept.sort_by(|a, b| a.partial_cmp(b).unwrap());
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            expected.dedup();
            prop_assert_eq!(kept, expected);
        }
    }

    #[test]
    fn crowding_is_the_distance_between_neighbours() {
        let point = |x: f64, y: f64| Point { objectives: vec![x, y], violation: 0.0 };
        let points = [point(0.0, 10.0), point(10.0, 0.0), point(4.0, 5.0), point(9.0, 9.0), point(5.0, 4.0)];
        let crowding = crowding(&points, &[0, 1, 2, 4]);
        assert_eq!(crowding[..2], [f64::INFINITY; 2]);
        // Neighbours of (4, 5) are (0, 10) and (5, 4); extents are 10 and 10.
        assert!((crowding[2] - (0.5 + 0.6)).abs() < 1e-12 && (crowding[3] - (0.6 + 0.5)).abs() < 1e-12);
    }
}
