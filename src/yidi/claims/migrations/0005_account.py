"""The account to which a claim is paid; claims from before have none."""

from django.db import migrations, models

import yidi.people.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_only_drafts_are_incomplete"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="account_bank",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="claim",
            name="account_number",
            field=yidi.people.encryption.EncryptedText(null=True),
        ),
    ]
