//! Unions and differences of intervals.

use heapless::Vec;

use crate::error::Error;

use super::axis::Span;

/// The measure of the union of `count` intervals, each `shift` after the one before.
pub(super) fn run(span: Span, shift: i32, count: i32, measure: impl Fn(Span) -> i64) -> i64 {
    let moved = |times: i32| Span::new(span.lo + shift * times, span.hi + shift * times);
    if span.is_empty() {
        0
    } else if i64::from(shift.abs()) <= span.len() {
        measure(span.hull(moved(count - 1)))
    } else {
        (0..count).map(|times| measure(moved(times))).sum()
    }
}

/// The parts of `now` to the left and to the right of `held`.
pub(super) fn difference(now: Span, held: Span) -> (Span, Span) {
    if held.meet(now).is_empty() {
        return (now, Span::new(0, 0));
    }
    (Span::new(now.lo, now.hi.min(held.lo)), Span::new(now.lo.max(held.hi), now.hi))
}

/// A set of disjoint intervals.
#[derive(Default)]
pub(super) struct Spans {
    spans: Vec<Span, 32>,
}

impl Spans {
    /// Adds `count` intervals, each `shift` after the one before.
    pub fn add_run(&mut self, span: Span, shift: i32, count: i32) -> Result<(), Error> {
        if span.is_empty() {
            return Ok(());
        }
        let end = Span::new(span.lo + shift * (count - 1), span.hi + shift * (count - 1));
        if count == 1 || i64::from(shift.abs()) <= span.len() {
            return self.add(span.hull(end));
        }
        (0..count).try_for_each(|i| self.add(Span::new(span.lo + shift * i, span.hi + shift * i)))
    }

    pub fn add_difference(&mut self, now: Span, held: Option<Span>) -> Result<(), Error> {
        let Some(held) = held else { return self.add(now) };
        let (left, right) = difference(now, held);
        self.add(left)?;
        self.add(right)
    }

    pub fn add(&mut self, mut span: Span) -> Result<(), Error> {
        if span.is_empty() {
            return Ok(());
        }
        // Merge all intervals that overlap or touch the new one.
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
