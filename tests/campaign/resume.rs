//! Campaigns that are stopped halfway.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use maestrino::EnergyTable;
use maestrino::host::campaign::files::Kept;
use maestrino::host::campaign::journal::Journal;
use maestrino::host::campaign::tables::Format;
use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Objective, Workload, accelerators};
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::directory::{Lock, checksum};
use maestrino::host::spaces::random::PythonRandom;
use maestrino::host::spaces::{Space, Staged};
use serde_json::{Map, Value};

use super::files::files;
use crate::common::Dir;

/// 4 blocks of 10 accelerators.
const GRID: &str = "pes=64:256,noc=10..100:10,offchip=10:20";
const BLOCK: usize = 10 * 10 * 2;
const FORMATS: [Format; 2] = [Format::Csv, Format::Parquet];

/// The arguments of the campaign of [`GRID`].
fn arguments(format: Format) -> String {
    format!(
        "space campaign --space tiny --model maestro --networks 0..10 --dataflow xp_ws --mixed --block {BLOCK} --hw-grid {GRID} --format {}",
        format.name()
    )
}

/// The same campaign as a value of the library.
fn campaign(costing: Costing) -> Campaign {
    let space = Staged::tiny();
    let ids: Vec<u32> = (0..10).collect();
    let mut workload = Workload::new();
    for (id, genome) in ids.iter().zip(space.with_ids(&ids).unwrap()) {
        workload.push(id.to_string(), &space.layers(&genome));
    }
    let tiling = maestrino::dataflow::presets::Preset::XpWs.tiling();
    Campaign {
        workload,
        designs: DesignSpace {
            accelerators: accelerators::grid(GRID).unwrap(),
            dataflows: vec![NamedDataflow { name: "xp_ws".to_string(), choice: DataflowChoice::preset(tiling, false) }],
            mappings: None,
            mixed: Some(Objective::Latency),
        },
        costing,
    }
}

const TOTAL: Costing = Costing::Maestro(EnergyTable::REFERENCE);

/// Leaves a campaign that was stopped after some blocks.
fn begin(dir: &Dir, name: &str, campaign: &Campaign, format: Format, count: usize) {
    let recipe = [("space", "tiny".into()), ("chosen", "0..10".into()), ("accelerators_in_a_block", 10.into())];
    let recipe: Map<String, Value> = recipe.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
    let journal = Journal::open(&dir.path(name), campaign, recipe, format, false).unwrap().unwrap();
    let blocks = campaign.blocks(BLOCK);
    assert_eq!(blocks.len(), 4);
    for (number, block) in blocks.into_iter().enumerate().take(count) {
        journal.keep(number, campaign, &campaign.block(block)).unwrap();
        assert!(matches!(journal.kept(number, campaign).unwrap(), Kept::Whole(_)));
    }
}

#[test]
fn stopped_campaigns_go_on_to_the_same_files() {
    let dir = Dir::new();
    for format in FORMATS {
        let [arguments, name] = [arguments(format), format.name().to_string()];
        let (whole, stopped) = (format!("whole_{name}"), format!("stopped_{name}"));
        dir.run(&format!("{arguments} -o {whole}")).well();
        begin(&dir, &stopped, &campaign(TOTAL), format, 2);
        // Only what is unfinished is there.
        assert_eq!(fs::read_dir(dir.path(&stopped)).unwrap().count(), 1);

        let refused = dir.run(&format!("{arguments} -o {stopped}")).failed(1);
        assert!(refused.contains("holds an unfinished campaign: add --resume"), "{refused}");
        let resumed = format!("{arguments} -o {stopped} --resume");
        let other = dir.run(&format!("{resumed} --energy maestro-csv")).failed(1);
        assert!(
            other.contains("another energy: it was {\"total_nj\"") && other.contains("now it is \"maestro-csv\""),
            "{other}"
        );
        let other = dir.run(&resumed.replace("0..10 ", "0..9 ")).failed(1);
        assert!(other.contains("another chosen"), "{other}");
        let other = dir.run(&resumed.replace("--block 200", "--block 400")).failed(1);
        assert!(other.contains("another accelerators in a block: it was 10, now it is 20"), "{other}");

        let run = dir.run(&resumed).well();
        assert!(run.stderr.contains("2 of 4 blocks from before"), "{}", run.stderr);
        assert_eq!(files(&dir, &stopped), files(&dir, &whole));
        let again = dir.run(&resumed).well();
        assert!(again.stderr.contains("holds this campaign, complete"), "{}", again.stderr);
    }
}

/// The arguments of a campaign, the directory of a complete one, and the directory of one that stopped with all
/// blocks kept.
fn whole_and_stopped(dir: &Dir, format: Format, campaign: &Campaign) -> [String; 3] {
    let [arguments, name] = [arguments(format), format.name().to_string()];
    let (whole, stopped) = (format!("whole_{name}"), format!("stopped_{name}"));
    dir.run(&format!("{arguments} -o {whole}")).well();
    begin(dir, &stopped, campaign, format, 4);
    [arguments, whole, stopped]
}

/// Such blocks could belong to another campaign; here that is one with another energy.
#[test]
fn blocks_without_a_manifest_are_not_taken() {
    let dir = Dir::new();
    for format in FORMATS {
        let [arguments, whole, stopped] = whole_and_stopped(&dir, format, &campaign(Costing::MaestroCsv));
        fs::remove_file(dir.path(&stopped).join(".partial/manifest.json")).unwrap();
        // Files of a campaign that was killed while it removed them.
        fs::create_dir(dir.path(&stopped).join(".partial-done")).unwrap();
        fs::write(dir.path(&stopped).join(".partial-done/block-000000.json"), "").unwrap();
        let run = dir.run(&format!("{arguments} -o {stopped} --resume")).well();
        assert!(!run.stderr.contains("from before"), "{}", run.stderr);
        assert_eq!(files(&dir, &stopped), files(&dir, &whole));
    }
}

#[test]
fn blocks_that_are_not_whole_are_worked_out_again() {
    let dir = Dir::new();
    for format in FORMATS {
        let [arguments, whole, stopped] = whole_and_stopped(&dir, format, &campaign(TOTAL));
        let partial = dir.path(&stopped).join(".partial");
        fs::remove_file(partial.join("block-000000.part")).unwrap();
        let part = fs::OpenOptions::new().write(true).open(partial.join("block-000001.part")).unwrap();
        part.set_len(part.metadata().unwrap().len() - 1).unwrap();
        fs::write(partial.join("block-000002.json"), "{").unwrap();
        let run = dir.run(&format!("{arguments} -o {stopped} --resume")).well();
        assert!(run.stderr.contains("1 of 4 blocks from before"), "{}", run.stderr);
        assert_eq!(files(&dir, &stopped), files(&dir, &whole));
    }
}

/// A block may have the right length but other contents, or a valid checksum but designs that do not exist.
#[test]
fn blocks_that_are_not_as_written_are_worked_out_again() {
    let dir = Dir::new();
    for format in FORMATS {
        let [arguments, whole, stopped] = whole_and_stopped(&dir, format, &campaign(TOTAL));
        let partial = dir.path(&stopped).join(".partial");
        let part = partial.join("block-000001.part");
        let mut bytes = fs::read(&part).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0);
        fs::write(&part, bytes).unwrap();
        let summary = partial.join("block-000002.json");
        let text = fs::read_to_string(&summary).unwrap();
        let foreign = text.lines().next().unwrap().replacen(
            "\"designs\":[",
            "\"designs\":[{\"takes\":\"Best\",\"accelerator\":9999},",
            1,
        );
        assert!(foreign.contains("9999"), "{foreign}");
        fs::write(&summary, format!("{foreign}\n{}\n", checksum(foreign.as_bytes()))).unwrap();
        let run = dir.run(&format!("{arguments} -o {stopped} --resume")).well();
        let message = "2 of 4 blocks from before, 2 that were damaged worked out again";
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert_eq!(files(&dir, &stopped), files(&dir, &whole));
    }
}

#[test]
fn finished_campaigns_are_verified_and_not_replaced_without_a_word() {
    let dir = Dir::new();
    let arguments = arguments(Format::Csv);
    dir.run(&format!("{arguments} -o whole")).well();
    dir.run(&format!("{arguments} -o kept")).well();
    let table = dir.path("kept/latency.csv");
    fs::write(&table, fs::read_to_string(&table).unwrap().replacen(",1", ",2", 1)).unwrap();
    let run = dir.run(&format!("{arguments} -o kept --resume")).well();
    assert!(
        run.stderr.contains("kept: latency.csv was changed since the campaign wrote it: everything is computed"),
        "{}",
        run.stderr
    );
    assert_eq!(files(&dir, "kept"), files(&dir, "whole"));
    let run = dir.run(&format!("{arguments} -o kept")).well();
    assert!(!run.stderr.contains("replaced"), "{}", run.stderr);
    let other = dir.run(&format!("{} -o kept", arguments.replace("0..10 ", "0..9 "))).well();
    assert!(other.stderr.contains("kept: the results of another campaign are replaced"), "{}", other.stderr);
}

#[test]
fn one_campaign_works_in_a_directory_at_a_time() {
    let dir = Dir::new();
    let arguments = arguments(Format::Csv);
    let lock = Lock::take(&dir.path("busy")).unwrap();
    for resume in ["", " --resume"] {
        let error = dir.run(&format!("{arguments} -o busy{resume}")).failed(1);
        let message = format!("busy: process {} is at work there", std::process::id());
        assert!(error.contains(&message), "{error}");
    }
    drop(lock);
    // What a killed campaign leaves behind disturbs nobody, and is removed.
    dir.run(&format!("{arguments} -o whole")).well();
    fs::create_dir(dir.path("busy")).unwrap();
    dir.file("busy/.lock", "4194304\n");
    dir.file("busy/.maestrino-a1b2c3", "half a file");
    dir.run(&format!("{arguments} -o busy")).well();
    assert_eq!(files(&dir, "busy"), files(&dir, "whole"));
}

/// Whenever the signal comes, before the first block or after the last, the final files are the same.
#[test]
fn killed_and_interrupted_campaigns_go_on() {
    let dir = Dir::new();
    let arguments = arguments(Format::Csv);
    dir.run(&format!("{arguments} -o whole")).well();
    for (signal, codes) in [("-KILL", [None, Some(0)]), ("-INT", [Some(130), Some(0)])] {
        let mut command = dir.command();
        command.args(format!("{arguments} -o stopped --resume").split_whitespace());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The signal handler is installed before the first block.
        while child.try_wait().unwrap().is_none() && !dir.path("stopped/.partial").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        // This fails if there is nothing left to stop.
        let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
        let code = child.wait().unwrap().code();
        assert!(codes.contains(&code), "{signal}: {code:?}");
        dir.run(&format!("{arguments} -o stopped --resume")).well();
        assert_eq!(files(&dir, "stopped"), files(&dir, "whole"));
        fs::remove_dir_all(dir.path("stopped")).unwrap();
    }
}

/// Whenever the campaign is killed and whatever bytes of its blocks are zeroed, the final files are the same, and the
/// message says what was lost.
///
/// `MAESTRINO_KILLS` is the number of kills (default 10).
#[test]
fn killed_campaigns_with_zeroed_blocks_go_on() {
    let kills: u64 = std::env::var("MAESTRINO_KILLS").map_or(10, |kills| kills.parse().unwrap());
    let dir = Dir::new();
    let (mut finished, mut begun, mut kept_blocks, mut lost_blocks) = (0, 0, 0, 0);
    let whole = FORMATS.map(|format| {
        let start = Instant::now();
        dir.run(&format!("{} -o whole_{}", arguments(format), format.name())).well();
        (files(&dir, &format!("whole_{}", format.name())), start.elapsed())
    });
    for kill in 0..kills {
        let mut random = PythonRandom::new(kill);
        let format = FORMATS[random.below(2) as usize];
        let (whole, time) = &whole[format as usize];
        let resume = format!("{} -o killed --resume", arguments(format));
        let mut command = dir.command();
        let mut child = command.args(resume.split_whitespace()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(time.mul_f64(random.random()));
        // This fails if there is nothing left to kill.
        let _ = child.kill();
        child.wait().unwrap();
        let partial = dir.path("killed/.partial");
        let kept: Vec<_> = (0..4).filter(|block| partial.join(format!("block-{block:06}.json")).exists()).collect();
        let lost = kept.iter().filter(|block| random.below(2) == 0 && zero(&partial, **block, &mut random)).count();
        let run = dir.run(&resume).well();
        let says = |count: usize, words: &str| count == 0 || run.stderr.contains(&format!("{count} {words}"));
        assert!(says(kept.len() - lost, "of 4 blocks from before"), "kill {kill}: {}", run.stderr);
        assert!(says(lost, "that were damaged worked out again"), "kill {kill}: {}", run.stderr);
        assert_eq!(run.stderr.contains("damaged"), lost > 0, "kill {kill}: {}", run.stderr);
        assert_eq!(files(&dir, "killed"), *whole, "kill {kill}");
        finished += usize::from(run.stderr.contains("holds this campaign, complete"));
        begun += usize::from(!kept.is_empty());
        (kept_blocks, lost_blocks) = (kept_blocks + kept.len(), lost_blocks + lost);
        fs::remove_dir_all(dir.path("killed")).unwrap();
    }
    println!(
        "{kills} kills: {finished} after the end, {begun} with blocks, {kept_blocks} blocks kept, {lost_blocks} zeroed"
    );
}

/// Zeroes some bytes of a block. Returns whether that changed any byte.
fn zero(partial: &Path, block: usize, random: &mut PythonRandom) -> bool {
    let path = partial.join(format!("block-{block:06}.{}", random.choice(&["json", "part"])));
    let was = fs::read(&path).unwrap();
    let mut bytes = was.clone();
    let start = random.below(bytes.len() as u32) as usize;
    let end = start + random.below((bytes.len() - start) as u32) as usize;
    bytes[start..=end].fill(0);
    fs::write(path, &bytes).unwrap();
    bytes != was
}
