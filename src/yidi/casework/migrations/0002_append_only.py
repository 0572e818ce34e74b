"""Votes may only be added."""

from django.db import migrations

from yidi.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("audit", "0003_principal_and_looks")]

    operations = [append_only("casework_vote")]
