#!/bin/bash
# Makes the system of the emulated machine: one disk image, and the kernel that starts it. Needs root.
#   tests/vm/image.sh FOLDER    system.img, vmlinuz and initrd in FOLDER; nothing when they are there
# The agent is not in it: it is carried in like on a real site. Only what it imports is.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
recipe=$(cat tests/vm/image.sh requirements/agent.txt | sha256sum | cut -d' ' -f1)
[ "$(cat "$folder/recipe" 2>/dev/null)" != "$recipe" ] || exit 0

say() { printf 'vm-test: %s\n' "$*" >&2; }
[ "$(id -u)" = 0 ] || { say "making the emulated machine's system needs root" && exit 1; }
say 'making the system of the emulated machine (some minutes, once)'
mkdir -p "$folder"
rm -f "$folder/recipe"
work=$(mktemp -d "$folder/making.XXXXXX")
# A failed debootstrap may leave its own mounts, and rm must not go through them.
trap 'umount -q "$work/root/proc" "$work/root/sys" || true; rm -rf --one-file-system "$work"' EXIT
root=$work/root

debootstrap --variant=minbase \
  --include=systemd-sysv,udev,kmod,iproute2,python3,initramfs-tools,linux-image-cloud-amd64 \
  bookworm "$root" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2 && exit 1; }

# The interpreter is the image's, whichever one made .venv.
.venv/bin/python -m pip --disable-pip-version-check install -qq --require-hashes --no-deps \
  --only-binary=:all: --python-version 3.11 --implementation cp \
  --platform manylinux_2_34_x86_64 --platform manylinux_2_28_x86_64 \
  --platform manylinux2014_x86_64 --platform manylinux_2_12_x86_64 \
  --target "$root/opt/faragostar-man" -r requirements/agent.txt

cat >"$root/usr/local/bin/faragostar-man" <<'PROGRAM'
#!/usr/bin/python3
import sys
sys.path.insert(0, "/opt/faragostar-man")
from agent.cli import main
sys.exit(main())
PROGRAM

# The stick that is plugged in tells what to do; then the power goes off.
cat >"$root/usr/local/sbin/errand" <<'ERRAND'
#!/bin/sh
mkdir -p /media/stick
udevadm settle
mount -t vfat /dev/disk/by-label/STICK /media/stick || exit
cd /media/stick
sh -u ./errand.sh
cd /
umount /media/stick
ERRAND
cat >"$root/etc/systemd/system/errand.service" <<'UNIT'
[Unit]
Description=Run the errand on the stick, then switch off
After=multi-user.target
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/errand
StandardOutput=journal+console
StandardError=journal+console
TimeoutStartSec=infinity

[Install]
WantedBy=graphical.target
UNIT
chmod 755 "$root/usr/local/bin/faragostar-man" "$root/usr/local/sbin/errand"
chroot "$root" systemctl -q enable errand.service
chroot "$root" systemctl -q set-default graphical.target
# Nobody logs in, nothing is kept up to date: what no row looks at costs seconds of every start.
chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
  e2scrub_all.timer e2scrub_reap.service fstrim.timer getty.target getty-static.service \
  systemd-binfmt.service systemd-networkd-wait-online.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-user-sessions.service dev-hugepages.mount \
  dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount
chroot "$root" useradd --create-home --uid 1000 clerk
echo 'LABEL=system / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
echo app01 >"$root/etc/hostname"
# Names itself at its first start, as every installation does.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"

# Emulation unpacks slowly: only the drivers that the root's disk may need.
sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' "$root/etc/initramfs-tools/initramfs.conf"
printf '%s\n' virtio_pci virtio_blk >>"$root/etc/initramfs-tools/modules"
chroot "$root" update-initramfs -u >>"$work/log" 2>&1
cp --dereference "$root"/boot/vmlinuz-* "$folder/vmlinuz"
cp --dereference "$root"/boot/initrd.img-* "$folder/initrd"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/* "$root"/boot/*

# In a partition, as installers lay it out: the probe has to find the disk beneath.
rm -f "$folder/system.img"
truncate --size 1500M "$folder/system.img"
printf '%s\n' 'label: dos' 'label-id: 0x5a17f00d' 'start=2048, type=83' |
  sfdisk --quiet "$folder/system.img"
mke2fs -q -t ext4 -L system -E offset=1048576 -d "$root" "$folder/system.img" 1530000k
echo "$recipe" >"$folder/recipe"
