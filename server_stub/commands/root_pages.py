"""A root's keys, and what a draft does to them, as people and scripts read it."""

import msgspec

from protocol.trust import KeyRecord, Root
from protocol.values import MAX_INTEGER
from server_stub.commands.shown import Call, columns
from server_stub.licensing.drafts import Change, Draft, KeyChange

# What a root leaves out, and a reader of JSON should not have to know.
_UNSAID: dict[str, object] = {"not_after": None, "retired_at": None, "revoked": False}


def key_line(call: Call, kid: str, record: KeyRecord, named: Root) -> str:
    """One key, and what it may still do; `named` is the root that it came with."""
    state = _state(call, record, named)
    return call.say("key.line", key=kid, use=_use(call, record), state=state)


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
        (
            change.kid,
            call.say(f"change.{change.change}"),
            _use(call, change.record),
            _told(call, draft, change),
        )
        for change in draft.changes()
    ]
    threshold = call.say("root.threshold", former=former.threshold, own=root.threshold)
    altered = tuple(call.say(f"root.{name}-altered") for name in _altered(draft))
    return (head, *columns(rows, indent="  "), threshold, *altered)


def change_facts(draft: Draft) -> dict[str, object]:
    """The same for scripts."""
    keys = [_change_facts(draft, change) for change in draft.changes()]
    threshold = {"former": draft.former.threshold, "own": draft.root.threshold}
    return {"keys": keys, "threshold": threshold, "altered": list(_altered(draft))}


def _change_facts(draft: Draft, change: KeyChange) -> dict[str, object]:
    """`was`: what the former root said, of the fields that are altered."""
    former = draft.former.keys.get(change.kid, change.record)
    spelled = key_facts(change.kid, former)
    was = {name: spelled[name] for name in change.altered}
    return {**key_facts(change.kid, change.record), "change": str(change.change), "was": was}


def _told(call: Call, draft: Draft, change: KeyChange) -> str:
    """What the key may do; and what is altered, where the change's own name does not say it all."""
    state = _state(call, change.record)
    if change.change is not Change.ALTERED:
        return state
    former, record = draft.former.keys[change.kid], change.record
    fields = (
        call.say(
            "change.field",
            field=call.say(f"field.{name.replace('_', '-')}"),
            was=_spelled(call, name, former),
            now=_spelled(call, name, record),
        )
        for name in change.altered
    )
    return call.say("change.fields", state=state, fields=call.listed(fields))


def _spelled(call: Call, name: str, record: KeyRecord) -> str:
    value = getattr(record, name)
    match name, value:
        case _, None:
            return call.say("field.none")
        case "revoked", _:
            return call.say("field.yes" if value else "field.no")
        case "not_before" | "not_after", _:
            return call.moment(value)
        case "use", _:
            return _use(call, record)
        case _:
            return str(value)


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


def _stands(record: KeyRecord) -> str:
    if record.revoked:
        return "revoked"
    if record.retired_at is None:
        return "in-force"
    return "retired-unknown" if record.retired_at == MAX_INTEGER else "retired"


def _state(call: Call, record: KeyRecord, named: Root | None = None) -> str:
    """What the record says; and since when, which it does not: its dates reach back further."""
    stands = _stands(record)
    if stands == "in-force" and named is not None:
        named_at = call.moment(named.issued_at)
        said = call.say("key.in-force-since", version=named.version, at=named_at)
    else:
        since = call.moment(record.not_before)
        said = call.say(f"key.{stands}", index=record.retired_at, since=since)
    if record.not_after is None or record.revoked:
        return said
    return call.listed([said, call.say("key.until", until=call.moment(record.not_after))])
