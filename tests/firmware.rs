//! Runs the library on three emulated boards. `c_examples/firmware/build.sh` builds and runs the programs.
//!
//! If a cross compiler or an emulator is missing, the tests are skipped; with `MAESTRINO_REQUIRE_FIRMWARE=1` they
//! fail. `UPDATE=1` writes `c_examples/firmware/expected.txt` again.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use crate::common::skipped;

/// The output of a script of `c_examples/firmware/`; an error with its message if it lacks a tool.
pub fn script(name: &str, arguments: &[&str]) -> Result<String, String> {
    const TOOL_MISSING: i32 = 77;
    let output = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("c_examples/firmware").join(name))
        .args(arguments)
        // A separate target directory, because the cargo that runs this may have locked the usual one.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("firmware"))
        .env("MAESTRINO", env!("CARGO_BIN_EXE_maestrino"))
        .stdin(Stdio::null())
        .output()
        .expect("build.sh starts");
    let (printed, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(TOOL_MISSING) {
        return Err(complaints.trim().replace('\n', "; "));
    }
    assert!(output.status.success(), "{name} {}: {}\n{printed}{complaints}", arguments.join(" "), output.status);
    Ok(printed.into_owned())
}

/// The output of a script. If the script lacks a tool, the calling test is skipped.
pub fn printed<T>(outcome: &Result<T, String>) -> Option<&T> {
    outcome.as_ref().map_err(|missing| skipped::skip("MAESTRINO_REQUIRE_FIRMWARE", missing)).ok()
}

/// The figures of the boards, once for all tests. The script compares every report with that of the PC and with the
/// committed one, and looks for panics in the library.
pub static FIGURES: LazyLock<Result<String, String>> = LazyLock::new(|| script("build.sh", &["check"]));

pub const TARGETS: [&str; 3] = ["thumbv6m-none-eabi", "thumbv7em-none-eabihf", "riscv32imc-unknown-none-elf"];
const BOARDS: [&str; 3] = ["mps2_an386", "microbit", "riscv_virt"];

/// The number at the end of the line that begins with this text.
fn figure(figures: &str, line: &str) -> u64 {
    let mut lines = figures.lines().filter_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    lines.next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no '{line}' in:\n{figures}"))
}

#[test]
fn the_boards_print_what_the_pc_prints() {
    let Some(figures) = printed(&FIGURES) else { return };
    for board in BOARDS {
        assert!(figures.lines().any(|line| line.split(' ').nth(1) == Some(board)), "no {board} in:\n{figures}");
    }
}

#[test]
fn the_library_has_no_static_memory() {
    let Some(figures) = printed(&FIGURES) else { return };
    for target in TARGETS {
        assert_eq!(figure(figures, &format!("ram all {target}")), 0);
    }
}

#[test]
fn the_estimator_takes_24_kib_of_flash_on_cortex_m4() {
    let Some(figures) = printed(&FIGURES) else { return };
    let bytes = figure(figures, "flash estimator thumbv7em-none-eabihf");
    assert!(bytes <= 24 << 10, "{bytes} bytes");
}

#[test]
fn networks_are_opened_estimated_and_chosen_with_3_5_kib_of_stack() {
    let Some(figures) = printed(&FIGURES) else { return };
    for board in BOARDS {
        for function in ["network_open", "estimate_network", "choose_network", "choose_mapping"] {
            let bytes = figure(figures, &format!("stack {board} maestrino_{function}"));
            assert!(bytes > 0 && bytes <= 7 << 9, "{function} on {board}: {bytes} bytes");
        }
    }
}

#[test]
fn ds_cnn_takes_400_000_instructions_on_cortex_m4() {
    let Some(figures) = printed(&FIGURES) else { return };
    let count = figure(figures, "instructions mps2_an386 ds-cnn-estimate");
    assert!(count > 10_000 && count <= 400_000, "{count} instructions");
}

/// `main.c` fails if the analysis of a layer on the board differs from the blob. This test checks that all layers
/// were analysed.
#[test]
fn the_whole_analysis_runs_where_there_is_stack_and_agrees_with_the_blobs() {
    let Some(figures) = printed(&FIGURES) else { return };
    for board in ["mps2_an386", "riscv_virt"] {
        let layers = figure(figures, &format!("instructions {board} layers"));
        assert_eq!(figure(figures, &format!("instructions {board} layers-analysed")), layers);
        let bytes = figure(figures, &format!("stack {board} maestrino_estimate_layer"));
        assert!(bytes > 0 && bytes <= 48 << 10, "{bytes} bytes of stack on {board}");
    }
}

/// The guide's program and commands, unchanged. With the blob of DS-CNN, they take no more flash than a small device
/// has.
#[test]
fn the_guide_s_link_lines_link() {
    let Some(_) = printed(&FIGURES) else { return };
    const PAGE: &str = include_str!("../src/guide/firmware.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("link_lines");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).unwrap();
    let program = PAGE.split_once("```c\n#include \"maestrino.h\"").unwrap().1.split_once("```").unwrap().0;
    std::fs::write(scratch.join("verdict.c"), format!("#include \"maestrino.h\"{program}")).unwrap();
    std::os::unix::fs::symlink(root.join("include"), scratch.join("include")).unwrap();
    let libraries = Path::new(env!("CARGO_TARGET_TMPDIR")).join("firmware");
    std::os::unix::fs::symlink(libraries, scratch.join("target")).unwrap();
    let begin = PAGE.find("maestrino compile ds_cnn --hw edge16 --format c -o ds_cnn.c\narm-").unwrap();
    let commands = PAGE[begin..].split_once("```").unwrap().0;
    let program_directory = Path::new(env!("CARGO_BIN_EXE_maestrino")).parent().unwrap();
    let path = format!("{}:{}", program_directory.display(), std::env::var("PATH").unwrap());
    let ran = Command::new("sh").args(["-ec", commands]).env("PATH", path).current_dir(&scratch).output().unwrap();
    assert!(ran.status.success(), "{commands}\n{}", String::from_utf8_lossy(&ran.stderr));
    for core in ["m4", "m0"] {
        let told =
            Command::new("arm-none-eabi-size").arg(scratch.join(format!("verdict-{core}.elf"))).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let sizes = told.lines().nth(1).unwrap().split_whitespace().map(|size| size.parse::<u32>().unwrap_or(0));
        let sizes: Vec<u32> = sizes.take(3).collect();
        println!("{core}: {sizes:?}");
        assert!(sizes[0] > 4 << 10 && sizes[0] <= 28 << 10 && sizes[1..] == [0, 0], "{core}: {told}");
    }
}

#[test]
fn webassembly_exports_every_function() {
    let built = script("build.sh", &["lib", "wasm32-unknown-unknown"]);
    let Some(printed) = printed(&built) else { return };
    assert!(printed.contains("wasm32-unknown-unknown"), "{printed}");
}
