"""Tables that only grow: triggers, in both databases' tongues, that refuse every UPDATE and DELETE."""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython

Step = Callable[[Any, Any], None]

_POSTGRES = """
CREATE OR REPLACE FUNCTION yidi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION yidi_append_only();
"""
_SQLITE = """
CREATE TRIGGER {table}_append_only_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'table {table} is append-only'); END
"""


def append_only(*tables: str) -> RunPython:
    """A migration step that lets rows be added to these tables and nothing else. Undone by removing the triggers."""
    return RunPython(*_guards(*tables))


def lifted(*tables: str) -> RunPython:
    """A migration step that takes the triggers away, for a change of the table; `append_only` must follow."""
    forwards, backwards = _guards(*tables)
    return RunPython(backwards, forwards)


def _guards(*tables: str) -> tuple[Step, Step]:
    def forwards(apps: Any, editor: Any) -> None:
        for table in tables:
            if editor.connection.vendor == "postgresql":
                editor.execute(_POSTGRES.format(table=table), params=None)
            else:
                for verb in ("UPDATE", "DELETE"):
                    editor.execute(_SQLITE.format(table=table, verb=verb), params=None)

    def backwards(apps: Any, editor: Any) -> None:
        for table in tables:
            if editor.connection.vendor == "postgresql":
                editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            else:
                for verb in ("UPDATE", "DELETE"):
                    editor.execute(f"DROP TRIGGER {table}_append_only_{verb}")

    return forwards, backwards
