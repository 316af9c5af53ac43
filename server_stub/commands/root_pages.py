"""A root's keys, and what a draft does to them, as people and scripts read it."""

import msgspec

from protocol.trust import KeyRecord
from server_stub.commands.shown import Call, columns, moment
from server_stub.licensing.drafts import Draft

# What a root leaves out, and a reader of JSON should not have to know.
_UNSAID: dict[str, object] = {"not_after": None, "retired_at": None, "revoked": False}


def key_line(call: Call, kid: str, record: KeyRecord) -> str:
    """One key, and what it may still do."""
    return call.say("key.line", key=kid, use=_use(call, record), state=_state(call, record))


def key_facts(kid: str, record: KeyRecord) -> dict[str, object]:
    """The same for scripts."""
    return {"key": kid, **_UNSAID, **msgspec.to_builtins(record)}


def changes(call: Call, draft: Draft) -> tuple[str, ...]:
    """What whoever signs a draft signs: every key, the threshold, and what else is altered."""
    root, former = draft.root, draft.former
    head = call.say(
        "root.changes", version=root.version, audience=root.audience, former=former.version
    )
    rows = [
        (kid, call.say(f"change.{change}"), _use(call, record), _state(call, record))
        for kid, record, change in draft.changes()
    ]
    threshold = call.say("root.threshold", former=former.threshold, own=root.threshold)
    altered = tuple(call.say(f"root.{name}-altered") for name in _altered(draft))
    return (head, *columns(rows, indent="  "), threshold, *altered)


def change_facts(draft: Draft) -> dict[str, object]:
    """The same for scripts."""
    keys = [
        {**key_facts(kid, record), "change": str(change)} for kid, record, change in draft.changes()
    ]
    threshold = {"former": draft.former.threshold, "own": draft.root.threshold}
    return {"keys": keys, "threshold": threshold, "altered": list(_altered(draft))}


def _altered(draft: Draft) -> tuple[str, ...]:
    """What should hardly ever change."""
    root, former = draft.root, draft.former
    return tuple(
        name
        for name, was, now in (
            ("audience", former.audience, root.audience),
            ("agreement", former.agreement_key, root.agreement_key),
        )
        if was != now
    )


def _use(call: Call, record: KeyRecord) -> str:
    return call.say(f"key.{record.use}-use")


def _state(call: Call, record: KeyRecord) -> str:
    state = "in-force" if record.retired_at is None else "retired"
    return call.say(
        "key.revoked" if record.revoked else f"key.{state}",
        index=record.retired_at,
        since=moment(record.not_before),
    )
