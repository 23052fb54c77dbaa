#!/bin/sh
# Whole run time and peak memory of an audit, three times with one thread and with two.
#   bench.sh XENWIDTH TREE BUILD_DIR
set -eu
for jobs in 1 2; do
    for run in 1 2 3; do
        printf 'jobs %s, run %s: ' "$jobs" "$run"
        "$1" audit "$2" --build-dir "$3" --jobs "$jobs" --format json --output /dev/null --verbose 2>&1 |
            sed -n 's/^done: //p'
    done
done
