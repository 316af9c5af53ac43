"""A new document key signs from now on, as after `key rotate`; or a new key is agreed with."""

from msgspec.structs import replace

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


def agree_anew(home: Home, server: SigningServer) -> None:
    """Publish a root with another agreement key."""
    private = signer.new_agreement_key()
    number = len(list(home.keys.glob("agreement-*.pem"))) + 1
    signer.keep(home.keys / f"agreement-{number}.pem", private, None)
    former = server.trust.root
    root = replace(
        former,
        version=former.version + 1,
        agreement_key=signer.public_agreement_key(private),
    )
    root_key = signer.load(home.keys / "root-1.pem", None)
    assert root_key is not None
    rotation.publish(server, signer.sign_root(root, [root_key]))
    server.keyring.catch_up(root.version)
