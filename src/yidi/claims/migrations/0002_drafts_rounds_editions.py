"""Claims become cases that are drafted step by step; lines as written and lines as assessed part."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_initial"),
        ("ledger", "0003_reversals_of_claims"),
        ("people", "0001_initial"),
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="claimline",
            name="claims_line_once",
        ),
        migrations.RemoveConstraint(
            model_name="claimline",
            name="claims_line_parts_sum",
        ),
        migrations.RemoveConstraint(
            model_name="claimline",
            name="claims_line_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="claim",
            name="claims_disease",
        ),
        migrations.RemoveConstraint(
            model_name="claim",
            name="claims_invoice_not_empty",
        ),
        migrations.CreateModel(
            name="AssessedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.CharField(max_length=30)),
                ("code", models.CharField(max_length=50)),
                ("name", models.CharField(max_length=200)),
                ("category", models.CharField(max_length=20)),
                ("klass", models.CharField(max_length=1)),
                ("quantity", models.BigIntegerField()),
                ("price_micro", models.BigIntegerField()),
                ("price_limit_micro", models.BigIntegerField(null=True)),
                ("upfront_ppm", models.IntegerField()),
                ("restricted", models.BooleanField()),
                ("reason", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=200)),
                ("amount", models.BigIntegerField()),
                ("excluded", models.BigIntegerField()),
                ("over_limit", models.BigIntegerField()),
                ("upfront", models.BigIntegerField()),
                ("in_scope", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="claim",
            name="appeals",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="claim",
            name="asked",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="claim",
            name="assigned_to",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="claim",
            name="care_region",
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AddField(
            model_name="claim",
            name="decided_by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="claim",
            name="decided_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="due_by",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="claim",
            name="due_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="claim",
            name="grounds",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="claim",
            name="level",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="claim",
            name="paused_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="provider_name",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="claim",
            name="rejected_for",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="claim",
            name="submitted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="total",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="claimassessment",
            name="by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="claimassessment",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="claimassessment",
            name="reversal",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim_assessment_undone",
                to="ledger.posting",
            ),
        ),
        migrations.AddField(
            model_name="claimassessment",
            name="round",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="claimline",
            name="approved",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="claimline",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="claim",
            name="benefit",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="claim",
            name="invoice",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="claim",
            name="on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="claim",
            name="provider",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="providers.provider",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="state",
            field=models.CharField(default="draft", max_length=20),
        ),
        migrations.AlterField(
            model_name="claimassessment",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="claims.claim"
            ),
        ),
        migrations.AlterField(
            model_name="claimline",
            name="code",
            field=models.CharField(blank=True, max_length=50),
        ),
        migrations.AddField(
            model_name="assessedline",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="claims.claimassessment"
            ),
        ),
        migrations.AddField(
            model_name="claimline",
            name="number",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
    ]
