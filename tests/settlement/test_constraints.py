"""The last guard: what the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F

from tests.settlement.factories import (
    CHRONIC,
    HOSPITAL,
    PLAIN,
    a_line,
    a_visit,
    a_world,
    cancelled,
    settled,
)
from yidi.settlement import services
from yidi.settlement.models import Diagnosis, Settlement, Visit, VisitLine

pytestmark = pytest.mark.django_db

AMOUNTS = (
    "total", "excluded", "over_limit", "upfront", "in_scope", "away_upfront", "deductible", "over_cost", "shared",
    "cut", "fund", "account", "cash",
)  # fmt: skip


def refused(rows: "models.QuerySet[models.Model]", constraint: str, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**changes)


@pytest.mark.parametrize("name", AMOUNTS)
def test_no_amount_of_a_settlement_is_negative(name: str) -> None:
    row = settled(a_world(), "800.00")
    assert getattr(row, name) >= 0
    refused(Settlement.objects.filter(pk=row.pk), "settlement_", **{name: -1})


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"excluded": F("excluded") + 1}, "settlement_parts_sum"),
        (
            {"excluded": F("excluded") - 1, "in_scope": F("in_scope") + 1, "shared": F("shared") + 1},
            "not_negative",
        ),
        ({"fund": F("fund") + 1}, "settlement_steps_sum|settlement_payers_sum"),
        ({"fund": F("fund") + 1, "shared": F("shared") - 1}, "settlement_payers_sum"),
        ({"cash": F("cash") + 1}, "settlement_payers_sum"),
        ({"deductible": F("deductible") + 1}, "settlement_steps_sum"),
        ({"kind": "gift"}, "settlement_kind"),
        ({"kind": "cancel"}, "settlement_kind"),
        ({"situation": "asleep"}, "settlement_situation"),
    ],
)
def test_the_parts_of_a_settlement_stay_together(changes: dict[str, object], constraint: str) -> None:
    row = settled(a_world(), "800.00")
    refused(Settlement.objects.filter(pk=row.pk), constraint, **changes)


def copied(row: Settlement, **changes: object) -> Settlement:
    """A row that would be written beside another, with a posting of its own."""
    posting = row.posting
    posting.pk, posting.subject, posting.reverses = None, f"{posting.subject}-copy", None
    posting.save(force_insert=True)
    for name, value in {"pk": None, "posting": posting, "provider_message": "other", **changes}.items():
        setattr(row, name, value)
    return row


def test_one_settlement_stands_for_a_visit() -> None:
    row = settled(a_world(), "800.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        copied(row).save(force_insert=True)
    assert Settlement.objects.count() == 1


def test_one_message_settles_once() -> None:
    world = a_world()
    row, other = settled(world, "800.00"), settled(world, "100.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.filter(pk=other.pk).update(provider_message=row.provider_message)


def test_one_cancellation_for_a_settlement() -> None:
    row = settled(a_world(), "800.00")
    undone = Settlement.objects.filter(pk=cancelled(row).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        copied(undone.get()).save(force_insert=True)
    refused(
        Settlement.objects.filter(pk=row.pk),
        "settlement_not_self",
        cancels=row.pk,
        kind="cancel",
        is_cancelled=False,
    )
    refused(undone, "settlement_kind", is_cancelled=True)


def test_one_reversal_for_a_cancellation() -> None:
    row = settled(a_world(), "800.00")
    refused(Settlement.objects.filter(pk=row.pk), "settlement_reversed_is_undone", is_reversed=True)
    services.reverse(cancelled(row), "R1", HOSPITAL)
    restored = Settlement.objects.filter(kind="restore")
    with pytest.raises(IntegrityError), transaction.atomic():
        copied(restored.get()).save(force_insert=True)
    refused(restored, "settlement_kind", is_reversed=True)
    refused(restored, "settlement_kind", is_cancelled=True)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"amount": F("amount") + 1}, "settlement_line_parts_sum"),
        ({"in_scope": F("in_scope") - 1}, "settlement_line_parts_sum"),
        ({"amount": -1, "in_scope": -1}, "settlement_line_not_negative"),
        ({"excluded": -1, "in_scope": F("in_scope") + 1}, "settlement_line_not_negative"),
        ({"quantity": 0}, "settlement_line_not_negative"),
        ({"price_micro": -1}, "settlement_line_not_negative"),
    ],
)
def test_the_parts_of_a_line_stay_together(changes: dict[str, object], constraint: str) -> None:
    visit = a_visit(a_world(), [a_line(PLAIN, "800.00")])
    refused(VisitLine.objects.filter(visit=visit), constraint, **changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "asleep"}, "settlement_visit_state"),
        ({"disease": ""}, "settlement_visit_disease"),
        ({"benefit": "general-outpatient"}, "settlement_visit_disease"),
    ],
)
def test_a_visit_stays_what_it_is(changes: dict[str, object], constraint: str) -> None:
    visit = a_visit(a_world(), [], CHRONIC)
    refused(Visit.objects.filter(pk=visit.pk), constraint, **changes)


def test_numbers_are_given_once() -> None:
    world = a_world()
    lines = [a_line(PLAIN, "1.00", serial="1"), a_line(PLAIN, "2.00", serial="2")]
    visit, other = a_visit(world, lines), a_visit(world, [])
    for clash in (
        lambda: visit.lines.filter(serial="2").update(serial="1"),
        lambda: Visit.objects.filter(pk=other.pk).update(provider_number=visit.provider_number),
        lambda: Diagnosis.objects.create(visit=visit, rank=1, kind="1", code="X", name="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            clash()
