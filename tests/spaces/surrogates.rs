//! The built-in scores: how they are fitted, and how well they rank networks that were not used for fitting.
//!
//! `WRITE_SURROGATES=1 cargo test --release spaces::surrogates` writes the weights again.

use std::path::PathBuf;

use super::data;
use maestrino::host::spaces::accuracy::{Accuracy, Linear};
use maestrino::host::spaces::{AlphaNet, Genome, Nb301, Space, Staged};
use maestrino::host::stats::{kendall, spearman};

/// One network in five is held out.
fn held_out(id: usize) -> bool {
    id.is_multiple_of(5)
}

/// The intercept and the weights in a text.
fn numbers(text: &str) -> Vec<f64> {
    let numbers = text.split(|c: char| c.is_whitespace() || "(),&[]".contains(c)).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().unwrap()).collect()
}

/// Fits the score to the networks that are not held out, and checks that it equals the built-in one.
fn check(space: &dyn Space, accuracies: &[f64], terms: usize, ridge: f64, least: [f64; 2]) {
    let genomes = space.draw(space.population());
    assert_eq!(genomes.len(), accuracies.len());
    let samples: Vec<_> = (genomes.iter().zip(accuracies).enumerate())
        .filter(|(id, _)| !held_out(*id))
        .map(|(_, (genome, accuracy))| (space.terms(genome), *accuracy))
        .collect();
    let learnt = Linear::fit(&samples, terms, ridge).unwrap().to_text();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/host/spaces/{}/surrogate.rs", space.name()));
    if std::env::var_os("WRITE_SURROGATES").is_some() {
        std::fs::write(&path, &learnt).unwrap();
        println!("wrote {}: run the test again without WRITE_SURROGATES", path.display());
        return;
    }
    let built_in = std::fs::read_to_string(&path).unwrap();
    let [learnt, built_in] = [&learnt, &built_in].map(|text| numbers(text));
    assert_eq!((learnt.len(), built_in.len()), (1 + terms, 1 + terms));
    for (learnt, built_in) in learnt.into_iter().zip(built_in) {
        // The last digit may depend on how a machine rounds.
        assert!((learnt - built_in).abs() < 1.5e-5, "{learnt} {built_in}");
    }
    let (scores, known): (Vec<f64>, Vec<f64>) = (genomes.iter().zip(accuracies).enumerate())
        .filter(|(id, _)| held_out(*id))
        .map(|(_, (genome, accuracy))| (space.surrogate(genome).unwrap(), *accuracy))
        .unzip();
    let measured = [spearman(&scores, &known).unwrap(), kendall(&scores, &known).unwrap()];
    println!("{}: Spearman {:.4}, Kendall {:.4} on {} networks", space.name(), measured[0], measured[1], known.len());
    for (measured, least) in measured.into_iter().zip(least) {
        assert!((least..least + 0.001).contains(&measured), "{measured}, README says {least}");
    }
}

#[test]
fn nb301() {
    let accuracies: Vec<f64> =
        data::rows("nb301_accuracy.csv.gz").iter().map(|row| row["accuracy_percent"].parse().unwrap()).collect();
    check(&Nb301::default(), &accuracies, 384, 3.0, [0.966, 0.845]);
}

#[test]
fn alphanet() {
    let forest = Accuracy::read(&AlphaNet, &data::bytes("alphanet_forest.csv.gz"), "forest").unwrap();
    let genomes = AlphaNet.draw(AlphaNet.population());
    let accuracies: Vec<f64> = genomes.iter().map(|genome| forest.of(&AlphaNet, genome).unwrap()).collect();
    check(&AlphaNet, &accuracies, 543, 3.0, [0.996, 0.950]);
}

/// The score of the tiny space is that of its formula.
#[test]
fn tiny() {
    let space = Staged::tiny();
    let genome = space.random(&mut maestrino::host::spaces::random::PythonRandom::new(3));
    let macs = space.macs(&genome) as f64 / 1e6;
    assert_eq!(space.surrogate(&genome), Some(100.0 - 86.43 * macs.powf(-0.1983)));
    assert!(space.terms(&Genome::default()).is_empty());
}
