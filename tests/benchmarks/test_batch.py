"""The benchmark of batches: every peer that can run here pays some thousand visits alike. Nothing is timed."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.batch import match, publish, report, visits
from benchmarks.batch.compare import compare
from benchmarks.batch.field import Array, Field
from benchmarks.batch.match import IN, ONE_RULE, WHOLE_BOOK, Match
from benchmarks.batch.menus import menus_of
from benchmarks.batch.openfisca_env import is_made
from benchmarks.batch.peers import ORACLE, PEERS, Unavailable
from benchmarks.batch.race import Pace, Result, race
from benchmarks.batch.rule import RuleOutgrown, certain_book, numbers_of
from yidi.policy.book import book

VISITS = 4_000
POOLS = ("360100", "420100", "310000", "510100")
"""Residents and employees; bands by amount, ceilings as ranges, upfront shares, funds above the basic one."""
HERE = [name for name, entry in PEERS.items() if not entry.openfisca]


def paid_by(name: str, field: Field, threads: int) -> dict[str, Array]:
    """What a peer pays, run in this process. Skips where it cannot run here."""
    try:
        peer = PEERS[name].make(field)
    except Unavailable as why:
        pytest.skip(str(why))
    peer.run(threads)
    peer.run(threads)
    return dict(peer.outputs())


def same(those: Mapping[str, Array], right: Mapping[str, Array]) -> bool:
    return all(np.array_equal(those[name], right[name]) for name in those)


@pytest.fixture(scope="module")
def one_rule(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return match.one_rule(tmp_path_factory.mktemp("one-rule"), VISITS)


@pytest.fixture(scope="module")
def whole_book(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return match.whole_book(tmp_path_factory.mktemp("whole-book"), VISITS, POOLS)


@pytest.fixture(scope="module")
def right_by_rule(one_rule: Field) -> dict[str, Array]:
    return paid_by(ORACLE, one_rule, 1)


@pytest.fixture(scope="module")
def right_by_book(whole_book: Field) -> dict[str, Array]:
    return paid_by(ORACLE, whole_book, 1)


@pytest.mark.parametrize("name", [name for name in HERE if name != ORACLE])
def test_every_peer_pays_what_the_oracle_pays(
    name: str, one_rule: Field, right_by_rule: dict[str, Array]
) -> None:
    for threads in PEERS[name].threads:
        assert same(paid_by(name, one_rule, threads), right_by_rule)


def test_the_visits_reach_deductible_and_ceilings(one_rule: Field, right_by_rule: dict[str, Array]) -> None:
    listed = one_rule.column("slot") > 0
    cut = right_by_rule["flags"] > 0
    assert (right_by_rule["reason"] == 0).all()
    assert (right_by_rule["deductible"] > 0).any()
    assert (cut & listed).any()
    assert (cut & ~listed).any()


@pytest.mark.parametrize("name", [name for name in IN[WHOLE_BOOK] if name != ORACLE])
def test_kernels_agree_on_the_whole_book(
    name: str, whole_book: Field, right_by_book: dict[str, Array]
) -> None:
    for threads in PEERS[name].threads:
        assert same(paid_by(name, whole_book, threads), right_by_book)


def test_the_visits_meet_what_the_book_has(right_by_book: dict[str, Array]) -> None:
    refused = right_by_book["reason"] > 0
    assert 0 < refused.mean() < 0.5
    for name in ("deductible", "fund", "layers", "upfront"):
        assert (right_by_book[name] > 0).any()


@pytest.mark.skipif(not is_made(), reason="the environment of OpenFisca is made by the benchmark")
def test_openfisca_loses_fen_by_month_and_none_by_visit(one_rule: Field) -> None:
    results, paid = race(
        one_rule, [ORACLE, "openfisca", "openfisca-monthly"], Pace(rounds=1, patience=0), lambda doing: None
    )
    compared = {name: compare(one_rule, paid[name], paid[ORACLE]) for name in paid}
    assert not any(result.skipped for result in results)
    assert compared["openfisca"]["differing"] == 0
    assert compared["openfisca-monthly"]["fen"] > 0


def test_a_race_tells_times_memory_and_differences(one_rule: Field) -> None:
    results, paid = race(one_rule, [ORACLE, "numpy"], Pace(rounds=2, patience=0), lambda doing: None)
    assert [result.peer for result in results] == [ORACLE, "numpy"]
    for result in results:
        assert len(result.seconds) == len(result.cpu) == 2
        assert result.best > 0
        assert result.peak > 0
        compared = compare(one_rule, paid[result.peer], paid[ORACLE])
        assert (compared["of"], compared["differing"], compared["fen"]) == (VISITS, 0, 0)


def test_differences_are_counted(tmp_path: Path, one_rule: Field, right_by_rule: dict[str, Array]) -> None:
    wrong = {name: column.copy() for name, column in right_by_rule.items()}
    wrong["fund"][[0, 1]] += 3
    wrong["flags"][1] ^= 1
    wrong["deductible"][2] += 1
    np.savez(tmp_path / "wrong.npz", **wrong)
    np.savez(tmp_path / "right.npz", **right_by_rule)
    compared = compare(one_rule, tmp_path / "wrong.npz", tmp_path / "right.npz")
    assert (compared["differing"], compared["fen"]) == (3, 6)
    assert compared["columns"]["fund"] == 2


def test_a_rule_that_peers_cannot_express_is_not_measured() -> None:
    with pytest.raises(RuleOutgrown, match="one yearly ceiling"):
        numbers_of(book())
    assert numbers_of(certain_book()).slots > 2


@pytest.mark.parametrize("many", [1, 9, 10, 1_000])
def test_visits_are_as_many_as_asked_for_and_sorted(many: int, one_rule: Field) -> None:
    for columns in (
        visits.one_rule(one_rule.numbers, 360100, [2, 3], 3, many),
        visits.whole_book(menus_of(book(), POOLS[:1]), 20_000, 3, many),
    ):
        place = columns["person"] * 100_000 + columns["day"]
        assert len(place) == many
        assert (np.diff(place) >= 0).all()
        assert (columns["in_scope"] <= columns["total"]).all()


def results() -> list[Result]:
    """Results as a run gives them."""
    fine = {"unit": "visit", "of": 10, "columns": {}, "differing": 0, "fen": 0}
    by_year = {"unit": "person and year", "of": 4, "differing": 2, "fen": 1_234, "most": 1_000}
    return [
        Result("yidi", "yidi", 1, first=3.0, seconds=[2e-7], cpu=[2e-7], peak=2**20, compared=fine),
        Result("c-table", "C", 1, seconds=[1e-7], cpu=[1e-7], peak=2**20, compared=fine),
        Result("openfisca", "exact", 1, seconds=[1e-5], cpu=[1e-5], peak=2**20, compared=fine),
        Result("openfisca-monthly", "monthly", 1, seconds=[1e-5], peak=2**20, compared=by_year),
        Result("triad", "triad", 1, seconds=[1e-3], bytes_moved=10**7),
        Result("polars", "Polars", 2, skipped="polars is not installed"),
    ]


def test_the_page_names_machine_day_and_every_peer() -> None:
    matches = [Match(ONE_RULE, 10, results()), Match(WHOLE_BOOK, 10, results())]
    found = report.as_json(matches, {"processor": "a good one"}, {"Python": "3"})
    text = publish.page(matches, found)
    for wanted in (
        "a good one",
        found["measured"][:10],
        "2 of 4",
        "1,234",
        "not run: polars is not installed",
    ):
        assert wanted in text
    assert "10.0 GB/s" in text
    assert list(report.goals(matches)) == [
        "one-rule, threads: 1. 50 times the speed of OpenFisca-Core by the clock, 50 by processor time; wanted: 50. "
        "0 visits differ, 0 fen lost.",
        "whole-book, threads: 1. 0.5 of the speed of C by the clock, 0.5 by processor time; wanted: 0.5. "
        "0 visits differ, 0 fen lost.",
    ]


def test_results_are_kept_as_json(tmp_path: Path) -> None:
    found = report.as_json([Match(ONE_RULE, 10, results())], {}, {})
    path = report.write(found, tmp_path / "results")
    assert path.read_text(encoding="utf-8").count('"peer"') == len(results())
