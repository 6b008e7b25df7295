//! Sub-clusters side by side: groups of them that do the same, and what they touch together.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, Shape, Slide, Span, View};

/// A tile that a sub-cluster held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub part: Part,
    /// No output has been given away since.
    pub kept: bool,
}

/// What a sub-cluster held along an axis: its last tile, and earlier ones. An earlier tile matters where it was larger than the
/// ones after it: then some of the sub-clusters below have been idle since, and still hold their part of it. Earlier tiles are
/// kept in [`Pasts`].
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    last: Past,
    /// All of them; 0 if it never had a tile.
    len: u8,
    earlier: u8,
}

impl History {
    /// A cut tile and a full one at each of two levels. Tiles before these make no difference to any sub-cluster.
    const MOST: u8 = 4;

    pub const NONE: History = History { last: Past { part: Part::ONE, kept: true }, len: 0, earlier: 0 };

    pub const fn of(part: Part, kept: bool) -> History {
        History { last: Past { part, kept }, len: 1, earlier: 0 }
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there are no earlier ones.
    pub const fn at_most_one(&self) -> bool {
        self.len <= 1
    }

    pub fn last(&self) -> Option<&Past> {
        (self.len > 0).then_some(&self.last)
    }

    /// The only one.
    pub fn single(&self) -> Option<&Past> {
        (self.len == 1).then_some(&self.last)
    }
}

/// Earlier tiles of histories.
pub(super) struct Pasts {
    earlier: Vec<Past, { Pasts::MOST }>,
}

impl Pasts {
    const MOST: usize = 64;

    pub const fn new() -> Pasts {
        Pasts { earlier: Vec::new() }
    }

    /// How many there are, for [`Pasts::forget`].
    pub fn mark(&self) -> usize {
        self.earlier.len()
    }

    /// Forgets those that came after a mark.
    pub fn forget(&mut self, mark: usize) {
        self.earlier.truncate(mark);
    }

    /// A history, the latest first.
    pub fn of<'a>(&'a self, history: &'a History) -> impl Iterator<Item = &'a Past> {
        let earlier = self.earlier.iter().skip(history.earlier.into()).take(usize::from(history.len.saturating_sub(1)));
        history.last().into_iter().chain(earlier)
    }

    /// Adds an older part to the newest history, if it is of use to sub-clusters that its newer ones left idle.
    pub fn remember(&mut self, history: &mut History, part: Part, kept: bool) -> Result<(), Error> {
        let past = Past { part, kept };
        if history.is_empty() {
            *history = History::of(part, kept);
            return Ok(());
        }
        let newest = if history.len == 1 { &history.last } else { self.earlier.last().unwrap_or(&history.last) };
        if part.points() > newest.part.points() && history.len < History::MOST {
            if history.len == 1 {
                history.earlier = self.earlier.len() as u8;
            }
            self.earlier.push(past).map_err(|_| Error::TooIrregular)?;
            history.len += 1;
        }
        Ok(())
    }

    /// A history `shift` further, in inputs, outputs and filter.
    fn moved(&mut self, history: &History, shift: [i32; 3]) -> Result<History, Error> {
        let mut other = *history;
        other.last.part = history.last.part.moved(shift);
        other.earlier = self.earlier.len() as u8;
        for earlier in 1..history.len {
            let place = usize::from(history.earlier) + usize::from(earlier) - 1;
            let Some(past) = self.earlier.get(place).copied() else { break };
            let past = Past { part: past.part.moved(shift), kept: past.kept };
            self.earlier.push(past).map_err(|_| Error::TooIrregular)?;
        }
        Ok(other)
    }

    /// Whether two histories are the same but for a shift.
    fn alike(&self, a: &History, b: &History, shift: [i32; 3]) -> bool {
        let pairs = || self.of(a).zip(self.of(b));
        a.len == b.len && pairs().all(|(a, b)| a.kept == b.kept && distance(&a.part, &b.part) == Some(shift))
    }
}

/// Sub-clusters that do the same. They are next to each other, or equally far apart. From one to the next, tile and history move by
/// the same `shift`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The first of them.
    pub q: i32,
    pub count: i32,
    /// From one of them to the next, in sub-clusters: several where inserted zeros lie differently in those between.
    step: i32,
    pub now: Part,
    pub history: History,
    /// From one of them to the next, in inputs, outputs and filter.
    shift: [i32; 3],
    /// Elements of a tile: input, filter, output.
    pub counts: [i64; 3],
    /// Of input and filter, those that it held.
    pub shared: [i64; 2],
    /// Iteration points, and those of them that are not on inserted zeros.
    pub points: [i64; 2],
    /// PEs below take the tile whole.
    pub whole_below: bool,
}

impl Group {
    pub const fn new(q: i32, now: Part, history: History) -> Group {
        let (counts, shared, points) = ([1; 3], [1; 2], [1; 2]);
        Group { q, count: 1, step: 1, now, history, shift: [0; 3], counts, shared, points, whole_below: false }
    }

    /// Makes it so many, `shift` apart.
    pub fn repeat(&mut self, count: i32, shift: [i32; 3]) {
        self.count = count;
        self.shift = shift;
    }

    /// One of them, alone.
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

    /// They have the same tiles once more.
    pub fn stay(&mut self) {
        self.history = History::of(self.now, true);
        self.shared = [self.counts[0], self.counts[1]];
    }

    /// The tile of the last of them.
    pub fn last(&self) -> Part {
        self.now.moved(self.shift.map(|shift| shift * (self.count - 1)))
    }

    /// Whether they compute outputs of each other.
    pub fn overlaps(&self) -> bool {
        self.count > 1 && i64::from(self.shift[1].abs()) < self.now.outputs.len()
    }

    /// Counts the elements and points of its tiles along the axis.
    #[cfg_attr(feature = "std", inline(always))]
    pub fn count_elements(&mut self, shape: &Shape, axis: Axis) {
        self.points = [self.now.points(), shape.slides[axis].points_on_elements(&self.now)];
        self.counts = shape.counts(axis, &self.now);
        self.shared = self.history.last().map_or([0; 2], |past| shape.both(axis, &self.now, &past.part));
    }

    fn held(&self) -> Option<&Part> {
        self.history.last().map(|past| &past.part)
    }

    /// How far `other` lies from this one, if it is the same otherwise.
    fn shift_to(&self, other: &Group, pasts: &Pasts, slide: Slide, leaf: bool) -> Option<[i32; 3]> {
        let shift = distance(&self.now, &other.now)?;
        let alike = leaf || offset(&self.now, &other.now, slide).is_some();
        (alike && pasts.alike(&self.history, &other.history, shift)).then_some(shift)
    }
}

/// How far `b` lies from `a`, in inputs, outputs and filter, if they are as large and windows lie in them alike.
pub(super) fn offset(a: &Part, b: &Part, slide: Slide) -> Option<[i32; 3]> {
    distance(a, b).filter(|[inputs, outputs, filter]| *inputs == outputs * slide.stride + filter)
}

/// How far `b` lies from `a`, in inputs, outputs and filter, if they are as large.
pub(super) fn distance(a: &Part, b: &Part) -> Option<[i32; 3]> {
    let of = |a: Span, b: Span| (a.hi - a.lo == b.hi - b.lo).then_some(b.lo - a.lo);
    Some([of(a.inputs, b.inputs)?, of(a.outputs, b.outputs)?, of(a.filter, b.filter)?])
}

/// The groups of a step, from the lowest sub-cluster up.
pub(super) type Groups = Vec<Group, MAX_GROUPS>;

/// Groups of sub-clusters that one step may have.
pub(super) const MAX_GROUPS: usize = 16;

/// Adds sub-clusters `group.q` to `group.q + count - 1`, `shift` apart, to the last group where they are like it.
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
        // One of several goes on as far apart as they are; the second of all decides that.
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

/// Splits groups so that inserted zeros lie alike in the tiles of each.
pub(super) fn split_by_zeros(groups: &mut Groups, pasts: &mut Pasts, slide: Slide, leaf: bool) -> Result<(), Error> {
    let all = core::mem::take(groups);
    for group in &all {
        let [_, outputs, filter] = group.shift;
        let mut period = slide.period(outputs * slide.stride + filter);
        // Those between compute outputs of both: each alone then, in order.
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

/// What the sub-clusters of a step touch along their axis: elements that any of them touches, and those of them that are
/// new to at least one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Together {
    pub touched: i64,
    pub fresh: i64,
}

impl Together {
    /// Of groups whose elements are counted.
    #[cfg_attr(feature = "std", inline(always))]
    pub fn new(shape: &Shape, tensor: Tensor, axis: Axis, groups: &Groups) -> Result<Together, Error> {
        let slide = shape.slides[axis];
        if let [only] = groups.as_slice()
            && only.count == 1
            && let (Some(touched), Some(shared)) = (only.counts.get(tensor as usize), only.shared.get(tensor as usize))
        {
            return Ok(Together { touched: *touched, fresh: touched - shared });
        }
        match shape.views[tensor][axis] {
            View::Uncoupled => {
                let fresh = groups.iter().any(|group| group.held().is_none());
                Ok(Together { touched: 1, fresh: i64::from(fresh) })
            }
            View::Outputs => unite(groups, |part| part.outputs, |shift| shift[1], Span::len),
            View::Filter => unite(groups, |part| part.filter, |shift| shift[2], Span::len),
            View::Windows => {
                let mut parts = groups.iter().flat_map(|group| group.held().into_iter().chain([&group.now]));
                let filter = groups.first().map_or(Span::new(0, 1), |group| group.now.filter);
                let one_filter = groups.iter().all(|group| group.count == 1 || group.shift[2] == 0);
                if parts.clone().all(|part| slide.is_dense(part.filter)) {
                    let rows = |part: &Part| slide.rows(part.outputs, part.filter);
                    unite(groups, rows, |shift| shift[1] * slide.stride + shift[2], |rows| slide.elements(rows))
                } else if one_filter && parts.all(|part| part.filter == filter) {
                    unite(groups, |part| part.outputs, |shift| shift[1], |span| span.len() * filter.len())
                } else {
                    Together::by_remainder(slide, groups)
                }
            }
        }
    }

    /// Windows with gaps under filters that differ: rows of the same remainder by the stride are intervals.
    #[cold]
    fn by_remainder(slide: Slide, groups: &Groups) -> Result<Together, Error> {
        const MOST: i32 = 64;
        if slide.stride > MOST {
            return Err(Error::TooIrregular);
        }
        let mut sum = Together::default();
        for remainder in 0..slide.stride {
            let mut touched = Spans::default();
            let mut fresh = Spans::default();
            for group in groups {
                for member in 0..group.count {
                    let shift = group.shift.map(|shift| shift * member);
                    let rows = |part: &Part| slide.of_remainder(&part.moved(shift), remainder);
                    let now = rows(&group.now);
                    touched.add(now)?;
                    fresh.add_difference(now, group.held().map(rows))?;
                }
            }
            sum.touched += touched.measure(Span::len);
            sum.fresh += fresh.measure(Span::len);
        }
        Ok(sum)
    }
}

#[cfg_attr(feature = "std", inline(always))]
fn unite(
    groups: &Groups,
    span: impl Fn(&Part) -> Span,
    shift: impl Fn([i32; 3]) -> i32,
    measure: impl Fn(Span) -> i64,
) -> Result<Together, Error> {
    if let [only] = groups.as_slice() {
        let by = shift(only.shift);
        let each = |span: Span| run(span, by, only.count, &measure);
        let now = span(&only.now);
        let touched = each(now);
        let (left, right) = only.held().map_or((now, Span::NONE), |held| difference(now, span(held)));
        if left.is_empty() || right.is_empty() {
            let fresh = if left == now { touched } else { each(left) + each(right) };
            return Ok(Together { touched, fresh });
        }
    }
    let mut touched = Spans::default();
    let mut fresh = Spans::default();
    for group in groups {
        let by = shift(group.shift);
        let now = span(&group.now);
        touched.add_run(now, by, group.count)?;
        match group.held().map(&span) {
            None => fresh.add_run(now, by, group.count)?,
            Some(held) => {
                let (left, right) = difference(now, held);
                fresh.add_run(left, by, group.count)?;
                fresh.add_run(right, by, group.count)?;
            }
        }
    }
    Ok(Together { touched: touched.measure(&measure), fresh: fresh.measure(&measure) })
}

/// What `count` intervals have, each `shift` after the last.
fn run(span: Span, shift: i32, count: i32, measure: impl Fn(Span) -> i64) -> i64 {
    let moved = |times: i32| Span::new(span.lo + shift * times, span.hi + shift * times);
    if span.is_empty() {
        0
    } else if i64::from(shift.abs()) <= span.len() {
        measure(span.hull(moved(count - 1)))
    } else {
        (0..count).map(|times| measure(moved(times))).sum()
    }
}

/// What `now` has left and right of `held`.
fn difference(now: Span, held: Span) -> (Span, Span) {
    if held.meet(now).is_empty() {
        return (now, Span::new(0, 0));
    }
    (Span::new(now.lo, now.hi.min(held.lo)), Span::new(now.lo.max(held.hi), now.hi))
}

/// Disjoint intervals.
#[derive(Default)]
pub(super) struct Spans {
    spans: Vec<Span, 32>,
}

impl Spans {
    /// Adds `count` intervals, each `shift` after the last.
    fn add_run(&mut self, span: Span, shift: i32, count: i32) -> Result<(), Error> {
        if span.is_empty() {
            return Ok(());
        }
        let end = Span::new(span.lo + shift * (count - 1), span.hi + shift * (count - 1));
        if count == 1 || i64::from(shift.abs()) <= span.len() {
            return self.add(span.hull(end));
        }
        (0..count).try_for_each(|i| self.add(Span::new(span.lo + shift * i, span.hi + shift * i)))
    }

    fn add_difference(&mut self, now: Span, held: Option<Span>) -> Result<(), Error> {
        let Some(held) = held else { return self.add(now) };
        let (left, right) = difference(now, held);
        self.add(left)?;
        self.add(right)
    }

    pub fn add(&mut self, mut span: Span) -> Result<(), Error> {
        if span.is_empty() {
            return Ok(());
        }
        // Whatever it meets or touches becomes part of it.
        loop {
            let before = self.spans.len();
            self.spans.retain(|other| {
                let apart = other.lo > span.hi || span.lo > other.hi;
                if !apart {
                    span = span.hull(*other);
                }
                apart
            });
            if self.spans.len() == before {
                break;
            }
        }
        self.spans.push(span).map_err(|_| Error::TooIrregular)
    }

    pub fn measure(&self, measure: impl Fn(Span) -> i64) -> i64 {
        self.spans.iter().map(|span| measure(*span)).sum()
    }
}
