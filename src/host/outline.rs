//! Outlines: dataflows of which a part is open, written as `?` in a file. A search chooses the open part, and keeps
//! the rest.

use crate::{Dataflow, Dim, Directive, Error, Layer, LayerKind, MapKind, Size};

/// A line of an outline; `None` means open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// `?Map(?,?) dim`.
    Map(Map),
    /// `Cluster(?, P)`.
    Cluster(Option<Size>),
    /// `?`: maps of all dimensions that the level does not name, and the order of its loops.
    Others,
}

/// A map; `None` means open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Map {
    /// Over space or over time.
    pub kind: Option<MapKind>,
    /// Elements of a tile.
    pub size: Option<Size>,
    /// Elements from one tile to the next; if open, the size of a tile.
    pub offset: Option<Size>,
    /// The mapped dimension.
    pub dim: Dim,
}

/// A level.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Level {
    /// Sub-clusters of a cluster. The first level has the clusters that the array has room for.
    pub members: Option<Size>,
    /// Its maps, the outermost loop first.
    pub maps: Vec<Map>,
    /// Whether it has [`Line::Others`].
    pub others: bool,
}

/// A dataflow of which a part is open: levels, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    levels: Vec<Level>,
}

/// Outlines, with the kind of layer that each is for, if it is for one kind.
pub type Outlines = Vec<(Option<LayerKind>, Outline)>;

/// The outline for a layer: the one for its kind, or else the one for all kinds; `None` if none suits it.
pub fn for_layer<'a>(all: &'a Outlines, layer: &Layer) -> Option<&'a Outline> {
    let of = |wanted: Option<LayerKind>| {
        all.iter().find(|(kind, outline)| *kind == wanted && outline.suits(layer)).map(|(_, outline)| outline)
    };
    of(Some(layer.kind())).or_else(|| of(None))
}

impl Default for Outline {
    fn default() -> Outline {
        Outline { levels: vec![Level::default()] }
    }
}

impl Outline {
    /// Appends a line.
    ///
    /// # Errors
    /// The line contradicts the lines before; the message says why.
    pub fn push(&mut self, line: Line) -> Result<(), String> {
        let number = self.levels.len();
        let Some(level) = self.levels.last_mut() else { return Ok(()) };
        match line {
            Line::Others => level.others = true,
            Line::Cluster(members) => {
                self.check()?;
                self.levels.push(Level { members, ..Level::default() });
            }
            Line::Map(map) => {
                let dim = map.dim;
                if level.maps.iter().any(|other| other.dim.input() == dim.input()) {
                    return Err(format!("level {number} has a map of {} already", dim.input()));
                }
                if map.kind == Some(MapKind::Spatial) {
                    if matches!(dim, Dim::R | Dim::S) {
                        return Err(format!(
                            "{dim} cannot lie over space here: in what is frozen, the filter's rows and columns are whole"
                        ));
                    }
                    if let Some(other) = level.maps.iter().find(|other| other.kind == Some(MapKind::Spatial)) {
                        return Err(format!(
                            "level {number} has {} over space already: two such maps move together and leave work out; use a level for each",
                            other.dim
                        ));
                    }
                }
                level.maps.push(map);
            }
        }
        Ok(())
    }

    /// Checks that the last level, which is complete now, has something that may lie over space.
    ///
    /// # Errors
    /// The level has nothing that may lie over space.
    pub(crate) fn check(&self) -> Result<(), String> {
        let may = |map: &Map| map.kind != Some(MapKind::Temporal) && !matches!(map.dim, Dim::R | Dim::S);
        match self.levels.last() {
            Some(level) if !level.others && !level.maps.iter().any(may) => Err(format!(
                "level {} has nothing over space: it needs a `SpatialMap`, a `?Map` or a `?`",
                self.levels.len()
            )),
            _ => Ok(()),
        }
    }

    /// Its levels, the outermost first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Whether a layer has all dimensions that are named.
    fn suits(&self, layer: &Layer) -> bool {
        let has = |dim: Dim| layer.size(dim.input()).is_some();
        let sized = |size: Option<Size>| size.and_then(|size| size.of).is_none_or(has);
        self.levels.iter().all(|level| {
            sized(level.members) && level.maps.iter().all(|map| has(map.dim) && sized(map.size) && sized(map.offset))
        })
    }
}

impl Line {
    /// The directive, if no part of it is open.
    pub(crate) fn directive(self) -> Option<Directive> {
        match self {
            Line::Map(Map { kind, size, offset, dim }) => {
                Some(Directive::Map { kind: kind?, size: size?, offset: offset?, dim })
            }
            Line::Cluster(size) => Some(Directive::cluster(size?)),
            Line::Others => None,
        }
    }
}

/// What the lines of a file are collected in: a dataflow, or an outline of one.
pub(crate) trait Lines: Default {
    /// Appends a line.
    fn add(&mut self, line: Line) -> Result<(), String>;
    /// Whether there is no line.
    fn is_empty(&self) -> bool;
    /// Checks the whole when it is complete.
    fn complete(&self) -> Result<(), String>;
}

impl Lines for Dataflow {
    fn add(&mut self, line: Line) -> Result<(), String> {
        // No part is open, because the grammar of dataflows has no `?`.
        let directive = line.directive().ok_or(Error::EmptyDataflow);
        directive.and_then(|directive| self.push(directive)).map_err(|error| error.to_string())
    }

    fn is_empty(&self) -> bool {
        self.directives().is_empty()
    }

    fn complete(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Lines for Outline {
    fn add(&mut self, line: Line) -> Result<(), String> {
        self.push(line)
    }

    fn is_empty(&self) -> bool {
        self.levels.len() == 1 && self.levels[0].maps.is_empty() && !self.levels[0].others
    }

    fn complete(&self) -> Result<(), String> {
        self.check()
    }
}
