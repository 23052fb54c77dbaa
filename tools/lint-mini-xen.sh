#!/bin/sh
# Lints the miniature tree on both architectures and checks that the known finding is there, with its way.
#   lint-mini-xen.sh XENWIDTH TREE BUILDS
set -eu
xenwidth=$1 tree=$2 builds=$3
report=$(mktemp)
trap 'rm -f "$report"' EXIT

run() {
    status=0
    "$xenwidth" lint "$tree" --build-dir "$builds/$1" >"$report" || status=$?
    cat "$report"
    echo
}

fail() { echo "make lint: $*" >&2; exit 1; }

run arm64
[ "$status" = 1 ] || fail "expected a finding on arm64 (exit status 1), got exit status $status"
grep -q 'error: .*XENMEM_maximum_ram_page.*\[return-exceeds-32-bit\]' "$report" ||
    fail "the XENMEM_maximum_ram_page finding is missing on arm64"
grep -q "note: .*max_page" "$report" || fail "the finding does not say where the value comes from"

run x86_64
[ "$status" -le 1 ] || fail "the analysis of x86_64 failed (exit status $status)"
