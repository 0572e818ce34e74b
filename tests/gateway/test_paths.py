"""The addresses under which clients look for the centre (interface §2.1, §2.2)."""

import json

import pytest
from django.conf import settings
from django.test import Client as HttpClient

from tests.gateway.client import Client
from yidi.gateway.paths import HEBEI, is_ours, number_in

HEBEI_BASE = "/ebus/rio_fsi/fsi/api"
ADDRESSES = [
    # address, the transaction that it speaks of
    ("/fsi/api/rsfComIfsService/callService", ""),
    ("/fsi/api/rsfComIfsService/callService/2206A/", "2206A"),
    ("/ebus/gdyb_inf/poc/hsa/hgs/2207", "2207"),
    ("/ebus/gdyb_api/prd/hsa/hgs/1101", "1101"),
    ("/hsa/hgs/5301", "5301"),
    ("/uif-hsaf-med-api/api/medical/service", ""),
    ("/mss/web/api/fsi/callService", ""),
    ("/CSB", ""),
    ("/CSB/", ""),
    ("/api/fsiextend/medinsmonsettlement/medinsDaySetlReconciliation", "3211"),
    (f"{HEBEI_BASE}/catalogdownservice/downCatalog1303", "1303"),
    (f"{HEBEI_BASE}/whatever/queryPsnOpspReg", "5301"),
    (f"{HEBEI_BASE}/outpatientsettleservice/PRESETTLETMENTA/", "2206A"),
    *((f"{HEBEI_BASE}/{path}", number) for path, number in HEBEI.items()),
]


@pytest.mark.parametrize(("address", "number"), ADDRESSES)
def test_what_an_address_speaks_of(address: str, number: str) -> None:
    assert is_ours(address)
    assert number_in(address) == number


@pytest.mark.parametrize(
    "address", ["/", "/desk/", "/CSBX", "/fsix", "/ebus-2/hsa/hgs/1101", "/gateway/docs/", "/mss/web/"]
)
def test_addresses_of_others(address: str) -> None:
    assert not is_ours(address)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", [address for address, _ in ADDRESSES[:11]] + [f"{HEBEI_BASE}/signInSignOutService/signIn"]
)
def test_every_shape_of_address_is_open_to_messages_without_cookies(client: Client, address: str) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    http = HttpClient(enforce_csrf_checks=True)
    response = http.post(address, json.dumps(client.message("9001", infno="0000")), content_type="text/plain")
    assert "[GATEWAY-INFNO]" in response.content.decode()
    assert not response.cookies


@pytest.mark.django_db
def test_the_address_serves_where_the_body_has_no_number_and_else_the_body_wins(client: Client) -> None:
    http = HttpClient()
    for body, address in (
        (client.message("9001", infno=""), f"{HEBEI_BASE}/signInSignOutService/signIn"),
        (client.message("9001"), f"{HEBEI_BASE}/outpatientSettleService/saveSettletment"),
        (client.message("9001"), "/ebus/gdyb_api/prd/hsa/hgs/2208"),
    ):
        assert (
            "signinoutb" in http.post(address, json.dumps(body), content_type="text/plain").content.decode()
        )
