//! Properties of the costs of whole networks.

use maestrino::host::cost_table::CostModel;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::estimate::Estimate;
use maestrino::host::network::{NamedLayer, Network};
use maestrino::host::printed::CsvEnergy;
use maestrino::host::report::maestro_csv::Row;
use maestrino::maestro::Cost;
use maestrino::{EnergyTable, Hardware};
use proptest::prelude::*;

use super::random::{hardware, layer, plausible};

/// A network whose layers have dataflows that suit them on this accelerator.
fn network() -> impl Strategy<Value = (Network, Hardware)> {
    let layers = proptest::collection::vec(layer().prop_flat_map(|layer| (Just(layer), plausible(layer))), 4..12);
    (layers, hardware()).prop_map(|(layers, hardware)| {
        let sound = layers.into_iter().filter(|(layer, dataflow)| Cost::of(layer, dataflow, &hardware).is_ok());
        let named = sound.enumerate().map(|(i, (layer, dataflow))| NamedLayer {
            name: format!("layer{i}"),
            layer,
            dataflow: Some(dataflow.into()),
            line: None,
        });
        (Network { name: "random".to_string(), layers: named.collect() }, hardware)
    })
}

fn estimate(network: &Network, hardware: &Hardware) -> Estimate {
    Estimate::new(network, &DataflowChoice::own(), hardware, CostModel::Maestro, &EnergyTable::REFERENCE).unwrap()
}

proptest! {
    #[test]
    fn the_order_of_the_layers_changes_no_figure(
        ((network, hardware), shuffled) in network().prop_flat_map(|(network, hardware)| {
            let order = Just((0..network.layers.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just((network, hardware)), order)
        }),
    ) {
        let layers = shuffled.iter().map(|&i| network.layers[i].clone()).collect();
        let other = Network { name: network.name.clone(), layers };
        let (before, after) = (estimate(&network, &hardware), estimate(&other, &hardware));
        for (row, &i) in after.layers.iter().zip(&shuffled) {
            prop_assert_eq!(&row.name, &before.layers[i].name);
            prop_assert_eq!(row.cost, before.layers[i].cost);
        }
        let (total, sum) = (before.total, after.total);
        prop_assert_eq!((total.cycles, before.macs), (sum.cycles, after.macs));
        prop_assert_eq!(total.needs, sum.needs);
        for figure in [|cost: &Cost| cost.delay.noc_peak, |cost: &Cost| cost.delay.offchip] {
            prop_assert_eq!(before.most(figure), after.most(figure));
        }
        // The order of additions affects the last bits.
        let [total, sum] = [total, sum].map(|total| total.energy.total());
        prop_assert!((total - sum).abs() <= 1e-9 * total);
    }

    #[test]
    fn the_compatible_energy_column_looks_at_the_layer_before((network, hardware) in network()) {
        let row = |named: &NamedLayer| Row::of(&named.layer, named.dataflow.as_ref().unwrap(), &hardware);
        let rows: Vec<Row> = network.layers.iter().filter_map(|named| row(named).ok()).collect();
        let mut energy = CsvEnergy::default();
        let mut charged = 0;
        for row in &rows {
            let next = |column: &mut CsvEnergy| column.next(row.traffic(), row.levels());
            let (alone, in_order) = (next(&mut CsvEnergy::default()), next(&mut energy));
            let Row::Costed(cost) = row else { continue };
            if cost.levels == 1 {
                prop_assert_eq!(alone, in_order);
            } else if charged > 0 {
                prop_assert!(in_order > alone, "{in_order} in order, {alone} alone");
            }
            charged += 1;
        }
    }
}
