"""The audit trail as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "comity_desk.audit"
    label = "audit"

    def ready(self) -> None:
        """After any change of tables, the triggers that keep chains whole stand again."""
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **_: Any) -> None:
    from comity_desk.audit.triggers import set_up_all

    set_up_all(connections[using])
