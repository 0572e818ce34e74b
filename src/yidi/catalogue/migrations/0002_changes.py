"""When a row came into the catalogue and when it was last changed: what a hospital asks for news by."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="catalogueitem",
            name="created",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="catalogueitem",
            name="changed",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
