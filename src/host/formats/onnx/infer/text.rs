//! Operators on texts.

use super::super::call::{Call, Inferred, LAYOUT, Problem};
use super::super::tensor::Element;

/// `TfIdfVectorizer`. The output has as many numbers as the table has entries.
pub fn vectorized(call: &Call) -> Result<Inferred, Problem> {
    let shape = call.shape_of_rank(0, 1)?;
    let places = call.list("ngram_indexes").unwrap_or_default();
    let most = places.iter().max().and_then(|&most| u64::try_from(most).ok()?.checked_add(1));
    let most = most.ok_or_else(|| Problem::Bad("has no ngram_indexes".to_string()))?;
    let new = [&shape[..shape.len() - 1], &[most]].concat();
    Ok(Inferred::nothing(LAYOUT, vec![call.output(Element::FLOAT, &new)?]))
}

/// `StringNormalizer`. The number of texts stays the same, unless stop words are left out.
pub fn normalized(call: &Call) -> Result<Inferred, Problem> {
    match call.attribute("stopwords") {
        None => Ok(Inferred::nothing(LAYOUT, vec![call.like(0, call.shape(0)?)?])),
        Some(_) => Err(call.depends(0)),
    }
}
