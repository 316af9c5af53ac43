"""The vendor's staff: who is there, and what each may do."""

from server_stub.denials import RoleNeeded
from server_stub.errors import AlreadyExists, NotFound
from server_stub.licensing.models import Staff
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting


def add_staff(books: Books, name: str, role: Role) -> Staff:
    """Put a member of the staff in the books.

    Raises:
        AlreadyExists: somebody of that name is there.
    """
    with acting(books) as journal:
        if Staff.objects.filter(name=name).exists():
            raise AlreadyExists(name, name=name)
        staff = Staff.objects.create(name=name, role=role, created_at=journal.now)
        journal.record("staff-added", facts={"name": name, "role": role.value})
    return staff


def require_role(name: str, *roles: Role) -> Staff:
    """The member of that name, who must have one of these roles.

    Raises:
        NotFound: nobody of that name.
        RoleNeeded: another role.
    """
    staff = Staff.objects.filter(name=name).first()
    if staff is None:
        raise NotFound(name, name=name)
    if staff.role not in roles:
        needed = " / ".join(role.value for role in roles)
        raise RoleNeeded(name, name=name, role=staff.role, needed=needed)
    return staff
