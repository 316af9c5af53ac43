"""The power cuts use the stage of the kills."""

from tests.kills.conftest import nursery, profile, stage, tell

__all__ = ["nursery", "profile", "stage", "tell"]
