#!/usr/bin/env bash
# Packs the library for the build systems of firmware: CMake, Arduino, PlatformIO, Zephyr, ESP-IDF.
#
#   package.sh [DIRECTORY [TARGET...]]
#
# DIRECTORY (default: target/maestrino) becomes one package for all of them. It has the library for Cortex-M0 and
# M0+, M4 with and without floating-point registers, and RISC-V (rv32imc); or for the given Rust targets.
# src/guide/firmware-packages.md says how each build system uses it.
#
# Set MAESTRINO to a maestrino program to use that one. Ends with 77 if a tool is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
package=${1:-$CARGO_TARGET_DIR/maestrino}
shift || true
targets=("$@")
if ((${#targets[@]} == 0)); then
    targets=(thumbv6m-none-eabi thumbv7em-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf)
fi

# The folders of src/ with the library of a target, under Arduino's names. processor.h prints the first one.
folders() {
    case $1 in
        thumbv6m-none-eabi) folders=(cortex-m0plus cortex-m0 cortex-m3) ;;
        thumbv7em-none-eabi) folders=(cortex-m4 cortex-m7) ;;
        thumbv7em-none-eabihf) folders=(cortex-m4/fpv4-sp-d16-hard) ;;
        riscv32imc-unknown-none-elf) folders=(esp32c3 esp32c2 esp32c6 esp32h2) ;;
        *) echo "package.sh: no folder known for $1" >&2 && exit 2 ;;
    esac
}

if [[ -e $package && ! -e $package/library.properties ]]; then
    echo "package.sh: $package is there, and is no package of maestrino: name another directory" >&2
    exit 2
fi
for target in "${targets[@]}"; do
    folders "$target"
done
"$here/build.sh" lib "${targets[@]}" >&2
if [[ -z ${MAESTRINO:-} ]]; then
    cargo build --quiet --release --manifest-path "$root/Cargo.toml" --bin maestrino
    MAESTRINO=$CARGO_TARGET_DIR/release/maestrino
fi

rm -rf "$package"
mkdir -p "$(dirname "$package")"
cp -r "$here/package" "$package"
for target in "${targets[@]}"; do
    folders "$target"
    for folder in "${folders[@]}"; do
        mkdir -p "$package/src/$folder"
        cp "$CARGO_TARGET_DIR/$target/firmware/libmaestrino.a" "$package/src/$folder"
    done
done
cp "$root/include/"maestrino.h* "$package/src"
cp "$root/LICENSE" "$package"
"$MAESTRINO" compile ds_cnn --hw edge16 --format c -o "$package/examples/verdict/ds_cnn.c" >&2

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
sed -e "s/@VERSION@/$version/g" -e "s/@POINTER_BYTES@/4/g" "$root/c_examples/package/maestrinoConfigVersion.cmake.in" \
    >"$package/lib/cmake/maestrino/maestrinoConfigVersion.cmake"
for file in library.properties library.json idf_component.yml examples/cmake/CMakeLists.txt; do
    sed -e "s/@VERSION@/$version/g" -e "s/@MINOR@/${version%.*}/g" "$here/package/$file" >"$package/$file"
done
echo "maestrino $version for ${targets[*]} in $package, $(du -sh "$package" | cut -f 1)"
