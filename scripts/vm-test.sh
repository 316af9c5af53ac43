#!/bin/bash
# Swaps the parts of an emulated machine under the agent: scripts/vm-test.sh [pytest's arguments]
# The machine's system is made once, in .vm/, and again when its recipe or the agent's lock changes.
# What a failed test saw on the machine's console is kept in .vm/consoles/.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'vm-test: %s\n' "$*" >&2; }

# A program, and the Debian package that brings it.
missing=()
while read -r program package; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing+=("$package")
done <<'TOOLS'
qemu-system-x86_64 qemu-system-x86
qemu-img qemu-utils
debootstrap debootstrap
sfdisk fdisk
mke2fs e2fsprogs
mkfs.vfat dosfstools
mcopy mtools
TOOLS
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "on Debian or Ubuntu, first: sudo apt-get install ${missing[*]}"
    exit 1
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null >&2
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" </dev/null >&2
fi
export PATH=$PATH:/usr/sbin

export FARAGOSTAR_VM=$PWD/.vm
tests/vm/image.sh "$FARAGOSTAR_VM"
[ $# -gt 0 ] || set -- tests/vm
# A start takes a quarter of a minute, and several of them beside other work.
exec .venv/bin/python -m pytest --timeout 3600 --verbose -p no:randomly "$@"
