"""Tells Django that this folder is an application."""

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Licenses and the agents' door."""

    name = "server_stub.licensing"
    label = "licensing"
