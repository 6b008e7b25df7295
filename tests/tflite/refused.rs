//! Operators that cannot be costed, contradictions, and damaged files.

use maestrino::host::model::listing::Listing;
use maestrino::host::model::lower::{MAX_LAYERS, Options, lower};
use maestrino::host::model::{InputShapes, Work};

use super::builder::{Byte, File, Int, Ints};
use super::{HONOUR, MLPERF_TINY, SAME, VALID, batch, bytes, conv, conv_file, flexible, op, read, read_sized};

#[test]
fn what_cannot_be_costed_is_an_error_or_skipped() {
    let mut file = File::default();
    let x = file.input("x", &[1, 8, 8, 8, 2]);
    let w = file.weights(&[3, 3, 3, 2, 4]);
    let y = file.op(op::CONV_3D, &[x, w], &[1, 6, 6, 6, 4], &[]);
    let z = file.custom("Erfinv", &[y], &[1, 6, 6, 6, 4]);
    let flat = file.op(op::RESHAPE, &[z], &[1, 864], &[Ints(vec![1, -1])]);
    let w = file.weights(&[3, 864]);
    file.op(op::FULLY_CONNECTED, &[flat, w], &[1, 3], &[]);
    let future = file.op(999, &[flat], &[1, 3], &[]);
    file.op(op::GELU, &[future], &[1, 3], &[]);
    let model = read(&file.finish()).unwrap();
    let errors = lower(&model, &HONOUR).unwrap_err();
    let messages: Vec<_> = errors.iter().map(|error| error.to_string()).collect();
    let expected = [
        "operator 0 (CONV_3D 'op0'): a convolution over three dimensions",
        "operator 1 (Erfinv 'op1'): a custom operator",
        "operator 4 (BUILTIN_999 'op4'): an operator that is not known here",
    ];
    assert_eq!(messages, expected);
    let (network, left_out) = lower(&model, &Options { skip_unsupported: true, ..HONOUR }).unwrap();
    assert_eq!((network.layers.len(), left_out), (1, errors));
    let kinds: Vec<_> = Listing::of_model(&model).rows.iter().map(|row| (row.kind, row.macs)).collect();
    assert_eq!(kinds, [("UNSUPPORTED", None), ("UNSUPPORTED", None), ("FC", Some(2592)), ("UNSUPPORTED", None)]);
}

#[test]
fn branches_and_loops_matter_if_they_compute() {
    let body = |computes: bool| {
        let mut graph = File::default();
        let x = graph.input("x", &[1, 8]);
        if computes {
            let w = graph.weights(&[8, 8]);
            graph.op(op::FULLY_CONNECTED, &[x, w], &[1, 8], &[]);
        } else {
            // A subgraph that calls itself.
            graph.op(op::WHILE, &[x], &[1, 8], &[Int(1), Int(2)]);
        }
        graph
    };
    for (computes, expected) in
        [(true, "how often the FULLY_CONNECTED of subgraph 2 runs depends on data"), (false, "")]
    {
        for code in [op::IF, op::WHILE] {
            let mut file = File::default();
            let x = file.input("x", &[1, 8]);
            file.op(code, &[x], &[1, 8], &[Int(1), Int(2)]);
            file.subgraph(body(false));
            file.subgraph(body(computes));
            let model = read(&file.finish()).unwrap();
            match &model.operators[..] {
                [] => assert_eq!((expected, model.skipped[0].why), ("", "branches and loops without MACs")),
                [operator] => assert_eq!(operator.work, Work::Unsupported { why: expected.to_string() }),
                more => panic!("{more:?}"),
            }
        }
    }
    let mut file = File::default();
    let x = file.input("x", &[1, 8]);
    file.op(op::WHILE, &[x], &[1, 8], &[Int(7), Int(8)]);
    assert!(read(&file.finish()).unwrap_err().to_string().ends_with("runs subgraph 8, which does not exist"));
}

#[test]
fn what_is_too_large_is_named_with_its_operator() {
    let file = conv_file([1, 1 << 25, 1, 1], [1, 1, 1, 1], &conv(SAME, [1, 1], [1, 1]));
    let errors = lower(&read(&file.finish()).unwrap(), &HONOUR).unwrap_err();
    assert_eq!(errors[0].to_string(), "operator 0 (CONV_2D 'op0'): Y' is 33554432; at most 16777216 can be costed");
    let mut file = File::default();
    let (a, b) = (file.input("a", &[MAX_LAYERS as i32 + 1, 2, 2]), file.input("b", &[MAX_LAYERS as i32 + 1, 2, 2]));
    file.op(op::BATCH_MATMUL, &[a, b], &[MAX_LAYERS as i32 + 1, 2, 2], &[]);
    let errors = lower(&read(&file.finish()).unwrap(), &HONOUR).unwrap_err();
    assert!(errors[0].what.starts_with("65537 layers are too many"), "{}", errors[0]);
}

#[test]
fn operators_that_contradict_their_shapes_are_named() {
    let cases = [
        (
            conv_file([1, 8, 8, 5], [4, 3, 3, 3], &conv(SAME, [1, 1], [1, 1])),
            "its filters have 3 input channels, its input 5",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 3, 3, 3], &conv(SAME, [0, 1], [1, 1])),
            "stride along rows is 0; expected 1 or more",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 9, 3, 3], &conv(VALID, [1, 1], [1, 1])),
            "its window spans 9, its unpadded input has 8",
        ),
        (
            conv_file([1, 8, 8, 3], [4, 3, 3, 3], &conv(Byte(7), [1, 1], [1, 1])),
            "has padding 7; expected 0 (SAME) or 1 (VALID)",
        ),
        (
            conv_file([1, 8, 8, 0], [4, 3, 3, 0], &conv(SAME, [1, 1], [1, 1])),
            "its filters have 0 input channels, its input 0",
        ),
    ];
    for (file, expected) in cases {
        let error = read(&file.finish()).unwrap_err().to_string();
        assert_eq!(error, format!("operator 0 (CONV_2D 'op0'): {expected}"));
    }
}

/// Reads any bytes. The result must be an error, or a model that can be lowered to valid layers. Returns whether it
/// was a model.
fn survives(bytes: &[u8]) -> bool {
    let mut readable = false;
    for inputs in [InputShapes::default(), batch(3)] {
        let Ok(model) = read_sized(bytes, &inputs) else { continue };
        readable = true;
        let options = Options { all_ops: true, skip_unsupported: true, ..HONOUR };
        let (network, _) = lower(&model, &options).unwrap();
        assert!(network.layers.iter().all(|named| named.layer.operations().is_some()));
        assert_eq!(Listing::of_model(&model).rows.len(), model.operators.len());
    }
    readable
}

#[test]
fn files_that_end_early_are_refused() {
    for (name, _) in MLPERF_TINY {
        let bytes = bytes(name);
        for length in (0..bytes.len()).step_by(1024) {
            let error = read(&bytes[..length]).unwrap_err();
            assert!(!error.what.is_empty(), "{name} {length}");
        }
    }
    let bytes = flexible();
    for length in 0..bytes.len() {
        survives(&bytes[..length]);
    }
    assert!(survives(&bytes));
}

#[test]
fn flipped_bits_never_panic() {
    // A simple generator of random numbers, which are the same in every run.
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let files: Vec<_> = [bytes("kws_ref_model"), bytes("pretrainedResnet_quant"), flexible()].into();
    let mut readable = 0;
    for round in 0..10_000 {
        let mut bytes = files[round % files.len()].clone();
        for _ in 0..=random(4) {
            let place = random(bytes.len());
            bytes[place] ^= 1 << random(8);
        }
        readable += usize::from(survives(&bytes));
    }
    // Most bytes of a file are weights and names, so many files with flipped bits are readable.
    assert!((1000..10_000).contains(&readable), "{readable}");
}

#[test]
fn hostile_lengths_and_references_are_refused() {
    let good = flexible();
    // Each word of the file becomes a huge length, a reference to itself, a backward reference, and a reference to
    // the end.
    for at in (0..good.len() - 4).step_by(4) {
        for word in [u32::MAX, 0, 1, 0x7fff_ffff, 0x8000_0000, (good.len() - at) as u32, at as u32] {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
            survives(&bytes);
        }
    }
}

#[test]
fn what_leads_to_one_place_many_times_is_refused() {
    // Nine million inputs, all of them the same.
    let mut file = File::default();
    let x = file.input("x", &[1]);
    for _ in 0..3000 {
        file.op(op::ADD, &vec![x; 3000], &[1], &[]);
    }
    let error = read(&file.finish()).unwrap_err();
    assert_eq!(error.what, "the file refers to more than any real model does");
}
