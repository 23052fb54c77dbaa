# To be read by the other scripts: installs packages where the system's package manager is apt.
# `say` is the reading script's own.

have_apt() { command -v apt-get >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# New machines and images come without the list of what there is: without it there seems to be no libclang-19-dev.
refresh_packages() {
    have_apt || return 0
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1 || return 0
    as_root apt-get update -q >&2 </dev/null || say "apt-get update failed: going on with the list that is there"
}

install_packages() {
    if ! have_apt; then
        say "this machine has no apt-get: install $* (or what your system calls it) and try again"
        return 2
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        say "run as root: apt-get install $*"
        return 2
    fi
    say "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 </dev/null
}
