//! Inputs with sizes that differ from the file's.

use maestrino::host::model::InputShapes;
use maestrino::host::model::listing::Listing;

use super::builder::File;
use super::{MLPERF_TINY, SAME, batch, bytes, conv, flexible, op, read, read_sized, shaped};

#[test]
fn other_batches_and_shapes_go_through_all_operators() {
    let bytes = flexible();
    let macs = |inputs: &InputShapes| -> Vec<u64> {
        let model = read_sized(&bytes, inputs).unwrap();
        Listing::of_model(&model).rows.iter().map(|row| row.macs.unwrap()).collect()
    };
    let (conv, fc) = (4 * 4 * 4 * 27, 640);
    assert_eq!(macs(&InputShapes::default()), [conv, fc]);
    assert_eq!(macs(&batch(3)), [3 * conv, 3 * fc]);
    for name in ["serving_default_image:0", "image"] {
        assert_eq!(macs(&shaped(name, &[2, 9, 8, 3])), [2 * conv, 2 * fc]);
    }
    // The weights of the last layer suit only one size.
    let error = read_sized(&bytes, &shaped("image", &[1, 11, 8, 3])).unwrap_err().to_string();
    assert_eq!(error, "operator 10 (FULLY_CONNECTED 'op10'): its input is 1x160, its weights take 128");
    let error = read_sized(&bytes, &shaped("picture", &[1])).unwrap_err().to_string();
    assert_eq!(
        error,
        "has no input 'picture'; its inputs: serving_default_image:0\nhelp: --shape serving_default_image:0=1,9,8,3"
    );
    let error = read_sized(&bytes, &shaped("image", &[1, 9])).unwrap_err();
    assert_eq!(error.what, "has 4 dimensions; --shape gives it 2");
    // Networks that were written for a batch of 1 can have other batches, too.
    for (name, macs) in MLPERF_TINY {
        let model = read_sized(&self::bytes(name), &batch(5)).unwrap();
        assert_eq!(Listing::of_model(&model).macs(), 5 * macs, "{name}");
    }
}

#[test]
fn dimensions_that_a_file_leaves_open_must_be_given() {
    let mut file = File::default();
    let (x, w) = (file.input("x", &[-1, -1, -1, 3]), file.weights(&[4, 3, 3, 3]));
    file.op(op::CONV_2D, &[x, w], &[1, 1, 1, 4], &conv(SAME, [1, 1], [1, 1]));
    let bytes = file.finish();
    let error = read(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 'x': the file leaves dimension 2 and dimension 3 open\nhelp: say how large they are: --shape x=1,<dimension 2>,<dimension 3>,3"
    );
    let model = read_sized(&bytes, &shaped("x", &[1, 20, 30, 3])).unwrap();
    assert_eq!(Listing::of_model(&model).macs(), 4 * 27 * 600);
    let huge = read_sized(&bytes, &shaped("x", &[1, 1 << 31, 30, 3])).unwrap_err();
    assert_eq!(huge.what, "has sizes above 2147483647");
}
