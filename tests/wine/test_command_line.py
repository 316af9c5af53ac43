"""The command line on Windows, as far as it gets without keys: wine 8 cannot load their library."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from tests.wine.conftest import Wine, windows_path


class Site:
    """The command line under wine, and the same one here."""

    def __init__(self, wine: Wine, folder: Path) -> None:
        self.wine = wine
        self.folder = folder

    def run(self, *given: str | Path) -> Any:
        written = [windows_path(word) if isinstance(word, Path) else word for word in given]
        home = windows_path(self.folder / "home")
        return json.loads(self.wine.command("--json", "--home", home, *written))


@pytest.fixture
def site(wine: Wine, tmp_path: Path) -> Site:
    return Site(wine, tmp_path)


def test_a_recording_from_there_reads_the_same_here(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = site.folder / "recorded"
    there = site.run("fingerprint", "--reveal")
    assert there["os"]["product"] == "windows"
    assert site.run("fingerprint", "--record", recorded)["files"] == 1
    assert site.run("fingerprint", "--reveal", "--root", recorded) == there
    here = ["--json", "--home", str(site.folder / "home"), "fingerprint", "--reveal"]
    assert main([*here, "--root", str(recorded)]) == 0
    assert json.loads(capsys.readouterr().out) == there


def test_a_recording_under_other_numbers_has_other_numbers(site: Site) -> None:
    site.run("fingerprint", "--record", site.folder / "same")
    site.run("fingerprint", "--record", site.folder / "other", "--anonymous")
    said = site.run("compare", site.folder / "same", site.folder / "other")
    changed = {part["id"] for part in said["components"] if part["status"] == "changed"}
    assert "system_uuid" in changed


def test_a_folder_with_something_in_it_is_left_alone(site: Site) -> None:
    (site.folder / "taken").mkdir()
    (site.folder / "taken/mine").write_bytes(b"mine")
    refused = site.wine.command(
        "--json",
        "fingerprint",
        "--record",
        windows_path(site.folder / "taken"),
        may_fail=True,
    )
    assert json.loads(refused)["error"] == "folder-taken"
    assert [path.name for path in (site.folder / "taken").iterdir()] == ["mine"]


def test_the_doctor_finds_the_machine_tag_that_applications_compute(site: Site) -> None:
    home = windows_path(site.folder / "home")
    told = site.wine.command("--json", "--home", home, "doctor", may_fail=True)
    findings = {finding["id"]: finding for finding in json.loads(told)["checks"]}
    assert findings["machine-tag"]["outcome"] == "ok"
