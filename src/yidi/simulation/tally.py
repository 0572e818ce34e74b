"""A tally: what a nation's visits come to, counted batch by batch in memory that does not grow with them.

    tally = Tally(table, reform_table)
    for visits in batches:
        tally.add(visits, pay_visits(table, visits, carry), pay_visits(reform_table, visits, reform_carry))

The batches of one tally are one stream, sorted by person and day, cut anywhere. Where the visits are shared out among
several threads or machines, each counts its people by a tally of its own, and these are merged: then no person may be
in two of them.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from yidi.benefit.batch import COMPILED_FROM, Results, Visits
from yidi.benefit.batch_table import Reason, Slot
from yidi.benefit.batch_walk import LAST_POOL, LEVELS_NAMED, NOBODY, SITUATIONS, STANDINGS, Columns
from yidi.simulation import counting, tally_books
from yidi.simulation.counting import Books, Side
from yidi.simulation.errors import TallyOfAnotherKind
from yidi.simulation.sums import KINDS, MOST, REFUSALS, Draw, Sums, Table, check_total, json_text, places
from yidi.values.terms import LAYERS, Benefit, Fund

Array = NDArray[Any]
Tuple = TypeVar("Tuple", Columns, Side, Books)


class Names(Protocol):
    """What the numbers in visits and results stand for: `RuleTable` knows. Both lists may grow at their ends."""

    @property
    def slots(self) -> Sequence[Slot]: ...

    @property
    def reasons(self) -> Sequence[Reason]: ...


class Tally:
    """Sums over visits, and over what they come to by one rule table or two."""

    def __init__(self, base: Names, reform: Names | None = None) -> None:
        self._tables: tuple[Names, ...] = (base,) if reform is None else (base, reform)
        self._past = Sums()
        """What was merged or read; the arrays do not hold it."""
        self._total = 0
        """The total of all visits, in fen: no sum is larger."""
        self._days: tuple[int, int] | None = None
        self._draws: dict[Draw, int] = {}
        self._reasons: tuple[dict[Reason, int], ...] = tuple({} for _ in self._tables)
        self._own = [np.zeros(0, np.int32) for _ in self._tables]
        self._refused = [np.zeros(0, np.int64) for _ in self._tables]
        self._books = tally_books.new_books()

    @property
    def sides(self) -> int:
        """1: the base alone; 2: with a reform."""
        return len(self._tables)

    def add(
        self, visits: Visits, base: Results, reform: Results | None = None, compiled: bool | None = None
    ) -> None:
        """Count a batch: visits, and what each table pays for them, both with the same numbers of slots.

        `compiled` says whether to compile; None = where it is worth the wait. Raises TallyFull: then nothing was
        counted. Raises ValueError where visits and results cannot belong together.
        """
        count, columns = len(visits), visits.columns
        given = (base,) if reform is None else (base, reform)
        if len(given) != self.sides or any(len(results) != count for results in given):
            found = [len(results) for results in given]
            raise ValueError(f"{count} visits, results of {found}; results of {self.sides} sides are wanted")
        if not count:
            return
        self._learn(columns, given)
        total = self._total + _sum(columns.total)
        check_total(total)
        sides = [self._side(place, results) for place, results in enumerate(given)]
        each = all(len(results.paid.each) for results in given)
        compiled = count >= COMPILED_FROM if compiled is None else compiled
        self._count(columns, sides[0], sides[-1], each, compiled)
        self._total = total
        days = [int(columns.day.min()), int(columns.day.max()), *(self._days or ())]
        self._days = min(days), max(days)

    def merge(self, other: "Tally") -> None:
        """Add what another tally counted, its last person's year as it stands. `other` is not changed.

        Raises TallyFull, TallyOfAnotherKind.
        """
        if self.sides != other.sides:
            raise TallyOfAnotherKind(why="一份含改革方案，一份不含", why_en="only one of two has a reform")
        check_total(self._total + other._total)
        self._past += other.sums()
        self._total += other._total

    def sums(self) -> Sums:
        """Everything counted so far by name; the last person's year counts as it stands."""
        changed = ("state", "groups", "bins", "bands")
        books = self._books._replace(**{name: getattr(self._books, name).copy() for name in changed})
        counting.close_year(books, self.sides == counting.SIDES)
        return self._past + self._counted(books)

    def to_json(self) -> str:
        """Everything, exactly, with the person and the year under way: `from_json` goes on from there."""
        everything = self._past + self._counted(self._books)
        return json_text({**everything.head(), "under_way": self._under_way()}, everything.tables())

    @classmethod
    def from_json(cls, text: str, base: Names, reform: Names | None = None) -> "Tally":
        """The tally that wrote `text`, for tables that may number slots and reasons otherwise.

        Raises TallyOfAnotherKind.
        """
        tally = cls(base, reform)
        with _whole():
            document = json.loads(text)
            tables = {name: kind.read(document["tables"][name]) for name, kind in KINDS.items()}
            tally._restore(document, tables)
        return tally

    def save(self, path: Path) -> None:
        """Write what `to_json` tells to a file, in a form that is quick to write and to read."""
        everything = self._past + self._counted(self._books)
        head = json.dumps({**everything.head(), "under_way": self._under_way()}, ensure_ascii=False)
        arrays: dict[str, Any] = {
            f"{name}.{column}": array
            for name, table in everything.tables().items()
            for column, array in table.arrays().items()
        }
        with path.open("wb") as file:
            np.savez(file, head=np.frombuffer(head.encode(), np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path, base: Names, reform: Names | None = None) -> "Tally":
        """The tally that `save` wrote. Raises TallyOfAnotherKind."""
        tally = cls(base, reform)
        with _whole(), path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            tables = {}
            for name, kind in KINDS.items():
                columns = [
                    item.removeprefix(f"{name}.") for item in file.files if item.startswith(f"{name}.")
                ]
                tables[name] = kind.read_arrays({column: file[f"{name}.{column}"] for column in columns})
            tally._restore(json.loads(file["head"].tobytes()), tables)
        return tally

    def _restore(self, head: dict[str, Any], tables: Mapping[str, Table]) -> None:
        self._past = Sums.read(head, tables)
        if self._past.sides not in (0, self.sides):
            raise TallyOfAnotherKind(why="一份含改革方案，一份不含", why_en="only one of two has a reform")
        self._total = self._past.total
        if head["under_way"] is not None:
            self._go_on(head["under_way"])

    def _count(self, columns: Columns, base: Side, reform: Side, each: bool, compiled: bool) -> None:
        two, count, at = self.sides == counting.SIDES, len(columns.person), 0
        engine = counting.count
        if compiled:
            from yidi.simulation.counting_compiled import compiled_count

            engine = compiled_count()
        else:
            columns, base, reform = _plain(columns), _plain(base), _plain(reform)
        while at < count:
            books = self._books if compiled else _plain(self._books)
            at = engine(columns, base, reform, books, two, each, at, count)
            if at < count:
                self._books = tally_books.with_room(self._books)

    def _learn(self, columns: Columns, given: Sequence[Results]) -> None:
        """Number what is drawn on and the reasons of refusals. Raises ValueError where a column leaves its list."""
        slots = self._tables[0].slots
        _check("slot", columns.slot, len(slots))
        _check("pool", columns.pool, LAST_POOL + 1)
        _check("standing", columns.standing, STANDINGS)
        _check("situation", columns.situation, SITUATIONS)
        _check("level", columns.level, LEVELS_NAMED)
        known = len(self._books.draws)
        if known < len(slots):
            draws = [self._draw((str(slot.benefit), slot.disease)) for slot in slots[known:]]
            self._books = self._books._replace(draws=np.append(self._books.draws, np.array(draws, np.int32)))
        for side, results in enumerate(given):
            self._learn_reasons(side)
            _check("reason", results.reason, len(self._own[side]))

    def _draw(self, name: Draw) -> int:
        """The number of what is drawn on; one not seen before gets the next. Raises ValueError."""
        if name not in self._draws:
            number = len(self._draws)
            if number == counting.DRAWS_MOST:
                raise ValueError(f"more than {number} combinations of benefit and disease")
            self._books = tally_books.with_draw(self._books, number, Benefit(name[0]))
            self._draws[name] = number
        return self._draws[name]

    def _learn_reasons(self, side: int) -> None:
        reasons, mine = self._tables[side].reasons, self._reasons[side]
        known = len(self._own[side])
        if known < len(reasons):
            own = [mine.setdefault(reason, len(mine)) for reason in reasons[known:]]
            self._own[side] = np.append(self._own[side], np.array(own, np.int32))
            more = len(mine) * counting.REASON_WIDTH - len(self._refused[side])
            self._refused[side] = np.pad(self._refused[side], (0, more))

    def _side(self, place: int, results: Results) -> Side:
        nothing = np.zeros(1, np.int64)
        layers = {fund: results.of_layer(fund) if len(results.paid.each) else nothing for fund in LAYERS}
        return Side(
            deductible=results.deductible,
            fund=results.fund,
            layers=results.layers,
            upfront=results.upfront,
            flags=results.flags,
            reason=results.reason,
            large_sum=layers[Fund.LARGE_SUM],
            serious_illness=layers[Fund.SERIOUS_ILLNESS],
            civil_servant=layers[Fund.CIVIL_SERVANT],
            medical_aid=layers[Fund.MEDICAL_AID],
            own=self._own[place],
            refused=self._refused[place],
        )

    def _counted(self, books: Books) -> Sums:
        """What the arrays hold."""
        draws = tuple(sorted(self._draws))
        reasons = tuple(sorted({reason for side in self._reasons for reason in side}))
        place_of_draw = np.array([*map(places(draws).__getitem__, self._draws)], np.int64)
        number = places(reasons)
        keys = [(side, number[reason]) for side, mine in enumerate(self._reasons) for reason in mine]
        sums = Sums(
            sides=self.sides if self._days else 0,
            people=int(books.state[counting.PEOPLE]),
            days=self._days,
            draws=draws,
            reasons=reasons,
            cells=tally_books.cells_of(books, place_of_draw),
            groups=tally_books.groups_of(books),
            people_by=tally_books.people_of(books, place_of_draw),
            bins=tally_books.bins_of(books),
            refused=REFUSALS.table(tuple(zip(*keys, strict=True)), np.concatenate(self._refused)),
            bands=tally_books.bands_of(books),
        )
        return sums.without_unused()

    def _under_way(self) -> dict[str, Any] | None:
        """The person and the year under way, and where the person has been counted already."""
        state = self._books.state
        person = int(state[counting.PERSON])
        if person == NOBODY:
            return None
        own, standing = divmod(int(state[counting.GROUP]), STANDINGS)
        draws = list(self._draws)
        met: dict[str, list[Any]] = {**tally_books.met_by(self._books, person)}
        met["draw"] = sorted(draws[number] for number in met["draw"])
        return {
            "person": person,
            "until": int(state[counting.UNTIL]),
            "pool": int(tally_books.codes_of(self._books)[own]),
            "standing": standing,
            "year": state[counting.YEAR :].tolist(),
            "met": met,
        }

    def _go_on(self, under_way: dict[str, Any]) -> None:
        """Take up the person and the year under way."""
        person, met = int(under_way["person"]), under_way["met"]
        books, state = self._books, self._books.state
        for code in met["pool"]:
            if counting.pool_of(state, books.pools, code) < 0:
                books = self._books = tally_books.with_room(books)
                counting.pool_of(state, books.pools, code)
        own = int(books.pools[under_way["pool"]])
        numbers = {**met, "pool": [books.pools[code] for code in met["pool"]]}
        numbers["draw"] = [self._draw((benefit, disease)) for benefit, disease in met["draw"]]
        for name, those in numbers.items():
            for number in those:
                tally_books.meet_again(self._books, person, name, int(number))
        state[counting.PERSON], state[counting.UNTIL] = person, int(under_way["until"])
        state[counting.GROUP] = (own - 1) * STANDINGS + int(under_way["standing"])
        state[counting.YEAR :] = under_way["year"]


@contextmanager
def _whole() -> Iterator[None]:
    """Raises TallyOfAnotherKind for whatever a damaged file leads to."""
    try:
        yield
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        EOFError,
        zipfile.BadZipFile,
    ) as error:
        raise TallyOfAnotherKind(why=f"内容残缺（{error}）", why_en=f"it is damaged ({error})") from None


def _plain(arrays: Tuple) -> Tuple:
    """The same columns as plain Python reads and writes them fastest."""
    return type(arrays)(*(memoryview(array) for array in arrays))


def _check(name: str, column: Array, limit: int) -> None:
    least, most = int(column.min()), int(column.max())
    if least < 0 or most >= limit:
        raise ValueError(f"{name}: {least} to {most}, known are 0 to {limit - 1}")


def _sum(column: Array) -> int:
    """The sum, however large it is."""
    at_once = MOST // max(int(column.max()), 1)
    return sum(int(column[start : start + at_once].sum()) for start in range(0, len(column), max(at_once, 1)))
