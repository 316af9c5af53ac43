"""The WSGI application of one opened signing server.

Django finds its views by URL, so what they need travels in the request's environment: nothing is
kept in a module.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.handlers.wsgi import WSGIHandler

from server_stub.licensing.api import SERVER
from server_stub.licensing.server import SigningServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application_of(server: SigningServer) -> "WSGIApplication":
    """Serve this signing server; Django must have been set up."""
    django = WSGIHandler()

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[SERVER] = server
        return django(environ, start_response)

    return application
