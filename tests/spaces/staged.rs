//! Spaces from files: published ones against their published figures, and what is told of files that make no space.

use maestrino::host::spaces::{Genome, Space, Staged};

fn space(file: &str) -> Staged {
    let path = format!("{}/tests/spaces/{file}", env!("CARGO_MANIFEST_DIR"));
    Staged::read(&std::fs::read_to_string(path).unwrap(), file).unwrap()
}

/// MACs and parameters of a network.
fn figures(space: &Staged, genome: &Genome) -> (u64, u64) {
    (space.macs(genome), space.params(genome))
}

/// Width in percent, resolution, million MACs and parameters as the authors publish them:
/// https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/README.md
const MOBILENET_V2: [(u32, u32, u32, f64); 22] = [
    (140, 224, 582, 6.06),
    (130, 224, 509, 5.34),
    (100, 224, 300, 3.47),
    (100, 192, 221, 3.47),
    (100, 160, 154, 3.47),
    (100, 128, 99, 3.47),
    (100, 96, 56, 3.47),
    (75, 224, 209, 2.61),
    (75, 192, 153, 2.61),
    (75, 160, 107, 2.61),
    (75, 128, 69, 2.61),
    (75, 96, 39, 2.61),
    (50, 224, 97, 1.95),
    (50, 192, 71, 1.95),
    (50, 160, 50, 1.95),
    (50, 128, 32, 1.95),
    (50, 96, 18, 1.95),
    (35, 224, 59, 1.66),
    (35, 192, 43, 1.66),
    (35, 160, 30, 1.66),
    (35, 128, 20, 1.66),
    (35, 96, 11, 1.66),
];

#[test]
fn mobilenet_v2_has_its_published_figures() {
    let space = space("mobilenet_v2.toml");
    assert_eq!((space.size(), space.population()), (30, 30));
    for (width, resolution, macs, params) in MOBILENET_V2 {
        let genome = space.parse(&format!("resolution={resolution};width={width}")).unwrap();
        let own = figures(&space, &genome);
        let mut norms = 0;
        space.visit(&genome, &mut |_, op| norms += u64::from(op.extra) * u64::from(op.outputs));
        println!("{width} {resolution}: {macs} {:.2} | {params} {:.3} {:.3}", own.0 as f64 / 1e6, own.1 as f64 / 1e6, (own.1 - norms) as f64 / 1e6);
    }
    let genome = space.parse("resolution=224;width=100").unwrap();
    println!("{:?}", figures(&space, &genome));
    let v3 = super::staged::space("mobilenet_v3_large.toml");
    println!("{:?}", figures(&v3, &Genome::default()));
    let r = super::staged::space("resnet.toml");
    println!("{:?}", figures(&r, &Genome::default()));
    println!("{:?}", figures(&r, &r.parse("resolution=224;depth=3 4 23 3").unwrap()));
}
