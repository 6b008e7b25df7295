//! `maestrino list`: lists what is built in.

use std::fmt::Write;

use crate::LayerKind;
use crate::dataflow::presets::{Preset, Tiling};
use crate::host::builtin::{ACCELERATORS, NETWORKS};
use crate::host::report::table;

use crate::cli::failure::Failure;
use crate::cli::output;

/// Show the built-in networks, accelerators and dataflows
#[derive(clap::Args)]
pub struct ListArgs {
    /// Show only these
    #[arg(value_enum)]
    what: Option<What>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Networks,
    Accelerators,
    Dataflows,
}

/// Runs the command.
pub fn run(args: &ListArgs) -> Result<(), Failure> {
    let wanted = |what| args.what.is_none_or(|only| only == what);
    let mut text = String::new();
    if wanted(What::Networks) {
        let rows = NETWORKS.iter().map(|network| (network.name.to_string(), network.summary.to_string()));
        section(&mut text, "Networks (--network)", rows.collect());
    }
    if wanted(What::Accelerators) {
        let rows = ACCELERATORS.iter().map(|accelerator| {
            let own = |tiling: Tiling| tiling.to_string();
            let presets = accelerator.presets;
            let mut dataflows =
                vec![own(presets.convolution), own(presets.fully_connected), own(presets.depthwise), own(presets.gemm)];
            dataflows.dedup();
            let figures = table::describe(&accelerator.hardware);
            let (summary, source) = (accelerator.summary, accelerator.source);
            let summary = format!("{summary}\n{figures}\ndataflows: {}\nfrom: {source}", dataflows.join(" "));
            (accelerator.name.to_string(), summary)
        });
        section(&mut text, "Accelerators (--hw)", rows.collect());
    }
    if wanted(What::Dataflows) {
        let rows = Preset::ALL.iter().map(|preset| (preset.name().to_string(), preset_summary(*preset)));
        section(&mut text, "Dataflows (--dataflow)", rows.collect());
        let stand_ins = [(LayerKind::DsConv, "DSCONV, POOL and ELTWISE"), (LayerKind::Gemm, "GEMM")];
        for (kind, layers) in stand_ins {
            let stand_in = Preset::KcpWs.for_kind(kind);
            let _ = writeln!(text, "{layers} layers take {stand_in} instead where a dataflow is not for them.");
        }
    }
    output::write(None, |out| out.write_all(text.as_bytes()))
}

fn preset_summary(preset: Preset) -> String {
    let mut summary = preset.summary().to_string();
    for parameter in preset.parameters() {
        let _ = write!(summary, "\n{}={}: {}", parameter.name, parameter.default, parameter.meaning);
    }
    summary
}

fn section(text: &mut String, title: &str, rows: Vec<(String, String)>) {
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{title}");
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, summary) in rows {
        for (i, line) in summary.lines().enumerate() {
            let name = if i == 0 { name.as_str() } else { "" };
            let _ = writeln!(text, "  {name:width$}  {line}");
        }
    }
}
