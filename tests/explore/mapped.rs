//! Designs at the best mapping of each layer.

use maestrino::{Hardware, Noc, Silicon};
use serde_json::Value;

use super::{Figures, found, front};
use crate::common::Dir;

/// The cost of every design in a small grid equals that of `map` and `estimate`, with each layer at its best mapping.
/// Of a larger grid, some designs are drawn at random, and the output says so.
#[test]
fn designs_at_their_best_mappings() {
    let dir = Dir::new();
    dir.file(
        "small.m",
        "Network small {
            Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
            Layer again { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
            Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
        }",
    );
    let all = "explore --network small.m --hw-grid pes=4:12,noc=8,offchip=1:8,l1=8:200,l2=4000";
    for goal in ["map", "map:energy", "map:edp"] {
        let objective = goal.split_once(':').map_or("latency", |(_, objective)| objective);
        let run = dir.run(&format!("{all} --dataflow {goal} --objective latency,energy,area --format csv")).well();
        assert!(
            run.stderr.contains("16 of 16 mappings of a layer on an accelerator are proven to be the best"),
            "{}",
            run.stderr
        );
        let explored = found(&run.stdout);
        let mut designs: Vec<(u64, Figures)> = Vec::new();
        for (id, (pes, offchip, l1)) in (0..).zip(
            [4, 12].into_iter().flat_map(|pes| [1, 8].map(|offchip| [8, 200].map(|l1| (pes, offchip, l1)))).flatten(),
        ) {
            // No mapping fits.
            if l1 == 8 {
                continue;
            }
            let hardware = format!(
                "num_pes: {pes}\nl1_size_cstr: {l1}\nl2_size_cstr: 4000\nnoc_bw_cstr: 8\noffchip_bw_cstr: {offchip}\n"
            );
            dir.file("hw.m", &hardware);
            dir.run(&format!("map --network small.m --hw hw.m --objective {objective} -o best.m --format csv")).well();
            let estimated = dir.run("estimate --mapping best.m --hw hw.m --format json").well().stdout;
            let json: Value = serde_json::from_str(&estimated).unwrap();
            let total = &json["total"];
            let own = Hardware::new(pes).unwrap().with_buffers(l1, 4000);
            let area = Silicon::of(&own.with_noc(Noc { bandwidth: 8, latency: 1 }).unwrap(), 0, 0).area();
            designs.push((id, [total["cycles"].as_f64().unwrap(), total["energy_nj"].as_f64().unwrap(), area, 0.0]));
        }
        let expected = front(&designs, [true, true, true, false]);
        assert!(explored.keys().eq(expected.keys()) && !explored.is_empty(), "{goal}: {explored:?}\n{expected:?}");
        for (id, (figures, _)) in &expected {
            let ([cycles, nj, area, _], _) = explored[id];
            // Mappings that differ by a part in 10^12 count as equal, so either may be chosen.
            let rounded = (nj / figures[1] - 1.0).abs() < 1e-12;
            assert!(
                cycles == figures[0] && area == figures[2] && rounded,
                "{goal}: {id} {:?} {figures:?}",
                explored[id]
            );
        }
    }
    let drawn = |flags: &str| dir.run(&format!("{all} --dataflow map --designs 3 {flags}")).well().stdout;
    assert!(drawn("--seed 2").contains("8 designs, of which 3 were evaluated: drawn at random (seed 2)"));
    assert_eq!(drawn("--seed 2 --format csv"), drawn("--seed 2 --format csv"));
    let tiny = dir.run("explore --network small.m --hw-grid pes=4,noc=8,l1=1:2 --dataflow map").failed(1);
    assert!(tiny.contains("2 L1 is too small (the least that would do: 38 B)"), "{tiny}");
}
