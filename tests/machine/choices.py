"""What a step may draw: from where the likelier, the simpler comes first, for shrinking."""

from hypothesis import strategies as st

from protocol import codes
from protocol.values import CaseState
from protocol.windows import Change
from tests.machine.hardware import CHANGES
from tests.machine.network import Fate
from tests.machine.world import LICENSES, SITES, Weather

SITE = st.integers(0, SITES - 1)
LICENSE = st.integers(0, LICENSES - 1)
ANY = st.integers(0, 1_000)

_FATES = (*[Fate.DELIVERED] * 12, *Fate)
FATES = st.lists(st.sampled_from(_FATES), max_size=4).map(tuple)
# An act has some ten points at which its process can die; most processes live.
DEATHS = st.sampled_from((*[0] * 36, *range(1, 13)))
WEATHER = st.builds(Weather, FATES, DEATHS)
CHANGE = st.sampled_from(sorted(CHANGES))
AMOUNT = st.integers(0, 2)
# One rule each, and the frequent ones named twice: most steps shall be acts of users.
MACHINE = ("hardware changes", "hardware changes", "reboots", "hours pass", "agent's clock jumps")
DISK = (
    "snapshot",
    "snapshot put back",
    "copied",
    "store damaged",
    "machine lost",
    "recovery saved",
    "recovery loaded",
)
VENDOR = (
    "server's clock jumps",
    "server restarts",
    "key rotated",
    "suspension",
    "window by letter",
    "backup",
    "restored",
    "restored, evidence lost",
    "hold ended",
)
DECISIONS = ("approved", "approved with the owner", "declined", "cancelled")
UNDECIDED = (CaseState.OPEN, CaseState.APPROVED)
WISHES = ("activate", "release", "check", "notice", "withdraw")
SCOPE = st.sampled_from(
    ((Change.CPU, Change.MEMORY), (Change.BOARD,), (Change.OS_UPGRADE,), tuple(Change))
)
WRONG_CODE = codes.format_code(codes.REACTIVATION_PREFIX, 12345)
