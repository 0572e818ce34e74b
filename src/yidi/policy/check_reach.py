"""What stands in a pack and can never have a say: branches nobody reaches, exceptions that change nothing."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from yidi.policy.forms import AmountTable, CeilingWhere, DeductibleWhere, RatioTable, ShareWhere, When
from yidi.policy.loaded import Fault, parts
from yidi.policy.pack import AnyPack
from yidi.policy.yaml_lines import Place
from yidi.values.money import PPM
from yidi.values.terms import STANDINGS_OF, Level, Scheme, Standing

Table = AmountTable | RatioTable
BRANCHES: tuple[Standing | Level, ...] = (*Standing, *Level)

NOTHING: tuple[tuple[type[When], str, int], ...] = (
    (DeductibleWhere, "less", 0),
    (DeductibleWhere, "times", PPM),
    (ShareWhere, "plus", 0),
    (ShareWhere, "minus", 0),
    (ShareWhere, "person_times", PPM),
    (CeilingWhere, "plus", 0),
    (CeilingWhere, "times", PPM),
)
"""Exceptions that leave a value as it is: the kind of exception, its key, and the value with which it does."""


def branches(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Every branch of a table answers for some standing of the scheme at some level."""
    standings = standings_of(pack)
    for place, table in _whole_tables(rule):
        leaves = list(_leaves(table))
        if not leaves:
            continue
        asked = product(standings, Level)
        reached = {reached for person, level in asked if (reached := _path(table, person, level)) is not None}
        told: set[Place] = set()
        for leaf in leaves:
            dead = _dead_part(leaf, reached)
            if dead and dead not in told and _of_scheme(dead, standings):
                told.add(dead)
                names = " → ".join(dead)
                yield (
                    (*place, *dead),
                    f"分支“{names}”永远用不到：没有人员与机构级别会查到这里",
                    "删去它，或核对它上一层的人员类别、机构级别",
                )


def exceptions(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """Every entry of a `where` list changes something, and stands there once."""
    for place, part in parts(rule):
        if not isinstance(part, When):
            continue
        for kind, key, value in NOTHING:
            if isinstance(part, kind) and getattr(part, key) == value:
                yield (*place, key), f"{key} 的这个值什么也不改变", "删去这条例外，或核对数值"


def standings_of(pack: AnyPack) -> tuple[Standing, ...]:
    """The standings of which a pack may speak: those of its scheme."""
    return tuple(Standing) if pack.scheme == "all" else STANDINGS_OF[Scheme(pack.scheme)]


def _of_scheme(path: Place, standings: tuple[Standing, ...]) -> bool:
    """Whether a path names no standing that the scheme does not have: those are told by another check."""
    return all(name in standings for name in path if name in Standing.spellings())


def _whole_tables(rule: Any) -> Iterator[tuple[Place, Table]]:
    """The tables of a statement that are no branch of another."""
    tables = {place: part for place, part in parts(rule) if isinstance(part, AmountTable | RatioTable)}
    for place, table in tables.items():
        if not (place and place[-1] in BRANCHES and place[:-1] in tables):
            yield place, table


def _stated(table: Any) -> dict[str, Any]:
    """The branches of a table by their names; none where it is a value."""
    if not isinstance(table, AmountTable | RatioTable):
        return {}
    return {str(word): branch for word in BRANCHES if (branch := getattr(table, word)) is not None}


def _leaves(table: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path to every value of a table."""
    stated = _stated(table)
    if not stated and path:
        yield path
    for name, branch in stated.items():
        yield from _leaves(branch, (*path, name))


def _path(table: Any, standing: Standing, level: Level) -> tuple[str, ...] | None:
    """The branches taken to the value for a standing and level; None where the table has none for them."""
    path: tuple[str, ...] = ()
    while stated := _stated(table):
        taken = next((str(key) for key in (standing, *level.with_broader) if str(key) in stated), None)
        if taken is None:
            return None
        path, table = (*path, taken), stated[taken]
    return path


def _dead_part(leaf: tuple[str, ...], reached: set[tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest beginning of a path that nobody takes; empty where somebody reaches its end."""
    return next(
        (
            leaf[:length]
            for length in range(1, len(leaf) + 1)
            if not any(path[:length] == leaf[:length] for path in reached)
        ),
        (),
    )
