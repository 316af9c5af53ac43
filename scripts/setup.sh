#!/bin/bash
# Makes .venv from the locks, with both commands in it, and adds the system's tools that the mode needs.
#   scripts/setup.sh demo    what runs: the agent and the signing server
#   scripts/setup.sh test    the same, and everything that tests and checks need
# Changes nothing when nothing has changed. PYTHON= chooses the interpreter (3.11 or newer).
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-demo}
stamp=.venv/setup-stamp
case "$mode" in
  demo) made=demo locks=(-r requirements/server.txt) needed=demo\|window\|test ;;
  test) made=test locks=(-r requirements/dev.txt) needed=test ;;
  *) echo "usage: scripts/setup.sh demo|test" >&2 && exit 2 ;;
esac
if [ "$mode" = demo ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  # Somebody sits before a screen: the demo ends with the window on it.
  made=window locks+=(-r requirements/ui.txt) needed=window\|test
fi

# Two set-ups at once would write into the same .venv: the second waits, then finds nothing to do.
exec 9<scripts/setup.sh
! command -v flock >/dev/null || flock 9

say() { printf 'setup: %s\n' "$*" >&2; }

install_or_tell() { # consequence, then Debian packages: installs them, or says how and returns 1
  local consequence=$1
  shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    if [ -z "${lists_are_fresh:-}" ]; then
      apt-get update -qq </dev/null >&2 && lists_are_fresh=yes
    fi
    # The standard output of dpkg is no part of ours, and nothing may wait for an answer.
    apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" </dev/null >&2 && return 0
  fi
  say "$consequence. On Debian or Ubuntu: sudo apt-get install $*"
  return 1
}

can_make_venv() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

choose_python() { # the first interpreter on PATH that is new enough and whole
  local candidate
  for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3}; do
    if can_make_venv "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

is_made_with() {
  local home='import sys; print(sys.base_prefix, sys.version)'
  [ "$("$1" -c "$home" 2>/dev/null)" = "$(.venv/bin/python -c "$home" 2>/dev/null)" ]
}

make_venv() {
  local python
  if ! python=$(choose_python); then
    if [ -n "${PYTHON:-}" ]; then
      say "PYTHON=$PYTHON is not a Python 3.11 or newer with venv and ensurepip" && exit 1
    fi
    # Debian's python3 comes without ensurepip; python3-venv brings it.
    install_or_tell "Python 3.11 or newer with venv is needed" python3 python3-venv || exit 1
    python=$(choose_python) || { say "Python 3.11 or newer is needed; name it with PYTHON=" && exit 1; }
  fi
  say "making .venv ($mode) with $python"
  # Another interpreter was asked for: what is there was made with the one before.
  [ -z "${PYTHON:-}" ] || is_made_with "$python" || rm -rf .venv
  # Its commands name the folder they were made in: a clone that was moved needs new ones.
  [ ! -e "$stamp" ] || grep -qF " $PWD " "$stamp" || rm -rf .venv
  # An interpreter that was upgraded leaves a broken venv behind.
  .venv/bin/python -c 'import pip' 2>/dev/null || rm -rf .venv
  [ -d .venv ] || "$python" -m venv .venv
  # Twice quiet: a mirror that lacks a package which another one has is no news.
  local pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input install -qq)
  "${pip[@]}" --require-hashes -r requirements/build.txt "${locks[@]}"
  # The lock has every dependency and the build backend already: this only links the two commands.
  "${pip[@]}" --no-deps --no-build-isolation --editable .
}

fingerprint_of_inputs() { cat pyproject.toml requirements/*.txt scripts/setup.sh | sha256sum | cut -d' ' -f1; }

inputs="$PWD $(fingerprint_of_inputs)"
if { [ -n "${PYTHON:-}" ] && ! is_made_with "$PYTHON"; } ||
  ! { grep -qxE "($needed) .*" "$stamp" && grep -qF " $inputs" "$stamp"; } 2>/dev/null; then
  make_venv
  echo "$made $inputs" >"$stamp"
fi
if [ "$made" = window ] && ! compgen -G '/usr/lib/*/libxcb-cursor.so.0' >/dev/null; then
  install_or_tell "without these the window does not open" libegl1 libgl1 libfontconfig1 libdbus-1-3 \
    libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 \
    libxcb-render-util0 libxcb-shape0 libxcb-randr0 || true
fi
[ "$mode" = test ] || exit 0

# What tests and checks ask of the system: a command (or a file), and the Debian packages that bring it.
missing=()
while read -r thing packages; do
  case "$thing" in
    /*) compgen -G "$thing" >/dev/null || missing+=("$packages") ;;
    *) command -v "$thing" >/dev/null || missing+=("$packages") ;;
  esac
done <<'TOOLS'
node nodejs
npm npm
javac default-jdk-headless
spin spin
gcc gcc
/usr/include/stdio.h libc6-dev
strace strace
ip iproute2
systemd-analyze systemd
/usr/lib/postgresql/*/bin/initdb postgresql
/usr/lib/*/libEGL.so.1 libegl1
/usr/lib/*/libGL.so.1 libgl1
/usr/lib/*/libxkbcommon.so.0 libxkbcommon0
/usr/lib/*/libfontconfig.so.1 libfontconfig1
/usr/lib/*/libdbus-1.so.3 libdbus-1-3
/usr/lib/*/libglib-2.0.so.0 libglib2.0-0
TOOLS
if [ ${#missing[@]} -gt 0 ]; then
  # The tests start clusters of their own: Debian's package is told to make none, this once.
  wishes=/etc/postgresql-common/createcluster.conf
  if [[ " ${missing[*]} " == *" postgresql "* && $(id -u) = 0 ]]; then
    mkdir -p "${wishes%/*}"
    [ ! -e "$wishes" ] || cp -p "$wishes" "$wishes.before"
    echo 'create_main_cluster = false' >>"$wishes"
    restore_wishes() {
      mv "$wishes.before" "$wishes" 2>/dev/null ||
        cp /usr/share/postgresql-common/createcluster.conf "$wishes" 2>/dev/null || rm -f "$wishes"
    }
    trap restore_wishes EXIT
  fi
  install_or_tell "without these some tests and models are skipped" "${missing[@]}" ||
    [ -z "${FARAGOSTAR_REQUIRE_ORACLES:-}" ] || exit 1
fi

oracles=tests/oracles
if command -v npm >/dev/null && ! cmp -s "$oracles/package-lock.json" "$oracles/node_modules/.setup-stamp"; then
  say "installing the Node oracle"
  (cd "$oracles" && npm ci --silent </dev/null >&2)
  cp "$oracles/package-lock.json" "$oracles/node_modules/.setup-stamp"
fi
