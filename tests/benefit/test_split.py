"""Which part of a line is payable: a table of cases, and what holds for every line."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import RATIOS, a_line, an_entry
from yidi.benefit.errors import AmountMismatch, BadParts
from yidi.benefit.split import CatalogueEntry, FeeLine, split_bill, split_line, whole_split
from yidi.values.money import PPM
from yidi.values.terms import CatalogueClass

A, B, C = CatalogueClass
BOXES_4 = a_line(40_000, 24_010_000)
"""Four boxes at 24.01 yuan: 96.04 yuan."""
APPROVED, NOT_APPROVED = replace(BOXES_4, approved=True), replace(BOXES_4, approved=False)
LIMIT_20 = 20_000_000
HYPERTENSION = frozenset({"hypertension"})
TABLETS_7 = a_line(70_000, 333_333)
"""Seven at a third of a yuan: 2.33 yuan."""


@dataclass(frozen=True)
class Case:
    """A line, its catalogue entry, and the four parts in fen it comes to."""

    name: str
    line: FeeLine
    entry: CatalogueEntry
    parts: tuple[int, int, int, int]
    reason: str = "payable"
    group: str | None = None


CASES = [
    Case("class A", BOXES_4, an_entry(A), (0, 0, 0, 9604)),
    Case("class B", BOXES_4, an_entry(B, 100_000), (0, 0, 960, 8644)),
    Case("class C", BOXES_4, an_entry(C, PPM), (9604, 0, 0, 0), "class-c"),
    Case("class C by its share", BOXES_4, an_entry(B, PPM), (9604, 0, 0, 0), "class-c"),
    Case("class B without upfront share", BOXES_4, an_entry(B), (0, 0, 0, 9604)),
    Case("over the limit", BOXES_4, an_entry(A, price_limit_micro=LIMIT_20), (0, 1604, 0, 8000)),
    Case("over the limit, then class B", BOXES_4, an_entry(B, 100_000, price_limit_micro=LIMIT_20), (0, 1604, 800, 7200)),
    Case("just at the limit", BOXES_4, an_entry(A, price_limit_micro=24_010_000), (0, 0, 0, 9604)),
    Case("a millionth over the limit", BOXES_4, an_entry(A, price_limit_micro=24_009_999), (0, 0, 0, 9604)),
    Case("limit of nothing", BOXES_4, an_entry(B, 100_000, price_limit_micro=0), (0, 9604, 0, 0)),
    Case("class C over the limit", BOXES_4, an_entry(C, PPM, price_limit_micro=LIMIT_20), (9604, 0, 0, 0), "class-c"),
    Case("of the disease", BOXES_4, an_entry(A, chronic_groups=HYPERTENSION), (0, 0, 0, 9604), group="hypertension"),
    Case("of any disease", BOXES_4, an_entry(A), (0, 0, 0, 9604), group="hypertension"),
    Case("not of the disease", BOXES_4, an_entry(A, chronic_groups=HYPERTENSION), (9604, 0, 0, 0), "not-of-disease", "diabetes"),
    Case("of no disease", BOXES_4, an_entry(A, chronic_groups=frozenset()), (9604, 0, 0, 0), "not-of-disease", "diabetes"),
    Case("disease without a group", BOXES_4, an_entry(A, chronic_groups=HYPERTENSION), (9604, 0, 0, 0), "not-of-disease", ""),
    Case("general care asks for no disease", BOXES_4, an_entry(A, chronic_groups=frozenset()), (0, 0, 0, 9604)),
    Case("restricted, nobody asked", BOXES_4, an_entry(A, restricted=True), (9604, 0, 0, 0), "not-approved"),
    Case("restricted, refused", NOT_APPROVED, an_entry(A, restricted=True), (9604, 0, 0, 0), "not-approved"),
    Case("restricted, approved", APPROVED, an_entry(A, restricted=True), (0, 0, 0, 9604)),
    Case("unrestricted, refused", NOT_APPROVED, an_entry(A), (9604, 0, 0, 0), "not-approved"),
    Case("unrestricted, approved", APPROVED, an_entry(A), (0, 0, 0, 9604)),
    Case("approved, not of the disease", APPROVED, an_entry(A, restricted=True, chronic_groups=HYPERTENSION), (9604, 0, 0, 0), "not-of-disease", "diabetes"),
    Case("approval does not lift class C", APPROVED, an_entry(C, PPM, restricted=True), (9604, 0, 0, 0), "class-c"),
    Case("rounded once, half up", TABLETS_7, an_entry(B, 150_000), (0, 0, 35, 198)),
    Case("nothing for nothing", a_line(10_000, 0), an_entry(B, 100_000), (0, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line(case: Case) -> None:
    row = split_line(case.line, case.entry, case.group)
    assert (row.excluded, row.over_limit, row.upfront, row.in_scope) == case.parts
    assert row.reason == case.reason


@pytest.mark.parametrize("amount", [9603, 9605, 0, -9604])
def test_a_line_that_is_not_count_times_price_is_refused(amount: int) -> None:
    with pytest.raises(AmountMismatch) as refused:
        split_line(replace(BOXES_4, amount=amount), an_entry(A))
    assert "费用明细 1（甲药）" in refused.value.message
    assert "96.04 元" in refused.value.message


def entries() -> st.SearchStrategy[CatalogueEntry]:
    return st.builds(
        an_entry,
        st.sampled_from(CatalogueClass),
        RATIOS,
        price_limit_micro=st.none() | st.integers(0, 10**9),
        chronic_groups=st.frozensets(st.sampled_from(["any", "hypertension", "diabetes"])),
        restricted=st.booleans(),
    )


@given(
    st.integers(1, 10**7),
    st.integers(0, 10**9),
    entries(),
    st.sampled_from([None, "", "hypertension"]),
    st.sampled_from([None, True, False]),
)
def test_the_parts_of_every_line_make_up_its_amount(
    quantity: int, price: int, entry: CatalogueEntry, group: str | None, approved: bool | None
) -> None:
    row = split_line(a_line(quantity, price, approved=approved), entry, group)
    parts = (row.excluded, row.over_limit, row.upfront, row.in_scope)
    assert sum(parts) == row.line.amount
    assert min(parts) >= 0
    assert (row.excluded > 0) <= (row.reason != "payable")
    bill = split_bill([row, row])
    assert bill.total == 2 * row.line.amount == bill.excluded + bill.over_limit + bill.upfront + bill.in_scope
    assert bill.lines == (row, row)


def test_an_empty_bill_is_nothing() -> None:
    assert split_bill([]) == whole_split(0)


def test_a_bill_of_which_the_parts_are_known() -> None:
    split = whole_split(100_00, 10_00, 5_00, 1_50)
    assert (split.in_scope, split.lines) == (83_50, ())


@pytest.mark.parametrize(
    "parts", [(-1, 0, 0, 0), (100, 101, 0, 0), (100, 50, 30, 21), (100, -1, 0, 0), (100, 0, 0, -5)]
)
def test_parts_that_cannot_make_up_the_total_are_refused(parts: tuple[int, int, int, int]) -> None:
    with pytest.raises(BadParts):
        whole_split(*parts)


@pytest.mark.parametrize(
    ("upfront_ppm", "limited", "whole"),
    [
        # 96.04 yuan, of which 80.00 lie within the limit.
        (100_000, (0, 1604, 800, 7200), (0, 1604, 960, 7040)),
        (900_000, (0, 1604, 7200, 800), (0, 1604, 8000, 0)),
    ],
)
def test_the_order_of_limit_and_upfront_share(
    upfront_ppm: int, limited: tuple[int, ...], whole: tuple[int, ...]
) -> None:
    entry = an_entry(B, upfront_ppm, price_limit_micro=LIMIT_20)
    for on_whole, parts in ((False, limited), (True, whole)):
        row = split_line(BOXES_4, entry, upfront_on_whole=on_whole)
        assert (row.excluded, row.over_limit, row.upfront, row.in_scope) == parts
