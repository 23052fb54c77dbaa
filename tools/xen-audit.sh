#!/bin/sh
# The map of a real tree, to be read against its source: for each build the rows that are more than `fits-int` and
# `continuation`, and what the analysis did not understand, of which there must be none.
#   xen-audit.sh XENWIDTH TREE BUILD_DIR...
set -eu
xenwidth=$1 tree=$2
shift 2
map=$(mktemp)
text=$(mktemp)
log=$(mktemp)
trap 'rm -f "$map" "$text" "$log"' EXIT
status=0

for build in "$@"; do
    echo "== $build"
    "$xenwidth" audit "$tree" --build-dir "$build" --format json --output "$map" --output "text=$text" --verbose 2>"$log" || {
        cat "$log" >&2
        echo "make xen-audit: $build was not analysed" >&2
        exit 2
    }
    sed -n 's/^done: /time and memory: /p' "$log"
    # Handlers stand at the margin, their rows below them, and the reason for a verdict below its row.
    awk '/^[^ ]/ { handler = $0; next }
        / (fits-unsigned|errno-ambiguous|exceeds-32-bit|register-restore|unknown) / {
            if (handler != "") print handler
            handler = ""
            print
            shown = 1
            next
        }
        shown && /^      / { print }
        { shown = 0 }' "$text"
    tail -1 "$text"
    if ! grep -q '^    "unknown": 0$' "$map"; then
        echo "make xen-audit: $build: rows are unknown" >&2
        status=1
    fi
    if ! grep -q '^  "unsupported": {},$' "$map"; then
        sed -n '/^  "unsupported": {/,/^  }/p' "$map" >&2
        echo "make xen-audit: $build: there are constructs that are not understood" >&2
        status=1
    fi
    if ! grep -q '^  "parseErrors": \[\],$' "$map"; then
        echo "make xen-audit: $build: there are files that did not parse" >&2
        status=1
    fi
done
exit "$status"
