"""Each family's own idea of what an upgrade is, and what it calls its point release."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware.os_release import (
    major_of,
    parse_os_release,
    patch_of,
    point_release_file,
    product_of,
)


class System(NamedTuple):
    """What one system's files say, as its vendor writes them, and what follows from it."""

    release: str
    major: str | None
    patch: str | None
    point_release: str = ""


def assignments(**named: str) -> str:
    return "\n".join(f'{name}="{value}"' for name, value in named.items())


SYSTEMS = {
    "debian 12": System(
        assignments(ID="debian", VERSION_ID="12", VERSION="12 (bookworm)"), "12", "12.5", "12.5"
    ),
    "debian 13": System(
        assignments(ID="debian", VERSION_ID="13", DEBIAN_VERSION_FULL="13.2"), "13", "13.2", "13.2"
    ),
    "debian testing": System(
        assignments(ID="debian", VERSION_CODENAME="trixie"), None, None, "trixie/sid"
    ),
    "debian without its own file": System(assignments(ID="debian", VERSION_ID="12"), "12", None),
    "ubuntu 22.04": System(
        assignments(
            ID="ubuntu",
            ID_LIKE="debian",
            VERSION_ID="22.04",
            VERSION="22.04.3 LTS (Jammy Jellyfish)",
        ),
        "22.04",
        "22.04.3",
        "bookworm/sid",
    ),
    "ubuntu 25.04": System(
        assignments(
            ID="ubuntu", ID_LIKE="debian", VERSION_ID="25.04", VERSION="25.04 (Plucky Puffin)"
        ),
        "25.04",
        "25.04",
    ),
    "pop 22.04": System(
        assignments(ID="pop", ID_LIKE="ubuntu debian", VERSION_ID="22.04"), "22.04", "22.04"
    ),
    "neon, numbered like ubuntu": System(
        assignments(ID="neon", ID_LIKE="ubuntu debian", VERSION_ID="22.04"), "22.04", "22.04"
    ),
    "mint, with numbers of its own": System(
        assignments(ID="linuxmint", ID_LIKE="ubuntu debian", VERSION_ID="21.2"), "21", "21.2"
    ),
    "elementary": System(
        assignments(ID="elementary", ID_LIKE="ubuntu debian", VERSION_ID="7.1"), "7", "7.1"
    ),
    "raspbian": System(assignments(ID="raspbian", ID_LIKE="debian", VERSION_ID="12"), "12", "12"),
    "astra": System(assignments(ID="astra", ID_LIKE="debian", VERSION_ID="1.7_x86-64"), "1", "1.7"),
    "univention": System(assignments(ID="ucs", ID_LIKE="debian", VERSION_ID="5.2"), "5", "5.2"),
    "rhel 8": System(
        assignments(ID="rhel", ID_LIKE="fedora", VERSION_ID="8.9", VERSION="8.9 (Ootpa)"),
        "8",
        "8.9",
    ),
    "rhel 10": System(
        assignments(ID="rhel", ID_LIKE="centos fedora", VERSION_ID="10.0"), "10", "10.0"
    ),
    "rocky": System(
        assignments(ID="rocky", ID_LIKE="rhel centos fedora", VERSION_ID="9.3"), "9", "9.3"
    ),
    "almalinux": System(
        assignments(ID="almalinux", ID_LIKE="rhel centos fedora", VERSION_ID="8.10"), "8", "8.10"
    ),
    "oracle": System(assignments(ID="ol", ID_LIKE="fedora", VERSION_ID="8.10"), "8", "8.10"),
    "centos 7": System(
        assignments(ID="centos", ID_LIKE="rhel fedora", VERSION_ID="7", VERSION="7 (Core)"),
        "7",
        "7.9.2009",
        "CentOS Linux release 7.9.2009 (Core)",
    ),
    "centos stream": System(
        assignments(ID="centos", ID_LIKE="rhel fedora", VERSION_ID="9", VERSION="9"),
        "9",
        None,
        "CentOS Stream release 9",
    ),
    "cloudlinux": System(
        assignments(ID="cloudlinux", ID_LIKE="rhel fedora centos", VERSION_ID="8.9"), "8", "8.9"
    ),
    "rhel coreos": System(
        assignments(
            ID="rhcos", ID_LIKE="rhel fedora", VERSION_ID="4.13", VERSION="413.90.202212151724-0"
        ),
        "4",
        "413.90.202212151724",
    ),
    "fedora": System(
        assignments(ID="fedora", VERSION_ID="41", VERSION="41 (Server Edition)"), "41", "41"
    ),
    "fedora coreos": System(
        assignments(
            ID="fedora",
            VERSION_ID="41",
            VERSION="41.20241109.3.0 (CoreOS)",
            VARIANT_ID="coreos",
        ),
        None,
        "41.20241109.3.0",
    ),
    "amazon 2": System(
        assignments(ID="amzn", ID_LIKE="centos rhel fedora", VERSION_ID="2"), "2", "2"
    ),
    "amazon 2023": System(
        assignments(
            ID="amzn",
            ID_LIKE="fedora",
            VERSION_ID="2023",
            PRETTY_NAME="Amazon Linux 2023.4.20240416",
        ),
        "2023",
        "2023.4.20240416",
    ),
    "openeuler": System(
        assignments(ID="openEuler", VERSION_ID="22.03", VERSION="22.03 (LTS-SP3)"),
        "22.03",
        "22.03 SP3",
    ),
    "kylin": System(assignments(ID="kylin", VERSION_ID="V10", VERSION="V10 (Tercel)"), "10", "V10"),
    "sles 12": System(assignments(ID="sles", VERSION_ID="12.5", VERSION="12-SP5"), "12", "12.5"),
    "sles 15": System(
        assignments(ID="sles", ID_LIKE="suse", VERSION_ID="15.5", VERSION="15-SP5"), "15", "15.5"
    ),
    "sles 16": System(
        assignments(ID="sles", ID_LIKE="suse opensuse", VERSION_ID="16.0"), "16", "16.0"
    ),
    "sl micro, like a rolling one": System(
        assignments(
            ID="sl-micro", ID_LIKE="suse sle-micro opensuse-microos microos", VERSION_ID="6.1"
        ),
        "6",
        "6.1",
    ),
    "leap": System(
        assignments(ID="opensuse-leap", ID_LIKE="suse opensuse", VERSION_ID="15.6"), "15", "15.6"
    ),
    "tumbleweed": System(
        assignments(ID="opensuse-tumbleweed", ID_LIKE="opensuse suse", VERSION_ID="20240105"),
        None,
        "20240105",
    ),
    "microos": System(
        assignments(
            ID="opensuse-microos",
            ID_LIKE="suse opensuse opensuse-tumbleweed microos sl-micro",
            VERSION_ID="20240228",
        ),
        None,
        "20240228",
    ),
    "a kin of tumbleweed": System(
        assignments(ID="gecko", ID_LIKE="suse opensuse-tumbleweed", VERSION_ID="20240228"),
        None,
        "20240228",
    ),
    "kali": System(assignments(ID="kali", ID_LIKE="debian", VERSION_ID="2024.1"), None, "2024.1"),
    "arch": System(assignments(ID="arch", BUILD_ID="rolling"), None, None),
    "manjaro": System(assignments(ID="manjaro", ID_LIKE="arch"), None, None),
    "steamos": System(
        assignments(ID="steamos", ID_LIKE="arch", VERSION_ID="3.6.20"), None, "3.6.20"
    ),
    "gentoo": System(assignments(ID="gentoo", VERSION_ID="2.14"), None, "2.14"),
    "flatcar": System(
        assignments(ID="flatcar", ID_LIKE="coreos", VERSION_ID="3139.2.0"), None, "3139.2.0"
    ),
    "clear": System(assignments(ID="clear-linux-os", VERSION_ID="41070"), None, "41070"),
    "alpine": System(assignments(ID="alpine", VERSION_ID="3.19.1"), "3.19", "3.19.1"),
    "alpine edge": System(
        assignments(ID="alpine", VERSION_ID="3.21.0_alpha20240923"), None, "3.21.0"
    ),
    "photon": System(assignments(ID="photon", VERSION_ID="5.0"), "5", "5.0"),
    "nixos": System(assignments(ID="nixos", VERSION_ID="25.05"), "25.05", "25.05"),
    "bottlerocket": System(assignments(ID="bottlerocket", VERSION_ID="1.19.0"), "1", "1.19.0"),
    "of our own": System(assignments(ID="of-our-own", VERSION_ID="4.2.1"), "4", "4.2.1"),
    "without numbers": System(
        assignments(ID="of-our-own", VERSION_ID="rolling"), "ROLLING", "ROLLING"
    ),
    "nothing": System("", None, None),
}


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS.keys())
def test_a_release_changes_only_when_its_family_says_so(system: System) -> None:
    release = parse_os_release(system.release)
    assert major_of(release) == system.major
    assert patch_of(release, system.point_release) == system.patch


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("rhel", "8.9"), ("rhel", "8.10")),
        (("sles", "15.5"), ("sles", "15.6")),
        (("alpine", "3.19.1"), ("alpine", "3.19.2")),
        (("linuxmint", "21.2"), ("linuxmint", "21.3")),
        (("opensuse-tumbleweed", "20240105"), ("opensuse-tumbleweed", "20240106")),
        (("flatcar", "3139.2.0"), ("flatcar", "3510.2.0")),
    ],
)
def test_an_update_is_a_patch_and_no_upgrade(
    before: tuple[str, str], after: tuple[str, str]
) -> None:
    was, now = ({"ID": system, "VERSION_ID": version} for system, version in (before, after))
    assert major_of(was) == major_of(now)
    assert patch_of(was, "") != patch_of(now, "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("rhel", "8.10"), ("rhel", "9.0")),
        (("debian", "12"), ("debian", "13")),
        (("ubuntu", "22.04"), ("ubuntu", "22.10")),
        (("sles", "12.5"), ("sles", "15.5")),
        (("alpine", "3.19.4"), ("alpine", "3.20.0")),
        (("fedora", "40"), ("fedora", "41")),
    ],
)
def test_an_upgrade_is_one(before: tuple[str, str], after: tuple[str, str]) -> None:
    was, now = ({"ID": system, "VERSION_ID": version} for system, version in (before, after))
    assert major_of(was) != major_of(now)


def test_only_where_a_family_has_a_file_for_it_the_point_release_is_read_there() -> None:
    assert point_release_file({"ID": "debian"}) == "/etc/debian_version"
    assert point_release_file({"ID": "centos"}) == "/etc/centos-release"
    assert point_release_file({"ID": "ubuntu"}) is None
    assert point_release_file({}) is None


def test_a_file_is_read_as_a_shell_would_assign() -> None:
    text = '# comment\n\nID="debian"\nNAME=\'It\'\'s\'\nVERSION="a \\"b\\" \\$c"\nbroken\nX=1\n'
    assert parse_os_release(text) == {
        "ID": "debian",
        "NAME": "It''s",
        "VERSION": 'a "b" $c',
        "X": "1",
    }


def test_a_file_without_an_id_names_no_product() -> None:
    assert product_of(parse_os_release("NAME=Something")) is None
    assert product_of(parse_os_release("ID=Debian")) == "debian"


@given(st.text(), st.text())
def test_any_text_is_read(text: str, point_release: str) -> None:
    release = parse_os_release(text)
    assert product_of(release) is None or release["ID"]
    major_of(release)
    patch_of(release, point_release)
