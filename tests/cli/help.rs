//! Help, versions and lists.

use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin::{ACCELERATORS, NETWORKS};

use crate::common::Dir;

#[test]
fn help_and_version_are_at_hand() {
    let dir = Dir::new();
    for command in ["--help", "help", "estimate --help", "maestro --help", "convert --help", "list --help"] {
        let run = dir.run(command).quiet();
        assert!(run.stdout.contains("Usage: "), "{command}: {}", run.stdout);
    }
    let version = dir.run("--version").quiet().stdout;
    assert_eq!(version, format!("maestrino {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn list_shows_what_is_built_in() {
    let dir = Dir::new();
    let networks: Vec<&str> = NETWORKS.iter().map(|network| network.name).collect();
    let accelerators: Vec<&str> = ACCELERATORS.iter().map(|accelerator| accelerator.name).collect();
    let dataflows: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name()).collect();
    let shown = |arguments: &str| -> Vec<String> {
        let run = dir.run(arguments).quiet();
        let names = run.stdout.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(String::from));
        names.filter(|name| !name.is_empty()).collect()
    };
    assert_eq!(shown("list networks"), networks);
    assert_eq!(shown("list accelerators"), accelerators);
    assert_eq!(shown("list dataflows"), dataflows);
    assert_eq!(shown("list"), [networks, accelerators, dataflows].concat());
}
