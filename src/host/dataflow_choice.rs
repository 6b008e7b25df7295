//! Chooses the dataflow of each layer of a network. The rule is only here: `estimate`, `convert`, `compile`,
//! campaigns and co-design all ask a [`DataflowChoice`].
//!
//! A layer takes the first of these that exists:
//!
//! 1. the dataflow given for its kind (`conv=mine.m`, or `Dataflow conv { ... }` in a file), if it suits the layer;
//! 2. the dataflow given for all kinds (`mine.m`, or `kcp_ws`), if it suits the layer;
//! 3. its own dataflow, from a mapping file or a blob;
//! 4. the preset for its kind.
//!
//! Directives suit a layer that has every dimension that they name. A preset for all kinds suits every layer, because
//! it has stand-ins (see [`Preset::for_kind`]). Whether a dataflow also makes sense for the layer and the array is
//! decided by the models, and their refusal is an error: directives that leave out work are a mistake, not directives
//! for another kind.

use std::borrow::Cow;

use crate::dataflow::presets::{Preset, Presets, Tiling};
use crate::dim::Dim;
use crate::host::network::NamedLayer;
use crate::{Dataflow, Directive, Error, Layer, LayerKind};

/// The preset (with its stand-ins) for layers without their own dataflow, if nothing else is given.
pub const DEFAULT: Preset = Preset::KcpWs;

/// The rule for the dataflows of the layers of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct DataflowChoice {
    /// The given dataflows, those for one kind first.
    given: Vec<Given>,
    /// The presets for layers without their own dataflow that no given dataflow suits.
    otherwise: Option<Presets>,
    /// Whether clusters of presets are reduced to the array if they are larger.
    fit: bool,
}

/// A dataflow that is given for layers of a kind, or of all kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The kind; `None` for all.
    pub kind: Option<LayerKind>,
    /// The dataflow.
    pub directives: Directives,
}

/// A dataflow by its preset or by its directives.
#[derive(Clone, Debug, PartialEq)]
pub enum Directives {
    /// A preset with its tile sizes.
    Preset(Tiling),
    /// A list of directives.
    Listed(Box<Dataflow>),
}

/// Where the dataflow of a layer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Taken {
    /// The given dataflow in this place.
    Given(usize),
    /// The layer's own dataflow.
    Own,
    /// A preset, with its tiles fitted to the array if this is requested.
    Preset(Tiling),
}

impl DataflowChoice {
    /// Takes the layers' own dataflows; layers without one have none.
    pub const fn own() -> DataflowChoice {
        DataflowChoice { given: Vec::new(), otherwise: None, fit: false }
    }

    /// Takes the layers' own dataflows, and those of an accelerator for layers without one. `fit`: whether clusters
    /// are reduced to the array if they are larger.
    pub const fn of_accelerator(presets: Presets, fit: bool) -> DataflowChoice {
        DataflowChoice { given: Vec::new(), otherwise: Some(presets), fit }
    }

    /// A preset for all layers, with its stand-ins.
    pub fn preset(tiling: Tiling, fit: bool) -> DataflowChoice {
        DataflowChoice::given(vec![Given { kind: None, directives: Directives::Preset(tiling) }], fit)
    }

    /// Takes the given dataflows; of several for a kind, the first. A layer that none of them suits takes its own
    /// dataflow, or the preset for its kind.
    pub fn given(mut given: Vec<Given>, fit: bool) -> DataflowChoice {
        given.sort_by_key(|given| given.kind.is_none());
        DataflowChoice { given, otherwise: Some(Presets::of(DEFAULT.tiling())), fit }
    }

    /// The given dataflows, in the order in which they are tried.
    pub fn all_given(&self) -> &[Given] {
        &self.given
    }

    /// Whether clusters of presets are reduced to the array if they are larger.
    pub const fn fits(&self) -> bool {
        self.fit
    }

    /// What a layer takes on an array of `pes`. `has_own`: whether it has its own dataflow.
    pub(crate) fn taken(&self, layer: &Layer, has_own: bool, pes: u32) -> Taken {
        let tiling = match (self.suited(layer), self.otherwise) {
            (Some((place, given)), _) => match given.tiling(layer.kind()) {
                Some(tiling) => tiling,
                None => return Taken::Given(place),
            },
            (None, Some(presets)) if !has_own => presets.for_kind(layer.kind()),
            (None, _) => return Taken::Own,
        };
        Taken::Preset(if self.fit { tiling.fitted(layer, pes) } else { tiling })
    }

    /// Whether dataflows are given and none of them suits a layer.
    #[cfg(feature = "cli")]
    pub(crate) fn has_none_for(&self, layer: &Layer) -> bool {
        !self.given.is_empty() && self.suited(layer).is_none()
    }

    fn suited(&self, layer: &Layer) -> Option<(usize, &Given)> {
        self.given.iter().enumerate().find(|(_, given)| given.suits(layer))
    }

    /// The directives that a layer of this kind takes, unless they are its own.
    ///
    /// # Errors
    /// [`Error::EmptyDataflow`] for [`Taken::Own`].
    pub(crate) fn directives(&self, taken: Taken, kind: LayerKind) -> Result<Cow<'_, Dataflow>, Error> {
        match taken {
            Taken::Preset(tiling) => tiling.dataflow(kind).map(Cow::Owned),
            Taken::Own => Err(Error::EmptyDataflow),
            Taken::Given(place) => match self.given.get(place).map(|given| &given.directives) {
                Some(Directives::Listed(dataflow)) => Ok(Cow::Borrowed(dataflow)),
                Some(Directives::Preset(tiling)) => tiling.dataflow(kind).map(Cow::Owned),
                None => Err(Error::EmptyDataflow),
            },
        }
    }

    /// The dataflow of a layer on an array of `pes`, and the preset if it is one.
    ///
    /// # Errors
    /// [`Error::EmptyDataflow`] if the layer should have its own dataflow and does not.
    pub fn dataflow<'a>(
        &'a self,
        named: &'a NamedLayer,
        pes: u32,
    ) -> Result<(Cow<'a, Dataflow>, Option<Preset>), Error> {
        let taken = self.taken(&named.layer, named.dataflow.is_some(), pes);
        let preset = match (taken, named.dataflow.as_deref()) {
            (Taken::Own, Some(own)) => return Ok((Cow::Borrowed(own), None)),
            (Taken::Preset(tiling), _) => Some(tiling.preset()),
            _ => None,
        };
        Ok((self.directives(taken, named.layer.kind())?, preset))
    }

    /// The given presets, or, if no dataflow is given, the one for convolutions.
    pub fn presets(&self) -> impl Iterator<Item = Tiling> {
        let given = self.given.iter().filter_map(|given| match given.directives {
            Directives::Preset(tiling) => Some(tiling),
            Directives::Listed(_) => None,
        });
        let otherwise = self.otherwise.filter(|_| self.given.is_empty());
        given.chain(otherwise.map(|presets| presets.convolution))
    }
}

impl Given {
    /// The preset for layers of a kind, if it is one.
    fn tiling(&self, kind: LayerKind) -> Option<Tiling> {
        match (&self.directives, self.kind) {
            (Directives::Listed(_), _) => None,
            (Directives::Preset(tiling), None) => Some(tiling.for_kind(kind)),
            (Directives::Preset(tiling), Some(_)) => Some(*tiling),
        }
    }

    fn suits(&self, layer: &Layer) -> bool {
        let kind = layer.kind();
        match &self.directives {
            _ if self.kind.is_some_and(|own| own != kind) => false,
            Directives::Listed(dataflow) => has_dimensions_of(layer, dataflow),
            // The preset is for this kind, or for all kinds with a stand-in for this one.
            Directives::Preset(tiling) if self.kind.is_none() || tiling.for_kind(kind) == *tiling => true,
            Directives::Preset(tiling) => tiling.dataflow(kind).is_ok_and(|flow| has_dimensions_of(layer, &flow)),
        }
    }
}

/// Whether a layer has every dimension that directives name.
fn has_dimensions_of(layer: &Layer, dataflow: &Dataflow) -> bool {
    let has = |dim: Dim| layer.size(dim.input()).is_some();
    dataflow.directives().iter().all(|directive| match directive {
        Directive::Cluster { size } => size.of.is_none_or(has),
        Directive::Map { size, offset, dim, .. } => has(*dim) && [size.of, offset.of].into_iter().flatten().all(has),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dim::{C, K, M, N, R, S, X, Y};
    use crate::Size;

    fn listed(dims: &[Dim]) -> Directives {
        let one = Size::new(1);
        let maps: Vec<Directive> = dims.iter().map(|&dim| Directive::spatial(one, one, dim)).collect();
        Directives::Listed(Box::new(Dataflow::new(&maps).unwrap()))
    }

    fn choice(given: &[(Option<LayerKind>, Directives)]) -> DataflowChoice {
        let given = given.iter().map(|(kind, directives)| Given { kind: *kind, directives: directives.clone() });
        DataflowChoice::given(given.collect(), false)
    }

    fn window(kind: LayerKind) -> Layer {
        let dims: &[_] = match kind {
            LayerKind::Conv => &[(K, 8), (C, 4), (R, 3), (S, 3), (Y, 9), (X, 9)],
            _ => &[(C, 4), (R, 3), (S, 3), (Y, 9), (X, 9)],
        };
        Layer::new(kind, dims).unwrap()
    }

    #[test]
    fn a_layer_takes_the_first_that_suits() {
        let (conv, depthwise) = (window(LayerKind::Conv), window(LayerKind::DsConv));
        let gemm = Layer::new(LayerKind::Gemm, &[(M, 2), (N, 3), (K, 4)]).unwrap();
        let stand_in = |kind| Taken::Preset(DEFAULT.tiling().for_kind(kind));
        // A dataflow for all kinds. Convolutions have C; K is a dimension of matrix products, too.
        let all = choice(&[(None, listed(&[K, C]))]);
        let takes = |choice: &DataflowChoice, layer: &Layer| choice.taken(layer, false, 64);
        assert_eq!(takes(&all, &conv), Taken::Given(0));
        assert_eq!(takes(&all, &depthwise), stand_in(LayerKind::DsConv));
        assert_eq!(takes(&all, &gemm), stand_in(LayerKind::Gemm));
        assert_eq!([&conv, &depthwise, &gemm].map(|layer| all.has_none_for(layer)), [false, true, true]);
        // A dataflow for the kind comes first, whatever its place; one that does not suit is skipped.
        let by_kind = choice(&[
            (None, listed(&[C])),
            (Some(LayerKind::Conv), listed(&[K])),
            (Some(LayerKind::DsConv), listed(&[K])),
        ]);
        assert_eq!(takes(&by_kind, &conv), Taken::Given(0));
        assert_eq!(takes(&by_kind, &depthwise), Taken::Given(2));
        assert_eq!(takes(&by_kind, &gemm), stand_in(LayerKind::Gemm));
        // A layer's own dataflow goes before a preset that was not requested, but after a given dataflow.
        assert_eq!(by_kind.taken(&gemm, true, 64), Taken::Own);
        let rs = Preset::Rs.tiling();
        let preset = DataflowChoice::preset(rs, false);
        assert_eq!(preset.taken(&conv, true, 64), Taken::Preset(rs));
        assert_eq!(takes(&preset, &gemm), Taken::Preset(Preset::Nmk.tiling()));
        assert!(!preset.has_none_for(&gemm));
        assert_eq!(takes(&DataflowChoice::own(), &conv), Taken::Own);
        assert_eq!(DataflowChoice::own().directives(Taken::Own, LayerKind::Conv), Err(Error::EmptyDataflow));
    }

    #[test]
    fn a_preset_for_a_kind_is_taken_as_it_is_where_the_layer_has_its_dimensions() {
        let kcp = Preset::KcpWs.tiling();
        let by_kind = choice(&[(Some(LayerKind::DsConv), Directives::Preset(kcp))]);
        let with_k = [(K, 1), (C, 4), (R, 3), (S, 3), (Y, 9), (X, 9)];
        let with_k = Layer::new(LayerKind::DsConv, &with_k).unwrap();
        assert_eq!(by_kind.taken(&with_k, false, 64), Taken::Preset(kcp));
        let without = window(LayerKind::DsConv);
        assert_eq!(by_kind.taken(&without, false, 64), Taken::Preset(Preset::Dpt.tiling()));
        assert!(by_kind.has_none_for(&without));
    }

    #[test]
    fn sizes_of_dimensions_that_a_layer_lacks_do_not_suit_it() {
        let gemm = Layer::new(LayerKind::Gemm, &[(M, 2), (N, 3), (K, 4)]).unwrap();
        let maps = [Directive::spatial(Size::of(R), Size::new(1), K)];
        let flow = Dataflow::new(&maps).unwrap();
        assert!(!has_dimensions_of(&gemm, &flow) && has_dimensions_of(&window(LayerKind::Conv), &flow));
        let cluster = Dataflow::new(&[Directive::cluster(Size::of(R))]).unwrap();
        assert!(!has_dimensions_of(&gemm, &cluster));
    }

    /// A preset that stands in for another one is for every layer of the kind.
    #[test]
    fn presets_for_all_kinds_suit_every_layer() {
        for preset in Preset::ALL {
            for kind in [LayerKind::Conv, LayerKind::DsConv, LayerKind::Pool, LayerKind::Eltwise] {
                let flow = preset.tiling().for_kind(kind).dataflow(kind).unwrap();
                let layer = window(kind);
                assert!(has_dimensions_of(&layer, &flow), "{preset} {kind}");
            }
        }
    }
}
