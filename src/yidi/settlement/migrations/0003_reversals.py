"""Messages that their sender took back, and cancellations that were undone themselves."""

import django.db.models.deletion
from django.db import migrations, models


def mark_reversed(apps, schema_editor):
    """Settlements cancelled by a 2601 so far are known by the message of their cancellation."""
    settlements = apps.get_model("settlement", "Settlement").objects
    reversals = settlements.filter(kind="cancel", provider_message__startswith="2601 ")
    settlements.filter(pk__in=list(reversals.values_list("cancels", flat=True))).update(is_reversed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_restored_settlements"),
        ("providers", "0001_initial"),
        ("settlement", "0002_said"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="settlement",
            name="settlement_kind",
        ),
        migrations.AddField(
            model_name="settlement",
            name="is_reversed",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="settlement",
            name="cancels",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undoings",
                to="settlement.settlement",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancels__isnull", True), ("kind", "settle")),
                    models.Q(("cancels__isnull", False), ("is_cancelled", False), ("kind", "cancel")),
                    models.Q(
                        ("cancels__isnull", False),
                        ("is_cancelled", False),
                        ("is_reversed", False),
                        ("kind", "restore"),
                    ),
                    _connector="OR",
                ),
                name="settlement_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_cancelled", False), ("is_reversed", True), ("kind", "settle"), _negated=True
                ),
                name="settlement_reversed_is_undone",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_reversed", False)), fields=("cancels",), name="settlement_undone_once"
            ),
        ),
        migrations.RunPython(mark_reversed, migrations.RunPython.noop),
    ]
