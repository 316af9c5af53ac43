"""Tells Django that this folder is an application."""

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Licenses and the agents' door."""

    name = "server_stub.licensing"
    label = "licensing"

    def ready(self) -> None:
        """Put every connection under our rules before its first query."""
        from django.db.backends.signals import connection_created

        from server_stub.licensing.sessions import promise

        connection_created.connect(promise)
