//! The natural order of names: `accelerator_2` comes before `accelerator_10`.

use std::cmp::Ordering;

/// Compares names so that `accelerator_2` comes before `accelerator_10`.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match (digits(left), digits(right)) {
            (0, _) | (_, 0) => {
                let (mut l, mut r) = (left.chars(), right.chars());
                match (l.next(), r.next()) {
                    (None, None) => return a.cmp(b),
                    (x, y) if x != y => return x.cmp(&y),
                    _ => (left, right) = (l.as_str(), r.as_str()),
                }
            }
            (l, r) => {
                let (x, y) = (left[..l].trim_start_matches('0'), right[..r].trim_start_matches('0'));
                match x.len().cmp(&y.len()).then(x.cmp(y)) {
                    Ordering::Equal => (left, right) = (&left[l..], &right[r..]),
                    other => return other,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_as_people_do() {
        let mut names = ["a10", "a2", "b1", "a2b", "a02", "a", "accelerator_51", "accelerator_7"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["a", "a02", "a2", "a2b", "a10", "accelerator_7", "accelerator_51", "b1"]);
    }
}
