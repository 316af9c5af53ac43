"""Windows itself: no change of the system is one of the hardware, and what a license counts by."""

from collections.abc import Callable

import machineid
import pytest
from msgspec.structs import replace

from agent.hardware.windows.probe import WindowsProbe
from protocol.verdicts import OsVerdict, Verdict
from tests import windows_machines
from tests.readings import judged
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    VMWARE_2019,
    WindowsMachine,
)

ALL = {"bare": DELL_WITH_A_TEAM, "vmware": VMWARE_2019, "hyper-v": HYPER_V_2022}
every_machine = pytest.mark.parametrize("machine", ALL.values(), ids=ALL.keys())


class TestOperatingSystem:
    """The axis of its own: no change of the system is one of the hardware."""

    @every_machine
    @pytest.mark.parametrize(
        ("change", "verdict"),
        [
            (windows_machines.patched, OsVerdict.PATCH),
            (windows_machines.upgraded, OsVerdict.UPGRADE),
            (windows_machines.reinstalled, OsVerdict.REINSTALL),
        ],
    )
    def test_a_change_of_the_system_is_named(
        self,
        machine: WindowsMachine,
        change: Callable[[WindowsMachine], WindowsMachine],
        verdict: OsVerdict,
    ) -> None:
        comparison = judged(machine.read(), change(machine).read())
        assert comparison.os is verdict
        if verdict is not OsVerdict.REINSTALL:  # MachineGuid weighs in a virtual machine
            assert comparison.verdict is Verdict.MATCH

    @pytest.mark.parametrize(("old", "new"), [(14393, 20348), (17763, 20348), (20348, 26100)])
    def test_an_upgrade_in_place_keeps_the_installation(self, old: int, new: int) -> None:
        before = replace(DELL_WITH_A_TEAM, build=old, revision=7428)
        comparison = judged(before.read(), replace(before, build=new, revision=2402).read())
        assert (comparison.os, comparison.verdict) == (OsVerdict.UPGRADE, Verdict.MATCH)

    def test_an_edition_is_part_of_the_release(self) -> None:
        datacenter = replace(DELL_WITH_A_TEAM, edition="ServerDatacenter")
        assert judged(DELL_WITH_A_TEAM.read(), datacenter.read()).os is OsVerdict.UPGRADE

    def test_an_evaluation_that_is_licensed_is_the_same_system(self) -> None:
        trial = replace(DELL_WITH_A_TEAM, edition="ServerStandardEval")
        assert judged(trial.read(), DELL_WITH_A_TEAM.read()).os is OsVerdict.SAME

    @pytest.mark.parametrize(
        ("edition", "installation", "release"),
        [
            ("ServerStandard", "Server", "windows 20348 Standard"),
            ("ServerDatacenter", "Server Core", "windows 20348 Datacenter Core"),
            ("Professional", "Client", "windows 20348 Professional Client"),
            ("ServerRdsh", "Client", "windows 20348 ServerRdsh Client"),
        ],
    )
    def test_a_release_says_nothing_twice(
        self, edition: str, installation: str, release: str
    ) -> None:
        machine = replace(DELL_WITH_A_TEAM, edition=edition, installation=installation)
        assert machine.read().os.release == release

    def test_a_desktop_added_to_server_core_is_another_release(self) -> None:
        core = replace(DELL_WITH_A_TEAM, installation="Server Core")
        assert judged(core.read(), DELL_WITH_A_TEAM.read()).os is OsVerdict.UPGRADE


class TestClockAndTag:
    """What the license's running hours and its permit need."""

    PROBE = WindowsProbe(HYPER_V_2022.answers())

    def test_uptime_and_start_are_read(self) -> None:
        assert self.PROBE.uptime_seconds() == 86_400
        again = WindowsProbe(windows_machines.rebooted(HYPER_V_2022).answers())
        assert self.PROBE.boot_id() == "boot 17"
        assert again.boot_id() == "boot 18"

    def test_a_windows_that_counts_no_starts_has_no_id_for_one(self) -> None:
        assert WindowsProbe(replace(HYPER_V_2022, boots=0).answers()).boot_id() is None

    def test_its_tag_is_the_one_that_the_library_computes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machineid, "id", lambda: HYPER_V_2022.guid)
        assert self.PROBE.machine_tag() == machineid.hashed_id("faragostar-man")
