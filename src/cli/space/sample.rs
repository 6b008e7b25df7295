//! `maestrino space sample`: lists networks with configurations and figures, or writes the layers of one.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::host::formats::maestro;
use crate::host::network::Network;
use clap::ValueEnum;

use super::choice::{self, AccuracyArgs, SpaceArgs};
use super::listing::{self, Listing};
use crate::cli::failure::Failure;
use crate::cli::output;

/// Show networks of a space with configuration, MACs, parameters and score; or the layers of one as a model file
#[derive(clap::Args)]
pub struct SampleArgs {
    #[command(flatten)]
    space: SpaceArgs,
    /// selected (the paper's selection), all (networks that it drew), a CSV file, or ids: 0..100, 5 or 1,2,3
    /// [default: 0..10]
    #[arg(long, value_name = "NETWORKS", visible_aliases = ["seeds", "id"])]
    networks: Option<OsString>,
    /// The first N networks of the space, like --networks 0..N
    #[arg(long, value_name = "N", conflicts_with = "networks", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    #[command(flatten)]
    accuracy: AccuracyArgs,
    /// Form of the output; maestro is a model file and takes one network
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Maestro,
}

/// Runs the command.
pub fn run(args: &SampleArgs) -> Result<(), Failure> {
    let space = args.space.space()?;
    let space = space.as_ref();
    let networks = match &args.networks {
        Some(given) => choice::networks(space, given)?,
        None => {
            let count = args.count.unwrap_or(space.population().min(10));
            choice::networks(space, format!("0..{count}").as_ref())?
        }
    };
    let path = args.output.as_deref();
    let form = match args.format {
        Format::Text => listing::Form::Text,
        Format::Csv => listing::Form::Csv,
        Format::Maestro => {
            let [network] = networks.as_slice() else {
                let count = networks.len();
                return Err(Failure::Usage(format!("a model file holds one network; --networks names {count}")));
            };
            let name = match network.id {
                Some(id) => format!("{}_{id}", space.name()),
                None => space.name().to_string(),
            };
            let network = space.network(&network.genome, &name);
            warn_of_filters(&network);
            let text = maestro::write_network(&network);
            return output::write(path, |out| out.write_all(text.as_bytes()));
        }
    };
    let listing = Listing::new(space, networks, &args.accuracy)?;
    output::write(path, |out| listing.write(out, form))
}

/// Warns of filters that are larger than their unpadded inputs. The study's small images cause these.
fn warn_of_filters(network: &Network) {
    let mut oversized = network.layers.iter().filter(|named| named.layer.oversized_filter().is_some());
    if let Some(first) = oversized.next() {
        let count = 1 + oversized.count();
        output::message(format_args!(
            "warning: {count} layers, {} first, have filters larger than their inputs, which lack the padding; `maestrino estimate` pads them to the filter, MAESTRO's model takes them as they are",
            first.name
        ));
    }
}
