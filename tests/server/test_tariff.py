"""The tariff: what is published, what is charged, and what never is."""

from collections.abc import Callable
from functools import reduce
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.fingerprint import take_tags
from agent.hardware.linux import LinuxProbe
from protocol.documents import Case, License
from protocol.values import Fingerprint
from protocol.windows import Change
from server_stub import denials
from server_stub.licensing.models.decisions import TariffReason
from server_stub.licensing.services import fees
from tests import machines
from tests.machines import Machine
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff, row

Step = Callable[[Machine], Machine]
STEPS: tuple[Step, ...] = (
    machines.with_other_board,
    machines.with_other_system,
    machines.with_other_cards,
    machines.with_extra_card,
    machines.with_other_disk,
    machines.with_other_cpu,
    machines.with_other_memory,
    machines.with_patched_os,
    machines.with_upgraded_os,
    machines.with_reinstalled_os,
    machines.rebooted,
)


def price(name: str, reason: str = "move", amount: int = 5, *, inside: bool = True) -> fees.Price:
    return fees.Price(
        name=name,
        reason=TariffReason(reason),
        in_warranty=inside,
        amount=amount,
        currency="IRR",
    )


def test_a_price_is_changed_under_its_name(office: Office) -> None:
    from server_stub.licensing.models import Tariff

    fees.publish(office.server, price("move-in", amount=5))
    fees.publish(office.server, price("move-in", amount=7))
    assert [(entry.name, entry.amount) for entry in Tariff.objects.all()] == [("move-in", 7)]


def test_one_thing_has_one_price(office: Office) -> None:
    fees.publish(office.server, price("move-in"))
    with pytest.raises(denials.PriceTaken):
        fees.publish(office.server, price("another"))
    fees.publish(office.server, price("another", inside=False))


def test_a_quoted_price_outlives_its_tariff(office: Office) -> None:
    staff, issued, device = Staff(office), office.issue(), office.device()
    staff.publish("move", 5)
    document = office.bound(device, issued.license_key)
    office.answer(device.check_in(document))
    answer = office.answer(office.device("heir").activate(issued.license_key))
    assert isinstance(answer, Case)
    staff.publish("move", 500)
    staff.approve(answer.case.case_id, owner_confirmation="letter")
    assert row(answer.case.case_id).fee_amount == 5


def test_a_tariff_is_set_and_listed_by_the_command(founded: Server) -> None:
    assert "nothing costs anything" in founded("tariff", "list").out
    words = ("--reason", "os", "--warranty", "out", "--amount", "12000000")
    ran = founded("tariff", "set", "os-out", *words)
    assert (ran.code, ran.out.strip()) == (
        0,
        "Tariff “os-out”: system change, out of warranty, 12,000,000 IRR",
    )
    assert founded("tariff", "set", "other", *words, "--json").json["error"] == "price-taken"
    assert founded("tariff", "list", "--json").json == {
        "tariff": [
            {
                "name": "os-out",
                "reason": "os",
                "in_warranty": False,
                "amount": 12_000_000,
                "currency": "IRR",
            }
        ]
    }
    assert "خارج از گارانتی" in founded("tariff", "list", "--lang", "fa").out


@pytest.mark.parametrize(
    "wrong",
    [
        ("--amount", "free"),
        ("--amount", str(2**53)),
        ("--currency", "rials"),
        ("--reason", "mood"),
        ("--warranty", "maybe"),
    ],
)
def test_a_price_that_is_none_is_a_usage_error(server: Server, wrong: tuple[str, str]) -> None:
    words = {"--reason": "os", "--warranty": "out", "--amount": "1", wrong[0]: wrong[1]}
    flat = [word for pair in words.items() for word in pair]
    assert server("tariff", "set", "x", *flat).code == 2


def looked_at(machine: Machine, folder: Path) -> Fingerprint:
    """What an agent with one salt would send of it."""
    return take_tags(LinuxProbe(machine.write(folder)).read(), b"s" * 32)


class Walk(NamedTuple):
    """A machine as it was bound, and after some changes."""

    steps: tuple[Step, ...]
    before: Fingerprint
    after: Fingerprint


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Walk, ...]:
    """Every recorded machine after each of its changes, and a bare one after each two."""
    folder = tmp_path_factory.mktemp("machines") / "machine"
    taken: list[Walk] = []
    for machine, most in ((machines.BARE_SERVER, 2), (machines.VIRTUAL_MACHINE, 1)):
        before = looked_at(machine, folder)
        for count in range(1, most + 1):
            for steps in combinations(STEPS, count):
                after = reduce(lambda changed, step: step(changed), steps, machine)
                taken.append(Walk(steps, before, looked_at(after, folder)))
    return tuple(taken)


def declare(office: Office, license_id: str, scope: list[str]) -> None:
    from server_stub.licensing.models import Window

    now = office.time[0]
    Window.objects.create(
        license_id=license_id,
        scope=scope,
        starts_at=now,
        ends_at=now + 5 * DAY,
        received_at=now,
        created_at=now,
    )


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
def test_no_fee_for_what_is_tolerated_or_covered(
    office: Office, walks: tuple[Walk, ...], *, declared: bool
) -> None:
    staff = Staff(office)
    for reason in ("hardware", "os", "move"):
        staff.publish(reason, 1)
        staff.publish(reason, 1, in_warranty=False)
    outcomes = {"bound": 0, "free": 0, "charged": 0}
    for steps, before, after in walks:
        issued, device = office.issue(), office.device()
        document = office.bound(device, issued.license_key, fingerprint=before)
        same = dict.fromkeys(before.components, "same")
        office.answer(device.check_in(document, statuses=same))
        if declared:
            declare(office, issued.license_id, [change.value for change in Change])
        office.time[0] += DAY
        answer = office.answer(device.activate(issued.license_key, fingerprint=after))
        if isinstance(answer, License):
            outcomes["bound"] += 1
            assert not has_case(issued.license_id)
            continue
        assert isinstance(answer, Case)
        outcomes["charged" if answer.case.fee else "free"] += 1
        assert answer.case.fee is None or not declared, steps
        if not declared:
            assert row(answer.case.case_id).evidence["changed"], "a fee names what it is for"
    expected = {"bound", "free"} if declared else {"bound", "charged"}
    assert {name for name, count in outcomes.items() if count} <= expected, outcomes
    assert outcomes["bound"] > 20, outcomes
    assert declared or outcomes["charged"] > 20, outcomes


def has_case(license_id: str) -> bool:
    from server_stub.licensing.models import Case as Row

    return Row.objects.filter(license_id=license_id).exists()
