"""The auditors' page: asked by POST, page by page, or as a file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import CLERK, PERSON, WINDOW
from tests.casework.factories import consent_at_window
from tests.desk.reading import Page, controls_without_label, staff_client
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.audit.services import looked, record
from yidi.qualification.models import Qualification
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Qualification:
    case = a_qualification(State.UNDER_REVIEW)
    consent_at_window(case.coverage.person)
    record(WINDOW, "qualification:submitted", case.number)
    record(CLERK, "qualification:under-review", case.number, "<b>理由</b>")
    looked(CLERK, PERSON.name, case.number, f"办理 {case.number}")
    return case


@pytest.fixture
def client() -> Client:
    return staff_client(Role.AUDITOR, username="sheng")


def ask(client: Client, **typed: Any) -> Any:
    return client.post("/desk/trail/", {"kind": "deeds"} | typed)


def test_today_is_shown_at_first_with_who_acted_for_whom(client: Client, case: Qualification) -> None:
    page = Page(client.get("/desk/trail/"))
    assert WINDOW.name in page.text
    assert "凭当面授权： 居民身份证原件" in page.text
    assert case.number in page.text
    assert "<b>理由</b>" in page.text


def test_a_case_in_the_address_but_no_person(client: Client, case: Qualification) -> None:
    assert "审核中" in Page(client.get(f"/desk/trail/?case={case.number}")).text
    assert "没有编号为" in Page(client.get("/desk/trail/?case=Q99999999")).text
    page = Page(client.get(f"/desk/trail/?person={PERSON.name}&kind=looks"))
    [box] = [box for box in page.all("input") if box.get("name") == "person"]
    assert box.get("value", "") == ""


def test_looks_of_a_person(client: Client, case: Qualification) -> None:
    text = Page(ask(client, kind="looks", person=PERSON.name)).text
    assert f"办理 {case.number}" in text
    assert PERSON.name in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"person": "77"}, "本地区没有这个号码"),
        ({"case": "Q77"}, "没有编号为“Q77”"),
        ({"first": "2026-02-01", "last": "2026-01-01"}, "早于开始日期"),
        ({"first": "neulich"}, "日期没有看懂"),
        ({"kind": "all"}, "没有这个选项"),
    ],
)
def test_a_bad_question_is_said_beside_the_field(
    client: Client, case: Qualification, typed: dict[str, str], said: str
) -> None:
    page = Page(ask(client, **typed))
    assert said in page.text
    assert page.all("table") == []


def test_page_by_page_without_an_address(client: Client, case: Qualification) -> None:
    for _ in range(55):
        record(CLERK, "qualification:assign", case.number)
    first = Page(ask(client, case=case.number))
    assert "第 1 页，共 2 页 57 条" in first.text
    [following] = [button for button in first.all("button") if button.get("name") == "page"]
    second = Page(ask(client, case=case.number, page=following["value"]))
    assert "第 2 页" in second.text
    assert "审核中" in second.text
    assert "第 1 页" in Page(ask(client, case=case.number, page="x")).text


def test_files(client: Client, case: Qualification) -> None:
    answer = ask(client, case=case.number, export="csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store, private"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == [CLERK.name, WINDOW.name]
    assert ask(client, case=case.number, export="xlsx").content.startswith(b"PK")
    assert Event.objects.filter(action="trail:export", actor="sheng").count() == 2


def test_in_english_and_every_control_has_its_name(client: Client, case: Qualification) -> None:
    page = Page(client.get("/desk/trail/?lang=en"))
    assert page.left_over() == []
    assert controls_without_label(page) == []
