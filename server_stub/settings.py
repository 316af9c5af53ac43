"""Django's settings, read from the environment that `cli` or the operator prepared.

No session, no cookie, no login, no template: the agents' door needs none of them.
"""

import os

from server_stub.databases import database_of
from server_stub.home import Home

HOME = Home.of(os.environ)

DEBUG = False
ALLOWED_HOSTS = ["*"]  # no page, no link and no redirect is made from the Host header
ROOT_URLCONF = "server_stub.urls"
INSTALLED_APPS = ["server_stub.licensing"]
MIDDLEWARE: list[str] = []
USE_TZ = True
USE_I18N = False
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The door reads its own bounded body; this is Django's second lock on the same gate.
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024
LOGGING_CONFIG = None

DATABASES = {"default": database_of(os.environ.get("DATABASE_URL"), HOME).settings()}
