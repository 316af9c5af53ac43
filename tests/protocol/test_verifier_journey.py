"""A real agent keeps the folder; the application asks as docs/integration shows (§8)."""

import hashlib
import hmac
import shutil
from collections.abc import Callable
from pathlib import Path

import machineid
import msgspec
import pytest
from msgspec.structs import replace

from agent.hardware.linux import LinuxProbe
from docs.integration import check_license
from docs.integration.check_license import LicenseCheck, Means
from protocol.exchange import pack_roots
from protocol.trust import KeyUse
from protocol.values import ReleaseReason
from protocol.verifier import Permission, Reason, Watch
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer, es256, record

DAY = 24 * 3600


def tag_of(hardware: machines.Machine) -> str:
    """What the application's own library makes of the machine's id."""
    return hmac.new(hardware.machine_id.encode(), b"faragostar-man", hashlib.sha256).hexdigest()


class Application:
    """Ships with a root; `pauses` are the seconds that it waited between readings."""

    def __init__(self, world: World, pin: bytes | None = None) -> None:
        self.world = world
        self.tag = tag_of(world.hardware)
        self.folder = world.home.public
        self.memory = world.home.folder / "application.json"
        self.pin = pin or pack_roots(world.server.roots[:1])
        self.pauses: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.running = 1000.0

    @property
    def check(self) -> LicenseCheck:
        """A process of its own."""
        means = Means(
            tag=lambda: self.tag,
            clock=lambda: float(self.world.clock.time),
            running=lambda: self.running,
            pause=self._pause,
        )
        return LicenseCheck(self.folder, self.pin, self.memory, means)

    def hears(self) -> tuple[Permission, *tuple[Reason, ...]]:
        judgement = self.check.ask()
        return (judgement.permission, *judgement.reasons)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.meanwhile()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, SimulatedServer())


@pytest.fixture
def application(world: World) -> Application:
    return Application(world)


def activate(world: World) -> None:
    world.agent.activate(LICENSE_KEY)


def wait(world: World, seconds: int) -> None:
    world.clock.time += seconds  # type: ignore[assignment]  # a NewType


def test_a_license_is_taken_changed_given_back_and_taken_again(
    world: World, application: Application
) -> None:
    assert application.hears() == (Permission.STOP, Reason.NO_DOCUMENT)
    activate(world)
    assert application.hears() == (Permission.OK,)
    enrolled = world.hardware
    world.become(machines.with_other_board(enrolled))
    world.agent.check()
    assert application.hears() == (Permission.WARN, Reason.DRIFTED)
    assert application.check.ask().grace_hours_left == 72
    world.become(enrolled)
    world.agent.check()
    assert application.hears() == (Permission.OK,)
    world.agent.release(ReleaseReason.HARDWARE)
    assert application.hears() == (Permission.STOP, Reason.NO_DOCUMENT)
    world.agent.reactivate()
    assert application.hears() == (Permission.OK,)


def test_terms_are_those_of_the_license(world: World, application: Application) -> None:
    activate(world)
    license = application.check.ask().license
    assert license is not None
    assert (license.product, license.modules, license.seats) == (
        "Office automation",
        ("letters",),
        25,
    )


def test_grace_that_is_used_up_stops(world: World, application: Application) -> None:
    activate(world)
    world.become(machines.with_other_board(world.hardware))
    world.agent.check()
    uptime = world.hardware.uptime_seconds + 72 * 3600
    world.become(replace(world.hardware, uptime_seconds=uptime))
    world.agent.check()
    assert application.hears() == (Permission.STOP, Reason.NO_DOCUMENT)


def test_a_folder_copied_to_another_machine_stops_there(
    world: World, application: Application, tmp_path: Path
) -> None:
    activate(world)
    application.folder = Path(shutil.copytree(world.home.public, tmp_path / "copied"))
    assert application.hears() == (Permission.OK,)
    application.tag = tag_of(replace(world.hardware, machine_id="0" * 32))
    assert application.hears() == (Permission.STOP, Reason.WRONG_MACHINE)


def test_a_copy_put_back_after_the_release_lives_until_its_silence_is_counted(
    world: World, application: Application, tmp_path: Path
) -> None:
    activate(world)
    application.hears()
    application.folder = Path(shutil.copytree(world.home.public, tmp_path / "copied"))
    world.agent.release(ReleaseReason.MOVE)
    wait(world, 3 * DAY)
    assert application.hears() == (Permission.WARN, Reason.AGENT_SILENT)
    silent = Watch(newest_stamp=NOW, silent_seconds=90 * DAY + 1)
    application.memory.write_bytes(msgspec.json.encode(silent))
    assert application.hears() == (Permission.STOP, Reason.AGENT_REMOVED)
    wait(world, -30 * DAY)
    assert application.hears() == (Permission.STOP, Reason.AGENT_REMOVED)


def test_a_rotated_document_key_changes_nothing_for_an_application_in_the_field(
    world: World, application: Application
) -> None:
    activate(world)
    server = world.server
    old, server.document_key = server.document_key, es256()
    named = {key.public.kid: record(key, KeyUse.DOCUMENT) for key in (old, server.document_key)}
    named[server.root_key.public.kid] = record(server.root_key, KeyUse.ROOT)
    server.roots = (*server.roots, server.sign_root(2, keys=named))
    world.agent.check()
    assert application.hears() == (Permission.OK,)
    world.agent.release(ReleaseReason.MOVE)
    world.agent.reactivate()
    assert application.hears() == (Permission.OK,)
    assert Application(world, pin=pack_roots(server.roots[1:])).hears() == (Permission.OK,)
    # Only the chain carries the new key to an application that ships with root 1.
    (application.folder / "roots.jws").write_bytes(application.pin)
    assert application.hears() == (Permission.STOP, Reason.KEY_NOT_TRUSTED)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_set_by_ten_years_stops_nobody(
    world: World, application: Application, years: int
) -> None:
    activate(world)
    wait(world, years * 8766 * 3600)
    assert application.hears()[0] is Permission.WARN
    world.agent.check()
    assert Reason.AGENT_SILENT not in application.hears()
    assert application.check.ask().permission is not Permission.STOP


def test_a_pair_that_does_not_match_yet_is_read_again(
    world: World, application: Application
) -> None:
    activate(world)
    old = (application.folder / "permit.jws").read_bytes()
    world.agent.release(ReleaseReason.MOVE)
    world.agent.reactivate()
    new = (application.folder / "permit.jws").read_bytes()
    (application.folder / "permit.jws").write_bytes(old)
    application.meanwhile = lambda: (application.folder / "permit.jws").write_bytes(new)
    assert application.hears() == (Permission.OK,)
    assert application.pauses == [2]
    application.meanwhile = lambda: None
    (application.folder / "permit.jws").write_bytes(old)
    assert application.hears() == (Permission.STOP, Reason.OTHER_GENERATION)
    assert application.pauses == [2, 2, 2]


def test_silence_is_counted_within_a_process_and_kept_across_them(
    world: World, application: Application
) -> None:
    activate(world)
    assert application.check.ask().watch == Watch(newest_stamp=NOW)
    wait(world, 5 * DAY)
    for _process in range(2):
        check = application.check
        check.ask()
        application.running += 3600
        assert check.ask().permission is Permission.WARN
        application.running += 3600
    assert application.check.ask().watch.silent_seconds == 2 * 3600


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"silent_seconds":-1}', b"\xff"])
def test_a_damaged_memory_stops_nobody(
    world: World, application: Application, damage: bytes
) -> None:
    activate(world)
    application.memory.write_bytes(damage)
    assert application.hears() == (Permission.OK,)
    assert msgspec.json.decode(application.memory.read_bytes(), type=Watch) == Watch(NOW)


def test_a_memory_that_cannot_be_written_stops_nobody(
    world: World, application: Application
) -> None:
    activate(world)
    application.memory = world.home.folder / "absent" / "application.json"
    assert application.hears() == (Permission.OK,)


def test_parts_of_a_second_are_not_lost(world: World, application: Application) -> None:
    activate(world)
    check = application.check
    check.ask()
    wait(world, 5 * DAY)
    for _ in range(8):
        application.running += 0.75
        check.ask()
    assert check.ask().watch.silent_seconds == 6


def test_application_and_agent_name_a_machine_alike(world: World) -> None:
    assert LinuxProbe(world.machine_folder).machine_tag() == tag_of(world.hardware)


def test_a_machine_without_an_id_has_an_empty_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machineid, "id", lambda: "abc")
    assert check_license.machine_tag() == tag_of(replace(machines.BARE_SERVER, machine_id="abc"))

    def unknown() -> str:
        raise machineid.MachineIdNotFound

    monkeypatch.setattr(machineid, "id", unknown)
    assert check_license.machine_tag() == ""


def test_example_prints_its_answer(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_license, "BETWEEN_READINGS_SECONDS", 0)
    monkeypatch.setattr(machineid, "id", lambda: world.hardware.machine_id)
    pin = world.home.folder / "root"
    pin.write_bytes(pack_roots(world.server.roots))
    words = (str(world.home.public), str(pin), str(world.home.folder / "memory"))
    assert check_license.main(*words) == 1
    assert capsys.readouterr().out == "stop no-document\n"
    activate(world)
    assert check_license.main(*words) == 0
    # The first line depends on the day on which the tests run: the agent's clock stands still.
    assert capsys.readouterr().out.splitlines()[1:] == ["Office automation 25 letters"]


def test_guide_names_every_reason_in_both_languages() -> None:
    guide = (Path(check_license.__file__).parent / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in guide.splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): (row[2].strip(), row[3].strip()) for row in rows if len(row) == 5}
    assert told.keys() == set(Reason)
    assert all(english.isascii() and not persian.isascii() for english, persian in told.values())
