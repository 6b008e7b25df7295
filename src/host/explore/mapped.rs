//! Explores designs with the best mapping of each layer, which is searched for on each design: all designs of a small
//! grid, or random ones of a large grid.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::front::Candidate;
use super::technology::Technology;
use super::{Axes, Explore, Part, costs};
use crate::hardware::UNLIMITED;
use crate::host::mapper::Objective;
use crate::host::mapper::mappings::{Certificate, Mappings, Wanted};
use crate::host::network::{LayerError, NamedLayer};
use crate::host::shard::Shard;
use crate::host::spaces::random::PythonRandom;
use crate::{Cost, Energy, EnergyTable, Hardware};

/// How designs are mapped, and the number of designs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapping {
    /// What each mapping minimizes.
    pub objective: Objective,
    /// The maximum number of mappings of a layer on a design that are costed.
    pub budget: u64,
    /// The tolerance as a fraction: [`Wanted::gap`].
    pub gap: f64,
    /// The maximum number of designs that are examined.
    pub designs: u64,
    /// The seed of the random designs.
    pub seed: u64,
}

/// A network on a design.
struct Mapped {
    cycles: u64,
    /// nJ, um^2, mW.
    figures: [f64; 3],
}

/// Why a design is ruled out: a buffer is too small (0 that of clusters, 1 L1, 2 L2; with the needs of all three), it
/// exceeds a limit, or a layer cannot be mapped.
enum Out {
    Small(usize, [u64; 3]),
    Beyond(usize),
    Unsuited(LayerError),
}

impl Explore<'_> {
    /// Examines a shard of the designs with the best mappings of the network. `advance` is called for each design.
    pub fn mapped(&self, axes: &Axes, how: &Mapping, shard: Shard, advance: &(dyn Fn() + Sync)) -> Part {
        let all = axes.lines() * axes.plane();
        let ids: Vec<u64> = if all <= how.designs { (0..all).collect() } else { drawn(all, how) };
        let none = || Part::new(self.objectives());
        let of = |id: u64| {
            let mut part = none();
            match self.design_mapped(id, how, &mut part.certificate) {
                Ok(Mapped { cycles, figures: [energy, area, power] }) => {
                    part.tally.costed = 1;
                    let [energy, area, power] = [energy, area, power].map(f64::to_bits);
                    part.front.push(Candidate { figures: [cycles, energy, area, power], id, same: 1 });
                }
                Err(Out::Small(buffer, needs)) => {
                    part.tally.small[buffer] = 1;
                    part.needs = Some(needs);
                }
                Err(Out::Beyond(limit)) => part.tally.beyond[limit] = 1,
                Err(Out::Unsuited(error)) => {
                    part.tally.unsuited = 1;
                    part.unsuited = Some((id, error.to_string()));
                }
            }
            advance();
            part
        };
        let share = ids.par_iter().enumerate().filter(|(number, _)| shard.takes(*number));
        let mut part = share.map(|(_, &id)| of(id)).reduce(none, Part::merge);
        part.front.best();
        part
    }

    fn design_mapped(&self, id: u64, how: &Mapping, certificate: &mut Certificate) -> Result<Mapped, Out> {
        let (distinct, places) = self.costs.network.distinct();
        let first = || distinct[0];
        let invalid = |named: &str, error| Out::Unsuited(LayerError { layer: named.to_string(), line: None, error });
        // The values of the grid were checked when the axes were made.
        let hardware = match self.grid.accelerator(self.base, id) {
            Ok(accelerator) => accelerator.hardware,
            Err(_) => return Err(invalid(&first().name, crate::Error::Pes(0))),
        };
        let technology = self.costs.technology;
        // Check the limits with the smallest possible buffers first: a design that exceeds a limit even then needs no
        // search.
        let (least, _) = sized(&hardware, technology, [0; 2]);
        self.within(&[0.0, least[0], least[1]], 0)?;
        let energies = technology.energies(&hardware, 1, 1);
        let Mapping { objective, budget, gap, .. } = *how;
        let mappings = Mappings::new(Wanted { objective, energies, budget, gap });
        let layers: Vec<_> = distinct.iter().map(|named| named.layer).collect();
        mappings.prepare(&layers, &hardware);
        *certificate = mappings.certificate();
        let cost = |energies: &EnergyTable| {
            let of = |named: &&NamedLayer| {
                let dataflow = mappings.dataflow(&named.layer, &hardware);
                let cost = dataflow.and_then(|flow| Cost::with_energies(&named.layer, &flow, &hardware, energies));
                cost.map_err(|error| invalid(&named.name, error))
            };
            distinct.iter().map(of).collect::<Result<Vec<Cost>, Out>>()
        };
        let costs = cost(&energies)?;
        let most = |need: fn(&Cost) -> u64| costs.iter().map(need).max().unwrap_or(0);
        let needs = [most(|cost| cost.needs.cluster), most(|cost| cost.needs.l1), most(|cost| cost.needs.l2)];
        let fits = |which: fn(&Cost) -> bool| costs.iter().all(which);
        let fit = [fits(|cost| cost.fits.cluster), fits(|cost| cost.fits.l1), fits(|cost| cost.fits.l2)];
        if let Some(small) = fit.iter().position(|fits| !fits) {
            return Err(Out::Small(small, needs));
        }
        let [_, l1, l2] = needs;
        let (silicon, energies) = sized(&hardware, technology, [l1, l2]);
        let costs = cost(&energies)?;
        // Summed in the order of the network, as an estimate does.
        let energy = places.iter().map(|place| costs[*place].energy).fold(Energy::default(), |sum, more| sum + more);
        let moved: f64 = places.iter().map(|place| costs::moved(&costs[*place].l1, &hardware)).sum();
        let calibration = self.costs.calibration.as_ref();
        let cycles = |place: &usize| match calibration {
            Some(own) => own.cycles(distinct[*place].layer.kind(), &costs[*place]),
            None => costs[*place].cycles(),
        };
        let cycles = places.iter().filter_map(cycles).fold(0u64, u64::saturating_add);
        let figures = [energy.total() + moved * technology.noc_energy(), silicon[0], silicon[1]];
        self.within(&figures, cycles)?;
        Ok(Mapped { cycles, figures })
    }

    /// Checks the limits; the error has the first that is exceeded.
    fn within(&self, [energy, area, power]: &[f64; 3], cycles: u64) -> Result<(), Out> {
        let over = |figure: f64, limit: Option<f64>| limit.is_some_and(|limit| figure > limit);
        let limits = &self.limits;
        let beyond = [
            limits.cycles.is_some_and(|limit| cycles > limit),
            over(*energy, limits.energy),
            over(*area, limits.area),
            over(*power, limits.power),
        ];
        beyond.iter().position(|beyond| *beyond).map_or(Ok(()), |limit| Err(Out::Beyond(limit)))
    }
}

/// Area and power of a design, and its energies. Buffers without a limit are as large as the needs `l1` and `l2`.
fn sized(hardware: &Hardware, technology: &Technology, [l1, l2]: [u64; 2]) -> ([f64; 2], EnergyTable) {
    let size = |bytes: u32, need: u64| if bytes == UNLIMITED { need } else { bytes.into() };
    let (l1, l2) = (size(hardware.l1_bytes(), l1), size(hardware.l2_bytes(), l2));
    let [l1_parts, l2_parts] = technology.buffers(l1, l2);
    let silicon = technology.silicon(hardware, l1_parts, l2_parts);
    let [area, power] = technology.offchip(hardware.offchip_bandwidth());
    ([silicon.area() + area, silicon.power() + power], technology.energies(hardware, l1, l2))
}

/// Random designs without repetition, in ascending order.
fn drawn(all: u64, how: &Mapping) -> Vec<u64> {
    let mut random = PythonRandom::new(how.seed);
    let mut ids = BTreeSet::new();
    while (ids.len() as u64) < how.designs {
        let bits = u64::from(random.below(1 << 30)) << 30 | u64::from(random.below(1 << 30));
        ids.insert(bits % all);
    }
    ids.into_iter().collect()
}
