"""The shape of every table here: a code, then its sentence in English and in Persian."""

from collections.abc import Mapping

Table = Mapping[str, tuple[str, str]]
