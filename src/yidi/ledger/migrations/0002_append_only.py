"""Postings, entries and counter moves may only be added."""

from django.db import migrations

from yidi.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [append_only("ledger_posting", "ledger_entry", "ledger_countermove")]
