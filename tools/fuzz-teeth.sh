#!/bin/sh
# Shows that the soundness test has teeth: builds a copy of the sources that holds each deliberate error of
# tools/seeded-errors, switches on one at a time, and looks how soon xenwidth-fuzz finds it.
#
#   tools/fuzz-teeth.sh [DIRECTORY [ERROR...]]
#
# One build for all errors instead of one for each (mutant schemata): what SEEDED_ERROR does not name is not there.
# The table goes to standard output. Fails if a patch does not apply any more, if an error is not found, or if something
# is found where none is switched on. COUNT: seeds to try. FUZZ_FLAGS: further options of xenwidth-fuzz.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
errors=$root/tools/seeded-errors
work=${1:-$root/.build-teeth}
[ $# -eq 0 ] || shift
count=${COUNT:-4000}

mkdir -p "$work/copy"
work=$(cd "$work" && pwd)
fresh=$(mktemp -d "$work/fresh.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
cp -R "$root/Package.swift" "$root/Sources" "$root/Tests" "$fresh"
cp "$errors/SeededError.swift" "$fresh/Sources/IntegerDomain/"
for patch in "$errors"/*.patch; do
    patch -s -p1 -F0 --no-backup-if-mismatch -d "$fresh" <"$patch" >&2 || {
        echo "fuzz-teeth: $(basename "$patch") does not apply any more: make it anew for the code as it is now" >&2
        exit 2
    }
done
# What did not change keeps its time, so that a second run builds little.
(cd "$fresh" && find . -type f) | while read -r file; do
    if ! cmp -s "$fresh/$file" "$work/copy/$file"; then
        mkdir -p "$work/copy/$(dirname "$file")"
        cp "$fresh/$file" "$work/copy/$file"
    fi
done
(cd "$work/copy" && find Sources Tests -type f) | while read -r file; do
    [ -e "$fresh/$file" ] || rm -f "$work/copy/$file"
done

${SWIFT:-swift} build --package-path "$work/copy" -c release --product xenwidth-fuzz >"$work/build.log" 2>&1 || {
    tail -40 "$work/build.log" >&2
    echo "fuzz-teeth: the copy with the errors in it does not build" >&2
    exit 2
}
fuzz=$(${SWIFT:-swift} build --package-path "$work/copy" -c release --show-bin-path)/xenwidth-fuzz

status=0
if SEEDED_ERROR= "$fuzz" --count 200 --shrink 0 >"$work/none.log" 2>&1; then
    echo "no error switched on: nothing found in $(grep -c . "$work/none.log") lines of log" >&2
else
    echo "fuzz-teeth: something is found where no error is switched on: $work/none.log" >&2
    status=1
fi
echo "| error | found after |"
echo "|---|---|"
for patch in "$errors"/*.patch; do
    name=$(basename "$patch" .patch)
    name=${name#[0-9][0-9]-}
    case " $* " in "  " | *" $name "*) ;; *) continue ;; esac
    log=$work/$name.log
    SEEDED_ERROR=$name "$fuzz" --count "$count" --batch 20 --shrink 0 --stop-after 1 ${FUZZ_FLAGS:-} >"$log" 2>&1 || true
    found=$(sed -n 's/^first violation after //p' "$log" | head -1)
    [ -n "$found" ] || { found="**not found**: $(tail -1 "$log" | sed 's/ programs.*/ programs/')"; status=1; }
    echo "| $(sed -n '1s/^# //p' "$patch") | $found |"
done
exit $status
