"""What clients in the wild send, and a conformant centre takes (interface §8, §9)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.client import FLOW, Client, Json

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def renamed(value: Any, spell: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {spell(key): renamed(item, spell) for key, item in value.items()}
    return [renamed(item, spell) for item in value] if isinstance(value, list) else value


def as_text(value: Any) -> Any:
    """Every number as text."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value) if isinstance(value, (int, float)) else value


def snake(name: str) -> str:
    return {"signIn": "sign_in"}.get(name, name)


def number_amounts(body: Json) -> Json:
    """Amounts as JSON numbers."""

    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: float(item) if key in AMOUNTS and item else convert(item) for key, item in value.items()
            }
        return [convert(item) for item in value] if isinstance(value, list) else value

    return {**body, "input": convert(body["input"])}


AMOUNTS = {
    "medfee_sumamt",
    "det_item_fee_sumamt",
    "pric",
    "cnt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "inscp_scp_amt",
}


def bare(body: Json) -> Json:
    """The fields of a single `data` node directly under `input`."""
    return {**body, "input": body["input"].get("data", body["input"])}


def renamed_node(body: Json) -> Json:
    """`mdtrtinfo` where others say `data`, and `data` where others say `mdtrtinfo`."""
    names = {"data": "mdtrtinfo", "mdtrtinfo": "data", "signIn": "data"}
    return {**body, "input": {names.get(key, key): value for key, value in body["input"].items()}}


DIALECTS: dict[str, Callable[[Json], Json]] = {
    "as printed": lambda body: body,
    "input as text": lambda body: {**body, "input": json.dumps(body["input"], ensure_ascii=False, default=str)},
    "camel case": lambda body: {**body, "input": renamed(body["input"], camel)},
    "upper case": lambda body: {**body, "input": renamed(body["input"], str.upper)},
    "snake case": lambda body: {**body, "input": renamed(body["input"], snake)},
    "numbers as text": as_text,
    "amounts as numbers": number_amounts,
    "bare fields": bare,
    "Guangzhou nodes": renamed_node,
    "single objects": lambda body: {
        **body,
        "input": {key: value[0] if key == "diseinfo" else value for key, value in body["input"].items()},
    },
    "unknown keys": lambda body: {
        **body, "recer_admdvs": "360100", "fixmedins_soft_fcty": "示例",
        "input": {**body["input"], "junk": [1], "expContent": "{}"},
    },
    "absent values dropped": lambda body: {key: value for key, value in body.items() if value != ""},
    "absent values null": lambda body: {key: value or None for key, value in body.items()},
    "operator kind as number": lambda body: {**body, "opter_type": 1},
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_settles(client: Client, dialect: str) -> None:
    for number in FLOW:
        body = client.message(number)
        reply = client.send(DIALECTS[dialect](body))
        assert reply["infcode"] == 0, f"{number}: {reply['err_msg']}"
        client.replies[number] = reply
        client._learn(number, reply["output"])
    assert str(client.replies["2207A"]["output"]["setlinfo"]["psn_cash_pay"]) == "204.2"


def test_the_older_numbers(client: Client) -> None:
    for number in FLOW:
        body = client.message(number)
        reply = client.send({**body, "infno": number.removesuffix("A")})
        assert reply["infcode"] == 0, reply["err_msg"]
        client._learn(number, reply["output"])


def test_the_number_in_the_path_is_a_hint(client: Client) -> None:
    body = client.message("9001")
    del body["infno"]
    assert b'"infcode":0' in client.post(body, "9001").content
    other = client.message("9001")
    assert b'"infcode":0' in client.post(other, "2207A").content


def test_an_exact_name_goes_before_a_folded_one(client: Client) -> None:
    body = client.message("5301")
    body["input"]["data"] = {"PSNNO": "404", **body["input"]["data"]}
    assert client.send(body)["infcode"] == 0


def test_a_byte_order_mark(client: Client) -> None:
    raw = "\ufeff".encode() + json.dumps(client.message("9001")).encode()
    assert b'"infcode":0' in client.post(raw).content


def test_no_half_characters_in_input_as_text(client: Client) -> None:
    reply = client.send({**client.message("5301"), "input": '{"data":{"psn_no":"\\ud800"}}'})
    assert reply["err_msg"].startswith("[GATEWAY-FIELDS]")


def test_a_single_fee_line_bare(client: Client) -> None:
    body = client.until("2204")
    body["input"]["feedetail"] = body["input"]["feedetail"][0]
    assert len(client.send(body)["output"]["result"]) == 1


def test_approval_by_the_hospital(client: Client) -> None:
    body = client.until("2204")
    for row in body["input"]["feedetail"]:
        row["hosp_appr_flag"] = {"8": "1", "1": "2"}.get(row["feedetl_sn"], "0")
    rows = {row["feedetl_sn"]: row for row in client.send(body)["output"]["result"]}
    assert str(rows["8"]["inscp_scp_amt"]) == "10.8"
    assert str(rows["1"]["fulamt_ownpay_amt"]) == "48.02"


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_the_number_in_the_path_serves_where_the_body_has_none(client: Client, missing: str | None) -> None:
    response = client.post(client.message("9001", infno=missing), "9001")
    assert b'"infcode":0' in response.content


def test_the_number_in_the_body_wins(client: Client) -> None:
    body = client.message("9001")
    assert b"signinoutb" in client.post(body, "2207A").content
    other = client.message("9001")
    other["INFNO"] = other.pop("infno")
    assert b"signinoutb" in client.post(other, "2207A").content


@pytest.mark.parametrize("number", ["2206A", "2207A"])
def test_who_asks_for_the_account_is_told_why_it_is_not_used(client: Client, number: str) -> None:
    body = client.until(number)
    body["input"]["data"]["acct_used_flag"] = "1"
    output = client.send(body)["output"]
    assert output["setlinfo"]["acct_pay"] == 0
    assert "未使用个人账户" in output["setldetail"][0]["setl_proc_info"]


def test_who_does_not_ask_for_the_account_is_told_nothing_of_it(client: Client) -> None:
    client.run(*FLOW[:-1])
    for number in ("2206A", "2207A"):
        assert "未使用个人账户" not in client.replies[number]["output"]["setldetail"][0]["setl_proc_info"]
