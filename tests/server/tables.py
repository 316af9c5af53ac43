"""Every table of the books as values, to be compared with another time or another database."""

from typing import Any

from django.apps import apps

from server_stub.licensing.models import AuditEntry
from server_stub.licensing.models.recorded import Recorded, row_of

Tables = dict[str, dict[Any, dict[str, Any]]]


def all_tables() -> Tables:
    """What a restore must bring back: every recorded row, and the audit chain."""
    models: list[Any] = list(apps.get_app_config("licensing").get_models())
    return {
        model.__name__: {row.pk: row_of(row).fields for row in model.objects.all()}
        for model in models
        if issubclass(model, Recorded | AuditEntry)
    }
