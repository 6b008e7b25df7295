//! What many layers cost on many accelerators, as arrays.

use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArrayLike1, PyArrayLike2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::cost::model;
use super::dataflow::AnyDataflow;
use super::error::input;
use super::hardware::AnyHardware;
use super::layer::{self, Layer};
use crate::cli::failure::Failure;
use crate::host::alike;
use crate::host::costs::{CostModel, Costing};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::network::WRITTEN_DIMS;
use crate::host::pricing::{Prices, counted, price_all};
use crate::{Dim, Hardware, MAX_LEVELS, Noc};

/// Columns of an array of layers: dimensions, 0 where a layer has no such one, and strides along Y and X.
const COLUMNS: usize = WRITTEN_DIMS.len() + 2;

/// Layers that are priced at a time: enough for all threads, and what is known of them in between takes little memory.
const AT_ONCE: usize = 4096;

/// Layers, one by one or as rows of an array.
#[derive(FromPyObject)]
pub enum Layers<'py> {
    Listed(Vec<Layer>),
    Array(PyArrayLike2<'py, i64, numpy::AllowTypeChange>),
}

/// Cycles and nJ of each layer on each accelerator, computed by all threads without Python's lock.
///
/// `layers` are `Layer`s, or an array of integers with a row for each: N, G, K, C, R, S, Y, X, M, stride_y, stride_x, with 0 for
/// dimensions that layers of this `kind` do not have. `points` changes `hw`: arrays of one length by the names `pes`, `simd`, `l1`,
/// `l2`, `noc_bw`, `noc_hops` and `offchip_bw`. Without `points`, there is one accelerator.
///
/// Gives a dict of arrays with a row for each layer and a column for each point: `cycles` (int64), -1 where a layer cannot run, and
/// `energy` (float64, nJ), NaN there.
#[pyfunction]
#[pyo3(signature = (layers, hw, dataflow = None, *, points = None, model = "exact", kind = "conv"))]
pub fn costs<'py>(
    py: Python<'py>,
    layers: Layers<'py>,
    hw: AnyHardware<'py>,
    dataflow: Option<AnyDataflow<'py>>,
    points: Option<&Bound<'py, PyDict>>,
    model: &str,
    kind: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let model = self::model(model)?;
    let layers = match layers {
        Layers::Listed(layers) => layers.into_iter().map(|layer| layer.layer).collect(),
        Layers::Array(array) => rows(&array, kind)?,
    };
    let hw = hw.get()?;
    let hardware = match points {
        Some(points) => self::points(hw.platform.hardware, points)?,
        None => vec![hw.platform.hardware],
    };
    let choice = hw.choice(dataflow, model)?;
    // Buffers may differ from point to point, and with them the energies of their accesses.
    let energies = |hardware: &Hardware| hw.platform.energies.at_sizes(&hw.platform.sizes, hardware);
    let table = Table { model, choice, layers, energies: hardware.iter().map(energies).collect(), hardware };
    let (cycles, energy) = py.detach(|| table.price())?;
    let told = PyDict::new(py);
    told.set_item("cycles", cycles.into_pyarray(py))?;
    told.set_item("energy", energy.into_pyarray(py))?;
    Ok(told)
}

/// What is priced.
struct Table {
    model: CostModel,
    choice: DataflowChoice,
    layers: Vec<crate::Layer>,
    hardware: Vec<Hardware>,
    energies: Vec<crate::EnergyTable>,
}

impl Table {
    fn price(&self) -> Result<(Array2<i64>, Array2<f64>), Failure> {
        let shape = (self.layers.len(), self.hardware.len());
        let (mut cycles, mut energy) = (Array2::from_elem(shape, -1), Array2::from_elem(shape, f64::NAN));
        // Accelerators that a layer takes the same steps on are priced together.
        let key = |place: usize| {
            let energies = self.energies[place];
            let bits = [energies.mac, energies.l1, energies.l2, energies.offchip].map(f64::to_bits);
            (counted(self.model, &self.hardware[place]), bits, energies.cluster.map(f64::to_bits))
        };
        for places in alike::groups((0..self.hardware.len()).map(key)) {
            let group: Vec<Hardware> = places.iter().map(|&place| self.hardware[place]).collect();
            let costing = match self.model {
                CostModel::Exact => Costing::Exact(self.energies[places[0]]),
                CostModel::Maestro => Costing::Maestro(self.energies[places[0]]),
            };
            for start in (0..self.layers.len()).step_by(AT_ONCE) {
                let layers = &self.layers[start..self.layers.len().min(start + AT_ONCE)];
                for (row, prices) in (start..).zip(self.chunk(layers, &costing, &group)?) {
                    for (lane, &place) in places.iter().enumerate() {
                        if let Some(price) = prices.get(lane, &group[lane]) {
                            cycles[[row, place]] = i64::try_from(price.cycles).map_err(input)?;
                            energy[[row, place]] = price.energy.total();
                        }
                    }
                }
            }
        }
        Ok((cycles, energy))
    }

    fn chunk(&self, layers: &[crate::Layer], costing: &Costing, group: &[Hardware]) -> Result<Vec<Prices>, Failure> {
        let pes = group[0].pes();
        let item = |layer: &crate::Layer| {
            let taken = self.choice.taken(layer, false, pes);
            let directives = self.choice.directives(taken, layer.kind()).map_err(input)?;
            Ok((*layer, Arc::new(directives.into_owned())))
        };
        let items: Result<Vec<_>, Failure> = layers.iter().map(item).collect();
        Ok(price_all(costing, &items?, group))
    }
}

/// Layers of a kind from the rows of an array.
fn rows(array: &PyArrayLike2<'_, i64, numpy::AllowTypeChange>, kind: &str) -> Result<Vec<crate::Layer>, Failure> {
    let kind = layer::kind(kind)?;
    let array = array.as_array();
    if array.ncols() != COLUMNS {
        let names = WRITTEN_DIMS.map(Dim::name).join(", ");
        return Err(Failure::Input(format!(
            "layers have {} columns; expected {COLUMNS}: {names}, stride_y, stride_x",
            array.ncols()
        )));
    }
    let layer = |(row, figures): (usize, numpy::ndarray::ArrayView1<'_, i64>)| {
        let failed = |what: String| Failure::Input(format!("layer {row}: {what}"));
        let mut figure = [0; COLUMNS];
        for (place, &given) in figures.iter().enumerate() {
            figure[place] =
                u32::try_from(given).map_err(|_| failed(format!("{given} in column {place} is no size")))?;
        }
        let dims: Vec<(Dim, u32)> = WRITTEN_DIMS.into_iter().zip(figure).filter(|(_, size)| *size > 0).collect();
        let [.., stride_y, stride_x] = figure;
        crate::Layer::strided(kind, &dims, stride_y, stride_x).map_err(|error| failed(error.to_string()))
    };
    array.outer_iter().enumerate().map(layer).collect()
}

/// An accelerator with the changes of each point.
fn points(own: Hardware, points: &Bound<'_, PyDict>) -> PyResult<Vec<Hardware>> {
    let mut all: Option<Vec<Hardware>> = None;
    for (key, values) in points {
        let key: String = key.extract()?;
        let values: PyArrayLike1<'_, i64, numpy::AllowTypeChange> = values.extract()?;
        let values = values.as_array();
        let all = all.get_or_insert_with(|| vec![own; values.len()]);
        if all.len() != values.len() {
            let other = all.len();
            return Err(
                Failure::Input(format!("points: {key} has {} values, others have {other}", values.len())).into()
            );
        }
        for (place, (hardware, &value)) in all.iter_mut().zip(values).enumerate() {
            let failed = |what: String| Failure::Input(format!("points: {key}[{place}] is {value}: {what}"));
            let figure =
                u32::try_from(value).map_err(|_| failed("expected a number from 0 to 4294967295".to_string()))?;
            *hardware = with(*hardware, &key, figure).map_err(failed)?;
        }
    }
    Ok(all.unwrap_or_else(|| vec![own]))
}

fn with(hardware: Hardware, key: &str, figure: u32) -> Result<Hardware, String> {
    let noc = |change: fn(Noc, u32) -> Noc| {
        (0..MAX_LEVELS)
            .try_fold(hardware, |hardware, level| hardware.with_noc_at(level, change(hardware.noc(level), figure)))
    };
    let changed = match key {
        "pes" => hardware.with_pes(figure),
        "simd" => hardware.with_simd_lanes(figure),
        "l1" => Ok(hardware.with_buffers(figure, hardware.l2_bytes())),
        "l2" => Ok(hardware.with_buffers(hardware.l1_bytes(), figure)),
        "noc_bw" => noc(|noc, bandwidth| Noc { bandwidth, ..noc }),
        "noc_hops" => noc(|noc, latency| Noc { latency, ..noc }),
        "offchip_bw" => hardware.with_offchip_bandwidth(figure),
        _ => return Err("points are pes, simd, l1, l2, noc_bw, noc_hops and offchip_bw".to_string()),
    };
    changed.map_err(|error| error.to_string())
}
