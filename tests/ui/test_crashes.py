"""The window's process is killed in the midst of an act; the next start goes on with it."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.server.wire import Held
from tests.ui.conftest import Open
from tests.ui.test_opening import ROOT
from tests.waiting import until

MODULE = "tests.ui.crashing"


def killed_in(act: str, host: Host, license_key: str, held: Held) -> None:
    """Kill a window whose request has reached the server, before it hears the answer."""
    command = [sys.executable, "-m", MODULE, str(host.home.folder), str(host.root), "en", act]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as window:
        assert window.stdin is not None
        window.stdin.write(f"{license_key}\n")
        window.stdin.flush()
        until(lambda: held.made.is_set() or window.poll() is not None)
        ended_by_itself = window.poll()
        window.kill()
    held.let_go.set()
    assert ended_by_itself is None


@pytest.mark.parametrize("act", ["activate", "release"])
def test_the_next_start_opens_on_what_is_unfinished_and_finishes_it(
    site: Site, host: Host, opened: Open, language: str, act: str
) -> None:
    issued = site.issue()
    if act == "release":
        host.agent.activate(issued.license_key)
    killed_in(act, host, issued.license_key, host.server.hold_next_answer())
    unfinished, done = {
        "activate": (Standing.ACTIVATING, Standing.ACTIVE),
        "release": (Standing.RELEASING, Standing.RELEASED),
    }[act]
    assert host.state.standing is unfinished

    driver = opened(host, language)
    assert driver.texts.text(f"standing-{unfinished}") in driver.words()
    next_step = driver.button("Check now")
    assert driver.focused() is next_step
    assert next_step.objectName() == "next"
    driver.press(Qt.Key.Key_Space)
    assert driver.work().trouble is None
    assert driver.texts.text(f"standing-{done}") in driver.words()
    assert host.state.standing is done
    site.assert_nothing_lost_or_doubled()
