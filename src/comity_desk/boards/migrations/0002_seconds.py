"""How long a board took to make."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Seconds of a kept board."""

    dependencies = [
        ("boards", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="boardresult",
            name="seconds",
            field=models.FloatField(default=0.0),
        ),
    ]
