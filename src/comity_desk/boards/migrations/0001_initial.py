"""The tables of kept boards, and of papers in clearance."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Boards and papers."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("place", models.CharField(max_length=64)),
                ("reader", models.CharField(max_length=64)),
                ("board", models.CharField(max_length=40)),
                ("asked", models.JSONField(default=dict)),
                ("as_of", models.DateField()),
                ("snapshot", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("records", models.JSONField(default=list)),
                ("behind", models.JSONField(default=list)),
                ("data", models.JSONField(default=dict)),
                ("kept", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["place", "-made_at"], name="boards_boar_place_629dfe_idx"),
                    models.Index(fields=["reader", "made_at"], name="boards_boar_reader_049052_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("marking", models.CharField(max_length=80)),
                ("state", models.CharField(default="open", max_length=10)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-made_at", "key"),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("as_of", models.DateField(null=True)),
                ("snapshot", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("media_type", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("paper", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="boards.paper")),
                ("result", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="boards.boardresult")),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("ministry", models.CharField(max_length=120)),
                ("person", models.CharField(blank=True, max_length=120)),
                ("due", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=10)),
                ("remarks", models.TextField(blank=True)),
                ("answered_on", models.DateField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                ("answered_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("paper", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="boards.paper")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="boards.version")),
            ],
            options={
                "ordering": ("due", "ministry", "key"),
            },
        ),
        migrations.CreateModel(
            name="BoardPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lang", models.CharField(max_length=2)),
                ("title", models.TextField()),
                ("html", models.TextField()),
                ("result", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pages", to="boards.boardresult")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("result", "lang"), name="one_page_a_language")],
            },
        ),
        migrations.CreateModel(
            name="BoardFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.CharField(max_length=80)),
                ("form", models.CharField(max_length=3)),
                ("lang", models.CharField(blank=True, max_length=2)),
                ("content", models.TextField()),
                ("result", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="files", to="boards.boardresult")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("result", "block", "form", "lang"), name="one_file_of_a_block")],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("paper", "number"), name="one_version_of_a_number"),
        ),
    ]
