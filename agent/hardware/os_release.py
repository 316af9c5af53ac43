"""Which system is installed, by each family's own idea of a release. Pure.

`major` changes when the system was upgraded and stays through everything its vendor calls an
update: RHEL 8.9 to 8.10 is a patch, Ubuntu 22.04 to 24.04 an upgrade, and a rolling system has no
release at all. An unknown family is read carefully: only its first number counts, for a patch that
is taken for an upgrade would stop a license.
"""

import re

from agent.hardware.normalisation import clean

_FIRST_NUMBER = frozenset({
    "rhel", "centos", "rocky", "almalinux", "ol", "fedora", "sles", "sled", "sle", "suse",
    "opensuse-leap", "opensuse",
})  # fmt: skip
_WHOLE_VERSION = frozenset({"debian", "ubuntu", "linuxmint"})
_FIRST_TWO_NUMBERS = frozenset({"alpine"})
_ROLLING = frozenset({
    "arch", "manjaro", "gentoo", "void", "kali", "opensuse-tumbleweed", "nixos", "solus",
})  # fmt: skip
_ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$")
_NUMBER = re.compile(r"\d+")
_POINT_RELEASE = re.compile(r"\d+(?:\.\d+)+")


def parse_os_release(text: str) -> dict[str, str]:
    """The assignments of os-release(5); a line that is none is skipped."""
    found = (_ASSIGNMENT.match(line.strip()) for line in text.splitlines())
    return {match[1]: _unquoted(match[2]) for match in found if match}


def product_of(release: dict[str, str]) -> str | None:
    """The system's id in lower case; None where the file names none."""
    return release.get("ID", "").strip().lower() or None


def major_of(release: dict[str, str]) -> str | None:
    """The release that an upgrade changes; None for a rolling system."""
    version = clean(release.get("VERSION_ID", ""))
    # The id itself decides before those that it says it is like: Kali is like Debian, and rolls.
    for family in (release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if family.lower() in _ROLLING:
            return None
        if family.lower() in _WHOLE_VERSION:
            return version or None
        if family.lower() in _FIRST_TWO_NUMBERS:
            return ".".join(_NUMBER.findall(version)[:2]) or None
        if family.lower() in _FIRST_NUMBER:
            break
    return next(iter(_NUMBER.findall(version)), version) or None


def patch_of(release: dict[str, str], debian_version: str, kernel: str) -> str | None:
    """Everything that an update may change: the point release and the running kernel."""
    point = _POINT_RELEASE.search(release.get("VERSION", ""))
    said = [release.get("VERSION_ID", ""), point[0] if point else ""]
    if product_of(release) == "debian":
        # Debian alone tells its point release there; on Ubuntu the file names Debian's.
        said.append(debian_version)
    parts = (max(said, key=len), kernel)
    return " ".join(part for part in parts if part) or None


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return re.sub(r"\\([\"'$`\\])", r"\1", value)
