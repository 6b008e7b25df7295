//! Tables with energy, area and power of a technology.

use super::{number, rows};
use crate::common::Dir;

#[test]
fn a_technology_replaces_every_figure() {
    let dir = Dir::new();
    let zero = "source = \"mine\"\n[mac]\nenergy = 0\narea = 0\npower = 0\n[l1]\nenergy = 0\narea = 0\npower = 0\n[l2]\nenergy = 0\n\
                area = 0\npower = 0\n[noc]\nenergy = 0\nbus_area = 0\nbus_power = 0\narbiter_area = 0\narbiter_power = 0\n[offchip]\nenergy = 0\n";
    let grid = "--network ds_cnn --dataflow kcp_ws --hw-grid pes=64,noc=16,offchip=4,l1=200,l2=100000,simd=2";
    dir.file(
        "lanes.m",
        "num_pes: 64\nsimd_lanes: 2\nl1_size_cstr: 200\nl2_size_cstr: 100000\nnoc_bw_cstr: 16\noffchip_bw_cstr: 4\n",
    );
    let layers = rows(&dir.run("estimate --network ds_cnn --dataflow kcp_ws --hw lanes.m --format csv").quiet().stdout);
    let layers: Vec<_> = layers.into_iter().filter(|row| row["layer"] != "total").collect();
    let sum =
        |columns: &[&str]| layers.iter().flat_map(|row| columns.iter().map(|name| number(row, name))).sum::<f64>();
    let l1 = ["l1_arrive_input", "l1_arrive_filter", "l1_arrive_psum", "l1_leave_output"];
    let moved = sum(&["offchip_in_input", "offchip_in_filter", "offchip_in_psum", "offchip_out"]);
    // nJ, um^2 and mW of one part, with all other parts 0.
    let cases = [
        ("[mac]\nenergy = 0", "[mac]\nenergy = 1", [sum(&["macs"]), 0.0, 0.0]),
        ("[mac]\nenergy = 0\narea = 0", "[mac]\nenergy = 0\narea = 3", [0.0, 3.0 * 64.0 * 2.0, 0.0]),
        ("[l1]\nenergy = 0\narea = 0", "[l1]\nenergy = 0\narea = [[100, 7], [400, 28]]", [0.0, 14.0 * 64.0, 0.0]),
        ("[l2]\nenergy = 0\narea = 0\npower = 0", "[l2]\nenergy = 0\narea = 0\npower = 2", [0.0, 0.0, 2e5]),
        ("[noc]\nenergy = 0", "[noc]\nenergy = 1", [sum(&l1), 0.0, 0.0]),
        ("[offchip]\nenergy = 0", "[offchip]\nenergy = 0.5\narea = 10\npower = 4", [0.5 * moved, 40.0, 16.0]),
    ];
    for (old, new, expected) in cases {
        assert!(zero.contains(old));
        dir.file("mine.toml", zero.replace(old, new));
        let csv = dir.run(&format!("explore {grid} --technology mine.toml --format csv")).quiet().stdout;
        let row = &rows(&csv)[0];
        let figures = ["energy_nj", "area_um2", "power_mw"].map(|column| number(row, column));
        // A power law is computed with logarithms, so it is not exact.
        assert!(
            figures.iter().zip(expected).all(|(figure, own)| (figure - own).abs() <= 1e-9 * own),
            "{new}: {figures:?}"
        );
    }
    let table = dir.run(&format!("explore {grid} --technology 45nm")).quiet().stdout;
    assert!(table.contains("45nm: Horowitz, ISSCC 2014 (45 nm)"), "{table}");
}
