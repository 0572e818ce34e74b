"""What a conformant centre has to tolerate (interface §9): ten points, each a test, over every transaction where it applies."""

import json
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, get_args

import pytest
from django.conf import settings
from django.db import transaction

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.messages import OF_SETTLED, message_of
from tests.gateway.test_tolerance import as_text, camel, renamed
from yidi.gateway.fields import Field, fields_of
from yidi.gateway.json_text import parse
from yidi.gateway.models import Institution
from yidi.gateway.nodes import Node
from yidi.gateway.security.headers import x_tif_signature
from yidi.gateway.transactions import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
Change = Callable[[str, Json], Any]
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture
def each(client: Client) -> Callable[[Change], list[str]]:
    """Sends every transaction as printed and changed; names those that are answered differently. Nothing is kept."""

    def compare(change: Change) -> list[str]:
        client.run("9001", "1101", "2201", "2203A", "2204", "2206A")
        different = [infno for infno in sorted(set(TABLE) - OF_SETTLED) if not alike(client, infno, change)]
        client.run("2207A")
        return different + [infno for infno in sorted(OF_SETTLED) if not alike(client, infno, change)]

    return compare


def alike(client: Client, infno: str, change: Change) -> bool:
    message = message_of(infno, client)
    return outcome(client, {**message, "input": change(infno, message["input"])}) == outcome(client, message)


def outcome(client: Client, body: Json) -> str:
    """How a message is answered: what it is refused for, or else that it went through."""
    with transaction.atomic():
        response = client.post(json.dumps(body, default=str).encode())
        transaction.set_rollback(True)
    if not response["Content-Type"].startswith("application/json"):
        return "file"
    reply = parse(response.content.decode())
    return str(reply["err_msg"])[:20] if reply["infcode"] else "done"


def numbers(cls: Any) -> set[str]:
    """The fields of a request that are numbers, at any depth."""
    found = {name for name, field in fields_of(cls).items() if field.kind == "N"}
    return found.union(*(numbers(inner) for inner in inner_nodes(cls)))


def inner_nodes(cls: Any) -> list[Any]:
    annotations = [info.annotation for info in cls.model_fields.values()]
    parts = [part for annotation in annotations for part in (annotation, *get_args(annotation))]
    return [part for part in parts if isinstance(part, type) and issubclass(part, Node)]


def as_numbers(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: float(item) if key in names and NUMBER.fullmatch(str(item)) else as_numbers(item, names)
            for key, item in value.items()
        }
    return [as_numbers(item, names) for item in value] if isinstance(value, list) else value


def written(reply: Any, value: Any) -> Iterator[tuple[Field, Any]]:
    """Every field of a reply with what stands there."""
    if isinstance(value, list):
        for row in value:
            yield from written(reply, row)
        return
    hints = {
        name: hint
        for base in reversed(reply.__mro__)
        for name, hint in getattr(base, "__annotations__", {}).items()
    }
    for name, field in fields_of(reply).items():
        if field.kind in ("node", "list"):
            yield from written(node_in(hints[name]), value[name] or [])
        else:
            yield field, value[name]


def node_in(hint: Any) -> Any:
    if isinstance(hint, type) and fields_of(hint):
        return hint
    return next((found for part in get_args(hint) if (found := node_in(part))), None)


def test_1_amounts_as_number_or_numeric_string(each: Callable[[Change], list[str]], client: Client) -> None:
    assert each(lambda infno, given: as_numbers(given, numbers(TABLE[infno].request))) == []
    assert all(alike(client, infno, lambda _, given: as_text(given)) for infno in FLOW)
    replies = [(TABLE[number].reply, reply["output"]) for number, reply in client.replies.items()]
    told = [pair for kind, output in replies if kind for pair in written(kind, output)]
    amounts = [(field, value) for field, value in told if field.kind == "N" and value is not None]
    assert len(amounts) > 100
    for field, value in amounts:
        places = int(field.length.partition(",")[2] or 0)
        assert isinstance(value, (int, Decimal)), field.label
        assert -Decimal(value).as_tuple().exponent <= places, field.label


@pytest.mark.parametrize(
    "change",
    [
        lambda _, given: renamed(given, camel),
        lambda _, given: renamed(given, str.upper),
        lambda _, given: {"sign_in" if name == "signIn" else name: node for name, node in given.items()},
        lambda _, given: {"data" if name == "mdtrtinfo" else name: node for name, node in given.items()},
    ],
    ids=["camel", "upper", "snake", "data for mdtrtinfo"],
)
def test_2_names_exactly_first_then_without_case_and_underscores(
    each: Callable[[Change], list[str]], change: Change
) -> None:
    assert each(change) == []


def test_2_the_nodes_of_guangzhou(each: Callable[[Change], list[str]]) -> None:
    """`mdtrtinfo` for `data` in 2201, 2202, 2206, 2207, 2208; no node at all wherever there is a single `data`."""
    of_visits = {"2201", "2202", "2206", "2206A", "2207", "2207A", "2208"}
    assert each(lambda infno, given: {"mdtrtinfo": given["data"]} if infno in of_visits else given) == []


def test_2_no_node_where_there_is_one_alone(each: Callable[[Change], list[str]]) -> None:
    assert each(lambda _, given: given["data"] if list(given) == ["data"] else given) == []


def test_3_input_as_text_and_one_object_where_a_list_is_expected(each: Callable[[Change], list[str]]) -> None:
    def single(_: str, given: Json) -> str:
        bare = {
            name: node[0] if isinstance(node, list) and len(node) == 1 else node
            for name, node in given.items()
        }
        return json.dumps(bare, ensure_ascii=False, default=str)

    assert each(single) == []


@pytest.mark.parametrize("missing", [None, ""])
def test_4_unknown_keys_ignored_and_null_or_empty_is_missing(
    each: Callable[[Change], list[str]], missing: str | None
) -> None:
    def stuffed(value: Any, cls: Any) -> Any:
        if isinstance(value, list):
            return [stuffed(item, cls) for item in value]
        inner = dict(
            zip(
                (name for name, field in fields_of(cls).items() if field.kind in ("node", "list")),
                inner_nodes(cls),
                strict=False,
            )
        )
        full = {name: stuffed(item, inner[name]) if name in inner else item for name, item in value.items()}
        absent = {name: missing for name in fields_of(cls) if name.rstrip("_") not in value}
        return {**full, **absent, "internal_operator_key": {"x": [1]}}

    assert each(lambda infno, given: stuffed(given, TABLE[infno].request)) == []


def test_5_json_in_utf_8_without_encoding_and_200_for_business_failures(client: Client) -> None:
    client.run(*FLOW[:-1])
    for infno in sorted(TABLE):
        for body in (message_of(infno, client), client.message("9001", infno=infno, insuplc_admdvs="360100")):
            with transaction.atomic():
                response = client.post(json.dumps(body, default=str).encode())
                transaction.set_rollback(True)
            assert response.status_code == 200
            assert not response.has_header("Content-Encoding")
            kind = response["Content-Type"]
            assert kind == "application/json;charset=UTF-8" or (infno == "9102" and "octet-stream" in kind)


def test_6_both_spellings_where_sources_disagree(client: Client) -> None:
    client.run(*FLOW)
    back = client.replies["2208"]["output"]["setlinfo"]
    assert back["pdn_cash_pay"] == back["psn_cash_pay"] < 0
    assert "psn_part_am" not in back
    for number in ("2501", "1901"):
        names = {name for _, name in names_in(TABLE[number].reply)}
        assert {"expContent", "exp_content"} <= names or {"parentValue", "parent_value"} <= names
    Institution.objects.update(dialect={"part_am": True})
    again = client.send(client.requests["2208"])["output"]["setlinfo"]
    assert again["psn_part_am"] == again["psn_part_amt"] == back["psn_part_amt"]


def names_in(cls: Any) -> Iterator[tuple[Any, str]]:
    for name, field in fields_of(cls).items():
        yield cls, name
        if field.kind in ("node", "list"):
            yield from names_in(node_in(cls.__annotations__[name]))


def test_7_all_41_fields_of_setlinfo(client: Client) -> None:
    client.run(*FLOW)
    infos = {number: client.replies[number]["output"]["setlinfo"] for number in ("2206A", "2207A", "2208")}
    assert [len(set(info) - {"pdn_cash_pay"}) for info in infos.values()] == [41, 41, 41]


def test_8_infcode_is_a_number(client: Client) -> None:
    done = client.post(client.message("9001")).content
    refused = client.post(client.message("9001", infno="0000")).content
    assert b'"infcode":0,' in done
    assert b'"infcode":-1,' in refused


@pytest.mark.parametrize(
    ("ahead", "window", "taken"), [(0, 300, True), (200, 300, True), (200, 100, False), (-200, 100, False)]
)
def test_9_hex_of_any_case_seconds_or_milliseconds_and_a_clock_window(
    client: Client, monkeypatch: pytest.MonkeyPatch, ahead: int, window: int, taken: bool
) -> None:
    Institution.objects.update(scheme="x-tif")
    monkeypatch.setattr(settings, "GATEWAY_CLOCK_WINDOW_S", window)
    seconds = int(time.time()) + ahead
    for rank, stamp in enumerate((str(seconds), str(seconds * 1000))):
        for spell in (str.lower, str.upper):
            nonce = f"n-{rank}-{spell.__name__}"
            signed = spell(x_tif_signature(stamp, factories.SECRET, nonce))
            headers = {
                "X-Tif-Paasid": factories.PAASID,
                "x-tif-timestamp": stamp,
                "X-TIF-NONCE": nonce,
                "x-tif-signature": signed,
            }
            response = client.post(client.message("9001", infno="0000"), **headers)
            assert (response.status_code == 200) == taken


def test_10_once_by_institution_transaction_and_msgid_with_the_body(client: Client) -> None:
    first = client.message("9001")
    reply = client.send(first)
    assert client.send(dict(reversed(first.items()))) == reply
    assert client.send({**first, "opter_name": "另一人"})["err_msg"].startswith("[GATEWAY-MSGID-REUSED]")
    assert client.send(client.message("1101", msgid=first["msgid"]))["infcode"] == 0
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）")
    factories.connect(provider, paasid="another")
    other = client.send({**first, "fixmedins_code": provider.code})
    assert other["output"]["signinoutb"]["sign_no"] != reply["output"]["signinoutb"]["sign_no"]
