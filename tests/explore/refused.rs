//! Invalid grids and limits are refused.

use crate::common::Dir;

#[test]
fn bad_input_is_refused_at_once() {
    let dir = Dir::new();
    dir.file("bad.toml", "[l1]\nenergy = [[64, 2], [128, 1]]\n");
    dir.file("typo.toml", "[mca]\nenergy = 1\n");
    let values = "1..1000000:1";
    for (flags, code, message) in [
        (
            format!("pes={values},noc={values},offchip={values}"),
            1,
            "the grid has 1.0e18 designs (pes 1000000 x noc 1000000",
        ),
        ("pes=16..8,noc=8".to_string(), 1, "is not a range FIRST..LAST:STEP that goes up"),
        ("pes=,noc=8".to_string(), 1, "pes: '' is not a whole number"),
        ("pes=16,noc=8,bits=200".to_string(), 1, "bits=200: "),
        ("noc=8".to_string(), 1, "pes is missing"),
        ("pes=16".to_string(), 1, "a NoC without a limit has no area and no power"),
        (format!("pes=16,noc=8,l1={values},l2=1..100:1"), 1, "l1 has 1000000 values and l2 100"),
        ("pes=16,noc=8 --pes 4".to_string(), 2, "--pes changes what --hw-grid varies"),
        ("pes=16,noc=8,bits=4:8 --bits 8:8:8".to_string(), 2, "--bits changes what --hw-grid varies"),
        ("pes=16:64,noc=8 --area-max 0.001".to_string(), 1, "the smallest design of the grid takes"),
        ("pes=16:64,noc=8 --power-max 0.1".to_string(), 1, "mW, more than 0.1: fewer or smaller pes"),
        (
            "pes=16:64,noc=8 --latency-max 0.001".to_string(),
            1,
            "cycles on the 64 lanes of the largest array, more than 200:",
        ),
        ("pes=16:64,noc=8 --latency-max 1 --energy-max 1".to_string(), 1, "2 beyond --energy-max"),
        ("pes=16:64,noc=8,l1=8:9".to_string(), 1, "4 L1 is too small (the least that would do: "),
        ("pes=16:64,noc=8 --area-max 0".to_string(), 2, "expected a number above 0"),
        ("pes=16,noc=8 --objective area,area".to_string(), 2, "--objective names a figure twice"),
        ("pes=16,noc=8 --model maestro".to_string(), 2, "explore works by the exact model"),
        ("pes=16,noc=8 --prefetch weights".to_string(), 2, "leave out --prefetch"),
        ("pes=16,noc=8 --technology bad.toml".to_string(), 1, "bad.toml: [l1] energy: [128, 1] stands behind [64, 2]"),
        ("pes=16,noc=8 --technology typo.toml".to_string(), 1, "unknown field `mca`"),
        ("pes=16,noc=8 --technology 3nm".to_string(), 1, "built in: 28nm, 45nm"),
        ("pes=16,noc=8 --technology 45nm --energies 1,2,3".to_string(), 2, "cannot be used with"),
        ("pes=16,noc=8 --format parquet".to_string(), 2, "--format parquet needs --output FILE"),
        ("pes=2,noc=8 --no-fit --dataflow kcp_ws".to_string(), 1, "1 unsuited: "),
        ("pes=2,noc=8 --map-budget 5".to_string(), 2, "--map-budget is of --dataflow map"),
        ("pes=2,noc=8 --dataflow map:speed".to_string(), 1, "expected one of latency, energy, edp, offchip"),
        (format!("pes={values},noc={values},offchip={values} --dataflow map"), 1, "the grid has 1.0e18 designs"),
        ("pes=16,noc=8 --dataflow map --area-max 0.001".to_string(), 1, "the smallest design of the grid takes"),
        ("pes=16,noc=8 --dataflow map --designs 0".to_string(), 2, "--designs"),
    ] {
        let error = dir.run(&format!("explore --network ds_cnn --report found --hw-grid {flags}")).failed(code);
        assert!(error.contains(message), "{flags}: {error}");
        assert!(!dir.path("found").exists(), "{flags}");
    }
}
