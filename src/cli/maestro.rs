//! `maestrino maestro`: takes the reference's command line, and writes its screen output and its CSV.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::hardware::UNLIMITED;
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::network::Network;
use crate::host::report::maestro_csv::{self, Row};
use crate::host::report::maestro_screen;
use crate::{Dataflow, Directive, Error, Hardware, MAX_LEVELS, Noc};
use clap::ArgAction;
use clap::builder::{BoolishValueParser, ValueParser};

use crate::cli::estimate::reference_rows;
use crate::cli::failure::Failure;
use crate::cli::{input, network, output};

/// Take the place of MAESTRO: the same flags, the same screen output, the same CSV under the same name.
///
/// Scripts written for MAESTRO run unchanged, also if this program is called `maestro`. Differences: the CSV is
/// replaced instead of appended to. Where MAESTRO loses it (if the mapping path does not have exactly two folders, or
/// contains `..`), it goes to the current directory. Any error ends with exit code 1 (bad input) or 2 (bad usage),
/// and leaves an existing CSV unchanged.
#[derive(clap::Parser)]
#[command(name = "maestro", version, infer_long_args = true)]
pub struct MaestroArgs {
    /// Mapping file
    #[arg(long = "Mapping_file", value_name = "FILE")]
    mapping_file: Option<PathBuf>,
    /// Hardware file. With one, --num_pes, --noc_bw_cstr, --noc_hops, --noc_hop_latency, --offchip_bw_cstr, --l1_size_cstr and
    /// --l2_size_cstr have no effect
    #[arg(long = "HW_file", value_name = "FILE", default_value = "")]
    hw_file: OsString,
    /// Print results to the screen
    #[arg(long = "print_res", value_name = "BOOL", action = ArgAction::Set, default_value = "true", value_parser = boolean())]
    print_res: bool,
    /// Write results to a CSV file in the current directory, named after the mapping file
    #[arg(long = "print_res_csv_file", value_name = "BOOL", action = ArgAction::Set, default_value = "true", value_parser = boolean())]
    print_res_csv_file: bool,
    /// Processing elements
    #[arg(long = "num_pes", value_name = "N", default_value_t = 7)]
    num_pes: u32,
    /// MAC lanes of a PE
    #[arg(long = "num_simd_lanes", value_name = "N", default_value_t = 1)]
    num_simd_lanes: u32,
    /// Elements/cycle of the NoC
    #[arg(long = "noc_bw_cstr", value_name = "N", default_value_t = UNLIMITED)]
    noc_bw_cstr: u32,
    /// Hops of the NoC
    #[arg(long = "noc_hops", value_name = "N", default_value_t = 1)]
    noc_hops: u32,
    /// Cycles of each hop
    #[arg(long = "noc_hop_latency", value_name = "N", default_value_t = 0)]
    noc_hop_latency: u32,
    /// Elements/cycle off-chip
    #[arg(long = "offchip_bw_cstr", value_name = "N", default_value_t = 70000)]
    offchip_bw_cstr: u32,
    /// Bytes of L1; without effect except for the verdict on the screen
    #[arg(long = "l1_size_cstr", value_name = "BYTES", default_value_t = UNLIMITED)]
    l1_size_cstr: u32,
    /// Bytes of L2; without effect except for the verdict on the screen
    #[arg(long = "l2_size_cstr", value_name = "BYTES", default_value_t = UNLIMITED)]
    l2_size_cstr: u32,
    /// With --top_bw_only (no effect without it): one run for each NoC bandwidth from min_noc_bw to max_noc_bw in
    /// steps of bw_tick
    #[arg(long = "bw_sweep", value_name = "BOOL", action = ArgAction::Set, default_value = "false", value_parser = boolean())]
    bw_sweep: bool,
    /// With --bw_sweep (no effect without it): limit one NoC only, which as in MAESTRO is the innermost
    #[arg(long = "top_bw_only", value_name = "BOOL", action = ArgAction::Set, default_value = "false", value_parser = boolean())]
    top_bw_only: bool,
    /// Least NoC bandwidth of a sweep; without effect elsewhere
    #[arg(long = "min_noc_bw", value_name = "N", default_value_t = 512)]
    min_noc_bw: u32,
    /// Largest NoC bandwidth of a sweep; without effect elsewhere
    #[arg(long = "max_noc_bw", value_name = "N", default_value_t = 512)]
    max_noc_bw: u32,
    /// Step of a sweep; without effect elsewhere
    #[arg(long = "bw_tick", value_name = "N", default_value_t = 4)]
    bw_tick: u32,
    #[command(flatten)]
    ignored: Ignored,
    /// Words that are not flags are ignored, as in MAESTRO
    #[arg(hide = true)]
    stray: Vec<OsString>,
}

/// Flags that the reference takes as well and that change nothing in its results. They change nothing here either.
#[derive(clap::Args)]
#[command(next_help_heading = "Taken, as by the reference, but without effect on any result")]
struct Ignored {
    /// Without effect: the reference's debugging log is not written
    #[arg(long = "print_log_file", value_name = "BOOL", action = ArgAction::Set, default_value = "false", value_parser = boolean())]
    print_log_file: bool,
    /// Without effect
    #[arg(long = "msg_print_lv", value_name = "N", default_value_t = 0)]
    msg_print_lv: i32,
    /// Without effect
    #[arg(long = "dataflow_file", value_name = "FILE")]
    dataflow_file: Option<OsString>,
    /// Without effect
    #[arg(long = "layer_file", value_name = "FILE")]
    layer_file: Option<OsString>,
    /// Without effect
    #[arg(long = "noc_mc_support", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    noc_mc_support: Option<bool>,
    /// Without effect
    #[arg(long = "do_implicit_reduction", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    do_implicit_reduction: Option<bool>,
    /// Without effect
    #[arg(long = "do_fg_sync", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    do_fg_sync: Option<bool>,
    /// Without effect
    #[arg(long = "do_reduction_op", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    do_reduction_op: Option<bool>,
    /// Without effect
    #[arg(long = "full_buffer", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    full_buffer: Option<bool>,
    /// Without effect
    #[arg(long = "do_dse", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    do_dse: Option<bool>,
    /// Without effect
    #[arg(long = "verbose", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    verbose: Option<bool>,
    /// Without effect
    #[arg(long = "print_design_space", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    print_design_space: Option<bool>,
    /// Without effect
    #[arg(long = "print_space", value_name = "BOOL", action = ArgAction::Set, value_parser = boolean())]
    print_space: Option<bool>,
    /// Without effect
    #[arg(long = "min_num_PEs", value_name = "N")]
    min_num_pes: Option<i32>,
    /// Without effect
    #[arg(long = "max_num_PEs", value_name = "N")]
    max_num_pes: Option<i32>,
    /// Without effect
    #[arg(long = "pe_tick", value_name = "N")]
    pe_tick: Option<i32>,
    /// Without effect
    #[arg(long = "area_constraint", value_name = "UM2")]
    area_constraint: Option<f64>,
    /// Without effect
    #[arg(long = "power_constraint", value_name = "MW")]
    power_constraint: Option<f64>,
    /// Without effect
    #[arg(long = "optimization_target", value_name = "NAME")]
    optimization_target: Option<String>,
}

fn boolean() -> ValueParser {
    BoolishValueParser::new().into()
}

/// The NoC of all levels except the one whose bandwidth a sweep of the reference varies.
const OTHER_NOC: Noc = Noc { bandwidth: 70000, latency: 1 };

/// Runs the command.
pub fn run(args: &MaestroArgs) -> Result<(), Failure> {
    if args.ignored.print_log_file {
        output::message(format_args!("warning: --print_log_file: the reference's debugging log is not written"));
    }
    let Some(mapping) = &args.mapping_file else {
        return Err(Failure::Usage("--Mapping_file is missing".to_string()));
    };
    let network = network::network_file(mapping, &network::ModelArgs::default())?;
    let (base, gives_l1) = hardware(args)?;
    let sweeping = args.bw_sweep && args.top_bw_only && args.hw_file.is_empty();
    let mut csv = Vec::new();
    let mut screen = Vec::new();
    if gives_l1 {
        // The reference prints an empty line when it reads that line.
        screen.push(b'\n');
    }
    for bandwidth in sweep(args)? {
        let usage = |error: Error| Failure::Usage(error.to_string());
        let noc = Noc { bandwidth, latency: base.noc(0).latency };
        let printed = if sweeping { base.with_noc(noc).map_err(usage)? } else { base };
        let rows = reference_rows(&network, &DataflowChoice::own(), |dataflow| {
            if sweeping { innermost_noc(&base, dataflow, noc) } else { Ok(base) }
        })?;
        let header = csv.is_empty();
        maestro_csv::write(&mut csv, &network, &printed, &rows, header).map_err(Failure::stdout)?;
        print(&mut screen, args, &rows, &printed).map_err(Failure::stdout)?;
    }
    if args.print_res_csv_file {
        write_csv(mapping, &csv, &network)?;
    }
    output::write(None, |out| out.write_all(&screen))
}

/// The NoC bandwidths to run: several in a sweep, otherwise one.
fn sweep(args: &MaestroArgs) -> Result<Vec<u32>, Failure> {
    if !(args.bw_sweep && args.top_bw_only) {
        return Ok(vec![args.noc_bw_cstr]);
    }
    if args.min_noc_bw == 0 || args.bw_tick == 0 || args.max_noc_bw < args.min_noc_bw {
        let need = "a sweep needs --min_noc_bw and --bw_tick of at least 1, and --max_noc_bw not below --min_noc_bw";
        return Err(Failure::Usage(need.to_string()));
    }
    Ok((args.min_noc_bw..=args.max_noc_bw).step_by(args.bw_tick as usize).collect())
}

/// The accelerator, and whether a file gives the size of its L1.
fn hardware(args: &MaestroArgs) -> Result<(Hardware, bool), Failure> {
    let by_flags = || -> Result<Hardware, Error> {
        let latency = args.noc_hops.saturating_mul(args.noc_hop_latency);
        Hardware::new(args.num_pes)?
            .with_buffers(args.l1_size_cstr, args.l2_size_cstr)
            .with_noc(Noc { bandwidth: args.noc_bw_cstr, latency })?
            .with_offchip_bandwidth(args.offchip_bw_cstr)
    };
    let usage = |error: Error| Failure::Usage(error.to_string());
    let (hardware, gives_l1) = if args.hw_file.is_empty() {
        (by_flags().map_err(usage)?, false)
    } else {
        let (hardware, file) = input::hardware_file(Path::new(&args.hw_file))?;
        (hardware, file.l1_size.is_some())
    };
    Ok((hardware.with_simd_lanes(args.num_simd_lanes).map_err(usage)?, gives_l1))
}

/// The accelerator with `noc` at the innermost level of a dataflow.
fn innermost_noc(base: &Hardware, dataflow: &Dataflow, noc: Noc) -> Result<Hardware, Error> {
    let clusters = dataflow.directives().iter().filter(|directive| matches!(directive, Directive::Cluster { .. }));
    base.with_noc(OTHER_NOC)?.with_noc_at(clusters.count().min(MAX_LEVELS - 1), noc)
}

fn print(screen: &mut Vec<u8>, args: &MaestroArgs, rows: &[Row], hardware: &Hardware) -> std::io::Result<()> {
    if args.print_res {
        for row in rows {
            maestro_screen::write_layer(screen, row)?;
        }
        maestro_screen::write_buffers(screen, rows, hardware)?;
    }
    if args.print_res_csv_file {
        maestro_screen::write_bandwidths(screen, rows, hardware)?;
    }
    Ok(())
}

fn write_csv(mapping: &Path, csv: &[u8], network: &Network) -> Result<(), Failure> {
    let path = csv_path(mapping);
    output::write(Some(&path), |out| out.write_all(csv))?;
    if network.layers.is_empty() {
        output::message(format_args!("warning: {} has no layers", network.name));
    }
    Ok(())
}

/// The path of the reference's CSV: the path of the mapping without its first two folders, up to its first dot. If
/// that folder does not exist, it is the name of the mapping in the current directory.
fn csv_path(mapping: &Path) -> PathBuf {
    if let Some(text) = mapping.to_str() {
        let without_folder =
            |path: &'_ str| path.split_once('/').map_or(path.to_string(), |(_, rest)| rest.to_string());
        let rest = without_folder(&without_folder(text));
        let stem = rest.split('.').next().unwrap_or("");
        let path = PathBuf::from(format!("{stem}.csv"));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if !stem.is_empty() && folder.is_none_or(Path::is_dir) {
            return path;
        }
    }
    let mut own = PathBuf::from(mapping.file_name().unwrap_or(mapping.as_os_str()));
    while own.extension().is_some() {
        own.set_extension("");
    }
    own.with_extension("csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_csv_is_named_as_the_reference_does_or_after_the_mapping() {
        assert_eq!(csv_path(Path::new("data/mapping/net.m")), PathBuf::from("net.csv"));
        assert_eq!(csv_path(Path::new("net.v2.m")), PathBuf::from("net.csv"));
        assert_eq!(csv_path(Path::new("data/net.m")), PathBuf::from("net.csv"));
        assert_eq!(csv_path(Path::new("data/mapping/../mapping/net.m")), PathBuf::from("net.csv"));
        assert_eq!(csv_path(Path::new("/no/such/folder/here/net.m")), PathBuf::from("net.csv"));
        assert_eq!(csv_path(Path::new("./data/nowhere/net.m")), PathBuf::from("net.csv"));
    }

    #[test]
    fn flags_are_well_formed() {
        use clap::CommandFactory;
        MaestroArgs::command().debug_assert();
        crate::cli::Cli::command().debug_assert();
    }

    /// These are the flags that `hardware`, `sweep` and `print` do not use.
    #[test]
    fn flags_without_effect_say_so() {
        use clap::CommandFactory;
        let says = |flag: &&clap::Arg| {
            flag.get_help().is_some_and(|help| help.to_string().to_lowercase().contains("without effect"))
        };
        let command = MaestroArgs::command();
        let saying: Vec<&str> = command.get_arguments().filter(says).map(|flag| flag.get_id().as_str()).collect();
        let sometimes = ["l1_size_cstr", "l2_size_cstr", "min_noc_bw", "max_noc_bw", "bw_tick"];
        let ignored = <Ignored as clap::Args>::augment_args(clap::Command::new("ignored"));
        let never = ignored.get_arguments().map(|flag| flag.get_id().as_str());
        assert_eq!(saying, sometimes.into_iter().chain(never).collect::<Vec<_>>());
    }
}
