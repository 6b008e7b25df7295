//! The Python function that costs many layers on many accelerators, with arrays.

use std::ops::Range;
use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArrayLike1, PyArrayLike2};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rayon::prelude::*;

use super::cost::model;
use super::dataflow::AnyDataflow;
use super::error::input;
use super::hardware::AnyHardware;
use super::layer::{self, Layer};
use crate::cli::failure::Failure;
use crate::host::alike;
use crate::host::cost_table::{CostModel, Costing};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::network::WRITTEN_DIMS;
use crate::host::platform::Platform;
use crate::host::pricing::{counted, price_all};
use crate::{Cost, Dim, Energy, EnergyTable, Hardware, LayerKind, MAX_LEVELS, Noc};

/// The columns of an array of layers: the dimensions (0 if a layer lacks one), and the strides along Y and X.
const COLUMNS: usize = WRITTEN_DIMS.len() + 2;

/// The number of layers and accelerators that are priced at a time: enough to keep all threads busy, but few enough
/// to need little memory.
const LAYERS: usize = 4096;
const POINTS: usize = 1 << 16;

/// Layers, as a list or as the rows of an array.
#[derive(FromPyObject)]
pub enum Layers<'py> {
    Listed(Vec<Layer>),
    Array(PyArrayLike2<'py, i64, numpy::AllowTypeChange>),
}

/// Cycles and nJ of each layer on each accelerator, computed by all threads without Python's lock.
///
/// `layers` are `Layer`s, or an array of integers with a row for each layer: N, G, K, C, R, S, Y, X, M, stride_y,
/// stride_x. Dimensions that layers of this `kind` do not have are 0. `points` changes `hw`: arrays of the same
/// length, under the names `pes`, `simd`, `l1`, `l2`, `noc_bw`, `noc_hops` and `offchip_bw`. Without `points`, there
/// is one accelerator.
///
/// Returns a dict of arrays with a row for each layer and a column for each point: `cycles` (int64; -1 if a layer
/// cannot run) and `energy` (float64, nJ; NaN if a layer cannot run).
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
    let kind = layer::kind(kind)?;
    let hw = hw.get()?;
    let points = Points::new(hw.platform.hardware, points)?;
    let asked = Asked { model, choice: hw.choice(dataflow, model)?, platform: hw.platform };
    let shape = (layers.count()?, points.count);
    let (mut cycles, mut energy) = (Array2::from_elem(shape, -1), Array2::from_elem(shape, f64::NAN));
    for place in (0..shape.1).step_by(POINTS) {
        let hardware = points.some(place..shape.1.min(place + POINTS))?;
        let groups = asked.groups(&hardware);
        for row in (0..shape.0).step_by(LAYERS) {
            let layers = layers.some(row..shape.0.min(row + LAYERS), kind)?;
            let mut store = |layer: usize, point: usize, price: (u64, Energy)| {
                cycles[[row + layer, place + point]] = i64::try_from(price.0).map_err(input)?;
                energy[[row + layer, place + point]] = price.1.total();
                Ok(())
            };
            py.detach(|| groups.iter().try_for_each(|group| asked.price(&layers, group, &mut store)))?;
        }
    }
    let arrays = PyDict::new(py);
    arrays.set_item("cycles", cycles.into_pyarray(py))?;
    arrays.set_item("energy", energy.into_pyarray(py))?;
    Ok(arrays)
}

/// How layers are priced.
struct Asked {
    model: CostModel,
    choice: DataflowChoice,
    platform: Platform,
}

/// Accelerators on which a layer takes the same steps, and their positions among the points.
struct Group {
    places: Vec<usize>,
    hardware: Vec<Hardware>,
    energies: EnergyTable,
}

impl Asked {
    fn groups(&self, hardware: &[Hardware]) -> Vec<Group> {
        // Buffers may differ between points, and the energies of accesses depend on them.
        let energies = |hardware: &Hardware| self.platform.energies.at_sizes(&self.platform.sizes, hardware);
        let key = |hardware: &Hardware| {
            let energies = energies(hardware);
            let bits = [energies.mac, energies.l1, energies.l2, energies.offchip].map(f64::to_bits);
            (counted(self.model, hardware), bits, energies.cluster.map(f64::to_bits))
        };
        let group = |places: Vec<usize>| {
            let hardware: Vec<Hardware> = places.iter().map(|&place| hardware[place]).collect();
            Group { energies: energies(&hardware[0]), places, hardware }
        };
        alike::groups(hardware.iter().map(key)).into_iter().map(group).collect()
    }

    /// Stores the costs of each layer on each accelerator of a group. Layers that cannot run are left as they are.
    fn price(
        &self,
        layers: &[crate::Layer],
        group: &Group,
        store: &mut impl FnMut(usize, usize, (u64, Energy)) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Group { places, hardware, energies } = group;
        let directives = |layer: &crate::Layer| {
            let taken = self.choice.taken(layer, false, hardware[0].pes());
            self.choice.directives(taken, layer.kind()).map_err(input)
        };
        let costing = match self.model {
            // On a single accelerator, only equal layers share work.
            CostModel::Exact if hardware.len() == 1 => {
                let rows = alike::groups(layers.iter());
                let cost = |rows: &Vec<usize>| {
                    let layer = &layers[rows[0]];
                    let cost = Cost::with_energies(layer, &*directives(layer)?, &hardware[0], energies);
                    Ok(cost.ok().filter(|cost| cost.fits.all()).and_then(|cost| Some((cost.cycles()?, cost.energy))))
                };
                let costs: Vec<_> = rows.par_iter().map(cost).collect::<Result<_, Failure>>()?;
                for (rows, cost) in rows.iter().zip(costs) {
                    let Some(cost) = cost else { continue };
                    rows.iter().try_for_each(|&row| store(row, places[0], cost))?;
                }
                return Ok(());
            }
            CostModel::Exact => Costing::Exact(*energies),
            CostModel::Maestro => Costing::Maestro(*energies),
        };
        let item = |layer: &crate::Layer| Ok((*layer, Arc::new(directives(layer)?.into_owned())));
        let items = layers.iter().map(item).collect::<Result<Vec<_>, Failure>>()?;
        for (row, prices) in price_all(&costing, &items, hardware).iter().enumerate() {
            for (lane, &place) in places.iter().enumerate() {
                if let Some(price) = prices.get(lane, &hardware[lane]) {
                    store(row, place, (price.cycles, price.energy))?;
                }
            }
        }
        Ok(())
    }
}

impl Layers<'_> {
    fn count(&self) -> Result<usize, Failure> {
        let array = match self {
            Layers::Listed(layers) => return Ok(layers.len()),
            Layers::Array(array) => array.as_array(),
        };
        if array.ncols() != COLUMNS {
            let names = WRITTEN_DIMS.map(Dim::name).join(", ");
            return Err(Failure::Input(format!(
                "layers have {} columns; expected {COLUMNS}: {names}, stride_y, stride_x",
                array.ncols()
            )));
        }
        Ok(array.nrows())
    }

    /// The layers in this range. Rows of an array are layers of this kind.
    fn some(&self, rows: Range<usize>, kind: LayerKind) -> Result<Vec<crate::Layer>, Failure> {
        let array = match self {
            Layers::Listed(layers) => return Ok(layers[rows].iter().map(|layer| layer.layer).collect()),
            Layers::Array(array) => array.as_array(),
        };
        let layer = |row: usize| {
            let failed = |what: String| Failure::Input(format!("layer {row}: {what}"));
            let mut figure = [0; COLUMNS];
            for (place, &given) in array.row(row).iter().enumerate() {
                figure[place] =
                    u32::try_from(given).map_err(|_| failed(format!("{given} in column {place} is no size")))?;
            }
            let sizes = WRITTEN_DIMS.into_iter().zip(figure).filter(|(_, size)| *size > 0);
            let dims: Vec<(Dim, u32)> = sizes.collect();
            let [.., stride_y, stride_x] = figure;
            crate::Layer::strided(kind, &dims, stride_y, stride_x).map_err(|error| failed(error.to_string()))
        };
        rows.map(layer).collect()
    }
}

/// An accelerator, and the changes of each point.
struct Points<'py> {
    own: Hardware,
    changes: Vec<(String, PyArrayLike1<'py, i64, numpy::AllowTypeChange>)>,
    count: usize,
}

impl<'py> Points<'py> {
    fn new(own: Hardware, points: Option<&Bound<'py, PyDict>>) -> PyResult<Points<'py>> {
        let mut all = Points { own, changes: Vec::new(), count: 1 };
        for (key, values) in points.into_iter().flatten() {
            let (key, values): (String, PyArrayLike1<'_, _, _>) = (key.extract()?, values.extract()?);
            let count = values.as_array().len();
            if !all.changes.is_empty() && count != all.count {
                let others = all.count;
                return Err(Failure::Input(format!("points: {key} has {count} values, others have {others}")).into());
            }
            all.count = count;
            all.changes.push((key, values));
        }
        Ok(all)
    }

    /// The accelerators in this range of points.
    fn some(&self, places: Range<usize>) -> Result<Vec<Hardware>, Failure> {
        let point = |place: usize| {
            self.changes.iter().try_fold(self.own, |hardware, (key, values)| {
                let value = values.as_array()[place];
                let failed = |what: String| Failure::Input(format!("points: {key}[{place}] is {value}: {what}"));
                let figure =
                    u32::try_from(value).map_err(|_| failed("expected a number from 0 to 4294967295".to_string()))?;
                with(hardware, key, figure).map_err(failed)
            })
        };
        places.map(point).collect()
    }
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
