//! The C library as C and C++ programs use it: headers, installation, examples, and misuse by callers.
//!
//! Needs a C and a C++ compiler (`CC`, `CXX`), CMake and pkg-config. If one is missing, tests are skipped; with
//! `MAESTRINO_REQUIRE_C=1` they fail. clang and a compiler for ARM are used if they are installed.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::common::skipped;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const MAESTRINO: &str = env!("CARGO_BIN_EXE_maestrino");
const HEADER: &str = include_str!("../include/maestrino.h");
const WRAPPER: &str = include_str!("../include/maestrino.hpp");
const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];
const SANITIZE: [&str; 3] = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// An empty directory for one test.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c_programs").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Whether a program is installed.
fn available(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Whether the programs that a test needs are installed.
fn there(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| !available(program));
    missing.inspect(|missing| skipped::skip("MAESTRINO_REQUIRE_C", &format!("there is no {missing}"))).is_none()
}

fn compiler(variable: &str, default: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| default.to_string())
}

fn cc() -> String {
    compiler("CC", "cc")
}

fn cxx() -> String {
    compiler("CXX", "c++")
}

/// Runs a command, and returns its standard output. It must succeed and print nothing on standard error.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success() && stderr.is_empty(), "{command:?}: {status}\n{stdout}{stderr}");
    stdout.into_owned()
}

/// The directory where `install.sh` has installed the library, once for all tests. It is then moved, because the
/// library must work from any place.
fn installed() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let directory = scratch("installed");
        let (first, prefix) = (directory.join("first"), directory.join("moved"));
        let mut install = Command::new("bash");
        install.arg(Path::new(ROOT).join("c_examples/install.sh")).arg(&first);
        // A separate target directory, because the tests themselves are built in the usual one.
        install.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("library"));
        install.env_remove("CARGO_BUILD_TARGET");
        let output = install.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::rename(&first, &prefix).unwrap();
        prefix
    })
}

/// Accelerators that blobs are compiled for: one whose blobs have all kinds of events, the same with buffers that are
/// too small, and one whose blobs are short.
const ETHOS: [&str; 2] = ["--hw", "ethos-u55-128"];
/// Flags that give a choice of mappings; it does not matter which.
const CHOICE: [&str; 4] = ["--bandwidths", "offchip=1:64", "--map-budget", "1"];
const TIGHT: [&str; 6] = ["--hw", "ethos-u55-128", "--l1", "64", "--l2", "3000"];
const EDGE16: [&str; 2] = ["--hw", "edge16"];

/// Compiles a blob of a small network.
fn blob(directory: &Path, name: &str, flags: &[&str]) -> PathBuf {
    let path = directory.join(name);
    let mut compile = Command::new(MAESTRINO);
    let output = compile.args(["compile", "ds_cnn"]).args(flags).arg("-o").arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

/// The functions that the header declares.
fn functions() -> BTreeSet<&'static str> {
    let declared = HEADER.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    let names = declared.filter_map(|line| {
        let name = line[..line.find('(')?].rsplit([' ', '*']).next()?;
        name.starts_with("maestrino_").then_some(name)
    });
    let names: BTreeSet<_> = names.collect();
    assert!(names.len() >= 20, "{names:?}");
    names
}

#[test]
fn headers_compile_alone_in_every_standard() {
    let directory = scratch("headers");
    let (c, cpp) = (directory.join("alone.c"), directory.join("alone.cpp"));
    fs::write(&c, "#include \"maestrino.h\"\n#include \"maestrino.h\"\nint main(void) { return 0; }\n").unwrap();
    fs::write(&cpp, "#include \"maestrino.hpp\"\n#include \"maestrino.hpp\"\nint main() { return 0; }\n").unwrap();
    let compile = |compiler: &str, standard: &str, extra: &[&str], source: &Path| {
        let mut command = Command::new(compiler);
        command.arg(format!("-std={standard}")).args(STRICT).args(["-Wconversion", "-Wundef", "-Wshadow"]).args(extra);
        run(command.args(["-fsyntax-only", "-I"]).arg(Path::new(ROOT).join("include")).arg(source));
    };
    if !there(&[&cc(), &cxx()]) {
        return;
    }
    let (cc, cxx) = (cc(), cxx());
    for compiler in [&cc, "clang", "arm-none-eabi-gcc"].into_iter().filter(|compiler| available(compiler)) {
        for standard in ["c99", "c11", "c2x"] {
            compile(compiler, standard, &["-Wstrict-prototypes"], &c);
        }
    }
    let firmware = ["-fno-exceptions", "-fno-rtti", "-ffreestanding", "-Wold-style-cast"];
    for compiler in [&cxx, "clang++", "arm-none-eabi-g++"].into_iter().filter(|compiler| available(compiler)) {
        for standard in ["c++17", "c++20"] {
            compile(compiler, standard, &[], &cpp);
            compile(compiler, standard, &firmware, &cpp);
        }
    }
}

/// The wrapper's enumerations are written by hand. They must have all numbers of the header.
#[test]
fn the_wrapper_knows_every_number() {
    for name in ["dim", "kind", "preset", "bound", "buffer", "activations"] {
        let body = HEADER.split_once(&format!("enum maestrino_{name}\n")).unwrap().1;
        let body = body.split_once('}').unwrap().0;
        let numbers = body.lines().filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = "));
        let names: Vec<_> = numbers.map(|(name, _)| name).collect();
        assert!(names.len() >= 3);
        for number in names {
            let short = number.trim_start_matches("MAESTRINO_").trim_start_matches("BOUND_").to_lowercase();
            let short = if short == "auto" { "automatic" } else { &short };
            assert!(WRAPPER.contains(&format!("    {short} = {number},\n")), "{number} is missing in maestrino.hpp");
        }
    }
}

#[test]
fn the_shared_library_exports_what_the_header_declares_and_needs_next_to_nothing() {
    if !there(&[&cc(), "nm"]) {
        return;
    }
    let library = installed().join("lib/libmaestrino.so");
    let symbols = |which: &str| run(Command::new("nm").args(["-D", "-P", which]).arg(&library));
    let names = |listed: &str, kinds: &str| -> BTreeSet<String> {
        let words = listed.lines().map(|line| line.split_whitespace());
        let pairs = words.filter_map(|mut words| Some((words.next()?, words.next()?)));
        let wanted = pairs.filter(|(_, kind)| kinds.contains(kind));
        wanted.map(|(name, _)| name.split('@').next().unwrap_or_default().to_string()).collect()
    };
    let exported = names(&symbols("--defined-only"), "TDBR");
    assert_eq!(exported, functions().into_iter().map(String::from).collect());
    let needed = names(&symbols("--undefined-only"), "U");
    let plain = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];
    assert!(needed.iter().all(|name| plain.contains(&name.as_str())), "{needed:?}");
}

#[test]
fn examples_build_against_the_installation_and_agree_with_the_command_line() {
    if !there(&[&cc(), &cxx(), "cmake", "pkg-config"]) {
        return;
    }
    let directory = scratch("examples");
    let (fitting, tight) = (blob(&directory, "fitting.mst", &ETHOS), blob(&directory, "tight.mst", &TIGHT));
    let sources = Path::new(ROOT).join("c_examples");
    let mut programs = Vec::new();

    // CMake: one program links the static library, and one the shared library.
    let build = directory.join("cmake");
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(&sources).arg("-B").arg(&build).env_remove("CMAKE_PREFIX_PATH");
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", installed().display()));
    configure.arg("-DCMAKE_C_FLAGS=-Werror").arg("-DCMAKE_CXX_FLAGS=-Werror");
    run(&mut configure);
    run(Command::new("cmake").arg("--build").arg(&build));
    programs.extend([build.join("estimate_c"), build.join("estimate_cpp")]);

    // pkg-config: the shared library; and the static library by its path.
    let config = |arguments: &[&str]| {
        let mut command = Command::new("pkg-config");
        command.env("PKG_CONFIG_PATH", installed().join("lib/pkgconfig")).args(arguments).arg("maestrino");
        run(&mut command).split_whitespace().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(config(&["--modversion"]), [env!("CARGO_PKG_VERSION")]);
    let libraries = config(&["--variable=libdir"]).concat();
    let library = format!("{libraries}/libmaestrino.a");
    for (compiler, standard, source) in [(cc(), "c99", "estimate.c"), (cxx(), "c++17", "estimate.cpp")] {
        for (kind, link) in [("shared", config(&["--libs"])), ("static", vec![library.clone()])] {
            let program = directory.join(format!("{source}.{kind}"));
            let mut command = Command::new(&compiler);
            command.arg(format!("-std={standard}")).args(STRICT).arg("-Wconversion").arg(sources.join(source));
            command.args(config(&["--cflags"])).args(link).arg(format!("-Wl,-rpath,{libraries}"));
            run(command.arg("-o").arg(&program));
            programs.push(program);
        }
    }

    let mut outputs = BTreeSet::new();
    for program in &programs {
        outputs.insert(agrees_with_the_command_line(program, &fitting, &ETHOS, 0));
        outputs.insert(agrees_with_the_command_line(program, &tight, &TIGHT, 3));
        let run = |arguments: &[&str]| Command::new(program).args(arguments).output().unwrap();
        let path = fitting.to_str().unwrap();
        let missed = run(&[path, "200000000", "300"]);
        assert_eq!(missed.status.code(), Some(4), "{missed:?}");
        let text = String::from_utf8_lossy(&missed.stdout);
        assert!(text.ends_with("at 200000000 Hz: 375 us\nmisses the deadline of 300 us\n"), "{text}");
        assert_eq!(run(&[path, "200000000", "375"]).status.code(), Some(0));
        for wrong in [&[][..], &[path, "0"], &[path, "5000000000"], &[path, "1", "soon"]] {
            assert_eq!(run(wrong).status.code(), Some(2));
        }
        let no_blob = run(&[&format!("{ROOT}/Cargo.toml")]);
        assert_eq!(no_blob.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&no_blob.stderr), "network: this is no network blob\n");
    }
    assert_eq!(outputs.len(), 2, "the examples print different things: {outputs:#?}");
}

/// Runs an example and the command line, whose exact model must print the same figures. Returns what the example
/// prints.
fn agrees_with_the_command_line(program: &Path, blob: &Path, accelerator: &[&str], code: i32) -> String {
    let mut estimate = Command::new(MAESTRINO);
    estimate.args(["estimate", "--format", "json"]).args(accelerator).arg("--network").arg(blob);
    let estimate: serde_json::Value = serde_json::from_slice(&estimate.output().unwrap().stdout).unwrap();
    let output = Command::new(program).arg(blob).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(code), 0), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let line = |start: &str| printed.lines().find_map(|line| line.strip_prefix(start)).expect(start);

    let (total, fits) = (&estimate["total"], code == 0);
    let figures: Vec<_> = line("total: ").split(", ").map(|figure| figure.split(' ').next().unwrap()).collect();
    let text = |value: &serde_json::Value| if value.is_null() { "-".to_string() } else { value.to_string() };
    assert_eq!(figures[..2], [text(&total["cycles"]), text(&total["macs"])]);
    // If L2 is too small, the example leaves out off-chip transfers, and the command line prints no energy at all.
    let (nj, expected) = (figures[2].parse::<f64>().unwrap(), total["energy_nj"].as_f64());
    assert!(expected.map_or(!fits, |expected| (nj - expected).abs() < 1e-5), "{nj} nJ, and {expected:?}");
    for (name, field) in [("L1", "l1"), ("cluster", "cluster"), ("L2", "l2")] {
        let buffer: Vec<_> = line(&format!("{name} ")).split_whitespace().collect();
        assert_eq!(buffer[0], text(&total[format!("{field}_need")]), "{printed}");
        let limit = &estimate["hardware"][format!("{field}_bytes")];
        let limit = if limit.is_null() { "none".to_string() } else { limit.to_string() };
        assert_eq!(buffer[4].trim_end_matches(':'), limit, "{printed}");
        assert_eq!(buffer.ends_with(&["too", "small"]), !fits && name != "cluster", "{printed}");
    }
    for layer in estimate["layers"].as_array().unwrap() {
        let name = layer["name"].as_str().unwrap();
        let row = printed.lines().find(|line| line.split_whitespace().nth(1) == Some(name)).expect(name);
        assert_eq!(row.split_whitespace().nth(3), Some(&*text(&layer["cycles"])), "{row}");
    }
    if fits {
        let us = total["latency_us"].as_f64().unwrap().ceil();
        assert!(printed.ends_with(&format!("at 500000000 Hz: {us} us\nmeets the deadline of 1000 us\n")), "{printed}");
    } else {
        assert!(printed.ends_with("\ndoes not fit: 5 of 10 layers\n"), "{printed}");
    }
    printed
}

/// `find_package` asks for a version that is not installed.
#[test]
fn cmake_refuses_other_versions() {
    if !there(&[&cc(), "cmake"]) {
        return;
    }
    let directory = scratch("versions");
    let found = |version: &str| {
        let project = "cmake_minimum_required(VERSION 3.16)\nproject(versions C)\n";
        let script = format!("{project}find_package(maestrino {version} CONFIG REQUIRED)\n");
        fs::write(directory.join("CMakeLists.txt"), script).unwrap();
        let mut configure = Command::new("cmake");
        configure.arg("-S").arg(&directory).arg("-B").arg(directory.join(format!("build{version}")));
        configure.arg(format!("-DCMAKE_PREFIX_PATH={}", installed().display()));
        configure.output().unwrap().status.success()
    };
    let [major, minor, patch] = [0, 1, 2].map(|i| {
        let part = env!("CARGO_PKG_VERSION").split('.').nth(i).unwrap();
        part.parse::<u32>().unwrap()
    });
    assert!(found(""));
    assert!(found(&format!("{major}.{minor}")));
    assert!(found(&format!("{major}.{minor}.{patch} EXACT")));
    assert!(!found(&format!("{major}.{minor}.{}", patch + 1)));
    assert!(!found(&format!("{major}.{}", minor + 1)));
    assert!(!found(&format!("{}.0", major + 1)));
}

/// Builds a program of tests/c with the static library.
fn program(directory: &Path, compiler: &str, source: &str, flags: &[&str]) -> PathBuf {
    let program = directory.join(Path::new(source).with_extension(""));
    let mut command = Command::new(compiler);
    command.args(STRICT).args(flags).arg("-I").arg(installed().join("include"));
    command.arg(Path::new(ROOT).join("tests/c").join(source)).arg(installed().join("lib/libmaestrino.a"));
    run(command.args(["-lm", "-pthread", "-o"]).arg(&program));
    program
}

#[test]
fn the_wrapper_is_what_it_says() {
    if !there(&[&cxx()]) {
        return;
    }
    let directory = scratch("wrapper");
    let choice = [&ETHOS[..], &CHOICE].concat();
    let (fitting, tight) = (blob(&directory, "fitting.mst", &choice), blob(&directory, "tight.mst", &TIGHT));
    let flags = ["-Wconversion", "-Wshadow", "-fno-exceptions", "-fno-rtti"];
    for standard in ["-std=c++17", "-std=c++20"] {
        let flags = [&flags[..], &SANITIZE, &[standard]].concat();
        run(Command::new(program(&directory, &cxx(), "wrapper.cpp", &flags)).arg(&fitting).arg(&tight));
    }
}

#[test]
fn abuse_calls_every_function() {
    let abuse = include_str!("c/abuse.c");
    for function in functions() {
        assert!(abuse.contains(&format!("{function}(")), "tests/c/abuse.c does not call {function}");
    }
}

/// Runs a program of tests/c, whose last line must say that nothing has failed.
fn no_failures(command: &mut Command) {
    let printed = run(command);
    assert!(printed.ends_with(" 0 failures\n"), "{printed}");
}

/// Valgrind checks the library, too; sanitizers check only the C program.
fn under_valgrind(program: &Path) -> Command {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]).arg(program);
    valgrind
}

#[test]
fn abuse_does_no_harm() {
    if !there(&[&cc()]) {
        return;
    }
    let directory = scratch("abuse");
    let [short, long] = [("short.mst", EDGE16), ("long.mst", ETHOS)]
        .map(|(name, accelerator)| blob(&directory, name, &[&accelerator[..], &CHOICE].concat()));
    let sanitized = program(&directory, &cc(), "abuse.c", &[&SANITIZE[..], &["-std=c99", "-O1"]].concat());
    // All damages of a short blob, and some of a long blob with more kinds of events.
    no_failures(Command::new(&sanitized).arg(&short).args(["50000", "1"]));
    no_failures(Command::new(&sanitized).arg(&long).args(["20000", "50"]));
    if there(&["valgrind"]) {
        let plain = program(&directory, &cc(), "abuse.c", &["-std=c99", "-gdwarf-4"]);
        no_failures(under_valgrind(&plain).arg(&short).args(["1000", "60"]));
    }
}

#[test]
fn a_program_of_an_older_header_is_refused_and_nothing_of_it_overwritten() {
    if !there(&[&cc()]) {
        return;
    }
    let directory = scratch("old_caller");
    let blob = blob(&directory, "ds_cnn.mst", &ETHOS);
    let sanitized = program(&directory, &cc(), "old_caller.c", &[&SANITIZE[..], &["-std=c99"]].concat());
    no_failures(Command::new(sanitized).arg(&blob));
    if there(&["valgrind"]) {
        let plain = program(&directory, &cc(), "old_caller.c", &["-std=c99", "-gdwarf-4"]);
        no_failures(under_valgrind(&plain).arg(&blob));
    }
}
