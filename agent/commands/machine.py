"""`fingerprint` and `compare`: what a machine is made of, and what a change would mean."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from agent.commands.session import Result, Session
from agent.differences import compared_lines, tolerance_message
from agent.errors import AgentError
from agent.facts import Observation
from agent.files import require_folder
from agent.fingerprint import (
    SALT_BYTES,
    Component,
    Inventory,
    explain,
    mask,
    masked,
    tag_of,
    take_tags,
)
from agent.hardware.probes import recorded_machine, this_machine
from agent.identity import load_identity
from agent.inventories import detail_text, machine_view
from agent.layout import table
from agent.presentation import message_body
from agent.showing import drift_view, os_view
from agent.texts import Texts
from agent.tolerance import Sides
from protocol.values import Level, MachineClass
from protocol.weights import DEFAULT_POLICY, ComponentId

_SETS = frozenset({ComponentId.NIC, ComponentId.MEMORY})


def fingerprint(session: Session) -> Result:
    """Show every component with its source, or record the machine."""
    options = session.options
    if options.record is not None or options.anonymous:
        # Loaded by whoever records; the others look at a fingerprint in a few milliseconds.
        from agent.commands.recording import record_machine

        return record_machine(session)
    inventory = _read(options.root) if options.root else this_machine().read()
    salt = None
    with suppress(AgentError):
        salt = load_identity(session.home.identity).salt
    return Result(
        _body(inventory, salt, reveal=options.reveal),
        lambda: _lines(inventory, session.texts, reveal=options.reveal),
    )


def compare(session: Session) -> Result:
    """Say what the verdict would be between two recorded machines."""
    options = session.options
    was, now = _read(options.was), _read(options.now)
    policy = DEFAULT_POLICY
    if options.level:
        policy = msgspec.structs.replace(policy, level=Level(options.level))
    salt = os.urandom(SALT_BYTES)
    sides = Sides(enrolled=take_tags(was, salt), now=take_tags(now, salt), policy=policy)
    comparison = sides.compared()
    seen = Observation(
        sides=sides,
        comparison=comparison,
        differences=explain(comparison, was, now),
        was=was.os,
        now=now.os,
    )
    drift, system = drift_view(seen), os_view(seen)
    room = tolerance_message(drift)
    body = {
        **msgspec.to_builtins(drift),
        "os": msgspec.to_builtins(system),
        "messages": [message_body(room, session.texts.plainly())] if room else [],
    }
    return Result(body, lambda: compared_lines(drift, system, session.texts))


def _read(folder: str) -> Inventory:
    path = Path(folder)
    require_folder(path)
    return recorded_machine(path).read()


def _body(inventory: Inventory, salt: bytes | None, *, reveal: bool) -> dict[str, Any]:
    found = inventory.os
    instance = found.instance
    return {
        "components": [_component(c, salt, reveal=reveal) for c in inventory.components],
        "os": {
            "product": found.product,
            "major": found.major,
            "patch": found.patch,
            "instance": instance if reveal or instance is None else mask(instance),
        },
        "virtual": inventory.machine_class is MachineClass.VM,
        "details": [
            {**msgspec.to_builtins(detail), "text": detail_text(detail, reveal=reveal)}
            for detail in inventory.details
        ],
    }


def _component(component: Component, salt: bytes | None, *, reveal: bool) -> dict[str, Any]:
    tags = tag_of(component, salt) if salt and component.known else ()
    shown: dict[str, Any] = {
        "id": component.id.value,
        "known": component.known,
        "reason": component.reason.value if component.reason else None,
        "source": component.source,
        "value": _one_or_all(component, component.values if reveal else masked(component)),
    }
    return {**shown, "tag": _one_or_all(component, tags)} if tags else shown


def _one_or_all(component: Component, values: tuple[str, ...]) -> str | list[str] | None:
    """Give sets as a list, the others as what they are."""
    if not values:
        return None
    return list(values) if component.id in _SETS or len(values) > 1 else values[0]


def _lines(inventory: Inventory, texts: Texts, *, reveal: bool) -> list[str]:
    found = machine_view(inventory, reveal=reveal)
    rows = [(texts.gettext("Component"), texts.gettext("Value"), texts.gettext("Source"))]
    for part in found.parts:
        values = tuple(map(texts.latin, part.values))
        if part.reason is not None:
            values = (f"({texts.name('reason', part.reason)})",)
        for place, value in enumerate(values):
            name = "" if place else texts.name("component", part.id)
            rows.append((name, value, "" if place else texts.latin(part.source)))
    for detail in found.details:
        name = texts.name("detail", detail.id)
        rows.append((name, texts.latin(detail.text), texts.latin(detail.source)))
    kind = texts.gettext("virtual") if found.is_virtual else texts.gettext("physical")
    rows.append((texts.gettext("Operating system"), texts.latin(found.system or "-"), kind))
    return table(rows)
