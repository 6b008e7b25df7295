//! The grammar of networks, layers and dataflows.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::hardware::{HardwareFile, accelerator};
use super::lexer::Kind;
use super::parser::{OPEN_ELSEWHERE, Parser};
use crate::dim::Dim;
use crate::host::formats::diagnostic::{Fault, quoted};
use crate::host::network::{NamedLayer, Network};
use crate::host::outline::{Line, Lines, Map};
use crate::{Dataflow, Error, Layer, LayerKind, MapKind};

/// Reads a whole file with a network. As in the reference, several `Network` blocks are one network with the last
/// name, and text outside of the blocks is skipped; both give a warning. Layers and dataflows outside of a network
/// are errors, because skipping them would change figures.
pub(super) fn network_file(p: &mut Parser<'_>) -> Result<(Network, Option<HardwareFile>), Fault> {
    const WHAT: &str = "`Network`, `Constant` or `Accelerator`";
    let (mut network, mut blocks, mut array) = (Network::default(), 0, None);
    let (mut bare, mut skipped) = (None, None);
    loop {
        match p.text() {
            "Constant" => p.constant()?,
            "Network" => {
                let keyword = p.token.span();
                self::network(p, &mut network, &mut bare)?;
                blocks += 1;
                if blocks == 2 {
                    let message = "this is the second `Network` of the file: its layers follow those of the first";
                    p.warn(Fault::new(keyword, message).help("MAESTRO reads it so, too"));
                }
            }
            "Accelerator" if array.is_none() => array = Some(accelerator(p)?),
            "Accelerator" => {
                return Err(Fault::new(p.token.span(), "a file has one `Accelerator`; this is the second"));
            }
            _ if p.token.kind == Kind::End => break,
            "Layer" => return Err(p.expected(WHAT).help("layers stand in a network: `Network NAME { Layer ... }`")),
            "Dataflow" | "SpatialMap" | "TemporalMap" | "Cluster" => {
                return Err(p.expected(WHAT).help("this is a dataflow; it stands in a layer of a network"));
            }
            text => {
                let hardware =
                    ["num_pes", "l1_size_cstr", "l2_size_cstr", "noc_bw_cstr", "NoC_NumHops", "offchip_bw_cstr"];
                skipped.get_or_insert_with(|| {
                    let fault = p.expected(WHAT);
                    if hardware.contains(&text) { fault.help("this is a hardware file") } else { fault }
                });
                p.skip()?;
            }
        }
    }
    match skipped {
        Some(fault) if blocks == 0 => Err(fault),
        None if blocks == 0 => {
            Err(p.expected("a network").help("a network reads `Network NAME { Layer NAME { ... } ... }`"))
        }
        skipped => {
            if let Some(fault) = skipped {
                p.warn(
                    fault.help(
                        "what stands outside of the blocks is skipped, as MAESTRO does; a comment starts with `//`",
                    ),
                );
            }
            Ok((network, array))
        }
    }
}

/// Reads `Network NAME { Layer ... }`, at the keyword, and appends its layers to `network`. `bare` is the first layer
/// of the file if that has no dataflow; then no other layer may have one.
fn network(p: &mut Parser<'_>, network: &mut Network, bare: &mut Option<Range<usize>>) -> Result<(), Fault> {
    let mut blocks = Blocks::default();
    let keyword = p.token.start;
    if let Some((name, _)) = p.lexer.name()? {
        network.name = name.into_owned();
    }
    p.advance()?;
    p.open("Network", keyword)?;
    while !p.closed()? {
        if p.text() != "Layer" {
            return Err(p.expected("`Layer` or `}`"));
        }
        let (mut layer, span) = self::layer(p, &mut blocks)?;
        match (&layer.dataflow, network.layers.last()) {
            (Some(_), _) if bare.is_some() => {
                let span: Range<usize> = bare.take().unwrap_or_default();
                let message = "expected a `Dataflow` in this layer: a later layer has one";
                return Err(Fault::new(span, message).help("a layer without one takes that of the layer before"));
            }
            (None, None) => *bare = Some(span),
            (None, Some(last)) => layer.dataflow.clone_from(&last.dataflow),
            (Some(_), _) => (),
        }
        network.layers.push(layer);
    }
    Ok(())
}

/// A size in a `Dimensions` or `Stride` block, with the range of the text that gives it.
type Entry = (Dim, u32, Range<usize>);

/// Reads `Layer NAME { ... }`, at the keyword. Returns the range of the name, too.
fn layer<'a>(p: &mut Parser<'a>, blocks: &mut Blocks<'a>) -> Result<(NamedLayer, Range<usize>), Fault> {
    let keyword = p.token.start;
    let Some((name, span)) = p.lexer.name()? else {
        p.advance()?;
        return Err(p.expected("the name of the layer"));
    };
    p.advance()?;
    if p.token.kind != Kind::Open {
        let fault = p.expected("`{` after the name of the layer");
        let help = "a name with spaces stands in quotes: `\"a b\"`";
        return Err(if p.token.kind == Kind::Word { fault.help(help) } else { fault });
    }
    p.open("Layer", keyword)?;
    let (mut kind, mut strides, mut dims, mut dataflow) = (None, None, None, None);
    while !p.closed()? {
        let section = p.text();
        let given = match section {
            "Type" => kind.is_some(),
            "Stride" => strides.is_some(),
            "Dimensions" => dims.is_some(),
            "Dataflow" => dataflow.is_some(),
            _ => return Err(p.expected("`Type`, `Stride`, `Dimensions`, `Dataflow` or `}`")),
        };
        if given {
            return Err(Fault::new(p.token.span(), format!("layer {} has a second `{section}`", quoted(&name))));
        }
        match section {
            "Type" => kind = Some(layer_kind(p)?),
            "Stride" => strides = Some(entries(p, "Stride", "the stride along")?.0),
            "Dimensions" => dims = Some(entries(p, "Dimensions", "dimension")?),
            _ => dataflow = Some(blocks.dataflow(p)?),
        }
    }
    let missing = |section| Fault::new(span.clone(), format!("layer {} has no `{section}`", quoted(&name)));
    let kind = kind.ok_or_else(|| missing("Type").help("for example `Type: CONV`"))?;
    let (dims, block) = dims.ok_or_else(|| missing("Dimensions").help("for example `Dimensions { K: 64, C: 3 }`"))?;
    let layer = NamedLayer {
        line: Some(p.line(span.start)),
        layer: shape(kind, &strides.unwrap_or_default(), &dims, block)?,
        dataflow: dataflow.filter(|dataflow| !dataflow.directives().is_empty()),
        name: name.into_owned(),
    };
    Ok((layer, span))
}

/// Reads `Type: KIND`, at the keyword.
fn layer_kind(p: &mut Parser<'_>) -> Result<LayerKind, Fault> {
    p.advance()?;
    let Some(kind) = LayerKind::from_name(p.text()) else {
        let fault = p.expected(format!("a layer type ({})", LayerKind::ALL.map(LayerKind::name).join(", ")));
        return Err(match (p.text(), LayerKind::from_name(&p.text().to_ascii_uppercase())) {
            ("LSTM", _) => fault.help("LSTM is not supported; write its matrix products as GEMM layers"),
            ("RESIDUAL_IDENTITY", _) => fault.help("write the addition of a residual as an ELTWISE layer"),
            (_, Some(kind)) => fault.help(format!("did you mean `{kind}`?")),
            _ => fault,
        });
    };
    p.advance()?;
    Ok(kind)
}

/// Reads `Dimensions { DIM: SIZE, ... }` or `Stride { ... }`, at the keyword. Returns the range of the block, too.
fn entries(p: &mut Parser<'_>, block: &'static str, what: &str) -> Result<(Vec<Entry>, Range<usize>), Fault> {
    let start = p.advance()?.start;
    p.open(block, start)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(8);
    let mut end = p.token.end;
    while !p.closed()? {
        let name = p.token.span();
        let dim = p.dim()?;
        let (size, value) = p.extent(format_args!("{what} {dim}"))?;
        end = p.token.end;
        match entries.iter().find(|entry| entry.0 == dim) {
            None => entries.push((dim, size, name.start..value.end)),
            // One of the reference's own files repeats `N: 1`.
            Some(&(_, 1, _)) if size == 1 => p.warn(Fault::new(name, format!("{what} {dim} is given twice"))),
            Some(_) => return Err(Fault::new(name, format!("{what} {dim} is given twice"))),
        }
    }
    Ok((entries, start..end))
}

/// Makes a layer of these dimensions. An error points to the dimension in question, or to the whole block.
fn shape(kind: LayerKind, strides: &[Entry], dims: &[Entry], block: Range<usize>) -> Result<Layer, Fault> {
    let mut stride = [1, 1];
    for &(dim, size, ref span) in strides {
        match dim {
            Dim::Y => stride[0] = size,
            Dim::X => stride[1] = size,
            _ => return Err(Fault::new(span.clone(), Error::Stride { dim, stride: size }.to_string())),
        }
    }
    let sizes: Vec<(Dim, u32)> = dims.iter().map(|&(dim, size, _)| (dim, size)).collect();
    Layer::unpadded(kind, &sizes, stride[0], stride[1]).map_err(|error| {
        let named = match error {
            Error::ForeignDim { dim, .. } | Error::RepeatedDim(dim) | Error::Extent { dim, .. } => Some(dim),
            _ => None,
        };
        let is_named = |entry: &&Entry| named.is_some_and(|dim| entry.0 == dim || entry.0 == dim.output());
        let span = dims.iter().rev().find(is_named).map_or(block, |entry| entry.2.clone());
        Fault::new(span, error.to_string())
    })
}

/// Reads a whole file with dataflows: either `Dataflow` blocks, each for all kinds of layer or for the kind that it
/// names, or the directives of a single dataflow.
pub(super) fn dataflow_file<T: Lines>(p: &mut Parser<'_>) -> Result<Vec<(Option<LayerKind>, T)>, Fault> {
    let mut all: Vec<(Option<LayerKind>, T)> = Vec::new();
    loop {
        match p.text() {
            "Constant" => p.constant()?,
            "Dataflow" => {
                let keyword = p.advance()?;
                let kind = if p.token.kind == Kind::Open { None } else { Some(kind_of_layers(p)?) };
                if all.iter().any(|(known, _)| *known == kind) {
                    let whose = kind.map_or("all kinds of layer".to_string(), |kind| format!("{kind} layers"));
                    return Err(Fault::new(keyword.span(), format!("this is the second dataflow for {whose}")));
                }
                let dataflow: T = directives(p, keyword.start)?;
                if dataflow.is_empty() {
                    return Err(no_dataflow(p));
                }
                all.push((kind, dataflow));
            }
            _ if !all.is_empty() => break,
            _ => {
                let mut dataflow = T::default();
                let mut last = p.token.span();
                while p.token.kind == Kind::Word || (p.takes_open && p.text() == "?") {
                    last = p.token.span();
                    directive(p, &mut dataflow, "`Dataflow`, `TemporalMap`, `SpatialMap` or `Cluster`")?;
                }
                if !dataflow.is_empty() && p.token.kind == Kind::End {
                    dataflow.complete().map_err(|message| Fault::new(last, message))?;
                }
                all.push((None, dataflow));
                break;
            }
        }
    }
    match all.as_slice() {
        _ if p.token.kind != Kind::End => Err(p.expected("the end of the dataflow")),
        [(_, dataflow)] if dataflow.is_empty() => Err(no_dataflow(p)),
        _ => Ok(all),
    }
}

fn no_dataflow(p: &Parser<'_>) -> Fault {
    p.expected("a dataflow").help("a dataflow reads `Dataflow { SpatialMap(1,1) K; ... }`")
}

/// Reads the kind of layer that a dataflow is for, in upper or lower case.
fn kind_of_layers(p: &mut Parser<'_>) -> Result<LayerKind, Fault> {
    let kind = LayerKind::from_name(&p.text().to_ascii_uppercase()).ok_or_else(|| {
        let known = LayerKind::ALL.map(LayerKind::name).join(", ").to_lowercase();
        p.expected(format!("a kind of layer ({known}) or `{{`"))
    })?;
    p.advance()?;
    Ok(kind)
}

/// The latest dataflows of a network, by their text. Most layers repeat one of them, and share it then.
#[derive(Default)]
struct Blocks<'a>(VecDeque<(&'a str, Arc<Dataflow>)>);

impl<'a> Blocks<'a> {
    const CAPACITY: usize = 16;

    /// Reads `Dataflow { ... }`, at the keyword. Constants do not change within a network, so the same text means the
    /// same dataflow.
    fn dataflow(&mut self, p: &mut Parser<'a>) -> Result<Arc<Dataflow>, Fault> {
        let start = p.token.start;
        let rest = &p.lexer.text[start..];
        if let Some((text, known)) = self.0.iter().find(|(text, _)| rest.starts_with(text)) {
            p.skip_to(start + text.len())?;
            return Ok(Arc::clone(known));
        }
        let dataflow = Arc::new(dataflow_block(p)?);
        self.0.truncate(Blocks::CAPACITY - 1);
        self.0.push_front((&rest[..p.last_end - start], Arc::clone(&dataflow)));
        Ok(dataflow)
    }
}

/// Reads `Dataflow { ... }`, at the keyword.
fn dataflow_block(p: &mut Parser<'_>) -> Result<Dataflow, Fault> {
    let start = p.advance()?.start;
    directives(p, start)
}

/// Reads `{ ... }` after a keyword that starts at `keyword`.
fn directives<T: Lines>(p: &mut Parser<'_>, keyword: usize) -> Result<T, Fault> {
    p.open("Dataflow", keyword)?;
    let mut dataflow = T::default();
    let mut last = p.token.span();
    while !p.closed()? {
        last = p.token.span();
        directive(p, &mut dataflow, "`TemporalMap`, `SpatialMap`, `Cluster` or `}`")?;
    }
    if !dataflow.is_empty() {
        dataflow.complete().map_err(|message| Fault::new(last, message))?;
    }
    Ok(dataflow)
}

/// Reads a directive and appends it.
fn directive(p: &mut Parser<'_>, dataflow: &mut impl Lines, what: &str) -> Result<(), Fault> {
    let keyword = p.token.span();
    let line = line(p, what)?;
    dataflow.add(line).map_err(|message| Fault::new(keyword, message))
}

/// Reads a directive. Parts of it may be open.
fn line(p: &mut Parser<'_>, what: &str) -> Result<Line, Fault> {
    let kind = match p.text() {
        "TemporalMap" => Some(Some(MapKind::Temporal)),
        "SpatialMap" => Some(Some(MapKind::Spatial)),
        "Cluster" => None,
        "?" if p.takes_open => {
            p.advance()?;
            match p.text() {
                "Map" => Some(None),
                _ => return Ok(Line::Others),
            }
        }
        _ if p.takes_open => return Err(p.expected(format!("`?Map`, `?`, {what}"))),
        "?" => return Err(p.expected(what).help(OPEN_ELSEWHERE)),
        _ => return Err(p.expected(what)),
    };
    p.advance()?;
    p.expect(Kind::ParenOpen, "`(`")?;
    match kind {
        Some(kind) => {
            let size = p.open_size("the size of a map")?;
            if p.token.kind == Kind::ParenClose {
                return Err(p.expected("the offset of the map").help("a map reads `SpatialMap(size, offset) DIM`"));
            }
            let offset = p.open_size("the offset of a map")?;
            p.expect(Kind::ParenClose, "`)`")?;
            Ok(Line::Map(Map { kind, size, offset, dim: p.dim()? }))
        }
        None => {
            let size = p.open_size("the size of a cluster")?;
            if !matches!(p.text(), "P" | "L") {
                return Err(p.expected("`P` or `L`").help("a cluster reads `Cluster(size, P)`"));
            }
            p.advance()?;
            p.expect(Kind::ParenClose, "`)`")?;
            Ok(Line::Cluster(size))
        }
    }
}
