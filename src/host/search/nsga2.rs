//! NSGA-II: multi-objective evolutionary search (Deb, Pratap, Agarwal and Meyarivan, 2002).
//!
//! In each generation, a population gets as many offspring. The best fronts survive; of the last front that still
//! fits in part, the members with the largest crowding distance survive. Parents are the winners of tournaments of
//! two by the same order. Everything found that nothing dominates is kept in an archive. The same seed gives the same
//! result, because points are evaluated one after the other.

use std::collections::HashSet;
use std::hash::Hash;

use super::pareto::{Archive, Point, crowding, fronts};
use crate::host::spaces::random::PythonRandom;

/// A problem for evolution.
pub trait Genetics {
    /// A candidate.
    type Genome: Clone + Eq + Hash;

    /// A random candidate.
    fn random(&mut self, random: &mut PythonRandom) -> Self::Genome;

    /// A candidate made of two others.
    fn offspring(&mut self, mother: &Self::Genome, father: &Self::Genome, random: &mut PythonRandom) -> Self::Genome;

    /// What a candidate costs; `None` if it is not possible.
    fn evaluate(&mut self, genome: &Self::Genome) -> Option<Point>;
}

/// How long to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// The size of the population; at least 2.
    pub population: usize,
    /// Generations after the first.
    pub generations: usize,
    /// The seed of all random decisions.
    pub seed: u64,
}

/// What a search found.
pub struct Found<G> {
    /// Candidates that meet all limits and that no other dominates, sorted by the first objective, the best first.
    pub front: Vec<(Vec<f64>, G)>,
    /// The number of distinct candidates that were evaluated.
    pub evaluated: usize,
}

struct Member<G> {
    genome: G,
    point: Point,
    /// The number of its front, and its crowding distance there.
    rank: usize,
    crowding: f64,
}

/// The number of attempts, for each place of the population, to make a candidate that was not seen before.
const ATTEMPTS: usize = 20;

/// Searches, starting from random candidates. `advance` is called for each candidate that is evaluated.
pub fn search<P: Genetics>(problem: &mut P, effort: &Effort, advance: &dyn Fn()) -> Found<P::Genome> {
    let size = effort.population.max(2);
    let mut random = PythonRandom::new(effort.seed);
    let mut seen: HashSet<P::Genome> = HashSet::new();
    let mut archive = Archive::new();
    let mut evaluate = |problem: &mut P, genome: P::Genome, members: &mut Vec<Member<P::Genome>>| {
        if !seen.insert(genome.clone()) {
            return;
        }
        advance();
        if let Some(point) = problem.evaluate(&genome) {
            if point.violation == 0.0 {
                archive.add(point.objectives.clone(), genome.clone());
            }
            members.push(Member { genome, point, rank: 0, crowding: 0.0 });
        }
    };
    let mut members = Vec::with_capacity(2 * size);
    // A small space, or one with few possible candidates, may never fill the population.
    for _ in 0..ATTEMPTS * size {
        if members.len() >= size {
            break;
        }
        let genome = problem.random(&mut random);
        evaluate(problem, genome, &mut members);
    }
    survive(&mut members, size);
    for _ in 0..effort.generations {
        if members.is_empty() {
            break;
        }
        let parents = members.len();
        for _ in 0..ATTEMPTS * size {
            if members.len() >= parents + size {
                break;
            }
            let mother = tournament(&members[..parents], &mut random);
            let father = tournament(&members[..parents], &mut random);
            let child = problem.offspring(&members[mother].genome, &members[father].genome, &mut random);
            evaluate(problem, child, &mut members);
        }
        survive(&mut members, size);
    }
    let mut front = archive.items;
    front.sort_by(|(a, _), (b, _)| {
        let pairs = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
        pairs.fold(std::cmp::Ordering::Equal, |order, next| order.then(next))
    });
    Found { front, evaluated: seen.len() }
}

/// The better of two random members.
fn tournament<G>(members: &[Member<G>], random: &mut PythonRandom) -> usize {
    let (a, b) = (random.below(members.len() as u32) as usize, random.below(members.len() as u32) as usize);
    let (first, second) = (&members[a], &members[b]);
    let better = second.rank.cmp(&first.rank).then(first.crowding.total_cmp(&second.crowding));
    if better.is_lt() { b } else { a }
}

/// Keeps the best fronts, and the least crowded members of the last one.
fn survive<G>(members: &mut Vec<Member<G>>, size: usize) {
    let points: Vec<Point> = members.iter().map(|member| member.point.clone()).collect();
    let mut kept = vec![false; members.len()];
    let mut room = size;
    for (rank, front) in fronts(&points).iter().enumerate() {
        let crowding = crowding(&points, front);
        let mut order: Vec<usize> = (0..front.len()).collect();
        if front.len() > room {
            order.sort_by(|&a, &b| crowding[b].total_cmp(&crowding[a]));
            order.truncate(room);
        }
        for place in order {
            let member = &mut members[front[place]];
            (member.rank, member.crowding) = (rank, crowding[place]);
            kept[front[place]] = true;
            room -= 1;
        }
        if room == 0 {
            break;
        }
    }
    let mut kept = kept.into_iter();
    members.retain(|_| kept.next().unwrap_or(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Candidates are pairs of numbers below 1000. On the front y is 0, whatever x is.
    struct Line;

    impl Genetics for Line {
        type Genome = (u32, u32);

        fn random(&mut self, random: &mut PythonRandom) -> (u32, u32) {
            (random.below(1000), random.below(1000))
        }

        fn offspring(&mut self, a: &(u32, u32), b: &(u32, u32), random: &mut PythonRandom) -> (u32, u32) {
            let step = |value: u32, random: &mut PythonRandom| (value + random.below(41)).saturating_sub(20).min(999);
            (step(a.0, random), step(b.1, random))
        }

        fn evaluate(&mut self, &(x, y): &(u32, u32)) -> Option<Point> {
            // An x above 900 is impossible, and one below 100 exceeds the limit.
            let objectives = vec![f64::from(x + y), f64::from(1000 - x + y)];
            (x <= 900).then(|| Point { objectives, violation: f64::from(100u32.saturating_sub(x)) })
        }
    }

    const EFFORT: Effort = Effort { population: 60, generations: 200, seed: 3 };

    #[test]
    fn the_front_is_found_within_the_limits() {
        let found = search(&mut Line, &EFFORT, &|| ());
        let front: Vec<(u32, u32)> = found.front.iter().map(|(_, genome)| *genome).collect();
        assert!(front.iter().copied().eq((100..=900).map(|x| (x, 0))), "{} points", front.len());
    }

    #[test]
    fn the_seed_decides() {
        let front = |seed| search(&mut Line, &Effort { seed, generations: 5, ..EFFORT }, &|| ()).front;
        assert!(front(3) == front(3));
        assert!(front(3) != front(4));
    }

    #[test]
    fn a_space_of_one_candidate_ends_the_search() {
        struct One;
        impl Genetics for One {
            type Genome = ();
            fn random(&mut self, _: &mut PythonRandom) {}
            fn offspring(&mut self, (): &(), (): &(), _: &mut PythonRandom) {}
            fn evaluate(&mut self, (): &()) -> Option<Point> {
                Some(Point { objectives: vec![1.0], violation: 0.0 })
            }
        }
        let found = search(&mut One, &EFFORT, &|| ());
        assert_eq!((found.front, found.evaluated), (vec![(vec![1.0], ())], 1));
    }
}
