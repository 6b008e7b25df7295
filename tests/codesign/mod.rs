//! `maestrino codesign` on the command line.

mod answers;
mod directory;
mod evolution;
mod exact;
mod refused;

use crate::common::{Dir, Run};

const DESIGNS: &str = "--model maestro --hw-grid pes=64:256,noc=100:500,offchip=50 --dataflow kcp_ws,xp_ws";
/// With the exact model. Half of the accelerators are too small for some networks of `tiny`, and one is too small for
/// all.
const EXACT: &str = "--space tiny --dataflow xp_ws,kcp_ws --fit --activations l2 \
                     --hw-grid pes=64,noc=16:64,offchip=8,l1=700,l2=9000:200000:900000";

fn codesign(dir: &Dir, arguments: &str) -> Run {
    dir.run(&format!("codesign --space nb301 {DESIGNS} {arguments}"))
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(String::from).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(String::from).collect());
    std::iter::once(header).chain(rows).collect()
}
