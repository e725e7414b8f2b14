"""Saved views of lists."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comity_desk.records.models_reading


class Migration(migrations.Migration):
    """The table of saved views."""

    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default=comity_desk.records.models_reading.view_key, max_length=16, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=40)),
                ("query", models.CharField(blank=True, max_length=2000)),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("kind", "name"),
                "constraints": [models.UniqueConstraint(fields=("owner", "kind", "name"), name="records_view_once")],
            },
        ),
    ]
