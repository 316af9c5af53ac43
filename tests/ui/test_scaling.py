"""At every scale of the screen: nothing is clipped, and the window is painted sharp."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.test_opening import ROOT

WALK = "tests/ui/test_every_page.py"
SHARP = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox
from agent.ui.looks import dress
from agent.ui.parts import Mark
from agent.ui.views.tones import Tone
app = QApplication(["faragostar-man", "-style", "Fusion"])
dress(app)
scale = float(sys.argv[1])
policy = app.highDpiScaleFactorRoundingPolicy()
assert policy is Qt.HighDpiScaleFactorRoundingPolicy.PassThrough, policy
mark, box = Mark(Tone.GOOD), QCheckBox("x")
box.setChecked(True)
for widget in (mark, box):
    widget.show()
    app.processEvents()
    picture = widget.grab()
    assert picture.devicePixelRatio() == scale, picture.devicePixelRatio()
    assert abs(picture.width() - widget.width() * scale) <= 1
# A picture that was made for the scale has edges as fine as its points: a mark that was only
# enlarged would show each of its points twice.
image = mark.grab().toImage()
row = [image.pixel(x, image.height() // 2) for x in range(image.width())]
changes = sum(one != other for one, other in zip(row, row[1:]))
assert changes > 4, changes
"""


def scaled(scale: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_marks_are_painted_for_the_scale(scale: str) -> None:
    done = scaled(scale, "-c", SHARP, scale)
    assert done.returncode == 0, done.stderr


# A walk over every page takes half a minute; between whole numbers widths are rounded.
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("scale", "language"), [("1.25", "fa"), ("2", "en")])
def test_nothing_is_clipped(scale: str, language: str, tmp_path: Path) -> None:
    # The usual folder of temporary ones is closed to others when a run begins: what is done there
    # as nobody at this moment, by a test beside this one, would be refused.
    begun = ("-m", "pytest", f"--basetemp={tmp_path / 'inner'}", "-q", "-p", "no:randomly")
    done = scaled(scale, *begun, WALK, "-k", f"clipped and {language}")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "1 passed" in done.stdout
