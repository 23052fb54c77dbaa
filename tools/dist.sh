#!/bin/sh
# A tarball that runs wherever libclang is, from any directory, without Swift.
#   dist.sh XENWIDTH DIRECTORY
set -eu
xenwidth=$1 directory=$2
version=$("$xenwidth" --version | sed -n '1s/^xenwidth //p')
name=xenwidth-$version-linux-$(uname -m)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
sh "$(dirname "$0")/install.sh" install "$xenwidth" "/$name" "$stage"
strip "$stage/$name/bin/xenwidth" 2>/dev/null || true
mkdir -p "$directory"
# The same sources make the same archive.
tar --sort=name --mtime='2000-01-01 00:00Z' --owner=0 --group=0 --numeric-owner -C "$stage" -cf - "$name" |
    gzip -n >"$directory/$name.tar.gz.new"
mv "$directory/$name.tar.gz.new" "$directory/$name.tar.gz"
echo "$directory/$name.tar.gz"
