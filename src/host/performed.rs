//! Finds layers for which more or fewer operations are performed than they have, because the tiles of their dataflow
//! overlap or, in the reference's model, leave gaps.

use std::fmt;

use rayon::prelude::*;

use crate::host::cost_table::{CostModel, LayerCost};
use crate::host::dataflow_choice::{DataflowChoice, Taken};
use crate::host::shape::kind_and_shape;
use crate::{EnergyTable, Hardware, Layer};

/// The number of affected layers of a network, and the worst of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Performed {
    model: CostModel,
    off: usize,
    all: usize,
    worst: String,
    /// Operations performed as a multiple of the layer's operations.
    times: f64,
    what: &'static str,
}

impl Performed {
    /// Checks layers, each with its name and the operations performed; `None` if for every layer exactly its
    /// operations are performed.
    pub fn of<'a>(model: CostModel, layers: impl Iterator<Item = (String, &'a Layer, u64)>) -> Option<Performed> {
        let (mut off, mut all) = (0, 0);
        let mut worst: Option<(String, &Layer, f64)> = None;
        let distance = |times: f64| times.ln().abs();
        for (name, layer, operations) in layers {
            all += 1;
            let times = operations as f64 / layer.operations().unwrap_or(u64::MAX) as f64;
            off += usize::from(times != 1.0);
            if times != 1.0 && worst.as_ref().is_none_or(|(.., most)| distance(times) >= distance(*most)) {
                worst = Some((name, layer, times));
            }
        }
        let (worst, layer, times) = worst?;
        let what = if layer.kind().has_macs() { "MACs" } else { "operations" };
        Some(Performed { model, off, all, worst, times, what })
    }

    /// Checks the layers that take given directives. Presets are known to perform the right operations.
    pub fn listed(
        model: CostModel,
        choice: &DataflowChoice,
        layers: &[Layer],
        hardware: &Hardware,
    ) -> Option<Performed> {
        let operations = |layer: &Layer| {
            let taken = choice.taken(layer, false, hardware.pes());
            let Taken::Given(_) = taken else { return None };
            let directives = choice.directives(taken, layer.kind()).ok()?;
            let cost = LayerCost::of(model, layer, &directives, hardware, &EnergyTable::REFERENCE).ok()?;
            Some(cost.operations())
        };
        let all: Vec<Option<u64>> = layers.par_iter().map(operations).collect();
        let known = layers.iter().zip(all).filter_map(|(layer, operations)| {
            operations.map(|operations| (format!("layer {}", kind_and_shape(layer)), layer, operations))
        });
        Performed::of(model, known)
    }
}

impl fmt::Display for Performed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Performed { off, all, worst, times, what, .. } = self;
        let fault = match self.model {
            CostModel::Exact => "overlap",
            CostModel::Maestro => "overlap or leave gaps",
        };
        let example = format!("{worst} performs {times:.2} times the layer's {what}");
        let remedy = "give maps offsets as large as their sizes";
        match off {
            1 => write!(f, "{example}: the tiles of its dataflow {fault}; {remedy}"),
            _ => write!(f, "the tiles of the dataflow {fault} in {off} of {all} layers, at worst {example}; {remedy}"),
        }
    }
}
