"""Records of a kept board by kind, so that whether all of them may still be seen is told quickly."""

from typing import Any

from django.db import migrations, models


def by_kind(apps: Any, schema_editor: Any) -> None:
    """Lists of `kind:id` become kind → ids."""
    for result in apps.get_model("boards", "BoardResult").objects.only("records").iterator():
        found: dict[str, list[str]] = {}
        for ref in result.records if isinstance(result.records, list) else []:
            kind, _, record = ref.partition(":")
            found.setdefault(kind, []).append(record)
        if isinstance(result.records, list):
            result.records = found
            result.save(update_fields=["records"])


class Migration(migrations.Migration):
    """Kind → ids."""

    dependencies = [
        ("boards", "0002_seconds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="boardresult",
            name="records",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(by_kind, migrations.RunPython.noop),
    ]
