"""A new document key signs from now on, as after `key rotate`."""

from server_stub.home import Home
from server_stub.licensing import signer
from server_stub.licensing.server import SigningServer
from server_stub.licensing.services import rotation


def rotate(home: Home, server: SigningServer) -> None:
    """Keep a new document key in the home, and have the first root key sign for it."""
    private = signer.new_document_key()
    number = len(list(home.keys.glob("document-*.pem"))) + 1
    signer.keep(home.keys / f"document-{number}.pem", private, None)
    root_key = signer.load(home.keys / "root-1.pem", None)
    assert root_key is not None
    rotation.rotate(server, signer.as_signing_key(private), [root_key])
