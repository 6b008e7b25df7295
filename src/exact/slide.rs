//! How a filter slides along an axis: which input rows its windows cover, and which rows two parts share.

use super::axis::{Part, Span, distance};

/// How the filter slides along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    pub stride: i32,
    /// Every `every`-th input row is an element. The others are zeros that a transposed convolution inserts.
    pub every: i32,
    /// The first row that is an element.
    pub phase: i32,
}

impl Slide {
    /// Number of elements (not inserted zeros) among the given input rows.
    pub fn elements(self, rows: Span) -> i64 {
        if self.every == 1 { rows.len() } else { self.elements_apart(rows) }
    }

    /// The same if there are zeros between elements.
    #[cold]
    fn elements_apart(self, rows: Span) -> i64 {
        let upto = |row: i32| i64::from((row - self.phase - 1).div_euclid(self.every.max(1)) + 1);
        if rows.is_empty() { 0 } else { upto(rows.hi) - upto(rows.lo) }
    }

    /// The number of shifts by `rows` rows after which the inserted zeros lie as before.
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

    /// Input rows under all windows of a part, as an interval that includes gaps between windows.
    pub fn rows(self, outputs: Span, filter: Span) -> Span {
        Span::new(outputs.lo * self.stride + filter.lo, (outputs.hi - 1) * self.stride + filter.hi)
    }

    /// Whether a tile of `size` input rows, cut to whole windows, still has all outputs of a part.
    pub fn keeps_all(self, size: i32, part: &Part) -> bool {
        let filter = part.filter.hi - part.filter.lo;
        let cut = (size - filter).checked_div(self.stride).unwrap_or(0) * self.stride + filter;
        size < filter || self.rows(part.outputs, part.filter).hi <= part.inputs.lo.saturating_add(cut)
    }

    /// Whether windows of the filter rows in `filter` leave no row out between them.
    pub fn is_dense(self, filter: Span) -> bool {
        filter.len() >= i64::from(self.stride)
    }

    /// Iteration points of a part that are not on inserted zeros.
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
        // The rows under the windows are among the parts' input rows.
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

    /// In each part, the rows that leave the same remainder when divided by the stride form an interval. The rows of
    /// the smaller filter have different remainders.
    #[cold]
    fn shared_by_remainder(self, a: &Part, b: &Part) -> i64 {
        let rows = if a.filter.len() < b.filter.len() { a.filter } else { b.filter };
        let of = |row: i32| {
            let remainder = row.rem_euclid(self.stride.max(1));
            self.of_remainder(a, remainder).meet(self.of_remainder(b, remainder)).len()
        };
        (rows.lo..rows.hi).map(of).sum()
    }

    /// The rows of a part that leave `remainder` when divided by the stride, as an interval of quotients.
    pub fn of_remainder(self, part: &Part, remainder: i32) -> Span {
        let stride = self.stride.max(1);
        let first = (part.filter.lo - remainder + stride - 1).div_euclid(stride);
        let last = (part.filter.hi - 1 - remainder).div_euclid(stride);
        if first > last { Span::new(0, 0) } else { Span::new(part.outputs.lo + first, part.outputs.hi + last) }
    }
}

/// The shift from `a` to `b`, in inputs, outputs and filter elements; `None` if their sizes differ, or if windows lie
/// differently in them.
pub(super) fn offset(a: &Part, b: &Part, slide: Slide) -> Option<[i32; 3]> {
    distance(a, b).filter(|[inputs, outputs, filter]| *inputs == outputs * slide.stride + filter)
}
