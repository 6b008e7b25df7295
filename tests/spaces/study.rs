//! The networks that the study drew: their layers and their selection.
use std::collections::HashMap;
use std::fmt::Write;

use super::data::{self, rows};
use maestrino::host::spaces::accuracy::Accuracy;
use maestrino::host::spaces::networks;
use maestrino::host::spaces::selection::Rule;
use maestrino::host::spaces::{AlphaNet, Nb301, Nb301Recipe, Space};
use maestrino::{Dim, Layer};

/// The study's NAS-Bench-301 at an input size, with or without the auxiliary head.
fn nb301(input_size: u32, aux_head: bool) -> Nb301 {
    Nb301::new(Nb301Recipe { input_size, aux_head, ..Nb301Recipe::default() }).unwrap()
}

/// CRC-32 of the first 1000, 2000, ... genotypes, with one line each, as numpy drew them.
const GENOTYPES: [u32; 10] = [
    0xb89548aa, 0x794721e5, 0x2ada213d, 0xaf2efd1f, 0xb7042067, 0xbb157fb8, 0xb79d251b, 0x51edd5fb, 0xb27dd1d4,
    0xf323d339,
];

#[test]
fn all_nb301_genotypes_are_the_ones_that_numpy_draws() {
    let space = Nb301::default();
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut text = String::new();
    for (seed, genome) in (0..).zip(space.draw(space.population())) {
        let _ = writeln!(text, "{}", space.fields(&genome).join(","));
        if seed % 1000 == 999 {
            assert_eq!(crc.checksum(text.as_bytes()), GENOTYPES[seed / 1000], "seeds up to {seed}");
        }
    }
}

#[test]
fn selected_nb301_networks_have_the_studys_genotypes_and_macs() {
    let rows = rows("nb301_genotypes.csv.gz");
    let seeds: Vec<u32> = rows.iter().map(|row| row["seed"].parse().unwrap()).collect();
    assert_eq!(seeds.len(), 1018);
    assert_eq!(nb301(32, false).selected(), seeds);
    for (row, seed) in rows.iter().zip(seeds) {
        let genome = Nb301::default().sample(seed);
        assert_eq!(Nb301::default().fields(&genome), [&row["normal"], &row["reduce"]].map(String::clone));
        for (size, column) in [(16, "macs16"), (32, "macs32")] {
            // The head does not contribute to the MACs of an inference.
            for aux_head in [false, true] {
                assert_eq!(nb301(size, aux_head).macs(&genome).to_string(), row[column], "seed {seed}");
            }
        }
    }
}

#[test]
fn nb301_layers_are_the_studys() {
    let mut expected: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows("nb301_layers.csv.gz") {
        let numbers = ["k", "c", "r", "s", "y", "x", "stride"].map(|column| row[column].parse::<u32>().unwrap());
        let network = ["input_size", "aux_head", "seed"].map(|column| row[column].parse::<u32>().unwrap());
        expected.entry(network).or_default().push((row["kind"].clone(), numbers));
    }
    assert_eq!(expected.len(), 10);
    for ([size, aux_head, seed], expected) in expected {
        let space = nb301(size, aux_head == 1);
        let of_layer = |layer: &Layer| {
            let [k, c, r, s, y, x] =
                [Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X].map(|dim| layer.size(dim).unwrap());
            assert_eq!(layer.stride(Dim::X), layer.stride(Dim::Y));
            (layer.kind().name().to_string(), [k, c, r, s, y, x, layer.stride(Dim::Y)])
        };
        let layers: Vec<_> = space.layers(&space.sample(seed)).iter().map(of_layer).collect();
        assert_eq!(layers, expected, "seed {seed} at {size} x {size}");
    }
}

/// By its authors' count, DARTS_V2 has 3.349342 million parameters.
#[test]
fn nb301_parameters_are_counted_as_in_darts() {
    let normal = "0:sep_conv_3x3|1:sep_conv_3x3|0:sep_conv_3x3|1:sep_conv_3x3|1:sep_conv_3x3|0:skip_connect|0:skip_connect|2:dil_conv_3x3";
    let reduce = "0:max_pool_3x3|1:max_pool_3x3|2:skip_connect|1:max_pool_3x3|0:max_pool_3x3|2:skip_connect|2:skip_connect|1:max_pool_3x3";
    let space = nb301(32, true);
    let genome = space.parse_fields(&[normal, reduce]).unwrap();
    assert_eq!(space.params(&genome), 3_349_342);
}

#[test]
fn alphanet_networks_have_the_studys_configurations_macs_and_parameters() {
    let rows = rows("alphanet_configs.csv.gz");
    assert_eq!(rows.len(), 9999);
    assert_eq!(AlphaNet.population(), 9999);
    let mut selected = Vec::new();
    for ((id, row), genome) in (0..).zip(&rows).zip(AlphaNet.draw(9999)) {
        let fields = ["resolution", "kernel_size", "expand_ratio", "depth"].map(|column| row[column].clone());
        assert_eq!(AlphaNet.fields(&genome), fields, "id {id}");
        let figure = |column: &str| row[column].parse::<f64>().unwrap();
        assert_eq!(AlphaNet.params(&genome) as f64 / 1e6, figure("mparams"), "id {id}");
        // The authors counted with numbers of 32 bits.
        assert_eq!(f64::from(AlphaNet.macs(&genome) as f32) / 1e6, figure("mmacs"), "id {id}");
        if let Ok(place) = row["selected_pos"].parse::<usize>() {
            selected.push((place, id));
        }
    }
    selected.sort_unstable();
    assert_eq!(selected.len(), 1046);
    assert_eq!(AlphaNet.selected(), selected.into_iter().map(|(_, id)| id).collect::<Vec<u32>>());
}

/// The ids that the study's rule selects from these networks, in ascending order.
fn by_rule(space: &dyn Space, accuracies: &[f64]) -> Vec<u32> {
    let macs: Vec<f64> = space.draw(space.population()).iter().map(|genome| space.macs(genome) as f64).collect();
    Rule::default().select(&macs, accuracies).iter().map(|&id| id as u32).collect()
}

#[test]
fn the_rule_gives_the_alphanet_selection_from_what_the_published_forest_predicts() {
    let rows = rows("alphanet_configs.csv.gz");
    let source = Accuracy::read(&AlphaNet, &data::bytes("alphanet_forest.csv.gz"), "forest").unwrap();
    let genomes = AlphaNet.draw(AlphaNet.population());
    let accuracies: Vec<f64> = genomes.iter().map(|genome| source.of(&AlphaNet, genome).unwrap()).collect();
    for (row, accuracy) in rows.iter().zip(&accuracies) {
        assert_eq!(*accuracy, row["accuracy"].parse::<f64>().unwrap());
    }
    let mut selected = AlphaNet.selected();
    selected.sort_unstable();
    assert_eq!(by_rule(&AlphaNet, &accuracies), selected);
}

/// The same rule gives this selection, although that was not published.
#[test]
fn the_rule_gives_the_nb301_selection_too() {
    let space = Nb301::default();
    let source = Accuracy::read(&space, &data::bytes("nb301_accuracy.csv.gz"), "accuracies").unwrap();
    let accuracies = source.of_all(&space, &networks::named(&space, "all").unwrap()).unwrap();
    let mut selected = space.selected();
    selected.sort_unstable();
    assert_eq!(by_rule(&space, &accuracies), selected);
}
