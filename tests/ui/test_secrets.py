"""What the window knows may end in a traceback or a log: no key and no code is read there."""

import pytest

from agent.config import Settings
from agent.ui.desk import Desk
from agent.ui.jobs import Outcome
from agent.ui.jobs.license import Release
from agent.ui.patience import Patience
from agent.ui.views.overview import overview_of
from agent.ui.views.printed import Server
from agent.ui.wording import WindowTexts
from protocol.values import ReleaseReason, Standing
from tests.journeys.site import Host
from tests.server.live import IssuedLicense
from tests.ui.driving import opener_of

EN = WindowTexts("en")


@pytest.fixture
def released(host: Host, issued: IssuedLicense) -> Outcome:
    host.agent.activate(issued.license_key)
    desk = Desk(host.home, Patience(lambda: None), opener_of(host))
    return desk.do(Release(ReleaseReason.OS, None), EN.manner, lambda _word: None)


def test_nothing_that_is_known_after_a_release_shows_its_code(
    issued: IssuedLicense, released: Outcome
) -> None:
    known = released.known
    assert known.view is not None
    assert known.view.standing is Standing.RELEASED
    code = known.reactivation_code
    assert code is not None
    assert known.key_end == issued.license_key[-4:]
    secrets = (code, code.replace("-", ""), issued.license_key)
    held = known._asdict()
    del held["reactivation_code"]
    del held["key_end"]
    for said in (repr(released), str(known), *map(repr, held.values())):
        assert not any(secret in said for secret in secrets)
    assert repr(known) == "Known(released)"


def test_what_a_page_shows_of_a_code_is_not_in_its_repr(released: Outcome) -> None:
    code = released.known.reactivation_code
    assert code is not None
    shown = overview_of(released.known, EN)
    assert code in [each.copied for each in shown.codes]
    assert code not in repr(shown)


def test_neither_a_key_on_paper_nor_a_proxys_password_is_in_a_repr() -> None:
    assert repr(Server("srv", "FGM-SECRET")) == "Server(srv)"
    assert "secret" not in repr(Settings(server="https://x", proxy="http://me:secret@proxy:1"))
