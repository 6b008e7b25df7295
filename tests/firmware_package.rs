//! Tests the package that `c_examples/firmware/package.sh` makes. Each example is compiled in the same way as by its
//! build system, for emulated boards, and must print the figures of the command line.
//!
//! Zephyr and ESP-IDF are not in a package registry, so `tests/c/` has stand-ins for the parts of them that the
//! examples call.
#![cfg(unix)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use crate::common::skipped;
use crate::firmware::{self, FIGURES, TARGETS};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const MAESTRINO: &str = env!("CARGO_BIN_EXE_maestrino");

/// The path of a folder for one test. The folder does not exist yet.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("firmware_package").join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

/// The package for the targets of the boards, made once.
static PACKAGE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    // Both write images of the library, so one must run after the other.
    FIGURES.as_ref().map_err(String::clone)?;
    let path = scratch("package").join("maestrino");
    firmware::script("package.sh", &[&[path.to_str().unwrap()], &TARGETS[..]].concat())?;
    Ok(path)
});

/// The package. If it cannot be made or one of these programs is missing, the test is skipped.
fn package(programs: &[&str]) -> Option<&'static Path> {
    let package = firmware::printed(&PACKAGE)?;
    for program in programs {
        if Command::new(program).arg("--version").output().is_err() {
            skipped::skip("MAESTRINO_REQUIRE_FIRMWARE", &format!("there is no {program}"));
            return None;
        }
    }
    Some(package)
}

/// Runs a command, which must succeed, and returns its output.
fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (printed, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{printed}{complaints}", output.status);
    printed.into_owned()
}

/// The semihosting output of an image on a board in QEMU.
fn on_board(board: &str, image: &Path) -> String {
    let (emulator, machine): (_, &[&str]) = match board {
        "virt" => ("qemu-system-riscv32", &["-bios", "none"]),
        _ => ("qemu-system-arm", &[]),
    };
    let mut qemu = Command::new("timeout");
    qemu.args(["60", emulator, "-M", board]).args(machine).arg("-kernel").arg(image);
    qemu.args(["-display", "none", "-monitor", "none", "-serial", "none", "-chardev", "stdio,id=console"]);
    run(qemu.args(["-semihosting-config", "enable=on,target=native,chardev=console"]))
}

/// The cycles of DS-CNN on `edge16`, as the command line prints them.
fn cycles() -> String {
    let mut estimate = Command::new(MAESTRINO);
    estimate.args(["estimate", "--network", "ds_cnn", "--hw", "edge16", "--format", "json"]);
    let estimate: serde_json::Value = serde_json::from_str(&run(&mut estimate)).unwrap();
    estimate["total"]["cycles"].as_u64().unwrap().to_string()
}

/// Builds an example of the package with CMake and one of the package's toolchain files. Returns the image.
fn cmake(package: &Path, example: &str, toolchain: &str, settings: &[String]) -> PathBuf {
    let build = scratch(&format!("{example}-{toolchain}"));
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(package.join("examples").join(example)).arg("-B").arg(&build);
    configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={}/examples/cmake/{toolchain}.cmake", package.display()));
    configure.env("IDF_PATH", Path::new(ROOT).join("tests/c/esp-idf"));
    configure.env("ZEPHYR_BASE", Path::new(ROOT).join("tests/c/zephyr"));
    run(configure.args(settings));
    run(Command::new("cmake").arg("--build").arg(&build));
    build.join("verdict.elf")
}

#[test]
fn cmake_finds_the_library_for_a_toolchain_file_and_boards_run_it() {
    let Some(package) = package(&["cmake"]) else { return };
    for (toolchain, board) in [("cortex-m0", "microbit"), ("cortex-m4", "mps2-an386"), ("riscv32", "virt")] {
        let image = cmake(package, "cmake", toolchain, &[format!("-DCMAKE_PREFIX_PATH={}", package.display())]);
        let printed = on_board(board, &image);
        assert_eq!(printed, format!("ds_cnn: done, {} cycles\n", cycles()), "{board}");
    }
}

#[test]
fn processors_without_a_library_are_refused() {
    let Some(package) = package(&["cmake"]) else { return };
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", package.display());
    let configure = |flags: &str| {
        let mut configure = Command::new("cmake");
        configure.arg("-S").arg(package.join("examples/cmake")).arg("-B").arg(scratch("refused"));
        configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={}/examples/cmake/cortex-m4.cmake", package.display()));
        configure.arg(&prefix).arg(format!("-DCMAKE_C_FLAGS={flags} --specs=picolibc.specs")).output().unwrap()
    };
    assert!(configure("-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16").status.success());
    // The package was not made for the second processor, though it was for similar ones.
    for (flags, folder) in [("-mcpu=arm7tdmi", "unknown"), ("-mcpu=cortex-m4 -mfloat-abi=softfp", "cortex-m4")] {
        let output = configure(flags);
        let complaint = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!output.status.success(), "{flags}");
        let expected = format!("no library for this processor ('{folder}', by processor.h from CMAKE_C_FLAGS '{flags}");
        assert!(complaint.contains(&expected), "{complaint}");
    }
}

/// Builds like the Arduino IDE: with the library's folder for the processor, its `ldflags`, and the sketch as C++.
#[test]
fn arduino_s_build_links_the_precompiled_library_and_a_board_runs_the_sketch() {
    let Some(package) = package(&["arm-none-eabi-g++"]) else { return };
    let text = fs::read_to_string(package.join("library.properties")).unwrap();
    let properties: HashMap<_, _> = text.lines().map(|line| line.split_once('=').expect(line)).collect();
    // All properties that the format requires, with allowed values.
    for required in ["name", "version", "author", "maintainer", "sentence", "paragraph", "category", "architectures"] {
        assert!(!properties[required].is_empty(), "{required}");
    }
    assert_eq!((properties["version"], properties["precompiled"]), (env!("CARGO_PKG_VERSION"), "full"));
    assert!(["Data Processing", "Other"].contains(&properties["category"]));
    assert!(package.join("src").join(properties["includes"]).exists());

    let build = scratch("arduino");
    fs::create_dir_all(&build).unwrap();
    let sketch = package.join("examples/verdict");
    let code = fs::read_to_string(sketch.join("verdict.ino")).unwrap();
    fs::write(build.join("verdict.ino.cpp"), format!("#include <Arduino.h>\n{code}")).unwrap();
    // The properties of the processor in boards.txt, for an M0+ and for an M4 with floating point.
    for (mcu, fpu, board) in
        [("cortex-m0plus", None, "microbit"), ("cortex-m4", Some(("fpv4-sp-d16", "hard")), "mps2-an386")]
    {
        let mut flags = vec![format!("-mcpu={mcu}"), "-mthumb".into(), "-Os".into(), "--specs=picolibc.specs".into()];
        let mut folder = package.join("src").join(mcu);
        if let Some((fpu, float)) = fpu {
            flags.extend([format!("-mfpu={fpu}"), format!("-mfloat-abi={float}")]);
            folder.push(format!("{fpu}-{float}"));
        }
        let mut objects = Vec::new();
        for (compiler, source) in [("g++", build.join("verdict.ino.cpp")), ("gcc", sketch.join("ds_cnn.c"))] {
            let object = build.join(format!("{mcu}-{compiler}.o"));
            let mut compile = Command::new(format!("arm-none-eabi-{compiler}"));
            compile.args(&flags).args(["-Wall", "-Werror", "-fno-exceptions", "-ffunction-sections", "-c"]).arg(source);
            compile.arg("-I").arg(package.join("src")).arg("-I").arg(Path::new(ROOT).join("tests/c/arduino"));
            run(compile.arg("-o").arg(&object));
            objects.push(object);
        }
        let image = build.join(format!("{mcu}.elf"));
        let mut link = Command::new("arm-none-eabi-gcc");
        link.args(&flags).args(["--oslib=semihost", "--crt0=hosted", "-Wl,--gc-sections"]);
        link.arg("-Wl,--defsym=__flash=0,--defsym=__flash_size=256K,--defsym=__ram=0x20000000,--defsym=__ram_size=16K");
        link.args(objects).arg("-L").arg(folder).args(properties["ldflags"].split(' '));
        run(link.arg("-o").arg(&image));
        assert_eq!(on_board(board, &image), format!("done, cycles of ds_cnn: {}\n", cycles()), "{mcu}");
    }
}

/// The script that PlatformIO runs before it builds the library, in an environment that contains the board's flags.
#[test]
fn platformio_s_script_links_the_library_for_the_flags_of_the_board() {
    let Some(package) = package(&["python3", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc"]) else { return };
    const RUN: &str = "
import sys
class Environment:
    def subst(self, text): return sys.argv[1]
    def Append(self, **added): print(added)
env = Environment()
exec(open('library.py').read(), {'env': env, 'Import': lambda name: None})";
    let script =
        |command: &str| Command::new("python3").args(["-c", RUN, command]).current_dir(package).output().unwrap();
    for (command, folder) in [
        ("arm-none-eabi-gcc -mcpu=cortex-m0plus -mthumb", "cortex-m0plus"),
        ("arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16", "cortex-m4/fpv4-sp-d16-hard"),
        ("riscv64-unknown-elf-gcc -march=rv32imc -mabi=ilp32", "esp32c3"),
    ] {
        let output = script(command);
        let added = format!("{{'LIBPATH': ['{}/src/{folder}'], 'LIBS': ['maestrino']}}\n", package.display());
        assert_eq!(String::from_utf8_lossy(&output.stdout), added, "{}", String::from_utf8_lossy(&output.stderr));
    }
    let refused = script("arm-none-eabi-gcc -mcpu=arm7tdmi");
    assert_eq!(refused.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&refused.stderr);
    assert!(complaint.contains("maestrino: no library for this processor: unknown"), "{complaint}");

    let manifest = fs::read_to_string(package.join("library.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let example = &manifest["examples"][0];
    for file in example["files"].as_array().unwrap() {
        let path = package.join(example["base"].as_str().unwrap()).join(file.as_str().unwrap());
        assert!(path.exists(), "{}", path.display());
    }
}

#[test]
fn zephyr_s_module_links_the_library_for_what_kconfig_tells() {
    let Some(package) = package(&["cmake"]) else { return };
    let arm = "CONFIG_CPU_CORTEX_M=y";
    for (toolchain, board, config) in [
        ("cortex-m0", "microbit", format!("{arm};CONFIG_CPU_CORTEX_M0=y")),
        ("cortex-m4", "mps2-an386", format!("{arm};CONFIG_CPU_CORTEX_M4=y;CONFIG_FP_HARDABI=y")),
        ("riscv32", "virt", "CONFIG_RISCV=y".to_string()),
    ] {
        let modules = format!("-DZEPHYR_EXTRA_MODULES={}", package.display());
        let image = cmake(package, "zephyr", toolchain, &[modules, format!("-DBOARD_CONFIG={config}")]);
        let printed = on_board(board, &image);
        assert_eq!(printed, format!("ds_cnn: done, {} cycles\n", cycles()), "{board}");
    }
}

#[test]
fn esp_idf_s_component_links_the_library_for_risc_v() {
    let Some(package) = package(&["cmake"]) else { return };
    let image = cmake(package, "esp-idf", "riscv32", &["-DIDF_TARGET=esp32c3".to_string()]);
    assert_eq!(on_board("virt", &image), format!("ds_cnn: done, {} cycles\n", cycles()));
}
