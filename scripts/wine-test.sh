#!/bin/bash
# Runs the Windows probe under wine: scripts/wine-test.sh [pytest's arguments]
# A Python for Windows is put together once, in .wine/, and again when its recipe or its lock changes.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'wine-test: %s\n' "$*" >&2; }

# Debian's `wine` is a script; the 64-bit program behind it is a package of its own.
. scripts/tools.sh
install_missing <<'TOOLS'
wine wine wine64
x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
unzip unzip
TOOLS

export FARAGOSTAR_WINE=$PWD/.wine
tests/wine/python.sh "$FARAGOSTAR_WINE"
[ $# -gt 0 ] || set -- tests/wine
exec .venv/bin/python -m pytest --verbose -p no:randomly "$@"
