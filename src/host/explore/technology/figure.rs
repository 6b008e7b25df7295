//! A figure of a buffer, such as its energy: the same for all sizes, or by size.

use serde::Deserialize;

/// A figure of a buffer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) enum Figure {
    /// The same for all sizes, or a figure for each byte.
    One(f64),
    /// Bytes and figures, in ascending order: between two sizes and beyond the last, a power law.
    Sizes(Vec<(f64, f64)>),
    /// A power law as on the command line and in hardware files, see [`BufferSizes`](crate::BufferSizes).
    Power { figure: f64, at: f64, exponent: f64 },
}

impl TryFrom<toml::Value> for Figure {
    type Error = &'static str;

    fn try_from(value: toml::Value) -> Result<Figure, &'static str> {
        let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|integer| integer as f64));
        let point = |value: &toml::Value| match value.as_array().map(Vec::as_slice) {
            Some([bytes, figure]) => number(bytes).zip(number(figure)),
            _ => None,
        };
        let points = || Some(Figure::Sizes(value.as_array()?.iter().map(point).collect::<Option<_>>()?));
        let expected = "expected a number, or a list of sizes and figures: [[1024, 0.001], [65536, 0.01]]";
        number(&value).map(Figure::One).or_else(points).ok_or(expected)
    }
}

impl Figure {
    /// The figure of a buffer of this size. If the buffer has no limit, its size does not change a [`Figure::Power`].
    pub fn at(&self, bytes: u64, limited: bool) -> f64 {
        let bytes = bytes.max(1) as f64;
        match self {
            Figure::One(figure) => *figure,
            Figure::Power { figure, .. } if !limited => *figure,
            Figure::Power { figure, at, exponent } => figure * libm::pow(bytes / at, *exponent),
            Figure::Sizes(points) => by_size(points, bytes),
        }
    }

    /// The same, but a single figure is multiplied by the bytes.
    pub fn of_bytes(&self, bytes: u64) -> f64 {
        match self {
            Figure::One(figure) => figure * bytes.max(1) as f64,
            sizes => sizes.at(bytes, true),
        }
    }

    /// # Errors
    /// Figures that make no sense; the message says which, and what to change.
    pub fn check(&self, name: &str) -> Result<(), String> {
        let sound = |figure: f64| (0.0..=MOST).contains(&figure);
        let points: &[(f64, f64)] = match self {
            Figure::Sizes(points) => points,
            Figure::One(figure) | Figure::Power { figure, .. } => &[(1.0, *figure)],
        };
        if points.is_empty() {
            return Err(format!("{name}: the list of sizes is empty; give a number, or [[BYTES, FIGURE], ...]"));
        }
        if let Some((bytes, figure)) = points.iter().find(|(bytes, figure)| !(sound(*figure) && *bytes >= 1.0)) {
            return Err(format!(
                "{name}: [{bytes}, {figure}] is not a size of a byte or more and a figure from 0 to {MOST:e}"
            ));
        }
        match points.windows(2).find(|pair| pair[0].0 >= pair[1].0 || pair[0].1 > pair[1].1) {
            Some([(bytes, figure), (next, other)]) => Err(format!(
                "{name}: [{next}, {other}] stands behind [{bytes}, {figure}]; sizes are to rise, and a larger buffer cannot take less"
            )),
            _ => Ok(()),
        }
    }
}

/// The largest figure.
const MOST: f64 = 1e9;

fn by_size(points: &[(f64, f64)], bytes: f64) -> f64 {
    let next = points.partition_point(|(size, _)| *size < bytes);
    if let Some((size, figure)) = points.get(next)
        && *size == bytes
    {
        return *figure;
    }
    // The two nearest sizes; below the first or beyond the last, the two at that end.
    let start = next.saturating_sub(1).min(points.len().saturating_sub(2));
    match points[start..] {
        [(small, low), (large, high), ..] if low > 0.0 => {
            low * libm::pow(bytes / small, libm::log(high / low) / libm::log(large / small))
        }
        // A power law cannot start at 0, so this is a straight line.
        [(small, low), (large, high), ..] => low + (high - low) * ((bytes - small) / (large - small)).max(0.0),
        [(_, figure)] => figure,
        [] => 0.0,
    }
}
