//! What `--dataflow` says: presets and files, for all kinds of layer or for one. Which of them a layer takes is told in
//! [`crate::host::dataflow_choice`].

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::Arc;

use crate::EnergyTable;
use crate::dataflow::presets::{Preset, Presets, Tiling};
use crate::host::campaign::{Costing, MAP, MIXED, NamedDataflow, Objective};
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::{DEFAULT, DataflowChoice, Directives, Given};
use crate::host::formats::file;
use crate::host::formats::maestro;
use crate::host::mapper;
use crate::host::mapper::mappings::{Mappings, Wanted};
use crate::host::network::{LayerError, Network};
use crate::host::performed::Performed;
use crate::{Error, Hardware, Layer, LayerKind};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::{input, output};

/// Arguments that choose the dataflow of a network.
#[derive(clap::Args)]
pub struct DataflowArgs {
    /// Preset, with tile sizes if you like (kcp_ws:cluster=32), or file with Dataflow blocks; or several, each for a kind of
    /// layer: conv=mine.m+gemm=nmk. Layers that nothing given suits take the preset for their kind, which is told. For
    /// estimate also alternatives, separated by commas: a row for each, or with --mixed the best for each layer
    /// [default: what a mapping file brings, else that of a built-in accelerator, else kcp_ws]
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...]")]
    dataflow: Option<OsString>,
    #[command(flatten)]
    fit: FitArgs,
}

/// Arguments that tell whether presets are cut to the array.
#[derive(clap::Args)]
pub struct FitArgs {
    /// Let clusters of presets that are wider than the array shrink to it [default, but for --model maestro]
    #[arg(long, overrides_with = "no_fit")]
    fit: bool,
    /// Take the tile sizes of presets as they are
    #[arg(long, overrides_with = "fit")]
    no_fit: bool,
}

impl FitArgs {
    /// Whether they are in a model: what the reference publishes is not.
    pub fn fit(&self, model: CostModel) -> bool {
        self.fit || (model == CostModel::Exact && !self.no_fit)
    }
}

impl DataflowArgs {
    /// Whether any are given.
    pub fn is_given(&self) -> bool {
        self.dataflow.is_some()
    }

    /// How many alternatives there are.
    pub fn count(&self) -> usize {
        self.dataflow.as_ref().map_or(1, |list| alternatives(std::slice::from_ref(list)).len())
    }

    /// The alternatives that they choose for a network, on an accelerator whose dataflows are `own`.
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

    /// What the mappings are to have least of that a mapper is to find: of `map` and `map:energy`.
    pub fn goal(&self) -> Result<Option<mapper::Objective>, Failure> {
        self.dataflow.as_deref().map_or(Ok(None), goal)
    }

    /// What they choose for a network, on an accelerator whose dataflows are `own`.
    pub fn choice(&self, network: &Network, own: Presets, model: CostModel) -> Result<DataflowChoice, Failure> {
        let fit = self.fit.fit(model);
        match &self.dataflow {
            Some(spec) => choice(network, spec, fit),
            None if network.layers.iter().any(|layer| layer.dataflow.is_some()) => Ok(DataflowChoice::own()),
            None => Ok(DataflowChoice::of_accelerator(own, fit)),
        }
    }
}

/// What the best dataflow of a layer has least of.
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

/// What a search for the best mappings takes.
#[derive(clap::Args)]
pub struct MappingArgs {
    /// Mappings of a layer on an accelerator that --dataflow map costs at most; what is left is bounded
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    map_budget: Option<u64>,
    /// How far above the proven least a mapping of --dataflow map may be: a search ends as soon as it knows one so good, as 0.1%
    /// [default: 0%, the best]
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

    /// What is searched for.
    pub fn wanted(&self, objective: mapper::Objective, energies: EnergyTable) -> Wanted {
        Wanted { objective, energies, budget: self.budget(), gap: self.gap() }
    }

    /// By how much, as a share, a mapping may be above what is proven to be the least.
    pub fn gap(&self) -> f64 {
        self.map_gap.unwrap_or(0.0)
    }

    /// Mappings that are costed at most.
    pub fn budget(&self) -> u64 {
        self.map_budget.unwrap_or(MAP_BUDGET)
    }
}

/// Mappings that are costed at most where nothing else is asked for: enough for a proof of most layers.
const MAP_BUDGET: u64 = 10_000;

/// Dataflows of a campaign or a search, and best mappings where `map` is among them.
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

/// What mappings are to have least of, of `map` and `map:energy`; `None` for any other dataflow.
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

/// Says where the tiles of a dataflow overlap; `hardware` is one of the accelerators.
pub fn warn_of_overlaps(dataflow: &NamedDataflow, layers: &[Layer], hardware: &Hardware, model: CostModel) {
    if let Some(performed) = Performed::listed(model, &dataflow.choice, layers, hardware) {
        output::message(format_args!("warning: {}: {performed}", dataflow.name));
    }
}

/// Says how good the mappings are that were found.
pub fn message_of_mappings(mappings: Option<&Mappings>) {
    let searched = mappings.map(Mappings::certificate).filter(|certificate| certificate.searched > 0);
    if let Some(certificate) = searched {
        output::message(format_args!("{MAP}: {certificate}"));
    }
}

/// Dataflows and their names in the tables.
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

/// What a specification chooses for a network. Which layers it has nothing for is told.
pub fn choice(network: &Network, spec: &OsStr, fit: bool) -> Result<DataflowChoice, Failure> {
    let choice = DataflowChoice::given(Spec::new(spec)?.given, fit);
    warn_of_others_in(network, &spec.to_string_lossy(), &choice);
    Ok(choice)
}

fn warn_of_others_in(network: &Network, given: &str, choice: &DataflowChoice) {
    let layers = network.layers.iter();
    warn_of_others(given, choice, layers.map(|named| (named.name.as_str(), &named.layer, named.dataflow.is_some())));
}

/// Says which layers take another dataflow than those that are given, and which: names, layers, and whether they bring one
/// along.
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

/// The failure of layers that `choice` does not suit.
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

/// What a specification says: `kcp_ws:cluster=32`, `mine.m`, `conv=mine.m+gemm=nmk`.
pub struct Spec {
    /// Its name in tables: `kcp_ws_cluster32`, `mine`, `conv_mine+gemm_nmk`.
    pub name: String,
    /// The dataflows.
    pub given: Vec<Given>,
}

impl Spec {
    /// Reads it, and the files that it names.
    ///
    /// # Errors
    /// What does not exist, and files that are wrong.
    pub fn new(spec: &OsStr) -> Result<Spec, Failure> {
        // A file may have any name, also one that is no text.
        let parts: Vec<&OsStr> = match spec.to_str() {
            Some(text) if is_preset(text) || !Path::new(spec).exists() => text.split('+').map(OsStr::new).collect(),
            _ => vec![spec],
        };
        let (mut names, mut of_kinds, mut general) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            let (kind, what) = kind_of(part)?;
            let (name, given) = named(kind, what)?;
            names.push(kind.map_or(name.clone(), |kind| format!("{}_{name}", kind.name().to_lowercase())));
            if kind.is_some() { &mut of_kinds } else { &mut general }.extend(given);
        }
        for given in [&of_kinds, &general] {
            if let Some(kind) = twice(given) {
                let whose = kind.map_or("all kinds of layer".to_string(), |kind| format!("{kind} layers"));
                let how = "give one, or each with its KIND=; estimate, campaign and codesign take alternatives, separated by commas";
                return Err(Failure::Usage(format!(
                    "--dataflow {}: there are two dataflows for {whose}; {how}",
                    spec.display()
                )));
            }
        }
        // What is said of a kind here comes before what a file says of it.
        of_kinds.append(&mut general);
        Ok(Spec { name: names.join("+"), given: of_kinds })
    }
}

/// The specifications in a list: commas separate them, and their tile sizes.
pub fn alternatives(lists: &[OsString]) -> Vec<OsString> {
    let mut specs: Vec<OsString> = Vec::new();
    for list in lists {
        let Some(text) = list.to_str().filter(|_| !Path::new(list).exists()) else {
            specs.push(list.clone());
            continue;
        };
        let mut open: Option<String> = None;
        for part in text.split(',') {
            let is_tile =
                part.split_once('=').is_some_and(|(name, _)| !name.contains(':') && kind_named(name).is_none());
            match &mut open {
                // A further tile size of the dataflow before.
                Some(spec) if is_tile && spec.contains(':') => *spec += &format!(",{part}"),
                open => specs.extend(open.replace(part.trim().to_string()).map(OsString::from)),
            }
        }
        specs.extend(open.map(OsString::from));
    }
    specs
}

/// The kind that a part of a specification is for, if it names one, and the rest.
fn kind_of(part: &OsStr) -> Result<(Option<LayerKind>, &OsStr), Failure> {
    let named = part.to_str().and_then(|text| text.split_once('=')).filter(|(kind, _)| !kind.contains(':'));
    let Some((kind, what)) = named.filter(|_| !Path::new(part).exists()) else { return Ok((None, part)) };
    let known = || LayerKind::ALL.map(|kind| kind.name().to_lowercase()).join(", ");
    match kind_named(kind) {
        None => {
            let known = known();
            Err(Failure::Usage(format!(
                "--dataflow {}: there is no kind of layer '{kind}'; kinds are {known}",
                part.display()
            )))
        }
        Some(_) if what.is_empty() => {
            Err(Failure::Usage(format!("--dataflow {}: expected a preset or a file after '='", part.display())))
        }
        kind => Ok((kind, OsStr::new(what))),
    }
}

fn kind_named(name: &str) -> Option<LayerKind> {
    LayerKind::from_name(&name.to_ascii_uppercase())
}

fn is_preset(spec: &str) -> bool {
    Preset::from_name(spec.split([':', '+']).next().unwrap_or(spec)).is_some()
}

/// A preset with tile sizes or the dataflows of a file, for layers of a kind or of all kinds; and its name in tables.
fn named(kind: Option<LayerKind>, what: &OsStr) -> Result<(String, Vec<Given>), Failure> {
    let text = what.to_string_lossy();
    let (name, tiles) = text.split_once(':').unwrap_or((&text, ""));
    if let Some(preset) = Preset::from_name(name) {
        let directives = Directives::Preset(tiling(preset, tiles)?);
        let tiles = tiles.split(',').filter(|tile| !tile.is_empty()).map(|tile| format!("_{}", tile.replace('=', "")));
        return Ok((format!("{name}{}", tiles.collect::<String>()), vec![Given { kind, directives }]));
    }
    let path = Path::new(what);
    if !path.exists() {
        return Err(input::unknown("dataflow", name, Preset::ALL.iter().map(|preset| preset.name())));
    }
    let mut dataflows = maestro::parse_dataflows(&file::text(path)?, &path.to_string_lossy()).map_err(Box::new)?;
    if let Some(kind) = kind {
        let own = dataflows.iter().position(|(own, _)| *own == Some(kind));
        let Some(place) = own.or_else(|| dataflows.iter().position(|(own, _)| own.is_none())) else {
            let has: Vec<_> = dataflows.iter().filter_map(|(kind, _)| kind.map(LayerKind::name)).collect();
            return Err(Failure::Input(format!(
                "{}: there is no dataflow for {kind} layers; there is one for {}",
                path.display(),
                has.join(", ")
            )));
        };
        dataflows = vec![(Some(kind), dataflows.swap_remove(place).1)];
    }
    let given = dataflows.into_iter().map(|(kind, dataflow)| {
        let directives = Directives::Listed(Box::new(dataflow));
        Given { kind, directives }
    });
    Ok((file::stem(path), given.collect()))
}

/// A kind that several are for, if there is one.
fn twice(given: &[Given]) -> Option<Option<LayerKind>> {
    let same = |(place, one): (usize, &Given)| given[..place].iter().any(|other| other.kind == one.kind);
    given.iter().enumerate().find(|&item| same(item)).map(|(_, given)| given.kind)
}

fn tiling(preset: Preset, tiles: &str) -> Result<Tiling, Failure> {
    let mut tiling = preset.tiling();
    let mut given = Vec::new();
    for tile in tiles.split(',').filter(|tile| !tile.is_empty()) {
        let assigned = tile.split_once('=').and_then(|(name, size)| Some((name, size.parse().ok()?)));
        let Some((name, size)) = assigned else {
            return Err(Failure::Input(format!("tile size '{tile}' of {preset} is not NAME=NUMBER")));
        };
        if given.contains(&name) {
            return Err(Failure::Input(format!("tile size '{tile}': {name} is given twice")));
        }
        given.push(name);
        tiling = tiling.with(name, size).map_err(|error| Failure::Input(format!("tile size '{tile}': {error}")))?;
    }
    Ok(tiling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_dataflows_and_tile_sizes() {
        let of = |list: &str| alternatives(&[list.into()]).join(OsStr::new(" ")).into_string().unwrap();
        assert_eq!(of("kcp_ws,rs"), "kcp_ws rs");
        assert_eq!(of("nmk:cluster=8,m=4,rs:k=2, xp_ws"), "nmk:cluster=8,m=4 rs:k=2 xp_ws");
        assert_eq!(
            of("conv=a.m+gemm=nmk:cluster=8,m=4+fc=rs,conv=b.m"),
            "conv=a.m+gemm=nmk:cluster=8,m=4+fc=rs conv=b.m"
        );
        assert_eq!(of("kcp_ws:cluster=32,gemm=nmk"), "kcp_ws:cluster=32 gemm=nmk");
        assert_eq!(alternatives(&["rs".into(), "xp_ws".into()]), ["rs", "xp_ws"]);
    }
}
