"""How far a command opens a home: its books, to look at them, or the server that answers."""

from typing import TYPE_CHECKING

from server_stub.commands.shown import Call
from server_stub.django_setup import set_up
from server_stub.passphrase import known_passphrase

if TYPE_CHECKING:
    from protocol.trust import Trust
    from server_stub.licensing.server import SigningServer


def open_books(call: Call) -> None:
    """Prepare the books for reading.

    Raises:
        NotInitialised: no signing server here.
        DocumentInvalid: its configuration is none.
    """
    call.home.config()
    set_up(call.home, call.database_url)


def published_roots(call: Call) -> "Trust":
    """The roots in the books of this home.

    Raises:
        ServerError: not initialised, or the books cannot be read.
    """
    open_books(call)
    from server_stub.licensing.roots import published
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        return published()


def open_server(call: Call) -> "SigningServer":
    """Open the home with its keys, and make good what a crash left out.

    Raises:
        ServerError: not initialised, no passphrase, a damaged home, an old database put back.
    """
    demo = call.home.config().demo
    file = call.arguments.passphrase_file
    passphrase = None if demo else known_passphrase(file, call.language)
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import SigningServer
    from server_stub.licensing.services.exchange import record_missing_evidence
    from server_stub.licensing.transactions import long_reading, store_errors

    with store_errors(), long_reading():
        server = SigningServer.open(call.home, passphrase)
        record_missing_evidence(server)
    return server
