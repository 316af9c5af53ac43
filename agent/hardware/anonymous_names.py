"""Paths and names of a machine under others: what the kernel counts stays, the rest goes. Pure.

A name is the same wherever it stands, as a folder, in a link's target, in what is mounted and in a
file that holds it, so what belonged together still does.
"""

import re

from agent.hardware.kernel_names import TELLING, is_kernels
from agent.hardware.pseudonyms import Pseudonyms

# What a file system calls itself where it lies on no device.
_NO_DEVICE = frozenset({
    "/dev/root", "aufs", "composefs", "devtmpfs", "fuse-overlayfs", "none", "overlay", "ramfs",
    "rootfs", "squashfs", "tmpfs",
})  # fmt: skip
_WORD = re.compile(r"(?:[0-9A-Za-z]|[^\x00-\x7f])+")
# Of a kernel's release: its numbers, and by whom and for what it was built.
_RELEASE_WORDS = re.compile(
    r"\d{1,8}|v\d+|rc\d+|(?:el|fc|deb|bpo|amzn|arch|zen|rt|oe|an|tl|cm|azl|u)\d{0,4}(?:u\d+)?"
    r"|x86|i[3-6]86|x64|amd64|arm64|armmp|armv7hl|aarch64|ppc64le|s390x|riscv64|loongarch64|64k|16k"
    r"|generic|lowlatency|realtime|cloud|server|desktop|default|standard|lts|virt|kvm|azure|aws|gcp"
    r"|gke|oracle|uek|pve|preempt|smp|microsoft|WSL2|hardened|longterm|photon|flatcar|linuxkit"
    r"|elrepo|elml|raspi|rpi|tegra|std|edge"
)


def other_path(names: Pseudonyms, path: str) -> str:
    """The path by other names, part by part: what lay within a folder still does."""
    return "/".join(other_name(names, part) for part in path.split("/"))


def other_name(names: Pseudonyms, name: str) -> str:
    """One part of a path, or a name that stands in one elsewhere."""
    if is_kernels(name):
        return name
    parts = TELLING.split(name)
    return "".join(
        part if place % 2 else names.name(part, _is_free) for place, part in enumerate(parts)
    )


def other_source(names: Pseudonyms, source: str) -> str:
    """What is mounted: a device keeps its name; a volume, a pool and an export do not."""
    return source if source in _NO_DEVICE else other_path(names, source)


def other_kernel_release(names: Pseudonyms, release: str) -> str:
    """Numbers and well-known builds stay; who builds kernels of their own may put a name there."""

    def other_word(found: re.Match[str]) -> str:
        word = found[0]
        return word if _RELEASE_WORDS.fullmatch(word) else names.name(word)

    return _WORD.sub(other_word, release)


def _is_free(made: str) -> bool:
    """Not a name that stays what it is, or two would become one."""
    return not is_kernels(made) and TELLING.search(made) is None
