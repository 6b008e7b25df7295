//! Signals.

use super::*;

#[test]
fn transformed() {
    let frames = "input x float 1 1280\n int hop 128\n const w float 256\n int size 256\n";
    assert_eq!(shape_of_y(&format!("{frames} y = STFT(x, hop, w, size)")), "1x9x129x2");
    assert_eq!(shape_of_y(&format!("{frames} y = STFT(x, hop, w)")), "1x9x129x2");
    assert_eq!(shape_of_y(&format!("{frames} y = STFT(x, hop, , size) onesided=0")), "1x9x256x2");
    let window = "int n 256\n w = HannWindow(n)\n input x float 2 1000 1\n int hop 100\n y = STFT(x, hop, w)";
    assert_eq!(shape_of_y(window), "2x8x129x2");
    let one = "input x float 4 256 1\n int n 256\n int at 1\n";
    assert_eq!(shape_of_y(&format!("{one} y = DFT(x, n, at) onesided=1")), "4x129x2");
    assert_eq!(shape_of_y(&format!("{one} y = DFT(x) axis=1")), "4x256x2");
    let back = "input x float 4 129 2\n y = DFT(x) axis=1 onesided=1 inverse=1";
    assert_eq!(shape_of_y(back), "4x256x1");
}

#[test]
fn mel_filters_are_computed_beforehand() {
    let text = "int bins 40\n int size 256\n int rate 16000\n floats low 0\n floats high 8000\n
                m = MelWeightMatrix(bins, size, rate, low, high)\n input x float 9 129\n y = MatMul(x, m)";
    let model = model(text);
    assert_eq!(model.operators[0].work, Work::FullyConnected { rows: 9, inputs: 129, outputs: 40 });
    assert_eq!(model.operators[0].parameters, 0, "nothing of it is in the file");
}
