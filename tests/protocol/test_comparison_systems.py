"""The operating system beside the hardware: which difference counts, and when it is drift."""

import pytest
from msgspec.structs import replace

from protocol.comparison import compare_os
from protocol.values import (
    OsAxis,
    OsTags,
)
from protocol.verdicts import OsVerdict, Verdict, os_counts
from protocol.weights import (
    DEFAULT_POLICY,
)
from tests.protocol.fingerprints import (
    BARE,
    judged,
    swapped,
)


class TestOperatingSystem:
    SYSTEM = OsTags(release="debian-12", patch="12.5", instance="one")

    @pytest.mark.parametrize(
        ("now", "verdict"),
        [
            (SYSTEM, OsVerdict.SAME),
            (replace(SYSTEM, patch="12.6"), OsVerdict.PATCH),
            (replace(SYSTEM, patch=None), OsVerdict.SAME),
            (replace(SYSTEM, release="debian-13", patch="13.0"), OsVerdict.UPGRADE),
            (replace(SYSTEM, instance="two", release="debian-13"), OsVerdict.REINSTALL),
            (replace(SYSTEM, instance="two", release=None), OsVerdict.REINSTALL),
            (replace(SYSTEM, release="debian-13", instance=None), OsVerdict.UPGRADE),
            (replace(SYSTEM, instance=None), OsVerdict.UNKNOWN),
            (replace(SYSTEM, release=None, patch="12.6"), OsVerdict.UNKNOWN),
        ],
    )
    def test_the_strongest_difference_counts(self, now: OsTags, verdict: OsVerdict) -> None:
        assert compare_os(self.SYSTEM, now) is verdict

    @pytest.mark.parametrize(
        ("axis", "counted"),
        [
            (OsAxis.UPGRADE, {OsVerdict.UPGRADE, OsVerdict.REINSTALL}),
            (OsAxis.PATCH, {OsVerdict.PATCH, OsVerdict.UPGRADE, OsVerdict.REINSTALL}),
            (OsAxis.NONE, set()),
        ],
    )
    def test_the_license_says_which_difference_is_drift(
        self, axis: OsAxis, counted: set[OsVerdict]
    ) -> None:
        assert {verdict for verdict in OsVerdict if os_counts(verdict, axis)} == counted

    def test_an_upgrade_is_drift_over_untouched_hardware(self) -> None:
        now = replace(BARE, os=OsTags(release="debian-13", patch="13.0", instance="installation"))
        comparison = judged(BARE, now)
        assert comparison.verdict is Verdict.MATCH
        assert comparison.counts_as_drift(DEFAULT_POLICY)

    def test_changed_hardware_is_drift_whatever_the_os_axis(self) -> None:
        policy = replace(DEFAULT_POLICY, os_axis=OsAxis.NONE)
        assert judged(BARE, swapped(BARE, "board")).counts_as_drift(policy)
        assert not judged(BARE, swapped(BARE, "cpu")).counts_as_drift(policy)
