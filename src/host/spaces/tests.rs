use super::*;

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
