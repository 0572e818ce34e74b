"""The checker of I1 – I13 finds what is broken: one amount of a good conversation changed, one identity named."""

import copy
from decimal import Decimal
from typing import Any

import pytest

from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_refusals import change
from yidi.his.identities import broken_identities

pytestmark = pytest.mark.django_db

CENT = Decimal("0.01")

BREAKS = [
    ("2204", "output.result.0.det_item_fee_sumamt", "I6"),
    ("2204", "output.result.0.fulamt_ownpay_amt", "I7"),
    ("2204", "output.result.2.preselfpay_amt", "I8"),
    ("2204", "output.result.1.overlmt_amt", "I9"),
    ("2206A", "output.setlinfo.medfee_sumamt", "I1"),
    ("2207A", "output.setlinfo.inscp_scp_amt", "I1"),
    ("2207A", "output.setlinfo.psn_part_amt", "I2"),
    ("2207A", "output.setlinfo.acct_pay", "I3"),
    ("2207A", "output.setlinfo.hifob_pay", "I4"),
    ("2207A", "output.setldetail.0.fund_payamt", "I5"),
    ("2206A", "output.setlinfo.preselfpay_amt", "I10"),
    ("2207A", "output.setlinfo.overlmt_selfpay", "I11"),
    ("2208", "output.setlinfo.psn_cash_pay", "I12"),
    ("2208", "output.setlinfo.pdn_cash_pay", "I12"),
]


@pytest.fixture
def messages(client: Client) -> tuple[Json, Json]:
    client.run(*FLOW)
    return client.requests, client.replies


@pytest.mark.parametrize(("number", "path", "identity"), BREAKS)
def test_one_amount_changed(messages: tuple[Json, Json], number: str, path: str, identity: str) -> None:
    requests, replies = messages
    wrong = copy.deepcopy(replies)
    change(wrong[number], path, _at(wrong[number], path) + CENT)
    broken = broken_identities(requests, wrong)
    assert any(text.startswith(f"{identity} ") or text.startswith(f"{identity}：") for text in broken), broken
    assert broken_identities(requests, replies) == []


def _at(node: Any, path: str) -> Any:
    for step in path.split("."):
        node = node[int(step) if step.isdigit() else step]
    return node


def test_a_deductible_beyond_the_scope(messages: tuple[Json, Json]) -> None:
    requests, replies = messages
    change(replies["2207A"], "output.setlinfo.act_pay_dedc", Decimal("232.42"))
    assert any(text.startswith("I13") for text in broken_identities(requests, replies))


def test_a_line_that_was_not_answered(messages: tuple[Json, Json]) -> None:
    requests, replies = messages
    replies["2204"]["output"]["result"].pop()
    assert any("不一一对应" in text for text in broken_identities(requests, replies))


def test_a_cancellation_under_the_old_number(messages: tuple[Json, Json]) -> None:
    requests, replies = messages
    change(replies["2208"], "output.setlinfo.setl_id", _at(replies["2207A"], "output.setlinfo.setl_id"))
    assert any("结算号" in text for text in broken_identities(requests, replies))


def test_a_refused_reply_is_not_looked_at(messages: tuple[Json, Json]) -> None:
    requests, replies = messages
    assert broken_identities(requests, {**replies, "2208": {"infcode": -1, "output": None}}) == []
