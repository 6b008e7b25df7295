#!/usr/bin/env bash
# Builds the C library for this machine and installs it: headers, static and shared library, pkg-config, CMake package.
#
#   c_examples/install.sh PREFIX
#
# The library is built without std and without unwinding, so it needs only memcpy, memset and bcmp. The installed files
# do not depend on their place, so PREFIX can be moved. Firmware needs no installation, only a static library with the
# same features for the target, and the headers.
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: $0 PREFIX" >&2
    exit 2
fi
if [ "$(uname -s)" != Linux ]; then
    echo "$0: shared libraries are named as on Linux; elsewhere, build the static library with cargo rustc as below" >&2
    exit 1
fi
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
abi=$(sed -n 's/^#define MAESTRINO_ABI_VERSION \([0-9]*\)$/\1/p' include/maestrino.h)
# The thousands of the ABI version increase when something changes. Programs depend on them.
major=$((abi / 1000))
minor=$((abi % 1000))
pointer_bytes=$(($(getconf LONG_BIT) / 8))
soname=libmaestrino.so.$major

# The profile aborts on panics like that for firmware, but optimises for speed, because a host has enough memory.
CARGO_PROFILE_FIRMWARE_OPT_LEVEL=3 cargo rustc --quiet --profile firmware --lib --crate-type staticlib,cdylib \
    --no-default-features --features capi,panic-handler \
    -- -C link-arg="-Wl,-soname,$soname" -C link-arg=-lc
built=${CARGO_TARGET_DIR:-target}${CARGO_BUILD_TARGET:+/$CARGO_BUILD_TARGET}/firmware

install -d "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/maestrino"
install -m 644 include/maestrino.h include/maestrino.hpp "$prefix/include"
install -m 644 "$built/libmaestrino.a" "$prefix/lib"
install -m 755 "$built/libmaestrino.so" "$prefix/lib/$soname.$minor"
ln -sf "$soname.$minor" "$prefix/lib/$soname"
ln -sf "$soname" "$prefix/lib/libmaestrino.so"

configure() {
    sed -e "s/@VERSION@/$version/g" -e "s/@SONAME@/$soname/g" -e "s/@SHARED@/$soname.$minor/g" \
        -e "s/@POINTER_BYTES@/$pointer_bytes/g" "$here/package/$1.in"
}
configure maestrino.pc > "$prefix/lib/pkgconfig/maestrino.pc"
configure maestrinoConfig.cmake > "$prefix/lib/cmake/maestrino/maestrinoConfig.cmake"
configure maestrinoConfigVersion.cmake > "$prefix/lib/cmake/maestrino/maestrinoConfigVersion.cmake"
echo "maestrino $version, ABI $abi, in $prefix"
