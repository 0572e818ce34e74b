"""Worked bills of public articles, receipts and rule texts that this engine can express, to the fen.

The ids are those of the project's register of policy examples; amounts are in yuan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.benefit.factories import DAY, Mode, a_ceiling, a_line, a_rule, an_entry
from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.split import split_bill, split_line, whole_split
from yidi.policy.rules import Ceiling
from yidi.values.money import parse_percent, parse_yuan, yuan_text
from yidi.values.terms import Benefit, CatalogueClass, Situation


@dataclass(frozen=True)
class Bill:
    """In scope, deductible and share as the source states them; what the fund pays."""

    id: str
    in_scope: str
    deductible: str
    share: str
    fund: str
    ceilings: Sequence[Ceiling] = ()
    mode: Mode = "none"
    away: str = "0%"
    upfront_first: bool = True
    per: Literal["year", "visit"] = "visit"

    def decide(self) -> Decision:
        rule = a_rule(
            deductible=parse_yuan(self.deductible),
            deductible_per=self.per,
            share_ppm=parse_percent(self.share),
            ceilings=self.ceilings,
            mode=self.mode,
            ppm=parse_percent(self.away),
            upfront_first=self.upfront_first,
            situation=Situation.OTHER_TEMPORARY,
        )
        return adjudicate(whole_split(parse_yuan(self.in_scope)), rule, {}, DAY)


def top(yuan: str, **changes: object) -> Sequence[Ceiling]:
    return (a_ceiling(parse_yuan(yuan), **changes),)


BILLS = [
    # settlement records, receipts and assertions in public programs
    Bill("WE-004", "56.00", "0", "50%", "28.00"),
    Bill("WE-007", "500.00", "60.00", "65%", "286.00"),
    Bill("WE-009", "80.00", "80.00", "60%", "0.00"),
    Bill("WE-011", "300.00", "0", "0%", "0.00"),
    Bill("WE-013", "10000.00", "1500.00", "65%", "5525.00"),
    Bill("WE-015", "8000.00", "550.00", "75%", "5587.50"),
    Bill("WE-017", "10000.00", "1300.00", "85%", "7395.00"),
    Bill("WE-019", "10000.00", "800.00", "50%", "4600.00"),
    Bill("WE-021", "2000.00", "800.00", "65%", "780.00", per="year"),
    Bill("WE-023", "10000.00", "1500.00", "85%", "7225.00"),
    Bill("WE-025", "10000.00", "1000.00", "80%", "7200.00"),
    Bill("WE-027", "1000.00", "0", "55%", "550.00"),
    Bill("WE-029", "3000.00", "600.00", "80%", "1920.00", per="year"),
    Bill("WE-031", "1000.00", "0", "70%", "700.00"),
    Bill("WE-033", "1000.00", "0", "65%", "650.00"),
    Bill("WE-035", "1000.00", "40.00", "60%", "576.00"),
    Bill("WE-037", "500.00", "0", "55%", "275.00"),
    Bill("WE-039", "1000.00", "30.00", "65%", "630.50"),
    Bill("WE-041", "10000.00", "500.00", "90%", "8550.00"),
    Bill("WE-043", "1000.00", "300.00", "65%", "455.00", per="year"),
    Bill("WE-045", "8000.00", "200.00", "98%", "7644.00"),
    Bill("WE-047", "10000.00", "900.00", "60%", "5460.00"),
    Bill("WE-049", "2000.00", "600.00", "75%", "1050.00", per="year"),
    Bill("WE-051", "1000.00", "0", "80%", "800.00"),
    Bill("WE-053", "300.00", "0", "60%", "180.00", top("200")),
    Bill("WE-055", "10000.00", "450.00", "91%", "8690.50"),
    Bill("WE-057", "2000.00", "1000.00", "80%", "800.00", per="year"),
    # derived from the texts of rules
    Bill("DX-001", "1000.00", "300.00", "55%", "385.00", per="year"),
    Bill("DX-002", "1000.00", "300.00", "60%", "420.00", per="year"),
    Bill("DX-004", "5000.00", "300.00", "65%", "2000.00", top("2000"), per="year"),
    Bill("DX-004 uncapped", "5000.00", "300.00", "65%", "3055.00", per="year"),
    Bill("DX-008 seed, active", "5000.00", "0", "80%", "4000.00"),
    Bill("DX-008 seed, retired", "5000.00", "0", "85%", "4250.00"),
    Bill("DX-009 basic layer", "60000.00", "600.00", "60%", "35640.00"),
    Bill("DX-012 with 1200", "20000.00", "0", "75%", "13200.00", top("13200")),
    Bill("DX-012 with 2400", "20000.00", "0", "75%", "14400.00", top("14400")),
    Bill("DX-012 uncapped", "20000.00", "0", "75%", "15000.00"),
    Bill("DX-013 township", "3000.00", "100.00", "90%", "2610.00"),
    Bill("DX-013 primary", "5000.00", "200.00", "85%", "4080.00"),
    Bill("DX-013 secondary, first", "10000.00", "350.00", "75%", "7237.50"),
    Bill("DX-013 secondary, again", "10000.00", "250.00", "75%", "7312.50"),
    Bill("DX-013 tertiary", "10000.00", "600.00", "65%", "6110.00"),
    Bill("DX-014 limit on cost", "30.00", "0", "60%", "6.00", top("10", per="visit", on="cost")),
    Bill("DX-014 limit on the fund", "30.00", "0", "60%", "10.00", top("10", per="visit")),
    Bill("DX-016, 500", "500.00", "0", "60%", "300.00", top("400")),
    Bill("DX-016, 800", "800.00", "0", "60%", "400.00", top("400")),
    Bill("DX-017, 300", "300.00", "40.00", "60%", "156.00"),
    Bill("DX-017, 30", "30.00", "40.00", "60%", "0.00"),
    Bill("DX-019 at home", "10000.00", "1200.00", "80%", "7040.00"),
    Bill("DX-019 referral, points", "10000.00", "1200.00", "80%", "6160.00", mode="points", away="10%"),
    Bill("DX-019 referral, factor", "10000.00", "1200.00", "80%", "6336.00", mode="factor", away="90%"),
    Bill("DX-019 unfiled, points", "10000.00", "1200.00", "80%", "5280.00", mode="points", away="20%"),
    Bill("DX-019 unfiled, factor", "10000.00", "1200.00", "80%", "5632.00", mode="factor", away="80%"),
    Bill("DX-021", "2000.00", "600.00", "75%", "840.00", mode="factor", away="80%", per="year"),
    Bill("DX-023 first stay", "10000.00", "800.00", "86%", "7912.00"),
    Bill("DX-023 second stay", "10000.00", "400.00", "86%", "8256.00"),
    Bill("DX-025 active", "3000.00", "1800.00", "70%", "840.00", per="year"),
    Bill("DX-025 retired", "3000.00", "1300.00", "85%", "1445.00", per="year"),
    Bill("DX-027", "800.00", "0", "60%", "480.00", top("2000")),
    Bill("DX-028 A, employee", "10000.00", "0", "70%", "7000.00"),
    Bill("DX-028 A, resident", "10000.00", "0", "60%", "6000.00"),
    Bill("DX-028 B, employee", "9000.00", "0", "70%", "6300.00"),
    Bill("DX-028 B, resident", "9000.00", "0", "60%", "5400.00"),
]  # fmt: skip


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.id)
def test_a_worked_bill(bill: Bill) -> None:
    told = bill.decide()
    assert yuan_text(told.fund) == bill.fund
    assert told.fund + told.person == parse_yuan(bill.in_scope)


def test_a_class_b_drug_from_a_pharmacy() -> None:
    """DX-006: 200 yuan of class B, 10 % upfront, the deductible used up, 65 %."""
    row = split_line(a_line(10_000, 200_000_000), an_entry(CatalogueClass.B, 100_000))
    told = adjudicate(split_bill([row]), a_rule(share_ppm=650_000), {}, DAY)
    assert [yuan_text(fen) for fen in (row.upfront, told.fund, told.person)] == ["20.00", "117.00", "83.00"]


def test_the_three_classes_of_a_stay() -> None:
    """DX-000: 3000 yuan class C, 4000 class B at 10 % upfront, the rest class A; 500 deductible, 90 %."""
    lines = [
        split_line(a_line(10_000, 3_000_000_000), an_entry(CatalogueClass.C, 1_000_000)),
        split_line(a_line(10_000, 4_000_000_000), an_entry(CatalogueClass.B, 100_000)),
        split_line(a_line(10_000, 18_000_000_000), an_entry(CatalogueClass.A)),
    ]
    rule = a_rule(benefit=Benefit.INPATIENT, deductible=50_000, deductible_per="visit", share_ppm=900_000)
    told = adjudicate(split_bill(lines), rule, {}, DAY)
    amounts = (told.split.upfront, told.split.in_scope, told.fund, told.person)
    assert [yuan_text(fen) for fen in amounts] == ["400.00", "21600.00", "18990.00", "6010.00"]
