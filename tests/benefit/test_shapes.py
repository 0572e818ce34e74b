"""G-01 … G-25: every shape a region's rules may have, as small packs with their worked bills, to the fen."""

from pathlib import Path

import pytest

from tests.benefit.worked import Worked, amount, decide, outcomes, worked, wrong
from yidi.policy.language import shapes

SHAPES = [worked(shape) for shape in shapes()]


def test_there_is_one_of_each() -> None:
    assert [shape.id for shape in SHAPES] == [f"G-{number:02d}" for number in range(1, 26)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_shape_pays_its_worked_bills(shape: Worked, tmp_path: Path) -> None:
    told = list(outcomes(shape, shape.book(tmp_path)))
    assert told
    assert [(item, amiss) for item, amiss in told if amiss] == []


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_amount_that_is_wrong_is_told(shape: Worked, tmp_path: Path) -> None:
    """Every expected amount counts: with one fen more, a bill does not come out."""
    book = shape.book(tmp_path)
    for bill in (*shape.bills, *shape.visits):
        if "expect" in bill:
            decision = decide({key: value for key, value in bill.items() if key != "expect"}, shape, book, {})
            for name in bill["expect"]:
                more = f"{(amount(decision, name) + 1) // 100}.{(amount(decision, name) + 1) % 100:02d}"
                assert wrong({"expect": {name: more}}, decision)
