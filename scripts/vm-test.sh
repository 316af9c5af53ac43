#!/bin/bash
# Swaps the parts of an emulated machine under the agent: scripts/vm-test.sh [pytest's arguments]
# The machine's system is made once, in .vm/, and again when its recipe or the agent's lock changes.
# What a failed test saw on the machine's console is kept in .vm/consoles/.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'vm-test: %s\n' "$*" >&2; }

# Debian keeps some of these where only root's PATH looks.
export PATH=$PATH:/usr/sbin
. scripts/tools.sh
install_missing <<'TOOLS'
qemu-system-x86_64 qemu-system-x86
qemu-img qemu-utils
debootstrap debootstrap
sfdisk fdisk
mke2fs e2fsprogs
mkfs.vfat dosfstools
mcopy mtools
TOOLS

# Two runs at once would clear each other's consoles, and make the system twice: the second waits.
exec 9<scripts/vm-test.sh
! command -v flock >/dev/null || flock 9

export FARAGOSTAR_VM=$PWD/.vm
tests/vm/image.sh "$FARAGOSTAR_VM"
[ $# -gt 0 ] || set -- tests/vm
# A start takes a quarter of a minute, and several of them beside other work.
exec .venv/bin/python -m pytest --timeout 3600 --verbose -p no:randomly "$@"
