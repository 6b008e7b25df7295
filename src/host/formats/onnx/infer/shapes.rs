//! Operators that only change the shape, and operators that output shapes.

use super::super::call::{Call, Inferred, LAYOUT, Problem, SHAPE, axis};
use super::super::tensor::{Element, Value, elements, shape_of, shown};

/// `Reshape`, `Flatten`, `Squeeze` and `Unsqueeze`.
pub fn reshaped(call: &Call) -> Result<Inferred, Problem> {
    if let Some(new) = independent_of_input(call) {
        return Ok(Inferred::nothing(LAYOUT, vec![call.like(0, &new?)?]));
    }
    let shape = call.shape(0)?;
    let new = match call.op() {
        "Reshape" => reshape(call, shape)?,
        "Flatten" => {
            let rank = shape.len() as i64;
            let at = call.int("axis").unwrap_or(1);
            let at = usize::try_from(if at < 0 { at.saturating_add(rank) } else { at });
            let at = at.ok().filter(|&at| at <= shape.len());
            let at = at.ok_or_else(|| Problem::Bad(format!("axis beyond the {rank} dimensions of its input")))?;
            let size = |part| elements(part).ok_or_else(|| Problem::Bad(format!("{} is too large", shown(shape))));
            vec![size(&shape[..at])?, size(&shape[at..])?]
        }
        "Squeeze" => squeeze(call, shape)?,
        _ => unsqueeze(call, shape)?,
    };
    let output = call.like(0, &new)?;
    if output.elements() != elements(shape) {
        return Err(Problem::Bad(format!("{} elements do not become {}", shown(shape), shown(&new))));
    }
    let value = call.input(0)?.value.as_deref().cloned();
    Ok(Inferred::nothing(LAYOUT, vec![output.with_value(value)]))
}

/// The new shape of an input of unknown shape, if it does not depend on the old shape.
fn independent_of_input(call: &Call) -> Option<Result<Vec<u64>, Problem>> {
    let target = match (&call.given(0)?.shape, call.op()) {
        (Err(_), "Reshape") => call.list_or_input("shape", 1).ok()??,
        _ => return None,
    };
    target.iter().all(|&size| size > 0).then(|| shape_of(target).map_err(Problem::Bad))
}

fn reshape(call: &Call, shape: &[u64]) -> Result<Vec<u64>, Problem> {
    let wanted = call.list_or_input("shape", 1)?.ok_or_else(|| Problem::Bad("has no shape".to_string()))?;
    let bad = || Problem::Bad(format!("{} does not become {wanted:?}", shown(shape)));
    let mut new = Vec::with_capacity(wanted.len());
    for (i, &size) in wanted.iter().enumerate() {
        new.push(match size {
            0 if !call.flag("allowzero") => *shape.get(i).ok_or_else(bad)?,
            -1 => 1,
            size => u64::try_from(size).map_err(|_| bad())?,
        });
    }
    let mut open = wanted.iter().enumerate().filter(|&(_, &size)| size == -1).map(|(i, _)| i);
    match (open.next(), open.next()) {
        (None, _) => {}
        (Some(i), None) => {
            let (all, rest) = (elements(shape).ok_or_else(bad)?, elements(&new).ok_or_else(bad)?);
            if rest == 0 || !all.is_multiple_of(rest) {
                return Err(bad());
            }
            new[i] = all / rest;
        }
        _ => return Err(bad()),
    }
    Ok(new)
}

fn squeeze(call: &Call, shape: &[u64]) -> Result<Vec<u64>, Problem> {
    let axes = match call.list_or_input("axes", 1)? {
        None => return Ok(shape.iter().copied().filter(|&size| size != 1).collect()),
        Some(axes) => axes.iter().map(|&a| axis(a, shape.len())).collect::<Result<Vec<usize>, Problem>>()?,
    };
    if let Some(&long) = axes.iter().find(|&&i| shape[i] != 1) {
        return Err(Problem::Bad(format!("dimension {} of {} is not 1", long + 1, shown(shape))));
    }
    Ok(shape.iter().enumerate().filter(|(i, _)| !axes.contains(i)).map(|(_, &size)| size).collect())
}

fn unsqueeze(call: &Call, shape: &[u64]) -> Result<Vec<u64>, Problem> {
    let axes = call.list_or_input("axes", 1)?.ok_or_else(|| Problem::Bad("has no axes".to_string()))?;
    let rank = shape.len() + axes.len();
    let axes = axes.iter().map(|&a| axis(a, rank)).collect::<Result<Vec<usize>, Problem>>()?;
    let mut sizes = shape.iter();
    let new: Vec<u64> =
        (0..rank).filter_map(|i| if axes.contains(&i) { Some(1) } else { sizes.next().copied() }).collect();
    if new.len() != rank {
        return Err(Problem::Bad("an axis is given twice".to_string()));
    }
    Ok(new)
}

/// `Shape` and `Size`.
pub fn measured(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape(0)?;
    let sizes = |part: &[u64]| Value::Ints(part.iter().map(|&size| size as i64).collect());
    let output = if call.op() == "Size" {
        let count = elements(shape).ok_or_else(|| Problem::Bad(format!("{} is too large", shown(shape))))?;
        call.output(Element::INT64, &[])?.with_value(Some(sizes(&[count])))
    } else {
        let rank = shape.len() as i64;
        let bound = |name: &str, default: i64| {
            let at = call.int(name).unwrap_or(default);
            (if at < 0 { at.saturating_add(rank) } else { at }).clamp(0, rank) as usize
        };
        let (start, end) = (bound("start", 0), bound("end", rank));
        let part = shape.get(start..end).unwrap_or_default();
        call.output(Element::INT64, &[part.len() as u64])?.with_value(Some(sizes(part)))
    };
    Ok(Inferred::nothing(SHAPE, vec![output]))
}
