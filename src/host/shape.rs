//! The shape of a layer in a few words.

use crate::{Dim, Layer, LayerKind};

/// The shape of a layer in a few words: `64x3 7x7/2 on 229x229` (output x input channels, filter, stride, input rows x columns).
pub fn shape(layer: &Layer) -> String {
    let size = |dim| layer.size(dim).unwrap_or(1);
    if layer.kind() == LayerKind::Gemm {
        return format!("M{} N{} K{}", size(Dim::M), size(Dim::N), size(Dim::K));
    }
    let mut text = String::new();
    if size(Dim::N) > 1 {
        text += &format!("N{} ", size(Dim::N));
    }
    match layer.kind() {
        LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => text += &format!("C{}", size(Dim::C)),
        LayerKind::NgConv => text += &format!("G{} K{} C{}", size(Dim::G), size(Dim::K), size(Dim::C)),
        _ => text += &format!("K{} C{}", size(Dim::K), size(Dim::C)),
    }
    if layer.kind() == LayerKind::Fc && size(Dim::Y) == 1 && size(Dim::X) == 1 {
        return text;
    }
    text += &format!(" {}x{}", size(Dim::R), size(Dim::S));
    match (layer.stride(Dim::Y), layer.stride(Dim::X)) {
        (1, 1) => {}
        (y, x) if y == x => text += &format!("/{y}"),
        (y, x) => text += &format!("/{y}x{x}"),
    }
    text += &format!(" on {}x{}", size(Dim::Y), size(Dim::X));
    text
}

/// The same with its kind in front: `CONV K64 C3 7x7/2 on 229x229`.
pub fn kind_and_shape(layer: &Layer) -> String {
    format!("{} {}", layer.kind().name(), shape(layer))
}
