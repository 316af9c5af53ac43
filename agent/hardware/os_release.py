"""Which system is installed, by each family's own idea of a release. Pure.

`major` changes when the system was upgraded and stays through everything its vendor calls an
update: RHEL 8.9 to 8.10 is a patch, Ubuntu 22.04 to 24.04 an upgrade, and a rolling system has no
release at all. An unknown family is read carefully: only its first number counts, for a patch that
is taken for an upgrade would stop a license.

`patch` is the point release that the vendor itself names (Debian 12.5, RHEL 8.9, SLES 15.5, Ubuntu
22.04.3), and a rolling system's snapshot. The kernel is no part of it: it comes with every week's
updates, and a license that counts patches would drift with each of them.
"""

import re

from agent.hardware.normalisation import clean

_ROLLING = frozenset({
    "arch", "manjaro", "endeavouros", "gentoo", "void", "kali", "opensuse-tumbleweed",
    "opensuse-slowroll", "opensuse-microos", "opensuse-aeon", "opensuse-kalpa", "solus",
    "clear-linux-os", "flatcar", "coreos", "wolfi", "chimera",
})  # fmt: skip
# Their kin roll too. MicroOS is not among these: SUSE's Micro of numbered releases is like it.
_ROLLING_KIN = frozenset({"arch", "gentoo", "opensuse-tumbleweed"})
_WHOLE_VERSION = frozenset({"debian", "ubuntu", "pop", "openeuler", "nixos"})
_FIRST_TWO_NUMBERS = frozenset({"alpine"})
_FIRST_NUMBER = frozenset({
    "rhel", "centos", "rocky", "almalinux", "ol", "fedora", "amzn", "sles", "sled", "sle-micro",
    "sl-micro", "opensuse-leap", "opensuse-leap-micro", "opensuse", "photon", "linuxmint",
})  # fmt: skip
# Where the point release stands, if not in os-release. On Ubuntu the first would name Debian's.
_POINT_RELEASE_FILES = {"debian": "/etc/debian_version", "centos": "/etc/centos-release"}
_ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$")
_NUMBER = re.compile(r"\d+")
_POINT_RELEASE = re.compile(r"\d+(?:\.\d+)+")
_SERVICE_PACK = re.compile(r"\bSP\d+")
_UBUNTU_VERSION = re.compile(r"\d\d\.(?:04|10)")
_SNAPSHOT_OF_THE_NEXT = "_ALPHA"


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
    if _rolls(release, version):
        return None
    product = product_of(release)
    if product in _WHOLE_VERSION or _numbers_like_ubuntu(release, version):
        return version or None
    numbers = _NUMBER.findall(version)
    if product in _FIRST_TWO_NUMBERS:
        return ".".join(numbers[:2]) or None
    return next(iter(numbers), version) or None


def point_release_file(release: dict[str, str]) -> str | None:
    """Where this family tells its point release; None where os-release tells it."""
    return _POINT_RELEASE_FILES.get(product_of(release) or "")


def patch_of(release: dict[str, str], point_release: str) -> str | None:
    """The update level that the vendor names; `point_release` is what the family's file says.

    One source for each family: falling back to another where the first cannot be read would look
    like a patch.
    """
    if point_release_file(release):
        found = _POINT_RELEASE.search(point_release)
        return found[0] if found else None
    version = clean(release.get("VERSION_ID", ""))
    told = (version, clean(release.get("VERSION", "")), clean(release.get("PRETTY_NAME", "")))
    points = [point for text in told for point in _POINT_RELEASE.findall(text)]
    exact = max(points, key=lambda point: (point.count("."), len(point)), default=version)
    pack = _SERVICE_PACK.search(told[1])
    # SUSE says the same twice: 15-SP5 and 15.5.
    if pack and not exact.endswith(f".{pack[0][2:]}"):
        return f"{exact} {pack[0]}".strip()
    return exact or None


def _rolls(release: dict[str, str], version: str) -> bool:
    product = product_of(release)
    # Alpine's edge and Fedora's CoreOS run ahead of releases that others of the same id stay on.
    if _SNAPSHOT_OF_THE_NEXT in version or product in _ROLLING:
        return True
    if product == "fedora":
        return release.get("VARIANT_ID") == "coreos"
    if product in _WHOLE_VERSION | _FIRST_TWO_NUMBERS | _FIRST_NUMBER:
        return False
    return bool(_ROLLING_KIN & set(release.get("ID_LIKE", "").lower().split()))


def _numbers_like_ubuntu(release: dict[str, str], version: str) -> bool:
    """Those that took over its numbers upgrade with it; Mint 21.2 and others count their own."""
    kin = release.get("ID_LIKE", "").lower().split()
    return "ubuntu" in kin and _UBUNTU_VERSION.fullmatch(version) is not None


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return re.sub(r"\\([\"'$`\\])", r"\1", value)
