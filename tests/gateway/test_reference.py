"""The reference: what it says of every declaration is so, its samples fit its schemas, and its form sends as a test hospital alone."""

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.urls import reverse
from jsonschema import Draft202012Validator

from tests.desk.reading import Page
from tests.gateway import factories
from tests.gateway.client import Client, Json
from tests.gateway.factories import World
from tests.gateway.test_refusals import ROWS
from yidi.accounts.actors import SYSTEM
from yidi.gateway.dialects import PRESETS, Dialect
from yidi.gateway.fields import fields_of
from yidi.gateway.institutions import connect
from yidi.gateway.reference import openapi, samples, transport
from yidi.gateway.reference.markdown import page
from yidi.gateway.reference.model import NESTED, by_area, entries, envelope, find, texts
from yidi.gateway.reference.refusals import every_message
from yidi.gateway.transactions import TABLE
from yidi.reference import dictionaries

DOCUMENT: Json = json.loads(openapi.text())
PAGES = ["index", "envelope", "transport", "dialects", "errors", "doubts", "dictionaries"]


# what it says of the declarations


def test_every_transaction_has_an_area_a_purpose_and_an_english_name() -> None:
    assert set(entries()) == {item.infno for item in TABLE.values()}
    for entry in entries().values():
        assert entry.purpose.endswith("。"), entry.infno
        assert entry.english, entry.infno
    assert sum(map(len, by_area().values())) == len(entries())
    assert find("2207") is find("2207A")
    assert find("0000") is None


@pytest.mark.parametrize("infno", sorted(entries()))
def test_the_page_has_every_field_and_every_doubt(infno: str, client_of_pages: Browser) -> None:
    entry = entries()[infno]
    shown = Page(client_of_pages.get(reverse("reference:transaction", args=[infno])))
    for table in (*entry.requests, *entry.replies):
        assert table.path in shown.text
        for row in table.rows:
            assert row.name in shown.text
            assert " ".join(row.field.label.split()) in shown.text
            assert " ".join(row.field.doubt.split()) in shown.text
    if entry.transaction.doubt:
        assert entry.transaction.doubt in shown.text


@pytest.mark.parametrize(("infno", "code"), sorted({(row[0], row[3]) for row in ROWS}))
def test_what_a_transaction_was_seen_to_refuse_stands_in_its_reference(infno: str, code: str) -> None:
    entry = find(infno)
    assert entry
    assert code in {kind.code for kind in (*every_message(), *entry.refusals)}


def test_the_markdown_page_has_every_field() -> None:
    text = page()
    for entry in entries().values():
        assert f"## {entry.infno} {entry.transaction.name}\n" in text
    for table in (envelope(), *(table for entry in entries().values() for table in entry.requests)):
        for row in table.rows:
            assert f"| `{row.name}` | {row.field.label} |" in text


# OpenAPI


def test_the_document_has_one_path_for_each_transaction() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert set(DOCUMENT["paths"]) == {f"{openapi.PATH}/{infno}" for infno in entries()}
    operations = [path["post"] for path in DOCUMENT["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {operation["tags"][0] for operation in operations}
    for names in DOCUMENT["security"]:
        assert set(names) <= set(DOCUMENT["components"]["securitySchemes"])


def test_every_schema_is_one_and_every_reference_leads_somewhere() -> None:
    for schema in schemas():
        Draft202012Validator.check_schema(schema)
    for name in re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', openapi.text()):
        assert name in DOCUMENT["components"]["schemas"]


def schemas() -> list[Json]:
    bodies = [operation_of(infno)["requestBody"]["content"] for infno in entries()]
    replies = [response["content"] for infno in entries() for response in responses(infno)]
    found = [body["schema"] for content in (*bodies, *replies) for body in content.values()]
    return [*found, *DOCUMENT["components"]["schemas"].values()]


def operation_of(infno: str) -> Json:
    found: Json = DOCUMENT["paths"][f"{openapi.PATH}/{infno}"]["post"]
    return found


def responses(infno: str) -> list[Json]:
    return list(operation_of(infno)["responses"].values())


def valid(schema: Json, instance: Any) -> list[str]:
    """What is wrong with an instance of one of the document's schemas."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(instance)]


@pytest.mark.parametrize("infno", sorted(path.stem for path in samples.FOLDER.glob("*.json")))
def test_a_sample_fits_the_schemas_of_its_transaction(infno: str) -> None:
    kept = json.loads((samples.FOLDER / f"{infno}.json").read_text(encoding="utf-8"))
    operation = operation_of(infno)
    request = operation["requestBody"]["content"]["application/json"]["schema"]
    assert valid(request, kept["request"]) == []
    reply = operation["responses"]["200"]["content"]["application/json"]["schema"]
    if not entries()[infno].transaction.gives_file:
        assert valid(reply, kept["reply"]) == []
        assert valid(reply, {**kept["reply"], "infcode": 7})
        assert valid(reply, {**kept["reply"], "output": "lost"})
    for name in kept["request"]["input"]:
        without = {key: value for key, value in kept["request"]["input"].items() if key != name}
        assert valid(request, {**kept["request"], "input": without})


@pytest.mark.django_db
def test_a_refusal_fits_the_schema(client: Client) -> None:
    schema = operation_of("2201")["responses"]["200"]["content"]["application/json"]["schema"]
    for body in (client.message("2201", opter=""), client.message("2201", insuplc_admdvs="310000")):
        assert valid(schema, json.loads(client.post(body).content)) == []


@pytest.mark.parametrize("infno", sorted(entries()))
def test_what_the_form_of_a_message_shows_fits_the_schema(infno: str) -> None:
    request = operation_of(infno)["requestBody"]["content"]["application/json"]["schema"]
    inner = request["properties"]["input"]
    assert valid(inner, json.loads(json.dumps(samples.shape(TABLE[infno].request), default=str))) == []


# pages


@pytest.fixture
def client_of_pages() -> Browser:
    return Browser()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_anybody(name: str, language: str, client_of_pages: Browser) -> None:
    shown = Page(client_of_pages.get(reverse(f"reference:{name}") + f"?lang={language}"))
    assert shown.all("h1")
    if language == "en":
        assert shown.left_over() == []


def test_an_english_page_of_a_transaction_marks_its_chinese(client_of_pages: Browser) -> None:
    shown = Page(client_of_pages.get(reverse("reference:transaction", args=["2207A"]) + "?lang=en"))
    assert shown.left_over() == []
    assert "Settle" in shown.text


def test_every_link_leads_to_a_page(client_of_pages: Browser) -> None:
    seen: set[str] = set()
    waiting = [reverse("reference:index")]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client_of_pages.get(address)
        assert answer.status_code == 200, address
        if answer["Content-Type"].startswith("text/html"):
            links = {attrs["href"].partition("#")[0] for attrs in Page(answer).all("a")}
            waiting += [
                link for link in links if link.startswith("/gateway/") and link not in {*seen, *waiting}
            ]
    assert len(seen) >= len(entries()) + len(PAGES) + 1


def test_other_numbers_lead_to_their_transaction_and_unknown_ones_nowhere(client_of_pages: Browser) -> None:
    assert client_of_pages.get("/gateway/docs/2207/")["Location"] == "/gateway/docs/2207A/"
    for address in ("/gateway/docs/0000/", "/gateway/docs/dictionaries/nothing/"):
        assert client_of_pages.get(address).status_code == 404


def test_the_vectors_of_the_interface() -> None:
    results = {vector.name: vector.result for vector in transport.vectors()}
    assert results["x-tif-signature"] == "a07d548a90e8ed5a2c17de48b9f8f5f97861515f698a3ab2433685d393c2d6bd"
    assert results["_api_signature"] == "9GkyZVBhpcMOZXkdx5B4XY8w1H0="
    assert openapi.PATH in transport.addresses()


def test_every_dictionary_of_a_field_has_its_page(client_of_pages: Browser) -> None:
    for name in dictionaries.names():
        assert client_of_pages.get(reverse("reference:dictionary", args=[name])).status_code == 200
    fields = [row.field for entry in entries().values() for table in entry.requests for row in table.rows]
    assert {field.dictionary for field in fields if field.dictionary} <= set(dictionaries.names())
    assert NESTED == ("node", "list")
    assert fields_of(TABLE["1101"].request)


def test_every_dialect_and_option_has_its_words() -> None:
    words = texts()["dialects"]
    assert set(words["places"]) == set(PRESETS)
    assert set(words["options"]) == set(Dialect.model_fields)


# trying a message


@pytest.fixture
def tested(world: World, settings: LazySettings) -> World:
    settings.DEMO = True
    institution = connect(world.provider, SYSTEM, "test", "secret", for_testing=True)
    return replace(world, institution=institution)


def post(browser: Browser, infno: str, world: World, body: Any, **changes: str) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    given = {"sender": world.provider.code, "message": text, "do": "send", **changes}
    answer = browser.post(reverse("reference:transaction", args=[infno]), given)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_message_is_tried_and_answered(tested: World, client: Client, client_of_pages: Browser) -> None:
    shown = post(client_of_pages, "1101", tested, client.message("1101"))
    assert '"infcode": 0' in shown
    assert tested.person.name in shown
    shown = post(client_of_pages, "1101", tested, client.message("1101", opter="", msgid="x" * 31))
    assert "<li>msgid（发送方报文ID）：超过 30 个字</li>" in shown
    assert "<li>opter（经办人）：缺少或为空，请补上</li>" in shown


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "[GATEWAY-MALFORMED]"),
        ("[]", "[GATEWAY-MALFORMED]"),
        ("{}", "fixmedins_code"),
        ('{"fixmedins_code": "H00000000000"}', "fixmedins_code"),
        ('{"fixmedinsCode": "H31010699991"}', "fixmedins_code"),
    ],
)
def test_what_is_tried_bears_the_test_hospitals_name(
    body: str, said: str, tested: World, client_of_pages: Browser
) -> None:
    before = factories.rows()
    assert said in post(client_of_pages, "1101", tested, body)
    assert factories.rows() == before


@pytest.mark.parametrize("closed", ["not for testing", "no demo", "not invented", "disconnected", "unknown"])
def test_nobody_tries_messages_where_people_are_real(
    closed: str, tested: World, client: Client, client_of_pages: Browser, settings: LazySettings
) -> None:
    institution, body = tested.institution, client.message("9001")
    institution.for_testing = closed != "not for testing"
    institution.active = closed != "disconnected"
    institution.save()
    tested.provider.synthetic = closed != "not invented"
    tested.provider.save()
    settings.DEMO = closed != "no demo"
    before = factories.rows()
    sender = "H00000000000" if closed == "unknown" else str(tested.provider.code)
    for do in ("send", "prepare"):
        shown = post(client_of_pages, "9001", tested, body, do=do, sender=sender)
        assert 'id="answer"' not in shown
        assert "这里不能试发" in shown
    assert factories.rows() == before


def test_a_form_that_others_forged_is_refused(tested: World, client: Client) -> None:
    browser = Browser(enforce_csrf_checks=True)
    given = {"sender": tested.provider.code, "message": json.dumps(client.message("9001")), "do": "send"}
    before = factories.rows()
    assert browser.post(reverse("reference:transaction", args=["9001"]), given).status_code == 403
    assert factories.rows() == before
