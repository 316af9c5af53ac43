"""Tags, display and explanation: what leaves the machine and what people read."""

import hashlib
import hmac

import msgspec
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.fingerprint import (
    Component,
    Inventory,
    OsIdentity,
    UnknownReason,
    digest,
    exchanged,
    explain,
    known,
    mask,
    masked,
    tag_of,
    take_tags,
    unknown,
)
from protocol.comparison import compare
from protocol.encoding import from_base64url
from protocol.values import ComponentStatus, Fingerprint, MachineClass
from protocol.verdicts import Rule, Verdict
from protocol.weights import DEFAULT_POLICY, SALT_MARK, ComponentId

SALT = bytes(range(32))
OTHER_SALT = bytes(32)
INVENTORY = Inventory(
    machine_class=MachineClass.BARE,
    components=(
        known(ComponentId.SYSTEM_UUID, "table", ["44454c4c-4600-1033-804b-b7c04f515a32"]),
        known(ComponentId.BOARD, "table", ["DELL 02C2CP .CN001"], label="DELL 02C2CP"),
        known(ComponentId.BOOT_DISK, "sysfs", ["S5GXNX0T774F2A"], label="SAMSUNG 980"),
        known(ComponentId.NIC, "sysfs", ["b0:7b:25:aa:10:02", "b0:7b:25:aa:10:01"]),
        known(ComponentId.CPU, "cpuinfo", ["GENUINEINTEL 6 106 6 SOCKETS 2"]),
        unknown(ComponentId.MEMORY, "table", UnknownReason.DENIED),
    ),
    os=OsIdentity(product="debian", major="12", patch="12.5", instance="5d2f0a4c9b7e4e1f"),
)


def test_tags_follow_hkdf_and_hmac_with_length_prefixes() -> None:
    key = HKDF(SHA256(), 32, salt=None, info=b"faragostar-man/fingerprint/v1").derive(SALT)
    value = b"DELL 02C2CP .CN001"
    message = b"\x01" + (5).to_bytes(4, "big") + b"board" + len(value).to_bytes(4, "big") + value
    expected = hmac.new(key, message, hashlib.sha256).digest()[:16]
    (tag,) = take_tags(INVENTORY, SALT).components["board"]
    assert from_base64url(tag.encode()) == expected


def test_a_fingerprint_is_a_document_of_the_protocol() -> None:
    fingerprint = take_tags(INVENTORY, SALT)
    assert msgspec.json.decode(msgspec.json.encode(fingerprint), type=Fingerprint) == fingerprint


def test_only_known_components_have_tags_and_no_value_leaves() -> None:
    fingerprint = take_tags(INVENTORY, SALT)
    assert set(fingerprint.components) == {
        "system_uuid", "board", "boot_disk", "nic", "cpu", SALT_MARK,
    }  # fmt: skip
    wire = msgspec.json.encode(fingerprint).lower()
    for component in INVENTORY.components:
        for value in component.values:
            assert value.lower().encode() not in wire
    assert b"debian" not in wire


def test_another_salt_gives_other_tags_that_prove_nothing() -> None:
    before, after = take_tags(INVENTORY, SALT), take_tags(INVENTORY, OTHER_SALT)
    assert not {*before.components["nic"]} & {*after.components["nic"]}
    comparison = compare(before, after, DEFAULT_POLICY)
    assert (comparison.verdict, comparison.rule) == (Verdict.DEGRADED, Rule.OTHER_SALT)


def test_the_same_text_in_two_components_has_two_tags() -> None:
    serial = known(ComponentId.SYSTEM_SERIAL, "table", ["7F3KQZ2"])
    board = known(ComponentId.BOARD, "table", ["7F3KQZ2"])
    assert tag_of(serial, SALT) != tag_of(board, SALT)


def test_tags_of_a_set_say_nothing_of_its_order() -> None:
    nic = Component(id=ComponentId.NIC, source="sysfs", values=("b", "a"))
    assert tag_of(nic, SALT) == tag_of(replace(nic, values=("a", "b")), SALT)
    assert known(ComponentId.NIC, "sysfs", ["b", "a", "b"]).values == ("a", "b")


def test_more_tags_than_a_document_carries_are_cut() -> None:
    many = known(ComponentId.MEMORY, "table", [f"DIMM {number}" for number in range(96)])
    fingerprint = take_tags(replace(INVENTORY, components=(many,)), SALT)
    assert len(fingerprint.components["memory"]) == 64
    assert msgspec.json.decode(msgspec.json.encode(fingerprint), type=Fingerprint) == fingerprint


def test_an_unknown_operating_system_has_no_tags() -> None:
    os = take_tags(replace(INVENTORY, os=OsIdentity()), SALT).os
    assert (os.release, os.patch, os.instance) == (None, None, None)


def test_a_rolling_system_has_its_product_for_a_release() -> None:
    assert OsIdentity(product="arch").release == "arch"
    assert OsIdentity(product="debian", major="12").release == "debian 12"
    assert OsIdentity().release is None


def test_the_digest_changes_with_any_tag_and_with_nothing_else() -> None:
    fingerprint = take_tags(INVENTORY, SALT)
    shown = digest(fingerprint)
    assert len(shown.split("-")) == 4
    turned = replace(fingerprint, components=dict(reversed(fingerprint.components.items())))
    assert digest(turned) == shown
    patched = replace(INVENTORY, os=replace(INVENTORY.os, patch="12.6"))
    assert digest(take_tags(patched, SALT)) != shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("S5GXNX0T774F2A", "…4F2A"),
        ("7F3KQZ2", "…QZ2"),
        ("AB", "…B"),
        ("A", "…"),
        ("", "…"),
        # Signs between letters are no part of what is told.
        ("b0:7b:25:aa:10:01", "…10:01"),
        (".7F3KQZ2.CNFCP0012A34BC.", "…34BC."),
        ("--------", "…----"),
    ],
)
def test_a_masked_value_shows_its_tail(value: str, shown: str) -> None:
    assert mask(value) == shown


@given(st.text(min_size=1), st.sets(st.text(min_size=1)))
def test_a_mask_never_shows_more_than_half(value: str, others: set[str]) -> None:
    assert len(mask(value, others)) - 1 <= len(value) // 2


@given(st.text(min_size=1))
def test_alone_a_mask_never_shows_more_than_four_letters(value: str) -> None:
    assert sum(letter.isalnum() for letter in mask(value)) <= 4


@given(st.sets(st.text("0123456789ABCDEF:.", min_size=4, max_size=8), min_size=2))
def test_different_values_look_different_where_half_of_them_does(values: set[str]) -> None:
    for value in values:
        half = len(value) // 2
        others = values - {value}
        ends = any(other.endswith(value[-half:]) for other in others)
        begins = any(other.startswith(value[:half]) for other in others)
        same = [other for other in others if mask(other, values) == mask(value, values)]
        assert not same or (ends and begins)


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("b0:7b:25:aa:10:02", "3c:ec:ef:00:20:02", ("…10:02", "…20:02")),
        ("b0:7b:25:aa:10:02", "3c:ec:ef:00:10:02", ("…a:10:02", "…0:10:02")),
        ("7F3KQZ2001", "8F3KQZ2001", ("7F3K…", "8F3K…")),
    ],
)
def test_two_cards_that_differ_never_look_alike(was: str, now: str, shown: tuple[str, str]) -> None:
    before, after = known(ComponentId.NIC, "sysfs", [was]), known(ComponentId.NIC, "sysfs", [now])
    assert (masked(before, after) + masked(after, before)) == shown


def test_masking_names_the_model_and_leaves_makes_readable() -> None:
    shown = {component.id: masked(component) for component in INVENTORY.components}
    assert shown[ComponentId.BOOT_DISK] == ("SAMSUNG 980 …4F2A",)
    assert shown[ComponentId.BOARD] == ("DELL 02C2CP …N001",)
    assert shown[ComponentId.NIC] == ("…10:01", "…10:02")
    assert shown[ComponentId.CPU] == ("GENUINEINTEL 6 106 6 SOCKETS 2",)
    assert shown[ComponentId.MEMORY] == ()


def test_a_difference_is_told_with_what_was_and_what_is() -> None:
    other = known(ComponentId.BOOT_DISK, "sysfs", ["S6XNNG0R1177C1"], label="SAMSUNG 990")
    now = replace(
        INVENTORY, components=(*INVENTORY.components[:2], other, *INVENTORY.components[3:])
    )
    comparison = compare(take_tags(INVENTORY, SALT), take_tags(now, SALT), DEFAULT_POLICY)
    differences = {told.id: told for told in explain(comparison, INVENTORY, now)}
    disk = differences["boot_disk"]
    assert disk.status is ComponentStatus.CHANGED
    assert (disk.was, disk.now) == (("SAMSUNG 980 …4F2A",), ("SAMSUNG 990 …77C1",))
    assert disk.weight == 15
    assert differences["board"].status is ComponentStatus.SAME
    assert differences["memory"].now == ()


def test_an_exchanged_part_is_another_one_and_the_others_stay() -> None:
    fingerprint = take_tags(INVENTORY, SALT)
    other = exchanged(fingerprint, ["board", "memory"])
    statuses = compare(fingerprint, other, DEFAULT_POLICY).statuses
    assert statuses["board"] is ComponentStatus.CHANGED
    assert statuses["memory"] is ComponentStatus.UNKNOWN
    assert {statuses[name] for name in ("nic", "cpu", "system_uuid")} == {ComponentStatus.SAME}


def test_a_difference_is_told_without_the_old_inventory_too() -> None:
    fingerprint = take_tags(INVENTORY, SALT)
    told = explain(compare(fingerprint, fingerprint, DEFAULT_POLICY), None, INVENTORY)
    assert all(difference.was == () for difference in told)
    assert next(difference for difference in told if difference.id == "cpu").now


def test_an_inventory_survives_being_stored() -> None:
    raw = msgspec.json.encode(INVENTORY)
    assert msgspec.json.decode(raw, type=Inventory) == INVENTORY


def test_a_component_is_known_exactly_when_it_has_values() -> None:
    assert INVENTORY.component("board") is INVENTORY.components[1]
    assert INVENTORY.component("platform") is None
    assert INVENTORY.components[1].known
    assert not INVENTORY.components[5].known
