//! What networks cost by the exact model: each distinct layer under each dataflow, counted once for accelerators that differ in
//! speeds alone.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Campaign, Objective, Reason, Unusable};
use crate::host::costs::{Buffer, Shortage};
use crate::host::pricing::{Counted, Price, Refusal};
use crate::host::shape::kind_and_shape;
use crate::{Dataflow, Energy, EnergyTable, Error, Hardware, Layer};

/// What the networks cost on a design; cycles of 0 and NaN where one cannot run.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub cycles: Vec<u64>,
    pub energy: Vec<f64>,
}

/// A design; its column, if some network can run on it; and why others cannot, if that is so.
pub(super) type Costed = ((usize, usize), Option<Column>, Option<Unusable>);

/// The columns of all designs of some accelerators, and how many costs of a layer that took.
pub(super) fn columns(campaign: &Campaign, energies: &EnergyTable, accelerators: Range<usize>) -> (Vec<Costed>, u64) {
    // Accelerators on which a layer is counted once.
    let groups = campaign.grouped(accelerators, |hardware| hardware.counted());
    let of = |group: &Vec<usize>| {
        let (prices, evaluations) = prices(campaign, energies, group);
        let designs = group.iter().enumerate().flat_map(|(lane, &accelerator)| {
            let prices = &prices;
            (0..campaign.designs_each()).map(move |dataflow| column(campaign, (dataflow, accelerator), lane, prices))
        });
        (designs.collect::<Vec<_>>(), evaluations)
    };
    let all: Vec<_> = groups.par_iter().map(of).collect();
    let evaluations = all.iter().map(|(_, evaluations)| evaluations).sum();
    (all.into_iter().flat_map(|(columns, _)| columns).collect(), evaluations)
}

/// What a layer costs under a dataflow on each accelerator of a group.
type Lanes = Arc<Vec<Result<Price, Refusal>>>;

/// The same under each dataflow.
type Prices = Vec<Lanes>;

/// The costs of all distinct layers on accelerators that they are counted alike on. Dataflows that map a layer alike share one.
fn prices(campaign: &Campaign, energies: &EnergyTable, group: &[usize]) -> (Vec<Prices>, u64) {
    let group: Vec<Hardware> = group.iter().map(|&place| campaign.accelerators[place].hardware).collect();
    let refused = |error: Error| group.iter().map(|_| Err(Refusal::Unsuited(error))).collect::<Vec<_>>();
    let of = |layer: &Layer| {
        let mut known: Vec<(Dataflow, Lanes)> = Vec::new();
        let mut of = |dataflow: usize| {
            let directives = match campaign.directives_of(dataflow, layer, group[0].pes()) {
                Ok(directives) => directives,
                Err(error) => return Arc::new(refused(error)),
            };
            if let Some((_, prices)) = known.iter().find(|(other, _)| *other == directives) {
                return prices.clone();
            }
            let prices = Arc::new(match Counted::new(layer, &directives, &group[0]) {
                Ok(counted) => group.iter().map(|hardware| counted.price(hardware, energies)).collect(),
                Err(error) => refused(error),
            });
            known.push((directives, prices.clone()));
            prices
        };
        let prices: Prices = (0..campaign.dataflows.len()).map(&mut of).collect();
        (prices, (known.len() * group.len()) as u64)
    };
    let all: Vec<_> = campaign.workload.layers().par_iter().map(of).collect();
    let evaluations = all.iter().map(|(_, evaluations)| evaluations).sum();
    (all.into_iter().map(|(prices, _)| prices).collect(), evaluations)
}

/// The column of a design, whose accelerator is at the place `lane` of its group.
fn column(campaign: &Campaign, design: (usize, usize), lane: usize, prices: &[Prices]) -> Costed {
    let of_layer = |prices: &Prices| match prices.get(design.0) {
        Some(prices) => prices[lane].clone(),
        None => best(campaign.mixed.unwrap_or(Objective::Latency), prices, lane),
    };
    let prices: Vec<_> = prices.iter().map(of_layer).collect();
    let mut column = Column::default();
    let mut overflow = None;
    for (network, layers) in campaign.workload.sequences().enumerate() {
        let sum = layers.iter().try_fold((0u64, Energy::default()), |(cycles, energy), &layer| {
            let price = prices[layer as usize].as_ref().ok()?;
            Some((cycles.saturating_add(price.cycles), energy + price.energy))
        });
        let (cycles, energy) = match sum {
            Some((u64::MAX, _)) => {
                overflow.get_or_insert(network);
                (0, f64::NAN)
            }
            Some((cycles, energy)) => (cycles, energy.total()),
            None => (0, f64::NAN),
        };
        column.cycles.push(cycles);
        column.energy.push(energy);
    }
    let unusable = unusable(campaign, design, &prices, &column, overflow);
    let usable = column.cycles.iter().any(|cycles| *cycles > 0);
    (design, usable.then_some(column), unusable)
}

/// The price with least of the objective, the first of equal ones; where there is none, why the first dataflow has none.
fn best(objective: Objective, prices: &Prices, lane: usize) -> Result<Price, Refusal> {
    let key = |price: &Price| objective.of(price.cycles, price.energy.total());
    let prices = || prices.iter().map(|prices| &prices[lane]);
    let usable = prices().flatten().min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(Ordering::Equal));
    usable.copied().ok_or_else(|| match prices().find_map(|price| price.as_ref().err()) {
        Some(refusal) => refusal.clone(),
        None => Refusal::Unsuited(Error::EmptyDataflow),
    })
}

/// Why some networks cannot run on a design.
fn unusable(
    campaign: &Campaign,
    design: (usize, usize),
    prices: &[Result<Price, Refusal>],
    column: &Column,
    overflow: Option<usize>,
) -> Option<Unusable> {
    let workload = &campaign.workload;
    let refused: Vec<(usize, &Refusal)> =
        prices.iter().enumerate().filter_map(|(layer, price)| Some((layer, price.as_ref().err()?))).collect();
    let unsuited = refused.iter().find_map(|(layer, refusal)| match refusal {
        Refusal::Unsuited(error) => Some((*layer, *error)),
        Refusal::TooSmall(_) => None,
    });
    let name = |layer: usize| kind_and_shape(&workload.layers()[layer]);
    let (layer, reason) = match (unsuited, overflow) {
        (Some((layer, error)), _) => (layer, Reason::Unsuited(error)),
        (None, _) if !refused.is_empty() => {
            let mut short = worst(&refused);
            let (layer, shortage) = short.remove(0);
            let others = short.into_iter().map(|(layer, shortage)| (name(layer), shortage)).collect();
            (layer, Reason::TooSmall { shortage, others })
        }
        (None, Some(network)) => {
            let layer = workload.sequences().nth(network).and_then(|layers| layers.first()).copied()?;
            (layer as usize, Reason::Unsuited(Error::Overflow { level: 1 }))
        }
        (None, None) => return None,
    };
    let has = |counts: &[(u32, u32)]| counts.iter().any(|(own, _)| *own as usize == layer);
    let network = workload.counts().position(has).map_or(String::new(), |first| workload.networks()[first].clone());
    Some(Unusable {
        dataflow: campaign.dataflow_name(design.0).to_string(),
        accelerator: campaign.accelerators[design.1].name.clone(),
        layer: name(layer),
        network,
        layers: refused.len().max(1),
        networks: column.cycles.iter().filter(|cycles| **cycles == 0).count(),
        reason,
    })
}

/// Of each buffer that is too small, the layer that needs most of it; the one that exceeds its buffer most comes first.
fn worst(refused: &[(usize, &Refusal)]) -> Vec<(usize, Shortage)> {
    let all = refused.iter().flat_map(|(layer, refusal)| {
        let short = match refusal {
            Refusal::TooSmall(short) => short.as_slice(),
            Refusal::Unsuited(_) => &[],
        };
        short.iter().map(move |shortage| (*layer, *shortage))
    });
    let all: Vec<(usize, Shortage)> = all.collect();
    let of = |buffer: Buffer| {
        let own = all.iter().rev().filter(|(_, shortage)| shortage.buffer == buffer);
        own.max_by_key(|(_, shortage)| shortage.need).copied()
    };
    let mut worst: Vec<(usize, Shortage)> = Buffer::ALL.into_iter().filter_map(of).collect();
    worst.sort_by(|(_, a), (_, b)| b.excess().total_cmp(&a.excess()));
    worst
}
