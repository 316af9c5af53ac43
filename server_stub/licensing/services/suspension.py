"""Suspending a license: no new machine is bound; the one that holds it goes on (§5, ADR 22)."""

from server_stub.licensing.models import License
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.people import require_role


def suspend(books: Books, license_id: str, *, by: str, reason: str) -> License:
    """Block new bindings; twice is harmless.

    Raises:
        NotFound: nobody of that name.
        RoleNeeded: neither supervisor nor issuer.
    """
    return _set(books, license_id, by, reason, suspended=True)


def resume(books: Books, license_id: str, *, by: str, reason: str) -> License:
    """Allow new bindings again; twice is harmless.

    Raises:
        NotFound: nobody of that name.
        RoleNeeded: neither supervisor nor issuer.
    """
    return _set(books, license_id, by, reason, suspended=False)


def _set(books: Books, license_id: str, by: str, reason: str, *, suspended: bool) -> License:
    with acting(books) as journal:
        staff = require_role(by, Role.SUPERVISOR, Role.ISSUER)
        license = License.objects.select_related("customer").get(pk=license_id)
        license.suspended = suspended
        license.save(update_fields=["suspended"])
        journal.record(
            "license-suspended" if suspended else "license-resumed",
            license=license_id,
            facts={"by": staff.name, "reason": reason},
        )
    return license
