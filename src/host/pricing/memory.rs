//! Prices layers one after the other with as few walks as possible, for searches.

use rustc_hash::FxHashMap;

use super::{Footprint, Mapped, Price, Refusal, exact, maestro};
use crate::host::cost_table::{CostModel, Costing};
use crate::host::ids::{DataflowId, LayerId};
use crate::{Dataflow, Error, Hardware, Layer};

/// A layer under a dataflow, and a function that returns its directives.
pub(crate) struct Asked<'a> {
    pub layer: (LayerId, &'a Layer),
    pub dataflow: DataflowId,
    /// The part of the accelerator that directives and steps depend on, see [`super::counted`].
    pub counted: Hardware,
    pub directives: &'a dyn Fn() -> Result<Dataflow, Error>,
}

/// Remembers walks.
pub(crate) trait Memory: Send {
    /// What a layer costs on an accelerator; `None` if this would take a walk.
    fn recall(&mut self, asked: &Asked<'_>, hardware: &Hardware) -> Option<Result<Price, Refusal>>;

    /// Takes the walk, unless it was taken before.
    fn walk(&mut self, asked: &Asked<'_>, hardware: &Hardware);

    /// The number of walks so far.
    fn walks(&self) -> usize;
}

/// An empty memory.
pub(crate) fn memory(costing: Costing) -> Box<dyn Memory> {
    match costing.model() {
        CostModel::Exact => Box::new(Known::<exact::Mapped>::new(costing)),
        CostModel::Maestro => Box::new(Known::<maestro::Mapped>::new(costing)),
    }
}

struct Known<M: Mapped> {
    costing: Costing,
    /// By dataflow and the counted part of the accelerator, then by layer.
    pieces: FxHashMap<(DataflowId, Hardware), Vec<Option<Piece<M>>>>,
    keys: FxHashMap<M::Key, usize>,
    steps: Walked<M>,
    walks: usize,
}

/// Results of walks, by the places of keys.
type Walked<M> = Vec<Option<Result<<M as Mapped>::Steps, Error>>>;

enum Piece<M> {
    Unsuited(Error),
    Mapped(Box<Placed<M>>),
}

struct Placed<M> {
    mapped: M,
    /// Place of its key.
    key: usize,
    /// Known as soon as its steps are.
    footprint: Option<Footprint>,
}

impl<M: Mapped> Known<M> {
    fn new(costing: Costing) -> Known<M> {
        Known { costing, pieces: FxHashMap::default(), keys: FxHashMap::default(), steps: Vec::new(), walks: 0 }
    }

    fn piece(&mut self, asked: &Asked<'_>, hardware: &Hardware) -> (&mut Piece<M>, &mut Walked<M>) {
        let Known { costing, pieces, keys, steps, .. } = self;
        let (LayerId(place), layer) = asked.layer;
        let group = pieces.entry((asked.dataflow, asked.counted)).or_default();
        if group.len() <= place {
            group.resize_with(place + 1, || None);
        }
        let piece = group[place].get_or_insert_with(|| {
            let mapped = (asked.directives)().and_then(|directives| M::of(layer, &directives, hardware, costing));
            let mapped = match mapped {
                Ok(mapped) => mapped,
                Err(error) => return Piece::Unsuited(error),
            };
            let key = *keys.entry(mapped.key()).or_insert(steps.len());
            if key == steps.len() {
                steps.push(None);
            }
            Piece::Mapped(Box::new(Placed { mapped, key, footprint: None }))
        });
        (piece, steps)
    }
}

impl<M: Mapped> Memory for Known<M>
where
    Piece<M>: Send,
{
    fn recall(&mut self, asked: &Asked<'_>, hardware: &Hardware) -> Option<Result<Price, Refusal>> {
        let energies = self.costing.energies();
        let (piece, steps) = self.piece(asked, hardware);
        let unsuited = |error: Error| Some(Err(Refusal::Unsuited(error)));
        let (mapped, key, footprint) = match piece {
            Piece::Unsuited(error) => return unsuited(*error),
            Piece::Mapped(placed) => (&placed.mapped, placed.key, &mut placed.footprint),
        };
        let steps = match steps[key].as_ref()? {
            Ok(steps) => steps,
            Err(error) => return unsuited(*error),
        };
        let known = match *footprint {
            Some(known) => known,
            None => match mapped.price(steps, &energies) {
                Ok(known) => *footprint.insert(known),
                Err(error) => {
                    *piece = Piece::Unsuited(error);
                    return unsuited(error);
                }
            },
        };
        let lanes = M::play(&[mapped], steps, std::slice::from_ref(hardware)).pop()?;
        Some(lanes.get(0).map(|cycles| known.price(cycles, hardware)).map_err(Clone::clone))
    }

    fn walk(&mut self, asked: &Asked<'_>, hardware: &Hardware) {
        let (Piece::Mapped(placed), steps) = self.piece(asked, hardware) else { return };
        let walked = &mut steps[placed.key];
        if walked.is_none() {
            *walked = Some(placed.mapped.walk());
            self.walks += 1;
        }
    }

    fn walks(&self) -> usize {
        self.walks
    }
}
