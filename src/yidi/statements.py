"""Statements whose SQL is made once: what a settlement asks and writes on its way (ADR 0017).

A `Query` is an ordinary queryset with `Slot`s where each run brings its values. Django makes its SQL at the first run;
every later one only sends values and builds rows, a tenth of the work. The SQL is the same as the queryset's own, so
nothing is written twice, and both databases are spoken to alike. What differs between them is in `_run`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row")
Asked = ParamSpec("Asked")
Told = TypeVar("Told")
MOST_PREPARED_ROWS = 12
"""Rows of an insert whose statement the server keeps ready; each number of rows is a statement of its own."""
MOST_ROWS = 50
"""Rows that one insert holds: databases bound the number of parameters."""


class Slot(Expression):
    """The place of a value in a query; `kind` says how the database wants it."""

    def __init__(self, name: str, kind: "Field[Any, Any] | None" = None) -> None:
        self.name, self.kind = name, kind or models.CharField()
        super().__init__(output_field=self.kind)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A query's SQL, what is put in it, and what is made of a row."""

    sql: str
    parameters: tuple[Any, ...]
    build: Callable[[Sequence[Any]], Any]

    def run(self, values: dict[str, Any], database: Any) -> list[Any]:
        filled = [
            item.kind.get_db_prep_value(values[item.name], database) if isinstance(item, Slot) else item
            for item in self.parameters
        ]
        return list(map(self.build, _run(database, self.sql, filled)))


class Query(Generic[Row]):
    """A queryset made once. `make` gives it, with a `Slot` for each value that a run brings."""

    def __init__(self, make: "Callable[[], QuerySet[Any, Row]]") -> None:
        self.make = make
        self.plans: dict[str, _Plan] = {}

    def all(self, **values: Any) -> list[Row]:
        """Every row, with these values in the slots."""
        database = connections[DEFAULT_DB_ALIAS]
        plan = self.plans.get(database.vendor)
        if plan is None:
            plan = self.plans[database.vendor] = _plan(self.make())
        return plan.run(values, database)

    def first(self, **values: Any) -> Row | None:
        """The first row, if there is one. The queryset itself should ask for no more."""
        return next(iter(self.all(**values)), None)


def _plan(rows: Any) -> _Plan:
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    selected = compiler.select[: compiler.col_count]
    converters = compiler.get_converters([column for column, _, _ in selected])
    build = _builder(compiler) if rows._fields is None else tuple
    return _Plan(sql, tuple(parameters), _converting(converters, build) if converters else build)


def _builder(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Makes a model of a row, with the models that were selected with it."""
    info, select = compiler.klass_info, compiler.select
    model, columns = info["model"], info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    names = [column.target.attname for column, _, _ in select[start:end]]
    populators: Any = get_related_populators  # the stubs speak of a later Django
    related = populators(info, select, DEFAULT_DB_ALIAS)

    def build(row: Sequence[Any]) -> Any:
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for item in related:
            item.populate(row, made)
        return made

    return build


def _converting(converters: Any, build: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Any]:
    """Does to a row what the fields want done before; none of ours asks for the connection."""
    steps = [(place, step, column) for place, (each, column) in converters.items() for step in each]

    def converted(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, step, column in steps:
            values[place] = step(values[place], column, connection)
        return build(values)

    return converted


def insert(rows: Sequence[Model], conflict: str = "", returning: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Add rows of one model and give them their keys, or what else is asked for.

    `conflict` is what stands after ON CONFLICT; rows that it leaves out return nothing, and then no key is given.
    """
    if not rows:
        return []
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), MOST_ROWS):
        part = rows[start : start + MOST_ROWS]
        fields, sql = _insertion(model, len(part), conflict, tuple(returning), database.vendor)
        values = [
            each.get_db_prep_save(each.pre_save(row, add=True), database) for row in part for each in fields
        ]
        found += _run(database, sql, values, len(part) <= MOST_PREPARED_ROWS)
    if len(found) == len(rows) and not returning:
        for row, (key,) in zip(rows, found, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return found


def update(row: Model, *names: str) -> None:
    """Write some fields of a row that is stored already."""
    database = connections[DEFAULT_DB_ALIAS]
    fields, sql = _change(type(row), names, database.vendor)
    values = [each.get_db_prep_save(each.pre_save(row, add=False), database) for each in fields]
    _run(database, sql, [*values, row.pk])


# Names of tables and columns come from the models, never from outside: S608 does not apply.


@cache
def _change(model: type[Model], names: tuple[str, ...], vendor: str) -> "tuple[list[Field[Any, Any]], str]":
    meta: Any = model._meta
    quote = connection.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    places = ", ".join(f"{quote(each.column)} = %s" for each in fields)
    table, key = quote(meta.db_table), quote(meta.pk.column)
    return fields, f"UPDATE {table} SET {places} WHERE {key} = %s"  # noqa: S608


@cache
def _insertion(
    model: type[Model], count: int, conflict: str, returning: tuple[str, ...], vendor: str
) -> "tuple[list[Field[Any, Any]], str]":
    meta: Any = model._meta
    quote = connection.ops.quote_name
    fields = [each for each in meta.local_concrete_fields if not isinstance(each, models.AutoField)]
    columns = ", ".join(quote(each.column) for each in fields)
    places = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * count)
    wanted = ", ".join(quote(name) for name in returning or (meta.pk.column,))
    on_conflict = f" ON CONFLICT {conflict}" if conflict else ""
    table = quote(meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) VALUES {places}{on_conflict} RETURNING {wanted}"  # noqa: S608
    return fields, sql


def _run(database: Any, sql: str, values: Sequence[Any], prepared: bool = True) -> list[tuple[Any, ...]]:
    """The rows that a statement gives.

    PostgreSQL keeps the statement ready; Django's own cursor would send its text and have it planned each time. Where
    somebody listens to the statements, they go the ordinary way, so that they are heard.
    """
    if database.vendor != "postgresql" or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        direct = psycopg.Cursor(database.connection)
        direct.execute(sql, values, prepare=prepared)
        return direct.fetchall() if direct.pgresult and direct.pgresult.nfields else []


_in_whole: ContextVar[bool] = ContextVar("in_whole", default=False)


@contextmanager
def whole() -> Iterator[None]:
    """A transaction of which all goes if any part is refused: its parts then need no savepoint of their own."""
    token = _in_whole.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _in_whole.reset(token)


def atomic(change: Callable[Asked, Told]) -> Callable[Asked, Told]:
    """A function that is one transaction, or a part of one; inside of `whole` it goes with everything else."""

    @wraps(change)
    def run(*args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        with transaction.atomic(savepoint=not _in_whole.get()):
            return change(*args, **kwargs)

    return run
