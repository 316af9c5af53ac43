#!/bin/bash
# Lets systemd read the units as if the package were installed: a copy that starts a program which exists.
# verify_units.sh [FOLDER]: the units of another folder (a test's).
set -euo pipefail
cd "$(dirname "$0")/.."
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT

cp "${1:-installers/systemd}"/faragostar-man.{service,timer} "$units"
sed -i "s|^ExecStart=/usr/bin/faragostar-man|ExecStart=$(command -v true)|" "$units/faragostar-man.service"
# --man=no: the manual page comes with the package.
said=$(systemd-analyze verify --man=no --recursive-errors=no "$units"/* 2>&1) || { echo "$said" >&2 && exit 1; }
# An unknown or misspelt setting is a mere warning to systemd, with exit status 0.
[ -z "$said" ] || { echo "$said" >&2 && exit 1; }
