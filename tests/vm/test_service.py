"""The timer's service under the system's service manager, with nothing of its sandbox taken off."""

from pathlib import Path

from tests.vm.hardware import SERVER
from tests.vm.machine import agent, as_clerk
from tests.vm.site import DONE, DRIFTED, Site
from tests.vm.test_parts import other_board

_UNITS = Path(__file__).parents[2] / "installers" / "systemd"
_INSTALL = (
    "ln -sf /usr/local/bin/faragostar-man /usr/bin/faragostar-man",
    "cp ./*.service ./*.timer /etc/systemd/system/",
    "systemctl daemon-reload",
)


def test_the_service_sees_the_whole_machine_and_tells_everybody(server: Site) -> None:
    units = {unit.name: unit.read_bytes() for unit in _UNITS.iterdir()}
    visit = server.machine.boot(
        other_board(SERVER),
        "systemctl start faragostar-man.service",
        as_clerk(agent("status")),
        "systemctl start faragostar-man.timer",
        "systemctl is-active faragostar-man.timer",
        before=_INSTALL,
        carry=units,
    )
    service, told, *timer = visit.said
    assert service.exit == DONE, service.err
    assert [said.exit for said in timer] == [DONE, DONE]
    assert (told.exit, told.view["standing"], told.verdict) == (DRIFTED, "drifted", "changed")
    assert told.parts("changed") == {"system_uuid", "board", "nic"}
    assert told.parts("unknown") == set()
