"""Claims of before are kept: their lines as written and as assessed, their papers, their clocks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from tests.people.factories import a_coverage
from tests.settlement.factories import DAY, a_hospital
from yidi.claims import queries
from yidi.claims.models import Claim
from yidi.claims.states import CLOCK, State
from yidi.evidence.queries import materials_of
from yidi.ledger import models as ledger
from yidi.ledger.models import DecisionRule

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("claims", "0001_initial")]
MARCH = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TOLD = {
    State.SUBMITTED: ("submitted",),
    State.MORE_EVIDENCE: ("submitted", "more-evidence"),
    State.ASSESSED: ("submitted", "more-evidence", "submitted", "assessed"),
    State.APPROVED: ("submitted", "assessed", "approved"),
    State.PAID: ("submitted", "assessed", "approved", "paid"),
    State.REJECTED: ("submitted", "rejected"),
    State.WITHDRAWN: ("withdrawn",),
}
"""What the trail tells of a claim in each state, a day each."""
AMOUNTS = dict.fromkeys({*ledger.AMOUNTS} - {"total", "in_scope", "fund"}, 0)


def migrated(targets: list[tuple[str, str]]) -> StateApps:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def old_apps() -> Iterator[StateApps]:
    """The tables as they were, and afterwards as they are."""
    yield migrated(BEFORE)
    migrated(latest())


def latest() -> list[tuple[str, str]]:
    return [key for key in MigrationExecutor(connection).loader.graph.leaf_nodes() if key[0] == "claims"]


def test_old_rows_become_cases(old_apps: StateApps) -> None:
    coverage, provider = a_coverage(), a_hospital()
    for number, state in enumerate(State):
        _old_claim(old_apps, number, state, coverage.pk, provider.pk)
    bare = _old_claim(old_apps, 90, State.ASSESSED, coverage.pk, provider.pk, told=())
    migrated(latest())
    for number, state in enumerate(State):
        claim = Claim.objects.get(invoice=f"INV{number}")
        assert (claim.state, claim.total, claim.provider_id, claim.edition) == (state, 3_000, provider.pk, 1)
        assert [(line.serial, line.code, line.amount) for line in queries.lines_of(claim)] == [
            ("1", "A1", 1_000),
            ("2", "B1", 2_000),
        ]
        assert materials_of(claim.number) == {"id-card", "invoice"}
        counts = str(CLOCK[state]) != "stopped"
        assert (claim.submitted_on is not None) == (state not in (State.DRAFT, State.WITHDRAWN))
        assert (claim.decided_on is None) == (counts or state in (State.DRAFT, State.WITHDRAWN))
        assert (claim.paused_on is not None) == (state is State.MORE_EVIDENCE)
    asked = Claim.objects.get(state="more-evidence")
    assert (asked.submitted_on, asked.paused_on, asked.asked) == (date(2026, 3, 2), date(2026, 3, 3), True)
    paid = Claim.objects.get(state="paid")
    assert (paid.decided_on, paid.decided_by) == (date(2026, 3, 4), "南昌经办甲")
    assessed = Claim.objects.get(invoice=f"INV{list(State).index(State.ASSESSED)}")
    assert assessed.submitted_on == date(2026, 3, 2), "an answer does not start the clock anew"
    split = queries.split_of(assessed.assessments.get())
    assert [row.line.code for row in split.lines] == ["A1", "B1"]
    assert split.in_scope == 3_000
    untold = Claim.objects.get(pk=bare.pk)
    assert untold.submitted_on == date(2026, 3, 1), "the day on which it was written down"


def _old_claim(
    apps: StateApps, number: int, state: State, coverage: int, provider: int, told: Any = None
) -> Any:
    """A claim as it was kept: two split lines, the names of its papers, its story in the trail."""
    claims, lines = apps.get_model("claims", "Claim"), apps.get_model("claims", "ClaimLine")
    claim = claims.objects.create(
        coverage_id=coverage,
        provider_id=provider,
        benefit="general-outpatient",
        on=DAY,
        invoice=f"INV{number}",
        materials=["id-card", "invoice"],
        state=str(state),
    )
    claims.objects.filter(pk=claim.pk).update(created=MARCH.replace(day=1))
    for code, amount in (("A1", 1_000), ("B1", 2_000)):
        lines.objects.create(
            claim=claim, serial=f"L{code}", code=code, name="药", category="western-drug", klass="A",
            quantity=10_000, price_micro=amount * 10_000, upfront_ppm=0, restricted=False, reason="payable",
            source="test", amount=amount, excluded=0, over_limit=0, upfront=0, in_scope=amount,
        )  # fmt: skip
    if state in (State.ASSESSED, State.APPROVED, State.PAID):
        rule, _ = DecisionRule.objects.get_or_create(digest="0" * 64, defaults={"canonical": "{}"})
        apps.get_model("claims", "ClaimAssessment").objects.create(
            claim=claim, situation="local", level="tertiary", at=MARCH, rule_id=rule.pk, used_before=[],
            total=3_000, in_scope=3_000, fund=3_000, **AMOUNTS,
        )  # fmt: skip
    for place, verb in enumerate(TOLD.get(state, ()) if told is None else told):
        _tell(claim.pk, verb, MARCH.replace(day=2 + place))
    return claim


def _tell(key: int, verb: str, at: datetime) -> None:
    """An event of that moment: the table takes no changes afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, actor_kind, actor, actor_region, principal, action, subject, reason)"
            " VALUES (%s, 'clerk', '南昌经办甲', '360100', '', %s, %s, '')",
            [at, f"claims:{verb}", f"C{key:010d}"],
        )
