//! `convert`: turns model files into mapping files, model files, and files of other tools.

use maestrino::host::builtin;
use maestrino::host::network::Network;
use maestrino::{Dim, Layer, LayerKind};

use super::{CONV_2D, FULLY_CONNECTED, MAX_POOL_2D, RESHAPE, SMALL, converted, tflite};
use crate::common::{Dir, data, read};
use crate::tflite::builder::{Byte, File, Int};

/// A fully connected layer of a built-in network, in the form that it has in files.
fn as_gemm(layer: &Layer) -> Layer {
    if layer.kind() != LayerKind::Fc {
        return *layer;
    }
    let size = |dim| layer.size(dim).unwrap();
    Layer::new(LayerKind::Gemm, &[(Dim::M, 1), (Dim::N, size(Dim::K)), (Dim::K, size(Dim::C))]).unwrap()
}

/// The layers in an order that does not depend on how branches are ordered.
fn sorted(network: &Network) -> Vec<String> {
    let mut layers: Vec<_> = network.layers.iter().map(|named| format!("{:?}", as_gemm(&named.layer))).collect();
    layers.sort();
    layers
}

#[test]
fn files_become_mapping_files_and_model_files() {
    let dir = Dir::new();
    let file = dir.file("kws.tflite", tflite("kws_ref_model"));
    let model = converted(&dir, &file);
    assert_eq!(model.layers.len(), 10);
    let kinds = |network: &Network| network.layers.iter().map(|named| named.layer.kind()).collect::<Vec<_>>();
    assert_eq!(kinds(&model)[..3], [LayerKind::Conv, LayerKind::DsConv, LayerKind::Conv]);
    let first = |arguments: &str, layer: usize| {
        let network = converted(&dir, &format!("{file} {arguments}"));
        network.layers[layer].dataflow.clone().unwrap().directives().first().copied().unwrap()
    };
    let [conv, depthwise] = [0, 1].map(|layer| first("--dataflow kcp_ws", layer));
    assert_ne!(conv, depthwise);
    assert_eq!(first("--dataflow kcp_ws+dsconv=kcp_ws", 1), conv);
    // And back again.
    let mapping = dir.run(&format!("convert {file} --dataflow kcp_ws")).quiet().stdout;
    let mapping = dir.file("kws.m", mapping);
    let back = converted(&dir, &mapping);
    let layers =
        |network: &Network| network.layers.iter().map(|named| (named.name.clone(), named.layer)).collect::<Vec<_>>();
    assert_eq!(layers(&back), layers(&model));
    dir.run(&format!("estimate --mapping {mapping}")).quiet();
}

#[test]
fn padding_is_honoured_or_ignored() {
    let dir = Dir::new();
    let file = dir.file("resnet.tflite", tflite("pretrainedResnet_quant"));
    let extents = |arguments: &str| -> Vec<[u32; 2]> {
        let network = converted(&dir, &format!("{file} {arguments}"));
        let layers = network.layers.iter().filter(|named| named.layer.kind() == LayerKind::Conv);
        layers.map(|named| [Dim::Y, Dim::X].map(|dim| named.layer.size(dim).unwrap())).collect()
    };
    let honoured = [34, 34, 34, 33, 18, 31, 17, 10, 15].map(|extent| [extent; 2]);
    assert_eq!(extents("--padding honour"), honoured);
    assert_eq!(extents(""), honoured);
    assert_eq!(extents("--padding ignore"), [32, 32, 32, 32, 16, 32, 16, 8, 16].map(|extent| [extent; 2]));
}

/// VGG-16 without its weights.
fn vgg16() -> Vec<u8> {
    let mut file = File::default();
    let (mut x, mut channels, mut extent) = (file.input("image", &[1, 224, 224, 3]), 3, 224);
    for (k, convs) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..convs {
            let (w, b) = (file.weights(&[k, 3, 3, channels]), file.weights(&[k]));
            let options = [Byte(0), Int(1), Int(1), Byte(1)];
            x = file.op(CONV_2D, &[x, w, b], &[1, extent, extent, k], &options);
            channels = k;
        }
        extent /= 2;
        x = file.op(MAX_POOL_2D, &[x], &[1, extent, extent, k], &[Byte(1), Int(2), Int(2), Int(2), Int(2)]);
    }
    let shape = file.ints(&[-1, 25_088]);
    x = file.op(RESHAPE, &[x, shape], &[1, 25_088], &[]);
    let mut inputs = 25_088;
    for outputs in [4096, 4096, 1000] {
        let (w, b) = (file.weights(&[outputs, inputs]), file.weights(&[outputs]));
        x = file.op(FULLY_CONNECTED, &[x, w, b], &[1, outputs], &[Byte(1)]);
        inputs = outputs;
    }
    file.finish()
}

#[test]
fn real_files_have_the_layers_of_the_built_in_networks() {
    let dir = Dir::new();
    dir.file("vgg16", vgg16());
    for name in ["resnet50", "mobilenet_v2"] {
        dir.file(name, std::fs::read(data(&format!("models/{name}.stripped.onnx"))).unwrap());
    }
    for name in ["vgg16", "resnet50", "mobilenet_v2"] {
        // With `./`, it is the name of the file and not of the built-in network.
        let ours = builtin::network(name).unwrap();
        assert_eq!(sorted(&converted(&dir, &format!("./{name}"))), sorted(&ours), "{name}");
    }
    // K, C and Y of the layers in the reference's `vgg16_model.m`. All its filters are 3 x 3.
    let expected = [
        (64, 3, 224),
        (64, 64, 224),
        (128, 64, 112),
        (128, 128, 112),
        (256, 128, 56),
        (256, 256, 56),
        (256, 256, 56),
        (512, 256, 28),
        (512, 512, 28),
        (512, 512, 28),
        (512, 512, 14),
        (512, 512, 14),
        (512, 512, 14),
    ];
    let network = converted(&dir, "./vgg16 --padding ignore");
    let sizes = network.layers[..13].iter().map(|named| {
        let [k, c, y, x, r, s] =
            [Dim::K, Dim::C, Dim::Y, Dim::X, Dim::R, Dim::S].map(|dim| named.layer.size(dim).unwrap());
        assert_eq!((y, r, s), (x, 3, 3));
        (k, c, y)
    });
    assert_eq!(sizes.collect::<Vec<_>>(), expected);
}

/// A directory with a file for each distinct layer, with its mapping if AccelForge can express it.
#[test]
fn specifications_of_accelforge() {
    let dir = Dir::new();
    dir.file("small.m", SMALL);
    let run = dir.run("convert small.m --to accelforge --dataflow nmk --hw edge16 -o specs").well();
    assert!(
        run.stdout.is_empty() && run.stderr.contains("specs: 2 of 3 layers differ, a file for each"),
        "{}",
        run.stderr
    );
    let mut files: Vec<_> =
        std::fs::read_dir(dir.path("specs")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["000_conv.yaml", "002_gemm.yaml"]);
    let gemm = read(&dir.path("specs/002_gemm.yaml"));
    for part in ["arch:\n  nodes:\n  - !Memory\n    name: Offchip\n", "    k: 0 <= k < 12\n", "\nmapping:\n  nodes:\n"]
    {
        assert!(gemm.contains(part), "{part}: {gemm}");
    }
    // Row stationary dataflows split the filter together with the rows, which AccelForge cannot express.
    let run = dir.run("convert small.m --to accelforge --dataflow rs -o rs").well();
    assert!(
        run.stderr.contains("written without a mapping, for which AccelForge has no words: conv ("),
        "{}",
        run.stderr
    );
    assert!(!read(&dir.path("rs/000_conv.yaml")).contains("mapping:"));
    dir.file("pool.m", "Network n { Layer p { Type: POOL Dimensions { C: 8, R: 2, S: 2, Y: 8, X: 8 } } }");
    for (command, code, message) in [
        ("pool.m --to accelforge -o out", 1, "no layer of n has MACs"),
        ("small.m --to accelforge", 2, "--output DIR"),
        ("small.m --to accelforge --bits 8:8:8 -o out", 2, "--bits is of --to zigzag"),
        ("small.m --hw edge16", 2, "--hw is of --to accelforge"),
        ("small.m --to accelforge -o small.m", 1, "small.m"),
    ] {
        let error = dir.run(&format!("convert {command}")).failed(code);
        assert!(error.contains(message) && !dir.path("out").exists(), "{command}: {error}");
    }
}

/// A workload of ZigZag contains the layers with MACs, and its loops have the same number of MACs.
#[test]
fn workloads_of_zigzag_have_the_same_macs() {
    let dir = Dir::new();
    for network in ["ds_cnn", "resnet50", "mobilenet_v2", "transformer_block"] {
        let yaml = dir.run(&format!("convert {network} --to zigzag")).quiet().stdout;
        let loops = yaml.lines().filter_map(|line| line.trim().strip_prefix("loop_sizes: [")?.strip_suffix(']'));
        let product = |sizes: &str| sizes.split(", ").map(|size| size.parse::<u64>().unwrap()).product::<u64>();
        let macs: Vec<u64> = loops.map(product).collect();
        let listed = dir.run(&format!("estimate --network {network} --format csv")).well().stdout;
        let mut rows = csv::Reader::from_reader(listed.as_bytes());
        let place = rows.headers().unwrap().iter().position(|name| name == "layer_macs").unwrap();
        let own: Vec<u64> = rows.records().map(|row| row.unwrap()[place].parse().unwrap()).collect();
        assert_eq!(macs, own, "{network}");
    }
    let depthwise = dir.run("convert ds_cnn --to zigzag --bits 8:4:16:32").quiet().stdout;
    for line in [
        "  name: \"depthwise1\"",
        "  equation: O[b][g][k][oy][ox]+=W[g][k][c][fy][fx]*I[b][g][c][iy][ix]",
        "  loop_sizes: [1, 64, 1, 1, 25, 5, 3, 3]",
        "  dimension_relations: [\"ix=2*ox+1*fx\", \"iy=2*oy+1*fy\"]",
        "  operand_precision: {W: 4, I: 8, O: 32, O_final: 16}",
    ] {
        assert!(depthwise.lines().any(|own| own == line), "{line}: {depthwise}");
    }
    dir.file("pool.m", "Network n { Layer p { Type: POOL Dimensions { C: 8, R: 2, S: 2, Y: 8, X: 8 } } }");
    let error = dir.run("convert pool.m --to zigzag -o out.yaml").failed(1);
    assert!(error.contains("no layer of n has MACs") && !dir.path("out.yaml").exists(), "{error}");
    for (flags, message) in
        [("--to zigzag --dataflow rs", "--dataflow is of --to maestro"), ("--bits 8:8:8", "--bits is of --to zigzag")]
    {
        let error = dir.run(&format!("convert ds_cnn {flags}")).failed(2);
        assert!(error.contains(message), "{error}");
    }
}
