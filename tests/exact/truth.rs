//! Compares the simulator with `tests/truth`.

use std::collections::HashMap;
use std::io::Read;

use maestrino::host::formats::maestro::parse_dataflow;
use maestrino::{Dataflow, Dim, Layer, LayerKind};

use crate::simulator::{Activations, Array, Bits, Depth, Figures, Noc, Offchip, Refused, SimLayer, simulate};

type Row = HashMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let bytes = std::fs::read(format!("{}/tests/truth/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// Parses `CONV C3 K4 R3 S3 X3 Y3 stride 2x2`. The stride is Y x X.
pub fn layer(text: &str) -> SimLayer {
    let (shape, stride) = text.split_once(" stride ").unwrap_or((text, "1x1"));
    let (stride_y, stride_x) = stride.split_once('x').unwrap();
    let mut words = shape.split(' ');
    let kind = LayerKind::from_name(words.next().unwrap()).unwrap();
    let dims: Vec<(Dim, u32)> =
        words.map(|word| (Dim::from_name(&word[..1]).unwrap(), word[1..].parse().unwrap())).collect();
    Layer::strided(kind, &dims, stride_y.parse().unwrap(), stride_x.parse().unwrap()).unwrap().into()
}

pub fn dataflow(text: &str) -> Dataflow {
    parse_dataflow(text, "case").unwrap()
}

fn array(row: &Row) -> Array {
    let limit = |name: &str| row[name].parse().ok();
    let bits: Vec<u64> = row["bits"].split(':').map(|bits| bits.parse().unwrap()).collect();
    Array {
        lanes: row["lanes"].parse().unwrap(),
        noc: vec![Noc { bandwidth: limit("noc_bw"), latency: row["noc_latency"].parse().unwrap() }],
        offchip_bw: limit("offchip_bw"),
        l1: limit("l1"),
        l2: limit("l2"),
        activations: if row["activations"] == "l2" { Activations::L2 } else { Activations::OffChip },
        bits: Bits { input: bits[0], filter: bits[1], output: bits[2], psum: bits[2] },
        multicast: row["multicast"] == "yes",
        ..Array::new(row["pes"].parse().unwrap())
    }
}

/// The value of a column in the form of the file; `None` if the column is not a figure of the model.
fn value(figures: &Figures, layer: &SimLayer, column: &str) -> Option<String> {
    let (inner, l1) = (&figures.crossings[0], &figures.l1);
    let offchip =
        |value: &dyn Fn(&Offchip) -> u64| figures.offchip.as_ref().map_or("-".into(), |o| value(o).to_string());
    let depth = |tensor: usize| match figures.offchip.as_ref().map(|offchip| offchip.depths[tensor]) {
        None => "-".into(),
        Some(Depth::L2) => "l2".into(),
        Some(Depth::Loops(loops)) => loops.to_string(),
    };
    let number = match column {
        "layer_macs" => layer.layer.macs().unwrap(),
        "macs" => figures.macs,
        "useful_macs" => figures.useful_macs,
        "steps" => figures.steps,
        "l2_read_input" => inner.read[0],
        "l2_read_filter" => inner.read[1],
        "l2_read_psum" => inner.psum,
        "l2_write_output" => inner.written.total(),
        "l1_arrive_input" => l1.arrive[0],
        "l1_arrive_filter" => l1.arrive[1],
        "l1_arrive_psum" => l1.arrive[2],
        "l1_leave_output" => l1.leave.total(),
        "l2_need" => figures.l2_need,
        "l1_need" => figures.l1_need,
        "on_chip_cycles" => figures.on_chip_cycles,
        "wait_compute" => figures.wait[0],
        "wait_noc_in" => figures.wait[1],
        "wait_noc_out" => figures.wait[2],
        "depth_input" => return Some(depth(0)),
        "depth_filter" => return Some(depth(1)),
        "depth_output" => return Some(depth(2)),
        "offchip_in_input" => return Some(offchip(&|o| o.read[0])),
        "offchip_in_filter" => return Some(offchip(&|o| o.read[1])),
        "offchip_in_psum" => return Some(offchip(&|o| o.read[2])),
        "offchip_out" => return Some(offchip(&|o| o.written.total())),
        "first" => return Some(offchip(&|o| o.first)),
        "rest" => return Some(offchip(&|o| o.rest)),
        "last" => return Some(offchip(&|o| o.last)),
        "cycles" => return Some(offchip(&|o| o.cycles)),
        "wait_offchip" => return Some(figures.wait_offchip.map_or("-".into(), |wait| wait.to_string())),
        "fits" => return Some(figures.fits()),
        _ => return None,
    };
    Some(number.to_string())
}

/// The columns of a row that the simulator gets wrong.
fn wrong(row: &Row) -> Vec<String> {
    let layer = layer(&row["layer"]);
    let figures = match simulate(&layer, &dataflow(&row["dataflow"]), &array(row)) {
        Ok(figures) => figures,
        Err(refused) => return vec![format!("refused: {refused:?}")],
    };
    let mut wrong = Vec::new();
    for (column, truth) in row {
        if let Some(value) = value(&figures, &layer, column).filter(|value| value != truth) {
            wrong.push(format!("{column} {value} for {truth}"));
        }
    }
    let active: f64 = row["active_pes"].parse().unwrap();
    if (figures.active_pes - active).abs() > 1e-4 * active {
        wrong.push(format!("active_pes {} for {active}", figures.active_pes));
    }
    wrong.sort();
    wrong
}

#[test]
fn every_value_of_every_case_is_the_truth() {
    let rows = rows("cases.csv.gz");
    assert_eq!(rows.len(), 3761);
    let name = |row: &Row| format!("{} {}\n{}\n{} PEs", row["id"], row["layer"], row["dataflow"], row["pes"]);
    let failures = rows.iter().map(|row| (name(row), wrong(row))).filter(|(_, wrong)| !wrong.is_empty());
    let failures: Vec<String> = failures.map(|(name, wrong)| format!("{name}: {}", wrong.join(", "))).collect();
    assert!(failures.is_empty(), "{} cases are wrong, the first:\n{}", failures.len(), failures[0]);
}

#[test]
fn every_mapping_with_gaps_is_refused() {
    let rows = rows("gaps.csv.gz");
    assert_eq!(rows.len(), 239);
    for row in rows {
        let array = Array { lanes: row["lanes"].parse().unwrap(), ..Array::new(row["pes"].parse().unwrap()) };
        let refused = simulate(&layer(&row["layer"]), &dataflow(&row["dataflow"]), &array);
        let number = |column: &str| row[column].parse().unwrap();
        let gaps = Refused::Gaps { useful: number("useful_macs"), layer: number("layer_macs") };
        assert_eq!(refused, Err(gaps), "{}", row["id"]);
    }
}

#[test]
fn the_analysis_tells_the_truth() {
    let rows = rows("cases.csv.gz");
    let (mut failures, mut columns) = (0, std::collections::BTreeMap::<String, usize>::new());
    for row in &rows {
        let layer = layer(&row["layer"]);
        let (dataflow, array) = (dataflow(&row["dataflow"]), array(row));
        let figures = simulate(&layer, &dataflow, &array).unwrap();
        let wrong = match super::analysis::cost(&layer, &dataflow, &array) {
            Ok(cost) => super::analysis::differences(&figures, &cost),
            Err(error) => vec![format!("refused: {error}")],
        };
        if !wrong.is_empty() {
            failures += 1;
            if failures <= 20 {
                println!(
                    "{} {} {}\n  {} pes {}\n  {}",
                    row["id"],
                    row["class"],
                    row["layer"],
                    row["dataflow"],
                    row["pes"],
                    wrong.join(", ")
                );
            }
            for wrong in wrong {
                *columns.entry(format!("{} {}", row["class"], wrong.split(' ').next().unwrap())).or_default() += 1;
            }
        }
    }
    assert_eq!(failures, 0, "{columns:#?}");
}
