"""Points Django at one home, once per process."""

import os

from server_stub.home import Home


def set_up(home: Home, database_url: str | None = None) -> None:
    """Prepare Django for this home; settings are read from the environment."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.settings"
    os.environ["FARAGOSTAR_SERVER_HOME"] = str(home.path)
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    django.setup()
