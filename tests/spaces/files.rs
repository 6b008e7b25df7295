//! Files of networks and accuracies: what is read, and the single clear error for what is not.
use super::data;
use maestrino::host::spaces::accuracy::Accuracy;
use maestrino::host::spaces::networks::{self, Listed};
use maestrino::host::spaces::{AlphaNet, Nb301, Space};

fn read(space: &dyn Space, text: &str) -> Result<Vec<Listed>, String> {
    networks::read(space, text.as_bytes(), "nets.csv").map_err(|error| error.to_string())
}

fn ids(listed: &[Listed]) -> Vec<u32> {
    listed.iter().filter_map(|network| network.id).collect()
}

#[test]
fn networks_are_read_by_id_or_configuration() {
    let space = Nb301::default();
    for text in ["7\n3\n", "id\n7\n3\n", "pos,seed\r\n0,7\r\n1,3\r\n", "\"config_index\"\n 7\n 3"] {
        assert_eq!(ids(&read(&space, text).unwrap()), [7, 3], "{text:?}");
    }
    let genomes = [space.sample(7), space.sample(3)];
    let [first, second] = genomes.map(|genome| space.fields(&genome).join(","));
    let by_config = read(&space, &format!("normal,reduce\n{first}\n{second}\n")).unwrap();
    assert_eq!(by_config, genomes.map(|genome| Listed { id: None, genome }));
    let in_one = read(&space, &format!("config\n{}\n", space.format(&genomes[0]))).unwrap();
    assert_eq!(in_one, by_config[..1]);
    let both = read(
        &space,
        &format!("reduce,id,normal\n{1},7,{0}\n", first.split_once(',').unwrap().0, first.split_once(',').unwrap().1),
    );
    assert_eq!(ids(&both.unwrap()), [7]);
    // The study's own files.
    let listed = networks::read(&space, &data::bytes("nb301_genotypes.csv.gz"), "genotypes").unwrap();
    assert_eq!(ids(&listed), space.selected());
}

#[test]
fn bad_lists_are_refused_by_line() {
    let nb301 = Nb301::default();
    let config = nb301.fields(&nb301.sample(7)).join(",");
    let broken = config.replacen("0:", "9:", 1);
    for (text, expected) in [
        ("", "nets.csv: it is empty"),
        ("id\n", "nets.csv: it has no rows beside its header"),
        ("id\n1\n2\n1\n", "nets.csv:4: the same network as in line 2"),
        ("id\n1\n\n-2\n", "nets.csv:4: the id is '-2', expected 0 to 4294967295"),
        ("id\n1\nx\n", "nets.csv:3: the id is 'x', expected 0 to 4294967295"),
        ("id,a\n1,2\n3\n", "nets.csv:3: 1 fields, but 2 in the lines before"),
        (
            "a,b\n1,2\n",
            "nets.csv: it names no networks: expected a column 'id', or 'config', or the columns normal, reduce",
        ),
        (
            &format!("id,normal,reduce\n8,{config}\n"),
            "nets.csv:2: its configuration is not that of id 8, which is normal=",
        ),
        (&format!("normal,reduce\n{config}\n{broken}\n"), "nets.csv:3: normal: edge "),
        (&format!("normal,reduce\n{config}\n{config}\n"), "nets.csv:3: the same network as in line 2"),
    ] {
        let error = read(&nb301, text).unwrap_err();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    // To find such an id, all networks before it are drawn. None may take more than a second.
    assert_eq!(ids(&read(&AlphaNet, "id\n99999\n").unwrap()), [99_999]);
    let error = read(&AlphaNet, "id\n5\n100000\n").unwrap_err();
    assert_eq!(error, "nets.csv:3: no network of alphanet has the id 100000: expected 0 to 99999");
    let binary = networks::read(&AlphaNet, &[0x1f, 0x8b, 8, 0, 1], "nets.gz").unwrap_err().to_string();
    assert!(binary.starts_with("nets.gz: not a CSV, plain or compressed by gzip"), "{binary}");
    let binary = networks::read(&AlphaNet, &[0xff, 0xfe], "nets").unwrap_err().to_string();
    assert!(binary.starts_with("nets: not a CSV"), "{binary}");
}

#[test]
fn ids_are_numbers_and_ranges() {
    let space = Nb301::default();
    let named = |text: &str| networks::named(&space, text);
    assert_eq!(ids(&named("3").unwrap()), [3]);
    assert_eq!(ids(&named("5,0..3, 4").unwrap()), [5, 0, 1, 2, 4]);
    assert_eq!((named("all").unwrap().len(), named("selected").unwrap().len()), (10_000, 1018));
    for (text, what) in [
        ("3,3", "3 is given twice"),
        ("0..5,4", "4 is given twice"),
        ("7..7", "the range 7..7 is empty"),
        ("9..7", "the range 9..7 is empty"),
        ("0..4294967295", "more than 10000000 networks"),
        ("3,", "expected selected, all, a file, or ids"),
        ("4294967296", "4294967296 is too many: ids are at most 4294967295"),
        ("0..1000000000000000000", "1000000000000000000 is too many: ids"),
        ("0..99999999999999999999999", "99999999999999999999999 is too many: ids"),
        ("1..2..3", "expected selected, all, a file, or ids"),
    ] {
        let error = named(text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("networks '{text}': {what}")), "{error}");
    }
}

#[test]
fn accuracies_are_read_and_checked() {
    let space = Nb301::default();
    let listed = networks::named(&space, "0..3").unwrap();
    let source = |text: &str| Accuracy::read(&space, text.as_bytes(), "acc.csv");
    let all = |text: &str| source(text).unwrap().of_all(&space, &listed);
    assert_eq!(all("id,accuracy\n2,93.5\n0,91\n1,92\n7,12\n").unwrap(), [91.0, 92.0, 93.5]);
    assert_eq!(all("accuracy\n91\n92\n93.5\n").unwrap(), [91.0, 92.0, 93.5]);
    let error = all("accuracy\n91\n92\n").unwrap_err().to_string();
    assert_eq!(error, "2 accuracies for 3 networks; a table without ids must have one for each");
    let error = all("id,accuracy\n2,93.5\n").unwrap_err().to_string();
    assert_eq!(error, "no accuracy for 2 of 3 networks; the first is id 0");
    for (text, expected) in [
        ("id,accuracy\n1,93\n2,nan\n", "acc.csv:3: accuracy is 'nan', expected a finite number"),
        ("id,accuracy\n1,93\n2,\n", "acc.csv:3: accuracy is '', expected a finite number"),
        ("id,accuracy\n1,100.5\n", "acc.csv:2: the accuracy is 100.5, expected 0 to 100 percent"),
        ("id,accuracy\n1,-1\n", "acc.csv:2: the accuracy is -1, expected 0 to 100 percent"),
        ("id,accuracy\n1,93\n1,94\n", "acc.csv:3: the same network as in line 2"),
        (
            "id,top1\n1,93\n",
            "acc.csv: no accuracies: expected a column 'accuracy', or those of a random forest (tree, ",
        ),
    ] {
        let error = source(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
}

/// A forest of two trees: one with a split on the resolution, and one with a single leaf.
const FOREST: &str = "tree,node,left,right,feature,threshold,value\n\
    0,0,1,2,0,224,\n0,1,-1,-1,,,68\n0,2,-1,-1,,,70\n1,0,-1,-1,,,69\n";

#[test]
fn forests_are_read_and_checked() {
    let source = |text: &str| Accuracy::read(&AlphaNet, text.as_bytes(), "forest.csv");
    let forest = source(FOREST).unwrap();
    for id in 0..20 {
        let genome = AlphaNet.sample(id);
        let expected = if AlphaNet.features(&genome)[0] <= 224.0 { 68.5 } else { 69.5 };
        assert_eq!(forest.of(&AlphaNet, &genome), Some(expected));
    }
    for (from, to, expected) in [
        ("value", "v", "forest.csv: a random forest without a column 'value'"),
        ("0,0,1,2", "0,0,1,1", "forest.csv:2: child 1 has two parents, or leads back to itself"),
        ("0,0,1,2", "0,0,1,0", "forest.csv:2: child 0 has two parents, or leads back to itself"),
        ("0,0,1,2", "0,0,1,3", "forest.csv:2: child 3 is not in its tree"),
        ("0,0,1,2", "0,0,1,4", "forest.csv:2: right is 4, expected a whole number from 0 to 3"),
        ("0,0,1,2", "0,0,1.5,2", "forest.csv:2: left is 1.5, expected a whole number from 0 to 3"),
        ("0,0,1,2,0", "0,0,1,2,31", "forest.csv:2: feature is 31, expected a whole number from 0 to 30"),
        ("224", "inf", "forest.csv:2: threshold is 'inf', expected a finite number"),
        ("68", "", "forest.csv:3: value is '', expected a finite number"),
        ("0,2,-1,-1", "0,1,-1,-1", "forest.csv:4: the nodes are not in order: expected node 2"),
        ("1,0,", "2,0,", "forest.csv:5: tree is 2, expected a whole number from 0 to 1"),
        ("0,0,1,2,0,224,", "0,0,-1,-1,,,7", "forest.csv:3: node 1 is not reached from the root of its tree"),
    ] {
        let text = FOREST.replacen(from, to, 1);
        assert_ne!(text, FOREST);
        let error = source(&text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{to}: {error}");
    }
}
