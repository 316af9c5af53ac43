"""`customer add`, `issue`, and the `license` commands."""

import argparse
from typing import TYPE_CHECKING

import msgspec

from protocol.values import Level, OsAxis
from protocol.weights import DEFAULT_POLICY
from server_stub.commands import typed
from server_stub.commands.moments import typed_day
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.django_setup import set_up

if TYPE_CHECKING:
    from server_stub.licensing.selectors import LicenseSummary

_MOST_GRACE_HOURS = 8760


def add_parsers(add: Parsers) -> None:
    """Add the commands."""
    add("customer", None, "the buyers")
    customer = add("customer add", add_customer, "put a buyer in the books")
    customer.add_argument("name", metavar="NAME", type=typed.short_text)
    customer.add_argument("--contact", metavar="TEXT", type=typed.short_text)
    issue = add("issue", issue_license, "make a license and print its key")
    issue.add_argument("--customer", metavar="NAME", required=True)
    issue.add_argument("--product", metavar="NAME", type=typed.short_text, default="didgah")
    issue.add_argument("--modules", metavar="A,B", type=_modules, default=())
    issue.add_argument("--seats", metavar="N", type=typed.count, default=1)
    issue.add_argument("--warranty-until", metavar="YYYY-MM-DD", type=typed_day)
    issue.add_argument("--level", choices=[level.value for level in Level])
    issue.add_argument("--grace-hours", metavar="N", type=_hours)
    issue.add_argument("--os-axis", choices=[axis.value for axis in OsAxis])
    add("license", None, "the licenses")
    show = add("license show", show_license, "one license with its history")
    show.add_argument("code", metavar="KEY_OR_CODE")
    add("license list", list_licenses, "every license")
    suspend = add("license suspend", suspend_license, "bind no new machine; the holder goes on")
    resume = add("license resume", resume_license, "bind new machines again")
    for parser in (suspend, resume):
        parser.add_argument("code", metavar="KEY_OR_CODE")
        parser.add_argument("--by", metavar="NAME", type=typed.short_text, required=True)
        parser.add_argument("--reason", metavar="TEXT", type=typed.long_text, required=True)


def add_customer(call: Call) -> Shown:
    """Put a buyer in the books."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import issuing

    chosen = call.arguments
    customer = issuing.add_customer(Books.of(call.home), chosen.name, chosen.contact or "")
    facts: dict[str, object] = {"customer": customer.name, "customer_id": customer.pk}
    return Shown(facts, (call.say("customer-added", name=customer.name),))


def issue_license(call: Call) -> Shown:
    """Issue a license; the only time that its key is shown."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import issuing

    chosen = call.arguments
    policy = {"level": chosen.level and Level(chosen.level), "grace_hours": chosen.grace_hours}
    policy["os_axis"] = chosen.os_axis and OsAxis(chosen.os_axis)
    order = issuing.Order(
        customer=chosen.customer,
        product=chosen.product,
        modules=chosen.modules,
        seats=chosen.seats,
        warranty_until=chosen.warranty_until,
        policy=msgspec.structs.replace(
            DEFAULT_POLICY, **{name: value for name, value in policy.items() if value is not None}
        ),
    )
    facts = issuing.issue(Books.of(call.home), order)._asdict()
    lines = (
        call.say("issued.key", **facts),
        call.say("issued.support-code", **facts),
        call.say("issued.id", **facts),
    )
    return Shown(facts, lines)


def show_license(call: Call) -> Shown:
    """One license with binding, last check-in and timeline."""
    open_books(call)
    from server_stub.licensing import selectors
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        details = selectors.license_details(selectors.find_license(call.arguments.code))
    facts = msgspec.to_builtins(details)
    lines = [call.say("license.head", **facts), license_state(call, details)]
    if details.binding is not None:
        lines.append(_check_in(call, details.binding.last_check_in, details.binding.last_standing))
    lines += hold_lines(call, details)
    lines.append(call.say("license.cases", count=details.open_cases))
    lines += [
        call.say("license.entry", index=entry.index, at=call.moment(entry.at), event=entry.event)
        for entry in details.timeline
    ]
    return Shown(facts, tuple(lines))


def list_licenses(call: Call) -> Shown:
    """Every license, a line each."""
    open_books(call)
    from server_stub.licensing import selectors
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        licenses = selectors.all_licenses()
    lines = [
        call.say("license.line", state=license_state(call, found), **msgspec.structs.asdict(found))
        for found in licenses
    ]
    return Shown(
        {"licenses": msgspec.to_builtins(licenses)}, tuple(lines or [call.say("license.none")])
    )


def suspend_license(call: Call) -> Shown:
    """Block new bindings."""
    return _set_suspended(call, suspended=True)


def resume_license(call: Call) -> Shown:
    """Allow new bindings again."""
    return _set_suspended(call, suspended=False)


def _set_suspended(call: Call, *, suspended: bool) -> Shown:
    set_up(call.home, call.database_url)
    from server_stub.licensing import selectors
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import suspension
    from server_stub.licensing.transactions import store_errors

    books, chosen = Books.of(call.home), call.arguments
    with store_errors():
        found = selectors.find_license(chosen.code)
    act = suspension.suspend if suspended else suspension.resume
    license = act(books, found.license_id, by=chosen.by, reason=chosen.reason)
    code = "license-suspended" if suspended else "license-resumed"
    line = call.say(code, product=license.product, customer=license.customer.name)
    return Shown({"license_id": license.license_id, "suspended": suspended}, (line,))


def license_state(call: Call, license: "LicenseSummary") -> str:
    """Whether the license is free or who holds it, in a few words."""
    holder = license.binding
    if holder is None:
        text = call.say("license.free", generation=license.generation)
    else:
        text = call.say("license.bound", device=holder.device, generation=holder.generation)
    held = "license.held" if holder else "license.held-by-nobody"
    reasons = [(license.suspended, "license.suspended"), (license.hold, held)]
    return call.listed([text, *(call.say(code) for applies, code in reasons if applies)])


def hold_lines(call: Call, license: "LicenseSummary") -> list[str]:
    """How the hold of a license ends, where there is one; by hand too."""
    if not license.hold:
        return []
    code = "hold.of-nobody" if license.binding is None else "hold.of-a-machine"
    return [call.say(code, support_code=license.support_code)]


def _check_in(call: Call, at: int | None, standing: str | None) -> str:
    if at is None:
        return call.say("license.no-check-in")
    return call.say("license.check-in", at=call.moment(at), standing=standing)


def _modules(value: str) -> tuple[str, ...]:
    return tuple(typed.short_text(name) for name in value.split(",") if name.strip())


def _hours(value: str) -> int:
    hours = typed.count(value)
    if hours > _MOST_GRACE_HOURS:
        raise argparse.ArgumentTypeError(f"at most {_MOST_GRACE_HOURS}")
    return hours
