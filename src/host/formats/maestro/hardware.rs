//! Hardware files, and the `Accelerator` block of the language.

use std::fmt::Write;

use super::error::Fault;
use super::lexer::Kind;
use super::parser::Parser;
use crate::hardware::UNLIMITED;
use crate::{Error, Hardware, Noc};

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

/// What a hardware file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct HardwareFile {
    /// `num_pes`: processing elements.
    pub num_pes: Option<u32>,
    /// `simd_lanes`: multiply-accumulate lanes of a PE. The reference has no such line, only a flag.
    pub simd_lanes: Option<u32>,
    /// `l1_size_cstr`: bytes of the buffer in each PE.
    pub l1_size: Option<u32>,
    /// `l2_size_cstr`: bytes of the buffer that all PEs share.
    pub l2_size: Option<u32>,
    /// `noc_bw_cstr`: elements per cycle of the network-on-chip.
    pub noc_bw: Option<u32>,
    /// `NoC_NumHops`: hops of one cycle each.
    pub noc_hops: Option<u32>,
    /// `offchip_bw_cstr`: elements per cycle between L2 and the outside.
    pub offchip_bw: Option<u32>,
}

impl HardwareFile {
    /// The accelerator, with the reference's defaults: one PE, one hop of one cycle, no limit on anything else.
    ///
    /// # Errors
    /// A figure that is out of range; none if the file was read by [`parse_hardware`](super::parse_hardware).
    pub fn hardware(&self) -> Result<Hardware, Error> {
        let unlimited = |figure: Option<u32>| figure.unwrap_or(UNLIMITED);
        let noc = Noc { bandwidth: unlimited(self.noc_bw), latency: self.noc_hops.unwrap_or(1) };
        Hardware::new(self.num_pes.unwrap_or(1))?
            .with_simd_lanes(self.simd_lanes.unwrap_or(1))?
            .with_buffers(unlimited(self.l1_size), unlimited(self.l2_size))
            .with_noc(noc)?
            .with_offchip_bandwidth(unlimited(self.offchip_bw))
    }
}

impl From<AcceleratorBlock> for HardwareFile {
    fn from(block: AcceleratorBlock) -> HardwareFile {
        HardwareFile {
            num_pes: block.pes,
            simd_lanes: block.simd_lanes,
            l1_size: block.l1,
            l2_size: block.l2,
            noc_bw: block.noc_bandwidth,
            noc_hops: block.noc_latency,
            offchip_bw: None,
        }
    }
}

/// The accelerator as a hardware file. What is unlimited is left out, and so is the number of SIMD lanes where it is 1,
/// for the reference does not know it. The file has one network-on-chip, that of the outermost level.
pub fn write_hardware(hardware: &Hardware) -> String {
    let noc = hardware.noc(0);
    let lines = [
        ("num_pes", hardware.pes(), None),
        ("simd_lanes", hardware.simd_lanes(), Some(1)),
        ("l1_size_cstr", hardware.l1_bytes(), Some(UNLIMITED)),
        ("l2_size_cstr", hardware.l2_bytes(), Some(UNLIMITED)),
        ("noc_bw_cstr", noc.bandwidth, Some(UNLIMITED)),
        ("NoC_NumHops", noc.latency, Some(1)),
        ("offchip_bw_cstr", hardware.offchip_bandwidth(), Some(UNLIMITED)),
    ];
    let mut text = String::new();
    for (key, figure, default) in lines {
        if default != Some(figure) {
            let _ = writeln!(text, "{key}: {figure}");
        }
    }
    text
}

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
        match p.text() {
            "num_pes" => figure(p, &mut file.num_pes, pes)?,
            "simd_lanes" => figure(p, &mut file.simd_lanes, simd_lanes)?,
            "l1_size_cstr" => figure(p, &mut file.l1_size, any)?,
            "l2_size_cstr" => figure(p, &mut file.l2_size, any)?,
            "noc_bw_cstr" => figure(p, &mut file.noc_bw, noc_bandwidth)?,
            "NoC_NumHops" => figure(p, &mut file.noc_hops, noc_latency)?,
            "offchip_bw_cstr" => figure(p, &mut file.offchip_bw, offchip_bandwidth)?,
            text => {
                let fault = p.expected(
                    "`num_pes`, `simd_lanes`, `l1_size_cstr`, `l2_size_cstr`, `noc_bw_cstr`, `NoC_NumHops`, \
                     `offchip_bw_cstr` or an `Accelerator` block",
                );
                return Err(match text {
                    "Network" | "Constant" => fault.help("this is a network file"),
                    _ => fault,
                });
            }
        }
    }
    if file == HardwareFile::default() {
        return Err(p.expected("a hardware description").help("for example `num_pes: 256`"));
    }
    Ok(file)
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
    let key = p.text();
    let named = p.advance()?.span();
    let span = p.token.span();
    let value = p.integer()?;
    check(value).map_err(|error| Fault::new(span, error.to_string()))?;
    match slot.replace(value) {
        Some(old) if old != value => Err(Fault::new(named, format!("`{key}` is given before, as {old}"))),
        _ => Ok(()),
    }
}

fn any(_: u32) -> Result<(), Error> {
    Ok(())
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
    use super::super::tests::summary;
    use super::super::{ParseError, parse_hardware};
    use super::*;

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
        for hardware in [plain, full, full.with_offchip_bandwidth(3).unwrap()] {
            let read = parse_hardware(&write_hardware(&hardware), "hw.m").unwrap();
            assert_eq!(read.hardware(), Ok(hardware));
        }
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
        let keys = "`num_pes`, `simd_lanes`, `l1_size_cstr`, `l2_size_cstr`, `noc_bw_cstr`, `NoC_NumHops`, \
                    `offchip_bw_cstr` or an `Accelerator` block";
        for (text, expected) in [
            ("num_pes: 0", "1:10 `0` an array needs 1 to 2147483647 PEs, not 0"),
            ("num_pes: 1\nnoc_bw_cstr: 0", "2:14 `0` the NoC bandwidth must be 1 to 2147483647 elements/cycle, not 0"),
            ("num_pes: -4", "1:10 `-` expected an integer that is not negative, found `-`"),
            ("num_pes: 99999999999", "1:10 `99999999999` `99999999999` is too large, an integer is at most 4294967295"),
            ("num_pes: x", "1:10 `x` expected an integer, found `x`"),
            ("num_pes:", "1:9 `` expected an integer, found the end of the file"),
            ("num_pes: 1\nnum_pes: 2", "2:1 `num_pes` `num_pes` is given before, as 1"),
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
    }
}
