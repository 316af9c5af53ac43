"""What a test begins with: a site, its first machine, a license, and the machine that has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense, LiveServer


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with LiveServer(tmp_path / "server") as server:
        yield Site(tmp_path, server)


@pytest.fixture
def host(site: Site) -> Host:
    return site.host()


@pytest.fixture
def issued(site: Site) -> IssuedLicense:
    return site.issue()


@pytest.fixture
def active(host: Host, issued: IssuedLicense) -> Host:
    host.agent.activate(issued.license_key)
    return host
