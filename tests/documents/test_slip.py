"""What stands on a slip is what the decision says, to the fen."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import (
    a_layer,
    a_line,
    a_rule,
    a_share,
    an_account,
    an_entry,
    an_origin,
    bills,
    rules,
    some_fees,
)
from tests.documents.factories import CLAIM, a_letter, a_slip, an_explanation
from tests.documents.reading import lines_of, pages_of, squeezed, text_of
from yidi.benefit.adjudicate import Balances, adjudicate
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.explain import UNVERIFIED, explain, origin_text
from yidi.benefit.split import split_bill, split_line, whole_split
from yidi.documents.payment import lines_of as bill_lines
from yidi.documents.payment import payment_of, steps_of
from yidi.documents.services import render
from yidi.documents.terms import Outcome, PaidHow
from yidi.policy.book import book
from yidi.reference import regions
from yidi.values.money import parse_yuan, yuan_text
from yidi.values.terms import AccountPart, Fund

DOCUMENTS = [a_slip(), a_letter(CLAIM, Outcome.APPROVED), a_letter(CLAIM, Outcome.PAID)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=["slip", "approved", "paid"])
def test_every_sentence_source_and_amount_is_printed(document: Any, language: str) -> None:
    text = text_of(render(document, language=language))
    explanation = document.explanation
    for step in explanation.steps:
        assert squeezed(step.text(language)) in text
        assert squeezed(origin_text(step.origin, regions.full_name, language)) in text
        assert yuan_text(step.left) in text
    conflict = book().conflicts["E-01"]
    assert squeezed(conflict.en if language == "en" else conflict.zh) in text
    for amount in (explanation.decision.split.total, explanation.decision.funds, explanation.decision.person):
        assert yuan_text(amount) in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_four_parts_of_every_line_are_printed_in_one_row(language: str) -> None:
    slip = a_slip()
    rows = [squeezed(row) for row in lines_of(render(slip, language=language)).splitlines()]
    for line in slip.explanation.decision.split.lines:
        parts = (line.line.amount, line.excluded, line.over_limit, line.upfront, line.in_scope)
        assert any(row.endswith("".join(map(yuan_text, parts))) for row in rows)


@given(st.data())
def test_who_pays_what_adds_up_to_the_bill(data: st.DataObject) -> None:
    rule, split = data.draw(rules()), data.draw(bills())
    try:
        decision = adjudicate(
            split,
            rule,
            {},
            date(2025, 6, 2),
            Balances(own=5_000, family=700),
            some_fees(rule, split.in_scope),
        )
    except CeilingNotKnown:
        return
    payment = payment_of(explain(decision), "zh")
    payers = payment["payers"]
    assert sum(payer["weight"] for payer in payers) == decision.split.total
    assert [parse_yuan(payer["amount"]) for payer in payers] == [payer["weight"] for payer in payers]
    parts = ("excluded", "over_limit", "upfront", "in_scope")
    assert sum(parse_yuan(payment[part]) for part in parts) == parse_yuan(payment["total"]) == split.total
    assert parse_yuan(payment["funds"]) + parse_yuan(payment["person"]) == split.total
    assert parse_yuan(steps_of(explain(decision), "zh")[-1]["left"]) == decision.funds


def test_every_fund_and_account_that_pays_is_named_and_the_person_last() -> None:
    base = an_explanation(
        layers=tuple(
            a_layer(fund, share=a_share((None, 300_000)))
            for fund in (Fund.SERIOUS_ILLNESS, Fund.CIVIL_SERVANT, Fund.MEDICAL_AID)
        ),
        own_account=an_account(AccountPart.UPFRONT),
        family_account=an_account(AccountPart.EXCLUDED, whose="family"),
    ).decision
    decision = adjudicate(base.split, base.rule, {}, base.on, Balances(own=5_000, family=9_000))
    names = [payer["name"] for payer in payment_of(explain(decision), "zh")["payers"]]
    assert names == [
        Fund.BASIC.zh,
        Fund.SERIOUS_ILLNESS.zh,
        Fund.CIVIL_SERVANT.zh,
        Fund.MEDICAL_AID.zh,
        Fund.ACCOUNT.zh,
        Fund.FAMILY_ACCOUNT.zh,
        "个人现金",
    ]
    text = text_of(render(a_slip(explanation=explain(decision))))
    assert all(name in text for name in names)


@pytest.mark.parametrize(
    ("amounts", "shares"),
    [((600_00, 400_00), ["60.0%", "40.0%"]), ((1, 2), ["33.3%", "66.7%"]), ((0, 0), ["", ""])],
)
def test_shares_are_told_to_a_tenth_of_a_percent(amounts: tuple[int, int], shares: list[str]) -> None:
    fund, cash = amounts
    rule = a_rule(share_ppm=fund * 1_000_000 // (fund + cash) + 1 if fund + cash else 0)
    decision = adjudicate(whole_split(fund + cash), rule, {}, date(2025, 6, 2))
    assert (decision.fund, decision.cash) == amounts
    assert [payer["percent"] for payer in payment_of(explain(decision), "zh")["payers"]] == shares


def test_a_bill_of_nothing_and_one_without_lines_are_printed_too() -> None:
    decision = adjudicate(whole_split(0), a_rule(), {}, date(2025, 6, 2))
    text = text_of(render(a_slip(explanation=explain(decision))))
    assert "零元整" in text
    assert "费用明细" not in text


def test_a_long_bill_repeats_its_heads_and_sums_up_once() -> None:
    lines = [
        split_line(a_line(10_000, 1_000_000 + number, name=f"第{number}项", serial=str(number)), an_entry())
        for number in range(150)
    ]
    base = an_explanation().decision
    explanation = explain(adjudicate(split_bill(lines), base.rule, {}, base.on))
    pdf = render(a_slip(explanation=explanation))
    rows = [squeezed(row) for row in lines_of(pdf).splitlines()]
    assert pages_of(pdf) > 3
    assert sum(row.startswith("项目类别数量") for row in rows) > 2
    assert sum(row.startswith("合计150.") for row in rows) == 2  # who pays what, and the lines
    assert len(bill_lines(explanation.decision.split, "zh")) == 150
    assert all(f"第{number}项" in "".join(rows) for number in range(150))


def test_what_rests_on_an_unverified_source_says_so() -> None:
    doubtful = an_explanation(share=a_share((None, 850_000), origin=an_origin("share", grade="R")))
    assert UNVERIFIED[0] in text_of(render(a_slip(explanation=doubtful)))
    assert "不能作为正式结果" in text_of(render(a_slip(explanation=doubtful)))
    assert "不能作为正式结果" not in text_of(render(a_slip()))


def test_a_conflict_that_the_book_no_longer_has_keeps_its_name() -> None:
    assert "来源有分歧E-999" in text_of(render(a_slip(explanation=an_explanation(contests=("E-999",)))))


def test_a_cancelled_slip_says_so_on_every_page() -> None:
    pdf = render(a_slip(cancelled_on=date(2026, 3, 9), how=PaidHow.CLAIM, invoice="31010626000123456789"))
    text = text_of(pdf)
    assert "本次结算已于2026年3月9日撤销，本单不再有效。" in text
    assert text.count("已撤销") == pages_of(pdf)
    assert "31010626000123456789" in text
    assert "已撤销" not in text_of(render(a_slip()))
