//! What the sub-clusters of a step touch together along the axis that is spread over them.

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, Span};
use super::groups::Groups;
use super::shape::{Coupling, Shape};
use super::slide::Slide;
use super::spans::{Spans, difference, run};

/// The union of what the sub-clusters of a step touch of a tensor along their axis: elements that any of them
/// touches, and elements that are new to at least one of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Together {
    pub touched: i64,
    pub fresh: i64,
}

impl Together {
    /// The union over groups, whose elements have already been counted (see `Group::count_elements`).
    #[cfg_attr(feature = "std", inline(always))]
    pub fn new(shape: &Shape, tensor: Tensor, axis: Axis, groups: &Groups) -> Result<Together, Error> {
        let slide = shape.slides[axis];
        if let [only] = groups.as_slice()
            && only.count == 1
            && let (Some(touched), Some(shared)) = (only.counts.get(tensor as usize), only.shared.get(tensor as usize))
        {
            return Ok(Together { touched: *touched, fresh: touched - shared });
        }
        match shape.couplings[tensor][axis] {
            Coupling::Uncoupled => {
                let fresh = groups.iter().any(|group| group.held().is_none());
                Ok(Together { touched: 1, fresh: i64::from(fresh) })
            }
            Coupling::Outputs => unite(groups, |part| part.outputs, |shift| shift[1], Span::len),
            Coupling::Filter => unite(groups, |part| part.filter, |shift| shift[2], Span::len),
            Coupling::Windows => {
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

    /// For windows with gaps and different filter tiles. The rows that leave the same remainder when divided by the
    /// stride form intervals.
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
