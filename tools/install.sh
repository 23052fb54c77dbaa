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

if [ "$action" = uninstall ]; then
    rm -f "$to/bin/xenwidth" "$bash" "$zsh" "$fish" "$man"
    rm -rf "$to/share/xenwidth" "$to/share/doc/xenwidth"
    exit
fi

umask 022
# What a previous version had and this one lacks must not stay.
rm -rf "$to/share/xenwidth" "$to/share/doc/xenwidth"
for directory in "$to/bin" "$to/share/xenwidth" "$to/share/doc/xenwidth" \
    "${bash%/*}" "${zsh%/*}" "${fish%/*}" "${man%/*}"; do
    mkdir -p "$directory"
done
install -m 755 "$xenwidth" "$to/bin/xenwidth"
cp -R "$here/rules" "$to/share/xenwidth/rules"
cp -R "$here/README.md" "$here/LICENSE" "$here/CHANGELOG.md" "$here/docs/." "$to/share/doc/xenwidth/"
"$xenwidth" --generate-completion-script bash >"$bash"
"$xenwidth" --generate-completion-script zsh >"$zsh"
"$xenwidth" --generate-completion-script fish >"$fish"
"$xenwidth" manual >"$man"
chmod -R u+rwX,go+rX,go-w "$to/share/xenwidth" "$to/share/doc/xenwidth"
