#!/bin/sh
# A Python environment with the programs that check our reports. Without network the tests that need it are skipped.
#   python-env.sh DIRECTORY
set -eu
directory=$1
packages="jsonschema PyYAML sarif-tools pre-commit"
say() { echo "python: $*" >&2; }

if [ -x "$directory/bin/python3" ] && "$directory/bin/python3" -c 'import jsonschema, yaml, sarif, pre_commit' 2>/dev/null; then
    exit 0
fi
if ! command -v python3 >/dev/null 2>&1; then
    say "no python3: the tests against the report schemas will be skipped"
    exit 0
fi
say "installing $packages into $directory"
rm -rf "$directory"
if ! python3 -m venv "$directory" >&2; then
    say "python3 has no venv (on Debian: apt-get install python3-venv): the tests against the schemas will be skipped"
    rm -rf "$directory"
    exit 0
fi
# shellcheck disable=SC2086 # three words
if ! "$directory/bin/python3" -m pip install --quiet --disable-pip-version-check $packages >&2 </dev/null; then
    say "could not install $packages (offline?): the tests that need them will be skipped"
fi
