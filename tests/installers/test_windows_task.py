"""The scheduled task of Windows: the bytes that schtasks reads, and the settings that matter.

Task Scheduler itself cannot be run here: docs/untested.md.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

TASK = Path(__file__).parents[2] / "installers" / "windows" / "faragostar-man-task.xml"
NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


@pytest.fixture
def task() -> ET.Element:
    return ET.fromstring(TASK.read_bytes())  # noqa: S314 - our own file, not a stranger's


def only(task: ET.Element, path: str) -> ET.Element:
    """The one element at a path of names, all in the task's namespace."""
    found = task.findall("/".join(f"t:{step}" for step in path.split("/")), NAMESPACE)
    assert len(found) == 1, f"{path}: {len(found)} times"
    return found[0]


def test_bytes_are_what_schtasks_reads() -> None:
    raw = TASK.read_bytes()
    assert raw.startswith(b"\xff\xfe")
    text = raw.decode("utf-16")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>\r\n')
    assert text.count("\n") == text.count("\r\n")


def test_task_and_all_its_nodes_are_in_the_namespace(task: ET.Element) -> None:
    assert task.tag == f"{{{NAMESPACE['t']}}}Task"
    assert task.get("version") == "1.2"
    assert all(node.tag.startswith(f"{{{NAMESPACE['t']}}}") for node in task.iter())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Triggers/BootTrigger/Enabled", "true"),
        ("Triggers/TimeTrigger/Enabled", "true"),
        ("Triggers/TimeTrigger/Repetition/Interval", "PT1H"),
        ("Principals/Principal/UserId", "S-1-5-18"),
        ("Principals/Principal/RunLevel", "HighestAvailable"),
        ("Settings/Enabled", "true"),
        ("Settings/StartWhenAvailable", "true"),
        ("Settings/MultipleInstancesPolicy", "IgnoreNew"),
        ("Settings/ExecutionTimeLimit", "PT5M"),
        ("Settings/DisallowStartIfOnBatteries", "false"),
        ("Settings/RunOnlyIfNetworkAvailable", "false"),
        ("Settings/RunOnlyIfIdle", "false"),
        ("Actions/Exec/Arguments", "check --quiet"),
    ],
)
def test_task_says(task: ET.Element, path: str, text: str) -> None:
    assert only(task, path).text == text


def test_hourly_trigger_never_ends(task: ET.Element) -> None:
    trigger = only(task, "Triggers/TimeTrigger")
    assert trigger.find("t:EndBoundary", NAMESPACE) is None
    assert trigger.find("t:Repetition/t:Duration", NAMESPACE) is None
    assert only(task, "Triggers/TimeTrigger/StartBoundary").text == "2024-01-01T00:00:00"


def test_action_runs_as_the_principal_that_is_declared(task: ET.Element) -> None:
    assert only(task, "Actions").get("Context") == only(task, "Principals/Principal").get("id")


def test_action_starts_the_installed_command(task: ET.Element) -> None:
    command = only(task, "Actions/Exec/Command").text
    # The folder's name has a space: without the quotes another program could be started instead.
    assert command == r'"%ProgramFiles%\Faragostar Man\faragostar-man.exe"'
