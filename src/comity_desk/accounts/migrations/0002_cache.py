"""The table in which the cache lies: counts of tries and other short-lived things, the same for every process of the desk."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, editor: Any) -> None:
    """Make it, where it does not stand already."""
    call_command("createcachetable", "desk_cache", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """The cache's table."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
