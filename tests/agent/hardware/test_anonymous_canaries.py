"""Words that only this machine has, in every place where somebody may put one: none comes out.

A canary is looked for in what is written, in the names of files and folders, in any case, and as
hexadecimal digits, in swapped pairs and in wide letters.
"""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.hardware.anonymous import anonymous
from agent.hardware.probes import recorded_machine, recording_of
from agent.hardware.recording import Recording, write
from agent.hardware.windows.answers import RecordedWindows
from tests.agent.hardware.canaries import Canaries
from tests.agent.hardware.canary_machines import linux_machine, sources, windows_machine
from tests.agent.hardware.test_anonymous import outline
from tests.machine_folders import put
from tests.readings import judged
from tests.windows_machines import (
    NETWORK,
    VERSION,
    recording,
)

KEY = b"c" * 32


@pytest.mark.parametrize("kind", list(sources(Canaries())))
def test_no_word_of_a_linux_machine_is_in_its_anonymous_recording(
    kind: str, tmp_path: Path
) -> None:
    canaries = Canaries()
    source, volume = sources(canaries)[kind]
    machine = linux_machine(canaries, tmp_path / "machine", source, volume)
    plain, hidden = tmp_path / "plain", tmp_path / "hidden"
    recorded = recording_of(machine)
    write(recorded, plain)
    write(anonymous(recorded, KEY), hidden)
    assert len(canaries.found_in(plain)) > 30  # they were there to be found
    assert canaries.found_in(hidden) == []
    before, after = recorded_machine(machine).read(), recorded_machine(hidden).read()
    assert outline(after) == outline(before)


def test_without_the_table_nor_rights_there_is_no_word_either(tmp_path: Path) -> None:
    """Then the fields that sysfs shows stand in, and the places of other hypervisors."""
    canaries = Canaries()
    machine = linux_machine(canaries, tmp_path / "machine", canaries.word(), canaries.word())
    (machine / "sys/firmware/dmi/tables/DMI").unlink()
    first, second = tmp_path / "first", tmp_path / "second"
    write(anonymous(recording_of(machine), KEY), first)
    for path in (machine / "sys/class/dmi/id").iterdir():
        path.unlink()
    (machine / "sys/class/dmi/id").rmdir()
    write(anonymous(recording_of(machine), KEY), second)
    assert canaries.found_in(first) == []
    assert canaries.found_in(second) == []
    for folder in (first, second):
        assert judged(recorded_machine(folder).read(), recorded_machine(folder).read()).verdict


def test_no_word_of_a_windows_machine_is_in_its_anonymous_recording(tmp_path: Path) -> None:
    canaries = Canaries()
    machine = windows_machine(canaries)
    answers = machine.answers()
    mark = canaries.number(8)
    packages = answers.bytes_of["packages"]
    assert isinstance(packages, bytes)
    beside = {
        asked: raw + mark + canaries.word().encode() if isinstance(raw, bytes) else raw
        for asked, raw in answers.bytes_of.items()
        if asked not in {"firmware", "packages"}
    }
    added = replace(
        answers,
        bytes_of={
            **answers.bytes_of,
            **beside,
            "packages": packages[:24] + mark + packages[32:],
            f"disk {canaries.word()}": canaries.word().encode(),
            canaries.word("ki"): canaries.word().encode(),
        },
        values_of={
            **answers.values_of,
            rf"{VERSION}\SystemRoot": rf"C:\{canaries.word('fo')}",
            rf"{VERSION}\RegisteredOwner": canaries.word("ow"),
            rf"{VERSION}\InstallDate": int.from_bytes(canaries.number(4), "little"),
            rf"SOFTWARE\{canaries.word('ke')}\Name": canaries.persian(),
            rf"{NETWORK}\{canaries.word()}\Connection\PnPInstanceID": rf"USB\{canaries.word()}",
        },
    )
    plain, hidden = tmp_path / "plain", tmp_path / "hidden"
    put(plain, ".faragostar/probe.json", recording(added))
    # The probe asks for less than this: whatever is in a recording goes through the same rules.
    whole = Recording({}, frozenset(), {}, RecordedWindows(windows=added))
    write(anonymous(whole, KEY), hidden)
    assert len(canaries.found_in(plain)) > 30
    assert canaries.found_in(hidden) == []
    assert outline(recorded_machine(hidden).read()) == outline(machine.read())
