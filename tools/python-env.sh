#!/bin/sh
# A Python environment with the programs that check our reports. Without network the tests that need it are skipped.
#   python-env.sh DIRECTORY
set -eu
directory=$1
packages="jsonschema PyYAML sarif-tools pre-commit"
say() { echo "python: $*" >&2; }
. "${0%/*}/packages.sh"

if [ -x "$directory/bin/python3" ] && "$directory/bin/python3" -c 'import jsonschema, yaml, sarif, pre_commit' 2>/dev/null; then
    exit 0
fi
# Debian's Python has no venv that works until this package is there.
if ! python3 -c 'import ensurepip, venv' 2>/dev/null && ! { refresh_packages; install_packages python3 python3-venv; }; then
    say "no python3 with venv: the tests against the report schemas will be skipped"
    exit 0
fi
say "installing $packages into $directory"
rm -rf "$directory"
if ! python3 -m venv "$directory" >&2; then
    say "python3 -m venv failed: the tests against the report schemas will be skipped"
    rm -rf "$directory"
    exit 0
fi
# shellcheck disable=SC2086 # three words
if ! "$directory/bin/python3" -m pip install --quiet --disable-pip-version-check $packages >&2 </dev/null; then
    say "could not install $packages (offline?): the tests that need them will be skipped"
fi
