"""A tally is what plain additions give, however the visits are cut up, counted, kept and put together."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation.tallying import (
    PEOPLE,
    SLOTS,
    Batch,
    Naive,
    Vocabulary,
    batches,
    cuts,
    made_up,
    tables_of,
)
from yidi.benefit.batch import Results, Visits
from yidi.benefit.batch_table import Reason, Slot
from yidi.simulation.counting import BINS_OF_OCTAVE, bin_of, first_of_bin
from yidi.simulation.errors import TallyFull, TallyOfAnotherKind
from yidi.simulation.sums import MOST
from yidi.simulation.tally import Tally
from yidi.values.terms import Benefit

MANY = 6000


def a_tally(sides: int = 2) -> Tally:
    return Tally(*(Vocabulary() for _ in range(sides)))


def counted(
    batch: Batch, edges: list[int] | None = None, compiled: bool = False, each: bool = True, sides: int = 2
) -> Tally:
    """A tally of a batch, cut at some edges."""
    tally = a_tally(sides)
    add(tally, batch, edges or [], compiled, each)
    return tally


def add(
    tally: Tally, batch: Batch, edges: list[int], compiled: bool = False, each: bool = True, start: int = 0
) -> None:
    inner = sorted(edge for edge in edges if start < edge < len(batch))
    for first, end in pairwise([start, *inner, len(batch)]):
        visits, results = batch.arrays(first, end, each)
        tally.add(visits, *results[: tally.sides], compiled=compiled)


def at_person(batch: Batch, edge: int) -> int:
    """The next edge between two people."""
    person = batch.visits["person"]
    while 0 < edge < len(person) and person[edge] == person[edge - 1]:
        edge += 1
    return min(edge, len(person))


# what it comes to


@given(batches)
def test_a_tally_is_what_plain_additions_give(batch: Batch) -> None:
    sums, naive = counted(batch).sums(), Naive(batch)
    assert tables_of(sums) == naive.tables()
    assert sums.people == len(set(batch.visits["person"]))
    days = batch.visits["day"]
    assert sums.days == ((min(days), max(days)) if days else None)


@given(batches, cuts)
def test_batches_may_be_cut_anywhere(batch: Batch, edges: list[int]) -> None:
    assert counted(batch, edges).to_json() == counted(batch).to_json()


@given(batches)
def test_the_base_alone_is_the_base_of_both(batch: Batch) -> None:
    alone, both = counted(batch, sides=1), counted(batch)
    wanted = tables_of(both.sums())
    found = tables_of(alone.sums())
    assert found["people"] == wanted["people"]
    for name in ("cells", "groups"):
        keep = ("visits", "total", "in_scope", "years")
        assert found[name] == {
            key: {column: n for column, n in row.items() if column.startswith("base.") or column in keep}
            for key, row in wanted[name].items()
        }
    assert found["bands"] == {}


@given(batches)
def test_layers_need_not_be_told_apart(batch: Batch) -> None:
    apart, together = tables_of(counted(batch).sums()), tables_of(counted(batch, each=False).sums())
    funds = ("large_sum", "serious_illness", "civil_servant", "medical_aid")
    for key, row in apart["cells"].items():
        rest = {name: n for name, n in row.items() if not name.endswith(funds)}
        assert together["cells"][key] == rest
        for side in ("base", "reform"):
            assert sum(row.get(f"{side}.{fund}", 0) for fund in funds) == row.get(f"{side}.layers", 0)


@pytest.mark.parametrize("sides", [1, 2])
def test_compiled_it_comes_to_the_same(sides: int) -> None:
    batch = made_up(5, MANY, people=700)
    plain = counted(batch, sides=sides)
    assert counted(batch, compiled=True, sides=sides).to_json() == plain.to_json()
    assert (
        counted(batch, [1, 1000, 2049, 2050, 5000], compiled=True, sides=sides).to_json() == plain.to_json()
    )
    if sides == 2:
        assert tables_of(plain.sums()) == Naive(batch).tables()


def test_room_is_made_for_many_pools_draws_and_rows() -> None:
    dice = np.random.default_rng(3)
    count, benefits = 4000, list(Benefit)
    slots = [Slot(benefits[n % 5], f"M{n:05d}") for n in range(70)]
    visits = Visits.of(
        person=np.arange(count) // 4,
        day=np.full(count, 20000),
        pool=100000 + dice.integers(0, 300, count // 4).repeat(4),
        standing=dice.integers(0, 5, count),
        level=dice.integers(0, 7, count),
        situation=dice.integers(0, 10, count),
        slot=dice.integers(0, 70, count),
        total=np.full(count, 100),
        in_scope=np.full(count, 90),
    )
    tally = Tally(Vocabulary(slots))
    tally.add(visits, Results.of(count))
    sums = tally.sums()
    assert (sums.cells["visits"].sum(), sums.total, sums.people) == (count, 100 * count, count // 4)
    assert len(np.unique(sums.cells["pool"])) > 200
    assert len(sums.draws) == 70


# merging


@settings(max_examples=40)
@given(batches, st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_parts_between_people_merge_in_any_order(batch: Batch, places: tuple[int, int]) -> None:
    edges = sorted(at_person(batch, min(place, len(batch))) for place in places)
    whole = counted(batch).sums()

    def part(number: int) -> Tally:
        ends = [0, *edges, len(batch)]
        tally = a_tally()
        visits, results = batch.arrays(ends[number], ends[number + 1])
        tally.add(visits, *results)
        return tally

    left, right, backwards = part(0), part(0), part(2)
    left.merge(part(1))
    left.merge(part(2))
    rest = part(1)
    rest.merge(part(2))
    right.merge(rest)
    backwards.merge(part(0))
    backwards.merge(part(1))
    for tally in (left, right, backwards):
        assert tally.sums() == whole
        assert tables_of(tally.sums()) == tables_of(whole)


def test_merging_leaves_the_other_as_it_is() -> None:
    batch = made_up(1, 50)
    one, other = a_tally(), counted(batch)
    before = other.to_json()
    one.merge(other)
    assert other.to_json() == before
    assert tables_of(one.sums()) == tables_of(other.sums())


def test_a_tally_goes_on_after_a_merge() -> None:
    batch, more = made_up(1, 60), made_up(2, 40)
    edge = 30
    tally = a_tally()
    visits, results = batch.arrays(0, edge)
    tally.add(visits, *results)
    tally.merge(counted(more))
    visits, results = batch.arrays(edge, len(batch))
    tally.add(visits, *results)
    whole = counted(batch)
    whole.merge(counted(more))
    assert tables_of(tally.sums()) == tables_of(whole.sums())


def test_tables_may_number_slots_and_reasons_otherwise() -> None:
    batch = made_up(4, 80, people=PEOPLE)
    whole = counted(batch)
    turned = Vocabulary(list(reversed(SLOTS)))
    turned.reasons[1:] = reversed(turned.reasons[1:])
    visits = {**batch.visits, "slot": [len(SLOTS) - 1 - slot for slot in batch.visits["slot"]]}
    sides = tuple(
        {**side, "reason": [reason and len(turned.reasons) - reason for reason in side["reason"]]}
        for side in batch.sides
    )
    tally = Tally(turned, turned)
    add(tally, Batch(visits, sides, batch.layers), [])
    assert tally.to_json() == whole.to_json()
    tally.merge(whole)
    assert tally.sums().total == 2 * whole.sums().total


# keeping


@settings(max_examples=60)
@given(batches, st.integers(0, 60), st.booleans())
def test_a_tally_read_back_goes_on(
    tmp_path_factory: pytest.TempPathFactory, batch: Batch, edge: int, file: bool
) -> None:
    edge = min(edge, len(batch))
    tally = a_tally()
    visits, results = batch.arrays(0, edge)
    tally.add(visits, *results)
    text = tally.to_json()
    if file:
        path = tmp_path_factory.mktemp("tally") / "tally.npz"
        tally.save(path)
        again = Tally.load(path, Vocabulary(), Vocabulary())
    else:
        again = Tally.from_json(text, Vocabulary(), Vocabulary())
    assert again.to_json() == text
    visits, results = batch.arrays(edge, len(batch))
    again.add(visits, *results)
    assert again.to_json() == counted(batch).to_json()


def test_a_table_may_grow_between_batches() -> None:
    batch = made_up(8, 60)
    tables = [Vocabulary(list(SLOTS), []) for _ in range(2)]
    tally = Tally(*tables)
    for table in tables:
        table.reasons += Vocabulary().reasons
    add(tally, batch, [20])
    for table in tables:
        table.slots.append(Slot(Benefit.TWO_DISEASES, "高血压"))
        table.reasons.append(Reason("NEW", "新。", "New."))
    more = made_up(8, 60)
    visits = {**more.visits, "slot": [len(SLOTS)] * 60, "person": [n + 1000 for n in more.visits["person"]]}
    sides = tuple({**side, "reason": [reason and 4 for reason in side["reason"]]} for side in more.sides)
    add(tally, Batch(visits, sides, more.layers), [])
    sums = tally.sums()
    assert ("two-diseases", "高血压") in sums.draws
    assert Reason("NEW", "新。", "New.") in sums.reasons


# refusals


def test_more_than_64_bits_hold_is_refused_and_not_counted() -> None:
    count = 10
    visits = Visits.of(
        person=np.arange(count),
        day=np.full(count, 20000),
        pool=np.full(count, 360100),
        standing=np.zeros(count, int),
        level=np.zeros(count, int),
        situation=np.zeros(count, int),
        slot=np.zeros(count, int),
        total=np.full(count, MOST // count),
        in_scope=np.zeros(count, int),
    )
    tally = Tally(Vocabulary())
    tally.add(visits, Results.of(count))
    assert tally.sums().total == MOST // count * count
    before = tally.to_json()
    with pytest.raises(TallyFull):
        tally.add(visits, Results.of(count))
    assert tally.to_json() == before
    with pytest.raises(TallyFull):
        tally.merge(tally)


def test_what_does_not_belong_together_is_refused() -> None:
    batch = made_up(1, 10)
    visits, results = batch.arrays(0, 10)
    tally = a_tally()
    with pytest.raises(ValueError, match="2 sides"):
        tally.add(visits, results[0])
    with pytest.raises(ValueError, match="10 visits"):
        tally.add(visits, results[0], Results.of(9))
    with pytest.raises(ValueError, match="slot"):
        Tally(Vocabulary([]), Vocabulary()).add(visits, *results)
    with pytest.raises(TallyOfAnotherKind):
        tally.merge(a_tally(1))
    with pytest.raises(TallyOfAnotherKind):
        Tally.from_json(counted(batch, sides=1).to_json(), Vocabulary(), Vocabulary())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-9],
        lambda text: "[]",
        lambda text: text.replace('"version":1', '"version":2').replace('"version": 1', '"version": 2'),
        lambda text: text.replace('"retired"', '"tired"'),
        lambda text: json.dumps({**json.loads(text), "tables": {}}),
        lambda text: text.replace('"visits"', '"visit"'),
        lambda text: json.dumps({**json.loads(text), "under_way": {}}),
    ],
)
def test_a_text_that_is_no_tally_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    text = counted(made_up(1, 20)).to_json()
    assert spoil(text) != text
    with pytest.raises(TallyOfAnotherKind):
        Tally.from_json(spoil(text), Vocabulary(), Vocabulary())


def test_a_file_that_is_no_tally_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tally.npz"
    for content in (b"", b"PK\x03\x04nothing"):
        path.write_bytes(content)
        with pytest.raises(TallyOfAnotherKind):
            Tally.load(path, Vocabulary())


# bins


@given(st.integers(0, MOST))
def test_a_bin_is_exact_to_one_in_256(amount: int) -> None:
    number = bin_of(amount)
    least, beyond = first_of_bin(number), first_of_bin(number + 1)
    assert least <= amount < beyond
    assert (beyond - least) * BINS_OF_OCTAVE <= max(least, BINS_OF_OCTAVE)
