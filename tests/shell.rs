//! `maestrino completions` and `maestrino man`.

use std::process::Command;

use crate::common::Dir;

/// The commands that `maestrino --help` lists.
fn commands(dir: &Dir) -> Vec<String> {
    let help = dir.run("--help").quiet().stdout;
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<String> = names.map(|line| line.split_whitespace().next().unwrap().to_string()).collect();
    assert!(names.len() > 10 && names.contains(&"estimate".to_string()), "{names:?}");
    names
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_flags_and_values() {
    let dir = Dir::new();
    assert_eq!(dir.run("completions bash -o maestrino.bash").quiet().stdout, "");
    const COMPLETE: &str = r#"
source ./maestrino.bash
COMP_WORDS=(maestrino "$@") COMP_CWORD=$#
_maestrino maestrino "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
echo "${COMPREPLY[@]}""#;
    let complete = |words: &[&str]| {
        let mut bash = Command::new("bash");
        let output = bash.args(["-ec", COMPLETE, "bash"]).args(words).current_dir(dir.path("")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete(&["estim"]), "estimate\n");
    assert_eq!(complete(&["estimate", "--roofline-s"]), "--roofline-svg\n");
    assert_eq!(complete(&["space", "campaign", "--model", "ex"]), "exact\n");
    let offered = complete(&[""]);
    for command in commands(&dir) {
        assert!(offered.split_whitespace().any(|word| word == command), "{command} in {offered}");
    }
}

#[test]
fn every_shell_has_completions_and_every_command_a_page() {
    let dir = Dir::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = dir.run(&format!("completions {shell}")).quiet().stdout;
        assert!(script.contains("estimate") && script.contains("roofline-svg"), "{shell}");
    }
    assert_eq!(dir.run("man pages/man1").quiet().stdout, "");
    for command in commands(&dir).iter().filter(|command| *command != "help") {
        let page = std::fs::read_to_string(dir.path(&format!("pages/man1/maestrino-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH maestrino-{command} 1 ")), "{command}: {page:.200}");
    }
    let campaign = std::fs::read_to_string(dir.path("pages/man1/maestrino-space-campaign.1")).unwrap();
    assert!(campaign.contains(r"\-\-multicast"), "{campaign}");
    // A file has the name of the directory.
    dir.file("taken", "");
    let told = dir.run("man taken").failed(1);
    assert!(told.starts_with("error: cannot write taken: "), "{told}");
}
