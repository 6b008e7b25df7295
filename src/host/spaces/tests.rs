use std::collections::HashSet;

use rayon::prelude::*;

use super::random::PythonRandom;
use super::*;
use crate::Layer;

fn spaces() -> impl Iterator<Item = Box<dyn Space>> {
    NAMES.into_iter().filter_map(by_name)
}

#[test]
fn genomes_survive_their_text_and_stay_in_their_space() {
    assert_eq!(spaces().count(), NAMES.len());
    for space in spaces() {
        let mut random = PythonRandom::new(1);
        let mut last = space.sample(0);
        for seed in 0..200 {
            let genome = space.sample(seed);
            for genome in [genome, space.mutate(&genome, &mut random), space.cross_over(&genome, &last, &mut random)] {
                assert!(space.contains(&genome));
                assert_eq!(space.parse(&space.format(&genome)), Ok(genome));
                assert!(space.macs(&genome) > 0 && !space.layers(&genome).is_empty());
            }
            let changed = space.mutate(&genome, &mut random);
            assert_eq!(genome.0.iter().zip(&changed.0).filter(|(old, new)| old != new).count(), 1);
            last = genome;
        }
    }
}

fn refused(space: &dyn Space, fields: &[&str]) -> String {
    space.parse_fields(fields).unwrap_err().to_string()
}

#[test]
fn configurations_outside_a_space_are_refused_with_their_place() {
    let nb301 = Nb301::default();
    let [normal, reduce] = <[String; 2]>::try_from(nb301.fields(&nb301.sample(8194))).unwrap();
    assert_eq!(refused(&nb301, &[&normal[6..], &reduce]), "normal: edge 1 is 'pool_3x3', expected INPUT:OPERATION");
    let wrong = reduce.replace("2:sep_conv_5x5", "5:sep_conv_5x5");
    assert_eq!(
        refused(&nb301, &[&normal, &wrong]),
        "reduce: edge 8 is '5:sep_conv_5x5', whose input is not one of 0 to 4"
    );
    let wrong = reduce.replace("2:sep_conv_5x5", "2:sep_conv_7x7");
    assert!(
        refused(&nb301, &[&normal, &wrong]).contains("edge 8 is '2:sep_conv_7x7', whose operation is not one of max_")
    );
    let wrong = reduce.replace("2:sep_conv_5x5", "0:sep_conv_5x5");
    assert_eq!(refused(&nb301, &[&normal, &wrong]), "reduce: edges 7 and 8 have the same input 0");
    let wrong = reduce.replace("|2:sep_conv_5x5", "");
    assert_eq!(refused(&nb301, &[&normal, &wrong]), "reduce: expected 8 edges separated by '|', found 7");

    let [kernels, expansions, depths] = ["3 5 3 5 7 5 3", "1 5 5 5 5 6 6", "1 3 6 3 4 3 1"];
    assert!(AlphaNet.parse_fields(&["288", kernels, expansions, depths]).is_ok());
    let wrong = refused(&AlphaNet, &["280", kernels, expansions, depths]);
    assert_eq!(wrong, "resolution: number 1 is '280', expected 192, 224, 256, 288");
    let wrong = refused(&AlphaNet, &["288", "5 5 3 5 7 5 3", expansions, depths]);
    assert_eq!(wrong, "kernel_size: number 1 is '5', expected 3");
    let wrong = refused(&AlphaNet, &["288", kernels, "1 5 5 5 5 6", depths]);
    assert_eq!(wrong, "expand_ratio: expected 7 numbers separated by spaces, found 6 ('1 5 5 5 5 6')");
    let wrong = refused(&AlphaNet, &["288", kernels, expansions, "1 3 6 5 4 3 1"]);
    assert_eq!(wrong, "depth: number 4 is '5', expected 3, 4, 6");
    assert_eq!(refused(&AlphaNet, &[]), "resolution: number 1 is '', expected 192, 224, 256, 288");

    let tiny = Staged::tiny();
    let wrong = refused(&tiny, &["96", "45", "3 3 3 3 3 3", "3 3 3 3 3 3", "2 2 2 2 2 1"]);
    assert_eq!(wrong, "width: number 1 is '45', expected 20, 30, 40, 50, 60, 70, 80, 90, 100");
    let wrong = refused(&tiny, &["96", "40", "3 3 3 3 3 3", "3 3 3 3 3 3", "2 2 2 2 2 2"]);
    assert_eq!(wrong, "depth: number 6 is '2', expected 1");

    let text = AlphaNet.format(&AlphaNet.sample(0));
    let wrong = AlphaNet.parse(&text.replace("depth=", "deep=")).unwrap_err().to_string();
    assert_eq!(wrong, "depth: expected 'depth=', found 'deep=1 3 6 3 4 3 1'");
    let wrong = AlphaNet.parse("resolution=288").unwrap_err().to_string();
    assert!(wrong.starts_with("kernel_size: expected 4 fields separated by ';'"), "{wrong}");
}

#[test]
fn recipes_that_make_no_network_are_refused() {
    let with = |change: fn(&mut Nb301Recipe)| {
        let mut recipe = Nb301Recipe::default();
        change(&mut recipe);
        Nb301::new(recipe)
    };
    for change in [
        (|recipe| recipe.input_size = 30) as fn(&mut Nb301Recipe),
        |recipe| recipe.input_size = 0,
        |recipe| recipe.cells = 2,
        |recipe| recipe.width = 35,
        |recipe| recipe.classes = 0,
    ] {
        assert!(with(change).is_err());
    }
    // The smallest and the largest have layers within the cost model's limits.
    let small = with(|recipe| (recipe.input_size, recipe.cells, recipe.width) = (4, 3, 2)).unwrap();
    let large = with(|recipe| {
        *recipe = Nb301Recipe { input_size: 4096, aux_head: true, cells: 100, width: 1024, classes: 1 << 20 };
    });
    for space in [small, large.unwrap()] {
        assert!((0..50).all(|seed| !space.layers(&space.sample(seed)).is_empty()));
    }
    assert!(Staged::tiny().with_classes(0).is_err() && Staged::tiny().with_classes(2).is_ok());
}

/// Computed by hand for the smallest network: 48 x 48, a fifth of the width, all kernels 3, all expansions 3, all
/// depths 2.
#[test]
fn memory_of_a_tiny_network() {
    let space = Staged::tiny().with_classes(2).unwrap();
    let genome = Genome::default();
    // Channels are multiples of 8: 8 and 8, then 8, 8, 16, 24 (for 19.2, because 16 is less than 90 % of it), 40, 64.
    let channels: Vec<u32> = space.layers(&genome).iter().filter_map(|layer| layer.size(crate::Dim::C)).collect();
    let mut expected = vec![3, 8, 8, 8, 24, 24, 8, 24, 24, 8, 24, 24, 8, 24, 24, 8, 24, 24, 16, 48, 48];
    expected.extend([16, 48, 48, 24, 72, 72, 24, 72, 72, 40, 120, 120, 40, 120, 120, 64]);
    assert_eq!(channels, expected);
    // The first expansion: 8 channels of 24 x 24 become 24.
    let memory = space.memory(&genome).unwrap();
    assert_eq!(memory.sram, (8 + 24) * 24 * 24);
    let macs = space.macs(&genome);
    let layers: u64 = space.layers(&genome).iter().filter_map(Layer::macs).sum();
    assert_eq!(macs, layers, "padding is in the layers");
    let mut biases = 0;
    space.visit(&genome, &mut |_, op| biases += u64::from(op.outputs));
    assert_eq!(memory.flash, space.params(&genome) + 3 * biases);
}

#[test]
fn selected_tiny_networks_fit() {
    let space = Staged::tiny();
    let selected = space.selected();
    assert_eq!(selected.len(), 1000);
    for memory in selected.iter().filter_map(|&id| space.memory(&space.sample(id))) {
        assert!(memory.sram <= 320 * 1024 && memory.flash <= 1024 * 1024);
    }
}

#[test]
fn ids_beyond_those_that_a_space_has_are_refused() {
    let unknown = AlphaNet.with_ids(&[3, u32::MAX]).unwrap_err();
    assert_eq!(unknown.to_string(), "no network of alphanet has the id 4294967295: expected 0 to 99999");
    assert_eq!(Nb301::default().with_ids(&[u32::MAX]).unwrap(), [Nb301::default().sample(u32::MAX)]);
}

/// The networks are drawn as in the study: one seed after the other, leaving out those that repeat an earlier
/// network.
#[test]
fn alphanet_has_each_network_once() {
    let sampled: Vec<Genome> = (0..100_100).into_par_iter().map(|seed| AlphaNet.sample(seed)).collect();
    let mut seen = HashSet::new();
    let (drawn, repeats): (Vec<_>, Vec<_>) = (0u32..).zip(sampled).partition(|(_, genome)| seen.insert(*genome));
    let repeats: Vec<u32> = repeats.into_iter().map(|(seed, _)| seed).filter(|&seed| seed <= drawn[99_999].0).collect();
    // The ids before and after each seed that is left out, and the last id.
    let behind = (0..).zip(&repeats).map(|(before, seed)| seed - before);
    let ids: Vec<u32> = behind.flat_map(|id| [id - 1, id]).filter(|&id| id < 100_000).chain([99_999]).collect();
    let expected: Vec<Genome> = ids.iter().map(|&id| drawn[id as usize].1).collect();
    assert_eq!((repeats.len(), &ids[..2]), (89, &[7_852, 7_853][..]));
    assert_eq!(AlphaNet.with_ids(&ids).unwrap(), expected);
}

/// Every figure of networks 0 to 9,999 and the selection, as they were when the space was a program instead of a file.
#[test]
fn tiny_is_what_it_was() {
    let space = by_name("tiny").unwrap();
    const CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);
    let mut digest = CRC.digest();
    for id in 0..10_000 {
        let genome = space.sample(id);
        // The type of layers had another name then.
        let was = |layer: &SpaceLayer| format!("{layer:?}").replacen("SpaceLayer", "Op", 1);
        space.visit(&genome, &mut |name, layer| digest.update(format!("{name} {}", was(layer)).as_bytes()));
        let figures =
            (space.memory(&genome).unwrap(), space.macs(&genome), space.params(&genome), space.features(&genome));
        // Only nine decimals of the score, because powers differ in the last bit between machines.
        digest.update(
            format!("{} {figures:?} {:.9}", space.format(&genome), space.surrogate(&genome).unwrap()).as_bytes(),
        );
    }
    digest.update(format!("{:?} {:?} {:?}", space.selected(), space.choices(), space.columns()).as_bytes());
    assert_eq!(digest.finalize(), 5_432_229_604_310_574_342);
}
