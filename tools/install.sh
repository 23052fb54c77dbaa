#!/bin/sh
# Installs or removes the program with everything that belongs to it.
#   install.sh install XENWIDTH PREFIX [DESTDIR]
#   install.sh uninstall - PREFIX [DESTDIR]
set -eu
action=$1 xenwidth=$2 prefix=$3 root=${4:-}
here=$(cd "$(dirname "$0")/.." && pwd)
case $prefix in
    /?*) ;;
    *) echo "install: PREFIX must be an absolute path, not '$prefix'" >&2; exit 2 ;;
esac
to=$root$prefix

bash=$to/share/bash-completion/completions/xenwidth
zsh=$to/share/zsh/site-functions/_xenwidth
fish=$to/share/fish/vendor_completions.d/xenwidth.fish
man=$to/share/man/man1/xenwidth.1

made=$to/share/xenwidth/directories

# Those of a place that are not there yet, deepest first, and that an earlier installation made.
new_directories() {
    for directory; do
        while [ -n "$directory" ] && [ "$directory" != "$root" ] && [ ! -d "$directory" ]; do
            echo "${directory#"$root"}"
            directory=${directory%/*}
        done
    done
    if [ -f "$made" ]; then cat "$made"; fi
}

if [ "$action" = uninstall ]; then
    directories=$(if [ -f "$made" ]; then cat "$made"; fi)
    rm -f "$to/bin/xenwidth" "$bash" "$zsh" "$fish" "$man"
    rm -rf "$to/share/xenwidth" "$to/share/doc/xenwidth"
    # What was not there before, unless somebody else uses it now.
    printf '%s\n' "$directories" | while IFS= read -r directory; do
        if [ -n "$directory" ]; then rmdir "$root$directory" 2>/dev/null || true; fi
    done
    exit
fi

umask 022
set -- "$to/bin" "$to/share/xenwidth" "$to/share/doc/xenwidth" "${bash%/*}" "${zsh%/*}" "${fish%/*}" "${man%/*}"
directories=$(new_directories "$@" | sort -ru)
# What a previous version had and this one lacks must not stay.
rm -rf "$to/share/xenwidth" "$to/share/doc/xenwidth"
mkdir -p "$@"
printf '%s\n' "$directories" >"$made"
install -m 755 "$xenwidth" "$to/bin/xenwidth"
cp -R "$here/rules" "$to/share/xenwidth/rules"
cp -R "$here/README.md" "$here/LICENSE" "$here/CHANGELOG.md" "$here/docs/." "$to/share/doc/xenwidth/"
"$xenwidth" --generate-completion-script bash >"$bash"
"$xenwidth" --generate-completion-script zsh >"$zsh"
"$xenwidth" --generate-completion-script fish >"$fish"
"$xenwidth" manual >"$man"
chmod -R u+rwX,go+rX,go-w "$to/share/xenwidth" "$to/share/doc/xenwidth"
