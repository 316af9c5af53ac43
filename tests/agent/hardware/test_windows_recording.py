"""Windows machines recorded in one place and read in another, and which probe reads what."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agent.fingerprint import UnknownReason
from agent.hardware.linux import LinuxProbe
from agent.hardware.probes import recorded_machine, this_machine
from agent.hardware.windows.answers import (
    Failure,
    Question,
    RecordedAnswers,
    RecordedWindows,
    Recorder,
)
from agent.hardware.windows.probe import WindowsProbe
from protocol.values import MachineClass
from protocol.weights import ComponentId
from tests.machines import BARE_SERVER
from tests.readings import reason, values
from tests.smbios_oracles.parts import REAL
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    VMWARE_2019,
    WindowsMachine,
    recording,
)

# What wine 8 answered, with a registry that names a system and devices (tests/wine).
WINE = Path(__file__).parent / "windows_wine.json"
LAPTOP = REAL / "windows-rsmb-laptop.dat"


@pytest.mark.parametrize(
    "machine", [DELL_WITH_A_TEAM, VMWARE_2019, HYPER_V_2022], ids=["dell", "vmware", "hyper-v"]
)
def test_a_recorded_windows_reads_the_same_here(machine: WindowsMachine, tmp_path: Path) -> None:
    assert recorded_machine(machine.write(tmp_path)).read() == machine.read()


def test_a_recorded_linux_is_read_as_one(tmp_path: Path) -> None:
    folder = BARE_SERVER.write(tmp_path / "machine")
    assert recorded_machine(folder).read() == LinuxProbe(folder).read()


def test_a_folder_without_answers_is_read_as_a_linux_without_them(tmp_path: Path) -> None:
    inventory = recorded_machine(tmp_path).read()
    assert {component.reason for component in inventory.components} == {UnknownReason.ABSENT}


@pytest.mark.parametrize(
    "broken", [b'{"windows": 7}', b'{"windows": {"bytes_of": {"disk": ', b'{"windows": null}']
)
def test_a_damaged_recording_is_a_machine_of_which_nothing_is_known(
    broken: bytes, tmp_path: Path
) -> None:
    (tmp_path / ".faragostar").mkdir()
    (tmp_path / ".faragostar/probe.json").write_bytes(broken)
    inventory = recorded_machine(tmp_path).read()
    assert not any(component.known for component in inventory.components)


def test_a_recording_holds_what_was_asked_and_nothing_else() -> None:
    answers = VMWARE_2019.answers()
    unasked = RecordedAnswers(
        bytes_of={**answers.bytes_of, "disk 7": b"another machine's"},
        values_of={**answers.values_of, r"SOFTWARE\Secret\Key": "secret"},
    )
    recorder = Recorder(unasked)
    inventory = WindowsProbe(recorder).read()
    assert inventory == VMWARE_2019.read()
    assert b"secret" not in recording(recorder.recorded)
    assert "disk 7" not in recorder.recorded.bytes_of
    assert WindowsProbe(recorder.recorded).read() == inventory


def test_a_recording_keeps_refusals_by_their_number() -> None:
    raw = recording(RecordedAnswers(bytes_of={"disk 0": Failure(5)}))
    assert msgspec.json.decode(raw) == {
        "windows": {"bytes_of": {"disk 0": {"error": 5}}, "values_of": {}}
    }
    found = msgspec.json.decode(raw, type=RecordedWindows)
    assert found.windows is not None
    assert found.windows.ask(Question.DISK, "0") == Failure(5)
    assert found.refused == {"disk 0": UnknownReason.DENIED}


def test_what_does_not_exist_was_not_refused() -> None:
    answers = RecordedAnswers(values_of={"key": Failure(2), "locked": Failure(5), "text": "x"})
    assert RecordedWindows(windows=answers).refused == {"locked": UnknownReason.DENIED}
    assert RecordedWindows().refused == {}


def test_what_wine_answered_is_read_here() -> None:
    found = msgspec.json.decode(WINE.read_bytes(), type=RecordedWindows).windows
    assert found is not None
    probe = WindowsProbe(found)
    inventory = probe.read()
    assert inventory.os.release == "windows 20348 Standard"
    assert values(inventory, ComponentId.CPU) == ("AUTHENTICAMD 25 17 1 SOCKETS 1",)
    assert values(inventory, ComponentId.NIC) == (
        "02:fc:00:00:00:01",
        "f6:40:33:12:9d:bd",
        "f6:b6:f0:b8:9d:74",
    )
    assert reason(inventory, ComponentId.BOOT_DISK) is UnknownReason.ABSENT
    assert (probe.boot_id(), (probe.uptime_seconds() or 0) > 0) == (None, True)


@pytest.mark.skipif(not LAPTOP.exists(), reason="the real tables do not lie beside the repository")
def test_a_real_table_of_windows_is_read_with_what_stands_before_it() -> None:
    answers = RecordedAnswers(bytes_of={"firmware": LAPTOP.read_bytes()})
    inventory = WindowsProbe(answers).read()
    assert inventory.machine_class is MachineClass.BARE
    assert values(inventory, ComponentId.SYSTEM_UUID) == ("3f52e64e-6ad5-eaf3-8e2a-891cf96286ea",)
    assert values(inventory, ComponentId.SYSTEM_SERIAL) == ("023078193757",)
    assert values(inventory, ComponentId.BOARD) == (
        "MICROSOFT CORPORATION SURFACE LAPTOP 3 A009250100J1939A",
    )
    assert values(inventory, ComponentId.PLATFORM) == ("MICROSOFT CORPORATION SURFACE LAPTOP 3",)


def test_this_machine_is_read_by_its_own_platform() -> None:
    assert isinstance(this_machine(), LinuxProbe)


def test_nothing_of_windows_is_loaded_to_read_this_machine() -> None:
    script = (
        "import sys; from agent.hardware.probes import this_machine; this_machine().read(); "
        "sys.exit(any('windows' in name or name == 'ctypes' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == 0
