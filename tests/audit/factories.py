"""Planting faults: what the triggers and constraints refuse, done behind their backs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

APPEND_ONLY = (
    "audit_event",
    "audit_look",
    "casework_vote",
    "ledger_posting",
    "ledger_entry",
    "ledger_countermove",
)


@contextmanager
def without_triggers() -> Iterator[None]:
    """The append-only tables without their triggers, which stand again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            before = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
            after = [sql for _, sql in triggers]
        else:
            # A table with foreign keys still to be checked cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in APPEND_ONLY]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in APPEND_ONLY]
        for statement in before:
            cursor.execute(statement)
        yield
        if connection.vendor != "sqlite":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in after:
            cursor.execute(statement)


def tamper(*statements: str) -> None:
    """Run SQL that no service would run; each statement must hit at least one row."""
    with without_triggers(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement
