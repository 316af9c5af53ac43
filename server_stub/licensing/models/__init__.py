"""The tables. Rows are changed by `services` alone, inside one write transaction each."""

from server_stub.licensing.models.announcements import Announcement, Holiday, Offer
from server_stub.licensing.models.challenges import Challenge
from server_stub.licensing.models.decisions import Case, Staff, Tariff, Window
from server_stub.licensing.models.exchanges import Exchange, Receipt
from server_stub.licensing.models.ledger import AuditEntry, Redo, Root, ServerState
from server_stub.licensing.models.licenses import Binding, Customer, Device, License

__all__ = [
    "Announcement",
    "AuditEntry",
    "Binding",
    "Case",
    "Challenge",
    "Customer",
    "Device",
    "Exchange",
    "Holiday",
    "License",
    "Offer",
    "Receipt",
    "Redo",
    "Root",
    "ServerState",
    "Staff",
    "Tariff",
    "Window",
]
