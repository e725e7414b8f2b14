"""The table of jobs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comity_desk.jobs.models


class Migration(migrations.Migration):
    """Jobs, one row each."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.CharField(default=comity_desk.jobs.models.new_id, editable=False, max_length=16, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("title_en", models.TextField()),
                ("title_ko", models.TextField()),
                ("parameters", models.JSONField(default=dict)),
                ("reader", models.CharField(max_length=120)),
                ("same", models.CharField(max_length=64, null=True)),
                ("state", models.CharField(default="queued", max_length=10)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("words_en", models.TextField(blank=True)),
                ("words_ko", models.TextField(blank=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=160)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("task", models.UUIDField(null=True)),
                ("file", models.CharField(blank=True, max_length=40)),
                ("file_name", models.CharField(blank=True, max_length=160)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("error_en", models.TextField(blank=True)),
                ("error_ko", models.TextField(blank=True)),
                ("owner", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-made_at", "id"),
                "indexes": [
                    models.Index(fields=["owner", "made_at"], name="jobs_job_owner_i_f93a45_idx"),
                    models.Index(fields=["state", "beat_at"], name="jobs_job_state_c24a61_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state__in", ("queued", "running"))), fields=("same",), name="one_job_for_equal_work")
                ],
            },
        ),
    ]
