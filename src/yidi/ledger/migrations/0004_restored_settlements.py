"""A cancellation's booking may be undone. On SQLite a change of the table drops its triggers: they are put back."""

from django.db import migrations, models

from yidi.audit.append_only import append_only, lifted

KINDS = ["settlement", "cancel", "restore", "claim", "claim-payment", "claim-reversal"]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_reversals_of_claims")]

    operations = [
        lifted("ledger_posting"),
        migrations.RemoveConstraint(model_name="posting", name="ledger_posting_kind"),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="ledger_posting_kind"),
        ),
        append_only("ledger_posting"),
    ]
