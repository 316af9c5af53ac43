"""The opened signing server, for the commands that answer."""

from typing import TYPE_CHECKING

from server_stub.commands.shown import Call
from server_stub.django_setup import set_up
from server_stub.passphrase import known_passphrase

if TYPE_CHECKING:
    from server_stub.licensing.server import SigningServer


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
