//! Checks that all dependencies are allowed by `deny.toml`, even if `cargo deny` is not installed.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The strings of a list in `deny.toml`, which has one per line.
fn list(name: &str) -> Vec<String> {
    let deny = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    let lines = deny.lines().skip_while(|line| *line != format!("{name} = [")).skip(1);
    let list: Vec<_> =
        lines.map_while(|line| Some(line.trim().strip_prefix('"')?.strip_suffix("\",")?.into())).collect();
    assert!(!list.is_empty(), "{name}");
    list
}

/// Every package of the workspace, for the targets of `deny.toml`.
fn packages() -> Vec<Value> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--locked", "--format-version", "1", "--all-features"]);
    command.args(["--filter-platform", "x86_64-unknown-linux-gnu"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an alternative of each part of a licence is allowed.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    let one = |name: &str| allowed.iter().any(|allowed| allowed == name.trim());
    plain.split(" AND ").all(|part| part.split(" OR ").any(one))
}

#[test]
fn packages_are_those_that_are_allowed() {
    let [allow, deny, skip] = ["allow", "deny", "skip"].map(list);
    let mut versions: HashMap<String, Vec<String>> = HashMap::new();
    let mut faults = Vec::new();
    for package in packages() {
        let text = |field: &str| package[field].as_str().unwrap_or_default().to_string();
        let (name, version, licence, source) = (text("name"), text("version"), text("license"), text("source"));
        if !is_allowed(&licence, &allow) {
            faults.push(format!("{name}: the licence is '{licence}'"));
        }
        if deny.contains(&name) {
            faults.push(format!("{name} is banned"));
        }
        if !name.starts_with("maestrino") && source != "registry+https://github.com/rust-lang/crates.io-index" {
            faults.push(format!("{name} is from '{source}'"));
        }
        if !skip.iter().any(|skip| format!("{name}@{version}").starts_with(&format!("{skip}."))) {
            versions.entry(name).or_default().push(version);
        }
    }
    assert!(versions.len() > 100, "{}", versions.len());
    versions.retain(|_, versions| versions.len() > 1);
    faults.extend(versions.iter().map(|(name, versions)| format!("{name} is there as {}", versions.join(" and "))));
    assert_eq!(faults, [""; 0]);
}

#[test]
fn licences_are_alternatives_of_which_one_is_enough_and_parts_that_all_count() {
    let allowed = ["MIT", "NCSA"].map(String::from);
    for (licence, is) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 OR MIT", true),
        ("(MIT OR Apache-2.0) AND NCSA", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(licence, &allowed), is, "{licence}");
    }
}

/// The packages that a program needs if it only reads model files.
#[test]
fn readers_of_model_files_need_few_packages() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--no-default-features"]);
    tree.args(["--target", "x86_64-unknown-linux-gnu", "--features", "formats"]);
    let output = tree.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let packages: BTreeSet<Vec<&str>> = told.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert!(packages.iter().any(|package| package[0] == "prost"), "{packages:?}");
    // Including maestrino itself.
    assert!(packages.len() <= 35, "{}: {packages:?}", packages.len());
}
