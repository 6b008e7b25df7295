//! Costs a network on several accelerators or under several dataflows, with a row for each.

use crate::Layer;
use crate::host::campaign::NamedDataflow;
use crate::host::cost_table::{CostModel, LayerCost};
use crate::host::network::Network;
use crate::host::report::sweep::Swept;
use crate::host::sweep::{Against, Point, Sweep, Target};

use super::args::{EstimateArgs, Format, PlotOf};
use crate::cli::accelerators::Chosen;
use crate::cli::failure::Failure;
use crate::cli::model::check_energies;
use crate::cli::{dataflow, figure, network, output, progress};

/// Accelerators that have the same dataflows.
struct Part {
    targets: Vec<Target>,
    dataflows: Vec<NamedDataflow>,
}

/// Costs the network on all accelerators under all dataflows.
pub fn run(args: &EstimateArgs, model: CostModel, mut network: Network, chosen: Vec<Chosen>) -> Result<(), Failure> {
    let mut parts: Vec<Part> = Vec::new();
    let mut presets = None;
    for Chosen { target, presets: own, .. } in chosen {
        match parts.last_mut().filter(|_| args.dataflow.is_given() || presets == Some(own)) {
            Some(part) => part.targets.push(target),
            None => {
                let dataflows = args.dataflow.all(&network, own, model)?;
                parts.push(Part { targets: vec![target], dataflows });
            }
        }
        presets = Some(own);
    }
    leave_out_unsuited(args, model, &mut network, &parts)?;
    let mut points: Vec<Point<'_>> = Vec::new();
    let layers: Vec<Layer> = network.layers.iter().map(|named| named.layer).collect();
    let designs: usize = parts.iter().map(|part| part.targets.len() * part.dataflows.len()).sum();
    let work = progress::begin(format!("costs of {} on {designs} designs, parts", network.name), parts.len());
    for Part { targets, dataflows } in &parts {
        for named in dataflows {
            dataflow::warn_of_overlaps(named, &layers, &targets[0].platform.hardware, model);
        }
        let sweep = Sweep { network: &network, dataflows, mixed: args.mixed.map(Into::into), model };
        points.extend(sweep.points(targets));
        work.advance();
    }
    drop(work);
    let refused = |point: &Point<'_>| point.outcome.as_ref().err().map(ToString::to_string);
    if let (Some(why), true) = (points.first().and_then(refused), points.iter().all(|point| point.outcome.is_err())) {
        let Point { target, dataflow, .. } = &points[0];
        let what = "no dataflow suits the network on any of the accelerators; the first";
        return Err(Failure::Input(format!("{what}, {dataflow} on {}: {why}", target.name)));
    }
    check_energies(&network.name, points.iter().filter_map(|point| point.outcome.as_ref().ok()?.energy))?;
    let swept = Swept { network: &network.name, model, points: &points };
    output::write(args.output.as_deref(), |out| match args.format {
        Format::Csv => swept.csv(out),
        Format::Json => swept.json(out),
        Format::Parquet => swept.parquet(out),
        Format::Table | Format::MaestroCsv => out.write_all(swept.table().as_bytes()),
    })?;
    if let Some(path) = &args.plot {
        let plot = swept.plot(match args.against {
            PlotOf::Energy => Against::Energy,
            PlotOf::Area => Against::Area,
        });
        let drawn = figure::draw(&plot, path)?;
        output::write(Some(path), |out| out.write_all(&drawn))?;
    }
    match points.iter().any(|point| point.usable().is_some()) {
        false if args.require_fit => {
            Err(Failure::Input(format!("{} fits none of the {} designs", network.name, points.len())))
        }
        _ => Ok(()),
    }
}

/// With --skip-unsupported, leaves out layers that no dataflow suits on any accelerator. Whether a dataflow suits
/// depends on the number of PEs.
fn leave_out_unsuited(
    args: &EstimateArgs,
    model: CostModel,
    network: &mut Network,
    parts: &[Part],
) -> Result<(), Failure> {
    network::leave_out_unsuited(network, &args.model, |named| {
        let mut why = Ok(());
        let mut seen = Vec::new();
        for Part { targets, dataflows } in parts {
            for Target { platform, .. } in targets {
                if seen.contains(&platform.hardware.pes()) {
                    continue;
                }
                seen.push(platform.hardware.pes());
                for NamedDataflow { choice, .. } in dataflows {
                    let directives = choice.dataflow(named, platform.hardware.pes());
                    let cost = directives.and_then(|(dataflow, _)| {
                        LayerCost::of(model, &named.layer, &dataflow, &platform.hardware, &platform.energies)
                    });
                    match cost {
                        Ok(_) => return Ok(()),
                        Err(error) => why = why.and(Err(error)),
                    }
                }
            }
        }
        why
    })
}
