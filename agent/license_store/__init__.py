"""The agent's memory: one SQLite file, one durable commit per step, locked between processes."""

from agent.license_store.store import SqliteStore

__all__ = ["SqliteStore"]
