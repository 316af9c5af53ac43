"""The network cards of a Windows machine by the address they were made with.

The bus tells cards from what software makes: teams, Hyper-V's switches, VPNs, tunnels and filters
hang on no PCI or VMBUS. A virtual function in a Hyper-V guest wears the address of the adapter it
speeds up, so it adds nothing.
"""

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.normalisation import mac_identity
from agent.hardware.windows.answers import Failure, Question, WindowsAnswers, text_of
from agent.hardware.windows.layouts import InterfaceRow, InterfacesHeader, laid_out, size_of
from protocol.weights import ComponentId

_SOURCE = "GetIfTable2"
# Where Windows keeps, for every interface of a device, which device that is.
_CONNECTION = (
    r"SYSTEM\CurrentControlSet\Control\Network\{{4D36E972-E325-11CE-BFC1-08002BE10318}}"
    r"\{guid}\Connection"
)
_BUSES = ("PCI\\", "VMBUS\\")
_ETHERNET = (6, 71)  # ipifcons.h: CSMACD, and IEEE 802.11
_FILTER = 0x02  # netioapi.h: the second bit of InterfaceAndOperStatusFlags
MAC_BYTES = 6


def network_cards(answers: WindowsAnswers) -> Component:
    """Every card's permanent address; known only if each card's is."""
    rows = rows_of(answers.ask(Question.INTERFACES))
    if isinstance(rows, UnknownReason):
        return unknown(ComponentId.NIC, _SOURCE, rows)
    addresses: list[str] = []
    for row in rows:
        is_card = _is_card(answers, row)
        if isinstance(is_card, UnknownReason):
            return unknown(ComponentId.NIC, _SOURCE, is_card)
        if not is_card:
            continue
        address = _permanent_address(row)
        if address is None:
            # A driver that is starting up says nothing yet; the card is there all the same.
            return unknown(ComponentId.NIC, _SOURCE, UnknownReason.UNREADABLE)
        addresses.append(address)
    if not addresses:
        return unknown(ComponentId.NIC, _SOURCE, UnknownReason.ABSENT)
    return known(ComponentId.NIC, _SOURCE, addresses)


def rows_of(raw: bytes | Failure) -> list[InterfaceRow] | UnknownReason:
    """Every interface, or why there are none."""
    if isinstance(raw, Failure):
        return raw.reason
    header = laid_out(InterfacesHeader, raw)
    if header is None:
        return UnknownReason.DAMAGED
    rows: list[InterfaceRow] = []
    for place in range(header.count):
        row = laid_out(InterfaceRow, raw, size_of(InterfacesHeader) + place * size_of(InterfaceRow))
        if row is None:
            return UnknownReason.DAMAGED
        rows.append(row)
    return rows


def _is_card(answers: WindowsAnswers, row: InterfaceRow) -> bool | UnknownReason:
    if row.type not in _ETHERNET or row.flags & _FILTER:
        return False
    key = _CONNECTION.format(guid=_guid_text(bytes(row.guid)))
    device = text_of(answers, key, "PnPInstanceID")
    if device is UnknownReason.ABSENT:
        return False
    return device.upper().startswith(_BUSES) if isinstance(device, str) else device


def _permanent_address(row: InterfaceRow) -> str | None:
    if row.address_length != MAC_BYTES:
        return None
    return mac_identity(bytes(row.permanent_address[:MAC_BYTES]).hex())


def _guid_text(raw: bytes) -> str:
    """As the registry spells it; the first three fields are little-endian numbers."""
    digits = (raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]).hex().upper()
    fields = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "{" + "-".join(fields) + "}"
