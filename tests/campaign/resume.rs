//! Campaigns that are stopped half way.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::files::files;
use crate::common::Dir;

/// 100 blocks of 10 accelerators.
const ARGUMENTS: &str = "space campaign --space nb301 --networks 0..100 --dataflow xp_ws --mixed --block 2000 \
                         --hw-grid pes=64:256,noc=10..500:10,offchip=10..100:10";

fn start(dir: &Dir, arguments: &str) -> Child {
    let mut command = dir.command();
    command.args(arguments.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until a block is finished.
fn wait_for(path: &Path, child: &mut Child) {
    let patience = Instant::now();
    while !path.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before {} was there", path.display());
        assert!(patience.elapsed() < Duration::from_secs(300), "{} does not come", path.display());
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn killed_and_interrupted_campaigns_go_on_to_the_same_files() {
    let dir = Dir::new();
    for format in ["csv", "parquet"] {
        let arguments = format!("{ARGUMENTS} --format {format}");
        dir.run(&format!("{arguments} -o whole")).well();
        let stopped = format!("{arguments} -o stopped --resume");
        let partial = dir.path("stopped/.partial");

        let mut child = start(&dir, &stopped);
        wait_for(&partial.join("block-000001.json"), &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        let names: Vec<_> = files(&dir, "stopped/.partial").into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"block-000001.json".to_string()), "{names:?}");
        // Nothing but what is unfinished.
        assert_eq!(std::fs::read_dir(dir.path("stopped")).unwrap().count(), 1);

        let refused = dir.run(&format!("{arguments} -o stopped")).failed(1);
        assert!(refused.contains("holds an unfinished campaign: add --resume"), "{refused}");
        let other = dir.run(&format!("{stopped} --energy maestro-csv")).failed(1);
        assert!(
            other.contains("another energy: it was {\"total_nj\"") && other.contains("now it is \"maestro-csv\""),
            "{other}"
        );
        let other = dir.run(&stopped.replace("0..100", "0..99")).failed(1);
        assert!(other.contains("another chosen"), "{other}");
        let other = dir.run(&stopped.replace("--block 2000", "--block 4000")).failed(1);
        assert!(other.contains("another accelerators in a block: it was 10, now it is 20"), "{other}");

        let mut child = start(&dir, &stopped);
        wait_for(&partial.join("block-000004.json"), &mut child);
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert!(partial.join("block-000004.json").exists());

        let run = dir.run(&stopped).well();
        assert!(run.stderr.contains("blocks from before"), "{}", run.stderr);
        assert_eq!(files(&dir, "stopped"), files(&dir, "whole"));
        let again = dir.run(&stopped).well();
        assert!(again.stderr.contains("holds this campaign, complete"), "{}", again.stderr);
        std::fs::remove_dir_all(dir.path("stopped")).unwrap();
    }
}
