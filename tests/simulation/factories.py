"""Visits for tests: made up by the generator, cut up, spoilt, and settled one by one."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yidi.benefit.adjudicate import Counter, adjudicate
from yidi.benefit.split import whole_split
from yidi.policy.book import RuleBook, book
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.simulation import columns
from yidi.simulation.generate import Generator, Wanted
from yidi.values.errors import Refusal
from yidi.values.terms import STANDINGS_OF, Level, Situation, Standing, Trait

YEAR = 2027
"""All packs of the shipped book are in force."""
SCHEME_OF = {standing: scheme for scheme, standings in STANDINGS_OF.items() for standing in standings}


ANSWERED, OTHERS = 450, 50
"""People of `some_visits`: whom the shipped book answers where unverified statements may speak, and from anywhere."""


@lru_cache(maxsize=1)
def answered_visits() -> pa.Table:
    """Visits that the shipped book answers."""
    generator = Generator(Wanted(ANSWERED, YEAR, seed=7, answered_only=True, unverified=True), book())
    return pa.Table.from_batches([generator.block(0)])


@lru_cache(maxsize=1)
def some_visits() -> pa.Table:
    """A few thousand visits, most of them answered; of every tenth person the age is not known."""
    others = pa.Table.from_batches([Generator(Wanted(OTHERS, YEAR, seed=8), book()).block(0)])
    others = with_column(others, "person", [ANSWERED + person for person in others["person"].to_pylist()])
    table = pa.concat_tables([answered_visits(), others.cast(answered_visits().schema)]).unify_dictionaries()
    known = zip(table["person"].to_pylist(), table["age"].to_pylist(), strict=True)
    return with_column(table, "age", [age if person % 10 else -1 for person, age in known]).combine_chunks()


def write(path: Path, table: pa.Table, rows: int | None = None) -> Path:
    """Write visits, on request in row groups of so many rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=rows, **columns.WRITE_VISITS)
    return path


def write_cut(folder: Path, table: pa.Table, cuts: Iterable[int], rows: int | None = None) -> Path:
    """Write visits as several files, cut at these rows, whoever is cut in two."""
    edges = [0, *cuts, len(table)]
    for number, (start, end) in enumerate(pairwise(edges)):
        write(folder / f"part-{number:05d}.parquet", table[start:end], rows)
    return folder


def with_column(table: pa.Table, name: str, values: Any, of: pa.DataType | None = None) -> pa.Table:
    """Visits with another column."""
    place = table.schema.get_field_index(name)
    field = table.schema.field(name).with_type(of or table.schema.field(name).type)
    return table.set_column(place, field, pa.array(values, field.type))


def results(folder: Path) -> pa.Table:
    """All results of a run, in the order of its parts."""
    files = sorted((folder / "results").iterdir())
    return pa.concat_tables([pq.read_table(path) for path in files]).combine_chunks()


def one_by_one(
    table: pa.Table, rules: RuleBook, reading: str = "", unverified: bool = False
) -> list[dict[str, Any]]:
    """What `adjudicate` pays, visit after visit, with counters of its own for each person, pool and scheme."""
    counters: dict[tuple[int, int, str], dict[Counter, int]] = defaultdict(lambda: defaultdict(int))
    known: dict[Question, Any] = {}
    found = []
    for row in table.to_pylist():
        question = question_of(row)
        used = counters[row["person"], row["pool"], question.scheme]
        paid: dict[str, Any] = dict.fromkeys(("deductible", "fund", "layers", "upfront"), 0)
        try:
            if question not in known:
                known[question] = _answer(rules, question, reading, unverified)
            if isinstance(known[question], Refusal):
                raise known[question]
            split = whole_split(row["total"], row["total"] - row["in_scope"])
            decision = adjudicate(split, known[question], used, question.on)
        except Refusal as refusal:
            paid["reason"] = refusal.code
        else:
            for counter, amount in decision.moves.items():
                used[counter] += amount
            paid |= {
                "deductible": decision.deductible,
                "fund": decision.fund,
                "layers": sum(layer.fund for layer in decision.layers),
                "upfront": decision.upfront_at_home + decision.away_upfront,
                "reason": None,
            }
        found.append(paid)
    return found


def _answer(rules: RuleBook, question: Question, reading: str, unverified: bool) -> Any:
    try:
        return benefit_rule(rules, question, reading, unverified)
    except Refusal as refusal:
        return refusal


def question_of(row: dict[str, Any]) -> Question:
    """What a visit of a file asks of a rule book."""
    benefit, disease, diseases = columns.slot_parts(row["slot"])
    standing = Standing(row["standing"])
    return Question(
        home=f"{row['pool']:06d}",
        scheme=SCHEME_OF[standing],
        standing=standing,
        benefit=benefit,
        level=Level(row["level"]),
        situation=Situation(row["situation"]),
        on=row["day"],
        disease=disease,
        age=None if row["age"] < 0 else row["age"],
        traits=frozenset(trait for bit, trait in enumerate(Trait) if row["traits"] >> bit & 1),
        diseases=diseases,
    )
