"""Whole journeys over an air gap: the stick goes to the vendor and back, and parts are swapped."""

from tests.vm.hardware import SERVER, Hardware
from tests.vm.machine import Visit, agent
from tests.vm.site import CASE, DONE, DRIFTED, RELEASED, RELEASING, Site
from tests.vm.test_parts import OTHER_SERVER, other_board

ASK, ANSWER = "/media/stick/ask.jws", "/media/stick/answer.jws"
OTHER_BOARD = other_board(SERVER)


def exits(visit: Visit) -> list[int]:
    return [said.exit for said in visit.said]


def assert_bound_anew(server: Site, hardware: Hardware, asked: Visit) -> None:
    """Carry in the answer to what was asked: this hardware is then the enrolled one."""
    visit = server.machine.boot(
        hardware,
        agent("import", ANSWER),
        agent("status"),
        carry=server.carry(asked, "ask.jws"),
    )
    assert exits(visit) == [DONE, DONE]
    view = visit.said[1].view
    assert (view["standing"], view["generation"], view["case"]) == ("active", 2, None)
    assert visit.said[1].verdict == "match"


def test_released_before_the_change_and_taken_again_after_it(server: Site) -> None:
    machine = server.machine
    given = machine.boot(
        SERVER, agent("export", "release", ASK, "--reason", "hardware", "--yes"), agent("status")
    )
    assert exits(given) == [DONE, RELEASING]
    asked = machine.boot(
        OTHER_SERVER,
        agent("status"),
        agent("import", ANSWER),
        agent("export", "activate", ASK),
        carry=server.carry(given, "ask.jws"),
    )
    assert exits(asked)[0] == RELEASING
    assert asked.said[1].view["standing"] == "released"
    assert exits(asked)[1:] == [RELEASED, DONE]
    assert_bound_anew(server, OTHER_SERVER, asked)


def test_declared_before_the_change_and_covered_after_it(server: Site) -> None:
    machine = server.machine
    declared = machine.boot(
        SERVER,
        f"sh -c 'faragostar-man --json --lang en export notice {ASK} --scope board,nic"
        " --from $(date -u +%FT%R) --until $(date -u -d +3hours +%FT%R)"
        " --reason board --contact 42623'",
    )
    assert exits(declared) == [DONE], declared.said
    covered = machine.boot(SERVER, agent("import", ANSWER), carry=server.carry(declared, "ask.jws"))
    assert exits(covered) == [DONE]
    assert covered.said[0].view["window"] is not None
    swapped = machine.boot(OTHER_BOARD, agent("status"), agent("export", "check", ASK))
    assert exits(swapped) == [DRIFTED, DONE]
    assert swapped.said[0].verdict == "changed"
    assert swapped.said[0].view["usable"] is True
    assert_bound_anew(server, OTHER_BOARD, swapped)


def test_a_change_that_nobody_was_told_of_waits_for_the_vendor(server: Site) -> None:
    machine = server.machine
    asked = machine.boot(OTHER_BOARD, agent("status"), agent("export", "activate", ASK))
    assert exits(asked) == [DRIFTED, DONE]
    waiting = machine.boot(
        OTHER_BOARD,
        agent("import", ANSWER),
        agent("status"),
        agent("export", "activate", ASK),
        carry=server.carry(asked, "ask.jws"),
    )
    assert exits(waiting) == [CASE, DRIFTED, DONE]
    assert waiting.said[1].view["case"] is not None
    server.vendor.run("staff", "add", "Sara", "--role", "supervisor")
    server.vendor.run(
        "case", "approve", "1", "--by", "Sara", "--fee", "waive", "--reason", "a broken board"
    )
    assert_bound_anew(server, OTHER_BOARD, waiting)
