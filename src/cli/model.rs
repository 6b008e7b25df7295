//! Arguments for the cost model of a command, and for the figures of accelerators that only the exact model has.

use crate::host::campaign::Costing;
use crate::host::cost_table::CostModel;
use crate::host::estimate::MOST_ENERGY;
use crate::host::formats::maestro::hardware::{COMPRESSIONS, permille};
use crate::{Activations, Buffering, EnergyTable, Error, Hardware, Widths};
use clap::ValueEnum;

use crate::cli::failure::Failure;

/// The heading of flags that have no effect in the reference's model.
pub const EXACT_ONLY: &str = "Of the exact model, refused with --model maestro";

/// Arguments for the cost model, and for the figures of accelerators that only the exact model has.
#[derive(clap::Args, Clone)]
pub struct CostArgs {
    /// exact counts every element and cycle, as a walk over all steps would; maestro is MAESTRO's model with its
    /// faults, for figures as published [default: exact]
    #[arg(long, value_enum, hide_possible_values = true, value_name = "exact|maestro")]
    model: Option<ModelArg>,
    /// Bits of an element of input, filter, output and partial sum (if omitted, as wide as an output) [default: the
    /// accelerator's, else 8:8:8]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "I:F:O[:P]", value_parser = widths)]
    pub bits: Option<Widths>,
    /// Where activations are between layers: off-chip, or in L2; auto decides for each layer, and keeps them in L2 if
    /// they fit beside the stream of the filter [default: the accelerator's, else offchip]
    #[arg(long, help_heading = EXACT_ONLY, value_enum, hide_possible_values = true, value_name = "offchip|l2|auto")]
    activations: Option<ActivationsArg>,
    /// Whether an element that several sub-clusters take at once is read only once [default: the accelerator's, else
    /// yes]
    #[arg(long, help_heading = EXACT_ONLY, value_enum, hide_possible_values = true, value_name = "yes|no")]
    multicast: Option<YesNo>,
    /// Single or double buffers in L1 and clusters; double ones hide transfers behind work and take twice the room
    /// [default: the accelerator's, else 2]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "1|2", value_parser = buffering)]
    l1_buffers: Option<Buffering>,
    /// Single or double buffers in L2 [default: the accelerator's, else 2]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "1|2", value_parser = buffering)]
    l2_buffers: Option<Buffering>,
    /// Bytes of the buffer of each cluster [default: the accelerator's, else unlimited]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "BYTES")]
    cluster_buffer: Option<u32>,
    /// Bytes/cycle of a separate channel for weights, such as flash [default: the accelerator's, else weights share
    /// the off-chip channel]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "BYTES")]
    weights_bw: Option<u32>,
    /// Factor by which weights are compressed off-chip [default: the accelerator's, else 1]
    #[arg(long, help_heading = EXACT_ONLY, value_name = "FACTOR", value_parser = compression)]
    weights_compression: Option<u16>,
    /// nJ of a MAC, of an access to L1 and to L2; for the exact model also of a byte off-chip and of an access to the
    /// buffer of a cluster [default: the accelerator's, else 0.00023,0.0003864,0.0042803,0.046 and as L2]
    #[arg(long, value_name = "MAC,L1,L2[,OFFCHIP[,CLUSTER]]", value_parser = energies)]
    energies: Option<Energies>,
}

/// Arguments for buffer sizes that replace the accelerator's own.
#[derive(clap::Args)]
pub struct BufferArgs {
    /// Bytes of L1 in each PE; in MAESTRO's model it only causes warnings [default: those of the accelerator]
    #[arg(long, value_name = "BYTES")]
    pub l1: Option<u32>,
    /// Bytes of L2; in MAESTRO's model it only causes warnings [default: those of the accelerator]
    #[arg(long, value_name = "BYTES")]
    pub l2: Option<u32>,
}

impl BufferArgs {
    /// The accelerator with these buffers.
    pub fn apply(&self, hardware: Hardware) -> Hardware {
        hardware.with_buffers(self.l1.unwrap_or(hardware.l1_bytes()), self.l2.unwrap_or(hardware.l2_bytes()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModelArg {
    Exact,
    Maestro,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ActivationsArg {
    Offchip,
    L2,
    Auto,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

/// Energies, and the number of them that were given.
#[derive(Clone, Copy)]
struct Energies {
    table: EnergyTable,
    given: usize,
}

impl CostArgs {
    /// The model that the user asks for. The exact model is the default.
    ///
    /// # Errors
    /// A flag is given that has no effect in the reference's model.
    pub fn model(&self) -> Result<CostModel, Failure> {
        match self.model {
            None | Some(ModelArg::Exact) => Ok(CostModel::Exact),
            Some(ModelArg::Maestro) => self.maestro(),
        }
    }

    /// The reference's model, which `flag` implies.
    ///
    /// # Errors
    /// `--model exact` is given, or a flag that has no effect in the reference's model.
    pub fn implied_by(&self, flag: &str) -> Result<CostModel, Failure> {
        if self.model == Some(ModelArg::Exact) {
            return Err(Failure::Usage(format!("{flag} is of the reference's model: leave out --model exact")));
        }
        self.maestro()
    }

    fn maestro(&self) -> Result<CostModel, Failure> {
        let flags = [
            ("--bits", self.bits.is_some()),
            ("--activations", self.activations.is_some()),
            ("--multicast", self.multicast.is_some()),
            ("--l1-buffers", self.l1_buffers.is_some()),
            ("--l2-buffers", self.l2_buffers.is_some()),
            ("--cluster-buffer", self.cluster_buffer.is_some()),
            ("--weights-bw", self.weights_bw.is_some()),
            ("--weights-compression", self.weights_compression.is_some()),
            ("OFFCHIP in --energies", self.energies.is_some_and(|energies| energies.given > 3)),
        ];
        match flags.into_iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Failure::Usage(format!("{flag} changes nothing in MAESTRO's model"))),
            None => Ok(CostModel::Maestro),
        }
    }

    /// The model with its energies.
    ///
    /// # Errors
    /// Those of [`CostArgs::model`].
    pub fn costing(&self) -> Result<Costing, Failure> {
        Ok(match self.model()? {
            CostModel::Exact => Costing::Exact(self.energies()),
            CostModel::Maestro => Costing::Maestro(self.energies()),
        })
    }

    /// The energies.
    pub fn energies(&self) -> EnergyTable {
        self.energies_or(EnergyTable::REFERENCE)
    }

    /// The given energies. Those that are not given are taken from `own`.
    pub fn energies_or(&self, own: EnergyTable) -> EnergyTable {
        self.energies.map_or(own, |energies| EnergyTable {
            offchip: if energies.given > 3 { energies.table.offchip } else { own.offchip },
            cluster: if energies.given > 4 { energies.table.cluster } else { own.cluster },
            ..energies.table
        })
    }

    /// Whether energies are given.
    pub fn has_energies(&self) -> bool {
        self.energies.is_some()
    }

    /// The accelerator with these figures.
    ///
    /// # Errors
    /// A figure is out of range.
    pub fn apply(&self, mut hardware: Hardware) -> Result<Hardware, Failure> {
        let failed = |error: Error| Failure::Usage(error.to_string());
        if let Some(widths) = self.bits {
            hardware = hardware.with_widths(widths).map_err(failed)?;
        }
        if let Some(bytes) = self.weights_bw {
            hardware = hardware.with_weights_bandwidth(bytes).map_err(failed)?;
        }
        if let Some(permille) = self.weights_compression {
            hardware = hardware.with_compressed_weights(permille).map_err(failed)?;
        }
        if let Some(bytes) = self.cluster_buffer {
            hardware = hardware.with_cluster_buffer(bytes);
        }
        if let Some(activations) = self.activations {
            hardware = hardware.with_activations(match activations {
                ActivationsArg::Offchip => Activations::Offchip,
                ActivationsArg::L2 => Activations::L2,
                ActivationsArg::Auto => Activations::Auto,
            });
        }
        if let Some(multicast) = self.multicast {
            hardware = hardware.with_multicast(multicast == YesNo::Yes);
        }
        let [l1, l2] = [(self.l1_buffers, hardware.l1_buffers()), (self.l2_buffers, hardware.l2_buffers())]
            .map(|(given, own)| given.unwrap_or(own));
        Ok(hardware.with_buffering(l1, l2))
    }
}

/// Refuses energies that are too large to print.
pub fn check_energies(of: &str, energies: impl Iterator<Item = f64>) -> Result<(), Failure> {
    match energies.reduce(f64::max).filter(|most| *most > MOST_ENERGY) {
        None => Ok(()),
        Some(most) => Err(Failure::Input(format!(
            "the energy of {of} comes to {most:e} nJ, more than can be shown ({MOST_ENERGY:e}): give --energies in nJ, \
             for buffers of the sizes that they are for"
        ))),
    }
}

pub fn widths(text: &str) -> Result<Widths, String> {
    let bits: Option<Vec<u8>> = text.split(':').map(|bits| bits.parse().ok()).collect();
    let widths = match bits.as_deref() {
        Some(&[input, filter, output]) => Some(Widths { input, filter, output, psum: output }),
        Some(&[input, filter, output, psum]) => Some(Widths { input, filter, output, psum }),
        _ => None,
    };
    let most = crate::hardware::MAX_BITS;
    let sound = |widths: &Widths| {
        [widths.input, widths.filter, widths.output, widths.psum].iter().all(|bits| (1..=most).contains(bits))
    };
    let expected = || format!("expected bits of input, filter, output and perhaps partial sums, 1 to {most}: 8:8:8:32");
    widths.filter(sound).ok_or_else(expected)
}

fn compression(text: &str) -> Result<u16, String> {
    match text.parse::<f64>() {
        Ok(factor) if COMPRESSIONS.contains(&factor) => Ok(permille(factor)),
        _ => Err("expected a number from 1 to 1000: 1.5".to_string()),
    }
}

fn buffering(text: &str) -> Result<Buffering, String> {
    match text {
        "1" => Ok(Buffering::Single),
        "2" => Ok(Buffering::Double),
        _ => Err("expected 1 or 2".to_string()),
    }
}

fn energies(text: &str) -> Result<Energies, String> {
    let figures: Option<Vec<f64>> = text.split(',').map(|figure| figure.trim().parse().ok()).collect();
    let figures = figures.filter(|figures| figures.iter().all(|nj| (0.0..=1e9).contains(nj)));
    let reference = EnergyTable::REFERENCE;
    let table = match figures.as_deref() {
        Some(&[mac, l1, l2]) => Some(EnergyTable { mac, l1, l2, ..reference }),
        Some(&[mac, l1, l2, offchip]) => Some(EnergyTable { mac, l1, l2, offchip, ..reference }),
        Some(&[mac, l1, l2, offchip, cluster]) => Some(EnergyTable { mac, l1, l2, offchip, cluster: Some(cluster) }),
        _ => None,
    };
    let given = figures.map_or(0, |figures| figures.len());
    let expected = || "expected three to five numbers of nJ, 0 to 1e9: MAC,L1,L2[,OFFCHIP[,CLUSTER]]".to_string();
    table.map(|table| Energies { table, given }).ok_or_else(expected)
}
