"""Clocks, silence and grace, and what an application must answer to them (§8)."""

from protocol.values import Standing, Timestamp
from protocol.verifier import (
    CLOCK_SLACK_SECONDS,
    LONGEST_STEP_SECONDS,
    REMOVED_AFTER_SECONDS,
    SILENT_AFTER_SECONDS,
    Watch,
)
from tests.protocol.samples import NOW
from tests.protocol.verifier_world import (
    DAY,
    HOUR,
    PERMIT_SECONDS,
    YEARS,
    at,
    case,
    license,
    permit,
    with_license,
)


def drifted(hours: int | None = None) -> bytes:
    return permit(standing=Standing.DRIFTED, grace_hours_left=hours)


def silent(seconds: int, newest: Timestamp = NOW) -> Watch:
    return Watch(newest_stamp=newest, silent_seconds=seconds)


_LONG = 200 * DAY
_STALE = "warn agent-silent,permit-expired"
TIME_CASES = {
    "exactly 2 days": case("ok", now=NOW + SILENT_AFTER_SECONDS),
    "2 days and a second": case("warn agent-silent", now=NOW + SILENT_AFTER_SECONDS + 1),
    "exactly 30 days": case("warn agent-silent", now=NOW + PERMIT_SECONDS),
    "30 days and a second": case(_STALE, now=NOW + PERMIT_SECONDS + 1),
    "90 days by the clock alone": case(_STALE, now=NOW + 90 * DAY + 1),
    "10 years forward": case(_STALE, now=NOW + YEARS, watch=silent(0), elapsed=HOUR),
    "10 years back": case("warn clock-wrong", now=NOW - YEARS, watch=silent(0), elapsed=HOUR),
    "clock at its beginning": case("warn clock-wrong", now=0),
    "exactly 90 days of silence": case(
        _STALE,
        now=NOW + _LONG,
        watch=silent(REMOVED_AFTER_SECONDS - HOUR),
        elapsed=HOUR,
    ),
    "90 days of silence and a second": case(
        "stop agent-removed",
        now=NOW + _LONG,
        watch=silent(REMOVED_AFTER_SECONDS - HOUR),
        elapsed=HOUR + 1,
    ),
    "90 days of silence under a clock set back": case(
        "stop agent-removed", now=NOW - YEARS, watch=silent(REMOVED_AFTER_SECONDS), elapsed=1
    ),
    "90 days of silence, then a fresh permit": case(
        "ok", now=NOW + HOUR, watch=silent(REMOVED_AFTER_SECONDS), elapsed=HOUR
    ),
    "90 days of silence, then a fresh permit after the clock was set back": case(
        "ok", watch=silent(REMOVED_AFTER_SECONDS, at(YEARS)), elapsed=HOUR
    ),
    "90 days of silence, then a newer stamp under a clock of one's own": case(
        _STALE, now=NOW + YEARS, watch=silent(REMOVED_AFTER_SECONDS, at(-DAY)), elapsed=HOUR
    ),
    "90 days of silence, then an older permit put back": case(
        "stop agent-removed",
        now=NOW + _LONG,
        watch=silent(REMOVED_AFTER_SECONDS, at(1)),
        elapsed=HOUR,
    ),
    "sign of life 2 days ahead": case(
        "warn clock-wrong", now=NOW - SILENT_AFTER_SECONDS, watch=silent(DAY), elapsed=HOUR
    ),
    "no sign of life further ahead": case(
        "warn clock-wrong", now=NOW - SILENT_AFTER_SECONDS - 1, watch=silent(DAY), elapsed=HOUR
    ),
    "a step is 2 hours at most": case(
        _STALE,
        now=NOW + _LONG,
        watch=silent(REMOVED_AFTER_SECONDS - LONGEST_STEP_SECONDS),
        elapsed=_LONG,
    ),
    "a step back is none": case(
        _STALE, now=NOW + _LONG, watch=silent(REMOVED_AFTER_SECONDS), elapsed=-HOUR
    ),
    "stamp 5 minutes ahead": case("ok", now=NOW - CLOCK_SLACK_SECONDS),
    "stamp 5 minutes and a second ahead": case(
        "warn clock-wrong", now=NOW - CLOCK_SLACK_SECONDS - 1
    ),
    "server's time 5 minutes ahead": with_license("ok", license(server_time=at(300))),
    "server's time further ahead": with_license("warn clock-wrong", license(server_time=at(301))),
    "drifted": case("warn drifted", permit=drifted()),
    "drifted, hours left": case("warn drifted", permit=drifted(72)),
    "drifted, no hours left": case("stop grace-over", permit=drifted(0)),
    "drifted, silent a second less than the hours left": case(
        "warn agent-silent,drifted",
        permit=drifted(3),
        now=NOW + 3 * DAY,
        watch=silent(2 * HOUR),
        elapsed=HOUR - 1,
    ),
    "drifted, silent for the hours left": case(
        "stop grace-over",
        permit=drifted(3),
        now=NOW + 3 * DAY,
        watch=silent(2 * HOUR),
        elapsed=HOUR,
    ),
    "drifted, and silent for 90 days": case(
        "stop grace-over",
        permit=drifted(3),
        now=NOW + _LONG,
        watch=silent(REMOVED_AFTER_SECONDS),
        elapsed=HOUR,
    ),
    "drifted by the clock for years, hours left": case(
        "warn agent-silent,permit-expired,drifted",
        permit=drifted(72),
        now=NOW + YEARS,
        watch=silent(0),
        elapsed=HOUR,
    ),
    "hours of another standing count nothing": case("ok", permit=permit(grace_hours_left=0)),
    "confirmed long ago": case("ok", permit=permit(confirmed_at=at(-YEARS))),
    "everything to warn of": case(
        "warn roots-broken,agent-silent,permit-expired,drifted",
        roots=None,
        permit=drifted(9),
        now=NOW + YEARS,
    ),
}
