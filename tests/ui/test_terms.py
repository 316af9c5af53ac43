"""Words that need explaining are explained where they stand, by pointing and to screen readers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from agent.ui.parts import Sentence
from agent.ui.tables import Table
from agent.ui.terms import TERMS
from agent.ui.wording import Place
from protocol.values import ReleaseReason
from tests import machines
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver


def explaining(driver: Driver, name: str) -> list[QWidget]:
    """Whatever says what a word means; each says it to readers and to the mouse."""
    said = driver.texts.gettext(next(t.says for t in TERMS if t.name == name))
    found = [w for w in driver.seen(QWidget) if w.accessibleDescription() == said]
    assert all(said in w.toolTip() for w in found)
    return found


@pytest.fixture
def driver(site: Site, host: Host, opened: Open, language: str) -> Driver:
    """A license that was given back, so that every kind of paper is there."""
    host.agent.activate(site.issue().license_key)
    host.agent.release(ReleaseReason.HARDWARE)
    return opened(host, language)


def test_papers_proof_and_recovery_file_are_explained_where_they_are_kept(driver: Driver) -> None:
    assert explaining(driver, "Release receipt"), "on the button that leads there"
    driver.window.go(Place.KEEP_PAPERS)
    for name in ("Release receipt", "Proof of the release", "Recovery file"):
        assert len(explaining(driver, name)) == 1, name


def test_generation_and_digest_are_explained_on_a_document(driver: Driver) -> None:
    driver.click("History")
    driver.click("Open")
    driver.work()
    for name in ("Generation", "Digest"):
        found = explaining(driver, name)
        assert found, name
        assert all(isinstance(w, QLabel) for w in found)


def test_a_field_is_explained_as_its_label_is(driver: Driver) -> None:
    driver.window.go(Place.SAVE_RECOVERY)
    field = driver.field("Recovery file")
    assert field in explaining(driver, "Recovery file")


def test_the_heading_of_a_column_is_explained(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    host.become(machines.with_other_board(host.hardware))
    driver = opened(host, language)
    driver.window.go(Place.SERVER)
    model = driver.seen(Table)[0].model()
    last = model.columnCount() - 1
    said = driver.texts.gettext(next(t.says for t in TERMS if t.name == "Weight"))
    across = Qt.Orientation.Horizontal
    roles = Qt.ItemDataRole
    assert model.headerData(last, across, roles.AccessibleDescriptionRole) == said
    assert said in str(model.headerData(last, across, roles.ToolTipRole))
    assert model.headerData(0, across, roles.ToolTipRole) == ""
    driver.click("History")
    happened = driver.seen(Table)[0].model()
    assert happened.headerData(0, across, roles.ToolTipRole) == ""


def test_a_word_that_changes_takes_its_explanation_along(
    host: Host, opened: Open, language: str
) -> None:
    texts = opened(host, language).texts
    label = Sentence(texts.gettext("Generation"), texts)
    assert label.toolTip()
    label.say(texts.gettext("Overview"))
    assert not label.toolTip()
    assert not label.accessibleDescription()
