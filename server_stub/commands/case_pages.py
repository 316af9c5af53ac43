"""How a case reads: a line in a list, or a page that a tired colleague understands at night."""

from server_stub.commands.shown import Call, columns
from server_stub.licensing.case_selectors import CaseDetails, CaseRow, Effect

_INDENT = "  "
# Enough of a device's name to tell two apart, as in the log.
_DEVICE_LETTERS = 8


def list_lines(call: Call, cases: tuple[CaseRow, ...]) -> tuple[str, ...]:
    """A line each: number, since when, what, whose, at what price."""
    return columns([
        (
            str(case.case),
            call.moment(case.opened_at),
            state_of(call, case),
            call.say(f"coordination.{case.coordination}") if case.coordination else "-",
            case.support_code,
            case.customer,
            _price(call, case) or "-",
            call.say(f"kind.{case.kind}"),
        )
        for case in cases
    ])  # fmt: skip


def page_lines(call: Call, case: CaseDetails) -> tuple[str, ...]:
    """The whole page: what is asked, the verdict and its timeline, what approving does."""
    title = call.say("case.title", number=case.case, state=state_of(call, case))
    rows = [*_asked(call, case), *_judged(call, case), *_decided(call, case)]
    labelled = [(call.say(f"label.{label}"), text) for label, text in rows]
    lines = [title, *columns(labelled, _INDENT)]
    if case.clock_differs:
        lines += ["", call.say("case.clock-differs")]
    lines += ["", call.say("heading.timeline"), *_timeline(call, case)]
    lines += ["", call.say("heading.acts"), *_acts(call, case)]
    heading = "heading.standing" if case.state == "approved" else "heading.effect"
    lines += ["", call.say(heading), *(_INDENT + line for line in effect_lines(call, case))]
    return tuple(lines)


def state_of(call: Call, case: CaseRow) -> str:
    """Whether it waits, and for whom."""
    if case.outdated:
        return call.say("case.outdated")
    if case.state == "open" and case.first_by:
        return call.say("case.half", first=case.first_by)
    return call.say(f"state.{case.state}")


def effect_lines(call: Call, case: CaseDetails) -> tuple[str, ...]:
    """What an approval does, and whose word it takes."""
    if case.effect is Effect.NOTHING:
        return (call.say("effect.nothing-outdated" if case.outdated else "effect.nothing"),)
    old, new = short(case.bound_to or ""), short(case.device)
    lines = [call.say(f"effect.{case.effect.value}", old=old, new=new)]
    if case.state == "open":
        lines += _whose_word(call, case)
    if case.beside:
        others = ", ".join(map(str, case.beside))
        lines.append(call.say("effect.beside", others=others))
    if case.suspended:
        lines.append(call.say("case.suspended"))
    if case.hold:
        lines.append(call.say("case.held"))
        code = "hold.of-nobody" if case.bound_to is None else "hold.of-a-machine"
        lines.append(call.say(code, support_code=case.support_code))
    return tuple(lines)


def short(device: str) -> str:
    """A device for people."""
    return device[:_DEVICE_LETTERS]


def _whose_word(call: Call, case: CaseDetails) -> list[str]:
    if case.second_person_needed and case.first_by:
        return [call.say("effect.second", first=case.first_by)]
    if case.second_person_needed:
        return [call.say("effect.two")]
    owner = [call.say("effect.owner")] if case.owner_may_decide else []
    return [call.say("effect.one"), *owner]


def _asked(call: Call, case: CaseDetails) -> list[tuple[str, str]]:
    license = call.say(
        "case.license",
        product=case.product,
        customer=case.customer,
        support_code=case.support_code,
        key_tail=case.key_tail,
    )
    return [
        ("license", license),
        ("asked-by", call.say("case.device", device=short(case.device))),
        ("because", call.say(f"kind.{case.kind}")),
        ("bound-to", _holder(call, case)),
    ]


def _holder(call: Call, case: CaseDetails) -> str:
    if case.bound_to is None:
        return call.say("case.nobody")
    device = short(case.bound_to)
    if case.last_heard is None:
        is_the_asker = case.bound_to == case.device
        return call.say("case.same-device" if is_the_asker else "case.device-silent", device=device)
    return call.say("case.device-heard", device=device, at=call.moment(case.last_heard))


def _judged(call: Call, case: CaseDetails) -> list[tuple[str, str]]:
    rows = []
    if case.coordination and case.because:
        verdict = call.say(f"coordination.{case.coordination}")
        rows.append(("verdict", f"{verdict}: {call.say(f'because.{case.because}')}"))
    if case.changed:
        rows.append(("changed", call.components(case.changed)))
    elif case.alike:
        rows.append(("changed", call.say("case.alike")))
    if case.outside:
        rows.append(("outside", call.components(case.outside)))
    rows.append(("fee", _price(call, case) or _no_price(call, case)))
    rows.append(("warranty", _warranty(call, case)))
    return rows


def _price(call: Call, case: CaseRow) -> str | None:
    fee = case.fee
    if fee is None:
        return None
    code = "fee.waived" if fee.waived else "fee.payable"
    return call.say(code, amount=f"{fee.amount:,}", currency=fee.currency, tariff=fee.tariff)


def _no_price(call: Call, case: CaseDetails) -> str:
    if case.coordination == "undetermined":
        return call.say("fee.staff-may")
    if case.coordination == "uncoordinated" and case.because != "never-confirmed":
        warranty = call.say("tariff.in" if case.in_warranty else "tariff.out")
        what = call.say(f"tariff.{case.tariff_reason}")
        return call.say("fee.none-published", what=what, warranty=warranty)
    return call.say("fee.none")


def _warranty(call: Call, case: CaseDetails) -> str:
    if case.warranty_until is None:
        return call.say("warranty.none")
    code = "warranty.runs" if case.in_warranty else "warranty.over"
    return call.say(code, until=call.day(case.warranty_until))


def _decided(call: Call, case: CaseDetails) -> list[tuple[str, str]]:
    rows = []
    if case.first_by:
        rows.append(("first-by", case.first_by))
    if case.owner_confirmation:
        rows.append(("owner", case.owner_confirmation))
    if case.decided_at is not None:
        by = case.decided_by or call.say(
            "case.by-owner" if case.owner_confirmation else "case.by-device"
        )
        rows.append(("decided", call.say("case.by-at", by=by, at=call.moment(case.decided_at))))
    rows += [("reason", case.reason)] if case.reason else []
    rows += [("message", case.message)] if case.message else []
    return rows


def _timeline(call: Call, case: CaseDetails) -> tuple[str, ...]:
    return columns(
        [
            (call.moment(at.at), call.say(f"source.{at.source}"), call.say(f"what.{at.what}"))
            for at in case.timeline
        ],
        _INDENT,
    )


def _acts(call: Call, case: CaseDetails) -> tuple[str, ...]:
    return columns(
        [
            (call.moment(act.at), call.say(f"act.{act.event}"), act.by or "-", act.reason or "")
            for act in case.acts
        ],
        _INDENT,
    )
