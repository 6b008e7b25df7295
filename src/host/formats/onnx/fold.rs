//! Arithmetic on the small constants from which graphs compute shapes.

use super::tensor::{Element, Fact, MOST_ELEMENTS, Value, elements};

/// For each element of a tensor of this shape, the position of the element that it is a copy of. `source` computes
/// that position from the indices of the element. `None` if there are too many elements.
pub fn places(shape: &[u64], mut source: impl FnMut(&[u64]) -> Option<usize>) -> Option<Vec<usize>> {
    let count = elements(shape).filter(|&count| count <= MOST_ELEMENTS)?;
    let mut at = vec![0; shape.len()];
    let mut places = Vec::with_capacity(count as usize);
    for _ in 0..count {
        places.push(source(&at)?);
        for (place, &size) in at.iter_mut().zip(shape).rev() {
            *place += 1;
            if *place < size {
                break;
            }
            *place = 0;
        }
    }
    Some(places)
}

/// The position of an element in row-major order.
pub fn flat(at: &[u64], shape: &[u64]) -> Option<usize> {
    let place = at.iter().zip(shape).try_fold(0u64, |flat, (&place, &size)| {
        if place < size { flat.checked_mul(size)?.checked_add(place) } else { None }
    })?;
    usize::try_from(place).ok()
}

/// The position of the element that broadcasting copies to these indices.
pub fn broadcast_flat(at: &[u64], shape: &[u64]) -> Option<usize> {
    let own: Vec<u64> = at.iter().skip(at.len().checked_sub(shape.len())?).copied().collect();
    let own: Vec<u64> = own.iter().zip(shape).map(|(&place, &size)| if size == 1 { 0 } else { place }).collect();
    flat(&own, shape)
}

/// The elements of a tensor after broadcasting to this shape.
pub fn broadcast(fact: &Fact, shape: &[u64]) -> Option<Value> {
    let own = fact.shape.as_ref().ok()?;
    fact.value.as_ref()?.pick(&places(shape, |at| broadcast_flat(at, own))?)
}

/// Applies a function of one number to each element.
pub fn unary(op: &str, fact: &Fact) -> Option<Value> {
    Some(match fact.value.as_deref()? {
        Value::Ints(values) => {
            let apply: fn(i64) -> Option<i64> = match op {
                "Neg" => i64::checked_neg,
                "Abs" => i64::checked_abs,
                "Sign" => |value| Some(value.signum()),
                "Not" => |value| Some(i64::from(value == 0)),
                "Relu" => |value| Some(value.max(0)),
                "Floor" | "Ceil" | "Round" => Some,
                _ => return None,
            };
            Value::Ints(values.iter().map(|&value| apply(value)).collect::<Option<_>>()?)
        }
        Value::Floats(values) => {
            let apply: fn(f64) -> f64 = match op {
                "Neg" => |value| -value,
                "Abs" => f64::abs,
                "Sign" => |value| if value == 0.0 { 0.0 } else { value.signum() },
                "Relu" => |value| value.max(0.0),
                "Floor" => f64::floor,
                "Ceil" => f64::ceil,
                "Round" => f64::round_ties_even,
                "Sqrt" => f64::sqrt,
                "Exp" => f64::exp,
                "Log" => f64::ln,
                "Reciprocal" => |value| 1.0 / value,
                _ => return None,
            };
            Value::Floats(values.iter().map(|&value| rounded(apply(value), fact.element)).collect())
        }
    })
}

/// Applies a function of two numbers to each pair of elements after broadcasting.
pub fn binary(op: &str, a: &Fact, b: &Fact, shape: &[u64]) -> Option<Value> {
    Some(match (broadcast(a, shape)?, broadcast(b, shape)?) {
        (Value::Ints(a), Value::Ints(b)) => {
            let apply: fn(i64, i64) -> Option<i64> = match op {
                "Add" | "Sum" => i64::checked_add,
                "Sub" => i64::checked_sub,
                "Mul" => i64::checked_mul,
                "Div" => i64::checked_div,
                "Mod" => i64::checked_rem_euclid,
                "Pow" => |a, b| a.checked_pow(u32::try_from(b).ok()?),
                "Max" => |a, b| Some(a.max(b)),
                "Min" => |a, b| Some(a.min(b)),
                "And" => |a, b| Some(i64::from(a != 0 && b != 0)),
                "Or" => |a, b| Some(i64::from(a != 0 || b != 0)),
                "Xor" => |a, b| Some(i64::from((a != 0) != (b != 0))),
                "Equal" => |a, b| Some(i64::from(a == b)),
                "Less" => |a, b| Some(i64::from(a < b)),
                "LessOrEqual" => |a, b| Some(i64::from(a <= b)),
                "Greater" => |a, b| Some(i64::from(a > b)),
                "GreaterOrEqual" => |a, b| Some(i64::from(a >= b)),
                _ => return None,
            };
            Value::Ints(a.iter().zip(&b).map(|(&a, &b)| apply(a, b)).collect::<Option<_>>()?)
        }
        (Value::Floats(left), Value::Floats(right)) => {
            let pairs = left.iter().zip(&right);
            let compare: Option<fn(&f64, &f64) -> bool> = match op {
                "Equal" => Some(|a, b| a == b),
                "Less" => Some(|a, b| a < b),
                "LessOrEqual" => Some(|a, b| a <= b),
                "Greater" => Some(|a, b| a > b),
                "GreaterOrEqual" => Some(|a, b| a >= b),
                _ => None,
            };
            if let Some(compare) = compare {
                return Some(Value::Ints(pairs.map(|(a, b)| i64::from(compare(a, b))).collect()));
            }
            let apply: fn(f64, f64) -> f64 = match op {
                "Add" | "Sum" => |a, b| a + b,
                "Sub" => |a, b| a - b,
                "Mul" => |a, b| a * b,
                "Div" => |a, b| a / b,
                "Pow" => f64::powf,
                "Max" => f64::max,
                "Min" => f64::min,
                _ => return None,
            };
            Value::Floats(pairs.map(|(&left, &right)| rounded(apply(left, right), a.element)).collect())
        }
        // The exponent may have another type than the base.
        (Value::Floats(left), Value::Ints(right)) if op == "Pow" => {
            let pairs = left.iter().zip(&right);
            Value::Floats(pairs.map(|(&left, &right)| rounded(left.powf(right as f64), a.element)).collect())
        }
        _ => return None,
    })
}

/// Converts elements to another type.
pub fn cast(value: &Value, from: Element, to: Element) -> Option<Value> {
    Some(match value {
        Value::Ints(values) if to == Element::BOOL => Value::Ints(values.iter().map(|&v| i64::from(v != 0)).collect()),
        Value::Floats(values) if to == Element::BOOL => {
            Value::Ints(values.iter().map(|&v| i64::from(v != 0.0)).collect())
        }
        Value::Ints(values) if to.is_float() => Value::Floats(values.iter().map(|&v| rounded(v as f64, to)).collect()),
        Value::Ints(values) => Value::Ints(values.clone()),
        Value::Floats(values) if to.is_float() => Value::Floats(values.iter().map(|&v| rounded(v, to)).collect()),
        // Rounded towards zero, and limited to the range of the type.
        Value::Floats(values) if from.is_float() => Value::Ints(values.iter().map(|&v| v as i64).collect()),
        Value::Floats(_) => return None,
    })
}

/// Rounds a number to its type. Types narrower than 32 bits are not rounded, because no shape depends on that.
pub fn rounded(value: f64, element: Element) -> f64 {
    if element == Element::FLOAT { f64::from(value as f32) } else { value }
}

/// The elements of `yes` where the condition holds, and of `no` elsewhere.
pub fn choose(condition: &Value, yes: &Value, no: &Value) -> Option<Value> {
    let Value::Ints(condition) = condition else { return None };
    Some(match (yes, no) {
        (Value::Ints(yes), Value::Ints(no)) => Value::Ints(chosen(condition, yes, no)),
        (Value::Floats(yes), Value::Floats(no)) => Value::Floats(chosen(condition, yes, no)),
        _ => return None,
    })
}

fn chosen<T: Copy>(condition: &[i64], yes: &[T], no: &[T]) -> Vec<T> {
    condition
        .iter()
        .zip(yes.iter().zip(no))
        .map(|(&condition, (&yes, &no))| if condition != 0 { yes } else { no })
        .collect()
}
