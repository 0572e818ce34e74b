"""Batches against the same visits one by one, to the fen."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.benefit.batch_books import OneByOne, Visit, book, columns, packs, told, visits
from yidi.benefit.batch import Results, RuleTable, pay_visits

BOOKS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled"])
@BOOKS
@given(packs(), visits())
def test_a_batch_pays_what_one_by_one_pays(compiled: bool, made: dict[str, str], bills: list[Visit]) -> None:
    with book(made) as rules:
        table = RuleTable(rules)
        batch = columns(table, bills)
        results = pay_visits(table, batch, out=Results.of(len(batch), each_layer=True), compiled=compiled)
        expected = OneByOne(rules).pay(table, batch)
    sentences = [visit.pop("sentence", None) for visit in expected]
    assert told(table, results) == expected
    for reason in set(results.reason[results.reason > 0].tolist()):
        first = int(np.flatnonzero(results.reason == reason)[0])
        assert table.reasons[reason][1:] == sentences[first]
