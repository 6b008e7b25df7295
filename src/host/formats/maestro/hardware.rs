//! Hardware files, and the `Accelerator` block of the language.

use std::fmt::{Debug, Write};
use std::ops::RangeInclusive;

use super::lexer::Kind;
use super::parser::Parser;
use crate::hardware::UNLIMITED;
use crate::host::formats::diagnostic::Fault;
use crate::host::platform::{CLOCKS, Platform};
use crate::{Activations, BufferSizes, Buffering, EnergyTable, Error, Hardware, MAX_LEVELS, Noc, Widths};

/// What an `Accelerator` block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct AcceleratorBlock {
    /// `NumPEs`: processing elements.
    pub pes: Option<u32>,
    /// `VectorWidth`: multiply-accumulate lanes of a PE.
    pub simd_lanes: Option<u32>,
    /// Bytes of the buffer in each PE.
    pub l1: Option<u32>,
    /// Bytes of the buffer that all PEs share.
    pub l2: Option<u32>,
    /// Elements per cycle of the network-on-chip.
    pub noc_bandwidth: Option<u32>,
    /// Cycles until the first element arrives.
    pub noc_latency: Option<u32>,
}

/// What a hardware file says: the reference's lines, and ours. A figure of a NoC that is [`UNLIMITED`] has no limit.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct HardwareFile {
    /// `num_pes`: processing elements.
    pub num_pes: Option<u32>,
    /// `simd_lanes`: multiply-accumulate lanes of a PE. The reference has no such line, only a flag.
    pub simd_lanes: Option<u32>,
    /// `l1_size_cstr`: bytes of the buffer in each PE.
    pub l1_size: Option<u32>,
    /// `l2_size_cstr`: bytes of the buffer that all PEs share.
    pub l2_size: Option<u32>,
    /// `noc_bw_cstr`: bytes per cycle of the network-on-chip, in each direction.
    pub noc_bw: Option<u32>,
    /// `NoC_NumHops`: hops of one cycle each.
    pub noc_hops: Option<u32>,
    /// `offchip_bw_cstr`: bytes per cycle between L2 and the outside.
    pub offchip_bw: Option<u32>,
    /// `noc_bw_1` to `noc_bw_4`: the same as `noc_bw_cstr` for one cluster level; 1 is the outermost.
    pub noc_bw_at: [Option<u32>; MAX_LEVELS],
    /// `noc_hops_1` to `noc_hops_4`: the same as `NoC_NumHops` for one cluster level.
    pub noc_hops_at: [Option<u32>; MAX_LEVELS],
    /// `input_bits`, `filter_bits`, `output_bits` and `psum_bits`, which are those of outputs unless given.
    pub bits: [Option<u32>; 4],
    /// `l1_buffers`: 1 (single) or 2 (double).
    pub l1_buffers: Option<u32>,
    /// `l2_buffers`: 1 (single) or 2 (double).
    pub l2_buffers: Option<u32>,
    /// `cluster_buffer`: bytes of the buffer of each cluster.
    pub cluster_buffer: Option<u32>,
    /// `weights_bw`: bytes per cycle of a channel that weights have for themselves.
    pub weights_bw: Option<u32>,
    /// `weights_compression`: how many times as small weights are off-chip.
    pub weights_compression: Option<f64>,
    /// `multicast`: whether what several sub-clusters take at once is read once.
    pub multicast: Option<bool>,
    /// `activations`: where they live.
    pub activations: Option<Activations>,
    /// `prefetch`: whether the next layer's weights load during this one.
    pub prefetch: Option<bool>,
    /// `clock_mhz`: MHz.
    pub clock_mhz: Option<f64>,
    /// `energy_mac`, `energy_l1`, `energy_cluster`, `energy_l2`: nJ of an access of 8 bits; `energy_offchip`: nJ of a byte.
    pub energies: [Option<f64>; 5],
    /// `energy_l1_bytes`, `energy_cluster_bytes`, `energy_l2_bytes`: size of the buffer that its energy is for.
    pub energy_bytes: [Option<u32>; 3],
    /// `energy_exponent`: how an energy grows with the size of the buffer.
    pub energy_exponent: Option<f64>,
}

/// The keys of a hardware file, the reference's first.
const KEYS: [&str; 37] = [
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

impl HardwareFile {
    /// The accelerator, with the reference's defaults: one PE, one hop of one cycle, no limit on anything else.
    ///
    /// # Errors
    /// A figure that is out of range; none if the file was read by [`parse_hardware`](super::parse_hardware).
    pub fn hardware(&self) -> Result<Hardware, Error> {
        let unlimited = |figure: Option<u32>| figure.unwrap_or(UNLIMITED);
        let noc = Noc { bandwidth: unlimited(self.noc_bw), latency: self.noc_hops.unwrap_or(1) };
        let mut hardware = Hardware::new(self.num_pes.unwrap_or(1))?
            .with_simd_lanes(self.simd_lanes.unwrap_or(1))?
            .with_buffers(unlimited(self.l1_size), unlimited(self.l2_size))
            .with_cluster_buffer(unlimited(self.cluster_buffer))
            .with_noc(noc)?
            .with_offchip_bandwidth(unlimited(self.offchip_bw))?
            .with_multicast(self.multicast.unwrap_or(true))
            .with_activations(self.activations.unwrap_or_default())
            .with_buffering(buffering(self.l1_buffers), buffering(self.l2_buffers));
        for (level, (bandwidth, latency)) in self.noc_bw_at.into_iter().zip(self.noc_hops_at).enumerate() {
            let (bandwidth, latency) = (bandwidth.unwrap_or(noc.bandwidth), latency.unwrap_or(noc.latency));
            hardware = hardware.with_noc_at(level, Noc { bandwidth, latency })?;
        }
        if let Some(bytes) = self.weights_bw {
            hardware = hardware.with_weights_bandwidth(bytes)?;
        }
        if let Some(factor) = self.weights_compression {
            hardware = hardware.with_compressed_weights(permille(factor))?;
        }
        let [input, filter, output, psum] = self.bits;
        let bits = |bits: Option<u32>| bits.map_or(8, |bits| u8::try_from(bits).unwrap_or(u8::MAX));
        let (input, filter, output, psum) = (bits(input), bits(filter), bits(output), bits(psum.or(output)));
        hardware.with_widths(Widths { input, filter, output, psum })
    }

    /// The accelerator with its clock and energies.
    ///
    /// # Errors
    /// As [`HardwareFile::hardware`].
    pub fn platform(&self) -> Result<Platform, Error> {
        let base = Platform::new(self.hardware()?);
        let [mac, l1, cluster, l2, offchip] = self.energies;
        let [l1_bytes, cluster_bytes, l2_bytes] = self.energy_bytes;
        let own = base.energies;
        Ok(Platform {
            clock_mhz: self.clock_mhz.unwrap_or(base.clock_mhz),
            energies: EnergyTable {
                mac: mac.unwrap_or(own.mac),
                l1: l1.unwrap_or(own.l1),
                l2: l2.unwrap_or(own.l2),
                cluster: cluster.or(own.cluster),
                offchip: offchip.unwrap_or(own.offchip),
            },
            sizes: BufferSizes {
                l1: l1_bytes,
                cluster: cluster_bytes,
                l2: l2_bytes,
                exponent: self.energy_exponent.unwrap_or(BufferSizes::NONE.exponent),
            },
            prefetch: self.prefetch.unwrap_or(base.prefetch),
            ..base
        })
    }
}

fn buffering(buffers: Option<u32>) -> Buffering {
    if buffers == Some(1) { Buffering::Single } else { Buffering::Double }
}

/// Thousandths of their bits that weights take which are compressed by a factor, rounded up.
pub fn permille(factor: f64) -> u16 {
    // At least 1 and at most 1000: no factor is less than 1 or above 1000. What is a rounding error off is whole.
    (1000.0 / factor - 1e-6).ceil() as u16
}

/// Factors by which weights may be compressed.
pub const COMPRESSIONS: std::ops::RangeInclusive<f64> = 1.0..=1000.0;
/// nJ that an access may cost.
pub const ENERGIES: std::ops::RangeInclusive<f64> = 0.0..=1e9;
/// How energies may grow with sizes.
pub const EXPONENTS: std::ops::RangeInclusive<f64> = 0.0..=4.0;

impl From<AcceleratorBlock> for HardwareFile {
    fn from(block: AcceleratorBlock) -> HardwareFile {
        HardwareFile {
            num_pes: block.pes,
            simd_lanes: block.simd_lanes,
            l1_size: block.l1,
            l2_size: block.l2,
            noc_bw: block.noc_bandwidth,
            noc_hops: block.noc_latency,
            ..HardwareFile::default()
        }
    }
}

/// The accelerator as a hardware file. What is unlimited, or as in [`Hardware::new`], is left out: the reference knows but
/// the first lines.
pub fn write_hardware(hardware: &Hardware) -> String {
    let mut text = String::new();
    let mut line = |key: &str, figure: &dyn std::fmt::Display| {
        let _ = writeln!(text, "{key}: {figure}");
    };
    let noc = hardware.noc(0);
    let lines = [
        ("num_pes", hardware.pes(), None),
        ("simd_lanes", hardware.simd_lanes(), Some(1)),
        ("l1_size_cstr", hardware.l1_bytes(), Some(UNLIMITED)),
        ("l2_size_cstr", hardware.l2_bytes(), Some(UNLIMITED)),
        ("noc_bw_cstr", noc.bandwidth, Some(UNLIMITED)),
        ("NoC_NumHops", noc.latency, Some(1)),
        ("offchip_bw_cstr", hardware.offchip_bandwidth(), Some(UNLIMITED)),
        ("cluster_buffer", hardware.cluster_bytes(), Some(UNLIMITED)),
        ("l1_buffers", hardware.l1_buffers().factor().into(), Some(2)),
        ("l2_buffers", hardware.l2_buffers().factor().into(), Some(2)),
        ("weights_bw", hardware.weights_bandwidth().unwrap_or(0), Some(0)),
    ];
    for (key, figure, _) in lines.iter().filter(|(_, figure, default)| *default != Some(*figure)) {
        line(key, figure);
    }
    for level in 1..MAX_LEVELS {
        let own = hardware.noc(level);
        if own.bandwidth != noc.bandwidth {
            let limit = own.bandwidth;
            let told = if limit == UNLIMITED { NO_LIMIT.to_string() } else { limit.to_string() };
            line(&format!("noc_bw_{}", level + 1), &told);
        }
        if own.latency != noc.latency {
            line(&format!("noc_hops_{}", level + 1), &own.latency);
        }
    }
    let Widths { input, filter, output, psum } = hardware.widths();
    let bits =
        [("input_bits", input, 8), ("filter_bits", filter, 8), ("output_bits", output, 8), ("psum_bits", psum, output)];
    for (key, bits, _) in bits.iter().filter(|(_, bits, default)| bits != default) {
        line(key, bits);
    }
    if hardware.weights_permille() != 1000 {
        line("weights_compression", &(1000.0 / f64::from(hardware.weights_permille())));
    }
    if !hardware.multicast() {
        line("multicast", &"no");
    }
    if hardware.activations() != Activations::default() {
        line("activations", &hardware.activations().name());
    }
    text
}

/// The accelerator with its clock and energies as a hardware file; how it was measured is not in it.
pub fn write_platform(platform: &Platform) -> String {
    let mut text = write_hardware(&platform.hardware);
    let default = Platform::new(platform.hardware);
    let mut line = |key: &str, figure: Option<f64>, default: Option<f64>| {
        if let Some(figure) = figure.filter(|_| figure != default) {
            let _ = writeln!(text, "{key}: {figure}");
        }
    };
    line("clock_mhz", Some(platform.clock_mhz), Some(default.clock_mhz));
    let (own, known, sizes) = (&platform.energies, &default.energies, &platform.sizes);
    line("energy_mac", Some(own.mac), Some(known.mac));
    line("energy_l1", Some(own.l1), Some(known.l1));
    line("energy_cluster", own.cluster, known.cluster);
    line("energy_l2", Some(own.l2), Some(known.l2));
    line("energy_offchip", Some(own.offchip), Some(known.offchip));
    line("energy_exponent", Some(sizes.exponent), Some(default.sizes.exponent));
    let sizes = [("energy_l1_bytes", sizes.l1), ("energy_cluster_bytes", sizes.cluster), ("energy_l2_bytes", sizes.l2)];
    for (key, bytes) in sizes.into_iter().filter_map(|(key, bytes)| Some((key, bytes?))) {
        let _ = writeln!(text, "{key}: {bytes}");
    }
    if platform.prefetch {
        text += "prefetch: weights\n";
    }
    text
}

/// The bandwidth of a NoC that has no limit where the others do.
const NO_LIMIT: &str = "unlimited";

/// A whole hardware file.
pub(super) fn hardware_file(p: &mut Parser<'_>) -> Result<HardwareFile, Fault> {
    if p.text() == "Accelerator" {
        let block = accelerator(p)?;
        return match p.token.kind {
            Kind::End => Ok(block.into()),
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

/// A word that is no key.
fn unknown(p: &Parser<'_>) -> Fault {
    let fault = p.expected("a key of a hardware file or an `Accelerator` block");
    match p.text() {
        "Network" | "Constant" => fault.help("this is a network file"),
        _ => fault.help(format!("keys are {}", KEYS.join(", "))),
    }
}

/// `Accelerator { ... }`, at the keyword.
pub(super) fn accelerator(p: &mut Parser<'_>) -> Result<AcceleratorBlock, Fault> {
    let mut block = AcceleratorBlock::default();
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
                        "NumPEs" => figure(p, &mut block.pes, pes)?,
                        "VectorWidth" => figure(p, &mut block.simd_lanes, simd_lanes)?,
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
                        name if name.contains("L2") || name.contains("Global") => figure(p, &mut block.l2, any)?,
                        name if name.contains("L1") || name.contains("Local") => figure(p, &mut block.l1, any)?,
                        _ => return Err(p.expected("`GlobalL2`, `LocalL1` or `}`")),
                    }
                }
            }
            "NoC" | "DistributionNoC" => {
                p.advance()?;
                p.open("NoC", start)?;
                while !p.closed()? {
                    networks_on_chip(p, &mut block)?;
                }
            }
            _ => return Err(p.expected("`PE`, `Buffer`, `NoC`, `DistributionNoC` or `}`")),
        }
    }
    Ok(block)
}

/// An entry of a `NoC` block: a figure, or a named network with figures. All of them have to agree.
fn networks_on_chip(p: &mut Parser<'_>, block: &mut AcceleratorBlock) -> Result<(), Fault> {
    if noc_figure(p, block)? {
        return Ok(());
    }
    let what = "`Bandwidth`, `LatencyPerHop`, `AvgLatency`, a named network or `}`";
    let start = p.expect(Kind::Word, what)?.start;
    p.open("NoC", start)?;
    while !p.closed()? {
        if !noc_figure(p, block)? {
            return Err(p.expected("`Bandwidth`, `LatencyPerHop`, `AvgLatency` or `}`"));
        }
    }
    Ok(())
}

/// A figure of a network-on-chip, if one is at hand.
fn noc_figure(p: &mut Parser<'_>, block: &mut AcceleratorBlock) -> Result<bool, Fault> {
    match p.text() {
        "Bandwidth" => figure(p, &mut block.noc_bandwidth, noc_bandwidth)?,
        "LatencyPerHop" | "AvgLatency" | "Latency" => figure(p, &mut block.noc_latency, noc_latency)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// `MultPrecision: INT8`, at the keyword. The cost model has no use for it.
fn precision(p: &mut Parser<'_>) -> Result<(), Fault> {
    p.advance()?;
    if !["INT", "FP", "FLOAT", "BFLOAT"].iter().any(|prefix| p.text().starts_with(prefix)) {
        return Err(p.expected("a precision such as `INT8` or `FP16`"));
    }
    p.advance()?;
    Ok(())
}

/// `key: figure`, at the key. A second one must say the same.
fn figure(p: &mut Parser<'_>, slot: &mut Option<u32>, check: fn(u32) -> Result<(), Error>) -> Result<(), Fault> {
    entry(p, slot, |p| {
        let span = p.token.span();
        let value = p.integer()?;
        check(value).map_err(|error| Fault::new(span, error.to_string()))?;
        Ok(value)
    })
}

/// `key: 0.5`, at the key.
fn decimal(p: &mut Parser<'_>, slot: &mut Option<f64>, range: &RangeInclusive<f64>) -> Result<(), Fault> {
    entry(p, slot, |p| p.decimal(range))
}

/// `key: word`, at the key.
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

/// `noc_bw_2: 8` or `noc_bw_2: unlimited`, at the key.
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

/// A key and what `value` reads behind it.
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

#[cfg(test)]
mod tests {
    use super::super::parse_hardware;
    use super::super::tests::summary;
    use super::*;
    use crate::host::formats::diagnostic::ParseError;

    fn fails(text: &str) -> ParseError {
        parse_hardware(text, "hw.m").unwrap_err()
    }

    #[test]
    fn a_flat_file_gives_its_figures_and_the_defaults() {
        let text =
            "// mine\nnum_pes: 256\r\nl1_size_cstr: 100\nl2_size_cstr 3000; noc_bw_cstr: 64, offchip_bw_cstr: 50";
        let file = parse_hardware(text, "hw.m").unwrap();
        assert_eq!((file.num_pes, file.noc_hops), (Some(256), None));
        let hardware = file.hardware().unwrap();
        let noc = Noc { bandwidth: 64, latency: 1 };
        let expected = Hardware::new(256).unwrap().with_buffers(100, 3000).with_noc(noc).unwrap();
        assert_eq!(hardware, expected.with_offchip_bandwidth(50).unwrap());
        assert_eq!(HardwareFile::default().hardware(), Hardware::new(1));
    }

    #[test]
    fn what_is_written_reads_back() {
        let plain = Hardware::new(16).unwrap();
        assert_eq!(write_hardware(&plain), "num_pes: 16\n");
        let noc = Noc { bandwidth: 7, latency: 0 };
        let full = plain.with_simd_lanes(4).unwrap().with_buffers(0, 9).with_noc(noc).unwrap();
        let widths = Widths { input: 8, filter: 4, output: 16, psum: 32 };
        let ours = full
            .with_noc_at(2, Noc { bandwidth: UNLIMITED, latency: 3 })
            .and_then(|hardware| hardware.with_weights_bandwidth(1))
            .and_then(|hardware| hardware.with_compressed_weights(667))
            .and_then(|hardware| hardware.with_widths(widths))
            .unwrap()
            .with_cluster_buffer(70)
            .with_multicast(false)
            .with_activations(Activations::Auto)
            .with_buffering(Buffering::Single, Buffering::Single);
        for hardware in [plain, full, full.with_offchip_bandwidth(3).unwrap(), ours] {
            let read = parse_hardware(&write_hardware(&hardware), "hw.m").unwrap();
            assert_eq!(read.hardware(), Ok(hardware), "{}", write_hardware(&hardware));
        }
        let table = EnergyTable { mac: 1e-7, l1: 0.25, l2: 1e9, cluster: Some(3.5), offchip: 0.0 };
        let sizes = BufferSizes { l1: Some(512), cluster: Some(0), l2: Some(9), exponent: 0.75 };
        let platform = Platform { clock_mhz: 0.1, energies: table, sizes, prefetch: true, ..Platform::new(ours) };
        for platform in [platform, Platform::new(ours)] {
            let text = write_platform(&platform);
            assert_eq!(parse_hardware(&text, "hw.m").unwrap().platform(), Ok(platform), "{text}");
        }
        for permille in 1..=1000 {
            let hardware = plain.with_compressed_weights(permille).unwrap();
            assert_eq!(parse_hardware(&write_hardware(&hardware), "hw.m").unwrap().hardware(), Ok(hardware));
        }
    }

    #[test]
    fn every_key_says_what_its_name_says() {
        for key in KEYS {
            // Of any other name, the key would be an error.
            let value = match key {
                "multicast" => "no",
                "activations" => "l2",
                "prefetch" => "weights",
                _ => "2",
            };
            let file = parse_hardware(&format!("{key}: {value}"), "hw.m").unwrap();
            assert_ne!(file, HardwareFile::default(), "{key}");
            let platform = file.platform().unwrap();
            let alone = ["energy_cluster_bytes", "energy_l1_bytes", "energy_l2_bytes", "l1_buffers", "l2_buffers"];
            assert!(alone.contains(&key) || platform != Platform::new(Hardware::new(1).unwrap()), "{key}");
        }
        let text = "num_pes: 4 l1_size_cstr: 400 output_bits: 16 clock_mhz: 12.5 prefetch: weights energy_mac: 0.5 \
                    energy_l1: 0.25 energy_l1_bytes: 100 energy_exponent: 1 energy_offchip: 3 noc_bw_2: unlimited \
                    noc_bw_cstr: 8";
        let platform = parse_hardware(text, "hw.m").unwrap().platform().unwrap();
        assert_eq!((platform.clock_mhz, platform.prefetch), (12.5, true));
        let energies = EnergyTable { mac: 0.5, l1: 1.0, offchip: 3.0, ..EnergyTable::REFERENCE };
        assert_eq!(platform.scaled_energies(), energies);
        // Partial sums are as wide as outputs.
        assert_eq!(platform.hardware.widths(), Widths { output: 16, psum: 16, ..Widths::BYTES });
        assert_eq!([0, 1, 2].map(|level| platform.hardware.noc(level).bandwidth), [8, UNLIMITED, 8]);
    }

    #[test]
    fn an_accelerator_block_is_hardware_too() {
        let text = "Accelerator {
            PE { NumPEs: 168; VectorWidth: 2; MultPrecision: INT8, AddPrecision: INT16 }
            Buffer { GlobalL2: 2048, LocalL1: 64 }
            NoC {Bandwidth: 64; AvgLatency: 2}
        }";
        let named = text.replace(
            "NoC {Bandwidth: 64; AvgLatency: 2}",
            "DistributionNoC { A { Bandwidth: 64; LatencyPerHop: 2 } B { Bandwidth: 64 } }",
        );
        for text in [text, &named] {
            let file = parse_hardware(text, "hw.m").unwrap();
            assert_eq!((file.num_pes, file.simd_lanes), (Some(168), Some(2)));
            assert_eq!((file.l1_size, file.l2_size), (Some(64), Some(2048)));
            assert_eq!((file.noc_bw, file.noc_hops, file.offchip_bw), (Some(64), Some(2), None));
        }
        let error = fails(&named.replace("B { Bandwidth: 64", "B { Bandwidth: 63"));
        assert_eq!((error.line, error.message.as_str()), (4, "`Bandwidth` is given before, as 64"));
    }

    #[test]
    fn errors_tell_place_and_reason() {
        let keys = "a key of a hardware file or an `Accelerator` block";
        for (text, expected) in [
            ("num_pes: 0", "1:10 `0` an array needs 1 to 2147483647 PEs, not 0"),
            ("num_pes: 1\nnoc_bw_cstr: 0", "2:14 `0` the NoC bandwidth must be 1 to 2147483647 elements/cycle, not 0"),
            ("num_pes: -4", "1:10 `-` expected an integer that is not negative, found `-`"),
            ("num_pes: 99999999999", "1:10 `99999999999` `99999999999` is too large, an integer is at most 4294967295"),
            ("num_pes: x", "1:10 `x` expected an integer, found `x`"),
            ("num_pes:", "1:9 `` expected an integer, found the end of the file"),
            ("num_pes: 1\nnum_pes: 2", "2:1 `num_pes` `num_pes` is given before, as 1"),
            ("clock_mhz: fast", "1:12 `fast` expected a number such as `0.046`, found `fast`"),
            ("energy_l1: 1e3", "1:12 `1e3` expected a number such as `0.046`, found `1e3`"),
            ("weights_compression: 0.5", "1:22 `0.5` expected a number from 1 to 1000, not 0.5"),
            ("l1_buffers: 3", "1:13 `3` expected `1` or `2`, found `3`"),
            ("activations: dram", "1:14 `dram` expected `offchip` or `l2` or `auto`, found `dram`"),
            ("filter_bits: 0", "1:14 `0` an element has 1 to 128 bits, not 0"),
            ("noc_bw_3: 0", "1:11 `0` the NoC bandwidth must be 1 to 2147483647 elements/cycle, not 0"),
            ("noc_bw_5: 1", &format!("1:1 `noc_bw_5` expected {keys}, found `noc_bw_5`")),
            ("multicast: no multicast: yes", "1:15 `multicast` `multicast` is given before, as false"),
            ("", "1:1 `` expected a hardware description, found the end of the file"),
            ("pes: 1", &format!("1:1 `pes` expected {keys}, found `pes`")),
            ("num_pes: 1 }", &format!("1:12 `}}` expected {keys}, found `}}`")),
            (
                "Accelerator { PE { NumPEs: 1 }",
                "1:31 `` expected `PE`, `Buffer`, `NoC`, `DistributionNoC` or `}`, \
                 found the end of the file inside of `Accelerator`",
            ),
            ("Accelerator { } x", "1:17 `x` expected the end of the file, found `x`"),
            (
                "Accelerator { PE { Lanes 1 } }",
                "1:20 `Lanes` expected `NumPEs`, `VectorWidth`, `MultPrecision`, `AddPrecision` or `}`, found `Lanes`",
            ),
            (
                "Accelerator { PE { AddPrecision: 8 } }",
                "1:34 `8` expected a precision such as `INT8` or `FP16`, found `8`",
            ),
            ("Accelerator { Buffer { A: 8 } }", "1:24 `A` expected `GlobalL2`, `LocalL1` or `}`, found `A`"),
            (
                "Accelerator { NoC { A { 8 } }",
                "1:25 `8` expected `Bandwidth`, `LatencyPerHop`, `AvgLatency` or `}`, found `8`",
            ),
            (
                "Accelerator { NoC { { } }",
                "1:21 `{` expected `Bandwidth`, `LatencyPerHop`, `AvgLatency`, a named network or `}`, found `{`",
            ),
        ] {
            assert_eq!(summary(&fails(text)), expected, "{text}");
        }
        assert_eq!(fails("Network a {}").help.as_deref(), Some("this is a network file"));
        assert!(fails("pes: 1").help.as_ref().unwrap().starts_with("keys are num_pes, simd_lanes, "));
    }
}
