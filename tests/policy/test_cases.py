"""What a pool asks of the cases: exempt groups of pools, and the order of the catalogue."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.policy.cases import filing_rules, situation_of, upfront_on_whole
from yidi.values.terms import Scheme, Situation

DAY = date(2025, 6, 2)
ZHENGZHOU, LUOYANG, KAIFENG, NANYANG = "410100", "410300", "410200", "411300"


@pytest.mark.parametrize(
    ("home", "care", "where"),
    [
        (ZHENGZHOU, LUOYANG, Situation.EXEMPT),
        (LUOYANG, ZHENGZHOU, Situation.EXEMPT),
        (ZHENGZHOU, KAIFENG, Situation.UNFILED),
        (LUOYANG, NANYANG, Situation.UNFILED),
        (ZHENGZHOU, ZHENGZHOU, Situation.LOCAL),
    ],
)
def test_named_pools_need_no_filing_between_them(
    home: str, care: str, where: Situation, tmp_path: Path
) -> None:
    rule = f"unfiled: {{direct: true}}\nexempt: [{{between: [{ZHENGZHOU}, {LUOYANG}]}}]"
    rules = book_of(tmp_path, one=pack(rule, pool="410000", scheme="all", benefit="filing"))
    assert (
        situation_of(home, care, filing_rules(rules, home, Scheme.EMPLOYEE, DAY), Situation.UNFILED) is where
    )


def test_the_order_of_the_catalogue_is_the_care_regions(tmp_path: Path) -> None:
    rules = book_of(
        tmp_path, one=pack("upfront_on: whole-amount", pool="310000", scheme="all", benefit="catalogue")
    )
    assert upfront_on_whole(rules, "310106", DAY)
    assert not upfront_on_whole(rules, "360100", DAY)
