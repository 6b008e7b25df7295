#!/usr/bin/env bash
# The library for firmware, and images that use it on emulated boards.
#
#   build.sh lib [TARGET...]   builds the library for all targets, or for these, and prints its sizes
#   build.sh check             builds and runs the images, and compares what they print with the PC and expected.txt;
#                              with UPDATE=1 it writes expected.txt again
#
# The figures are bytes of flash and static RAM of the library alone, bytes of stack that it takes below its caller, and
# instructions.
#
# Results go to boards/ in CARGO_TARGET_DIR (default: target/). Set MAESTRINO to a maestrino program to use that one.
# Ends with 77 if a tool is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$CARGO_TARGET_DIR/boards"
out=$(cd "$CARGO_TARGET_DIR/boards" && pwd)
cd "$root"

BOARD_TARGETS=(thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf)
TARGETS=("${BOARD_TARGETS[@]}" wasm32-unknown-unknown)
BOARDS=(mps2_an386 microbit riscv_virt)
# The functions that a device calls to estimate its own networks.
ESTIMATOR=(maestrino_network_open maestrino_network_hardware maestrino_estimate_network maestrino_cycles_to_us)
# The further functions that a device calls to choose mappings.
CHOOSER=(maestrino_choose_mapping maestrino_network_mapping)
# The functions that a device calls to analyse layers that are not in a blob.
ANALYSIS=(maestrino_estimate_layer)
# All functions of the C ABI, from the header.
mapfile -t ALL < <(grep -oE '\bmaestrino_[a-z_]+\(' include/maestrino.h | tr -d '(' | sort -u)

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

# Ends the script if programs are missing.
need() {
    local program missing=()
    for program in "$@"; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    if ((${#missing[@]})); then
        echo "missing: ${missing[*]}" >&2
        echo "Debian: gcc-arm-none-eabi gcc-riscv64-unknown-elf qemu-system-arm qemu-system-misc" >&2
        exit 77
    fi
}

# The C compiler and its flags for a Rust target, and the library.
toolchain() {
    case $1 in
        thumbv6m-none-eabi) prefix=arm-none-eabi- cpu=(-mcpu=cortex-m0 -mthumb) ;;
        thumbv7em-none-eabi) prefix=arm-none-eabi- cpu=(-mcpu=cortex-m4 -mthumb -mfloat-abi=soft) ;;
        thumbv7em-none-eabihf) prefix=arm-none-eabi- cpu=(-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16) ;;
        riscv32imc-unknown-none-elf) prefix=riscv64-unknown-elf- cpu=(-march=rv32imc_zicsr -mabi=ilp32) ;;
        *) fail "no C compiler known for $1" ;;
    esac
    archive=$CARGO_TARGET_DIR/$1/firmware/libmaestrino.a
}

# Selects the Rust compiler for a target, and the source of its core library: a compiler that has the library, as after
# `rustup target add`, or otherwise a compiler that has its source (rustup's component rust-src, or Debian's rustc-web
# and rust-web-src).
rust_for() {
    for rustc in rustc /usr/bin/rustc; do
        if [[ -d $("$rustc" --print target-libdir --target "$1" 2>/dev/null) ]]; then
            core="prebuilt core" environment=(RUSTC="$rustc") build_std=()
            return
        fi
    done
    for rustc in rustc /usr/bin/rustc; do
        if [[ -d $("$rustc" --print sysroot 2>/dev/null)/lib/rustlib/src/rust/library ]]; then
            core="core from source" environment=(RUSTC="$rustc" RUSTC_BOOTSTRAP=1) build_std=(-Z build-std=core)
            return
        fi
    done
    echo "missing: Rust's core library for $1: run rustup target add $1" >&2
    exit 77
}

# Builds the library for a target, as the given crate types.
library() {
    rust_for "$1"
    echo "$1: $("$rustc" --version), $core" >&2
    env "${environment[@]}" cargo rustc --quiet --lib --crate-type "$2" --no-default-features \
        --features capi,panic-handler --profile firmware --target "$1" "${build_std[@]}"
}

# Links the given functions and the parts of the library that they need, without a C library and libgcc.
link_alone() {
    local image=$1
    shift
    "$prefix"gcc "${cpu[@]}" -nostdlib -Wl,--gc-sections -Wl,-e,"$1" "${@/#/-Wl,-u,}" "$archive" -o "$image"
}

# Prints flash and RAM of a linked library, and checks that nothing in it can panic.
sizes() {
    local target=$1 which image text data bss
    toolchain "$target"
    for which in estimator chooser analysis all; do
        image=$out/$target-$which.elf
        case $which in
            estimator) link_alone "$image" "${ESTIMATOR[@]}" ;;
            chooser) link_alone "$image" "${ESTIMATOR[@]}" "${CHOOSER[@]}" ;;
            analysis) link_alone "$image" "${ANALYSIS[@]}" ;;
            all) link_alone "$image" "${ALL[@]}" ;;
        esac
        read -r text data bss _ < <("$prefix"size "$image" | tail -n 1)
        echo "flash $which $target $text"
        echo "ram $which $target $((data + bss))"
    done
    # Demangled names, and mangled ones if nm cannot demangle.
    if "$prefix"nm -C "$image" | grep -E 'panic|core::fmt|4core3fmt|rust_begin_unwind'; then
        fail "$target: the library can panic"
    fi
}

# Builds a WebAssembly module if a linker for it is installed. Checks its exports if Node.js is installed.
wasm() {
    local target=wasm32-unknown-unknown lld module
    lld=$({ command -v wasm-ld rust-lld || find "$(rustc --print sysroot)" -name rust-lld; } | head -n 1)
    if [[ -z $lld ]]; then
        library $target staticlib
        echo "$target: no wasm-ld or rust-lld, no module"
        return
    fi
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$lld CARGO_PROFILE_FIRMWARE_STRIP=symbols \
        library $target staticlib,cdylib
    module=$CARGO_TARGET_DIR/$target/firmware/maestrino.wasm
    echo "flash all $target $(wc -c <"$module")"
    if command -v node >/dev/null; then
        node "$here/exports.js" "$module" "${ALL[@]}"
    fi
}

lib() {
    local target
    for target in "$@"; do
        if [[ $target == wasm32-unknown-unknown ]]; then
            wasm
        else
            toolchain "$target"
            need "$prefix"gcc
            library "$target" staticlib
            sizes "$target"
        fi
    done
}

# The blobs as C: 4 networks x 4 dataflows for each of 3 accelerators.
blobs() {
    local accelerator network dataflow name flags table=""
    if [[ -z ${MAESTRINO:-} ]]; then
        cargo build --quiet --release --bin maestrino
        MAESTRINO=$CARGO_TARGET_DIR/release/maestrino
    fi
    rm -f "$out/compile.log"
    echo '#include "blobs.h"' >"$out/blobs.c"
    for accelerator in edge16 eyeriss tight; do
        flags=(--hw "$accelerator")
        [[ $accelerator == tight ]] && flags=(--hw eyeriss --l2 12288)
        [[ $accelerator == edge16 ]] && flags+=(--calibration "$here/edge16.cal")
        for network in ds_cnn mobilenet_v1_025_vww resnet8 autoencoder; do
            for dataflow in kcp_ws xp_ws rs ykp_os; do
                name=${accelerator}_${network}_$dataflow
                "$MAESTRINO" compile "$network" --dataflow "$dataflow" "${flags[@]}" -o "$out/$name.mst" --require-fit \
                    2>>"$out/compile.log" || fail "$(tail -n 5 "$out/compile.log")"
                echo "static const uint8_t $name[] = {"
                od -An -v -tu1 "$out/$name.mst" | sed -E 's/ +/,/g; s/^,//; s/$/,/'
                echo "};"
                table+="[${accelerator^^}][${network^^}][${dataflow^^}] = {$name, sizeof $name},"$'\n'
            done
        done
    done >>"$out/blobs.c"
    "$MAESTRINO" compile ds_cnn --dataflow map --bandwidths offchip=1:4:16 --hw edge16 -o "$out/mapped.mst" 2>>"$out/compile.log" \
        || fail "$(tail -n 5 "$out/compile.log")"
    {
        echo "static const uint8_t best[] = {"
        od -An -v -tu1 "$out/mapped.mst" | sed -E 's/ +/,/g; s/^,//; s/$/,/'
        echo "};"
        echo "const struct blob mapped = {best, sizeof best};"
    } >>"$out/blobs.c"
    echo "const struct blob blobs[ACCELERATORS][NETWORKS][DATAFLOWS] = {"$'\n'"$table};" >>"$out/blobs.c"
}

# Ends the script with the failures in a report.
failed_run() {
    grep -E 'UNEXPECTED|DISAGREE|CRASH' "$1" >&2 || true
    fail "not as expected: $1"
}

C_FLAGS=(-std=c99 -Os -Wall -Wextra -Wpedantic -Werror -I include -I "$here")

host() {
    cargo rustc --quiet --lib --crate-type staticlib --no-default-features --features capi,panic-handler \
        --profile firmware
    cc "${C_FLAGS[@]}" "$here"/{host,report,print}.c "$out/blobs.c" "$CARGO_TARGET_DIR/firmware/libmaestrino.a" \
        -o "$out/host"
    "$out/host" >"$out/host.txt" || failed_run "$out/host.txt"
}

# Builds the image of a board. It needs no C library, because the Rust library contains memcpy and memset.
image() {
    local board=$1 start=() define=() target
    case $board in
        mps2_an386) target=thumbv7em-none-eabihf start=(cortex_m.c) qemu=(qemu-system-arm -M mps2-an386) define=(-DANALYSIS) ;;
        microbit) target=thumbv6m-none-eabi start=(cortex_m.c) qemu=(qemu-system-arm -M microbit) ;;
        riscv_virt) target=riscv32imc-unknown-none-elf qemu=(qemu-system-riscv32 -M virt -bios none) define=(-DANALYSIS) ;;
    esac
    toolchain "$target"
    "$prefix"gcc "${cpu[@]}" "${C_FLAGS[@]}" "${define[@]}" -ffreestanding -ffunction-sections -fdata-sections -nostdlib \
        -Wl,--gc-sections,-z,noexecstack,-Map="$out/$board.map" -L "$here/boards" -T "$board.ld" \
        "${start[@]/#/$here/boards/}" "$here/boards/"{start,"$board"}.c "$here"/{main,report,print}.c "$out/blobs.c" \
        "$archive" -o "$out/$board.elf"
}

# Runs the image and prints its figures, which are the lines that begin with #. An instruction takes a nanosecond of
# virtual time, so the figures are the same on every PC.
run() {
    timeout 120 "${qemu[@]}" -kernel "$out/$1.elf" -icount shift=0 -display none -monitor none -serial none \
        -chardev "file,id=console,path=$out/$1.out" -semihosting-config enable=on,target=native,chardev=console \
        || failed_run "$out/$1.out"
    grep -v '^#' "$out/$1.out" >"$out/$1.txt"
    sed -n "s/^# \([^ ]*\)/\1 $1/p" "$out/$1.out"
}

# Ends the script unless two reports are the same.
same() {
    diff -u --label "$1" --label "$2" "$1" "$2" | head -n 40 >&2 || fail "$1 and $2 differ"
}

check() {
    local board target
    need arm-none-eabi-gcc riscv64-unknown-elf-gcc qemu-system-arm qemu-system-riscv32 cc
    {
        for target in "${BOARD_TARGETS[@]}"; do
            library "$target" staticlib
        done
        blobs
        host
        if [[ -n ${UPDATE:-} ]]; then
            cp "$out/host.txt" "$here/expected.txt"
        fi
        same "$here/expected.txt" "$out/host.txt"
        for board in "${BOARDS[@]}"; do
            image "$board"
            run "$board"
            same "$out/host.txt" "$out/$board.txt"
        done
        for target in "${BOARD_TARGETS[@]}"; do
            sizes "$target"
        done
    } | tee "$out/figures.txt"
    echo "The boards print what the PC prints: $(grep -c '' "$out/host.txt") lines." >&2
}

command=${1:-}
shift || true
case $command in
    lib) lib "${@:-${TARGETS[@]}}" ;;
    check) check ;;
    *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit 2 ;;
esac
