//! Points of which none is better in everything.

use std::cmp::Ordering;

/// A point to be minimized in every coordinate, and by how much it exceeds its limits.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Point {
    /// What is minimized; no coordinate is NaN.
    pub objectives: Vec<f64>,
    /// How far it is beyond limits; 0 if it meets them all.
    pub violation: f64,
}

impl Point {
    /// Whether this point is to be preferred whatever the objectives weigh: nearer to the limits, or as near as the other
    /// and better in one objective and worse in none (Deb et al., 2002, "constrained domination").
    pub fn dominates(&self, other: &Point) -> bool {
        match self.violation.total_cmp(&other.violation) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => dominates(&self.objectives, &other.objectives),
        }
    }
}

/// Whether `a` is less than `b` somewhere and more nowhere.
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

/// The fronts that remain one after the other: first the points that no other dominates, then those that only the first
/// dominate, and so on. Within a front, in the order of the points.
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

/// How alone each point of a front is: the sum over the objectives of the distance between its neighbours, as a share of
/// the front's extent; infinite at the ends.
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

/// What has been found and nothing dominates, each set of objectives once.
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

    /// Adds a point unless one that is there is as good; what it dominates goes.
    pub fn add(&mut self, objectives: Vec<f64>, item: T) {
        let as_good = |other: &[f64]| other.iter().zip(&objectives).all(|(other, own)| other <= own);
        if let Some(place) = self.items.iter().position(|(other, _)| as_good(other)) {
            // What turns away one point is likely to turn away the next.
            self.items.swap(0, place);
            return;
        }
        self.items.retain(|(other, _)| !dominates(&objectives, other));
        self.items.push((objectives, item));
    }
}
