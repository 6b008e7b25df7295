//! Groups of neighbouring sub-clusters that do the same.

use heapless::Vec;

use crate::error::Error;

use super::axis::{Axis, Part, distance};
use super::history::{History, Pasts};
use super::shape::Shape;
use super::slide::{Slide, offset};

/// Sub-clusters that do the same. They are next to each other, or at equal distances. From one to the next, tile and
/// history move by the same `shift`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The first sub-cluster of the group. `now`, `history` and the counts are those of this one.
    pub q: i32,
    pub count: i32,
    /// Distance from one member to the next, in sub-clusters. It is above 1 if inserted zeros lie differently in the
    /// sub-clusters between.
    step: i32,
    pub now: Part,
    pub history: History,
    /// Distance from one member's tile to the next, in inputs, outputs and filter elements.
    pub shift: [i32; 3],
    /// Elements of one tile: input, filter, output.
    pub counts: [i64; 3],
    /// Elements of input and filter in one tile that the sub-cluster already held.
    pub shared: [i64; 2],
    /// Iteration points of one tile; iteration points that are not on inserted zeros.
    pub points: [i64; 2],
    /// The sub-clusters are clusters of PEs, which take the tile in one piece along this axis.
    pub whole_below: bool,
}

impl Group {
    pub const fn new(q: i32, now: Part, history: History) -> Group {
        let (counts, shared, points) = ([1; 3], [1; 2], [1; 2]);
        Group { q, count: 1, step: 1, now, history, shift: [0; 3], counts, shared, points, whole_below: false }
    }

    /// Sets the number of members, and the distance from one to the next.
    pub fn repeat(&mut self, count: i32, shift: [i32; 3]) {
        self.count = count;
        self.shift = shift;
    }

    /// The member with the given number, as a group of its own.
    pub fn member(&self, number: i32, pasts: &mut Pasts) -> Result<Group, Error> {
        let mut member = *self;
        member.count = 1;
        if number > 0 {
            let shift = self.shift.map(|shift| shift * number);
            member.q += number * self.step;
            member.now = self.now.moved(shift);
            member.history = pasts.moved(&self.history, shift)?;
        }
        Ok(member)
    }

    /// Goes on to a step in which all members have the same tiles once more.
    pub fn stay(&mut self) {
        self.history = History::of(self.now, true);
        self.shared = [self.counts[0], self.counts[1]];
    }

    /// The tile of the last member.
    pub fn last(&self) -> Part {
        self.now.moved(self.shift.map(|shift| shift * (self.count - 1)))
    }

    /// Whether neighbouring members have outputs in common.
    pub fn overlaps(&self) -> bool {
        self.count > 1 && i64::from(self.shift[1].abs()) < self.now.outputs.len()
    }

    /// Counts the elements and the points of a tile along the axis.
    #[cfg_attr(feature = "std", inline(always))]
    pub fn count_elements(&mut self, shape: &Shape, axis: Axis) {
        self.points = [self.now.points(), shape.slides[axis].points_on_elements(&self.now)];
        self.counts = shape.counts(axis, &self.now);
        self.shared = self.history.last().map_or([0; 2], |past| shape.both(axis, &self.now, &past.part));
    }

    pub fn held(&self) -> Option<&Part> {
        self.history.last().map(|past| &past.part)
    }

    /// The shift from this group's first member to that of `other`, if both are the same otherwise.
    fn shift_to(&self, other: &Group, pasts: &Pasts, slide: Slide, leaf: bool) -> Option<[i32; 3]> {
        let shift = distance(&self.now, &other.now)?;
        let alike = leaf || offset(&self.now, &other.now, slide).is_some();
        (alike && pasts.alike(&self.history, &other.history, shift)).then_some(shift)
    }
}

/// The groups of a step, in ascending order of sub-clusters.
pub(super) type Groups = Vec<Group, MAX_GROUPS>;

/// The most groups of sub-clusters in a step.
pub(super) const MAX_GROUPS: usize = 16;

/// Adds `count` sub-clusters from `group.q` on, with tiles `shift` apart. They join the last group if they do the
/// same as its members; otherwise they form a new one.
pub(super) fn add_group(
    groups: &mut Groups,
    pasts: &Pasts,
    mut group: Group,
    count: i32,
    shift: Option<[i32; 3]>,
    slide: Slide,
    leaf: bool,
) -> Result<(), Error> {
    if let Some(last) = groups.last_mut()
        && let Some(apart) = last.shift_to(&group, pasts, slide, leaf)
    {
        // The second member of a group determines the distance between all members.
        let each = if last.count == 1 { apart } else { last.shift };
        let distance = group.q - last.q;
        let goes_on = distance == last.count && apart == each.map(|shift| shift * distance);
        let alike = count == 1 || shift.is_none_or(|shift| shift == each);
        if goes_on && alike {
            last.shift = each;
            last.count += count;
            return Ok(());
        }
    }
    group.count = count;
    group.shift = shift.unwrap_or([0; 3]);
    groups.push(group).map_err(|_| Error::TooIrregular)
}

/// Splits groups so that inserted zeros lie in the same way in all tiles of a group.
pub(super) fn split_by_zeros(groups: &mut Groups, pasts: &mut Pasts, slide: Slide, leaf: bool) -> Result<(), Error> {
    let all = core::mem::take(groups);
    for group in &all {
        let [_, outputs, filter] = group.shift;
        let mut period = slide.period(outputs * slide.stride + filter);
        // Neighbours that have outputs in common must stay in order, so that each becomes a group of its own.
        if period > 1 && outputs != 0 && group.overlaps() && !leaf {
            period = group.count;
        }
        for first in 0..group.count.min(period) {
            let mut own = group.member(first, pasts)?;
            own.count = (group.count - first - 1).checked_div(period).unwrap_or(0) + 1;
            own.step = period;
            own.shift = group.shift.map(|shift| shift * period);
            groups.push(own).map_err(|_| Error::TooIrregular)?;
        }
    }
    Ok(())
}
