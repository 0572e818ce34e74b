"""2001: fund by fund, whether the person may draw it here, and if not, the very reason for which settling would be refused."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_refusals import MISSING, change, refuse
from yidi.audit.models import Event
from yidi.filing.models import Filing
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification.models import Qualification

pytestmark = pytest.mark.django_db


def asked(client: Client, **changes: Any) -> Json:
    data = {
        "psn_no": client.world.person.number, "insutype": "310", "fixmedins_code": str(client.world.provider.code),
        "med_type": client.med_type, "begntime": factories.moment(), "endtime": "",
        "dise_codg": factories.DISEASE if client.med_type == "14" else "", "dise_name": "", "matn_type": "",
    }  # fmt: skip
    return {**client._envelope("2001"), "input": {"data": {**data, **changes}}}


def rows_of(client: Client, **changes: Any) -> list[Json]:
    reply = client.send(asked(client, **changes))
    assert reply["infcode"] == 0, reply["err_msg"]
    rows: list[Json] = reply["output"]["trtinfo"]
    return rows


def test_who_may_draw_it_and_how_much_is_left(client: Client) -> None:
    pooled, account = rows_of(client)
    assert pooled == {
        "psn_no": client.world.person.number, "trt_chk_type": "01", "fund_pay_type": "310100",
        "trt_enjymnt_flag": "1", "begndate": "2025-01-01", "enddate": None,
        "trt_chk_rslt": "本期基金支付限额尚余 4000.00 元",
    }  # fmt: skip
    assert (account["fund_pay_type"], account["trt_enjymnt_flag"]) == ("310200", "0")
    assert "个人账户" in account["trt_chk_rslt"]
    client.run(*FLOW[3:-1])
    paid = client.replies["2207A"]["output"]["setlinfo"]["hifp_pay"]
    assert rows_of(client)[0]["trt_chk_rslt"] == f"本期基金支付限额尚余 {Decimal(4000) - paid:.2f} 元"
    assert Event.objects.filter(action="gateway:look-2001", subject=client.world.person.number).count() == 2


def test_it_lasts_as_long_as_everything_that_it_stands_on(client: Client) -> None:
    today = timezone.localdate()
    for last, model in ((90, Coverage), (60, Filing), (30, Qualification)):
        model.objects.update(ends=today + timedelta(days=last))
        assert rows_of(client)[0]["enddate"] == f"{today + timedelta(days=last)}"
    Filing.objects.update(starts=date(2025, 6, 1))
    assert rows_of(client)[0]["begndate"] == "2025-06-01"


def test_general_outpatient_care_needs_no_qualification(client: Client) -> None:
    Qualification.objects.all().delete()
    client.med_type = "11"
    assert rows_of(client)[0]["trt_enjymnt_flag"] == "1"


def _unfile(client: Client) -> None:
    Filing.objects.all().delete()


def _unqualify(client: Client) -> None:
    Qualification.objects.all().delete()


def _expire(client: Client) -> None:
    Qualification.objects.update(state="expired", ends=date(2025, 12, 31))


def _close(client: Client) -> None:
    client.world.provider.services.filter(benefit="chronic-disease").delete()


def _forget_level(client: Client) -> None:
    Provider.objects.update(level="")


HINDRANCES: list[tuple[Callable[[Client], None], str]] = [
    # what stands in the way, the code that 2001 tells and settling refuses with
    (_unfile, "FILING-NONE"),
    (_unqualify, "QUAL-NONE"),
    (_expire, "QUAL-ENDED"),
    (_close, "SETL-NOT-OPENED"),
    (_forget_level, "BILL-LEVEL"),
]


@pytest.mark.parametrize(("hinder", "code"), HINDRANCES, ids=lambda item: getattr(item, "__name__", item))
def test_the_reason_is_that_of_settling(client: Client, hinder: Callable[[Client], None], code: str) -> None:
    settle = client.until("2207A")
    hinder(client)
    before = factories.rows()
    pooled, _ = rows_of(client)
    assert (pooled["trt_enjymnt_flag"], pooled["fund_pay_type"]) == ("0", "310100")
    assert pooled["trt_chk_rslt"].startswith(f"[{code}]")
    assert factories.rows()["settlement.Visit"] == before["settlement.Visit"]
    refused = client.send(settle)["err_msg"]
    assert refused == pooled["trt_chk_rslt"]


REFUSALS: list[tuple[str, Any, str]] = [
    # path of the field, its new value, the code
    ("input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("input.data.insutype", "390", "PERSON-NOT-IN-SCHEME"),
    ("input.data.begntime", "2019-12-31 08:00:00", "PERSON-NOT-INSURED"),
    ("input.data.begntime", MISSING, "GATEWAY-FIELDS"),
    ("input.data.endtime", "2019-12-31 08:00:00", "GATEWAY-FIELDS"),
    ("input.data.fixmedins_code", factories.OTHER_HOSPITAL, "GATEWAY-OTHER-INSTITUTION"),
    ("input.data.med_type", "21", "GATEWAY-UNSUPPORTED"),
    ("input.data.dise_codg", "", "GATEWAY-DISEASE"),
    ("input.data.dise_codg", "M99999", "DISEASE-UNKNOWN"),
    ("insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
]


@pytest.mark.parametrize(("path", "value", "code"), REFUSALS)
def test_one_field_changed(client: Client, path: str, value: Any, code: str) -> None:
    body = asked(client)
    change(body, path, value)
    refuse(client, body, code)
