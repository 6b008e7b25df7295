//! Campaigns agree with estimates of single networks, to the last bit.

use std::collections::HashSet;

use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin;
use maestrino::host::campaign::accelerators::{grid, study};
use maestrino::host::campaign::{
    Accelerator, Campaign, Costing, DesignSpace, Lack, NamedDataflow, Objective, Reason, Workload,
};
use maestrino::host::cost_table::{Buffer, CostModel, Shortage};
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::estimate::Estimate;
use maestrino::host::network::Network;
use maestrino::host::printed::{CsvEnergy, G};
use maestrino::host::report::maestro_csv::Row;
use maestrino::host::shape::kind_and_shape;
use maestrino::maestro::Cost;
use maestrino::{EnergyTable, Layer};

const NETWORKS: [&str; 5] = ["ds_cnn", "resnet8", "mobilenet_v2", "autoencoder", "mobilenet_v1_025_vww"];

fn networks() -> Vec<Network> {
    builtin::NETWORKS.iter().filter_map(|known| builtin::network(known.name)).collect()
}

fn preset(preset: Preset, fit: bool) -> NamedDataflow {
    NamedDataflow { name: preset.name().to_string(), choice: DataflowChoice::preset(preset.tiling(), fit) }
}

fn campaign(networks: &[Network], accelerators: Vec<Accelerator>, dataflows: Vec<NamedDataflow>) -> Campaign {
    let mut workload = Workload::new();
    for network in networks {
        workload.push(&network.name, network.layers.iter().map(|named| &named.layer));
    }
    let costing = Costing::Maestro(EnergyTable::REFERENCE);
    Campaign { workload, designs: DesignSpace { accelerators, dataflows, mappings: None, mixed: None }, costing }
}

/// The same campaign with designs where each layer takes its best dataflow.
fn mixed(objective: Objective, campaign: Campaign) -> Campaign {
    Campaign { designs: DesignSpace { mixed: Some(objective), ..campaign.designs }, ..campaign }
}

/// Compares every column with estimates, and every missing column with the errors of these.
fn assert_agrees(campaign: &Campaign, networks: &[Network]) {
    let (table, unusable) = campaign.table();
    let mut place = 0;
    for dataflow in &campaign.designs.dataflows {
        let choice = &dataflow.choice;
        for accelerator in &campaign.designs.accelerators {
            let estimate = |network| {
                let model = CostModel::Maestro;
                Estimate::new(network, choice, &accelerator.hardware, model, &EnergyTable::REFERENCE)
            };
            let estimates: Vec<_> = networks.iter().map(estimate).collect();
            let name = format!("{}_{}", dataflow.name, accelerator.name);
            match estimates.iter().zip(networks).find_map(|(e, n)| Some((e.as_ref().err()?, n))) {
                None => {
                    assert_eq!(table.designs[place].column(), name);
                    for ((estimate, cycles), energy) in
                        estimates.iter().zip(table.cycles_of(place)).zip(table.energy_of(place))
                    {
                        let known = estimate.as_ref().unwrap();
                        let expected = (known.total.cycles, known.energy().unwrap().total());
                        assert_eq!((Some(*cycles), *energy), expected, "{name}");
                    }
                    place += 1;
                }
                Some((errors, network)) => {
                    let of = |u: &&_| -> bool {
                        let u: &maestrino::host::campaign::Unusable = u;
                        u.dataflow == dataflow.name && u.accelerator == accelerator.name
                    };
                    let own = unusable.iter().find(of).unwrap_or_else(|| panic!("{name} is not among the unusable"));
                    let reason = Reason::Unsuited(errors[0].error.to_string());
                    let [lack] = own.lacks.as_slice() else { panic!("{own}") };
                    assert_eq!((&lack.network, &lack.reason), (&network.name, &reason), "{name}");
                }
            }
        }
    }
    assert_eq!(table.designs.len(), place);
}

#[test]
fn each_column_is_a_series_of_estimates() {
    let networks = networks();
    let networks: Vec<_> = networks.into_iter().filter(|network| NETWORKS.contains(&network.name.as_str())).collect();
    assert_eq!(networks.len(), NETWORKS.len());
    let dataflows = [Preset::KcpWs, Preset::Rs, Preset::XpWs, Preset::YxpOs].map(|named| preset(named, false)).to_vec();
    let accelerators = grid("pes=16:64:300,noc=1:7:500,hops=0:3,offchip=1:50:100000,simd=1:4").unwrap();
    assert_agrees(&campaign(&networks, accelerators, dataflows), &networks);
    let fitted = [Preset::KcpWs, Preset::YxpOs, Preset::YkpOs].map(|named| preset(named, true)).to_vec();
    assert_agrees(&campaign(&networks, study(), fitted), &networks);
}

fn small() -> Vec<Network> {
    networks().into_iter().filter(|network| NETWORKS[..3].contains(&network.name.as_str())).collect()
}

/// The cost of each layer under each dataflow; `None` if the dataflow cannot map it.
fn costs(campaign: &Campaign, accelerator: &Accelerator, network: &Network) -> Vec<Vec<Option<(Row, Cost)>>> {
    let cost = |named, dataflow: &NamedDataflow| {
        let choice = &dataflow.choice;
        let (mapped, _) = choice.dataflow(named, accelerator.hardware.pes()).unwrap();
        let row = Row::of(&named.layer, &mapped, &accelerator.hardware).ok()?;
        Some((row, Cost::of(&named.layer, &mapped, &accelerator.hardware).ok()?))
    };
    network
        .layers
        .iter()
        .map(|named| campaign.designs.dataflows.iter().map(|dataflow| cost(named, dataflow)).collect())
        .collect()
}

/// 1 and 8 PEs are too few for the clusters of `kcp_ws`, and also for those of `rs` if filters have 3 or 10 rows.
fn few() -> Vec<Accelerator> {
    grid("pes=1:8:64:200,noc=8:300,offchip=2:100").unwrap()
}

#[test]
fn mixed_designs_take_the_best_dataflow_of_each_layer() {
    let networks = small();
    let dataflows = [Preset::KcpWs, Preset::Rs, Preset::XpWs].map(|named| preset(named, false)).to_vec();
    let mut chosen = std::collections::HashSet::new();
    for objective in Objective::ALL {
        let campaign = mixed(objective, campaign(&networks, few(), dataflows.clone()));
        let (table, unusable) = campaign.table();
        assert!(unusable.iter().all(|unusable| unusable.dataflow != "mixed"));
        for accelerator in &campaign.designs.accelerators {
            let place =
                table.designs.iter().position(|design| design.column() == format!("mixed_{}", accelerator.name));
            for (number, network) in networks.iter().enumerate() {
                let (mut cycles, mut parts) = (0, [0.0; 3]);
                for layer in costs(&campaign, accelerator, network) {
                    let key = |cost: &Cost| match objective {
                        Objective::Latency => (cost.delay.cycles as f64, cost.energy.total()),
                        Objective::Energy => (cost.energy.total(), cost.delay.cycles as f64),
                        Objective::Edp => (cost.edp(), cost.delay.cycles as f64),
                    };
                    let costs = layer.iter().enumerate().filter_map(|(n, cost)| Some((n, cost.as_ref()?.1)));
                    let (dataflow, best) =
                        costs.min_by(|(_, a), (_, b)| key(a).partial_cmp(&key(b)).unwrap()).expect("some dataflow");
                    chosen.insert((objective.name(), dataflow));
                    cycles += best.delay.cycles;
                    parts[0] += best.energy.mac;
                    parts[1] += best.energy.l1;
                    parts[2] += best.energy.l2;
                }
                let [mac, l1, l2] = parts;
                let of = |column: &[u64]| column[number];
                assert_eq!(of(table.cycles_of(place.unwrap())), cycles, "{} {}", accelerator.name, network.name);
                assert_eq!(table.energy_of(place.unwrap())[number], mac + l1 + l2);
            }
        }
    }
    assert!(chosen.len() > 6, "the objectives hardly differ: {chosen:?}");
}

#[test]
fn the_reference_mode_sums_the_printed_energy_column() {
    let networks = small();
    let dataflows = [Preset::KcpWs, Preset::Rs, Preset::XpWs].map(|named| preset(named, false)).to_vec();
    let plain = campaign(&networks, few(), dataflows);
    let campaign = Campaign { costing: Costing::MaestroCsv, ..mixed(Objective::Latency, plain) };
    let (table, unusable) = campaign.table();
    let (mut equal, mut mixed) = (0, 0);
    for (place, design) in table.designs.iter().enumerate() {
        let dataflow = campaign.designs.dataflows.iter().position(|dataflow| dataflow.name == design.dataflow);
        let accelerator = Accelerator { name: design.accelerator.clone(), hardware: design.hardware };
        for (number, network) in networks.iter().enumerate() {
            let mut column = CsvEnergy::default();
            let (mut cycles, mut energy) = (0, 0.0);
            for layer in costs(&campaign, &accelerator, network) {
                let key = |cost: &Cost| (cost.delay.cycles, cost.energy.total());
                let (row, cost) = match dataflow {
                    Some(dataflow) => layer[dataflow].unwrap(),
                    None => {
                        let usable = layer.iter().flatten().copied();
                        usable.min_by(|(_, a), (_, b)| key(a).partial_cmp(&key(b)).unwrap()).unwrap()
                    }
                };
                cycles += cost.delay.cycles;
                energy += G(column.next(row.traffic(), row.levels())).to_string().parse::<f64>().unwrap();
            }
            assert_eq!((table.cycles_of(place)[number], table.energy_of(place)[number]), (cycles, energy));
            if dataflow.is_some() { equal += 1 } else { mixed += 1 }
        }
    }
    assert_eq!((equal, mixed), ((8 + 8 + 16) * 3, 16 * 3));
    assert_eq!(unusable.len(), 8 + 8);
    assert!(unusable[0].reason().contains("PEs; the array has"), "{}", unusable[0]);
}

#[test]
fn blocks_hold_what_the_whole_table_holds() {
    let networks = small();
    let dataflows = [Preset::KcpWs, Preset::Rs].map(|named| preset(named, false)).to_vec();
    let campaign = mixed(Objective::Edp, campaign(&networks, few(), dataflows));
    let (table, unusable) = campaign.table();
    let blocks = campaign.blocks(20);
    assert_eq!(blocks.len(), 8);
    let mut refused = 0;
    for range in blocks {
        let block = campaign.block(range);
        refused += block.unusable.len();
        for (&design, column) in block.designs.iter().zip(&block.columns) {
            let place = table.designs.iter().position(|other| *other == campaign.designs.design(design)).unwrap();
            assert_eq!(column.cycles, table.cycles_of(place));
            assert_eq!(*column.energy, table.energy_of(place));
        }
    }
    assert_eq!(refused, unusable.len());
}

fn shortage(lack: &Lack) -> Shortage {
    match lack.reason {
        Reason::TooSmall(shortage) => shortage,
        Reason::Unsuited(_) => panic!("{lack}"),
    }
}

fn excess(lack: &Lack) -> f64 {
    shortage(lack).excess()
}

/// With the exact model: whole columns, and networks that cannot run.
#[test]
fn each_column_is_a_series_of_exact_estimates() {
    let networks = small();
    let dataflows = [Preset::KcpWs, Preset::Rs, Preset::XpWs].map(|named| preset(named, true)).to_vec();
    let accelerators = grid("pes=64:100,noc=8,offchip=3,l1=40:4000,l2=3000:60000").unwrap();
    let costing = Costing::Exact(EnergyTable::REFERENCE);
    let campaign = Campaign { costing, ..campaign(&networks, accelerators, dataflows) };
    let (table, unusable) = campaign.table();
    let (mut whole, mut partly, mut none, mut several) = (0, 0, 0, 0);
    for dataflow in &campaign.designs.dataflows {
        let choice = &dataflow.choice;
        for accelerator in &campaign.designs.accelerators {
            let hardware = &accelerator.hardware;
            let name = format!("{}_{}", dataflow.name, accelerator.name);
            let place = table.designs.iter().position(|design| design.column() == name);
            let mut short: Vec<(Layer, usize, Shortage)> = Vec::new();
            let mut misfits = 0;
            for (number, network) in networks.iter().enumerate() {
                let energies = EnergyTable::REFERENCE;
                let estimate = Estimate::new(network, choice, hardware, CostModel::Exact, &energies).unwrap();
                let own = estimate.layers.iter().flat_map(|row| {
                    Shortage::all(row.cost.exact().unwrap(), hardware).map(|short| (row.layer, number, short))
                });
                let own: Vec<_> = own.collect();
                assert_eq!(own.is_empty(), estimate.misfits().is_empty());
                match (own.is_empty(), place) {
                    (true, place) => {
                        let place = place.unwrap();
                        let figures = (table.cycles_of(place)[number], table.energy_of(place)[number]);
                        let (cycles, energy) = (estimate.total.cycles, estimate.energy());
                        assert_eq!(figures, (cycles.unwrap(), energy.unwrap().total()), "{name} {}", network.name);
                    }
                    (false, Some(place)) => {
                        assert_eq!(table.cycles_of(place)[number], 0);
                        assert!(table.energy_of(place)[number].is_nan());
                    }
                    (false, None) => (),
                }
                misfits += usize::from(!own.is_empty());
                short.extend(own);
            }
            let own = unusable.iter().find(|own| own.dataflow == dataflow.name && own.accelerator == accelerator.name);
            assert_eq!(own.map_or(0, |own| own.networks), misfits, "{name}");
            // All buffers that are too small, and for which layers. The buffer that is exceeded most comes first.
            let lacks = own.map_or(&[][..], |own| &own.lacks);
            assert!(lacks.iter().map(excess).is_sorted_by(|a, b| a >= b), "{name}");
            for buffer in Buffer::ALL {
                let own = || short.iter().filter(|(.., short)| short.buffer == buffer);
                let lack = lacks.iter().find(|lack| shortage(lack).buffer == buffer);
                let most = own().map(|(.., short)| *short).max_by_key(|short| short.need);
                assert_eq!(lack.map(shortage), most, "{name}");
                let Some(lack) = lack else { continue };
                several += usize::from(lacks.len() > 1);
                let layers: HashSet<Layer> = own().map(|(layer, ..)| *layer).collect();
                let among: HashSet<usize> = own().map(|(_, network, _)| *network).collect();
                assert_eq!((lack.layers, lack.networks), (layers.len(), among.len()), "{name}");
                let needs = |(layer, _, short): &&&(Layer, usize, Shortage)| {
                    kind_and_shape(layer) == lack.layer && short.need == shortage(lack).need
                };
                let (_, first, _) = own().filter(|item| needs(&item)).min_by_key(|(_, network, _)| *network).unwrap();
                assert_eq!(lack.network, networks[*first].name);
            }
            assert_eq!(place.is_none(), misfits == networks.len(), "{name}");
            match misfits {
                0 => whole += 1,
                misfits if misfits == networks.len() => none += 1,
                _ => partly += 1,
            }
        }
    }
    assert!(whole > 2 && partly > 2 && none > 2 && several > 2, "{whole} {partly} {none} {several}");
}

#[test]
fn exact_mixed_designs_take_the_best_dataflow_that_fits() {
    let networks = small();
    let presets = [Preset::KcpWs, Preset::Rs, Preset::XpWs];
    let dataflows = presets.map(|named| preset(named, true)).to_vec();
    let accelerators = grid("pes=64,noc=8,offchip=3,l1=150,l2=6000:20000").unwrap();
    let costing = Costing::Exact(EnergyTable::REFERENCE);
    let campaign = mixed(Objective::Latency, Campaign { costing, ..campaign(&networks, accelerators, dataflows) });
    let (table, _) = campaign.table();
    let mut chosen = std::collections::HashSet::new();
    for accelerator in &campaign.designs.accelerators {
        let hardware = &accelerator.hardware;
        let name = format!("mixed_{}", accelerator.name);
        let place = table.designs.iter().position(|design| design.column() == name).unwrap();
        for (number, network) in networks.iter().enumerate() {
            let best = |named: &maestrino::host::network::NamedLayer| {
                let of = |(dataflow, preset): (usize, Preset)| {
                    let choice = DataflowChoice::preset(preset.tiling(), true);
                    let directives = choice.dataflow(named, hardware.pes()).unwrap().0.into_owned();
                    let cost = maestrino::Cost::of(&named.layer, &directives, hardware).unwrap();
                    Some((cost.cycles().filter(|_| cost.fits.all())?, cost.energy.total(), dataflow))
                };
                let costs = presets.into_iter().enumerate().filter_map(of);
                costs.min_by(|a, b| a.partial_cmp(b).unwrap())
            };
            let layers: Option<Vec<_>> = network.layers.iter().map(best).collect();
            chosen.extend(layers.iter().flatten().map(|(.., dataflow)| *dataflow));
            let cycles = layers.map_or(0, |layers| layers.iter().map(|(cycles, ..)| cycles).sum());
            assert_eq!(table.cycles_of(place)[number], cycles, "{name} {}", network.name);
        }
    }
    assert!(chosen.len() > 1, "{chosen:?}");
}
