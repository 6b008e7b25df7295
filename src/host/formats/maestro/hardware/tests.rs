//! Tests of reading and writing hardware files, and of errors in them.

use super::reader::KEYS;
use super::writer::write_hardware;
use super::*;
use crate::host::formats::diagnostic::ParseError;
use crate::host::formats::maestro::parse_hardware;
use crate::host::formats::maestro::tests::summary;

fn fails(text: &str) -> ParseError {
    parse_hardware(text, "hw.m").unwrap_err()
}

#[test]
fn a_flat_file_gives_its_figures_and_the_defaults() {
    let text = "// mine\nnum_pes: 256\r\nl1_size_cstr: 100\nl2_size_cstr 3000; noc_bw_cstr: 64, offchip_bw_cstr: 50";
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
        // A key that the parser does not know would be an error.
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
    // Partial sums have the width of outputs.
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
fn errors_have_place_and_reason() {
    let keys = "a key of a hardware file or an `Accelerator` block";
    for (text, expected) in [
        ("num_pes: 0", "1:10 `0` an array needs 1 to 2147483647 PEs, not 0"),
        ("num_pes: 1\nnoc_bw_cstr: 0", "2:14 `0` the NoC bandwidth must be 1 to 2147483647 bytes/cycle, not 0"),
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
        ("noc_bw_3: 0", "1:11 `0` the NoC bandwidth must be 1 to 2147483647 bytes/cycle, not 0"),
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
        ("Accelerator { PE { AddPrecision: 8 } }", "1:34 `8` expected a precision such as `INT8` or `FP16`, found `8`"),
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
