"""Batches against the same visits one by one, to the fen."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benefit.batch_books import CODES, OneByOne, Visit, book, columns, packs, told, visits
from tests.policy.factories import book_of, pack
from yidi.benefit import batch_walk
from yidi.benefit.batch import (
    COMPILED_FROM,
    CUT,
    UNVERIFIED,
    Carry,
    Results,
    RuleTable,
    Visits,
    pay_visits,
)
from yidi.benefit.batch_errors import BadColumn, BadVisit, NotSorted, SlotsFull
from yidi.benefit.batch_store import DAYS, EPOCH, FIRST_OF_MONTHS
from yidi.benefit.batch_table import LEVELS_OF_CARE, SITUATIONS, STANDINGS, TRAITS, Asked
from yidi.benefit.batch_walk import LAST_SLOT, NOBODY, month_of
from yidi.policy.book import RuleBook
from yidi.policy.book import book as shipped_book
from yidi.policy.resolve import benefit_rule
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Fund, Level, Situation, Standing

BOOKS = settings(max_examples=40, suppress_health_check=list(HealthCheck))
ENGINES = pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
NANCHANG = 360100
MARCH = (date(2025, 3, 1) - EPOCH).days
GENERAL = """
deductible: {yuan: 100, per: year}
share: 50%
ceiling: {yuan: 1000, per: year, on: fund}
"""


def batch_of(table: RuleTable, count: int = 3, **changes: Any) -> Visits:
    """Visits of one active employee of Nanchang, a day apart, of 1000 yuan each."""
    plain: dict[str, Any] = {
        "person": 7,
        "day": MARCH + np.arange(count),
        "pool": NANCHANG,
        "standing": STANDINGS.index(Standing.ACTIVE),
        "level": LEVELS_OF_CARE.index(Level.TERTIARY),
        "situation": SITUATIONS.index(Situation.LOCAL),
        "slot": table.slot(Benefit.GENERAL_OUTPATIENT),
        "total": 100_000,
        "in_scope": 100_000,
    }
    return Visits.of(**{name: np.broadcast_to(value, count) for name, value in {**plain, **changes}.items()})


@pytest.fixture
def general(tmp_path: Path) -> RuleBook:
    """One rule for employees of Nanchang: 100 yuan deductible, 50 %, at most 1000 yuan a year."""
    return book_of(tmp_path, go=pack(GENERAL))


# One by one


@BOOKS
@given(packs(), visits(), st.data())
def test_a_batch_pays_what_one_by_one_pays(
    made: dict[str, str], bills: list[Visit], data: st.DataObject
) -> None:
    """By either engine, and cut in two at any place; refusals too, in the words of the first visit that met each."""
    cuts = data.draw(st.integers(0, len(bills)))
    with book(made) as rules:
        table = RuleTable(rules)
        expected = OneByOne(rules).pay(table, columns(table, bills))
        sentences = [visit.pop("sentence", None) for visit in expected]
        for compiled, cut in ((False, 0), (True, 0), (True, cuts)):
            table, carry = RuleTable(rules), Carry()
            whole = columns(table, bills)
            parts = [pay(table, batch, carry, compiled) for batch in (whole[:cut], whole[cut:])]
            assert [visit for part in parts for visit in told(table, part)] == expected
            reasons = np.concatenate([part.reason for part in parts])
            first = {reason: int(np.argmax(reasons == reason)) for reason in set(reasons.tolist()) if reason}
            assert all(table.reasons[reason][1:] == sentences[row] for reason, row in first.items())


def test_a_rule_away_that_pays_like_another_at_home_is_not_taken_for_it(tmp_path: Path) -> None:
    """Ten points off bring the share of the young to nothing, which is that of the old at home: they get none away."""
    general = "deductible: none\nshare: {tertiary: 0%, where: [{age_to: 17, plus: 5%}]}\nceiling: none"
    filing = (
        "adjustment: {long-term: {mode: none}, temporary: {mode: none}, unfiled: {mode: points, ratio: 10%}}"
    )
    rules = book_of(tmp_path, go=pack(general), filing=pack(filing, benefit="filing"))
    table, away = RuleTable(rules), SITUATIONS.index(Situation.UNFILED)
    long_term = SITUATIONS.index(Situation.LONG_TERM_RESIDENT)
    batch = batch_of(table, 3, age=[17, 60, 60], situation=[away, long_term, away])
    assert pay_visits(table, batch).fund.tolist() == [0, 0, 0]


def pay(table: RuleTable, batch: Visits, carry: Carry, compiled: bool) -> Results:
    return pay_visits(table, batch, carry, Results.of(len(batch), each_layer=True), compiled)


@ENGINES
def test_a_batch_cut_anywhere_pays_the_same(compiled: bool) -> None:
    table = RuleTable(shipped_book(), unverified=True)
    batch = shipped_visits(table, 60, random.Random(2))
    whole = told(table, pay(table, batch, Carry(), compiled))
    for cut in range(len(batch)):
        carry = Carry()
        parts = [pay(table, part, carry, compiled) for part in (batch[:cut], batch[cut:])]
        assert [visit for part in parts for visit in told(table, part)] == whole
        assert carry.refused == sum(visit["refused"] != "" for visit in whole)


@pytest.mark.parametrize("unverified", [False, True])
def test_the_shipped_book_pays_in_a_batch_what_it_pays_one_by_one(unverified: bool) -> None:
    table = RuleTable(shipped_book(), unverified=unverified)
    batch = shipped_visits(table, 1_000, random.Random(1))
    expected = OneByOne(shipped_book(), unverified=unverified).pay(table, batch)
    for visit in expected:
        visit.pop("sentence", None)
    for compiled in (False, True):
        results = pay(table, batch, Carry(), compiled)
        assert told(table, results) == expected
    assert results.refused() == {
        number: int(np.sum(results.reason == number)) for number in set(results.reason.tolist()) - {0}
    }
    assert int(np.sum(results.fund > 0)) > len(batch) // 10
    assert bool(np.any(results.flags & UNVERIFIED)) is unverified


def shipped_visits(table: RuleTable, count: int, dice: random.Random) -> Visits:
    """Visits of people of all pools that the shipped book has packs of; what it answers is asked the most."""
    pools = [pool for pool in table.book.pools() if regions.pool_of(pool) == pool]
    draws = [
        table.slot(Benefit.GENERAL_OUTPATIENT),
        table.slot(Benefit.INPATIENT),
        *(table.slot(Benefit.CHRONIC_DISEASE, code) for code in CODES),
        table.slot(Benefit.CHRONIC_DISEASE, CODES[0], CODES[:2]),
        table.slot(Benefit.TWO_DISEASES, CODES[0]),
        table.slot(Benefit.DUAL_CHANNEL, "B"),
    ]
    rows: list[dict[str, int]] = []
    while len(rows) < count:
        person = len(rows)
        who = {
            "pool": int(dice.choice(pools)),
            "standing": dice.randrange(len(STANDINGS)),
            "situation": dice.randrange(len(SITUATIONS)),
            "age": dice.randrange(-1, 99),
            "traits": sum(1 << dice.randrange(len(TRAITS)) for _ in range(dice.randrange(2))),
        }
        for day in sorted(dice.randrange(730) for _ in range(dice.randrange(1, 12))):
            visit = {**who, "day": (date(2025, 1, 1) - EPOCH).days + day}
            care = {"level": dice.randrange(len(LEVELS_OF_CARE)), "slot": dice.choice(draws)}
            total = int(1_000 * 10 ** (5 * dice.random()))
            if answered(table, Asked(**visit, **care)) or dice.random() < 0.05:
                rows.append(
                    {"person": person, **visit, **care, "total": total, "in_scope": dice.randrange(total + 1)}
                )
    return Visits.of(**{name: np.array([row[name] for row in rows]) for name in rows[0]})


def answered(table: RuleTable, asked: Asked) -> bool:
    try:
        return bool(benefit_rule(table.book, table.question(asked), unverified=table.unverified))
    except Refusal:
        return False


# What a batch is told


@ENGINES
def test_a_refused_visit_moves_no_counter(general: RuleBook, compiled: bool) -> None:
    table = RuleTable(general)
    disease = table.slot(Benefit.CHRONIC_DISEASE, CODES[0])
    slots = [table.slot(Benefit.GENERAL_OUTPATIENT), disease, table.slot(Benefit.GENERAL_OUTPATIENT)]
    results = pay_visits(table, batch_of(table, slot=slots), compiled=compiled)
    assert results.deductible.tolist() == [10_000, 0, 0]
    assert results.fund.tolist() == [45_000, 0, 50_000]
    assert results.flags.tolist() == [0, 0, 0]
    assert results.reason.tolist() == [0, 1, 0]
    assert results.refused() == {1: 1}
    assert table.reasons[1].code == "POLICY-MISSING"
    assert "门诊慢特病在 2025-03-02" in table.reasons[1].zh


@ENGINES
def test_a_ceiling_cuts_and_says_so(general: RuleBook, compiled: bool) -> None:
    table = RuleTable(general)
    results = pay_visits(table, batch_of(table), compiled=compiled)
    assert results.fund.tolist() == [45_000, 50_000, 5_000]
    assert results.flags.tolist() == [0, 0, CUT]


@ENGINES
def test_counters_start_anew_with_the_year_and_belong_to_the_pool(general: RuleBook, compiled: bool) -> None:
    """Someone who comes back to a pool within the year finds the counters as they were left."""
    table = RuleTable(general)
    days = [date(2025, 12, 30), date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)]
    batch = batch_of(
        table, 4, day=np.array(days, "datetime64[D]"), pool=[NANCHANG, 360200, NANCHANG, NANCHANG]
    )
    results = pay_visits(table, batch, compiled=compiled)
    assert results.deductible.tolist() == [10_000, 0, 0, 10_000]
    assert results.fund.tolist() == [45_000, 0, 50_000, 45_000]


@ENGINES
def test_a_person_may_have_any_number_of_pools(compiled: bool) -> None:
    """More than there is room for at first: those left are kept until the year is over."""
    pools = [pool for _, pools in regions.cities() for pool in pools][:12]
    with book({pool.code: pack(GENERAL, pool=pool.code) for pool in pools}) as rules:
        table = RuleTable(rules)
        codes = [int(pool.code) for pool in pools] * 2
        results = pay_visits(table, batch_of(table, len(codes), pool=codes), compiled=compiled)
    assert results.fund.tolist() == [45_000] * len(pools) + [50_000] * len(pools)


@ENGINES
def test_a_range_is_paid_up_to_where_it_is_certain(tmp_path: Path, compiled: bool) -> None:
    """Beyond it the visit is refused, and a smaller one after it is paid."""
    rule = GENERAL.replace("yuan: 1000", "between: [1000, 2000]")
    table = RuleTable(book_of(tmp_path, go=pack(rule)))
    bills = [100_000, 300_000, 100_000, 300_000]
    results = pay_visits(table, batch_of(table, 4, total=bills, in_scope=bills), compiled=compiled)
    assert results.fund.tolist() == [45_000, 0, 50_000, 0]
    assert results.refused() == {1: 2}
    assert table.reasons[1].code == "BENEFIT-CEILING-UNKNOWN"
    assert "累计 1950.00 元" in table.reasons[1].zh


def test_each_layer_has_its_column_on_request(tmp_path: Path) -> None:
    stay = "deductible: none\nshare: 50%\nceiling: none"
    layer = "layer: {base: person, over: [inpatient]}\n" + stay
    packs = {
        "in": pack(stay, benefit="inpatient"),
        "large": pack(layer, benefit="large-sum"),
        "servant": pack(layer, benefit="civil-servant"),
    }
    table = RuleTable(book_of(tmp_path, **packs))
    batch = batch_of(table, slot=table.slot(Benefit.INPATIENT))
    results = pay_visits(table, batch, out=Results.of(5, each_layer=True))
    assert results.layers.tolist() == [37_500] * 3
    assert results.of_layer(Fund.LARGE_SUM).tolist() == [25_000] * 3
    assert results.of_layer(Fund.CIVIL_SERVANT).tolist() == [12_500] * 3
    assert results.of_layer(Fund.MEDICAL_AID).tolist() == [0] * 3


def test_a_reading_called_by_name_answers(tmp_path: Path) -> None:
    other = GENERAL.replace("50%", "70%") + "reading: other\nadopted: false"
    rules = book_of(tmp_path, go=pack(GENERAL, other))
    for reading, fund in (("", 45_000), ("other", 63_000), ("nobody's", 0)):
        table = RuleTable(rules, reading)
        assert pay_visits(table, batch_of(table, 1)).fund.tolist() == [fund]
    assert table.reasons[1].code == "POLICY-READING"


def test_results_are_written_over_and_keep_their_room(general: RuleBook) -> None:
    table, out = RuleTable(general), Results.of(10)
    pay_visits(table, batch_of(table, 10), out=out)
    results = pay_visits(table, batch_of(table, 2), out=out)
    assert (len(results), results.room) == (2, 10)
    assert results.fund.tolist() == [45_000, 50_000]
    assert pay_visits(table, batch_of(table, 3), out=results).fund.tolist() == [45_000, 50_000, 5_000]
    with pytest.raises(ValueError, match="room for 10 results, but 11 visits"):
        pay_visits(table, batch_of(table, 11), out=out)


def test_nothing_comes_of_no_visits(general: RuleBook) -> None:
    table, carry = RuleTable(general), Carry()
    results = pay_visits(table, batch_of(table, 0), carry)
    assert (len(results), results.refused(), carry.person) == (0, {}, NOBODY)


def test_a_carry_goes_with_its_table(general: RuleBook) -> None:
    carry = Carry()
    pay_visits(RuleTable(general), batch_of(RuleTable(general), 0), carry)
    with pytest.raises(ValueError, match="another table"):
        pay_visits(RuleTable(general), batch_of(RuleTable(general), 0), carry)


# What a batch refuses as a whole


@ENGINES
@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"person": [7, 8, 7]}, 2),
        ({"day": [MARCH, MARCH + 1, MARCH]}, 2),
        ({"person": [7, 6, 8]}, 1),
        ({"person": [-1, -2, -3], "day": MARCH}, 1),
    ],
)
def test_visits_out_of_order_are_refused(
    general: RuleBook, compiled: bool, changes: dict[str, Any], row: int
) -> None:
    table, carry, out = RuleTable(general), Carry(), Results.of(3)
    with pytest.raises(NotSorted) as refused:
        pay_visits(table, batch_of(table, **changes), carry, out, compiled)
    assert refused.value.details == {"row": row}
    assert carry.person == NOBODY
    assert not out.fund.any()


@ENGINES
@pytest.mark.parametrize(("person", "day"), [(6, MARCH), (7, MARCH - 1)])
def test_a_batch_out_of_order_with_the_one_before_is_refused(
    general: RuleBook, compiled: bool, person: int, day: int
) -> None:
    table, carry = RuleTable(general), Carry()
    pay_visits(table, batch_of(table, 1), carry, compiled=compiled)
    with pytest.raises(NotSorted) as refused:
        pay_visits(table, batch_of(table, 1, person=person, day=day), carry, compiled=compiled)
    assert refused.value.details == {"row": 0}
    after = pay_visits(table, batch_of(table, 1), carry, compiled=compiled)
    assert after.deductible.tolist() == [0]


def test_visits_of_one_day_are_paid_as_they_stand(general: RuleBook) -> None:
    table = RuleTable(general)
    bills = [5_000, 100_000, 5_000]
    results = pay_visits(table, batch_of(table, day=MARCH, total=bills, in_scope=bills))
    assert results.deductible.tolist() == [5_000, 5_000, 0]


@ENGINES
@pytest.mark.parametrize(
    ("column", "value", "least", "most"),
    [
        ("person", NOBODY, NOBODY + 1, -NOBODY - 1),
        ("day", -1, 0, DAYS - 1),
        ("day", DAYS, 0, DAYS - 1),
        ("pool", 1_000_000, 0, 999_999),
        ("pool", -1, 0, 999_999),
        ("standing", 5, 0, 4),
        ("level", 7, 0, 6),
        ("situation", 10, 0, 9),
        ("slot", 1, 0, 0),
        ("slot", -1, 0, 0),
        ("age", -2, -1, 150),
        ("age", 151, -1, 150),
        ("traits", 1 << 12, 0, (1 << 12) - 1),
        ("total", 10**12 + 1, 0, 10**12),
        ("in_scope", 100_001, 0, 100_000),
        ("in_scope", -1, 0, 100_000),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_row_and_column(
    general: RuleBook, compiled: bool, column: str, value: int, least: int, most: int
) -> None:
    table, carry = RuleTable(general), Carry()
    good = batch_of(table, 1)
    bad = batch_of(table, 1, **{column: value})
    joined = Visits.of(
        **{
            name: np.concatenate(pair)
            for name, *pair in zip(good.columns._fields, good.columns, bad.columns, strict=True)
        }
    )
    with pytest.raises(BadVisit) as refused:
        pay_visits(table, joined, carry, compiled=compiled)
    why = {"why": f"应在 {least} 至 {most} 之间", "why_en": f"it must be from {least} to {most}"}
    assert refused.value.details == {"row": 1, "column": column, "value": value, **why}
    assert carry.person == NOBODY


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": ["7"]}, "person 列不对：应是一列整数"),
        ({"in_scope": [1.5]}, "in_scope 列不对：应是一列整数"),
        ({"level": [300]}, "level 列不对：第 0 行的 300 放不下"),
        ({"day": [[1]]}, "day 列不对：应是一列整数"),
        ({"slot": [0, 0]}, "slot 列不对：有 2 行，person 有 1 行"),
    ],
)
def test_a_column_that_is_none_is_refused(general: RuleBook, changes: dict[str, Any], said: str) -> None:
    good = batch_of(RuleTable(general), 1).columns._asdict()
    with pytest.raises(BadColumn, match=said):
        Visits.of(**{**good, **changes})


def test_there_are_only_so_many_slots(general: RuleBook) -> None:
    table = RuleTable(general)
    for number in range(LAST_SLOT + 1):
        table.slot(Benefit.CHRONIC_DISEASE, str(number))
    assert table.slot(Benefit.CHRONIC_DISEASE, "0") == 0
    with pytest.raises(SlotsFull):
        table.slot(Benefit.GENERAL_OUTPATIENT)


# The engine


def test_threads_may_share_a_table() -> None:
    """Each pays for some of the people; rules are looked up by whoever comes to them first."""
    table = RuleTable(shipped_book(), unverified=True)
    batch = shipped_visits(table, 1_000, random.Random(3))
    alone = told(table, pay(table, batch, Carry(), compiled=True))
    shared = RuleTable(shipped_book(), unverified=True)
    for slot in table.slots:
        shared.slot(*slot)
    persons = batch.columns.person
    edges = [0, *(1 + np.flatnonzero(persons[1:] != persons[:-1]))[20::20].tolist(), len(batch)]
    parts = [batch[start:end] for start, end in pairwise(edges)]
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda part: pay(shared, part, Carry(), compiled=True), parts))
    assert [visit for result in results for visit in told(shared, result)] == alone


def test_few_visits_wait_for_no_compiler(general: RuleBook, monkeypatch: pytest.MonkeyPatch) -> None:
    def engine() -> None:
        raise AssertionError("compiled")

    monkeypatch.setattr("yidi.benefit.batch.compiled_engine", engine)
    table = RuleTable(general)
    pay_visits(table, batch_of(table, 3))
    with pytest.raises(AssertionError, match="compiled"):
        pay_visits(table, batch_of(table, COMPILED_FROM))


def test_every_day_falls_in_its_month() -> None:
    for day in range(DAYS):
        on = EPOCH + timedelta(days=day)
        assert month_of(FIRST_OF_MONTHS, day) == 12 * (on.year - 1970) + on.month - 1


def test_keys_have_room_for_every_term() -> None:
    assert len(STANDINGS) == batch_walk.STANDINGS
    assert len(LEVELS_OF_CARE) == batch_walk.LEVELS_NAMED <= batch_walk.LEVELS
    assert len(SITUATIONS) == batch_walk.SITUATIONS
    assert 1 << len(TRAITS) <= batch_walk.TRAITS
    assert (LAST_SLOT + 1) * batch_walk.SITUATIONS <= batch_walk.FORMS
    residents = [standing in ("minor", "adult", "senior") for standing in STANDINGS]
    assert residents == [number >= batch_walk.RESIDENTS_FROM for number in range(len(STANDINGS))]


def test_the_library_alone_needs_none_of_this() -> None:
    """`import yidi.benefit` reads nothing that only batches need."""
    code = "import sys, yidi.benefit; print({'numpy', 'numba', 'pyarrow'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
