"""The systemd units say what the design asks, and systemd itself finds no fault in them."""

import os
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "installers" / "systemd"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and not os.environ.get("FARAGOSTAR_REQUIRE_ORACLES"),
    reason="systemd-analyze is missing",
)


def read_unit(name: str) -> RawConfigParser:
    unit = RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names keep case
    unit.read_string((UNITS / name).read_text(encoding="utf-8"))
    return unit


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "verify_units.sh", folder], check=False, capture_output=True, text=True
    )


def test_service_checks_once_and_quietly() -> None:
    service = read_unit("faragostar-man.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == "/usr/bin/faragostar-man check --quiet"


def test_standings_that_wait_for_a_person_are_no_failed_unit() -> None:
    service = read_unit("faragostar-man.service")["Service"]
    assert service["SuccessExitStatus"].split() == ["10", "11", "12", "13", "23"]


def test_service_writes_its_own_state_and_nothing_else() -> None:
    service = read_unit("faragostar-man.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "faragostar-man"
    assert service["NoNewPrivileges"] == "yes"
    assert "ReadWritePaths" not in service


def test_service_can_read_the_hardware_and_reach_the_server() -> None:
    service = read_unit("faragostar-man.service")["Service"]
    assert service["User"] == "root"
    assert not {"PrivateNetwork", "DynamicUser", "InaccessiblePaths", "IPAddressDeny"} & {*service}
    assert service.get("ProcSubset", "all") == "all"
    assert {"AF_INET", "AF_INET6"} <= set(service["RestrictAddressFamilies"].split())


def test_timer_runs_after_boot_and_every_hour_and_catches_up() -> None:
    timer = read_unit("faragostar-man.timer")
    assert dict(timer["Timer"]) == {
        "OnBootSec": "3min",
        "OnCalendar": "hourly",
        "RandomizedDelaySec": "20min",
        "Persistent": "true",
    }
    assert timer["Install"]["WantedBy"] == "timers.target"


@needs_systemd
def test_systemd_finds_no_fault() -> None:
    verified = verify(UNITS)
    assert verified.returncode == 0, verified.stderr


@needs_systemd
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("faragostar-man.service", "ProtectSystem=", "ProtectSytem="),
        ("faragostar-man.service", "Type=oneshot", "Type=once"),
        ("faragostar-man.timer", "OnCalendar=hourly", "OnCalendar=every hour"),
        ("faragostar-man.timer", "[Timer]", "[Timre]"),
    ],
)
def test_systemd_finds_a_fault_that_is_there(
    tmp_path: Path, name: str, right: str, wrong: str
) -> None:
    for unit in UNITS.iterdir():
        shutil.copy(unit, tmp_path)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / name).write_text(text.replace(right, wrong), encoding="utf-8")
    verified = verify(tmp_path)
    assert verified.returncode == 1
    assert verified.stderr
