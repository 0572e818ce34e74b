"""Each place's client, sending a visit as it does and reading the replies as it does (interface §8; shapes alone)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as HttpClient

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_tolerance import as_text, camel, renamed
from yidi.accounts.actors import SYSTEM
from yidi.gateway import dialects, institutions
from yidi.gateway.errors import BadDialect
from yidi.gateway.json_text import parse
from yidi.gateway.security import keys
from yidi.gateway.security.terms import KeyKind, Scheme

pytestmark = pytest.mark.django_db
HEBEI = {
    "9001": "signInSignOutService/signIn", "1101": "fsiPsnInfoService/queryPsnInfo", "5301": "x/queryPsnOpspReg",
    "2201": "outpatientDocInfoService/outpatientRregistration",
    "2203A": "outpatientDocInfoService/outpatientMdtrtinfoUpA",
    "2204": "outpatientDocInfoService/outpatientFeeListUp", "2206A": "outpatientSettleService/preSettletmentA",
    "2207A": "outpatientSettleService/saveSettletment", "2208": "outpatientSettleService/cancleSettletment",
}  # fmt: skip


def x_tif(nonce: str) -> dict[str, str]:
    stamp = str(int(time.time()))
    text = stamp + factories.SECRET + nonce + stamp
    return {
        "x-tif-paasid": factories.PAASID, "x-tif-timestamp": stamp, "x-tif-nonce": nonce,
        "x-tif-signature": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip


def csb() -> dict[str, str]:
    signed = (
        f"_api_access_key=jiangsu-ak&_api_name=hsa-fsi&_api_timestamp={int(time.time())}&_api_version=1.0.0"
    )
    mac = hmac.new(b"jiangsu-sk", signed.encode(), hashlib.sha1).digest()
    headers = dict(pair.split("=") for pair in signed.split("&"))
    return {**headers, "_api_signature": base64.b64encode(mac).decode()}


def guangzhou(body: Json) -> Json:
    """G: `mdtrtinfo` for `data`, amounts as text, `userid` in 9001, version 1.0.0, "" for what is absent."""
    given, infno = body["input"], body["infno"].removesuffix("A")
    if infno == "9001":
        given = {
            "data": {
                "mac": "00",
                "ip": "127.0.0.1",
                "userid": "u",
                "opter_no": "001",
                "password": "p",
                "currenttime": "",
            }
        }
    elif infno in ("2201", "2206", "2207", "2208"):
        given = {"mdtrtinfo": given["data"]}
    return {**body, "infno": infno, "infver": "1.0.0", "recer_admdvs": "360100", "input": as_text(given)}


def zhongshan(body: Json) -> Json:
    """Z: hash order of keys, camel case turned into snake case, amounts as text, null dropped."""
    given = {"sign_in" if name == "signIn" else name: node for name, node in body["input"].items()}
    return dict(sorted({**body, "recer_admvs": "1", "input": as_text(given)}.items(), reverse=True))


def jiangsu(body: Json) -> Json:
    """T: null kept, a vendor's name, a single diagnosis bare."""
    given = {name: node[0] if name == "diseinfo" else node for name, node in body["input"].items()}
    return {**body, "cainfo": None, "fixmedins_soft_fcty": "示例", "input": given}


def jiangxi(body: Json) -> Json:
    """X: `input` as text, operator kind as a number, the sequence in msgid not padded."""
    text = json.dumps(body["input"], ensure_ascii=False, default=str)
    return {
        **body,
        "opter_type": 1,
        "msgid": body["msgid"][:-4] + body["msgid"][-4:].lstrip("0"),
        "input": text,
    }


def hunan(body: Json) -> Json:
    """H: fields that only its proxy knows, a card password in `cainfo`, "" for the four parts."""
    return {**body, "medins_code": "1", "insur_code": "2", "cainfo": "b2YgYSBjYXJk", "signtype": "PRCSSC"}


def same(body: Json) -> Json:
    return body


def plain(reply: Json) -> Json:
    assert reply["infcode"] == 0, reply
    return dict(reply["output"])


def of_guangzhou(reply: Json) -> Json:
    assert (reply["code"], reply["type"], reply["data"]) == ("0", "success", reply["output"])
    output = plain(reply)
    if "setlinfo" in output:
        info = output["setlinfo"]
        assert info["medfee_sumamt"] == info["psn_part_am"] + info["fund_pay_sumamt"]
    return {"signinoutb": output["result"], **output} if "sign_no" in output.get("result", {}) else output


def of_text_code(reply: Json) -> Json:
    assert reply["infcode"] == "0", reply
    return dict(reply["output"] or {})


def of_text_output(reply: Json) -> Json:
    assert isinstance(reply["output"], str)
    return plain({**reply, "output": parse(reply["output"])})


CLIENTS: dict[str, tuple[Scheme, Callable[[Json], Json], Callable[[Json], Json]]] = {
    "national": (Scheme.NONE, same, plain),
    "guangzhou": (Scheme.X_TIF, guangzhou, of_guangzhou),
    "hebei": (Scheme.X_TIF, same, plain),
    "jiangsu": (Scheme.CSB, jiangsu, of_text_code),
    "zhongshan": (Scheme.X_TIF, zhongshan, plain),
    "hunan": (Scheme.NONE, hunan, of_text_code),
    "jiangxi": (Scheme.NONE, jiangxi, of_text_output),
}
"""Dialect → how the client signs, what it makes of a message, how it reads a reply."""


def address(place: str, infno: str) -> str:
    return {
        "guangzhou": f"/ebus/gdyb_api/prd/hsa/hgs/{infno}",
        "zhongshan": f"/ebus/gdyb_inf/poc/hsa/hgs/{infno}",
        "hebei": f"/ebus/rio_fsi/fsi/api/{HEBEI[infno]}",
        "jiangsu": "/CSB",
        "hunan": f"/fsi/api/rsfComIfsService/callService/{infno}",
        "jiangxi": "/mss/web/api/fsi/callService",
    }.get(place, "/fsi/api/rsfComIfsService/callService")


@pytest.mark.parametrize("place", CLIENTS)
def test_a_visit_as_the_client_of_a_place_sends_it(client: Client, place: str) -> None:
    scheme, spell, read = CLIENTS[place]
    institution = institutions.enrol(
        client.world.provider, scheme, SYSTEM, dialect=dialects.stored(dialects.preset(place))
    )
    keys.add(institution, KeyKind.CSB, SYSTEM, account="jiangsu-ak", secret="jiangsu-sk")
    http, signed = (
        HttpClient(),
        {Scheme.X_TIF: x_tif, Scheme.CSB: lambda _: csb(), Scheme.NONE: lambda _: {}}[scheme],
    )
    for infno in FLOW:
        body = spell(client.message(infno))
        raw = json.dumps(body, ensure_ascii=False, default=str)
        response = http.post(
            address(place, infno), raw, content_type="text/plain", headers=signed(f"{place}-{infno}")
        )
        output = read(parse(response.content.decode()))
        client.replies[infno] = {"output": output}
        client._learn(infno, output)
    assert client.replies["9001"]["output"]["signinoutb"]["sign_no"]
    assert str(client.replies["2207A"]["output"]["setlinfo"]["psn_cash_pay"]) == "204.2"


def reply_in(client: Client, given: Json, infno: str = "1101") -> Any:
    institutions.set_dialect(client.world.institution, dialects.Dialect(**given), SYSTEM)
    return client.send(client.message(infno))


def test_names_in_camel_case(client: Client) -> None:
    national = client.send(client.message("1101"))["output"]
    assert reply_in(client, {"names": "camel"})["output"] == renamed(national, camel)
    assert "expContent" not in str(reply_in(client, {"names": "snake"}, "2201")["output"])


def test_amounts_as_text_with_two_decimals_and_other_numbers_as_they_are(client: Client) -> None:
    info = reply_in(client, {"amounts_text": True})["output"]
    assert info["insuinfo"][0]["balc"] == "1234.56"
    assert info["baseinfo"]["age"] == 71


def test_refusals_are_told_in_the_dialect_too(client: Client) -> None:
    told = reply_in(client, {"infcode_text": True, "output_text": True, "wrapped": True}, "2206A")
    assert (told["infcode"], told["output"], told["type"], told["code"]) == ("-1", None, "error", "-1")
    assert told["message"] == told["err_msg"]


def test_a_reply_that_is_remembered_is_told_in_the_dialect_of_today(client: Client) -> None:
    body = client.message("9001")
    first = client.send(body)
    institutions.set_dialect(client.world.institution, dialects.preset("guangzhou"), SYSTEM)
    assert client.send(body)["output"] == {"result": first["output"]["signinoutb"]}


@pytest.mark.parametrize(
    "options",
    [{"infcode_text": "maybe"}, {"names": "klingon"}, {"nodes": "a"}, {"nothing": "true"}, {"names": ""}],
)
def test_options_that_there_are_not(options: dict[str, str]) -> None:
    with pytest.raises(BadDialect):
        dialects.changed(dialects.NATIONAL, options)


def test_presets_and_options(client: Client) -> None:
    with pytest.raises(BadDialect):
        dialects.preset("atlantis")
    wanted = dialects.changed(dialects.preset("jiangsu"), {"names": "camel", "output_text": "true"})
    kept = dialects.stored(wanted)
    assert kept == {"infcode_text": True, "names": "camel", "output_text": True}
    assert dialects.of(kept) == wanted
    assert dialects.stored(dialects.NATIONAL) == {}
    assert all(dialects.of(dialects.stored(dialect)) == dialect for dialect in dialects.PRESETS.values())
