"""What the tables hold, once the rows there were have been brought along."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_bring_rows_along")]

    operations = [
        migrations.RemoveField(
            model_name="claim",
            name="materials",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="category",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="excluded",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="in_scope",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="klass",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="over_limit",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="price_limit_micro",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="reason",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="restricted",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="source",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="upfront",
        ),
        migrations.RemoveField(
            model_name="claimline",
            name="upfront_ppm",
        ),
        migrations.RemoveField(model_name="claimline", name="serial"),
        migrations.RenameField(model_name="claimline", old_name="number", new_name="serial"),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["assessed", "more-evidence", "submitted"]),
                        ("decided_on__isnull", True),
                        ("submitted_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state__in", ["assessed", "more-evidence", "submitted"]), _negated=True),
                        models.Q(
                            models.Q(("decided_on__isnull", True), ("submitted_on__isnull", True)),
                            models.Q(
                                ("decided_on__gte", models.F("submitted_on")),
                                ("decided_on__isnull", False),
                                ("submitted_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="claims_clock_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["more-evidence"]), ("paused_on__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ["more-evidence"]), _negated=True), ("paused_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="claims_clock_pauses",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_by", ""), ("due_on__isnull", True)),
                    models.Q(
                        ("due_on__isnull", False),
                        ("submitted_on__isnull", False),
                        models.Q(("due_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="claims_term_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "withdrawn"]),
                    models.Q(
                        models.Q(
                            ("provider__isnull", False),
                            models.Q(
                                models.Q(("provider_name", ""), _negated=True),
                                models.Q(("care_region", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        ("on__isnull", False),
                        ("total__isnull", False),
                        models.Q(("benefit", ""), _negated=True),
                        models.Q(("invoice", ""), _negated=True),
                        models.Q(
                            models.Q(("benefit", "chronic-disease"), _negated=True),
                            models.Q(("disease", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="claims_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["assessed", "approved", "paid"]), _negated=True),
                    ("provider__isnull", False),
                    _connector="OR",
                ),
                name="claims_assessed_at_a_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "benefit__in",
                        [
                            "",
                            "general-outpatient",
                            "chronic-disease",
                            "inpatient",
                            "two-diseases",
                            "dual-channel",
                        ],
                    )
                ),
                name="claims_benefit",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("benefit", "chronic-disease"), ("disease", ""), _connector="OR"),
                name="claims_disease",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "level__in",
                        [
                            "",
                            "village",
                            "township",
                            "primary",
                            "secondary",
                            "tertiary",
                            "provincial",
                            "pharmacy",
                        ],
                    )
                ),
                name="claims_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__isnull", True), ("total__gte", 0), _connector="OR"),
                name="claims_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rejected_for__in",
                        [
                            "",
                            "not-insured",
                            "not-designated",
                            "out-of-scope",
                            "paid-elsewhere",
                            "other-payer",
                            "bad-invoice",
                            "not-proven",
                            "other",
                        ],
                    )
                ),
                name="claims_rejected_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimassessment",
            constraint=models.UniqueConstraint(fields=("claim", "round"), name="claims_assessment_once"),
        ),
        migrations.AddConstraint(
            model_name="claimassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reversal__isnull", True),
                    models.Q(
                        ("posting__isnull", False), models.Q(("reversal", models.F("posting")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="claims_undone_what_was_booked",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.UniqueConstraint(
                fields=("claim", "edition", "serial"), name="claims_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("price_micro__gte", 0), ("quantity__gt", 0)),
                name="claims_written_line_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="claims_line_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0),
                    ("price_micro__gte", 0),
                    ("quantity__gt", 0),
                    ("excluded__gte", 0),
                    ("over_limit__gte", 0),
                    ("upfront__gte", 0),
                    ("in_scope__gte", 0),
                ),
                name="claims_line_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("excluded"), "+", models.F("over_limit")
                                ),
                                "+",
                                models.F("upfront"),
                            ),
                            "+",
                            models.F("in_scope"),
                        ),
                    )
                ),
                name="claims_line_parts_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedline",
            constraint=models.UniqueConstraint(
                fields=("assessment", "serial"), name="claims_assessed_line_once"
            ),
        ),
    ]
