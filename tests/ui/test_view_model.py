"""What the pages show, without Qt: words for buttons, what comes next, and how codes are judged."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.errors import StoreBusy
from agent.presentation import Remaining, failure_of
from agent.texts import LANGUAGES
from agent.texts.sentences import SENTENCES
from agent.ui import wording
from agent.ui.jobs import Known
from agent.ui.views.overview import overview_of
from agent.ui.views.server import comparison_of
from agent.ui.views.tones import Tone
from agent.ui.views.troubles import trouble_of
from agent.ui.views.typed import remark_on
from agent.ui.wording import BUTTONS, PLACES, REASONS, Act, Place, WindowTexts
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from protocol.digits import passes_damm
from protocol.values import CaseState, ReleaseReason
from protocol.views import ComponentView
from tests import machines
from tests.agent.worlds import World
from tests.journeys.site import Host, Site
from tests.simulated_server import LICENSE_KEY, SimulatedServer

EN, FA = WindowTexts("en"), WindowTexts("fa")
KEY = format_code(LICENSE_KEY_PREFIX, 12345)


@pytest.fixture
def active(tmp_path: Path) -> World:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    return world


@pytest.mark.parametrize("is_damaged", [False, True])
def test_who_loaded_a_recovery_file_is_led_to_activate_again(
    active: World,
    tmp_path: Path,
    is_damaged: bool,  # noqa: FBT001
) -> None:
    recovery = active.agent.recovery()
    fresh = World(tmp_path / "fresh", active.server)
    if is_damaged:
        fresh.agent.activate(LICENSE_KEY)
        fresh.home.store.write_bytes(b"no store")
    view = fresh.agent.restore(recovery)
    for texts in (EN, FA):
        overview = overview_of(Known(view), texts)
        assert [button.act for button in overview.buttons if button.is_next] == [Act.REACTIVATE]
        (advice,) = overview.advice
        assert texts.gettext(BUTTONS[Act.REACTIVATE]).rstrip("…") in advice


@pytest.mark.parametrize(
    ("typed", "tone"),
    [
        ("", Tone.CALM),
        (KEY[:-3], Tone.CALM),
        (KEY, Tone.GOOD),
        (f" {KEY.lower()} ", Tone.GOOD),
        (KEY.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), Tone.GOOD),
        (KEY.replace("FGM-0", "FGM-1"), Tone.WARNING),
    ],
)
def test_a_key_is_judged_while_it_is_typed(typed: str, tone: Tone) -> None:
    assert remark_on(LICENSE_KEY_PREFIX, typed, EN)[0] is tone


def test_a_mistyped_group_is_named_in_the_languages_digits() -> None:
    mistyped = KEY.replace("FGM-0", "FGM-1")
    assert "1" in remark_on(LICENSE_KEY_PREFIX, mistyped, EN)[1]
    assert "۱" in remark_on(LICENSE_KEY_PREFIX, mistyped, FA)[1]


def test_a_command_that_has_a_button_is_named_by_it() -> None:
    advice = EN.advice("standing-drifted", {"hours": "5"})
    assert "“Activate again”" in advice
    assert "faragostar-man" not in advice
    assert "«فعال‌سازی مجدد»" in FA.advice("standing-drifted", {"hours": "5"})


def test_a_command_without_a_button_stays_one() -> None:
    assert EN.command("faragostar-man ui --announced") == "`faragostar-man ui --announced`"


@pytest.mark.parametrize("code", sorted(wording._ADVICE))
def test_the_windows_own_advice_is_for_codes_that_exist(code: str) -> None:
    assert code in SENTENCES
    assert FA.advice(code, {"phone": "1"}) != EN.advice(code, {"phone": "1"})


def test_every_reason_of_a_release_can_be_chosen() -> None:
    assert set(REASONS) == {reason.value for reason in ReleaseReason}


def test_every_screen_code_is_four_digits_that_check_themselves() -> None:
    codes = [place.screen_code for place in Place]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 4 and passes_damm(code) for code in codes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_could_read_is_said_to_be_unknown(language: str) -> None:
    texts = WindowTexts(language)
    busy = failure_of(StoreBusy(), Remaining(), 1)
    overview = overview_of(Known(trouble=busy), texts)
    assert overview.headline == texts.text("standing-unknown")
    assert overview.beside == texts.text("store-busy")
    assert not overview.buttons
    trouble = trouble_of(busy, texts)
    assert not trouble.is_active
    assert trouble.license == texts.text("standing-unknown")


def test_a_failure_says_as_of_when_the_license_was_seen(active: World) -> None:
    view = active.agent.status()
    failure = failure_of(StoreBusy(), Remaining(view, view.confirmed_at), 1)
    found = trouble_of(failure, EN)
    assert found.is_active
    assert "as of" in found.license


def test_buttons_are_the_views_actions_and_the_next_one_is_first(active: World) -> None:
    view = active.agent.status()
    buttons = overview_of(Known(view=view), EN).buttons
    assert [b.act for b in buttons] == [Act(a) for a in view.actions if a in BUTTONS]
    assert not any(b.is_next for b in buttons), "an active license asks for nothing"


def test_while_the_vendor_decides_the_next_thing_is_to_hear_it(site: Site, host: Host) -> None:
    host.agent.activate(site.issue().license_key)
    host.become(machines.with_other_board(host.hardware))
    view = host.agent.check()
    assert overview_of(Known(view=view), EN).buttons[0].act is Act.REACTIVATE
    view = host.agent.reactivate()
    assert view.case is not None
    assert view.case.state is CaseState.OPEN
    first = overview_of(Known(view=view), EN).buttons[0]
    assert (first.act, first.is_next) == (Act.CHECK, True)


def test_without_a_license_there_is_nothing_to_compare() -> None:
    assert comparison_of(Known(), EN).listing is None
    assert comparison_of(Known(), EN).tone is Tone.CALM


@pytest.mark.parametrize(
    ("status", "was", "now", "said"),
    [
        ("added", None, "…10:03", ("none", EN.latin("…10:03"))),
        ("removed", "…10:03", None, (EN.latin("…10:03"), "none")),
        ("unknown", None, "…10:03", ("unreadable", EN.latin("…10:03"))),
        ("unknown", "…10:03", None, (EN.latin("…10:03"), "unreadable")),
    ],
)
def test_what_was_not_there_is_told_from_what_could_not_be_read(
    active: World, status: str, was: str | None, now: str | None, said: tuple[str, str]
) -> None:
    view = active.agent.status()
    assert view.drift is not None
    part = ComponentView(id="nic", status=status, weight=0, was=was, now=now)
    drift = replace(view.drift, components=(part,))
    listing = comparison_of(Known(view=replace(view, drift=drift)), EN).listing
    assert listing is not None
    assert listing.rows[0].values[1:3] == tuple(word.replace("…", "…\u2060") for word in said)
    assert listing.rows[0].values[4] == "none"


def test_every_place_of_the_sidebar_is_a_page() -> None:
    assert set(PLACES) <= set(Place)


@pytest.mark.parametrize(
    "code", ["input-invalid", "file-unreadable", "store-full", "store-read-only"]
)
def test_nothing_in_the_window_is_told_to_run_a_command_again(code: str) -> None:
    assert "command" not in EN.advice(code)
    assert "فرمان" not in FA.advice(code)


def test_the_window_names_its_own_diagnostics_and_not_the_doctor() -> None:
    assert "“Diagnostics”" in EN.advice("store-unreadable")
    assert "«عیب‌یابی»" in FA.advice("store-unreadable")


@pytest.mark.parametrize("is_drifted", [False, True])
def test_a_license_whose_key_was_revoked_is_shown_as_stopped_and_a_check_comes_next(
    active: World,
    tmp_path: Path,
    is_drifted: bool,  # noqa: FBT001
) -> None:
    if is_drifted:
        active.become(machines.with_other_board(active.hardware))
        active.agent.check()
    active.agent.export_check(tmp_path / "check")
    active.server.rotate_document_key()
    view = active.agent.import_(active.server.answer((tmp_path / "check").read_bytes()))
    overview = overview_of(Known(view=view), EN)
    assert (overview.tone, overview.headline) == (Tone.STOPPED, EN.text(view.messages[0].code))
    assert "does not run" in overview.headline
    assert [button.act for button in overview.buttons if button.is_next] == [Act.CHECK]
