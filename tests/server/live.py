"""A signing server for tests: the real application, real HTTP on loopback, a misbehaving wire.

    with LiveServer(tmp_path / "server") as server:
        issued = server.issue()
        ...

Everything above the socket is the product: views, services, the database, evidence.
Several may live in one process. Django knows one database per process, so each call enters its
server's home under a process-wide lock (`_entered`); requests of one process are therefore
answered one at a time. What needs true concurrency starts `faragostar-server serve` instead.
"""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec

from protocol.exchange import pack_roots
from protocol.values import Timestamp
from protocol.weights import DEFAULT_POLICY
from server_stub.databases import database_of
from server_stub.django_setup import set_up
from server_stub.founding import Plan, found
from server_stub.home import Home
from tests import databases
from tests.server.wire import Handler, Httpd, Response, Wire

_one_at_a_time = threading.RLock()
_template: "tempfile.TemporaryDirectory[str] | None" = None


def prepare_django() -> None:
    """Set Django up once, and leave the environment of this process as it was."""
    from django.apps import apps

    with _one_at_a_time:
        if not apps.ready:
            nowhere = Path(tempfile.gettempdir()) / "no-home"
            # Before the environment is noted: it will name the cluster, for this run's workers.
            url = databases.url_for(nowhere)
            with _environment_kept():
                set_up(Home(nowhere), url)


@contextmanager
def _environment_kept() -> Iterator[None]:
    """Take back what a set-up writes into this process's environment, for processes it starts."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def entered(home: Home) -> Iterator[None]:
    """Point this process's Django at a home, for the calling thread and nobody else.

    While one thread is inside, every live server of this process waits.
    """
    prepare_django()
    with _one_at_a_time:
        from django.db import connections

        settings = connections.settings["default"]
        before, name = settings["NAME"], databases.name_for(home.path)
        if before != name:
            connections["default"].close()
            settings["NAME"] = name
        try:
            yield
        finally:
            connections["default"].close()
            settings["NAME"] = before


def make_home(path: Path, *, fresh: bool = False) -> Home:
    """Found a demonstration server; a copy of one founded earlier in this process, unless fresh.

    Copies share audience and keys: a device cannot tell them apart. `fresh` is another vendor.
    """
    global _template  # noqa: PLW0603 (founding costs a second, copying a millisecond)
    home = Home(path)
    if fresh:
        _found(home)
        return home
    if _template is None:
        _template = tempfile.TemporaryDirectory(prefix="faragostar-server-")
        _found(Home(Path(_template.name) / "home"))
        databases.keep(Path(_template.name) / "home")
    databases.copy_home(Path(_template.name) / "home", path)
    return home


def _found(home: Home) -> None:
    databases.make_empty(home.path)
    with entered(home):
        plan = Plan(root_keys=1, threshold=1, passphrase=None)
        database = database_of(databases.url_for(home.path), home)
        found(home, database, plan, Timestamp(int(time.time())))


@dataclass(frozen=True)
class IssuedLicense:
    """What the customer is told."""

    license_key: str
    license_id: str
    support_code: str


@dataclass
class LiveServer(Wire):
    """One signing server with its folder, its port and its switches."""

    path: Path
    fresh: bool = False
    clock_offset: int = 0
    requests: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.home = Home(self.path)
        if not self.home.config_file.exists():
            make_home(self.path, fresh=self.fresh)
        # Bound and never listened on: nobody else gets the port while this server is away.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind(("127.0.0.1", 0))
        self._port = self._place.getsockname()[1]
        self._httpd: Httpd | None = None
        self.root_file = self.path / "root.jws"
        self.reopen()
        self.root_file.write_bytes(pack_roots(self.signing_server.trust.chain))
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._place.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def now(self) -> Timestamp:
        return Timestamp(int(time.time()) + self.clock_offset)

    def reopen(self) -> None:
        """Open the home anew, as a restart does."""
        with entered(self.home):
            from server_stub.licensing.server import SigningServer
            from server_stub.wsgi import application_of

            self.signing_server = SigningServer.open(self.home, clock=self.now)
            self._application = application_of(self.signing_server)

    def start(self) -> None:
        """Listen; after `stop` on the same port as before."""
        assert self._httpd is None
        self._httpd = Httpd(("127.0.0.1", self._port), Handler)
        self._httpd.live = self
        threading.Thread(target=self._httpd.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening; connections are refused."""
        if self._httpd is not None:
            self._httpd.shutdown()
            self._httpd.server_close()
            self._httpd = None

    # What the vendor's office does.

    def issue(self, **kw: Any) -> IssuedLicense:
        """Issue a license: customer, product, modules, seats, warranty_until, level, grace_hours,
        os_axis (the enums of `protocol.values`), or a whole policy."""
        with entered(self.home):
            from server_stub.errors import AlreadyExists
            from server_stub.licensing.services.issuing import Order, add_customer, issue

            customer = kw.pop("customer", "شرکت نمونه")
            policy = kw.pop("policy", DEFAULT_POLICY)
            changed = {n: kw.pop(n) for n in ("level", "grace_hours", "os_axis") if n in kw}
            order = {"product": "didgah", "modules": ("bpm",), "seats": 50, "warranty_until": None}
            with suppress(AlreadyExists):
                add_customer(self.signing_server, customer)
            policy = msgspec.structs.replace(policy, **changed)
            order.update(kw)
            issued = issue(
                self.signing_server,
                Order(customer=customer, policy=policy, **order),  # type: ignore[arg-type]
            )
        return IssuedLicense(*issued)

    def suspend(self, license_id: str, *, suspended: bool = True) -> None:
        with entered(self.home):
            from server_stub.licensing.models import License

            License.objects.filter(pk=license_id).update(suspended=suspended)

    def decide_case(self, case_id: int, state: str, message: str = "") -> None:
        """Decide as staff would: `approved`, `declined` or `cancelled`."""
        with entered(self.home):
            from server_stub.licensing.models import Case

            Case.objects.filter(pk=case_id).update(
                state=state, message=message, decided_at=self.now()
            )

    def rotate(self) -> None:
        """Sign with a new document key from now on."""
        with entered(self.home):
            from tests.server.rotating import rotate

            rotate(self.home, self.signing_server)
        self.reopen()

    def rows(self, model: str, **filters: Any) -> list[dict[str, Any]]:
        """The rows of a table as the server holds them: `rows("Binding", state="active")`."""
        with entered(self.home):
            from server_stub.licensing import models

            return list(getattr(models, model).objects.filter(**filters).order_by("pk").values())

    def set_epoch(self, epoch: int) -> None:
        with entered(self.home):
            from server_stub.licensing.models import ServerState

            ServerState.objects.update(epoch=epoch)

    def answer(self, raw: bytes) -> bytes:
        """Answer a request file, as staff do for a customer without a network."""
        with entered(self.home):
            from server_stub.licensing.services.exchange import answer

            return answer(self.signing_server, raw).body

    def command(self, *arguments: str) -> int:
        """Run one of the vendor's commands on this home, in this process; return its exit code."""
        from server_stub.cli import main

        mask = os.umask(0)
        os.umask(mask)
        with entered(self.home), _environment_kept():
            try:
                return main(["--home", str(self.path), *arguments])
            finally:
                os.umask(mask)

    def assert_invariants(self) -> None:
        with entered(self.home):
            from tests.server.invariants import assert_invariants

            assert_invariants(self.signing_server)

    def run(self, environ: "dict[str, Any]") -> Response:
        """Ask the application."""
        caught: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            caught[:] = [status, headers]

        with entered(self.home):
            chunks = self._application(environ, start_response)
            body = b"".join(chunks)
            getattr(chunks, "close", lambda: None)()
        return Response(caught[0], caught[1], body)
