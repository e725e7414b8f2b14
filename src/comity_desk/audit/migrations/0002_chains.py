"""The two chains begin, and the audit trail is shut against changes."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from comity_desk.audit.triggers import append_only

CHAINS = ("audit", "ledger")


def begin(apps: Any, editor: Any) -> None:
    """A head for each chain, which its writers lock."""
    for name in CHAINS:
        apps.get_model("audit", "Head").objects.using(editor.connection.alias).get_or_create(name=name)


class Migration(migrations.Migration):
    """Heads and triggers."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop), append_only("audit_event")]
