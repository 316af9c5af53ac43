"""The vendor's people, over the books of a site's own server."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.journeys.site import Site
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.live import entered


class Desk:
    """The vendor's people, over the books of the site's own server."""

    def __init__(self, site: Site) -> None:
        self.server = site.server
        with entered(self.server.home):
            time: list[int] = [self.server.now()]
            self.staff = Staff(Office(self.server.home, self.server.signing_server, time))

    @contextmanager
    def open(self) -> Iterator[Staff]:
        """While it is open no machine is answered."""
        with entered(self.server.home):
            yield self.staff
