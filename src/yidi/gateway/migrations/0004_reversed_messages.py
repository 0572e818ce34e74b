from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0003_institution_for_testing"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="reversed_by",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reversed_by", ""), models.Q(("digest", ""), _negated=True)),
                    models.Q(
                        models.Q(("reversed_by", ""), _negated=True), ("digest", ""), ("reply__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="gateway_message_reversed",
            ),
        ),
    ]
