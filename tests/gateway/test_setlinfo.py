"""Settlement replies beyond what a visit shows today."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.gateway.client import FLOW, Client
from yidi.gateway.fields import wire
from yidi.gateway.setlinfo import presettled
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


def test_a_share_of_many_places_is_written_with_four(client: Client) -> None:
    client.run(*FLOW[:-1])
    settlement = Settlement.objects.get()
    decision = replace(decision_of(settlement), bands=(Band(None, 562_950),))
    assert str(wire(presettled(settlement.visit, decision, "m"))["setlinfo"]["pool_prop_selfpay"]) == "0.563"
