//! Checks that `include/maestrino.h` is what cbindgen generates from the C ABI. `UPDATE=1 cargo test header` writes
//! it again.

use std::path::Path;

const INTRODUCTION: &str = "\
/*
 * maestrino: what neural-network layers cost on spatial accelerators, in C.
 *
 * Conventions
 * - Every function that can fail returns a maestrino_status; MAESTRINO_OK is 0.
 * - Every struct that is handed over begins with its size: let it start as MAESTRINO_INIT(its type). A struct of another
 *   version of this header is MAESTRINO_BAD_STRUCT_SIZE, and nothing is written to it.
 * - Out-parameters come last. They are written only on success, but for maestrino_fault, which tells where and why
 *   something failed and may be NULL, and for the network that comes nearest where none can be chosen.
 * - Nothing is allocated, nothing is kept between calls, there are no globals: every function is re-entrant.
 * - Pointers that are NULL or misaligned, numbers out of range and damaged blobs are statuses, never undefined behaviour.
 * - Sizes and counts are in elements, buffers in bytes; bandwidths in bytes/cycle; delays in cycles; energies in nJ.
 * - Status numbers and enumerations only ever grow; where a struct does, so do the thousands of maestrino_abi_version, and what
 *   was compiled before is told so by MAESTRINO_BAD_STRUCT_SIZE.
 *
 * Made by cbindgen from src/capi: change that, then run UPDATE=1 cargo test header.
 */";

/// Macros that cbindgen cannot generate.
const MACROS: &str = "
/**
 * What the first member of a struct must be: its size, marked so that nothing else is taken for it.
 */
#define MAESTRINO_SIZE_OF_STRUCT(type) (0x4D530000u | (uint32_t)sizeof(type))

/**
 * Initialiser of a struct: all zero but its size.
 */
#define MAESTRINO_INIT(type) { .struct_size = MAESTRINO_SIZE_OF_STRUCT(type) }

/**
 * Initialiser of a maestrino_size of `count` elements, whatever the layer.
 */
#define MAESTRINO_ELEMENTS(count) { (count), -1 }

/**
 * Initialiser of a maestrino_size that is the layer's size along a dimension (a `maestrino_dim`).
 */
#define MAESTRINO_SIZE_OF(dim) { 0, (dim) }";

fn generate() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi");
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(INTRODUCTION.to_string()),
        include_guard: Some("MAESTRINO_H".to_string()),
        cpp_compat: true,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: vec!["stddef.h".to_string(), "stdint.h".to_string()],
        after_includes: Some(MACROS.to_string()),
        tab_width: 4,
        line_length: 120,
        ..cbindgen::Config::default()
    };
    config.export.include =
        ["dim", "kind", "preset", "directive_kind", "bound", "buffer", "activations", "struct", "status"]
            .map(|name| format!("maestrino_{name}"))
            .to_vec();
    let mut builder = cbindgen::Builder::new().with_config(config);
    // The order in which the header presents the items.
    for file in ["version", "status", "layer", "hardware", "dataflow", "cost", "network", "network_cost", "choice"] {
        builder = builder.with_src(root.join(file).with_extension("rs"));
    }
    let mut header = Vec::new();
    builder.generate().expect("the C ABI is well-formed").write(&mut header);
    without_safety(&String::from_utf8(header).expect("cbindgen writes UTF-8"))
}

/// Rust's section "Safety" lists what every function expects of its caller in C, so its title is removed.
fn without_safety(header: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in header.lines() {
        if line.trim() != "* # Safety" {
            lines.push(line.trim_end());
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_committed_header_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/maestrino.h");
    let header = generate();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &header).expect("include/ can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == header, "include/maestrino.h is stale: run UPDATE=1 cargo test header");
}

/// Every function or field has a comment in the line above it.
#[test]
fn everything_is_documented() {
    let header = generate();
    let lines: Vec<&str> = header.lines().collect();
    let mut declarations = 0;
    for pair in lines.windows(2) {
        let indent = pair[1].len() - pair[1].trim_start().len();
        let is_field = indent == 4 && pair[1].ends_with(';');
        let is_function =
            !pair[1].starts_with([' ', '/', '*', '#']) && pair[1].contains(" maestrino_") && pair[1].contains('(');
        if is_field || is_function {
            declarations += 1;
            assert!(pair[0].trim().ends_with("*/"), "not documented: {}", pair[1]);
        }
    }
    assert!(declarations > 80, "only {declarations} declarations found");
}
