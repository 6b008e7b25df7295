//! Arguments about dataflows: `--dataflow`, `--fit`, `--map-budget`. [`crate::host::dataflow_choice`] decides which
//! of the given dataflows a layer takes.

mod spec;

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use crate::EnergyTable;
use crate::dataflow::presets::Presets;
use crate::host::campaign::{Costing, MAP, MIXED, NamedDataflow, Objective};
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::{DEFAULT, DataflowChoice};
use crate::host::mapper;
use crate::host::mapper::mappings::{Mappings, Wanted};
use crate::host::network::{LayerError, Network};
use crate::host::performed::Performed;
use crate::{Error, Hardware, Layer};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::{input, output};

pub use spec::{Spec, alternatives};

/// Arguments that choose the dataflow of a network.
#[derive(clap::Args)]
pub struct DataflowArgs {
    /// Preset, optionally with tile sizes (kcp_ws:cluster=32), or file with Dataflow blocks; or several for different
    /// kinds of layers: conv=mine.m+gemm=nmk. Layers that no given dataflow suits take the preset for their kind,
    /// with a warning. In estimate, commas separate alternatives: a row for each, or with --mixed the best for each
    /// layer [default: that of a mapping file, else that of a built-in accelerator, else kcp_ws]
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...]")]
    dataflow: Option<OsString>,
    #[command(flatten)]
    fit: FitArgs,
}

/// Arguments that decide whether presets are fitted to the array.
#[derive(clap::Args)]
pub struct FitArgs {
    /// Shrink clusters of presets that are wider than the array [default, except with --model maestro]
    #[arg(long, overrides_with = "no_fit")]
    fit: bool,
    /// Keep the tile sizes of presets as they are
    #[arg(long, overrides_with = "fit")]
    no_fit: bool,
}

impl FitArgs {
    /// Whether presets are fitted to the array. By default they are not fitted with the reference's model, because
    /// its published figures are without.
    pub fn fit(&self, model: CostModel) -> bool {
        self.fit || (model == CostModel::Exact && !self.no_fit)
    }
}

impl DataflowArgs {
    /// Whether a dataflow is given.
    pub fn is_given(&self) -> bool {
        self.dataflow.is_some()
    }

    /// The number of alternatives.
    pub fn count(&self) -> usize {
        self.dataflow.as_ref().map_or(1, |list| alternatives(std::slice::from_ref(list)).len())
    }

    /// All alternatives for a network. `own` are the default dataflows of the accelerator.
    pub fn all(&self, network: &Network, own: Presets, model: CostModel) -> Result<Vec<NamedDataflow>, Failure> {
        let fit = self.fit.fit(model);
        if let Some(list) = &self.dataflow {
            let given = std::slice::from_ref(list);
            let all = dataflows(given, fit)?;
            for (spec, NamedDataflow { choice, .. }) in alternatives(given).iter().zip(&all) {
                warn_of_others_in(network, &spec.to_string_lossy(), choice);
            }
            return Ok(all);
        }
        let (name, choice) = if network.layers.iter().any(|layer| layer.dataflow.is_some()) {
            ("own", DataflowChoice::own())
        } else {
            (own.convolution.preset().name(), DataflowChoice::of_accelerator(own, fit))
        };
        Ok(vec![NamedDataflow { name: name.to_string(), choice }])
    }

    /// The objective of `map` and `map:energy`; `None` for other dataflows.
    pub fn goal(&self) -> Result<Option<mapper::Objective>, Failure> {
        self.dataflow.as_deref().map_or(Ok(None), goal)
    }

    /// The dataflows for a network. `own` are the default dataflows of the accelerator.
    pub fn choice(&self, network: &Network, own: Presets, model: CostModel) -> Result<DataflowChoice, Failure> {
        let fit = self.fit.fit(model);
        match &self.dataflow {
            Some(spec) => choice(network, spec, fit),
            None if network.layers.iter().any(|layer| layer.dataflow.is_some()) => Ok(DataflowChoice::own()),
            None => Ok(DataflowChoice::of_accelerator(own, fit)),
        }
    }
}

/// The figure that decides which dataflow of a layer is the best: the one with the least.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Best {
    Latency,
    Energy,
    Edp,
}

impl From<Best> for Objective {
    fn from(best: Best) -> Objective {
        match best {
            Best::Latency => Objective::Latency,
            Best::Energy => Objective::Energy,
            Best::Edp => Objective::Edp,
        }
    }
}

/// Arguments of the search for the best mappings.
#[derive(clap::Args)]
pub struct MappingArgs {
    /// Mappings that --dataflow map costs at most for a layer on an accelerator; the others are only bounded
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    map_budget: Option<u64>,
    /// How far a mapping of --dataflow map may be above the proven least, such as 0.1%: a search ends with the first
    /// that is within it [default: 0%, the best]
    #[arg(long, value_name = "PERCENT", value_parser = input::percent)]
    map_gap: Option<f64>,
}

impl MappingArgs {
    /// The first of these flags that is given.
    pub fn given(&self) -> Option<&'static str> {
        [(self.map_budget.is_some(), "--map-budget"), (self.map_gap.is_some(), "--map-gap")]
            .into_iter()
            .find_map(|(given, flag)| given.then_some(flag))
    }

    /// The mappings that are searched for.
    pub fn wanted(&self, objective: mapper::Objective, energies: EnergyTable) -> Wanted {
        Wanted { objective, energies, budget: self.budget(), gap: self.gap() }
    }

    /// How far a mapping may be above the proven least, as a share of it.
    pub fn gap(&self) -> f64 {
        self.map_gap.unwrap_or(0.0)
    }

    /// The maximum number of mappings that are costed for a layer.
    pub fn budget(&self) -> u64 {
        self.map_budget.unwrap_or(MAP_BUDGET)
    }
}

/// The default of `--map-budget`. It suffices to prove the best mapping of most layers.
const MAP_BUDGET: u64 = 10_000;

/// The dataflows of a campaign or a search, and the mappings to search for if `map` is among them.
pub fn with_mappings(
    given: &[OsString],
    fit: bool,
    costing: &Costing,
    map: &MappingArgs,
) -> Result<(Vec<NamedDataflow>, Option<Arc<Mappings>>), Failure> {
    let mut goals = Vec::new();
    let mut others = Vec::new();
    for spec in alternatives(given) {
        match goal(&spec)? {
            Some(goal) => goals.push(goal),
            None => others.push(spec),
        }
    }
    let dataflows = dataflows(&others, fit)?;
    let objective = match goals.as_slice() {
        [] => {
            return match map.given() {
                Some(flag) => Err(Failure::Usage(format!("{flag} is of --dataflow map"))),
                None => Ok((dataflows, None)),
            };
        }
        [objective] => *objective,
        _ => return Err(Failure::Input(format!("two dataflows have the name {MAP}"))),
    };
    if costing.model() == CostModel::Maestro {
        return Err(Failure::Usage(
            "--dataflow map searches by the exact model: leave out --model maestro".to_string(),
        ));
    }
    let wanted = map.wanted(objective, costing.energies());
    Ok((dataflows, Some(Arc::new(Mappings::new(wanted)))))
}

/// The objective of `map` and `map:energy`; `None` for any other dataflow.
fn goal(spec: &OsStr) -> Result<Option<mapper::Objective>, Failure> {
    let Some(text) = spec.to_str() else { return Ok(None) };
    let (name, goal) = text.split_once(':').unwrap_or((text, mapper::Objective::Latency.name()));
    if name != MAP {
        return Ok(None);
    }
    let known = mapper::Objective::ALL.into_iter().find(|objective| objective.name() == goal);
    let names = mapper::Objective::ALL.map(mapper::Objective::name).join(", ");
    let known =
        known.ok_or_else(|| Failure::Input(format!("--dataflow {text}: expected one of {names} behind the colon")));
    known.map(Some)
}

/// Warns if the tiles of a dataflow overlap. `hardware` is any one of the accelerators.
pub fn warn_of_overlaps(dataflow: &NamedDataflow, layers: &[Layer], hardware: &Hardware, model: CostModel) {
    if let Some(performed) = Performed::listed(model, &dataflow.choice, layers, hardware) {
        output::message(format_args!("warning: {}: {performed}", dataflow.name));
    }
}

/// Prints how many of the mappings that were found are proven to be the best, and how far the others may be from it.
pub fn message_of_mappings(mappings: Option<&Mappings>) {
    let searched = mappings.map(Mappings::certificate).filter(|certificate| certificate.searched > 0);
    if let Some(certificate) = searched {
        output::message(format_args!("{MAP}: {certificate}"));
    }
}

/// The given dataflows, with their names in tables.
pub fn dataflows(given: &[OsString], fit: bool) -> Result<Vec<NamedDataflow>, Failure> {
    let named = alternatives(given).into_iter().map(|spec| {
        let Spec { name, given } = Spec::new(&spec)?;
        Ok(NamedDataflow { name, choice: DataflowChoice::given(given, fit) })
    });
    let named = named.collect::<Result<Vec<_>, Failure>>()?;
    let names: Vec<&str> = named.iter().map(|dataflow| dataflow.name.as_str()).chain([MIXED]).collect();
    match input::twice(&names) {
        Some(name) => Err(Failure::Input(format!("two dataflows have the name {name}"))),
        None => Ok(named),
    }
}

/// The dataflows for a network by a specification. Warns of layers that none of them suits.
pub fn choice(network: &Network, spec: &OsStr, fit: bool) -> Result<DataflowChoice, Failure> {
    let choice = DataflowChoice::given(Spec::new(spec)?.given, fit);
    warn_of_others_in(network, &spec.to_string_lossy(), &choice);
    Ok(choice)
}

fn warn_of_others_in(network: &Network, given: &str, choice: &DataflowChoice) {
    let layers = network.layers.iter();
    warn_of_others(given, choice, layers.map(|named| (named.name.as_str(), &named.layer, named.dataflow.is_some())));
}

/// Warns of layers that none of the given dataflows suits, and names the dataflow that they take instead. `layers`
/// has the name of each layer, the layer, and whether it has a dataflow of its own.
pub fn warn_of_others<'a>(
    given: &str,
    choice: &DataflowChoice,
    layers: impl Iterator<Item = (&'a str, &'a Layer, bool)>,
) {
    let (mut names, mut taken, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (name, layer, has_own) in layers.filter(|(_, layer, _)| choice.has_none_for(layer)) {
        let kind = layer.kind();
        let own = if has_own { "their own" } else { DEFAULT.for_kind(kind).name() };
        push_new(&mut names, name);
        push_new(&mut taken, own);
        push_new(&mut kinds, kind);
    }
    if !names.is_empty() {
        let names = output::few(&names);
        let taken = taken.join(" and ");
        let more: String = kinds.iter().map(|kind| format!("+{}=NAME", kind.name().to_lowercase())).collect();
        output::message(format_args!(
            "warning: {given} has no dataflow that suits {names}: taken is {taken}; add {more} for another"
        ));
    }
}

fn push_new<T: PartialEq>(known: &mut Vec<T>, item: T) {
    if !known.contains(&item) {
        known.push(item);
    }
}

/// The failure for layers that `choice` does not suit.
pub fn unsuited(errors: Vec<LayerError>, choice: &DataflowChoice) -> Failure {
    let too_wide = errors.iter().any(|error| matches!(error.error, Error::ClusterExceedsArray { .. }));
    let help = match choice.presets().next() {
        None => None,
        Some(_) if too_wide && !choice.fits() && choice.presets().any(|tiling| tiling.shrinks()) => {
            Some("--fit lets the clusters of a preset shrink to the array")
        }
        Some(_) if too_wide => Some("choose another preset (see `maestrino list`) or more PEs"),
        Some(_) => Some("choose another preset (see `maestrino list`)"),
    };
    Failure::Layers(errors, help)
}
