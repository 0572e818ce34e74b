"""yidi replay: an old decision made again, and one that no longer can be."""

import json

import pytest
from click.testing import CliRunner, Result

from tests.claims.factories import a_claim
from tests.settlement.factories import CHRONIC, a_world, cancelled, settled
from yidi.claims.states import State
from yidi.cli.main import cli
from yidi.ledger.models import AMOUNTS, DecisionRule
from yidi.settlement.models import Settlement

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["replay", *arguments], prog_name="yidi")


def test_a_settlement_and_a_claim_come_out_as_they_did() -> None:
    world = a_world()
    settled(world, "800.00")
    second = settled(world, "900.00", CHRONIC)
    claim = a_claim(State.PAID, world)
    for number in (second.number, claim.number):
        told = json.loads(run(number, "--json").stdout)
        assert told["ok"] is True
        assert tuple(told["stored"]) == AMOUNTS
        assert told["stored"] == told["again"]
        assert float(told["stored"]["fund"]) > 0
    shown = run(second.number)
    assert shown.exit_code == 0
    assert "重算与当时的结果逐项相符。" in shown.stdout
    assert second.rule.digest in shown.stdout.replace("\n", "")


def test_a_cancelled_settlement_is_replayed_all_the_same() -> None:
    first = settled(a_world(), "800.00")
    cancelled(first)
    assert run(first.number).exit_code == 0


def test_what_was_altered_shows() -> None:
    first = settled(a_world(), "800.00")
    Settlement.objects.update(fund=first.fund - 100, cash=first.cash + 100, shared=first.shared + 100)
    told = run(first.number)
    assert told.exit_code == 1
    assert "不符：按比例自付、基本统筹基金、现金。请运行 yidi audit。" in told.stdout


@pytest.mark.parametrize("number", ["1", "000000000000", "C0000000001", "C", "１２", "x", "9" * 30])
def test_a_number_that_names_nothing(number: str) -> None:
    told = run(number)
    assert told.exit_code == 2
    assert f"[REPLAY-UNKNOWN] 没有编号为“{number}”的结算" in told.stderr


def test_a_rule_that_cannot_be_read_any_more() -> None:
    first = settled(a_world(), "800.00")
    DecisionRule.objects.update(canonical="{}")
    told = run(first.number)
    assert told.exit_code == 2
    assert "[REPLAY-UNREADABLE]" in told.stderr
    assert "请运行 yidi audit" in told.stderr
