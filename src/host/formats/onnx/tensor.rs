//! What is known of a tensor before the network runs.

use std::rc::Rc;

use super::schema;

/// The maximum number of elements of a constant whose values are used.
pub const MOST_ELEMENTS: u64 = 1 << 14;
/// The maximum number of dimensions of a tensor.
pub const MOST_DIMENSIONS: usize = 32;
/// The maximum number of elements of a tensor. Sums of such numbers cannot overflow; products are checked.
pub const LARGEST: u64 = 1 << 48;

/// The type of an element, as ONNX numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element(pub i32);

impl Element {
    pub const UNKNOWN: Element = Element(0);
    pub const FLOAT: Element = Element(1);
    pub const UINT8: Element = Element(2);
    pub const INT8: Element = Element(3);
    pub const INT32: Element = Element(6);
    pub const INT64: Element = Element(7);
    pub const BOOL: Element = Element(9);

    /// Whether numbers of this type are indices, sizes or truth values.
    pub fn counts(self) -> bool {
        matches!(self.0, 6 | 7 | 9 | 12 | 13)
    }

    /// Whether the type is a float of any width. Unknown types are assumed to be floats.
    pub fn is_float(self) -> bool {
        matches!(self.0, 0 | 1 | 10 | 11 | 14..=20 | 23..=24 | 27..)
    }
}

/// The elements of a small constant, in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Integers and truth values.
    Ints(Vec<i64>),
    /// Floats, each rounded to the width of its type.
    Floats(Vec<f64>),
}

impl Value {
    pub fn len(&self) -> usize {
        match self {
            Value::Ints(values) => values.len(),
            Value::Floats(values) => values.len(),
        }
    }

    /// The elements at these positions.
    pub fn pick(&self, places: &[usize]) -> Option<Value> {
        Some(match self {
            Value::Ints(values) => Value::Ints(places.iter().map(|&i| values.get(i).copied()).collect::<Option<_>>()?),
            Value::Floats(values) => {
                Value::Floats(places.iter().map(|&i| values.get(i).copied()).collect::<Option<_>>()?)
            }
        })
    }
}

/// What is known of a tensor.
#[derive(Clone, Debug)]
pub struct Fact {
    pub element: Element,
    /// The shape, or the reason why it is unknown.
    pub shape: Result<Rc<[u64]>, Rc<str>>,
    /// The elements, if they are known.
    pub value: Option<Rc<Value>>,
    /// Whether the tensor does not depend on the network's inputs: it is a weight, or is computed from weights only.
    pub constant: bool,
    /// The constants of the file that the tensor consists of or is computed from, as positions in the list of
    /// weights.
    pub weights: Rc<[usize]>,
    /// The tensors of a sequence, if this is one and they are known.
    pub items: Option<Rc<[Fact]>>,
}

impl Fact {
    /// A tensor of this shape that the network computes.
    pub fn new(element: Element, shape: &[u64]) -> Fact {
        let shape = Ok(shape.into());
        Fact { element, shape, value: None, constant: false, weights: Rc::default(), items: None }
    }

    /// A tensor whose shape is not known.
    pub fn unknown(why: &Rc<str>) -> Fact {
        Fact {
            element: Element::UNKNOWN,
            shape: Err(why.clone()),
            value: None,
            constant: false,
            weights: Rc::default(),
            items: None,
        }
    }

    /// A sequence of tensors. The tensors of nested sequences are not tracked.
    pub fn sequence(mut items: Vec<Fact>) -> Fact {
        items.iter_mut().for_each(|item| item.items = None);
        Fact { items: Some(items.into()), ..Fact::unknown(&"it is a sequence of tensors".into()) }
    }

    /// Adds the elements, if their number matches the shape.
    pub fn with_value(mut self, value: Option<Value>) -> Fact {
        let elements = self.elements();
        self.value = value.filter(|value| elements == Some(value.len() as u64)).map(Rc::new);
        self
    }

    /// The number of elements; `None` if the shape is unknown.
    pub fn elements(&self) -> Option<u64> {
        elements(self.shape.as_ref().ok()?)
    }

    /// The value of the only element, if there is just one and it is known.
    pub fn scalar(&self) -> Option<f64> {
        match self.value.as_deref()? {
            Value::Ints(values) if values.len() == 1 => Some(values[0] as f64),
            Value::Floats(values) if values.len() == 1 => Some(values[0]),
            _ => None,
        }
    }

    /// A constant of the file.
    ///
    /// # Errors
    /// What is wrong with its shape.
    pub fn of_tensor(tensor: &schema::Tensor) -> Result<Fact, String> {
        let shape = shape_of(&tensor.dims)?;
        let element = Element(tensor.data_type);
        let fact = Fact { constant: true, ..Fact::new(element, &shape) };
        Ok(fact.with_value(value_of(tensor)))
    }

    /// A sparse constant: only its shape matters.
    ///
    /// # Errors
    /// What is wrong with its shape.
    pub fn of_sparse(tensor: &schema::SparseTensor) -> Result<Fact, String> {
        let element = tensor.values.as_ref().map_or(Element::UNKNOWN, |values| Element(values.data_type));
        Ok(Fact { constant: true, ..Fact::new(element, &shape_of(&tensor.dims)?) })
    }
}

/// The number of elements of a shape; `None` if it is too large.
pub fn elements(shape: &[u64]) -> Option<u64> {
    if shape.iter().any(|&size| size > LARGEST) {
        return None;
    }
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1u64, |product, &size| product.checked_mul(size)).filter(|&elements| elements <= LARGEST)
}

/// A shape as text: `1x3x224x224`.
pub fn shown(shape: &[u64]) -> String {
    shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x")
}

/// A shape from the numbers of a file.
///
/// # Errors
/// What is wrong with the numbers.
pub fn shape_of(dims: &[i64]) -> Result<Vec<u64>, String> {
    if dims.len() > MOST_DIMENSIONS {
        return Err(format!("{} dimensions, expected at most {MOST_DIMENSIONS}", dims.len()));
    }
    let size = |&dim: &i64| u64::try_from(dim).map_err(|_| format!("a dimension of {dim} elements"));
    let shape = dims.iter().map(size).collect::<Result<Vec<u64>, String>>()?;
    match elements(&shape) {
        Some(_) => Ok(shape),
        None => Err(format!("a tensor of {} elements, expected at most 2^48", shown(&shape))),
    }
}

/// The elements of a constant, if the file has them and their type is known.
fn value_of(tensor: &schema::Tensor) -> Option<Value> {
    let raw = &tensor.raw_data;
    let fixed = |width: usize, read: fn(&[u8]) -> i64| Value::Ints(raw.chunks_exact(width).map(read).collect());
    let words = || tensor.int32_data.iter().map(|&word| i64::from(word)).collect::<Vec<i64>>();
    Some(match (tensor.data_type, raw.is_empty()) {
        (1, false) => Value::Floats(raw.chunks_exact(4).map(|b| f64::from(f32::from_le_bytes(array(b)))).collect()),
        (1, true) => Value::Floats(tensor.float_data.iter().map(|&value| f64::from(value)).collect()),
        (11, false) => Value::Floats(raw.chunks_exact(8).map(|b| f64::from_le_bytes(array(b))).collect()),
        (11, true) => Value::Floats(tensor.double_data.clone()),
        (10, false) => Value::Floats(raw.chunks_exact(2).map(|b| half(u16::from_le_bytes(array(b)))).collect()),
        (10, true) => Value::Floats(words().iter().map(|&bits| half(bits as u16)).collect()),
        (16, false) => Value::Floats(raw.chunks_exact(2).map(|b| brain(u16::from_le_bytes(array(b)))).collect()),
        (16, true) => Value::Floats(words().iter().map(|&bits| brain(bits as u16)).collect()),
        (2 | 9, false) => fixed(1, |b| i64::from(b[0])),
        (3, false) => fixed(1, |b| i64::from(b[0] as i8)),
        (4, false) => fixed(2, |b| i64::from(u16::from_le_bytes(array(b)))),
        (5, false) => fixed(2, |b| i64::from(i16::from_le_bytes(array(b)))),
        (6, false) => fixed(4, |b| i64::from(i32::from_le_bytes(array(b)))),
        (12, false) => fixed(4, |b| i64::from(u32::from_le_bytes(array(b)))),
        (7, false) => fixed(8, |b| i64::from_le_bytes(array(b))),
        (13, false) => {
            let values = raw.chunks_exact(8).map(|b| i64::try_from(u64::from_le_bytes(array(b))));
            Value::Ints(values.collect::<Result<_, _>>().ok()?)
        }
        (2..=6 | 9, true) => Value::Ints(words()),
        (7, true) => Value::Ints(tensor.int64_data.clone()),
        (12 | 13, true) => {
            Value::Ints(tensor.uint64_data.iter().map(|&value| i64::try_from(value)).collect::<Result<_, _>>().ok()?)
        }
        _ => return None,
    })
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    for (to, from) in array.iter_mut().zip(bytes) {
        *to = *from;
    }
    array
}

/// A float of 16 bits with an exponent of five bits.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f64::from(bits & 0x3FF);
    sign * match (bits >> 10) & 0x1F {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2f64.powi(i32::from(exponent) - 25),
    }
}

/// A float of 16 bits with an exponent of eight bits.
fn brain(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(data_type: i32, count: i64, raw_data: &[u8]) -> Option<Value> {
        let tensor = schema::Tensor { data_type, dims: vec![count], raw_data: raw_data.to_vec(), ..Default::default() };
        Fact::of_tensor(&tensor).unwrap().value.as_deref().cloned()
    }

    #[test]
    fn elements_of_every_width() {
        let halves = [0x3C00u16, 0xC100, 0x0001, 0x7C00].map(u16::to_le_bytes).concat();
        let expected = vec![1.0, -2.5, 2f64.powi(-24), f64::INFINITY];
        assert_eq!(value(10, 4, &halves), Some(Value::Floats(expected)));
        let brains = [0x3F80u16, 0xC020].map(u16::to_le_bytes).concat();
        assert_eq!(value(16, 2, &brains), Some(Value::Floats(vec![1.0, -2.5])));
        assert_eq!(value(1, 1, &0.1f32.to_le_bytes()), Some(Value::Floats(vec![f64::from(0.1f32)])));
        assert_eq!(value(11, 1, &0.1f64.to_le_bytes()), Some(Value::Floats(vec![0.1])));
        assert_eq!(value(3, 2, &[0xFF, 2]), Some(Value::Ints(vec![-1, 2])));
        assert_eq!(value(2, 2, &[0xFF, 2]), Some(Value::Ints(vec![255, 2])));
        assert_eq!(value(5, 1, &[0xFE, 0xFF]), Some(Value::Ints(vec![-2])));
        assert_eq!(value(12, 1, &[0xFF; 4]), Some(Value::Ints(vec![u32::MAX.into()])));
        assert_eq!(value(13, 1, &[0xFF; 8]), None, "beyond what is computed with");
        assert_eq!(value(7, 2, &[1; 8]), None, "fewer than the shape says");
    }

    #[test]
    fn shapes_are_checked() {
        assert_eq!(shape_of(&[2, 0, 3]).unwrap(), [2, 0, 3]);
        assert!(shape_of(&[2, 0, i64::MAX]).is_err());
        assert!(shape_of(&[1 << 30, 1 << 30]).unwrap_err().contains("2^48"));
        assert!(shape_of(&[-1]).unwrap_err().contains("-1 elements"));
        assert!(shape_of(&[1; 33]).unwrap_err().contains("33 dimensions"));
    }
}
