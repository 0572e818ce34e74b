"""Settlement replies beyond what a visit shows today."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.gateway.client import FLOW, Client
from yidi.gateway.fields import wire
from yidi.gateway.setlinfo import cancelled, presettled
from yidi.his.identities import broken_identities
from yidi.policy.rules import Band
from yidi.settlement.models import Settlement
from yidi.settlement.queries import decision_of

pytestmark = pytest.mark.django_db


def test_an_account_that_pays_has_a_row_of_its_own(client: Client) -> None:
    client.run(*FLOW[:-1])
    settlement = Settlement.objects.get()
    decided = decision_of(settlement)
    decision = replace(decided, account=3000, cash=decided.cash - 3000)
    output = wire(presettled(settlement.visit, decision, "m"))
    assert [row["fund_pay_type"] for row in output["setldetail"]] == ["310100", "310200"]
    assert output["setldetail"][1]["fund_payamt"] == Decimal(30)
    assert (
        broken_identities({"2206": client.requests["2206A"]}, {"2206": {"infcode": 0, "output": output}})
        == []
    )


@pytest.mark.parametrize(
    ("region", "inside"),
    [("430100", False), ("440402", True), ("440000", True), ("500101", False), ("310106", False)],
)
def test_the_account_inside_or_outside_the_fund_sum(client: Client, region: str, inside: bool) -> None:
    """Interface §7: Guangdong counts it among the funds, Hunan and Chongqing do not; the identities hold either way."""
    client.run(*FLOW[:-1])
    settlement = Settlement.objects.get()
    decided = decision_of(settlement)
    decision = replace(decided, account=3000, cash=decided.cash - 3000)
    settlement.visit.provider.region = region
    for number, output in (
        ("2206", wire(presettled(settlement.visit, decision, "m"))),
        ("2208", wire(cancelled(settlement.visit, decision, "m", "c", settlement.at))),
    ):
        info, sign = output["setlinfo"], -1 if number == "2208" else 1
        assert info["fund_pay_sumamt"] - sign * Decimal(decided.funds) / 100 == (sign * 30 if inside else 0)
        assert (
            info["medfee_sumamt"] - info["fund_pay_sumamt"] - (0 if inside else info["acct_pay"])
            == info["psn_cash_pay"]
        )
        assert (
            info["medfee_sumamt"]
            == (info["psn_part_amt"] - info["acct_pay"]) + info["fund_pay_sumamt"] + info["acct_pay"]
        )
        sent, got = {"2206": client.requests["2206A"]}, {number: {"infcode": 0, "output": output}}
        assert broken_identities(sent, got, account_inside=inside) == []
        assert broken_identities(sent, got, account_inside=not inside) != []


def test_a_share_of_many_places_is_written_with_four(client: Client) -> None:
    client.run(*FLOW[:-1])
    settlement = Settlement.objects.get()
    decision = replace(decision_of(settlement), bands=(Band(None, 562_950),))
    assert str(wire(presettled(settlement.visit, decision, "m"))["setlinfo"]["pool_prop_selfpay"]) == "0.563"
