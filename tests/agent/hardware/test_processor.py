"""The processor by what cannot change without taking it out."""

from pathlib import Path

import pytest

from agent.fingerprint import UnknownReason
from agent.hardware.processor import Processor, processor
from agent.hardware.tree import MachineTree

BLOCK = """\
processor\t: {number}
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz
stepping\t: 6
microcode\t: {microcode}
cpu MHz\t\t: {clock}
physical id\t: {socket}
flags\t\t: fpu vme {flag}

"""


def described(folder: Path, text: str) -> Processor:
    (folder / "proc").mkdir(exist_ok=True)
    (folder / "proc/cpuinfo").write_text(text)
    return processor(MachineTree(folder))


def intel(*, sockets: int = 2, cores: int = 4, microcode: str = "0x1", flag: str = "lm") -> str:
    return "".join(
        BLOCK.format(
            number=number,
            microcode=microcode,
            clock=2400 + number,
            socket=number % sockets,
            flag=flag,
        )
        for number in range(cores)
    )


def test_make_and_sockets_count_and_nothing_that_moves(tmp_path: Path) -> None:
    before = described(tmp_path, intel())
    after = described(tmp_path, intel(cores=2, microcode="0xff", flag="avx512f"))
    assert before.component.values == ("GENUINEINTEL 6 106 6 SOCKETS 2",)
    assert after == before


def test_a_socket_more_is_a_change(tmp_path: Path) -> None:
    assert described(tmp_path, intel(sockets=4)).component.values == (
        "GENUINEINTEL 6 106 6 SOCKETS 4",
    )


def test_the_hypervisor_shows_in_the_flags_alone(tmp_path: Path) -> None:
    assert described(tmp_path, intel(flag="hypervisor")).virtual is True
    assert described(tmp_path, intel()).virtual is False
    assert described(tmp_path, intel(flag="nohypervisor_")).virtual is False


@pytest.mark.parametrize("text", ["", "no colon", "processor : 0\n"])
def test_a_file_that_names_no_processor_is_damaged(text: str, tmp_path: Path) -> None:
    found = described(tmp_path, text)
    assert (found.component.reason, found.virtual) == (UnknownReason.DAMAGED, None)


def test_a_missing_file_is_absent(tmp_path: Path) -> None:
    assert processor(MachineTree(tmp_path)).component.reason is UnknownReason.ABSENT
