"""`staff add` and `staff list`."""

from server_stub.commands import typed
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown, columns
from server_stub.django_setup import set_up

_ROLES = ("support", "supervisor", "issuer", "auditor")


def add_parsers(add: Parsers) -> None:
    """Add the two commands."""
    add("staff", None, "the vendor's people")
    staff = add("staff add", add_staff, "put a member of the staff in the books")
    staff.add_argument("name", metavar="NAME", type=typed.short_text)
    staff.add_argument("--role", choices=_ROLES, required=True)
    add("staff list", list_staff, "everybody, with what each may do")


def add_staff(call: Call) -> Shown:
    """Put a member of the staff in the books."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.models.decisions import Role
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import people

    chosen = call.arguments
    staff = people.add_staff(Books.of(call.home), chosen.name, Role(chosen.role))
    line = call.say("staff-added", name=staff.name, role=call.say(f"role.{staff.role}"))
    return Shown({"name": staff.name, "role": staff.role}, (line,))


def list_staff(call: Call) -> Shown:
    """Everybody, in the order of their names."""
    open_books(call)
    from server_stub.licensing.models import Staff
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        everybody = [
            {"name": staff.name, "role": staff.role} for staff in Staff.objects.order_by("name")
        ]
    rows = [(call.say(f"role.{member['role']}"), member["name"]) for member in everybody]
    return Shown({"staff": everybody}, columns(rows) or (call.say("staff.none"),))
