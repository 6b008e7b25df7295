//! Dimensions and tensors of a layer, and tables with a value for each of them.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A dimension of a layer, or the variable of a directive.
///
/// `OutX` and `OutY` (written `X'` and `Y'`) are the output extents of `X` and `Y`.
/// The variants are in alphabetical order: the order in which a level's missing directives are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Dim {
    /// Input channels (per group in an NGCONV).
    C,
    /// Groups of an NGCONV.
    G,
    /// Output channels (per group in an NGCONV); the reduced dimension of a GEMM.
    K,
    /// Rows of a GEMM's left matrix and of its product.
    M,
    /// Batch of a convolution; columns of a GEMM's right matrix and of its product.
    N,
    /// Filter rows.
    R,
    /// Filter columns.
    S,
    /// Input columns.
    X,
    /// Output columns, `X'`.
    OutX,
    /// Input rows.
    Y,
    /// Output rows, `Y'`.
    OutY,
}

/// Number of [`Dim`]s: the length of a table indexed by dimension.
pub const DIM_COUNT: usize = 11;

impl Dim {
    /// Every dimension, in order.
    pub const ALL: [Dim; DIM_COUNT] =
        [Dim::C, Dim::G, Dim::K, Dim::M, Dim::N, Dim::R, Dim::S, Dim::X, Dim::OutX, Dim::Y, Dim::OutY];

    /// The name in the MAESTRO language: `"K"`, `"X'"`, ...
    pub const fn name(self) -> &'static str {
        match self {
            Dim::C => "C",
            Dim::G => "G",
            Dim::K => "K",
            Dim::M => "M",
            Dim::N => "N",
            Dim::R => "R",
            Dim::S => "S",
            Dim::X => "X",
            Dim::OutX => "X'",
            Dim::Y => "Y",
            Dim::OutY => "Y'",
        }
    }

    /// The dimension with that name, if any; the inverse of [`Dim::name`].
    pub fn from_name(name: &str) -> Option<Dim> {
        Some(match name {
            "C" => Dim::C,
            "G" => Dim::G,
            "K" => Dim::K,
            "M" => Dim::M,
            "N" => Dim::N,
            "R" => Dim::R,
            "S" => Dim::S,
            "X" => Dim::X,
            "X'" => Dim::OutX,
            "Y" => Dim::Y,
            "Y'" => Dim::OutY,
            _ => return None,
        })
    }

    /// The filter dimension that slides over this input dimension: `R` over `Y`, `S` over `X`.
    pub const fn filter(self) -> Option<Dim> {
        match self {
            Dim::X => Some(Dim::S),
            Dim::Y => Some(Dim::R),
            _ => None,
        }
    }

    /// The output dimension of an input dimension: `Y'` of `Y`, `X'` of `X`; itself otherwise.
    pub const fn output(self) -> Dim {
        match self {
            Dim::X => Dim::OutX,
            Dim::Y => Dim::OutY,
            other => other,
        }
    }

    /// The input dimension of an output dimension: `Y` of `Y'`, `X` of `X'`; itself otherwise.
    pub const fn input(self) -> Dim {
        match self {
            Dim::OutX => Dim::X,
            Dim::OutY => Dim::Y,
            other => other,
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct DimSet(u16);

impl DimSet {
    /// The set of these dimensions.
    pub const fn of(dims: &[Dim]) -> DimSet {
        let mut bits = 0;
        let mut i = 0;
        while i < dims.len() {
            bits |= 1 << dims[i] as u16;
            i += 1;
        }
        DimSet(bits)
    }

    /// Whether `dim` is in the set.
    pub const fn contains(self, dim: Dim) -> bool {
        self.0 & (1 << dim as u16) != 0
    }

    /// The union of both sets.
    pub const fn union(self, other: DimSet) -> DimSet {
        DimSet(self.0 | other.0)
    }
}

/// A table with one value for each dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DimMap<T>([T; DIM_COUNT]);

impl<T: Copy> DimMap<T> {
    /// The same value for every dimension.
    pub const fn filled(value: T) -> DimMap<T> {
        DimMap([value; DIM_COUNT])
    }

    /// The value for `dim`, for use in a `const fn`. Elsewhere, use indexing.
    pub const fn at(&self, dim: Dim) -> T {
        self.0[dim as usize]
    }
}

impl<T> core::ops::Index<Dim> for DimMap<T> {
    type Output = T;
    fn index(&self, dim: Dim) -> &T {
        &self.0[dim as usize]
    }
}

impl<T> core::ops::IndexMut<Dim> for DimMap<T> {
    fn index_mut(&mut self, dim: Dim) -> &mut T {
        &mut self.0[dim as usize]
    }
}

/// One of the three tensors of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tensor {
    /// The activations read (the left matrix of a GEMM).
    Input,
    /// The weights read (the right matrix of a GEMM; the second operand of an ELTWISE; none in a POOL).
    Filter,
    /// The activations written.
    Output,
}

impl Tensor {
    /// The three tensors, in the order of the reference's tables.
    pub const ALL: [Tensor; 3] = [Tensor::Input, Tensor::Filter, Tensor::Output];

    /// `"input"`, `"filter"` or `"output"`.
    pub const fn name(self) -> &'static str {
        match self {
            Tensor::Input => "input",
            Tensor::Filter => "filter",
            Tensor::Output => "output",
        }
    }
}

/// A table with one value for each tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct PerTensor<T>(pub [T; 3]);

impl<T> core::ops::Index<Tensor> for PerTensor<T> {
    type Output = T;
    fn index(&self, tensor: Tensor) -> &T {
        &self.0[tensor as usize]
    }
}

impl<T> core::ops::IndexMut<Tensor> for PerTensor<T> {
    fn index_mut(&mut self, tensor: Tensor) -> &mut T {
        &mut self.0[tensor as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_are_alphabetical_with_x_prime_after_x() {
        for dim in Dim::ALL {
            assert_eq!(Dim::from_name(dim.name()), Some(dim));
            assert_eq!(Dim::ALL[dim as usize], dim);
        }
        assert!(Dim::ALL.windows(2).all(|pair| pair[0].name() < pair[1].name()));
        assert_eq!(Dim::from_name("x"), None);
    }
}
