"""What one look of the window costs: it is taken every minute, beside whatever else runs here."""

import pytest

from agent.fingerprint import Inventory
from agent.hardware.linux import LinuxProbe
from agent.ui.desk import Desk
from agent.ui.jobs import Look
from agent.ui.patience import Patience
from agent.ui.wording import WindowTexts
from tests.journeys.site import Host, Site
from tests.ui.driving import opener_of


def test_the_hardware_is_read_once_for_all_that_is_shown(
    site: Site, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.agent.activate(site.issue().license_key)
    readings: list[Inventory] = []
    read = LinuxProbe.read

    def counted(probe: LinuxProbe) -> Inventory:
        readings.append(read(probe))
        return readings[-1]

    monkeypatch.setattr(LinuxProbe, "read", counted)
    desk = Desk(host.home, Patience(lambda: None), opener_of(host))
    known = desk.do(Look(), WindowTexts("en").manner, lambda _word: None).known
    assert known.view is not None
    assert known.parts is not None
    assert len(readings) == 1
