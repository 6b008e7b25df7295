//! Spaces from files: published spaces with their published figures, and errors in invalid files.

use std::collections::HashSet;

use maestrino::host::spaces::random::PythonRandom;
use maestrino::host::spaces::{Genome, Space, Staged};

fn text(file: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/spaces/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn space(file: &str) -> Staged {
    Staged::read(&text(file), file).unwrap()
}

/// The MACs and parameters of a network.
fn figures(space: &Staged, genome: &Genome) -> (u64, u64) {
    (space.macs(genome), space.params(genome))
}

/// Width in percent, resolution, and millions of MACs and parameters, as the authors publish them:
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

/// Published MACs are truncated to millions. Published parameters are only weights.
#[test]
fn mobilenet_v2_has_its_published_figures() {
    let space = space("mobilenet_v2.toml");
    assert_eq!((space.size(), space.population()), (30, 30));
    for (width, resolution, macs, millions) in MOBILENET_V2 {
        let genome = space.parse(&format!("resolution={resolution};width={width}")).unwrap();
        assert_eq!(space.macs(&genome) / 1_000_000, u64::from(macs), "{width} {resolution}");
        let mut weights = 0;
        space.visit(&genome, &mut |_, op| weights += op.weights());
        assert_eq!((weights as f64 / 1e4).round() / 100.0, millions, "{width} {resolution}");
    }
    // The parameters are 3,504,872:
    // https://pytorch.org/vision/stable/models/generated/torchvision.models.mobilenet_v2.html
    let full = space.parse("resolution=224;width=100").unwrap();
    assert_eq!(figures(&space, &full), (300_774_272, 3_504_872));
}

/// Parameters are those that torchvision publishes. MACs are those of the authors (217 million) and those that
/// torchvision rounds.
#[test]
fn mobilenet_v3_and_resnets_have_their_published_figures() {
    let v3 = space("mobilenet_v3_large.toml");
    assert_eq!((v3.size(), v3.columns()), (1, vec!["resolution"]));
    let (macs, params) = figures(&v3, &v3.sample(0));
    assert_eq!((macs.div_ceil(1_000_000), params), (217, 5_483_032));
    let resnet = space("resnet.toml");
    assert_eq!(resnet.size(), 6);
    let of = |depths: &str| {
        let (macs, params) = figures(&resnet, &resnet.parse(&format!("resolution=224;depth={depths}")).unwrap());
        ((macs as f64 / 1e7).round() / 100.0, params)
    };
    assert_eq!(of("4 6"), (4.09, 25_557_032));
    assert_eq!(of("4 23"), (7.8, 44_549_160));
    assert_eq!(of("8 36"), (11.51, 60_192_808));
}

/// "2 x 10^19 networks" at each resolution, and 7.7 million parameters of the largest: the paper, 3.2 and its appendix.
#[test]
fn once_for_all_has_as_many_networks_as_published() {
    let space = space("ofa_mobilenet_v3.toml");
    let of_stage = 9u128.pow(2) + 9u128.pow(3) + 9u128.pow(4);
    assert_eq!(space.size(), 25 * of_stage.pow(5));
    assert_eq!(space.choices().len(), 46);
    let all = |number: &str| [number; 20].join(" ");
    let largest = format!("resolution=224;kernel_size={};expand_ratio={};depth=4 4 4 4 4", all("7"), all("6"));
    let (_, params) = figures(&space, &space.parse(&largest).unwrap());
    assert_eq!(params, 7_666_040);
    // Choices for blocks that a network does not have change nothing.
    let small = largest.replace("4 4 4 4 4", "2 2 2 2 2");
    let other = small.replace("kernel_size=7 7 7 7", "kernel_size=7 7 3 5");
    let [small, other] = [small, other].map(|text| space.layers(&space.parse(&text).unwrap()));
    assert_eq!(small, other);
}

/// `mcunet-in3`: 81.8 million MACs and 0.74 million parameters, see
/// https://github.com/mit-han-lab/mcunet#model-zoo, with the blocks that
/// https://github.com/mit-han-lab/tinyml/blob/master/netaug/models/base/mcunet.py lists.
#[test]
fn mcunet_has_its_published_figures() {
    let space = space("mcunet.toml");
    let kernels = "7 3 7 5 5 5 5 3 3 7 5 3 5 7 3 3 3 7 3 3 7";
    let ratios = "3 5 5 4 5 5 5 3 5 6 4 3 5 5 5 3 6 5 4 3 5";
    let config = format!("resolution=176;width=50;kernel_size={kernels};expand_ratio={ratios};depth=4 3 3 3 3 1");
    let genome = space.parse(&config).unwrap();
    assert_eq!(figures(&space, &genome), (81_785_520, 737_408));
    assert_eq!(space.format(&genome), config);
    assert_eq!(space.features(&genome).len(), 2 + 21 + 21 + 6);
}

const FILES: [&str; 5] =
    ["ofa_mobilenet_v3.toml", "mcunet.toml", "mobilenet_v2.toml", "mobilenet_v3_large.toml", "resnet.toml"];

#[test]
fn genomes_survive_their_text_and_stay_in_their_space() {
    for file in FILES {
        let space = space(file);
        let mut random = PythonRandom::new(3);
        let mut last = space.sample(0);
        for seed in 0..50 {
            let genome = space.random(&mut random);
            let child = space.cross_over(&space.mutate(&genome, &mut random), &last, &mut random);
            for genome in [space.sample(seed), genome, child] {
                assert!(space.contains(&genome));
                assert_eq!(space.parse(&space.format(&genome)), Ok(genome), "{file}");
                let macs: u64 = space.layers(&genome).iter().filter_map(maestrino::Layer::macs).sum();
                assert_eq!(macs, space.macs(&genome), "padding is in the layers");
            }
            last = child;
        }
    }
}

/// A space with few networks lists each of them once, with an id of its own.
#[test]
fn small_spaces_are_enumerated() {
    let text = "name = 'small'\nresolution = [32, 64]\nper = 'block'\nexpand_ratio = 2\n\
                stage = [{ channels = [8, 16], kernel_size = [3, 5], depth = [1, 2] }]\nstem = { channels = 8 }";
    let space = Staged::read(text, "small").unwrap();
    // Two kernels for the first block, and two for the second block if there is one.
    assert_eq!((space.size(), space.population()), (2 * 2 * (2 + 4), 24));
    let all = space.draw(100);
    assert_eq!(all.len(), 24);
    let distinct: HashSet<_> = all.iter().map(|genome| format!("{:?}", space.layers(genome))).collect();
    assert_eq!(distinct.len(), 24);
    assert_eq!(space.selected(), (0..24).collect::<Vec<_>>());
    let unknown = space.with_ids(&[23, 24]).unwrap_err();
    assert_eq!(unknown.to_string(), "no network of small has the id 24: expected 0 to 23");
    let space = Staged::read(&text.replace("per", "population = 23\nper"), "small").unwrap();
    assert_eq!(space.population(), 23);
    assert!(space.with_ids(&[4_000_000]).is_ok());
}

/// Counted by hand, in bytes: 16 x 16 pixels with 8 channels after the stem, followed by a block of each kind.
#[test]
fn what_is_alive_at_once() {
    let alive = |stage: &str| {
        let text =
            format!("name = 'a'\nresolution = 16\nclasses = 2\nstage = [{{ {stage} }}]\nstem = {{ channels = 8 }}");
        let space = Staged::read(&text, "a").unwrap();
        space.memory(&space.sample(0)).unwrap().sram
    };
    let of = |channels: u64| channels * 16 * 16;
    assert_eq!(alive("block = 'conv', channels = 8"), of(8 + 8));
    // The input, the intermediate tensor and the output of the second convolution.
    assert_eq!(alive("block = 'basic', channels = 8"), of(8 + 8 + 8));
    // The block's input is kept together with the threefold expanded tensors before and after the depthwise
    // convolution.
    assert_eq!(alive("channels = 8, expand_ratio = 3"), of(8 + 24 + 24));
    // Squeeze and excite scales the intermediate tensor by 24 factors. If the block does not add its input, the input
    // is no longer needed by then.
    assert_eq!(alive("channels = 8, expand_ratio = 3, squeeze_excite = 4"), of(8 + 24 + 24) + 24);
    assert_eq!(alive("channels = 16, expand_ratio = 3, squeeze_excite = 4"), of(24 + 24) + 24);
    // The final sum: its two terms and the result.
    assert_eq!(alive("block = 'bottleneck', channels = 32, expand_ratio = 0.25"), of(32 + 32 + 32));
    // The input is kept until the shortcut has read it.
    assert_eq!(alive("block = 'basic', channels = 8, stride = 2"), of(8 + 8 / 4 + 8 / 4));
    assert_eq!(alive("block = 'pool'"), of(8 + 8));
}

/// The smallest valid file. The other files are variations of it.
const SMALL: &str = "name = 'mine'
resolution = [32, 64]
expand_ratio = 3
stage = [
    { channels = 16, kernel_size = [3, 5] },
]

[stem]
channels = 8
stride = 2
";

#[test]
fn faults_of_a_file_are_shown_with_their_place() {
    assert!(Staged::read(SMALL, "mine.toml").is_ok());
    let many = format!("stage = [{}", "{ channels = 16, kernel_size = [3, 5], depth = [1, 2] },".repeat(33));
    let deep = format!("stage = [{}", "{ channels = 16, depth = 64 },".repeat(5));
    for (from, to, place, found, message) in [
        // Errors that TOML itself reports.
        ("[32, 64]", "[32, 64", (3, 1), "", "missing comma"),
        ("'mine'", "'mine", (1, 13), "", "invalid literal string"),
        ("expand_ratio", "name = 'b'\nexpand_ratio", (3, 1), "name", "duplicate key"),
        // Unknown keys, and invalid values.
        ("expand_ratio", "expansion", (3, 1), "expansion", "unknown field `expansion`, expected one of `name`"),
        ("kernel_size", "kernel", (5, 22), "kernel", "unknown field `kernel`, expected one of `block`"),
        (
            "channels = 16",
            "block = 'dense', channels = 16",
            (5, 15),
            "'dense'",
            "unknown variant `dense`, expected one of",
        ),
        ("[32, 64]", "'32'", (2, 14), "'32'", "invalid type: string \"32\", expected a number, or a list of them"),
        ("name = 'mine'\n", "", (1, 1), "", "missing field `name`"),
        ("'mine'", "'../mine'", (1, 8), "'../mine'", "the space cannot have the name `../mine`"),
        // Invalid numbers.
        ("[3, 5]", "[]", (5, 36), "[]", "`kernel_size` has no choices"),
        ("[3, 5]", "[3, 5, 3]", (5, 43), "3", "`kernel_size` has 3 twice"),
        ("[3, 5]", "[3, 32]", (5, 40), "32", "`kernel_size` is 32: expected a whole number from 1 to 31"),
        ("channels = 16", "channels = 0", (5, 18), "0", "`channels` is 0: expected a whole number from 1 to 16384"),
        ("channels = 16", "channels = 8.5", (5, 18), "8.5", "`channels` is 8.5: expected a whole number"),
        ("channels = 8", "channels = -8", (9, 12), "-8", "`channels` is -8: expected a whole number"),
        ("expand_ratio = 3", "expand_ratio = nan", (3, 16), "nan", "`expand_ratio` is NaN: expected a number"),
        (
            "expand_ratio",
            "width = 0.35\nexpand_ratio",
            (3, 9),
            "0.35",
            "`width` is 0.35: expected a number from 1 to 1000",
        ),
        ("[32, 64]", "[32, 5000]", (2, 19), "5000", "`resolution` is 5000: expected a whole number from 1 to 4096"),
        (
            "expand_ratio",
            "score = { a = 1, b = -1 }\nexpand_ratio",
            (3, 22),
            "-1",
            "`b` is -1: expected a number from 0",
        ),
        // Invalid stages.
        ("    { channels = 16, kernel_size = [3, 5] },\n", "", (4, 9), "[", "there is no stage"),
        ("channels = 16, ", "", (5, 5), "{ kernel_size", "the stage has no `channels`"),
        ("expand_ratio = 3\n", "", (4, 5), "{ channels", "the stage has no `expand_ratio`"),
        (
            "channels = 16",
            "block = 'conv', channels = 16, squeeze_excite = 4",
            (5, 55),
            "4",
            "blocks of the kind `conv` have no",
        ),
        (
            "channels = 16",
            "block = 'pool', stride = 2",
            (5, 49),
            "[3, 5]",
            "blocks of the kind `pool` have no `kernel_size`",
        ),
        (
            "[3, 5]",
            "[3, 5], stride = 16 }, { channels = 8, stride = 2",
            (5, 84),
            "2",
            "a stride of 2 leaves nothing: at resolution 32 its input is 1 x 1",
        ),
        ("stride = 2", "stride = 64", (10, 10), "64", "`stride` is 64: expected a whole number from 1 to 16"),
        ("stage = [", &many, (4, 1681), "[1, 2]", "a network has at most 64 free numbers"),
        (
            "stage = [",
            &deep,
            (4, 130),
            "{ channels = 16, depth = 64 }",
            "with this stage a network may have 320 blocks",
        ),
    ] {
        let text = SMALL
            .replacen(from, to, 1)
            .replace(if to.contains("4096") { "channels = 16," } else { "\0" }, "channels = 16384,");
        let fault = Staged::read(&text, "mine.toml").unwrap_err();
        assert!(fault.message.starts_with(message), "{fault}");
        assert_eq!((fault.line, fault.column), place, "{fault}");
        assert!(fault.found.starts_with(found), "{fault}");
    }
    let huge = SMALL.replace("64]", "4096]\nwidth = 1000").replace("16,", "16384, depth = 2,");
    let fault = Staged::read(&huge, "mine.toml").unwrap_err();
    assert!(
        fault
            .message
            .starts_with("the largest network has more than 9007199254740992 MACs up to its layer stage0_block2_")
    );
    assert_eq!((fault.line, fault.column), (6, 5), "{fault}");
    let large = format!("{SMALL}# {}", "x".repeat(1 << 20));
    let fault = Staged::read(&large, "mine.toml").unwrap_err().to_string();
    assert!(fault.contains("a file of a space has at most 1048576 bytes, not 1048"), "{fault}");
}

/// Words of files in place of other words. The result is refused with a place, or is a space whose networks can be
/// costed.
#[test]
fn mutants_are_refused_or_hold_together() {
    let texts: Vec<String> = FILES.map(text).into();
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split_inclusive([' ', '\n', ','])).collect();
    let mut random = PythonRandom::new(5);
    let mut read = 0;
    for _ in 0..2000 {
        let mut mutant: Vec<&str> = random.choice::<String>(&texts).split_inclusive([' ', '\n', ',']).collect();
        for _ in 0..=random.below(3) {
            let place = random.below(mutant.len() as u32) as usize;
            mutant[place] = random.choice::<&str>(&words);
        }
        match Staged::read(&mutant.concat(), "mutant.toml") {
            Ok(space) => {
                read += 1;
                let genome = space.random(&mut random);
                assert_eq!(space.parse(&space.format(&genome)), Ok(genome));
                assert!(!space.layers(&genome).is_empty() && space.memory(&genome).is_some());
            }
            Err(fault) => assert!(fault.to_string().contains("mutant.toml:")),
        }
    }
    assert!((100..1000).contains(&read), "{read} of 2,000 are spaces");
}
