"""`tariff set` and `tariff list`."""

from server_stub.commands import typed
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown, columns
from server_stub.django_setup import set_up

_REASONS = ("hardware", "os", "move")


def add_parsers(add: Parsers) -> None:
    """Add the two commands."""
    add("tariff", None, "what uncoordinated re-activations cost")
    entry = add("tariff set", set_tariff, "publish a price, or change it")
    entry.add_argument("name", metavar="NAME", type=typed.name)
    entry.add_argument("--reason", choices=_REASONS, required=True)
    entry.add_argument("--warranty", choices=("in", "out"), required=True)
    entry.add_argument("--amount", metavar="N", type=typed.count, required=True)
    entry.add_argument("--currency", metavar="CODE", type=typed.currency, default="IRR")
    add("tariff list", list_tariff, "every price")


def set_tariff(call: Call) -> Shown:
    """Publish a price."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.models.decisions import TariffReason
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import fees

    chosen = call.arguments
    price = fees.Price(
        name=chosen.name,
        reason=TariffReason(chosen.reason),
        in_warranty=chosen.warranty == "in",
        amount=chosen.amount,
        currency=chosen.currency,
    )
    fees.publish(Books.of(call.home), price)
    facts = {**vars(price), "reason": price.reason.value}
    what = call.listed(_cells(call, facts)[1:])
    return Shown(facts, (call.say("tariff-set", name=price.name, what=what),))


def list_tariff(call: Call) -> Shown:
    """Every price, by reason and warranty."""
    open_books(call)
    from server_stub.licensing.models import Tariff
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        entries = [
            {
                "name": entry.name,
                "reason": entry.reason,
                "in_warranty": entry.in_warranty,
                "amount": entry.amount,
                "currency": entry.currency,
            }
            for entry in Tariff.objects.order_by("reason", "-in_warranty")
        ]
    lines = columns([_cells(call, entry) for entry in entries])
    return Shown({"tariff": entries}, lines or (call.say("tariff.none"),))


def _cells(call: Call, entry: dict[str, object]) -> tuple[str, ...]:
    return (
        str(entry["name"]),
        call.say(f"tariff.{entry['reason']}"),
        call.say("tariff.in" if entry["in_warranty"] else "tariff.out"),
        call.say("tariff.price", amount=f"{entry['amount']:,}", currency=entry["currency"]),
    )
