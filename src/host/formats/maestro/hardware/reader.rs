//! Reads hardware files, and the `Accelerator` block of the language.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use super::{COMPRESSIONS, ENERGIES, EXPONENTS, HardwareFile, NO_LIMIT};
use crate::hardware::UNLIMITED;
use crate::host::formats::diagnostic::Fault;
use crate::host::formats::maestro::lexer::Kind;
use crate::host::formats::maestro::parser::Parser;
use crate::host::platform::CLOCKS;
use crate::{Activations, Error, Hardware, MAX_LEVELS, Noc, Widths};

/// The keys of a hardware file. The reference's keys come first.
pub(super) const KEYS: [&str; 37] = [
    "num_pes",
    "simd_lanes",
    "l1_size_cstr",
    "l2_size_cstr",
    "noc_bw_cstr",
    "NoC_NumHops",
    "offchip_bw_cstr",
    "noc_bw_1",
    "noc_bw_2",
    "noc_bw_3",
    "noc_bw_4",
    "noc_hops_1",
    "noc_hops_2",
    "noc_hops_3",
    "noc_hops_4",
    "input_bits",
    "filter_bits",
    "output_bits",
    "psum_bits",
    "l1_buffers",
    "l2_buffers",
    "cluster_buffer",
    "weights_bw",
    "weights_compression",
    "multicast",
    "activations",
    "prefetch",
    "clock_mhz",
    "energy_mac",
    "energy_l1",
    "energy_cluster",
    "energy_l2",
    "energy_offchip",
    "energy_l1_bytes",
    "energy_cluster_bytes",
    "energy_l2_bytes",
    "energy_exponent",
];

/// Reads a whole hardware file.
pub fn hardware_file(p: &mut Parser<'_>) -> Result<HardwareFile, Fault> {
    if p.text() == "Accelerator" {
        let file = accelerator(p)?;
        return match p.token.kind {
            Kind::End => Ok(file),
            _ => Err(p.expected("the end of the file")),
        };
    }
    let mut file = HardwareFile::default();
    while p.token.kind != Kind::End {
        let text = p.text();
        let level =
            |prefix: &str| (0..MAX_LEVELS).find(|level| text.strip_prefix(prefix) == Some(&(level + 1).to_string()));
        let bits = ["input_bits", "filter_bits", "output_bits", "psum_bits"].iter().position(|key| *key == text);
        let energies = ["energy_mac", "energy_l1", "energy_cluster", "energy_l2", "energy_offchip"];
        let sizes = ["energy_l1_bytes", "energy_cluster_bytes", "energy_l2_bytes"];
        match text {
            "num_pes" => figure(p, &mut file.num_pes, pes)?,
            "simd_lanes" => figure(p, &mut file.simd_lanes, simd_lanes)?,
            "l1_size_cstr" => figure(p, &mut file.l1_size, any)?,
            "l2_size_cstr" => figure(p, &mut file.l2_size, any)?,
            "noc_bw_cstr" => figure(p, &mut file.noc_bw, noc_bandwidth)?,
            "NoC_NumHops" => figure(p, &mut file.noc_hops, noc_latency)?,
            "offchip_bw_cstr" => figure(p, &mut file.offchip_bw, offchip_bandwidth)?,
            "cluster_buffer" => figure(p, &mut file.cluster_buffer, any)?,
            "weights_bw" => figure(p, &mut file.weights_bw, offchip_bandwidth)?,
            "l1_buffers" => word(p, &mut file.l1_buffers, &[("1", 1), ("2", 2)])?,
            "l2_buffers" => word(p, &mut file.l2_buffers, &[("1", 1), ("2", 2)])?,
            "weights_compression" => decimal(p, &mut file.weights_compression, &COMPRESSIONS)?,
            "multicast" => word(p, &mut file.multicast, &[("yes", true), ("no", false)])?,
            "activations" => {
                let all = [Activations::Offchip, Activations::L2, Activations::Auto];
                word(p, &mut file.activations, &all.map(|activations| (activations.name(), activations)))?;
            }
            "prefetch" => word(p, &mut file.prefetch, &[("weights", true), ("none", false)])?,
            "clock_mhz" => decimal(p, &mut file.clock_mhz, &CLOCKS)?,
            "energy_exponent" => decimal(p, &mut file.energy_exponent, &EXPONENTS)?,
            _ => {
                if let Some(level) = level("noc_bw_") {
                    bandwidth_at(p, &mut file.noc_bw_at[level])?;
                } else if let Some(level) = level("noc_hops_") {
                    figure(p, &mut file.noc_hops_at[level], noc_latency)?;
                } else if let Some(tensor) = bits {
                    figure(p, &mut file.bits[tensor], widths)?;
                } else if let Some(what) = energies.iter().position(|key| *key == text) {
                    decimal(p, &mut file.energies[what], &ENERGIES)?;
                } else if let Some(buffer) = sizes.iter().position(|key| *key == text) {
                    figure(p, &mut file.energy_bytes[buffer], any)?;
                } else {
                    return Err(unknown(p));
                }
            }
        }
    }
    if file == HardwareFile::default() {
        return Err(p.expected("a hardware description").help("for example `num_pes: 256`"));
    }
    Ok(file)
}

/// The fault for a word that is not a key.
fn unknown(p: &Parser<'_>) -> Fault {
    let fault = p.expected("a key of a hardware file or an `Accelerator` block");
    match p.text() {
        "Network" | "Constant" => fault.help("this is a network file"),
        _ => fault.help(format!("keys are {}", KEYS.join(", "))),
    }
}

/// Reads `Accelerator { ... }`, at the keyword. This block of a mapping file has fewer figures than a hardware file.
pub fn accelerator(p: &mut Parser<'_>) -> Result<HardwareFile, Fault> {
    let mut file = HardwareFile::default();
    let start = p.advance()?.start;
    p.open("Accelerator", start)?;
    while !p.closed()? {
        let start = p.token.start;
        match p.text() {
            "PE" => {
                p.advance()?;
                p.open("PE", start)?;
                while !p.closed()? {
                    match p.text() {
                        "NumPEs" => figure(p, &mut file.num_pes, pes)?,
                        "VectorWidth" => figure(p, &mut file.simd_lanes, simd_lanes)?,
                        "MultPrecision" | "AddPrecision" => precision(p)?,
                        _ => return Err(p.expected("`NumPEs`, `VectorWidth`, `MultPrecision`, `AddPrecision` or `}`")),
                    }
                }
            }
            "Buffer" => {
                p.advance()?;
                p.open("Buffer", start)?;
                while !p.closed()? {
                    match p.text() {
                        name if name.contains("L2") || name.contains("Global") => figure(p, &mut file.l2_size, any)?,
                        name if name.contains("L1") || name.contains("Local") => figure(p, &mut file.l1_size, any)?,
                        _ => return Err(p.expected("`GlobalL2`, `LocalL1` or `}`")),
                    }
                }
            }
            "NoC" | "DistributionNoC" => {
                p.advance()?;
                p.open("NoC", start)?;
                while !p.closed()? {
                    networks_on_chip(p, &mut file)?;
                }
            }
            _ => return Err(p.expected("`PE`, `Buffer`, `NoC`, `DistributionNoC` or `}`")),
        }
    }
    Ok(file)
}

/// Reads an entry of a `NoC` block: a figure, or a named network with figures. All of them must agree.
fn networks_on_chip(p: &mut Parser<'_>, file: &mut HardwareFile) -> Result<(), Fault> {
    if noc_figure(p, file)? {
        return Ok(());
    }
    let what = "`Bandwidth`, `LatencyPerHop`, `AvgLatency`, a named network or `}`";
    let start = p.expect(Kind::Word, what)?.start;
    p.open("NoC", start)?;
    while !p.closed()? {
        if !noc_figure(p, file)? {
            return Err(p.expected("`Bandwidth`, `LatencyPerHop`, `AvgLatency` or `}`"));
        }
    }
    Ok(())
}

/// Reads a figure of a network-on-chip, if the current token starts one.
fn noc_figure(p: &mut Parser<'_>, file: &mut HardwareFile) -> Result<bool, Fault> {
    match p.text() {
        "Bandwidth" => figure(p, &mut file.noc_bw, noc_bandwidth)?,
        "LatencyPerHop" | "AvgLatency" | "Latency" => figure(p, &mut file.noc_hops, noc_latency)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Reads `MultPrecision: INT8`, at the keyword. The cost model does not use it.
fn precision(p: &mut Parser<'_>) -> Result<(), Fault> {
    p.advance()?;
    if !["INT", "FP", "FLOAT", "BFLOAT"].iter().any(|prefix| p.text().starts_with(prefix)) {
        return Err(p.expected("a precision such as `INT8` or `FP16`"));
    }
    p.advance()?;
    Ok(())
}

/// Reads `key: figure`, at the key.
fn figure(p: &mut Parser<'_>, slot: &mut Option<u32>, check: fn(u32) -> Result<(), Error>) -> Result<(), Fault> {
    entry(p, slot, |p| {
        let span = p.token.span();
        let value = p.integer()?;
        check(value).map_err(|error| Fault::new(span, error.to_string()))?;
        Ok(value)
    })
}

/// Reads `key: 0.5`, at the key.
fn decimal(p: &mut Parser<'_>, slot: &mut Option<f64>, range: &RangeInclusive<f64>) -> Result<(), Fault> {
    entry(p, slot, |p| p.decimal(range))
}

/// Reads `key: word`, at the key.
fn word<T: Copy + PartialEq + Debug>(
    p: &mut Parser<'_>,
    slot: &mut Option<T>,
    words: &[(&str, T)],
) -> Result<(), Fault> {
    entry(p, slot, |p| match words.iter().find(|(word, _)| *word == p.text()) {
        Some((_, value)) => p.advance().map(|_| *value),
        None => {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            Err(p.expected(known.join(" or ")))
        }
    })
}

/// Reads `noc_bw_2: 8` or `noc_bw_2: unlimited`, at the key.
fn bandwidth_at(p: &mut Parser<'_>, slot: &mut Option<u32>) -> Result<(), Fault> {
    entry(p, slot, |p| {
        if p.text() == NO_LIMIT {
            return p.advance().map(|_| UNLIMITED);
        }
        let span = p.token.span();
        let value = p.integer()?;
        noc_bandwidth(value).map_err(|error| Fault::new(span, error.to_string()))?;
        Ok(value)
    })
}

/// Reads a key and, with `value`, its value. A key that is given twice must have the same value.
fn entry<T: Copy + PartialEq + Debug>(
    p: &mut Parser<'_>,
    slot: &mut Option<T>,
    value: impl FnOnce(&mut Parser<'_>) -> Result<T, Fault>,
) -> Result<(), Fault> {
    let key = p.text();
    let named = p.advance()?.span();
    let value = value(p)?;
    match slot.replace(value) {
        Some(old) if old != value => Err(Fault::new(named, format!("`{key}` is given before, as {old:?}"))),
        _ => Ok(()),
    }
}

// The checks below use the constructors that will take the figure later.

fn any(_: u32) -> Result<(), Error> {
    Ok(())
}

fn widths(bits: u32) -> Result<(), Error> {
    let bits = u8::try_from(bits).unwrap_or(u8::MAX);
    Hardware::new(1)?.with_widths(Widths { input: bits, ..Widths::BYTES }).map(drop)
}

fn pes(n: u32) -> Result<(), Error> {
    Hardware::new(n).map(drop)
}

fn simd_lanes(n: u32) -> Result<(), Error> {
    Hardware::new(1)?.with_simd_lanes(n).map(drop)
}

fn noc_bandwidth(bandwidth: u32) -> Result<(), Error> {
    Hardware::new(1)?.with_noc(Noc { bandwidth, latency: 1 }).map(drop)
}

fn noc_latency(latency: u32) -> Result<(), Error> {
    Hardware::new(1)?.with_noc(Noc { bandwidth: 1, latency }).map(drop)
}

fn offchip_bandwidth(n: u32) -> Result<(), Error> {
    Hardware::new(1)?.with_offchip_bandwidth(n).map(drop)
}
