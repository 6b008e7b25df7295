//! `maestrino estimate`: costs a network layer by layer, or as a whole on many accelerators.

mod args;
mod sweep;

use std::ffi::OsStr;
use std::path::Path;

use crate::host::campaign::NamedDataflow;
use crate::host::cost_table::{CostModel, LayerCost};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::estimate::Estimate;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::host::report::maestro_csv::{self, Row};
use crate::host::report::roofline::Roofline;
use crate::host::report::{self, csv, json, table};
use crate::host::sweep::Sweep;
use crate::host::what_if;
use crate::{Energy, Error, Hardware};
use rayon::prelude::*;

use crate::cli::accelerator;
use crate::cli::accelerators::{self, Chosen};
use crate::cli::dataflow::unsuited;
use crate::cli::failure::Failure;
use crate::cli::model::check_energies;
use crate::cli::{calibration, input, network, output};

pub use args::EstimateArgs;
use args::Format;

const REFERENCE_ACCELERATOR: &str = "study";

/// Runs the command.
pub fn run(args: &EstimateArgs) -> Result<(), Failure> {
    let model = match args.format {
        Format::MaestroCsv if args.cost.has_energies() => {
            return Err(Failure::Usage("--energies changes nothing in --format maestro-csv".to_string()));
        }
        Format::MaestroCsv => args.cost.implied_by("--format maestro-csv")?,
        Format::Table | Format::Csv | Format::Json | Format::Parquet => args.cost.model()?,
    };
    check(args, model)?;
    let mut network = match (&args.mapping, &args.network) {
        (Some(path), _) => mapping(path, &args.model)?,
        (None, network) => network::network(network.as_deref().unwrap_or(OsStr::new(network::DEFAULT)), &args.model)?,
    };
    if network.layers.is_empty() {
        return Err(Failure::Input(format!("the network {} has no layers", network.name)));
    }
    if model == CostModel::Exact {
        network::pad_to_filters(&mut network, "");
    }
    let mut chosen = chosen(args, model)?;
    let alternatives = args.dataflow.count();
    if args.mixed.is_some() && alternatives < 2 {
        let how = "give them with --dataflow, separated by commas: --dataflow kcp_ws,rs,xp_ws";
        return Err(Failure::Usage(format!("--mixed takes the best of several dataflows: {how}")));
    }
    let sweeps = args.names_a_set() || chosen.len() > 1 || (alternatives > 1 && args.mixed.is_none());
    check_sweep(args, sweeps)?;
    if sweeps {
        return sweep::run(args, model, network, chosen);
    }
    let Chosen { target, presets, .. } = chosen.remove(0);
    let dataflows = args.dataflow.all(&network, presets, model)?;
    let platform = calibration::apply(target.platform, args.calibration.as_deref())?;
    let choice = &dataflows[0].choice;
    network::leave_out_unsuited(&mut network, &args.model, |named| {
        let suits = |NamedDataflow { choice, .. }: &NamedDataflow| {
            let (dataflow, _) = choice.dataflow(named, platform.hardware.pes())?;
            match args.format {
                Format::MaestroCsv => Row::of(&named.layer, &dataflow, &platform.hardware).map(drop),
                _ => LayerCost::of(model, &named.layer, &dataflow, &platform.hardware, &platform.energies).map(drop),
            }
        };
        dataflows.iter().map(suits).reduce(Result::or).unwrap_or(Ok(()))
    })?;
    if args.format == Format::MaestroCsv {
        return maestro_csv(args, &network, choice, &platform.hardware);
    }
    let sweep = Sweep { network: &network, dataflows: &dataflows, mixed: args.mixed.map(Into::into), model };
    let estimate = match args.mixed {
        Some(_) => sweep.mixed(&target),
        None => Estimate::new(&network, choice, &platform.hardware, model, &sweep.energies(&platform)),
    };
    let estimate = estimate.map_err(|errors| unsuited(errors, choice))?;
    check_energies(&network.name, estimate.energy().iter().map(Energy::total))?;
    output::write(args.output.as_deref(), |out| match args.format {
        Format::Csv => csv::write(out, &estimate, &platform),
        Format::Json => json::write(out, &estimate, &platform),
        Format::Table | Format::Parquet | Format::MaestroCsv => {
            let mut text = table::render(&estimate, &platform);
            if args.what_if {
                let all = what_if::what_if(&sweep, &platform);
                text += &format!("\n{}", report::what_if::render(what_if::Outcome::of(&estimate), &all));
            }
            if args.roofline {
                text += &format!("\n{}", Roofline::new(&estimate).render());
            }
            out.write_all(text.as_bytes())
        }
    })?;
    if let Some(path) = &args.roofline_svg {
        let svg = Roofline::new(&estimate).svg().map_err(|error| Failure::Input(error.to_string()))?;
        output::write(Some(path), |out| out.write_all(svg.as_bytes()))?;
    }
    // The other formats have warnings of their own.
    if args.format == Format::Csv {
        estimate.warnings().iter().for_each(|warning| output::message(format_args!("warning: {warning}")));
    }
    match estimate.misfits().first() {
        Some(misfit) if args.require_fit => Err(Failure::Input(format!("{} does not fit: {misfit}", network.name))),
        _ => Ok(()),
    }
}

/// Refuses flags of the exact model with MAESTRO's model, and flags for tables with another format.
fn check(args: &EstimateArgs, model: CostModel) -> Result<(), Failure> {
    let exact = [
        ("--calibration", args.calibration.is_some()),
        ("--require-fit", args.require_fit),
        ("--what-if", args.what_if),
        ("--roofline", args.roofline),
        ("--roofline-svg", args.roofline_svg.is_some()),
    ];
    let given = args.accelerator.exact_only().or(exact.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag));
    if let (CostModel::Maestro, Some(flag)) = (model, given) {
        return Err(Failure::Usage(format!("{flag} needs the exact model: leave out --model maestro")));
    }
    let table = [("--what-if", args.what_if), ("--roofline", args.roofline)];
    match table.into_iter().find(|(_, given)| *given && args.format != Format::Table) {
        Some((flag, _)) => Err(Failure::Usage(format!("{flag} is for --format table"))),
        None => Ok(()),
    }
}

/// The accelerators (at least one), with the changes from the command line.
fn chosen(args: &EstimateArgs, model: CostModel) -> Result<Vec<Chosen>, Failure> {
    if let Some((grid, flag)) = args.hw_grid.as_deref().and_then(|grid| Some((grid, args.accelerator.in_grid(grid)?))) {
        return Err(Failure::Usage(format!("{flag} changes what --hw-grid {grid} varies: leave one of them out")));
    }
    // A blob has its own accelerator. The reference's figures are published for its own accelerator and dataflows.
    let own = args.network.as_deref().filter(|network| input::is_blob(Path::new(network)));
    let names = match (&args.hw, model) {
        (Some(names), _) => accelerators::names(names),
        (None, CostModel::Exact) => vec![own.unwrap_or(OsStr::new(accelerator::DEFAULT)).to_os_string()],
        (None, CostModel::Maestro) => vec![REFERENCE_ACCELERATOR.into()],
    };
    let mut chosen = accelerators::read(&names, args.hw_dir.as_deref(), args.hw_grid.as_deref())?;
    for Chosen { target, presets, .. } in &mut chosen {
        target.platform = args.accelerator.apply(target.platform, &args.cost)?;
        if model == CostModel::Maestro {
            *presets = input::presets(OsStr::new(REFERENCE_ACCELERATOR));
        }
    }
    Ok(chosen)
}

/// Refuses flags for a single accelerator and dataflow in a sweep, and flags for sweeps without one.
fn check_sweep(args: &EstimateArgs, sweeps: bool) -> Result<(), Failure> {
    let of_one = [
        ("--calibration", args.calibration.is_some()),
        ("--what-if", args.what_if),
        ("--roofline", args.roofline),
        ("--roofline-svg", args.roofline_svg.is_some()),
        ("--format maestro-csv", args.format == Format::MaestroCsv),
    ];
    let of_sweep = [("--plot", args.plot.is_some()), ("--format parquet", args.format == Format::Parquet)];
    let given = |flags: &[(&'static str, bool)]| flags.iter().find(|(_, given)| *given).map(|(flag, _)| *flag);
    if let (Some(flag), true) = (given(&of_one), sweeps) {
        return Err(Failure::Usage(format!("{flag} is of one accelerator under one dataflow; these are several")));
    }
    if let (Some(flag), false) = (given(&of_sweep), sweeps) {
        let how = "give several accelerators (--hw A,B, --hw-grid) or dataflows (--dataflow A,B)";
        return Err(Failure::Usage(format!("{flag} is of a sweep: {how}")));
    }
    if args.format == Format::MaestroCsv && args.mixed.is_some() {
        return Err(Failure::Usage("--mixed changes nothing in --format maestro-csv".to_string()));
    }
    if args.format == Format::Parquet && args.output.is_none() {
        return Err(Failure::Usage("--format parquet needs --output FILE".to_string()));
    }
    Ok(())
}

fn mapping(path: &Path, model: &network::ModelArgs) -> Result<Network, Failure> {
    let network = network::network_file(path, model)?;
    if !network.layers.is_empty() && network.layers.iter().all(|layer| layer.dataflow.is_none()) {
        let hint = "is a model file: its layers have no Dataflow; use --network with --dataflow";
        return Err(Failure::Input(format!("{} {hint}", path.display())));
    }
    Ok(network)
}

/// Writes the reference's CSV of a network. As in the reference, a layer that computes nothing has a row, unless no
/// layer computes anything.
fn maestro_csv(args: &EstimateArgs, network: &Network, choice: &DataflowChoice, hw: &Hardware) -> Result<(), Failure> {
    let rows = reference_rows(network, choice, |_| Ok(*hw))?;
    output::write(args.output.as_deref(), |mut out| maestro_csv::write(&mut out, network, hw, &rows, true))
}

/// The rows of all layers. `hardware` gives the accelerator for each dataflow.
pub fn reference_rows(
    network: &Network,
    choice: &DataflowChoice,
    hardware: impl Fn(&crate::Dataflow) -> Result<Hardware, Error> + Sync,
) -> Result<Vec<Row>, Failure> {
    let pes = hardware(&crate::Dataflow::default()).map_or(1, |hardware| hardware.pes());
    // Networks repeat layers. Each distinct layer is costed once for each dataflow that the file gives it.
    let (distinct, places) = network.distinct();
    let cost = |named: &&NamedLayer| {
        let (dataflow, _) = choice.dataflow(named, pes)?;
        Row::of(&named.layer, &dataflow, &hardware(&dataflow)?)
    };
    let distinct: Vec<_> = distinct.par_iter().map(cost).collect();
    let costed: Vec<_> = places.into_iter().map(|place| distinct[place]).collect();
    let (mut errors, mut idle) = (Vec::new(), Vec::new());
    for (named, row) in network.layers.iter().zip(&costed) {
        let failed = |error| LayerError { layer: named.name.clone(), line: named.line, error };
        match row {
            Ok(Row::Costed(_)) => (),
            Ok(Row::Idle(_)) => idle.push(failed(Error::NoOutput { level: 1 })),
            Err(error) => errors.push(failed(*error)),
        }
    }
    let rows: Vec<Row> = costed.into_iter().filter_map(Result::ok).collect();
    if idle.len() == rows.len() {
        errors.append(&mut idle);
    }
    if !errors.is_empty() {
        return Err(unsuited(errors, choice));
    }
    for error in idle {
        output::message(format_args!("warning: {error}"));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::model::EXACT_ONLY;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: EstimateArgs,
    }

    /// Whether a command line without the program's name is refused because its flags do not go together.
    fn refused(line: &str) -> bool {
        let args = Command::try_parse_from(std::iter::once("estimate").chain(line.split(' '))).unwrap().args;
        args.cost.model().and_then(|model| check(&args, model)).is_err()
    }

    #[test]
    fn help_lists_the_flags_of_the_exact_model() {
        let flags = [
            ("bits", "8:8:8"),
            ("activations", "l2"),
            ("multicast", "no"),
            ("l1-buffers", "1"),
            ("l2-buffers", "1"),
            ("cluster-buffer", "1"),
            ("weights-bw", "1"),
            ("weights-compression", "2"),
            ("prefetch", "none"),
            ("energy-sizes", "1,1"),
            ("energy-exponent", "1"),
            ("calibration", "a.cal"),
            ("require-fit", ""),
            ("what-if", ""),
            ("roofline", ""),
            ("roofline-svg", "a.svg"),
        ];
        let command = Command::command();
        let listed = command.get_arguments().filter(|flag| flag.get_help_heading() == Some(EXACT_ONLY));
        let listed: Vec<&str> = listed.filter_map(clap::Arg::get_long).collect();
        assert_eq!(listed, flags.map(|(flag, _)| flag));
        for (flag, value) in flags {
            let needs = if flag == "energy-exponent" { " --energy-sizes 1,1" } else { "" };
            let line = format!("--{flag} {value}").trim_end().to_string() + needs;
            assert!(!refused(&line) && refused(&format!("{line} --model maestro")), "{flag}");
        }
        // The other flags change both models.
        for line in
            ["--noc-bw 3", "--noc-hops 3", "--offchip-bw 3", "--simd 2", "--pes 4", "--l1 3", "--l2 3", "--clock 3"]
        {
            assert!(!refused(&format!("{line} --model maestro")), "{line}");
        }
    }
}
