//! The cost of each distinct layer under each dataflow, on accelerators that have equally many PEs.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::{Campaign, Costing};
use crate::host::dataflow_choice::Taken;
use crate::host::report::maestro_csv::Row;
use crate::maestro::{Cost, Mapping};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// What maps a layer: a dataflow of the campaign, and what the layer takes of it. Those that map it alike share a piece.
type Mapper = (usize, Taken);

/// A layer under a dataflow.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// What it costs on the first accelerator; all but the delay holds for the others as well.
    pub row: Row,
    /// Cycles on each accelerator; 0 where it cannot be costed.
    pub cycles: Vec<u64>,
    /// Why it cannot be costed on some accelerators.
    pub errors: Vec<(usize, Error)>,
    /// nJ of MACs, L1 and L2.
    pub energy: [f64; 3],
}

/// The pieces of a group of accelerators.
#[derive(Debug)]
pub(super) struct Pieces {
    /// For each dataflow and then for each layer, a place in `pieces`.
    places: Vec<Vec<u32>>,
    pieces: Vec<Result<Piece, Error>>,
    accelerators: usize,
}

impl Pieces {
    /// Costs all distinct layers on accelerators of the same number of PEs, given by their places.
    pub fn new(campaign: &Campaign, group: &[usize]) -> Pieces {
        let group: Vec<Hardware> = group.iter().map(|&place| campaign.accelerators[place].hardware).collect();
        let pes = group.first().map_or(1, Hardware::pes);
        let mut known = HashMap::new();
        let mut distinct: Vec<(Layer, Mapper)> = Vec::new();
        let places = (0..campaign.dataflows.len()).map(|dataflow| {
            let layers = campaign.workload.layers().iter().enumerate();
            let places = layers.map(|(place, layer)| {
                let mapper = campaign.mapper(dataflow, layer, pes);
                *known.entry((place, mapper)).or_insert_with(|| {
                    distinct.push((*layer, mapper));
                    distinct.len() as u32 - 1
                })
            });
            places.collect()
        });
        let places = places.collect();
        let pieces = distinct.par_iter().map(|(layer, mapper)| piece(campaign, layer, *mapper, &group)).collect();
        Pieces { places, pieces, accelerators: group.len() }
    }

    /// The cost of a layer under a dataflow.
    pub fn get(&self, dataflow: usize, layer: usize) -> Result<&Piece, Error> {
        self.pieces[self.places[dataflow][layer] as usize].as_ref().map_err(|error| *error)
    }

    /// Costs of a layer on an accelerator that were worked out.
    pub fn evaluations(&self) -> u64 {
        self.pieces.len() as u64 * self.accelerators as u64
    }
}

impl Campaign {
    /// What maps a layer under a dataflow of the campaign, by its place, on an array of `pes`.
    fn mapper(&self, dataflow: usize, layer: &Layer, pes: u32) -> Mapper {
        let taken = self.dataflows[dataflow].choice.taken(layer, false, pes);
        // A preset is the same whichever dataflow has it.
        (if matches!(taken, Taken::Preset(_)) { 0 } else { dataflow }, taken)
    }

    fn directives(&self, layer: &Layer, (dataflow, taken): Mapper) -> Result<Cow<'_, Dataflow>, Error> {
        self.dataflows[dataflow].choice.directives(taken, layer.kind())
    }

    /// The directives that a layer gets under a dataflow of the campaign, by its place, on an array of `pes`.
    pub(crate) fn directives_of(&self, dataflow: usize, layer: &Layer, pes: u32) -> Result<Dataflow, Error> {
        self.directives(layer, self.mapper(dataflow, layer, pes)).map(Cow::into_owned)
    }
}

fn piece(campaign: &Campaign, layer: &Layer, mapper: Mapper, group: &[Hardware]) -> Result<Piece, Error> {
    let [first, ..] = group else { return Err(Error::Pes(0)) };
    let dataflow = campaign.directives(layer, mapper)?;
    let mapping = Mapping::new(layer, &dataflow, first.pes())?;
    let energies = match campaign.costing {
        Costing::Exact(energies) | Costing::Maestro(energies) => energies,
        Costing::MaestroCsv => match mapping.refused_by_reference() {
            Some(refusal) => return Err(refusal),
            None => EnergyTable::REFERENCE,
        },
    };
    let traffic = mapping.traffic()?;
    let energy = traffic.energy(&energies, layer.kind().has_macs());
    let levels = mapping.level_count() as u8;
    let mut piece = Piece {
        row: Row::Costed(Cost { traffic, energy, levels, ..Cost::default() }),
        cycles: Vec::with_capacity(group.len()),
        errors: Vec::new(),
        energy: [energy.mac, energy.l1, energy.l2],
    };
    let steps = mapping.steps().and_then(|steps| Ok((steps, mapping.occurrences()?)));
    let mut before = None;
    for (place, hardware) in group.iter().enumerate() {
        // Neighbours in a grid often differ in the off-chip bandwidth only.
        let network = (0..mapping.level_count()).map(|level| hardware.noc(level)).collect::<heapless::Vec<_, 4>>();
        let key = (network, hardware.simd_lanes());
        let on_chip = match before.take() {
            Some((known, on_chip)) if known == key => on_chip,
            _ => match &steps {
                Ok((steps, occurrences)) => steps.on_chip(occurrences, hardware),
                Err(error) => Err(*error),
            },
        };
        let cycles = match &on_chip {
            Ok(on_chip) => on_chip.cycles(hardware.offchip_bandwidth()),
            Err(error) => Err(*error),
        };
        piece.cycles.push(cycles.unwrap_or_else(|error| {
            piece.errors.push((place, error));
            0
        }));
        before = Some((key, on_chip));
    }
    Ok(piece)
}
