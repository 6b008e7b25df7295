//! Parses specifications of dataflows on the command line: presets with tile sizes, and files, for all kinds of layer
//! or for one kind.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::LayerKind;
use crate::dataflow::presets::{Preset, Tiling};
use crate::host::dataflow_choice::{Directives, Given};
use crate::host::formats::file;
use crate::host::formats::maestro;

use crate::cli::failure::Failure;
use crate::cli::input;

/// A dataflow as the command line names it: `kcp_ws:cluster=32`, `mine.m`, `conv=mine.m+gemm=nmk`.
pub struct Spec {
    /// Its name in tables: `kcp_ws_cluster32`, `mine`, `conv_mine+gemm_nmk`.
    pub name: String,
    /// The dataflows.
    pub given: Vec<Given>,
}

impl Spec {
    /// Reads a specification, and the files that it names.
    ///
    /// # Errors
    /// A preset or file does not exist, or a file is wrong.
    pub fn new(spec: &OsStr) -> Result<Spec, Failure> {
        // The name of a file may contain any characters and need not be UTF-8.
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
        // A dataflow for a kind on the command line takes precedence over the kinds in a file.
        of_kinds.append(&mut general);
        Ok(Spec { name: names.join("+"), given: of_kinds })
    }
}

/// Splits lists into specifications. Commas separate specifications, and also the tile sizes inside of one.
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
                // A further tile size of the previous dataflow.
                Some(spec) if is_tile && spec.contains(':') => *spec += &format!(",{part}"),
                open => specs.extend(open.replace(part.trim().to_string()).map(OsString::from)),
            }
        }
        specs.extend(open.map(OsString::from));
    }
    specs
}

/// Splits a part of a specification into the kind of layer that it names, if any, and the rest.
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

/// A preset with tile sizes, or a file: its name in tables and its dataflows. `kind` is the kind of layer that they
/// are for; `None` for all kinds.
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

/// A kind of layer that has several dataflows; `Some(None)` if these are for all kinds.
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
