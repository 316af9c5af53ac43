"""The probe's live half, as far as wine goes: it asks, records, and reads this very machine.

Wine has no physical disks to describe, counts no starts and knows no hypervisor: `docs/untested.md`
says what only a real Windows can show.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.linux import LinuxProbe
from agent.hardware.probes import recorded_machine
from agent.hardware.windows.answers import Failure, Question, RecordedAnswers
from protocol.weights import ComponentId
from tests.readings import reason, values
from tests.windows_machines import MACHINE_GUID, NETWORK, VERSION
from tests.wine.conftest import Wine

SDK = Path(__file__).parents[1] / "agent/hardware/windows_sdk.json"


class Asked:
    """One run under wine, and the folder that it recorded into."""

    def __init__(self, wine: Wine, folder: Path) -> None:
        self.folder = folder
        self.told = wine.ask(folder)
        self.answers = msgspec.convert(self.told["asked"], type=RecordedAnswers)

    def inventory(self, name: str = "first") -> Inventory:
        return msgspec.convert(self.told[name], type=Inventory)


@pytest.fixture(scope="module")
def asked(wine: Wine, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    wine.forget_registry(NETWORK)  # what an earlier run left
    wine.write_registry(VERSION, "CurrentBuildNumber", "REG_SZ", "20348")
    wine.write_registry(VERSION, "EditionID", "REG_SZ", "ServerStandard")
    wine.write_registry(VERSION, "InstallationType", "REG_SZ", "Server")
    wine.write_registry(VERSION, "UBR", "REG_DWORD", "2402")
    return Asked(wine, tmp_path_factory.mktemp("recorded"))


def test_it_reads_the_same_twice(asked: Asked) -> None:
    assert asked.inventory("first") == asked.inventory("second")


def test_what_is_unknown_has_a_reason_and_what_is_known_has_none(asked: Asked) -> None:
    inventory = asked.inventory()
    assert tuple(component.id for component in inventory.components) == tuple(ComponentId)
    for component in inventory.components:
        assert component.known is (component.reason is None)


@pytest.mark.parametrize("question", Question)
def test_every_question_is_answered_or_refused_by_number(asked: Asked, question: Question) -> None:
    answers = {
        name: answer
        for name, answer in asked.answers.bytes_of.items()
        if name.split()[0] == question.value
    }
    assert answers
    # Wine 8 has no disk, and does not know the hypervisor's class of questions.
    may_be_refused = question in {Question.DISK, Question.DISK_IDENTIFIERS, Question.HYPERVISOR}
    for answer in answers.values():
        assert may_be_refused or isinstance(answer, bytes)
        if isinstance(answer, Failure):
            assert answer.reason is UnknownReason.ABSENT


def test_what_was_recorded_replays_here_and_there(asked: Asked) -> None:
    assert recorded_machine(asked.folder).read() == asked.inventory()
    assert asked.inventory("replayed") == asked.inventory()


def test_the_processor_is_the_one_that_linux_sees(asked: Asked) -> None:
    assert values(asked.inventory(), ComponentId.CPU) == values(
        LinuxProbe().read(), ComponentId.CPU
    )


def test_the_system_is_named_by_its_registry(asked: Asked) -> None:
    found = asked.inventory().os
    assert (found.release, found.patch) == ("windows 20348 Standard", "20348.2402")


def test_the_tag_is_made_of_the_guid_in_the_registry(asked: Asked) -> None:
    guid = asked.answers.values_of[MACHINE_GUID]
    assert isinstance(guid, str)
    tag = hmac.new(guid.encode(), b"faragostar-man", hashlib.sha256).hexdigest()
    assert asked.told["tag"] == tag == asked.told["library_tag"]


def test_uptime_is_counted_and_starts_are_not(asked: Asked) -> None:
    assert asked.told["uptime"] > 0
    assert asked.told["boot"] is None


def test_a_system_on_no_disk_has_none(asked: Asked) -> None:
    assert reason(asked.inventory(), ComponentId.BOOT_DISK) is UnknownReason.ABSENT


def test_a_card_is_one_when_the_registry_knows_its_device(
    wine: Wine, asked: Asked, tmp_path: Path
) -> None:
    assert reason(asked.inventory(), ComponentId.NIC) is UnknownReason.ABSENT
    connections = [name for name in asked.answers.values_of if name.startswith(NETWORK)]
    for name in connections:
        key, _, value = name.rpartition("\\")
        wine.write_registry(key, value, "REG_SZ", r"PCI\VEN_1AF4&DEV_1000")
    again = Asked(wine, tmp_path)
    cards = values(again.inventory(), ComponentId.NIC)
    addresses = {
        path.read_text(encoding="ascii").strip()
        for path in Path("/sys/class/net").glob("*/address")
    }
    assert set(cards) <= addresses
    assert cards


def test_the_sdk_lays_its_structures_out_as_the_tests_believe(wine: Wine) -> None:
    told: dict[str, Any] = json.loads(wine.run(wine.folder / "layouts.exe"))
    assert told == json.loads(SDK.read_text(encoding="utf-8"))
