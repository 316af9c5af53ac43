"""`case list`, `case show`, `case approve`, `case decline` and `case cancel`."""

import argparse
from typing import TYPE_CHECKING

import msgspec

from server_stub.commands import typed
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.django_setup import set_up
from server_stub.errors import UsageError

if TYPE_CHECKING:
    from server_stub.licensing.case_selectors import CaseDetails
    from server_stub.licensing.services.decisions import Step, Word

# The exit code of "the vendor's decision is still to come", the same as the agent's.
_WAITS = 23


def add_parsers(add: Parsers) -> None:
    """Add the five commands."""
    add("case", None, "decisions that wait for you")
    listed = add("case list", list_cases, "the cases that wait, the oldest first")
    listed.add_argument("code", metavar="KEY_OR_CODE", nargs="?")
    listed.add_argument("--all", action="store_true", help="those that are over too")
    shown = add("case show", show_case, "one case: verdict, timeline, fee, and what approving does")
    shown.add_argument("number", metavar="N", type=typed.number)
    approve = add("case approve", approve_case, "give the case's device the right to bind, once")
    approve.add_argument("number", metavar="N", type=typed.number)
    who = approve.add_mutually_exclusive_group(required=True)
    who.add_argument("--by", metavar="NAME", type=typed.short_text, help="the supervisor")
    who.add_argument(
        "--by-owner", metavar="TEXT", type=typed.long_text, help="cites the owner's own word"
    )
    approve.add_argument("--fee", metavar="waive|TARIFF", type=typed.name)
    approve.add_argument(
        "--owner-confirmed",
        metavar="TEXT",
        type=typed.long_text,
        help="cites the owner's word that the bound machine is lost",
    )
    _add_message(approve)
    decline = add("case decline", decline_case, "say no; the device may ask again")
    cancel = add("case cancel", cancel_case, "end a case, or take back an unused approval")
    for parser in (decline, cancel):
        parser.add_argument("number", metavar="N", type=typed.number)
        parser.add_argument("--by", metavar="NAME", type=typed.short_text, required=True)
    for parser in (approve, decline, cancel):
        parser.add_argument("--reason", metavar="TEXT", type=typed.long_text, required=True)
    _add_message(decline)


def list_cases(call: Call) -> Shown:
    """The cases that wait, or all there are, of one license or of every one."""
    open_books(call)
    from server_stub.commands.case_pages import list_lines
    from server_stub.licensing import case_selectors, selectors
    from server_stub.licensing.transactions import store_errors

    code, everything = call.arguments.code, call.arguments.all
    with store_errors():
        license = selectors.find_license(code) if code else None
        cases = case_selectors.cases_of(license, decided=everything)
    lines = list_lines(call, cases)
    if not lines:
        lines = (call.say("cases.none-at-all" if everything else "cases.none"),)
    return Shown({"cases": [msgspec.to_builtins(case) for case in cases]}, lines)


def show_case(call: Call) -> Shown:
    """One case, wholly."""
    open_books(call)
    from server_stub.commands.case_pages import page_lines

    case = _details(call)
    return Shown(msgspec.to_builtins(case), page_lines(call, case))


def approve_case(call: Call) -> Shown:
    """Approve, as staff or on the owner's word.

    Raises:
        UsageError: the owner's word neither waives a fee nor needs itself confirmed.
    """
    chosen = call.arguments
    if chosen.by_owner and (chosen.fee or chosen.owner_confirmed):
        raise UsageError("--by-owner", detail="--by-owner: --fee, --owner-confirmed")
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import decisions

    books = Books.of(call.home)
    if chosen.by_owner:
        step = decisions.approve_by_owner(books, _word(call, chosen.by_owner))
    else:
        approval = decisions.Approval(
            number=chosen.number,
            by=chosen.by,
            reason=chosen.reason,
            message=chosen.message or "",
            fee=chosen.fee or "",
            owner_confirmation=chosen.owner_confirmed or "",
        )
        step = decisions.approve(books, approval)
    return _approved(call, step)


def decline_case(call: Call) -> Shown:
    """Say no."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import decisions

    decisions.decline(Books.of(call.home), _word(call, call.arguments.by))
    return _over(call, "case.declined")


def cancel_case(call: Call) -> Shown:
    """End it without a decision."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import decisions

    decisions.cancel(Books.of(call.home), _word(call, call.arguments.by))
    return _over(call, "case.cancelled")


def _add_message(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--message", metavar="TEXT", type=typed.long_text, help="for the administrator"
    )


def _details(call: Call) -> "CaseDetails":
    from server_stub.licensing import case_selectors
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        return case_selectors.case_details(case_selectors.find_case(call.arguments.number))


def _word(call: Call, by: str) -> "Word":
    from server_stub.licensing.services.decisions import Word

    chosen = call.arguments
    message = getattr(chosen, "message", None) or ""
    return Word(number=chosen.number, by=by, reason=chosen.reason, message=message)


def _approved(call: Call, step: "Step") -> Shown:
    from server_stub.commands.case_pages import effect_lines
    from server_stub.licensing.services.decisions import Step

    after = _details(call)
    facts = {"step": step.value, **msgspec.to_builtins(after)}
    if step is Step.FIRST:
        line = call.say("case.first-approval", number=after.case)
        return Shown(facts, (line,), _WAITS)
    lines = call.say("case.approved", number=after.case), *effect_lines(call, after)
    return Shown(facts, lines)


def _over(call: Call, code: str) -> Shown:
    after = _details(call)
    return Shown(msgspec.to_builtins(after), (call.say(code, number=after.case),))
