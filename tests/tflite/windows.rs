//! Convolutions and similar operators: padding, strides, dilation, groups.

use maestrino::dataflow::presets::Preset;
use maestrino::host::model::listing::Listing;
use maestrino::host::model::lower::lower;
use maestrino::maestro::Cost;
use maestrino::{Dim, Hardware, Layer, LayerKind};

use super::builder::{File, Int};
use super::{HONOUR, IGNORE, SAME, VALID, assert_row, conv, conv_file, depthwise, layers, only, op, read, rows};

#[test]
fn convolutions_have_their_padding_strides_dilation_and_groups() {
    // Rows: 15 rows with stride 2 and 3 taps, whose 8 outputs span 17 rows. Columns: 11 columns and 5 taps.
    let file = conv_file([2, 15, 11, 6], [8, 3, 5, 6], &conv(SAME, [2, 1], [1, 1]));
    let row = only(rows(file));
    let figures = "N=2 K=8 C=6 R=3 S=5 Y_in=15 X_in=11 Y_out=8 X_out=11 stride_y=2 stride_x=1 dilation_y=1 dilation_x=1 \
        groups=1 pad_top=1 pad_bottom=1 pad_left=2 pad_right=2";
    assert_row(&row, "CONV", figures, 2 * 8 * 6 * 3 * 5 * 8 * 11);
    assert_eq!(row.parameters, 8 * 3 * 5 * 6 + 8);

    // Three taps with dilation 3 span 7 rows.
    let file = conv_file([1, 9, 20, 4], [8, 3, 3, 4], &conv(VALID, [1, 2], [3, 2]));
    let figures = "N=1 K=8 C=4 R=3 S=3 Y_in=9 X_in=20 Y_out=3 X_out=8 stride_y=1 stride_x=2 dilation_y=3 dilation_x=2 \
        groups=1 pad_top=0 pad_bottom=0 pad_left=0 pad_right=0";
    assert_row(&only(rows(file)), "CONV", figures, 8 * 4 * 9 * 3 * 8);

    // An even excess is divided equally between both sides. Of an odd excess, the larger part goes to the end.
    let file = conv_file([1, 8, 8, 4], [8, 2, 3, 4], &conv(SAME, [1, 1], [1, 2]));
    let figures = "N=1 K=8 C=4 R=2 S=3 Y_in=8 X_in=8 Y_out=8 X_out=8 stride_y=1 stride_x=1 dilation_y=1 dilation_x=2 \
        groups=1 pad_top=0 pad_bottom=1 pad_left=2 pad_right=2";
    assert_row(&only(rows(file)), "CONV", figures, 8 * 4 * 6 * 64);

    let file = conv_file([1, 8, 8, 6], [9, 3, 3, 2], &conv(SAME, [1, 1], [1, 1]));
    let row = only(rows(file));
    assert_eq!(
        (row.kind, row.figure("groups"), row.figure("C"), row.macs),
        ("GROUPCONV", Some(3), Some(6), Some(9 * 2 * 9 * 64))
    );
}

#[test]
fn depthwise_convolutions_may_multiply_channels() {
    for (multiplier, macs) in [(1, 5 * 3 * 3 * 4 * 4), (3, 3 * 5 * 3 * 3 * 4 * 4)] {
        let mut file = File::default();
        let (x, w) = (file.input("x", &[1, 7, 7, 5]), file.weights(&[1, 3, 3, 5 * multiplier]));
        file.op(op::DEPTHWISE_CONV_2D, &[x, w], &[1, 4, 4, 5 * multiplier], &depthwise(SAME, [2, 2], [1, 1]));
        let bytes = file.finish();
        let row = only(Listing::of_model(&read(&bytes).unwrap()).rows);
        assert_eq!((row.kind, row.figure("K")), ("DWCONV", Some(5 * multiplier as u64)));
        assert_eq!((row.figure("groups"), row.macs), (Some(5), Some(macs)));
        assert!(row.notes.contains(&("depth_multiplier", multiplier.to_string())), "{:?}", row.notes);
        let layer = layers(&read(&bytes).unwrap(), &HONOUR)[0];
        assert_eq!(
            (layer.kind(), layer.size(Dim::C), layer.macs()),
            (LayerKind::DsConv, Some(5 * multiplier as u32), Some(macs))
        );
        let dataflow = Preset::Dpt.tiling().dataflow(layer.kind()).unwrap();
        let cost = Cost::of(&layer, &dataflow, &Hardware::new(16).unwrap()).unwrap();
        assert_eq!(cost.traffic.operations, macs);
    }
}

#[test]
fn transposed_convolutions_count_what_their_input_takes() {
    // The rows and columns under the filter's taps that are not inserted zeros. Rows of padding count, as in a CONV;
    // with SAME there are none.
    for (padding, pads, useful) in [(SAME, [0, 1], 21 * 27), (VALID, [0, 0], 23 * 29)] {
        let output = if pads == [0, 1] { [14, 18] } else { [15, 19] };
        let mut file = File::default();
        let x = file.input("x", &[1, 7, 9, 6]);
        let (size, w) = (file.ints(&[1, output[0], output[1], 8]), file.weights(&[8, 3, 3, 6]));
        let options = [padding, Int(2), Int(2)];
        file.op(op::TRANSPOSE_CONV, &[size, w, x], &[1, output[0], output[1], 8], &options);
        let bytes = file.finish();
        let row = only(Listing::of_model(&read(&bytes).unwrap()).rows);
        let figures = format!(
            "N=1 K=8 C=6 R=3 S=3 Y_in=7 X_in=9 Y_out={} X_out={} stride_y=2 stride_x=2 dilation_y=1 dilation_x=1 groups=1 \
             pad_top={p} pad_bottom={q} pad_left={p} pad_right={q}",
            output[0],
            output[1],
            p = pads[0],
            q = pads[1]
        );
        assert_row(&row, "TRCONV", &figures, 7 * 9 * 6 * 8 * 9);
        let by_output = (output[0] * output[1] * 6 * 8 * 9) as u64;
        assert!(row.notes.contains(&("macs_by_output", by_output.to_string())), "{:?}", row.notes);
        let layer = layers(&read(&bytes).unwrap(), &HONOUR)[0];
        assert_eq!(
            (layer.kind(), layer.size(Dim::OutY), layer.macs()),
            (LayerKind::TrConv, Some(output[0] as u32), Some(useful * 6 * 8))
        );
        assert_eq!((layer.inserted(Dim::Y), layer.inserted(Dim::X)), ((2, 0), (2, 0)));
        assert_eq!(layers(&read(&bytes).unwrap(), &IGNORE)[0].size(Dim::Y), Some(7));
    }
    let mut file = File::default();
    let x = file.input("x", &[1, 7, 9, 6]);
    let (size, w) = (file.ints(&[1, 16, 18, 8]), file.weights(&[8, 3, 3, 6]));
    file.op(op::TRANSPOSE_CONV, &[size, w, x], &[1, 16, 18, 8], &[SAME, Int(2), Int(2)]);
    let error = read(&file.finish()).unwrap_err().to_string();
    assert_eq!(error, "operator 0 (TRANSPOSE_CONV 'op0'): an output of 16x18 takes an input of 8x9, which is 1x7x9x6");
}

#[test]
fn layers_ignore_padding_as_the_reference_does() {
    let file = conv_file([1, 224, 224, 3], [64, 7, 7, 3], &conv(SAME, [2, 2], [1, 1]));
    let model = read(&file.finish()).unwrap();
    let sizes = |layer: &Layer| [Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X].map(|dim| layer.size(dim).unwrap());
    assert_eq!(sizes(&layers(&model, &HONOUR)[0]), [64, 3, 7, 7, 229, 229]);
    assert_eq!(sizes(&layers(&model, &IGNORE)[0]), [64, 3, 7, 7, 224, 224]);
    // With the padding, the window fits.
    let file = conv_file([1, 2, 2, 3], [4, 3, 3, 3], &conv(SAME, [1, 1], [1, 1]));
    let model = read(&file.finish()).unwrap();
    assert_eq!(layers(&model, &HONOUR)[0].macs(), Some(4 * 4 * 27));
    let errors = lower(&model, &IGNORE).unwrap_err();
    assert!(errors[0].to_string().starts_with("operator 0 (CONV_2D 'op0'): "), "{}", errors[0]);
}
