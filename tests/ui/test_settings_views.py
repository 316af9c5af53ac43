"""First run, settings and licences, without Qt: what is asked, what is sent, what is named."""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

from agent.choosing import Bundle
from agent.config import Settings
from agent.doctor import Finding, Outcome
from agent.errors import StoreDamaged
from agent.home import Home
from agent.presentation import Remaining, failure_of
from agent.texts import LANGUAGES, Digits
from agent.texts.sentences import SENTENCES
from agent.ui.jobs import Known, Workplace
from agent.ui.jobs.about import _INSTALLED, About, ReadAbout
from agent.ui.jobs.settings import ChangeSettings, ExamineServer, SetUp, TrySetUp, Typed
from agent.ui.patience import Patience
from agent.ui.views.findings import found_rows
from agent.ui.views.settings import (
    changes_of,
    first_run_of,
    interval_choices,
    typed_of,
    way_on,
    why_closed,
)
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.values import Standing
from tests.agent.worlds import World
from tests.simulated_server import SimulatedServer

EN = WindowTexts("en")
ROOT = Path(__file__).parents[2]
SET = Settings(server="https://s.example", proxy="http://user:…@proxy:3128")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digits", Digits)
def test_no_advice_sends_anybody_to_the_commands_that_configure(
    language: str, digits: Digits
) -> None:
    texts = WindowTexts(language, digits)
    for code in SENTENCES:
        advice = texts.advice(code, {"problem": "x"})
        assert not re.search("faragostar-man (setup|config)", advice), code


@pytest.mark.parametrize(
    ("bundle", "asked"),
    [
        (None, (True, True)),
        (Bundle(), (True, True)),
        (Bundle(server="https://s.example"), (False, True)),
        (Bundle(root=Path("root.jws")), (True, False)),
        (Bundle("https://s.example", Path("root.jws")), (False, False)),
    ],
)
def test_what_a_package_brings_is_not_asked(
    bundle: Bundle | None, asked: tuple[bool, bool]
) -> None:
    shown = first_run_of(Known(is_set_up=False, bundle=bundle), EN)
    assert (shown.asks_server, shown.asks_root) == asked


def test_only_what_was_changed_is_sent() -> None:
    since = typed_of(Known(settings=SET))
    assert changes_of(since, since) == ()
    typed = Typed(server="https://s.example:۸۴۴۳", proxy="", ca_file=since.ca_file)
    assert changes_of(typed, since) == (("server", "https://s.example:8443"), ("proxy", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interval_that_nobody_offers_stands_last(language: str) -> None:
    texts = WindowTexts(language)
    offered = interval_choices("", texts)
    assert [choice.value for choice in offered] == ["", "6", "12", "24", "168"]
    assert all(interval_choices(choice.value, texts) == offered for choice in offered)
    *usual, last = interval_choices("5", texts)
    assert tuple(usual) == offered
    assert last == ("5", texts.gettext("Every {hours:number} hours", hours=5))
    for hours in (None, 5):
        shown = typed_of(Known(settings=Settings(check_interval=hours)))
        assert shown.check_interval in {choice.value for choice in (*offered, last)}


def test_settings_that_cannot_be_read_are_closed_and_say_why() -> None:
    assert not why_closed(Known(settings=SET), EN)
    damaged = failure_of(StoreDamaged(path="settings.json"), Remaining(), 1)
    reasons = {
        why_closed(known, EN)
        for known in (
            Known(is_set_up=False),
            Known(as_of=None),
            Known(trouble=damaged),
            Known()._replace(as_of=1),  # type: ignore[arg-type]
        )
    }
    assert len(reasons) == 4
    assert all(reasons)
    assert typed_of(Known()) == Typed()


def test_the_first_run_comes_first_and_only_once(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    new = Known(view=world.agent.status())
    assert new.view is not None
    assert new.view.standing is Standing.UNLICENSED
    nothing = Known(is_set_up=False)
    assert way_on(nothing, Place.OVERVIEW) is Place.FIRST_RUN
    assert way_on(nothing, Place.SETTINGS) is Place.SETTINGS
    assert way_on(new, Place.FIRST_RUN) is Place.ACTIVATE
    assert way_on(new, Place.OVERVIEW) is Place.OVERVIEW
    assert way_on(Known(), Place.FIRST_RUN) is Place.OVERVIEW


def test_a_finding_is_advised_on_where_something_is_wrong() -> None:
    told = {"host": "s.example", "addresses": "192.0.2.1"}
    good, bad = found_rows(
        [
            Finding("dns", Outcome.OK, "doctor-dns-ok", told),
            Finding("dns", Outcome.FAIL, "doctor-dns-fail", told),
        ],
        EN,
    )
    assert (good.tone, good.advice) == (Tone.GOOD, "")
    assert bad.tone is Tone.STOPPED
    assert bad.advice == EN.advice("doctor-dns-fail")


def test_no_password_is_shown_by_what_carries_it() -> None:
    changes = (("proxy", "http://user:secret@proxy"),)
    for value in (
        Typed(proxy="http://user:secret@proxy"),
        ExamineServer(changes),
        TrySetUp(changes, None),
        SetUp(changes, None),
        ChangeSettings(changes),
    ):
        assert "secret" not in repr(value)


def about(tmp_path: Path) -> About:
    def nobody() -> object:
        raise AssertionError("no agent is needed")

    patience = Patience(lambda: None)
    place = Workplace(Home(tmp_path), EN, nobody, lambda _word: None, patience)  # type: ignore[arg-type]
    return ReadAbout().done(place)


def test_whatever_is_installed_with_the_window_is_named(tmp_path: Path) -> None:
    wanted = (ROOT / "requirements" / "ui.txt").read_text(encoding="utf-8")
    extra = ("segno", "Pillow", "zxing-cpp")
    names = {
        *(line.partition("==")[0].lower() for line in wanted.splitlines() if "==" in line),
        *(name.lower() for name in extra),
    }
    assert names == {name.lower() for name, _, _ in _INSTALLED}
    found = {part.name: part for part in about(tmp_path).parts}
    for name, _, _ in _INSTALLED:
        assert (name in found) is (name != "winregistry" or sys.platform == "win32")
    assert found["msgspec"].version
    assert found["Vazirmatn"].license == "OFL-1.1"
    assert "SIL Open Font License" in (ROOT / "agent/ui/fonts/OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "license"), [(name, license) for name, _, license in _INSTALLED])
def test_a_part_is_used_under_a_licence_that_it_offers(name: str, license: str) -> None:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        assert name == "winregistry"
        return
    offered = (
        found["License-Expression"] or found["License"] or " ".join(found.get_all("Classifier", []))
    )
    assert license.partition("-")[0] in offered


def test_a_part_whose_papers_were_left_out_is_named_without_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("agent.ui.jobs.about.version", missing)
    assert {part.version for part in about(tmp_path).parts if part.name == "msgspec"} == {""}
