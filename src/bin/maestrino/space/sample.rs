//! `maestrino space sample`: configurations, MACs and parameters of networks; layers of one.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use maestrino::host::formats::maestro;
use maestrino::host::spaces::Space;
use maestrino::host::spaces::networks::Listed;

use super::choice::{self, SpaceArgs};
use crate::failure::Failure;
use crate::output;

/// Show networks of a space: configuration, MACs, parameters, accuracy; or the layers of one, as a model file
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    space: SpaceArgs,
    /// selected, all, a CSV file, or ids as 0..100, 5 or 1,2,3
    #[arg(long, value_name = "NETWORKS", visible_aliases = ["seeds", "id"], default_value = "0..10")]
    networks: String,
    /// Form of the output; maestro is a model file of one network
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
pub fn run(args: &Args) -> Result<(), Failure> {
    let space = args.space.space()?;
    let networks = choice::networks(space.as_ref(), &args.networks)?;
    let path = args.output.as_deref();
    match (args.format, networks.as_slice()) {
        (Format::Maestro, [network]) => {
            let name = match network.id {
                Some(id) => format!("{}_{id}", space.name()),
                None => space.name().to_string(),
            };
            let text = maestro::write_network(&space.network(&network.genome, &name));
            output::write(path, |out| out.write_all(text.as_bytes()))
        }
        (Format::Maestro, networks) => {
            Err(Failure::Usage(format!("a model file holds one network, and --networks names {}", networks.len())))
        }
        (Format::Csv, networks) => output::write(path, |out| write_csv(out, space.as_ref(), networks)),
        (Format::Text, networks) => output::write(path, |out| write_text(out, space.as_ref(), networks)),
    }
}

fn write_text(out: &mut dyn Write, space: &dyn Space, networks: &[Listed]) -> io::Result<()> {
    for network in networks {
        let genome = &network.genome;
        let id = network.id.map_or("-".to_string(), |id| id.to_string());
        writeln!(
            out,
            "{id}  {}  {} MACs, {} parameters",
            space.format(genome),
            space.macs(genome),
            space.params(genome)
        )?;
    }
    Ok(())
}

fn write_csv(out: &mut dyn Write, space: &dyn Space, networks: &[Listed]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let header = ["id"].into_iter().chain(space.columns().iter().copied()).chain(["macs", "params"]);
    csv.write_record(header)?;
    for network in networks {
        let mut record = vec![network.id.map_or(String::new(), |id| id.to_string())];
        record.extend(space.fields(&network.genome));
        record.extend([space.macs(&network.genome), space.params(&network.genome)].map(|figure| figure.to_string()));
        csv.write_record(&record)?;
    }
    csv.flush()
}
