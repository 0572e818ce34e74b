"""Rows written before applications and filings were cases are kept, with their papers and a clock."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from tests.people.factories import a_coverage
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of, papers_of
from yidi.filing.models import Filing
from yidi.qualification.models import Qualification

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("qualification", "0001_initial"), ("filing", "0001_initial")]
BEGUN = datetime(2025, 3, 4, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2025, 3, 4)


def migrated(targets: list[tuple[str, str]]) -> StateApps:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def old_apps() -> Iterator[StateApps]:
    """The tables as they were, and afterwards as they are."""
    latest = [
        key for key in MigrationExecutor(connection).loader.graph.leaf_nodes() if key[0] in dict(BEFORE)
    ]
    yield migrated(BEFORE)
    migrated(latest)


def test_old_rows_become_cases(old_apps: StateApps) -> None:
    coverage = a_coverage()
    applications, filings, notes = _old_rows(old_apps, coverage.pk)
    migrated([(app, "0003_papers") for app, _ in BEFORE])
    kept = {row.disease: row for row in Qualification.objects.defer(None)}
    for state, disease in applications.items():
        row = kept[disease]
        counts = state in ("submitted", "more-evidence", "under-review")
        assert (row.state, row.reason) == (state, "照旧")
        assert row.submitted_on == (DAY if counts else None)
        assert (row.paused_on, row.asked) == ((DAY, True) if state == "more-evidence" else (None, False))
        assert (row.appeals, row.assigned_to, row.phone, row.providers) == (0, "", None, [])
        (paper,) = papers_of(row.number)
        assert (paper.material, paper.description, paper.at) == ("diagnosis", notes[state], BEGUN)
        assert paper.person_id == coverage.person_id
    waiting, active = (Filing.objects.get(state=state) for state in ("submitted", "active"))
    assert (waiting.submitted_on, active.submitted_on) == (DAY, None)
    assert materials_of(waiting.number) == {"id-card", "commitment"}
    assert materials_of(active.number) == set()
    assert Paper.objects.count() == len(applications) + 2
    assert len(filings) == Filing.objects.count()


def _old_rows(apps: StateApps, coverage: int) -> tuple[dict[str, str], list[Any], dict[str, str]]:
    """One application in each of the states with a paper each, and two filings."""
    states = [
        "draft",
        "submitted",
        "more-evidence",
        "under-review",
        "approved",
        "rejected",
        "withdrawn",
        "expired",
    ]
    applications = {state: f"M0{number:04d}" for number, state in enumerate(states)}
    notes = {state: f"{state} 时出示" for state in states}
    model, paper = (apps.get_model("qualification", name) for name in ("Qualification", "Evidence"))
    for state, disease in applications.items():
        starts = DAY if state in ("approved", "expired") else None
        row = model.objects.create(
            coverage_id=coverage, disease=disease, state=state, starts=starts, reason="照旧"
        )
        model.objects.filter(pk=row.pk).update(created=BEGUN)
        note = paper.objects.create(qualification=row, material="diagnosis", description=notes[state])
        paper.objects.filter(pk=note.pk).update(shown_at=BEGUN)
    filing = apps.get_model("filing", "Filing")
    common = {"coverage_id": coverage, "kind": "referral", "starts": DAY, "filed_on": DAY}
    filings = [
        filing.objects.create(
            **common, care_region="310000", state="submitted", materials=["id-card", "commitment"]
        ),
        filing.objects.create(**common, care_region="440300", state="active", materials=[]),
    ]
    return applications, filings, notes
