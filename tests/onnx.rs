//! ONNX files: golden layer lists of real networks, and how the reader treats damaged files.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use maestrino::host::formats::onnx;
use maestrino::host::model::listing::Listing;
use maestrino::host::model::{InputShapes, Model};
use maestrino::host::report::listing::write_csv;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models").join(name)
}

fn options(shapes: &[(&str, &[u64])]) -> InputShapes {
    InputShapes {
        shapes: shapes.iter().map(|(name, shape)| (name.to_string(), shape.to_vec())).collect(),
        ..InputShapes::default()
    }
}

fn read(source: impl Read + Seek, options: &InputShapes) -> Model {
    onnx::read(source, "test", options).unwrap_or_else(|error| panic!("{error}"))
}

fn compare(model: &str, golden: &str, shapes: &[(&str, &[u64])]) {
    let listing = Listing::of_model(&read(File::open(path(model)).unwrap(), &options(shapes)));
    let mut written = Vec::new();
    write_csv(&mut written, &listing).unwrap();
    let golden = std::fs::read_to_string(path(golden)).unwrap();
    for (expected, line) in golden.lines().zip(std::str::from_utf8(&written).unwrap().lines()) {
        assert_eq!(line, expected);
    }
    assert_eq!(written, golden.replace('\r', "").into_bytes());
}

#[test]
fn golden_layer_lists_are_met() {
    compare("mobilenet_v2.stripped.onnx", "mobilenet_v2.golden.csv", &[]);
    compare("resnet50.stripped.onnx", "resnet50.golden.csv", &[]);
    compare("vit_tiny_patch16_224.stripped.onnx", "vit_tiny_patch16_224.golden.csv", &[]);
    let shape: &[u64] = &[1, 3, 48, 192];
    let name = "ch_ppocr_mobile_v2.0_cls_infer";
    compare(&format!("{name}.stripped.onnx"), &format!("{name}.golden.csv"), &[("x", shape)]);
}

/// A file that counts the bytes read from it.
struct Counting<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(position)
    }
}

/// An encoded field with bytes as its content.
fn field(tag: u64, content: &[u8]) -> Vec<u8> {
    let mut field = varint(tag << 3 | 2);
    field.extend(varint(content.len() as u64));
    field.extend(content);
    field
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[test]
fn weights_are_skipped() {
    // A constant of 100 MiB in the middle of a real graph. Most of it is a hole in the file.
    let mut file = tempfile::tempfile().unwrap();
    let mut bytes = std::fs::read(path("resnet50.stripped.onnx")).unwrap();
    let small = bytes.len() as u64;
    let weights: u64 = 100 << 20;
    let tensor =
        [&[8][..], &varint(weights / 4), &[16, 1], &field(8, b"large"), &[9 << 3 | 2], &varint(weights)].concat();
    let length = tensor.len() as u64 + weights;
    let graph = [vec![5 << 3 | 2], varint(length)].concat();
    bytes.extend([vec![7 << 3 | 2], varint(graph.len() as u64 + length), graph, tensor].concat());
    file.write_all(&bytes).unwrap();
    file.set_len(bytes.len() as u64 + weights).unwrap();
    let mut counting = Counting { inner: file, read: 0 };
    let model = read(&mut counting, &InputShapes::default());
    assert_eq!(model.operators.len(), 72);
    assert!(counting.read < small + (1 << 20), "{} bytes were read", counting.read);
}

/// All ONNX files in `tests/models`, and the input shapes that some of them need.
fn files() -> Vec<(Vec<u8>, InputShapes)> {
    let names = ["mobilenet_v2", "resnet50", "vit_tiny_patch16_224", "ch_ppocr_mobile_v2.0_cls_infer"];
    let read = |name: &&str| std::fs::read(path(&format!("{name}.stripped.onnx"))).unwrap();
    let options = |name: &&str| match name.starts_with("ch_") {
        true => options(&[("x", &[1, 3, 48, 192])]),
        false => InputShapes::default(),
    };
    names.iter().map(|name| (read(name), options(name))).collect()
}

#[test]
fn truncated_files_are_refused() {
    for (bytes, options) in files() {
        for length in (0..bytes.len()).step_by(1024) {
            let error = onnx::read(Cursor::new(&bytes[..length]), "cut", &options).unwrap_err();
            assert!(!error.what.is_empty());
        }
    }
}

/// Flips bits of each file, one to four at a time.
fn flip(times: u64) {
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for (bytes, options) in files() {
        for _ in 0..times {
            let mut bytes = bytes.clone();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                bytes[at] ^= 1 << next(8);
            }
            // Both a model and an error are fine, as long as the reader returns.
            if let Ok(model) = onnx::read(Cursor::new(&bytes), "flipped", &options) {
                assert!(model.operators.len() + model.skipped.len() > 0);
            }
        }
    }
}

#[test]
fn flipped_bits_do_no_harm() {
    flip(50);
}

#[test]
#[ignore = "minutes without optimisation"]
fn ten_thousand_flipped_bits_do_no_harm() {
    flip(10_000);
}

#[test]
fn hostile_lengths_are_refused() {
    let refused = |bytes: &[u8]| {
        let error = onnx::read(Cursor::new(bytes), "hostile", &InputShapes::default()).unwrap_err();
        assert!(error.to_string().contains("not an ONNX file"), "{error}");
    };
    for length in [200, 1 << 31, 1 << 40, u64::MAX >> 1, u64::MAX] {
        // The lengths of the graph, a node, a name and the data of an initializer are larger than the file.
        refused(&[vec![8, 8, 7 << 3 | 2], varint(length), vec![0; 64]].concat());
        for inner in [1u64, 5, 11] {
            let claim = [varint(inner << 3 | 2), varint(length), vec![0; 64]].concat();
            refused(&[vec![8, 8], field(7, &claim)].concat());
            let claim = field(inner, &[varint(9 << 3 | 2), varint(length), vec![0; 64]].concat());
            refused(&[vec![8, 8], field(7, &claim)].concat());
        }
    }
    // A number that does not end; a field with number 0; a group.
    refused(&[0xFF; 32]);
    refused(&[8, 8, 0, 0]);
    refused(&[8, 8, 0x0B, 0x0C]);
}

#[test]
fn deep_nesting_is_refused() {
    // Graphs in attributes of nodes of graphs, and so on.
    let mut graph = Vec::new();
    for _ in 0..2_000 {
        graph = field(1, &field(5, &field(6, &graph)));
    }
    let error = onnx::read(Cursor::new(field(7, &graph)), "deep", &InputShapes::default()).unwrap_err();
    assert!(error.to_string().contains("nested more than"), "{error}");
}

#[test]
fn a_flood_of_small_messages_is_refused() {
    // Nodes of two bytes, each of which would take a hundred times as much memory.
    let graph = [1 << 3 | 2, 0].repeat(2 << 20);
    let error = onnx::read(Cursor::new(field(7, &graph)), "flood", &InputShapes::default()).unwrap_err();
    assert!(error.to_string().contains("MiB"), "{error}");
}
