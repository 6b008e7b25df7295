//! Random networks and random texts.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

fn any_size() -> impl Strategy<Value = Size> {
    let symbolic = (any::<i32>(), select(&Dim::ALL)).prop_map(|(base, dim)| Size { base, of: Some(dim) });
    prop_oneof![(1..1000).prop_map(Size::new), select(&Dim::ALL).prop_map(Size::of), symbolic]
}

fn any_directive() -> impl Strategy<Value = Directive> {
    let map = (any::<bool>(), any_size(), any_size(), select(&Dim::ALL)).prop_map(|(temporal, size, offset, dim)| {
        if temporal { Directive::temporal(size, offset, dim) } else { Directive::spatial(size, offset, dim) }
    });
    prop_oneof![map, any_size().prop_map(Directive::cluster)]
}

fn any_layer() -> impl Strategy<Value = Layer> {
    (select(&LayerKind::ALL), proptest::array::uniform10(1u32..300)).prop_map(|(kind, n)| {
        let dims: &[Dim] = match kind {
            LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
            LayerKind::NgConv => &[Dim::G, Dim::K, Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX],
            LayerKind::Pool | LayerKind::Eltwise => &[Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX, Dim::N],
            _ => &[Dim::K, Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX],
        };
        let dims: Vec<(Dim, u32)> = dims.iter().copied().zip(n).collect();
        Layer::strided(kind, &dims, n[8], n[9]).unwrap()
    })
}

proptest! {
    #[test]
    fn any_network_survives_writing_and_reading(
        name in ".*",
        layers in prop::collection::vec((".*", any_layer(), prop::collection::vec(any_directive(), 1..40)), 0..4),
        mapped: bool,
    ) {
        let layers = layers.into_iter().map(|(name, layer, directives)| {
            let dataflow = mapped.then(|| Dataflow::new(&directives).unwrap());
            NamedLayer { name, layer, dataflow: dataflow.map(Into::into), line: None }
        });
        let network = Network { name, layers: layers.collect() };
        prop_assert_eq!(without_lines(read(&write_network(&network))), network);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*|(.|\n)*") {
        let _ = parse_network(&text, "a.m").map_err(|error| error.render(true));
        let _ = parse_hardware(&text, "a.m").map_err(|error| error.to_string());
        let _ = parse_dataflow(&text, "a.m").map_err(|error| error.to_string());
    }

    #[test]
    fn no_mutation_makes_it_panic(
        cuts in prop::collection::vec((any::<Index>(), any::<Index>(), any::<Index>()), 1..4),
        noise in prop::option::of(any::<char>()),
    ) {
        let mut chars: Vec<char> = SAMPLE.chars().collect();
        for (from, length, to) in cuts {
            let from = from.index(chars.len());
            let moved: Vec<char> = chars.drain(from..chars.len().min(from + length.index(20))).collect();
            let to = to.index(chars.len() + 1);
            chars.splice(to..to, moved.into_iter().chain(noise));
        }
        let text: String = chars.into_iter().collect();
        if let Err(error) = parse_network(&text, "a.m") {
            prop_assert!(error.to_string().contains(&error.message));
            prop_assert!(text[error.span.clone()].starts_with(&error.found));
        }
    }
}
