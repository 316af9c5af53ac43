"""Customers and licenses: what the vendor's office adds to the books."""

import secrets
import time
from dataclasses import dataclass
from typing import NamedTuple

from protocol import codes, digits
from protocol.encoding import canonical
from protocol.identifiers import uuid7
from protocol.values import LicenseId, Policy
from server_stub.errors import AlreadyExists, NotFound
from server_stub.licensing.models import Customer, License
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting

_SUPPORT_GROUPS = 3
_GROUP_DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a customer bought."""

    customer: str
    product: str
    modules: tuple[str, ...]
    seats: int
    warranty_until: str | None
    policy: Policy


class IssuedLicense(NamedTuple):
    """The license key is told here, once; the server cannot tell it again."""

    license_key: str
    license_id: LicenseId
    support_code: str


def add_customer(books: Books, name: str, contact: str = "") -> Customer:
    """Put a buyer in the books.

    Raises:
        AlreadyExists: a customer of that name is there.
    """
    with acting(books) as act:
        if Customer.objects.filter(name=name).exists():
            raise AlreadyExists(name, name=name)
        customer = Customer.objects.create(name=name, contact=contact, created_at=act.now)
        act.record("customer-added", facts={"customer": customer.pk, "name": name})
    return customer


def issue(books: Books, order: Order) -> IssuedLicense:
    """Make a license and the key that claims it.

    Raises:
        NotFound: no such customer.
    """
    key = codes.format_code(codes.LICENSE_KEY_PREFIX, secrets.randbits(codes.SECRET_BITS))
    with acting(books) as act:
        customer = Customer.objects.filter(name=order.customer).first()
        if customer is None:
            raise NotFound(order.customer, name=order.customer)
        license = License.objects.create(
            license_id=uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)),
            customer=customer,
            product=order.product,
            modules=list(order.modules),
            seats=order.seats,
            warranty_until=order.warranty_until or "",
            support_code=_unused_support_code(),
            key_id=codes.key_id(key),
            key_hash=codes.code_hash(key),
            key_tail=key[-4:],
            policy=canonical(order.policy),
            created_at=act.now,
        )
        facts = {"customer": customer.pk}
        act.record("license-issued", license=license.license_id, facts=facts)
    return IssuedLicense(key, LicenseId(license.license_id), license.support_code)


def _unused_support_code() -> str:
    while True:
        length = _SUPPORT_GROUPS * _GROUP_DIGITS
        drawn = str(secrets.randbelow(10**length)).zfill(length)
        code = "-".join(digits.in_groups(drawn, _GROUP_DIGITS))
        if not License.objects.filter(support_code=code).exists():
            return code
