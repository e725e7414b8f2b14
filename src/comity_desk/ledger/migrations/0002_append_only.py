"""The database itself refuses changes of the ledger; what an entry says can be destroyed, and nothing else can happen to it."""

from django.db import migrations

from comity_desk.audit.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = (("ledger", "0001_initial"), ("audit", "0002_chains"))
    operations = (append_only("ledger_entry"),)
