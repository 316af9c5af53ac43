"""Runs under wine: reads the machine twice, live, and prints what it read and what was answered."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import machineid
import msgspec

from agent.hardware.probes import recorded_machine, recording_of, this_machine
from agent.hardware.recording import write
from agent.hardware.windows.answers import Question, Recorder, WindowsAnswers
from agent.hardware.windows.probe import WindowsProbe


def main(folder: Path, answers: WindowsAnswers) -> None:
    """Record into the empty folder; print one line of JSON."""
    asked = Recorder(answers)
    probe = WindowsProbe(asked)
    told: dict[str, object] = {
        "first": probe.read(),
        "second": this_machine().read(),
        "uptime": probe.uptime_seconds(),
        "boot": probe.boot_id(),
        "tag": probe.machine_tag(),
        # The library that a protected application would use, with its door to the registry.
        "library_tag": machineid.hashed_id("faragostar-man"),
        # What only a machine with disks is asked.
        "disk": asked.ask(Question.DISK, "0"),
        "disk_identifiers": asked.ask(Question.DISK_IDENTIFIERS, "0"),
    }
    write(recording_of(), folder)
    told["replayed"] = recorded_machine(folder).read()
    told["asked"] = asked.recorded
    sys.stdout.buffer.write(msgspec.json.encode(told))


if sys.platform == "win32":
    from agent.hardware.windows.live import LiveAnswers

    main(Path(sys.argv[1]), LiveAnswers())
