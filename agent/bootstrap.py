"""The only wiring: which store, server, hardware and clock one agent gets.

Also the first configuration, because it is what makes the parts that are wired.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from agent.client import HttpSigningServer
from agent.config import Home, Settings, load_settings, save_settings
from agent.errors import AlreadySetUp, StoreDamaged
from agent.files import EVERYONE_ENTERS, OWNER_ONLY_FOLDER, make_folder
from agent.hardware.probes import this_machine
from agent.identity import Keys, new_identity, save_identity
from agent.license_store import SqliteStore
from agent.machine import Machine, Ports, refused
from agent.ports import HardwareProbe, SigningServer, Store
from agent.publication import PublicFolder
from agent.reader import Reader
from protocol.exchange import unpack_roots
from protocol.trust import RootSignatures, Trust
from protocol.values import Timestamp
from protocol.weights import DEFAULT_POLICY

if TYPE_CHECKING:
    from agent.planning import Ground
    from agent.use_cases import Agent


class SystemClock:
    """`ports.Clock` from the operating system."""

    def now(self) -> Timestamp:
        """Return whole seconds since 1970 UTC."""
        return Timestamp(int(time.time()))


def open_agent(
    home: Home,
    *,
    server: SigningServer | None = None,
    probe: HardwareProbe | None = None,
    around: Callable[[SigningServer], SigningServer] | None = None,
) -> "Agent":
    """Wire the agent of a home; `around` puts something before the door of its server.

    Raises:
        NotSetUp, AdminRightsNeeded, StoreDamaged, StoreUnusable: see `errors`.
    """
    from agent.use_cases import Agent

    return Agent(_machine(home, server, probe, around))


def open_reader(home: Home) -> Reader:
    """Wire the reading half alone.

    Raises:
        NotSetUp, AdminRightsNeeded, StoreDamaged, StoreUnusable: see `errors`.
    """
    return Reader(_machine(home, None, None))


def ground_of_this_machine() -> "Ground":
    """Read what a plan stands on where nothing is set up: this machine, judged by itself."""
    from agent.fingerprint import SALT_BYTES, take_tags
    from agent.planning import Ground

    inventory = this_machine().read()
    tags = take_tags(inventory, os.urandom(SALT_BYTES))
    return Ground.of_an_unlicensed(inventory, tags, DEFAULT_POLICY)


def _machine(
    home: Home,
    server: SigningServer | None,
    probe: HardwareProbe | None,
    around: Callable[[SigningServer], SigningServer] | None = None,
) -> Machine:
    settings = load_settings(home)
    door = server or HttpSigningServer(settings)
    keys = Keys(home.identity)
    ports = Ports(
        store=SqliteStore(home.store),
        server=around(door) if around else door,
        probe=probe or this_machine(),
        clock=SystemClock(),
        public=PublicFolder(home.public),
    )
    return Machine(keys, ports)


def set_up(home: Home, settings: Settings, root: bytes) -> None:
    """Make a home: folders, identity, store, and the pinned trust root.

    Doing it again changes settings only; the identity and the root stay. A store that cannot be
    read, or whose device key is lost, is set aside, whole, and the new one says so.

    Raises:
        DocumentRefused: the root does not meet its own threshold.
        AlreadySetUp: another root is pinned here.
        AdminRightsNeeded, StoreUnusable: see `errors`.
    """
    with refused():
        trust = Trust.follow(unpack_roots(root))
    # A home may lie on another disk; what is in it may not.
    make_folder(home.folder.resolve(), EVERYONE_ENTERS)
    make_folder(home.private, OWNER_ONLY_FOLDER)
    store = SqliteStore(home.store)
    if not home.identity.exists():
        if home.store.exists():
            _start_anew(store, trust, home)
        save_identity(home.identity, new_identity())
    try:
        chain = _pin(store, trust, home)
    except StoreDamaged:
        _start_anew(store, trust, home)
        chain = _pin(store, trust, home)
    PublicFolder(home.public).publish_roots(chain)
    # Last: a home without settings is not set up, so a crash before this begins anew, harmlessly.
    save_settings(home, settings)


def _start_anew(store: Store, trust: Trust, home: Home) -> None:
    """Keep a store that cannot serve here, whole, and start another.

    What the application reads goes first: nothing may run on the word of a store that is gone.
    """
    from agent.steps import start_anew

    PublicFolder(home.public).withdraw()
    with suppress(StoreDamaged):
        store.create()  # opens it: a store moves only the file that it has opened
    start_anew(store, trust.chain, SystemClock().now())


def _pin(store: Store, trust: Trust, home: Home) -> tuple[RootSignatures, ...]:
    """Make the store if there is none, and pin the root in it."""
    store.create()
    with store.transaction() as tx:
        chain = _longer(tx.roots, trust, home)
        tx.save_roots(chain)
    return chain


def _longer(
    pinned: tuple[RootSignatures, ...], offered: Trust, home: Home
) -> tuple[RootSignatures, ...]:
    """Keep the longer of two chains that begin with the same root."""
    if pinned and pinned[0] != offered.chain[0]:
        raise AlreadySetUp(path=home.folder)
    return max(pinned, offered.chain, key=len)
