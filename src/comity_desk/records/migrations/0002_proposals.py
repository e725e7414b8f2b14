"""Drafts, proposals and decisions, batches, attachments, files being imported."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comity_desk.records.attachments.models
import comity_desk.records.importing.models
import comity_desk.records.proposals.models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_chains"),
        ("records", "0001_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.proposals.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=160)),
                ("marking", models.CharField(max_length=60)),
                ("count", models.PositiveIntegerField()),
                ("reason", models.TextField(null=True)),
                ("made_at", models.DateTimeField()),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.event")),
                ("proposer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-made_at", "key"),
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.importing.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("reader", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=160)),
                ("header", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("basis", models.JSONField(default=dict)),
                ("marking", models.CharField(blank=True, max_length=60)),
                ("looked", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-made_at", "key"),
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.proposals.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("change", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=24)),
                ("record", models.CharField(blank=True, max_length=200)),
                ("marking", models.CharField(max_length=60)),
                ("content", models.TextField(null=True)),
                ("names", models.TextField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("row", models.PositiveIntegerField(null=True)),
                ("closed", models.CharField(max_length=20, null=True)),
                ("made", models.CharField(max_length=200, null=True)),
                ("batch", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="records.batch")),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.event")),
                ("former", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="later", to="records.proposal")),
                ("proposer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-made_at", "row", "key"),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.proposals.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("verdict", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("why", models.TextField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.event")),
                ("proposal", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="records.proposal")),
            ],
            options={
                "ordering": ("at", "event", "key"),
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.attachments.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=24)),
                ("record", models.CharField(max_length=200)),
                ("marking", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=160, null=True)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_why", models.TextField(null=True)),
                ("added_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.event")),
                ("removed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("added_at", "key"),
                "indexes": [models.Index(fields=["kind", "record"], name="records_att_kind_821d30_idx")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "key",
                    models.CharField(default=comity_desk.records.proposals.models.new_key, editable=False, max_length=16, primary_key=True, serialize=False),
                ),
                ("reader", models.CharField(max_length=120)),
                ("change", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=24)),
                ("record", models.CharField(blank=True, max_length=200)),
                ("field", models.CharField(blank=True, max_length=60)),
                ("typed", models.JSONField(default=list)),
                ("saved_at", models.DateTimeField()),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-saved_at", "key"),
                "indexes": [models.Index(fields=["owner", "change", "kind", "record"], name="records_dra_owner_i_266972_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["closed", "marking"], name="records_pro_closed_c16244_idx"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["proposer", "closed"], name="records_pro_propose_f15fde_idx"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["kind", "record"], name="records_pro_kind_707dd1_idx"),
        ),
    ]
