#!/bin/sh
# Installs what the build needs and this machine lacks: libclang 17 or newer, and a C compiler for the fixtures.
set -eu

oldest=17
say() { echo "setup: $*" >&2; }
. "${0%/*}/packages.sh"

have_libclang() {
    for prefix in /usr/lib/llvm-* /usr/local/lib/llvm-* /opt/llvm-*; do
        [ "${prefix##*-}" -ge "$oldest" ] 2>/dev/null || continue
        [ -e "$prefix/include/clang-c/Index.h" ] && [ -e "$prefix/lib/libclang.so" ] && return 0
    done
    # Distributions with one LLVM only: its version is the name of its resource directory.
    for resources in /usr/lib/clang/* /usr/lib64/clang/* /usr/local/lib/clang/*; do
        version=${resources##*/}
        [ "${version%%.*}" -ge "$oldest" ] 2>/dev/null || continue
        [ -e "${resources%/lib*}/include/clang-c/Index.h" ] && return 0
    done
    return 1
}

have_compiler() { command -v clang-19 >/dev/null 2>&1 || command -v clang >/dev/null 2>&1; }

# Debian 12's own libclang-dev is 14; there the package with the number is the one.
newest_package() {
    for version in 19 20 21 18 17; do
        if have_apt && apt-cache show "$1-$version$2" >/dev/null 2>&1; then
            echo "$1-$version$2"
            return
        fi
    done
    echo "$1$2"
}

command -v swift >/dev/null 2>&1 || { say "no swift in PATH: install Swift 6.1 or newer from swift.org"; exit 2; }
if ! have_libclang; then
    refresh_packages
    install_packages "$(newest_package libclang -dev)"
    have_libclang || { say "libclang is still missing or older than $oldest: install libclang-19-dev"; exit 2; }
fi
if ! have_compiler; then
    refresh_packages
    install_packages clang
fi
