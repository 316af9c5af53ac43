#!/bin/bash
# Runs the Windows probe under wine: scripts/wine-test.sh [pytest's arguments]
# A Python for Windows is put together once, in .wine/, and again when its recipe or its lock changes.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'wine-test: %s\n' "$*" >&2; }

# A program, and the Debian package that brings it.
missing=()
while read -r program package; do
  command -v "$program" >/dev/null || missing+=("$package")
done <<'TOOLS'
wine wine
x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
unzip unzip
TOOLS
if [ ${#missing[@]} -gt 0 ]; then
  # Debian's `wine` is a script; the 64-bit program behind it is a package of its own.
  [[ " ${missing[*]} " != *" wine "* ]] || missing+=(wine64)
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "on Debian or Ubuntu, first: sudo apt-get install ${missing[*]}"
    exit 1
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null >&2
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" </dev/null >&2
fi

export FARAGOSTAR_WINE=$PWD/.wine
tests/wine/python.sh "$FARAGOSTAR_WINE"
[ $# -gt 0 ] || set -- tests/wine
exec .venv/bin/python -m pytest --verbose -p no:randomly "$@"
