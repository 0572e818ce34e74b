"""The generator: the same visits whatever the parts and threads, and distributed as its parameters say."""

import errno
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from tests.simulation.factories import ANSWERED, YEAR, answered_visits
from yidi.policy.book import book
from yidi.reference.diseases import diseases
from yidi.simulation import columns, generate
from yidi.simulation.answers import Answers, Draw, pools
from yidi.simulation.errors import BadSize, CannotWrite, FolderInUse, FolderTaken, NothingAnswered
from yidi.simulation.files import claimed
from yidi.simulation.generate import Generator, Wanted
from yidi.simulation.parameters import AGES, Parameters, parameters
from yidi.simulation.population import TRAITS
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing, Trait

BLOCKS = 4
PEOPLE = BLOCKS * generate.BLOCK
SIGMAS = 5
"""How far a mean may lie from what is stated; at a fixed seed the tests are not a matter of luck."""


def contents(folder: Path) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in sorted(folder.iterdir())])


# the same visits


@pytest.mark.parametrize(("parts", "workers"), [(1, 1), (3, 2), (7, 3), (50, 2)])
def test_visits_do_not_depend_on_parts_or_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: int, workers: int
) -> None:
    monkeypatch.setattr(generate, "BLOCK", 100)
    wanted = Wanted(730, YEAR, seed=3, visits=4_000)
    whole = pa.Table.from_batches([Generator(wanted, book()).block(number) for number in range(8)])
    written = generate.generate(wanted, book(), tmp_path / "visits", workers, parts)
    found = contents(tmp_path / "visits")
    assert written == len(found) == 4_000
    assert found.equals(whole)
    assert found.schema.metadata == whole.schema.metadata
    assert len(list((tmp_path / "visits").iterdir())) == min(parts, wanted.blocks)


def test_parts_are_cut_between_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "BLOCK", 64)
    generate.generate(Wanted(300, YEAR), book(), tmp_path, 2, 4)
    people = [set(pq.read_table(path)["person"].to_pylist()) for path in sorted(tmp_path.iterdir())]
    assert sum(map(len, people)) == len(set.union(*people)) == 300


@pytest.mark.parametrize("change", [{"seed": 8}, {"year": YEAR - 1}, {"people": 499}])
def test_another_seed_gives_other_visits(change: dict[str, int]) -> None:
    wanted = {"people": 500, "year": YEAR, "seed": 7}
    batches = [Generator(Wanted(**of), book()).block(0) for of in (wanted, wanted | change)]
    amounts = [batch.column("total").to_pylist()[:50] for batch in batches]
    assert amounts[0] != amounts[1]


def test_visits_are_sorted_and_numbered() -> None:
    rows = answered_visits().select(["person", "day", "serial"]).to_pylist()
    keys = [(row["person"], row["day"], row["serial"]) for row in rows]
    assert keys == sorted(keys)
    by_person: dict[int, list[int]] = {}
    for row in rows:
        by_person.setdefault(row["person"], []).append(row["serial"])
    assert sorted(by_person) == list(range(1, ANSWERED + 1))
    assert all(serials == list(range(1, len(serials) + 1)) for serials in by_person.values())


def test_files_say_how_they_came_to_be() -> None:
    about = columns.about(answered_visits().schema)
    assert about["sorted_by"] == ["person", "day", "serial"]
    made = about["generator"]
    assert (made["seed"], made["year"], made["people"], made["rules"]) == (7, YEAR, ANSWERED, book().digest)
    stated = {row["name"]: row for row in made["parameters"]}
    assert stated["level.tertiary"]["source"] == "assumed"
    assert stated["employee.retired"]["source"].startswith("https://www.nhsa.gov.cn/")


def test_visits_are_exactly_as_many_as_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "BLOCK", 100)
    for visits in (250, 251, 1_000, 99_999):
        generator = Generator(Wanted(250, YEAR, visits=visits), book())
        blocks = [generator.block(number) for number in range(3)]
        assert sum(map(len, blocks)) == visits
        assert [len(set(block.column("person").to_pylist())) for block in blocks] == [100, 100, 50]


@pytest.mark.parametrize(("people", "visits"), [(0, None), (3_000_000_000, None), (10, 9), (10, 10_001)])
def test_sizes_that_cannot_be(people: int, visits: int | None) -> None:
    with pytest.raises(BadSize):
        Wanted(people, YEAR, visits=visits)


def test_an_output_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderTaken):
        generate.generate(Wanted(10, YEAR), book(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_no_visits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "BLOCK", 50)
    block = Generator.block

    def failing(self: Generator, number: int) -> pa.RecordBatch:
        if number == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        return block(self, number)

    monkeypatch.setattr(Generator, "block", failing)
    with pytest.raises(CannotWrite, match="磁盘已满"):
        generate.generate(Wanted(400, YEAR), book(), tmp_path, parts=4)
    assert list(tmp_path.iterdir()) == []


def test_no_file_has_its_name_before_all_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run killed in its middle must not leave what looks like a year; the next one writes over it."""
    monkeypatch.setattr(generate, "BLOCK", 50)
    seen: list[list[str]] = []
    block = Generator.block

    def watched(self: Generator, number: int) -> pa.RecordBatch:
        seen.append([path.name for path in tmp_path.glob("*.parquet")])
        return block(self, number)

    monkeypatch.setattr(Generator, "block", watched)
    (tmp_path / "part-00009.parquet.unfinished").write_bytes(b"of a run cut short")
    generate.generate(Wanted(200, YEAR), book(), tmp_path, 1, parts=4)
    assert len(seen) == 4
    assert not any(seen)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"part-{number:05d}.parquet" for number in range(4)
    ]


def test_one_run_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    with claimed(tmp_path), pytest.raises(FolderInUse):
        generate.generate(Wanted(10, YEAR), book(), tmp_path)
    assert list(tmp_path.iterdir()) == []


# what is answered


def test_answered_only_draws_what_the_book_answers() -> None:
    answers = Answers(book(), YEAR, unverified=True)
    asked = set()
    for row in answered_visits().to_pylist():
        draw = Draw(*columns.slot_parts(row["slot"])[:2])
        asked.add(
            (f"{row['pool']:06d}", Standing(row["standing"]), draw, Level(row["level"]), row["situation"])
        )
    assert len(asked) > 200
    for pool, standing, draw, level, situation in asked:
        assert (draw, level) in answers.of_standing(pool, standing, (draw,), (level,))
        assert Situation(situation) in answers.situations(pool, standing, draw, level)


def test_a_book_that_answers_nothing(tmp_path: Path) -> None:
    from tests.policy.factories import HEAD, RULE, book_of

    rules = book_of(tmp_path, general=HEAD + RULE)
    with pytest.raises(NothingAnswered):
        Generator(Wanted(10, 2010, answered_only=True), rules)


# distribution


@pytest.fixture(scope="module")
def stated() -> Parameters:
    return parameters(YEAR)


@pytest.fixture(scope="module")
def drawn() -> Mapping[str, NDArray[np.generic]]:
    """Some blocks of people, column by column; words as text."""
    generator = Generator(Wanted(PEOPLE, YEAR, seed=11), book())
    table = pa.Table.from_batches([generator.block(number) for number in range(BLOCKS)])
    return {name: table[name].to_numpy() for name in table.schema.names}


def close(
    drawn: Mapping[str, NDArray[np.generic]],
    amount: NDArray[np.generic],
    over: NDArray[np.generic],
    wanted: Decimal | float,
    relative: float = 0.12,
) -> None:
    """The sum of `amount` over the sum of `over` is what is wanted; visits of one person may resemble one another."""
    people = drawn["person"].astype(np.int64)
    sums = [np.bincount(people, np.where(over, part, 0).astype(float)) for part in (amount, over)]
    ratio = sums[0].sum() / sums[1].sum()
    bound = SIGMAS * np.sqrt(((sums[0] - ratio * sums[1]) ** 2).sum()) / sums[1].sum()
    assert bound < relative * float(wanted) + 0.005, "so wide a bound would hold for anything"
    assert abs(ratio - float(wanted)) < bound


def of_people(drawn: Mapping[str, NDArray[np.generic]]) -> NDArray[np.bool_]:
    """The first visit of each person."""
    first: NDArray[np.bool_] = drawn["serial"] == 1
    return first


def scheme(drawn: Mapping[str, NDArray[np.generic]], which: Scheme) -> NDArray[np.bool_]:
    employees: NDArray[np.bool_] = np.isin(drawn["standing"], [Standing.ACTIVE, Standing.RETIRED])
    return employees if which is Scheme.EMPLOYEE else ~employees


def test_numbers_of_visits(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    counts = np.bincount(drawn["person"].astype(np.int64))[1:]
    assert len(counts) == PEOPLE
    assert counts.min() == 1
    mean = float(stated["visits.mean"])
    assert abs(counts.mean() - mean) < SIGMAS * mean / PEOPLE**0.5
    # Geometric: the share of those with a single visit.
    assert abs((counts == 1).mean() - 1 / mean) < SIGMAS * 0.4 / PEOPLE**0.5


def test_schemes_and_standings(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    people = of_people(drawn)
    for which in Scheme:
        close(drawn, scheme(drawn, which), people, stated[f"scheme.{which}"])
        for standing, share in stated.group(which).items():
            close(drawn, drawn["standing"] == standing, people & scheme(drawn, which), share)


def test_pools(drawn: Mapping[str, NDArray[np.generic]]) -> None:
    weights = {int(pool.code): pool.weight for pool in pools()}
    codes, counts = np.unique(drawn["pool"][of_people(drawn)], return_counts=True)
    assert set(codes.tolist()) <= set(weights)
    found = dict(zip(codes.tolist(), counts.tolist(), strict=True))
    expected = {code: PEOPLE * weight / sum(weights.values()) for code, weight in weights.items()}
    distance = sum((found.get(code, 0) - mean) ** 2 / mean for code, mean in expected.items())
    free = len(weights) - 1
    assert abs(distance - free) < SIGMAS * (2 * free) ** 0.5


def test_kinds_and_levels(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    pharmacy = drawn["level"] == Level.PHARMACY
    for which in Scheme:
        close(drawn, pharmacy, scheme(drawn, which), stated[f"pharmacy.{which}"])
    chronic = drawn["slot"] != Benefit.GENERAL_OUTPATIENT
    close(drawn, chronic, ~pharmacy, stated["chronic.visits"])
    assert not (chronic & pharmacy).any()
    for level, share in stated.group("level").items():
        close(drawn, drawn["level"] == level, ~pharmacy, share)


def test_diseases(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    group = {item.code: item.group for item in diseases()}
    chronic = drawn["slot"] != Benefit.GENERAL_OUTPATIENT
    pairs = set(zip(drawn["person"][chronic].tolist(), drawn["slot"][chronic].tolist(), strict=True))
    assert len(pairs) == len({person for person, _ in pairs}), (
        "one disease for each person, all through the year"
    )
    found = Counter(group[slot.partition(":")[2]] for _, slot in pairs)
    for disease, share in stated.group("disease").items():
        bound = SIGMAS * (float(share) * (1 - float(share)) / len(pairs)) ** 0.5
        assert bound < 0.34 * float(share)
        assert abs(found[disease] / len(pairs) - float(share)) < bound


def test_people_with_a_chronic_disease(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    """Who has many visits to hospitals and a disease has almost surely used it."""
    people = drawn["person"].astype(np.int64)
    visits = np.bincount(people, drawn["level"] != Level.PHARMACY)
    chronic = np.bincount(people, drawn["slot"] != Benefit.GENERAL_OUTPATIENT)[visits >= 14]
    share = float(stated["chronic.people"])
    bound = SIGMAS * (share * (1 - share) / len(chronic)) ** 0.5 + 0.003
    assert bound < 0.24 * share
    assert abs((chronic > 0).mean() - share) < bound


def test_situations(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    groups = {"active": [Standing.ACTIVE], "retired": [Standing.RETIRED]}
    groups["resident"] = [Standing.MINOR, Standing.ADULT, Standing.SENIOR]
    people = of_people(drawn)
    for name, standings in groups.items():
        mine = people & np.isin(drawn["standing"], standings)
        shares = stated.group(f"situation-{name}")
        assert sum(shares.values()) == 1
        for situation, share in shares.items():
            close(drawn, drawn["situation"] == situation, mine, share)


def test_costs(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    pharmacy, chronic = drawn["level"] == Level.PHARMACY, drawn["slot"] != Benefit.GENERAL_OUTPATIENT
    kinds = {"pharmacy": pharmacy, "chronic": chronic, "general": ~pharmacy & ~chronic}
    for kind, of_kind in kinds.items():
        for which in Scheme:
            mine = of_kind & scheme(drawn, which)
            mean = stated[f"cost.{kind}.{which}"] * stated["cost.elsewhere"] * 100
            close(drawn, drawn["total"], mine, mean)
            spread = np.log(drawn["total"][mine].astype(float)).std()
            assert abs(spread / float(stated[f"spread.{kind}"]) - 1) < 0.05
    assert drawn["total"].min() >= 100


def test_parts_in_scope(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    share = drawn["in_scope"].astype(float) / drawn["total"].astype(float)
    least, most = float(stated["in-scope.least"]), float(stated["in-scope.most"])
    assert share.min() > least - 0.01
    assert share.max() <= most
    close(drawn, share, np.ones(len(share), np.bool_), (least + most) / 2, relative=0.01)


def test_days(drawn: Mapping[str, NDArray[np.generic]]) -> None:
    days = (drawn["day"].astype("datetime64[D]") - np.datetime64(f"{YEAR}-01-01")).astype(int)
    counts = np.bincount(days, minlength=365)
    assert len(counts) == 365
    mean = len(days) / 365
    assert abs(((counts - mean) ** 2 / mean).sum() - 364) < SIGMAS * (2 * 364) ** 0.5


def test_ages(drawn: Mapping[str, NDArray[np.generic]]) -> None:
    for standing, (youngest, oldest) in AGES.items():
        ages = drawn["age"][of_people(drawn) & (drawn["standing"] == standing)].astype(int)
        assert (ages.min(), ages.max()) == (youngest, oldest)
        span = oldest - youngest + 1
        bound = SIGMAS * span / 12**0.5 / len(ages) ** 0.5
        assert abs(ages.mean() - (youngest + oldest) / 2) < bound < span / 10


def test_traits(drawn: Mapping[str, NDArray[np.generic]], stated: Parameters) -> None:
    people, traits = of_people(drawn), drawn["traits"].astype(int)

    def having(trait: Trait) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (traits >> TRAITS.index(trait) & 1).astype(np.bool_)
        return found

    everybody, adults = np.ones(len(traits), np.bool_), drawn["standing"] == Standing.ADULT
    groups = {
        "trait": everybody,
        "employee-trait": scheme(drawn, Scheme.EMPLOYEE),
        "resident-trait": scheme(drawn, Scheme.RESIDENT),
        "adult-trait": adults,
    }
    told = np.zeros(len(traits), np.int64)
    for name, mine in groups.items():
        for trait, share in stated.group(name).items():
            close(drawn, having(Trait(trait)), people & mine, share, relative=0.4)
            told |= np.where(mine, 1 << TRAITS.index(Trait(trait)), 0)
    assert not (traits & ~told).any()


def test_a_person_is_the_same_all_through_the_year(drawn: Mapping[str, NDArray[np.generic]]) -> None:
    same = drawn["person"][1:] == drawn["person"][:-1]
    for name in ("pool", "standing", "situation", "age", "traits"):
        assert (drawn[name][1:][same] == drawn[name][:-1][same]).all()
