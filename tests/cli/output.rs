//! Where output goes: files, full disks, pipes that nobody reads, progress on standard error.

use std::process::{Command, Stdio};

use crate::common::{Dir, Run, data, read};

#[cfg(unix)]
#[test]
fn output_keeps_the_mode_of_what_it_replaces() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    let mode = |name: &str| std::fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777;
    dir.file("out.csv", "old");
    std::fs::set_permissions(dir.path("out.csv"), std::fs::Permissions::from_mode(0o640)).unwrap();
    dir.run("estimate --format csv -o out.csv").quiet();
    assert_eq!(mode("out.csv"), 0o640);
    assert!(read(&dir.path("out.csv")).starts_with("network,"));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let dir = Dir::new();
    for arguments in [&["--help"][..], &["estimate", "--help"], &["--version"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = dir.command().args(arguments).stdout(full).output().unwrap();
        let message = String::from_utf8(run.stderr).unwrap();
        let expected = "cannot write standard output";
        assert!(run.status.code() == Some(1) && message.contains(expected), "{arguments:?}: {message}");
    }
    assert!(dir.run("estimate --help").quiet().stdout.contains("Usage:"));
}

#[test]
fn output_goes_to_a_file_whole() {
    let dir = Dir::new();
    for format in ["table", "csv", "json", "maestro-csv"] {
        let arguments = format!("estimate --network resnet8 --format {format}");
        let expected = dir.run(&arguments).well().stdout;
        dir.file("out", "x".repeat(1 << 20));
        let run = dir.run(&format!("{arguments} --output out")).well();
        assert_eq!((run.stdout.as_str(), read(&dir.path("out"))), ("", expected), "{format}");
        assert_eq!(dir.files(), ["out"]);
    }
    let expected = dir.run("convert resnet8").quiet().stdout;
    dir.run("convert resnet8 --output out").quiet();
    assert_eq!(read(&dir.path("out")), expected);
    assert_eq!(dir.files(), ["out"]);
}

#[cfg(unix)]
#[test]
fn output_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    dir.file("any", "");
    dir.run("estimate --output out").quiet();
    let mode = |name: &str| std::fs::metadata(dir.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("out"), mode("any"));
}

#[test]
fn output_is_left_alone_on_errors() {
    let dir = Dir::new();
    dir.file("out", "precious");
    dir.file("bad.m", "Network bad { Layer a { Type: CONV } }");
    std::fs::create_dir(dir.path("folder")).unwrap();
    let commands = [
        "estimate --pes 16 --no-fit --output out",
        "estimate --pes 16 --format maestro-csv --output out",
        "estimate --network bad.m --format csv --output out",
        "estimate --hw nowhere --output out",
        "convert bad.m --output out",
        "convert ds_cnn --dataflow nothing --output out",
        "estimate --output nowhere/out",
        "estimate --output folder",
        "convert ds_cnn --output folder",
    ];
    for command in commands {
        dir.run(command).failed(1);
        assert_eq!(read(&dir.path("out")), "precious", "{command}");
        assert_eq!(dir.files(), ["bad.m", "folder", "out"], "{command}");
        assert_eq!(std::fs::read_dir(dir.path("folder")).unwrap().count(), 0, "{command}");
    }
    let message = dir.run("estimate --output nowhere/out").failed(1);
    assert!(message.starts_with("error: cannot write nowhere/out: "), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let dir = Dir::new();
    for command in ["estimate --format json", "convert resnet50"] {
        let message = dir.run(&format!("{command} --output /dev/full")).failed(1);
        assert!(message.starts_with("error: cannot write /dev/full: "), "{message}");
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run::of(command, dir.command().args(command.split(' ')).stdout(full));
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.starts_with("error: cannot write standard output: "), "{}", run.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_error_that_is_full_ends_no_run() {
    let dir = Dir::new();
    for (command, code) in
        [("estimate --format csv", 0), ("estimate --network nowhere", 1), ("compile ds_cnn -o net", 0)]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run::of(command, dir.command().args(command.split(' ')).stderr(full));
        assert_eq!(run.code, Some(code), "{command}");
    }
}

/// A log shows that a command is still working. Here the command waits for a pipe that nobody writes to.
#[cfg(unix)]
#[test]
fn long_commands_say_something_where_there_is_no_terminal() {
    use std::io::BufRead;
    let dir = Dir::new();
    assert!(Command::new("mkfifo").arg(dir.path("pipe")).status().unwrap().success());
    // Opening the pipe only for reading would wait until its other end is opened.
    let writer = std::fs::OpenOptions::new().read(true).write(true).open(dir.path("pipe")).unwrap();
    let mut command = dir.command();
    command.env("MAESTRINO_PROGRESS", "0.2").args(["estimate", "--network", "pipe"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    // The second line appears after a second.
    let shown = [lines.next().unwrap(), lines.next().unwrap()];
    child.kill().unwrap();
    child.wait().unwrap();
    drop(writer);
    assert_eq!(shown[0], "still at work: 0 s");
    assert!(shown[1].starts_with("still at work: ") && shown[1] != shown[0], "{shown:?}");
}

/// With `MAESTRINO_PROGRESS=0`, even short steps are shown, and the steps in this test are short.
#[test]
fn every_step_that_may_be_long_is_shown() {
    let dir = Dir::new();
    let designs = "--hw-grid pes=64:128,noc=100,offchip=50 --dataflow kcp_ws,xp_ws --model maestro";
    let listed = "--space tiny --networks 0..6";
    let effort = "--method evolve --population 8 --generations 3 --seed 0..2";
    let steps: [(String, &[&str]); 7] = [
        (
            format!("space campaign {listed} {designs} -o costs"),
            &["tiny: networks 0..6", "layers of 6 networks", "tiny: costing 6 networks on 2 accelerators"],
        ),
        (
            "space srcc costs -o srcc".to_string(),
            &["reading tables: 0 of 1", "rank correlation of EDP on 4 designs", "heat maps"],
        ),
        (
            format!("space sample {listed}"),
            &["tiny: networks 0..6", "accuracies of 6 networks", "figures of 6 networks"],
        ),
        (
            format!("codesign {listed} {designs} --grid 3x3 -o found"),
            &[
                "costs: 6 networks on 4 designs",
                "tables and rank correlations",
                "3 x 3 queries about each of 4 designs, and all",
                "methods and proxies asked 36 queries: 0 of 12",
                "methods and proxies asked 9 queries: 0 of 13",
                "shortlists, and adaptive search by tolerance",
            ],
        ),
        (
            format!("codesign {listed} {designs} --method adaptive --constraint latency=1e12"),
            &["accuracies of 6 networks", "adaptive search: 6 networks on 4 designs"],
        ),
        (
            format!("codesign --space tiny {designs} {effort} --enumerate --networks 0..6"),
            &["evolution with 2 seeds, pairs at most: 0 of 64", "enumerating 6 networks, blocks of designs"],
        ),
        ("report found".to_string(), &["reading found", "drawing figures: 0 of"]),
    ];
    for (arguments, steps) in steps {
        let mut command = dir.command();
        command.env("MAESTRINO_PROGRESS", "0").args(arguments.split_whitespace());
        let shown = Run::of(&arguments, &mut command).well().stderr;
        for step in steps {
            assert!(shown.lines().any(|line| line.starts_with(step)), "{step}: {shown}");
        }
        // By default short steps are not shown.
        let quiet = dir.run(&arguments).well().stderr;
        assert!(steps.iter().all(|step| !quiet.contains(step)), "{quiet}");
    }
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let dir = Dir::new();
    let mapping = data("parity/alternating.m");
    let mapping = mapping.display();
    let commands = [
        "estimate --network resnet50 --format json".to_string(),
        "estimate".to_string(),
        "list".to_string(),
        "convert resnet50 --dataflow kcp_ws".to_string(),
        "--help".to_string(),
        format!("maestro --Mapping_file={mapping} --num_pes=64"),
        format!("estimate --mapping {mapping} --format maestro-csv"),
    ];
    for command in commands {
        read_nothing(&dir, &command);
    }
}

#[test]
fn nobody_has_to_read_the_csv_to_the_end() {
    read_nothing(&Dir::new(), "estimate --network resnet50 --format csv");
}

/// Closes the program's standard output before it writes. That must not be an error.
fn read_nothing(dir: &Dir, command: &str) {
    let mut child = dir.command();
    child.args(command.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{command}");
}
