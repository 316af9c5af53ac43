"""Recorded Windows machines on the command line: read, compared and recorded like any other."""

from pathlib import Path

from msgspec.structs import replace

from tests.agent.cli.console import Run
from tests.windows_machines import DELL_WITH_A_TEAM, HYPER_V_2022, VMWARE_2019


def test_the_fingerprint_of_a_windows_machine_is_printed(run: Run, tmp_path: Path) -> None:
    folder = HYPER_V_2022.write(tmp_path / "recorded")
    said = run("fingerprint", "--root", str(folder), "--reveal", "--json").json
    components = {component["id"]: component for component in said["components"]}
    assert components["nic"]["value"] == ["00:15:5d:0a:0b:0c"]
    assert components["boot_disk"]["source"] == r"\\.\PhysicalDrive0"
    assert said["virtual"] is True
    assert said["os"]["product"] == "windows"
    assert said["os"]["major"] == "20348 Standard"


def test_an_upgrade_of_windows_is_told_from_a_change_of_hardware(run: Run, tmp_path: Path) -> None:
    was = replace(DELL_WITH_A_TEAM, build=14393, revision=7428)
    was.write(tmp_path / "was")
    DELL_WITH_A_TEAM.write(tmp_path / "now")
    said = run("compare", str(tmp_path / "was"), str(tmp_path / "now"), "--json").json
    assert (said["verdict"], said["os"]["verdict"]) == ("match", "upgrade")
    assert "14393" in said["os"]["was"]
    assert "20348" in said["os"]["now"]


def test_a_windows_machine_is_recorded_and_recorded_under_other_numbers(
    run: Run, tmp_path: Path
) -> None:
    folder = VMWARE_2019.write(tmp_path / "machine")
    for name, asked in (("same", ()), ("other", ("--anonymous",))):
        given = ("--root", str(folder), "--record", str(tmp_path / name), *asked)
        assert run("fingerprint", *given).code == 0
    same = run("compare", str(folder), str(tmp_path / "same"), "--json").json
    assert same["verdict"] == "match"
    other = run("compare", str(folder), str(tmp_path / "other"), "--json").json
    assert other["verdict"] == "different"
