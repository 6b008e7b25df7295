//! `maestrino space select`: lists the networks that the study costs, or those that its rule selects.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::host::spaces::selection::Rule;

use super::choice::{self, AccuracyArgs, SpaceArgs};
use super::listing::{Form, Listing};
use crate::cli::failure::Failure;
use crate::cli::output;

/// Show the paper's selection of networks; or, with --accuracy, what its rule selects.
///
/// The rule: a sample of the networks above the line fitted to accuracy over MACs, and all networks on the Pareto
/// front of the two.
#[derive(clap::Args)]
pub struct SelectArgs {
    #[command(flatten)]
    space: SpaceArgs,
    #[command(flatten)]
    accuracy: AccuracyArgs,
    /// Networks to select from: all (that the paper drew), a CSV file, or ids: 0..100, 5 or 1,2,3 [default: all]
    #[arg(long, value_name = "NETWORKS", requires = "accuracy")]
    networks: Option<OsString>,
    /// Networks in the sample [default: 1000]
    #[arg(long, value_name = "N", requires = "accuracy")]
    count: Option<u32>,
    /// Seed of the sample [default: 10]
    #[arg(long, value_name = "N", requires = "accuracy")]
    seed: Option<u64>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &SelectArgs) -> Result<(), Failure> {
    let space = args.space.space()?;
    let space = space.as_ref();
    let listing = if args.accuracy.is_given() {
        let networks = choice::networks(space, args.networks.as_deref().unwrap_or("all".as_ref()))?;
        let default = Rule::default();
        let rule = Rule { seed: args.seed.unwrap_or(default.seed), count: args.count.unwrap_or(default.count) };
        let mut listing = Listing::new(space, networks, &args.accuracy)?;
        let macs: Vec<f64> = listing.networks.iter().map(|network| space.macs(&network.genome) as f64).collect();
        listing.keep(&rule.select(&macs, &listing.accuracies));
        listing
    } else {
        Listing::new(space, choice::networks(space, "selected".as_ref())?, &args.accuracy)?
    };
    output::write(args.output.as_deref(), |out| listing.write(out, args.format))
}
