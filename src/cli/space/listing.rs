//! Lists networks with their figures, as text or CSV.

use std::io::{self, Write};

use crate::host::csv_io::io_error;
use crate::host::spaces::networks::Listed;
use crate::host::spaces::{Genome, Space};

use super::choice::AccuracyArgs;
use crate::cli::failure::Failure;
use crate::cli::progress;

/// The format of a listing.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    Text,
    Csv,
}

/// A list of networks with their accuracies.
pub struct Listing<'a> {
    space: &'a dyn Space,
    pub networks: Vec<Listed>,
    /// The accuracies; empty if none are given and the space has no score.
    pub accuracies: Vec<f64>,
    /// The name of the accuracies: `accuracy`, or `score` if they only rank.
    measure: &'static str,
}

impl<'a> Listing<'a> {
    /// Lists networks with their accuracies from a source.
    pub fn new(space: &'a dyn Space, networks: Vec<Listed>, accuracy: &AccuracyArgs) -> Result<Listing<'a>, Failure> {
        let accuracies = if accuracy.is_given() || space.surrogate(&Genome::default()).is_some() {
            accuracy.of_all(&accuracy.source(space)?, space, &networks)?
        } else {
            Vec::new()
        };
        Ok(Listing { space, networks, accuracies, measure: accuracy.measure() })
    }

    /// Keeps only the networks at these positions.
    pub fn keep(&mut self, places: &[usize]) {
        self.networks = places.iter().map(|&place| self.networks[place]).collect();
        self.accuracies = places.iter().map(|&place| self.accuracies[place]).collect();
    }

    /// Writes the listing.
    pub fn write(&self, out: &mut dyn Write, form: Form) -> io::Result<()> {
        let _work = progress::begin(format!("figures of {} networks", self.networks.len()), 0);
        match form {
            Form::Text => self.write_text(out),
            Form::Csv => self.write_csv(out),
        }
    }

    /// The MACs and parameters of a network, and its bytes of SRAM and flash if the space has them.
    fn figures(&self, network: &Listed) -> Vec<u64> {
        let genome = &network.genome;
        let mut figures = vec![self.space.macs(genome), self.space.params(genome)];
        figures.extend(self.space.memory(genome).into_iter().flat_map(|memory| [memory.sram, memory.flash]));
        figures
    }

    fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let names = ["MACs", "parameters", "SRAM B", "flash B"];
        let count = self.networks.first().map_or(0, |network| self.figures(network).len());
        write!(out, "{:>8}", "id")?;
        names[..count].iter().try_for_each(|name| write!(out, " {name:>12}"))?;
        if !self.accuracies.is_empty() {
            write!(out, " {:>8}", self.measure)?;
        }
        writeln!(out, "  configuration")?;
        for (place, network) in self.networks.iter().enumerate() {
            write!(out, "{:>8}", network.id.map_or("-".to_string(), |id| id.to_string()))?;
            self.figures(network).iter().try_for_each(|figure| write!(out, " {figure:>12}"))?;
            self.accuracies.get(place).iter().try_for_each(|accuracy| write!(out, " {accuracy:>8.4}"))?;
            writeln!(out, "  {}", self.space.format(&network.genome))?;
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let names = ["macs", "params", "sram_bytes", "flash_bytes"];
        let count = self.networks.first().map_or(0, |network| self.figures(network).len());
        let mut csv = csv::Writer::from_writer(out);
        let header = ["id"].into_iter().chain(self.space.columns());
        let measure = Some(self.measure).filter(|_| !self.accuracies.is_empty());
        csv.write_record(header.chain(names[..count].iter().copied()).chain(measure)).map_err(io_error)?;
        for (place, network) in self.networks.iter().enumerate() {
            let mut record = vec![network.id.map_or(String::new(), |id| id.to_string())];
            record.extend(self.space.fields(&network.genome));
            record.extend(self.figures(network).iter().map(u64::to_string));
            record.extend(self.accuracies.get(place).map(f64::to_string));
            csv.write_record(&record).map_err(io_error)?;
        }
        csv.flush()
    }
}
