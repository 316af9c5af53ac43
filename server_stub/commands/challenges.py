"""`challenge SUPPORT_CODE` and `challenge check CODE ANSWER`: a state proved over the phone."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from protocol.challenge import shown_code
from server_stub.commands import typed
from server_stub.commands.opening import open_books, published_roots
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.passphrase import known_passphrase

if TYPE_CHECKING:
    from server_stub.licensing.services.challenges import Proved

_CHECK = "check"
_CHECKED = 3
_USAGE = """faragostar-server challenge SUPPORT_CODE --by NAME
       faragostar-server challenge check CODE ANSWER --by NAME [--passphrase-file FILE]"""


def add_parsers(add: Parsers) -> None:
    """Add the one command, which is two: its first word says which."""
    parser = add("challenge", ask, "have a machine prove its state over the phone")
    parser.usage = _USAGE
    parser.add_argument(
        "words",
        nargs="+",
        action=_Words,
        metavar="SUPPORT_CODE",
        help="whose machine is asked; or the code that was asked, and its answer",
    )
    parser.add_argument("--by", metavar="NAME", type=typed.short_text, required=True)
    parser.add_argument("--passphrase-file", metavar="FILE", help="of the keys, for `check`")


class _Words(argparse.Action):
    """A support code cannot be the word `check`, so both commands go by one name."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Choose by the first word."""
        del parser, option_string
        words = [str(word) for word in values] if isinstance(values, Sequence) else []
        if words[0] == _CHECK and len(words) == _CHECKED:
            namespace.run = check
            _, namespace.code, namespace.answer = words
        elif words[0] != _CHECK and len(words) == 1:
            namespace.support_code = words[0]
        else:
            raise argparse.ArgumentError(self, "SUPPORT_CODE, or: check CODE ANSWER")


def ask(call: Call) -> Shown:
    """Draw a code to be read out."""
    open_books(call)
    from server_stub.licensing import selectors
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import challenges
    from server_stub.licensing.transactions import store_errors

    chosen = call.arguments
    with store_errors():
        license = selectors.find_license(chosen.support_code)
    row, binding = challenges.ask(Books.of(call.home), license, by=chosen.by)
    digits = shown_code(row.code)
    facts: dict[str, object] = {
        "call": row.pk,
        "license_id": row.license_id,
        "support_code": license.support_code,
        "device": binding.device_id,
        "generation": binding.generation,
        "expires_at": row.expires_at,
        "tries": challenges.MOST_TRIES,
    }
    said = {**facts, "digits": digits, "until": call.moment(row.expires_at)}
    codes = ("challenge.asked", "challenge.code", "challenge.of", "challenge.how")
    return Shown({**facts, "code": digits}, tuple(call.say(code, **said) for code in codes))


def check(call: Call) -> Shown:
    """Say what an answer proves."""
    demo = call.home.config().demo
    chosen = call.arguments
    passphrase = None if demo else known_passphrase(chosen.passphrase_file, call.language)
    trust = published_roots(call)
    from server_stub.licensing import signer
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import challenges

    keys = signer.agreement_keys(call.home.keys, trust, passphrase)
    given = challenges.Answer(code=chosen.code, digits=chosen.answer, by=chosen.by)
    return _shown(call, challenges.check(Books.of(call.home), keys, given))


def _shown(call: Call, proved: "Proved") -> Shown:
    state = proved.state
    facts: dict[str, object] = {
        "call": proved.row.pk,
        "license_id": state.license_id,
        "support_code": proved.row.license.support_code,
        "device": proved.binding.device_id,
        "generation": state.generation,
        "standing": state.standing.value,
        "drift": state.drift.value,
        "in_books": proved.in_books.value,
    }
    kind = "runs" if state.standing.holds_document else "stands"
    codes = (
        "challenge.proved",
        "challenge.state",
        f"challenge.{kind}-{proved.in_books.value}",
        "challenge.moves-nothing",
    )
    said = {**facts, "drift": call.say(f"drift.{state.drift.value}")}
    return Shown(facts, tuple(call.say(code, **said) for code in codes))
