"""Tables that only grow: the database itself refuses to change or forget what was done."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tests.accounts.factories import CLERK
from tests.audit.factories import APPEND_ONLY, tamper
from tests.people.factories import a_coverage
from yidi.audit.models import Event
from yidi.audit.services import looked, record
from yidi.benefit.adjudicate import Counter
from yidi.casework.models import Vote
from yidi.ledger.models import PostingKind
from yidi.ledger.services import claim_entries, count, post
from yidi.values.terms import Fund

AT = datetime(2025, 6, 2, 3, tzinfo=UTC)
CHANGES = {
    "audit_event": "UPDATE audit_event SET reason = 'x'",
    "ledger_posting": "UPDATE ledger_posting SET subject = 'x'",
    "ledger_entry": "UPDATE ledger_entry SET amount = amount + 1",
    "ledger_countermove": "UPDATE ledger_countermove SET amount = amount + 1",
    "casework_vote": "UPDATE casework_vote SET verdict = 'approve'",
    "audit_look": "UPDATE audit_look SET reason = 'x'",
}
TRIGGERS = {
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_append_only_%'",
    "postgresql": "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'",
}


def fill() -> None:
    """One row at least in every append-only table."""
    record(CLERK, "claims:approve", "C0000000001", "核对无误")
    posting = post(PostingKind.CLAIM, "C0000000001", AT, claim_entries("360100", {Fund.BASIC: 100}))
    looked(CLERK, "36010000000000000001", "C0000000001", "核对材料")
    Vote.objects.create(subject="Q0000000001", round=0, clerk=CLERK.name, verdict="reject")
    count(posting, a_coverage(), {Counter("general-outpatient", "fund", "2025"): 100})


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_raw_sql_cannot_change_or_forget(table: str, verb: str) -> None:
    fill()
    statement = CHANGES[table] if verb == "UPDATE" else f"DELETE FROM {table}"  # noqa: S608
    refused = pytest.raises(DatabaseError, match=rf"table {table} is append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db
def test_every_guarded_table_is_tried() -> None:
    """A table of postings, votes, events or looks that may be updated would let them be rewritten."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        guarded = {table for (table,) in cursor.fetchall()}
    assert guarded == set(CHANGES) == set(APPEND_ONLY)


@pytest.mark.django_db
def test_the_triggers_stand_again_after_a_planted_fault() -> None:
    fill()
    tamper("UPDATE audit_event SET reason = 'tampered'")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(reason="again")
    assert Event.objects.get().reason == "tampered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_transactional_tests_start_empty_and_with_triggers(turn: int) -> None:
    """Twice, so that the second turn sees what emptying the database after the first has left."""
    assert not Event.objects.exists()
    fill()
    with pytest.raises(DatabaseError, match="append-only"):
        Event.objects.all().delete()


@pytest.mark.django_db
def test_an_event_says_who_did_what_when_and_why() -> None:
    event = record(CLERK, "qualification:reject", "Q0000000001", "病历不全")
    assert (event.actor_kind, event.actor, event.actor_region) == ("clerk", "南昌经办甲", "360100")
    assert str(event) == f"{event.at:%F %T} 南昌经办甲 qualification:reject Q0000000001"
