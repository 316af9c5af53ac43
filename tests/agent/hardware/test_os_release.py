"""Each family's own idea of what an upgrade is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware.os_release import major_of, parse_os_release, patch_of, product_of

KERNEL = "6.1.0-18-amd64"


@pytest.mark.parametrize(
    ("release", "major"),
    [
        ("ID=debian\nVERSION_ID=12", "12"),
        ("ID=debian", None),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=22.04", "22.04"),
        ("ID=linuxmint\nID_LIKE=ubuntu\nVERSION_ID=21.2", "21.2"),
        ("ID=zorin\nID_LIKE='ubuntu debian'\nVERSION_ID=17", "17"),
        ('ID="rhel"\nVERSION_ID="8.9"', "8"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"', "9"),
        ('ID="ol"\nID_LIKE="fedora"\nVERSION_ID="8.10"', "8"),
        ('ID="centos"\nVERSION_ID="7"', "7"),
        ('ID="sles"\nID_LIKE="suse"\nVERSION_ID="15.5"', "15"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"', "15"),
        ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20240105"', None),
        ("ID=kali\nID_LIKE=debian\nVERSION_ID=2024.1", None),
        ("ID=arch", None),
        ("ID=endeavouros\nID_LIKE=arch\nVERSION_ID=2024.01", None),
        ("ID=alpine\nVERSION_ID=3.19.1", "3.19"),
        ("ID=amzn\nID_LIKE=fedora\nVERSION_ID=2023", "2023"),
        ("ID=of-our-own\nVERSION_ID=4.2.1", "4"),
        ("ID=of-our-own\nVERSION_ID=rolling", "ROLLING"),
        ("", None),
    ],
)
def test_a_release_changes_only_when_its_family_says_so(release: str, major: str | None) -> None:
    assert major_of(parse_os_release(release)) == major


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


@pytest.mark.parametrize(
    ("release", "debian_version", "patch"),
    [
        ("ID=debian\nVERSION_ID=12\nVERSION='12 (bookworm)'", "12.5", f"12.5 {KERNEL}"),
        ("ID=ubuntu\nVERSION_ID=22.04\nVERSION='22.04.3 LTS (Jammy Jellyfish)'", "bookworm/sid",
         f"22.04.3 {KERNEL}"),
        ("ID=rhel\nVERSION_ID=8.9\nVERSION='8.9 (Ootpa)'", "", f"8.9 {KERNEL}"),
        ("ID=arch", "", KERNEL),
    ],
    ids=["debian", "ubuntu", "rhel", "arch"],
)  # fmt: skip
def test_a_patch_is_the_point_release_and_the_kernel(
    release: str, debian_version: str, patch: str
) -> None:
    assert patch_of(parse_os_release(release), debian_version, KERNEL) == patch


def test_nothing_known_is_no_patch() -> None:
    assert patch_of({}, "", "") is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    release = parse_os_release(text)
    assert product_of(release) is None or release["ID"]
    major_of(release)
