"""What this program is built with, as it is installed here."""

import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import NamedTuple

from agent.config import VERSION
from agent.ui.jobs import Look, Word, Workplace


class Part(NamedTuple):
    """Something of others' in this program; `version` is empty where nobody says."""

    name: str
    version: str
    license: str


class About(Word, frozen=True):
    """What runs here."""

    version: str
    python: str
    parts: tuple[Part, ...]


class ReadAbout(Look, frozen=True):
    """Find out what is installed."""

    def done(self, at: Workplace) -> About:  # noqa: ARG002 - no home has a part in it
        """Do it."""
        found = [
            Part(name, _version(name), license)
            for name, module, license in _INSTALLED
            if find_spec(module) is not None
        ]
        python = platform.python_version()
        whole = sorted((*found, Part("Python", python, "PSF-2.0"), *_WITHIN), key=_alphabet)
        return About(VERSION, python, tuple(whole))


# Distribution, module, and the licence that we use it under. Written here, because a package for
# customers may leave the distributions' own papers out.
_INSTALLED = (
    ("certifi", "certifi", "MPL-2.0"),
    ("cffi", "cffi", "MIT-0"),
    ("charset-normalizer", "charset_normalizer", "MIT"),
    ("cryptography", "cryptography", "Apache-2.0"),
    ("idna", "idna", "BSD-3-Clause"),
    ("msgspec", "msgspec", "BSD-3-Clause"),
    ("Pillow", "PIL", "MIT-CMU"),
    ("psutil", "psutil", "BSD-3-Clause"),
    ("py-machineid", "machineid", "MIT"),
    ("pycparser", "pycparser", "BSD-3-Clause"),
    ("PySide6-Essentials", "PySide6", "LGPL-3.0-only"),
    ("requests", "requests", "Apache-2.0"),
    ("segno", "segno", "BSD-3-Clause"),
    ("shiboken6", "shiboken6", "LGPL-3.0-only"),
    ("urllib3", "urllib3", "MIT"),
    ("winregistry", "winregistry", "MIT"),
    ("zxing-cpp", "zxingcpp", "Apache-2.0"),
)
# What comes inside of those, or lies beside this program.
_WITHIN = (
    Part("OpenSSL", "", "Apache-2.0"),
    Part("SQLite", "", "Public Domain"),
    Part("Vazirmatn", "33.0.3", "OFL-1.1"),
)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _alphabet(part: Part) -> str:
    return part.name.lower()
