"""Counters of requests and requests that were answered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Windows and answered requests."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Window",
            fields=[
                ("who", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("start", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Answered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("request", models.CharField(max_length=64)),
                ("target", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="one_request_of_a_name")],
            },
        ),
    ]
