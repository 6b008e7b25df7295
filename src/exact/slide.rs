//! How a filter slides along an axis: which input rows lie under its windows, and which rows two parts share.

use super::axis::{Part, Span, distance};

/// How the filter slides along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    pub stride: i32,
    /// One input row in so many is an element, the others are zeros that a transposed convolution inserts.
    pub every: i32,
    /// The first row that is an element.
    pub phase: i32,
}

impl Slide {
    /// Elements among these input rows.
    pub fn elements(self, rows: Span) -> i64 {
        if self.every == 1 { rows.len() } else { self.elements_apart(rows) }
    }

    /// The same where there are zeros between them.
    #[cold]
    fn elements_apart(self, rows: Span) -> i64 {
        let upto = |row: i32| i64::from((row - self.phase - 1).div_euclid(self.every.max(1)) + 1);
        if rows.is_empty() { 0 } else { upto(rows.hi) - upto(rows.lo) }
    }

    /// After how many shifts by so many rows the inserted zeros lie as they did before.
    pub fn period(self, rows: i32) -> i32 {
        if self.every == 1 {
            return 1;
        }
        let (mut a, mut b) = (self.every.max(1), rows.abs());
        while let Some(rest) = a.checked_rem(b) {
            (a, b) = (b, rest);
        }
        self.every.checked_div(a).unwrap_or(1).max(1)
    }

    /// Input rows under all windows of a part, as an interval; gaps between windows are in it.
    pub fn rows(self, outputs: Span, filter: Span) -> Span {
        Span::new(outputs.lo * self.stride + filter.lo, (outputs.hi - 1) * self.stride + filter.hi)
    }

    /// Whether a tile of `size` input rows still has all outputs of a part once it is cut to the rows under whole windows.
    pub fn keeps_all(self, size: i32, part: &Part) -> bool {
        let filter = part.filter.hi - part.filter.lo;
        let cut = (size - filter).checked_div(self.stride).unwrap_or(0) * self.stride + filter;
        size < filter || self.rows(part.outputs, part.filter).hi <= part.inputs.lo.saturating_add(cut)
    }

    /// Whether windows of so many filter rows leave no row out between them.
    pub fn is_dense(self, filter: Span) -> bool {
        filter.len() >= i64::from(self.stride)
    }

    /// Iteration points of a part on rows that are elements.
    pub fn points_on_elements(self, part: &Part) -> i64 {
        if self.every == 1 || part.is_empty() { part.points() } else { self.points_apart(part) }
    }

    #[cold]
    fn points_apart(self, part: &Part) -> i64 {
        let row = |row: i32| self.elements(Span::new(part.outputs.lo + row, part.outputs.hi + row));
        (part.filter.lo..part.filter.hi).map(row).sum()
    }

    pub fn windows(self, part: &Part) -> i64 {
        if self.stride == 1 && self.every == 1 && !part.is_empty() {
            return part.outputs.len() + part.filter.len() - 1;
        }
        if part.is_empty() {
            0
        } else if self.is_dense(part.filter) {
            self.elements(self.rows(part.outputs, part.filter))
        } else {
            part.points()
        }
    }

    pub fn shared_windows(self, a: &Part, b: &Part) -> i64 {
        // The rows under the windows lie among their inputs.
        if a.inputs.meet(b.inputs).is_empty() || a.is_empty() || b.is_empty() {
            return 0;
        }
        if self.is_dense(a.filter) && self.is_dense(b.filter) {
            return self.elements(self.rows(a.outputs, a.filter).meet(self.rows(b.outputs, b.filter)));
        }
        if a.filter == b.filter {
            return a.outputs.meet(b.outputs).len() * a.filter.len();
        }
        self.shared_by_remainder(a, b)
    }

    /// Rows of the same remainder by the stride are an interval in each of them; the smaller filter has one of each.
    #[cold]
    fn shared_by_remainder(self, a: &Part, b: &Part) -> i64 {
        let rows = if a.filter.len() < b.filter.len() { a.filter } else { b.filter };
        let of = |row: i32| {
            let remainder = row.rem_euclid(self.stride.max(1));
            self.of_remainder(a, remainder).meet(self.of_remainder(b, remainder)).len()
        };
        (rows.lo..rows.hi).map(of).sum()
    }

    /// The rows of a part that leave `remainder` when divided by the stride, as quotients.
    pub fn of_remainder(self, part: &Part, remainder: i32) -> Span {
        let stride = self.stride.max(1);
        let first = (part.filter.lo - remainder + stride - 1).div_euclid(stride);
        let last = (part.filter.hi - 1 - remainder).div_euclid(stride);
        if first > last { Span::new(0, 0) } else { Span::new(part.outputs.lo + first, part.outputs.hi + last) }
    }
}

/// How far `b` lies from `a`, in inputs, outputs and filter; `None` if one is larger, or if windows lie elsewhere in it.
pub(super) fn offset(a: &Part, b: &Part, slide: Slide) -> Option<[i32; 3]> {
    distance(a, b).filter(|[inputs, outputs, filter]| *inputs == outputs * slide.stride + filter)
}
