"""The records of a provider are looked up by the time they were made; the index serves the provider alone too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_restored_settlements"),
        ("providers", "0001_initial"),
        ("settlement", "0003_reversals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="settlement",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="providers.provider",
            ),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["provider", "at"], name="settlement_of_provider"),
        ),
    ]
