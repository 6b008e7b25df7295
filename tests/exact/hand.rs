//! Fourteen cases that were counted on paper. Simulator and analysis both give the same figures. `T` and `S` stand
//! for TemporalMap and SpatialMap. The comments give the cycles of each step.

use super::analysis;
use super::truth::{dataflow, layer};
use crate::simulator::{Activations, Array, Depth, Figures, Noc, Refused, simulate};
use maestrino::{Dim, Error};

/// Expands the abbreviated names of directives.
fn directives(text: &str) -> String {
    text.replace("T(", "TemporalMap(").replace("S(", "SpatialMap(")
}

/// An array whose NoC moves `noc` bytes per cycle, with a latency of one cycle.
fn array(pes: u64, noc: u64) -> Array {
    Array { noc: vec![Noc { bandwidth: Some(noc), latency: 1 }], ..Array::new(pes) }
}

/// The figures of the simulator. The analysis must have the same.
#[track_caller]
fn figures(shape: &str, flow: &str, array: &Array) -> Figures {
    let (layer, dataflow) = (layer(shape), dataflow(&directives(flow)));
    let figures = simulate(&layer, &dataflow, array).unwrap();
    let cost = analysis::cost(&layer, &dataflow, array).unwrap();
    assert_eq!(analysis::differences(&figures, &cost), Vec::<String>::new());
    figures
}

/// L2 reads of input, filter and partial sums, and writes.
fn l2(figures: &Figures) -> [u64; 4] {
    let inner = &figures.crossings[0];
    [inner.read[0], inner.read[1], inner.psum, inner.written.total()]
}

/// Elements of input, filter and partial sums that arrive in L1, and outputs that leave it.
fn l1(figures: &Figures) -> [u64; 4] {
    let [input, filter, psum] = figures.l1.arrive;
    [input, filter, psum, figures.l1.leave.total()]
}

/// The depths of input, filter and output, all of which must be numbers of loops.
fn depths(figures: &Figures) -> [usize; 3] {
    figures.offchip.as_ref().unwrap().depths.map(|depth| match depth {
        Depth::Loops(loops) => loops,
        Depth::L2 => panic!("it lives in L2"),
    })
}

/// Off-chip elements read (input, filter, partial sums) and written.
fn offchip(figures: &Figures) -> [u64; 4] {
    let offchip = figures.offchip.as_ref().unwrap();
    [offchip.read[0], offchip.read[1], offchip.read[2], offchip.written.total()]
}

/// The first, rest, last and total cycles.
fn cycles(figures: &Figures) -> [u64; 4] {
    let offchip = figures.offchip.as_ref().unwrap();
    [offchip.first, offchip.rest, offchip.last, offchip.cycles]
}

#[test]
fn case_1_a_loop_that_restarts_reads_again() {
    let array = Array { offchip_bw: Some(1), ..array(1, 1) };
    let figures = figures("GEMM M2 N2 K1", "T(1,1) N; T(1,1) M; S(1,1) K;", &array);
    assert_eq!(figures.macs, 4);
    assert_eq!(l2(&figures), [4, 2, 0, 4]);
    assert_eq!(l1(&figures), [4, 2, 0, 4]);
    assert_eq!((figures.l1_need, figures.l2_need), (6, 8));
    // 3 1 2 1, drain 1
    assert_eq!(figures.on_chip_cycles, 8);
    assert_eq!(offchip(&figures), [2, 2, 0, 4]);
    assert_eq!(cycles(&figures), [2, 5, 1, 11]);
}

#[test]
fn case_2_a_partial_tile_and_two_lanes() {
    let array = Array { lanes: 2, offchip_bw: Some(2), ..array(1, 1) };
    let figures = figures("GEMM M1 N1 K5", "T(2,2) K; S(1,1) M; T(1,1) N;", &array);
    // 5 4 2, drain 1
    assert_eq!(figures.on_chip_cycles, 12);
    assert_eq!(l2(&figures), [5, 5, 0, 1]);
    assert_eq!(figures.l1_need, 10);
    assert_eq!(cycles(&figures), [2, 3, 1, 15]);
}

#[test]
fn case_3_an_idle_cluster_and_an_l2_that_is_too_small() {
    let noc = vec![Noc { bandwidth: Some(2), latency: 2 }];
    let with_l2 = |l2| {
        let array = Array { noc: noc.clone(), offchip_bw: Some(1), l2: Some(l2), ..Array::new(2) };
        figures("GEMM M2 N3 K1", "T(1,1) M; S(1,1) N;", &array)
    };
    let figures = with_l2(9);
    assert_eq!(figures.macs, 6);
    assert_eq!(l2(&figures), [2, 5, 0, 6]);
    assert_eq!(l1(&figures), [4, 5, 0, 6]);
    assert_eq!(figures.active_pes, 1.5);
    // 4 2 2 2, drain 2
    assert_eq!(figures.on_chip_cycles, 12);
    assert_eq!((depths(&figures), figures.l2_need), ([2, 0, 2], 9));
    assert_eq!(offchip(&figures), [2, 3, 0, 6]);
    assert_eq!(cycles(&figures), [3, 7, 1, 16]);
    let small = with_l2(8);
    assert_eq!((small.offchip, small.l2_need), (None, 9));
}

#[test]
fn case_4_a_halo_between_neighbours_is_read_once() {
    let (shape, flow) = ("CONV C1 K1 R1 S3 X6 Y1", "S(Sz(S),1) X;");
    let once = figures(shape, flow, &array(2, 2));
    // 7 3, drain 1
    assert_eq!(once.on_chip_cycles, 11);
    assert_eq!(l2(&once), [7, 3, 0, 4]);
    assert_eq!(l1(&once)[..2], [10, 6]);
    assert_eq!(once.l1_need, 14);
    let each = figures(shape, flow, &Array { multicast: false, ..array(2, 2) });
    assert_eq!(l2(&each)[..2], [10, 6]);
    assert_eq!(each.on_chip_cycles, 13);
}

#[test]
fn case_5_two_outputs_in_a_tile_under_a_stride() {
    let figures = figures("CONV C1 K1 R1 S3 X9 Y1 stride 1x2", "S(1,1) K; T(6,5) X;", &array(1, 4));
    // 8 6, drain 1
    assert_eq!(figures.on_chip_cycles, 15);
    assert_eq!(l2(&figures), [9, 3, 0, 4]);
    assert_eq!(figures.l1_need, 20);
}

#[test]
fn case_6_output_stationary_against_weight_stationary() {
    let output = figures("GEMM M2 N1 K2", "T(1,1) M; T(1,1) K; S(1,1) N;", &array(1, 1));
    // 3 2 2 2, drain 1
    assert_eq!((output.on_chip_cycles, l2(&output)), (10, [4, 4, 0, 2]));
    let weight = figures("GEMM M2 N1 K2", "T(1,1) K; T(1,1) M; S(1,1) N;", &array(1, 1));
    // 3 1 3 2, drain 1
    assert_eq!((weight.on_chip_cycles, l2(&weight)), (10, [4, 2, 2, 4]));
}

const SMALL_L2: (&str, &str) = ("GEMM M3 N1 K2", "T(1,1) K; T(1,1) M; S(1,1) N;");

#[test]
fn case_7_the_choice_of_what_l2_keeps() {
    let with_l2 = |l2| figures(SMALL_L2.0, SMALL_L2.1, &Array { offchip_bw: Some(1), l2: Some(l2), ..array(1, 1) });
    let seven = with_l2(7);
    // 3 1 1 3 2 2, drain 1
    assert_eq!((seven.on_chip_cycles, l2(&seven)), (13, [6, 2, 3, 6]));
    assert_eq!((depths(&seven), offchip(&seven)), ([3, 3, 0], [6, 2, 0, 3]));
    assert_eq!(cycles(&seven), [2, 8, 1, 16]);
    let six = with_l2(6);
    assert_eq!((depths(&six), offchip(&six)), ([3, 3, 3], [6, 2, 3, 6]));
    assert_eq!(cycles(&six), [2, 14, 1, 17]);
    assert_eq!(with_l2(5).offchip, None);
}

#[test]
fn case_8_activations_that_live_in_l2() {
    let with_l2 = |l2| {
        let array = Array { offchip_bw: Some(1), l2: Some(l2), activations: Activations::L2, ..array(1, 1) };
        figures(SMALL_L2.0, SMALL_L2.1, &array)
    };
    let figures = with_l2(11);
    assert_eq!(figures.l2_need, 11);
    assert_eq!(figures.offchip.as_ref().unwrap().depths, [Depth::L2, Depth::Loops(3), Depth::L2]);
    assert_eq!(offchip(&figures), [0, 2, 0, 0]);
    assert_eq!(cycles(&figures), [1, 1, 0, 14]);
    assert_eq!(with_l2(10).offchip, None);
}

#[test]
fn case_9_inner_levels_stay_warm() {
    let figures = figures("GEMM M2 N2 K2", "T(1,1) M; S(1,1) N; Cluster(2, P); S(1,1) K;", &array(4, 1));
    // 11 2, drain 3
    assert_eq!(figures.on_chip_cycles, 16);
    assert_eq!(l2(&figures), [4, 4, 0, 4]);
    assert_eq!(l1(&figures), [8, 4, 0, 8]);
}

#[test]
fn case_10_one_cluster_takes_the_partial_sum() {
    let figures = figures("GEMM M1 N2 K4", "S(1,1) K; T(1,1) N; Cluster(1, P); S(1,1) M;", &array(2, 1));
    // 7 2 5 3, drain 2
    assert_eq!(figures.on_chip_cycles, 19);
    assert_eq!(l2(&figures), [4, 8, 2, 4]);
    assert_eq!(l1(&figures), [4, 8, 2, 8]);
}

#[test]
fn case_11_two_spatial_maps_move_together() {
    let flow = "S(1,1) Y'; T(1,1) X'; T(1,1) C; T(1,1) K; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; Cluster(Sz(R), P); \
                S(1,1) Y; S(1,1) R; T(Sz(S),Sz(S)) S;";
    let figures = figures("CONV C1 K1 R2 S1 X1 Y3", flow, &array(4, 1));
    // 10, drain 3
    assert_eq!((figures.on_chip_cycles, figures.macs), (13, 4));
    assert_eq!(l2(&figures), [3, 2, 0, 2]);
    assert_eq!(l1(&figures), [4, 4, 0, 4]);
}

#[test]
fn case_12_a_pe_without_work_gives_its_output_away() {
    let figures = figures("GEMM M1 N3 K1", "T(2,2) N; S(1,1) M; Cluster(2, P); S(1,1) N;", &array(2, 1));
    // 7 2, drain 2
    assert_eq!(figures.on_chip_cycles, 11);
    assert_eq!(l2(&figures), [1, 3, 0, 3]);
    assert_eq!(l1(&figures), [2, 3, 0, 3]);
    assert_eq!(figures.active_pes, 1.5);
}

#[test]
fn case_13_tiles_that_overlap_over_space() {
    let figures = figures("GEMM M1 N4 K1", "S(2,1) N; T(1,1) M;", &array(2, 1));
    // 6 2, drain 2
    assert_eq!(figures.on_chip_cycles, 10);
    assert_eq!((figures.macs, figures.useful_macs), (6, 4));
    assert_eq!(l2(&figures), [1, 5, 0, 4]);
}

#[test]
fn case_14_gaps_are_refused() {
    let (layer, dataflow, array) = (layer("GEMM M1 N3 K1"), dataflow(&directives("S(1,2) N;")), Array::new(2));
    assert_eq!(simulate(&layer, &dataflow, &array), Err(Refused::Gaps { useful: 2, layer: 3 }));
    let gaps = Error::Gaps { level: 1, dim: Dim::N, of: 3, left_out: 1 };
    assert_eq!(analysis::cost(&layer, &dataflow, &array), Err(gaps));
}
