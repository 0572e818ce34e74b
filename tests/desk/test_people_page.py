"""Looking people up: for a reason, in the own region, in no address and no log."""

import logging
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.desk.reading import Page, controls_without_label, staff_client
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage, a_person, an_identity
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Look
from yidi.people.models import Coverage
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db
NUMBER = "36010000000000000001"


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


def ask(client: Client, **changed: Any) -> Any:
    typed = {"key": "identity", "number": an_identity(), "why": "question", "text": ""} | changed
    return client.post("/desk/people/", {name: value for name, value in typed.items() if value is not None})


@pytest.mark.parametrize(
    ("key", "number"),
    [("identity", an_identity()), ("identity", f" {an_identity().lower()} "), ("number", NUMBER)],
)
def test_a_record_is_shown_and_the_look_is_logged(coverage: Coverage, key: str, number: str) -> None:
    case = a_qualification(State.UNDER_REVIEW, coverage)
    filing, draft = a_filing(coverage=coverage), a_qualification(State.DRAFT, coverage, "M01600")
    answer = ask(staff_client(Role.WINDOW, username="ban"), key=key, number=number, text="问报销到哪一步")
    text = Page(answer).text
    for shown in (
        coverage.person.name,
        coverage.person.identity,
        case.number,
        filing.number,
        "今年的累计",
        "起付线",
    ):
        assert shown in text
    assert draft.number not in text
    assert "no-store" in answer["Cache-Control"]
    look = Look.objects.get()
    assert (look.actor, look.person, look.what) == ("ban", NUMBER, "record")
    assert look.reason == "答复本人咨询：问报销到哪一步"


def test_elsewhere_and_nobody_get_the_same_answer(coverage: Coverage) -> None:
    a_coverage(2, pool="310000")
    a_person(3)
    client = staff_client(Role.REVIEWER)
    told = set()
    for number in (an_identity(2), an_identity(3), an_identity(77)):
        page = Page(ask(client, number=number))
        assert "本地区没有这个号码的参保人" in page.text
        told.add(page.text)
    assert len(told) == 1
    assert not Look.objects.exists()


def test_what_is_elsewhere_of_a_person_of_ours_stays_there(coverage: Coverage) -> None:
    person = coverage.person
    far = person.coverages.create(
        pool="310000", scheme="resident", standing="senior", starts=date(2024, 1, 1)
    )
    filing = a_filing(coverage=far, care_region="360100")
    text = Page(ask(staff_client(Role.REVIEWER))).text
    assert person.name in text
    assert filing.number not in text
    assert "上海" not in text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": ""}, "请输入号码"),
        ({"number": "123"}, "应为 17 位数字加 1 位校验码"),
        ({"number": an_identity()[:-1] + "Y"}, "校验码"),
        ({"why": ""}, "请选择一项"),
        ({"why": "nonsense"}, "没有这个选项"),
        ({"why": "other", "text": " "}, "须写明理由"),
        ({"why": None}, "请选择一项"),
        ({"key": "name"}, "没有这个选项"),
    ],
)
def test_a_bad_question_is_said_beside_the_field_and_what_was_typed_stays(
    coverage: Coverage, changed: dict[str, Any], told: str
) -> None:
    answer = ask(staff_client(Role.REVIEWER), **changed)
    page = Page(answer)
    assert told in page.text
    assert coverage.person.name not in page.text
    [field] = [box for box in page.all("input") if box.get("name") == "number"]
    assert field.get("value", "") == changed.get("number", an_identity())
    assert not Look.objects.exists()


def test_a_number_in_the_address_is_not_read(coverage: Coverage) -> None:
    answer = staff_client(Role.REVIEWER).get(f"/desk/people/?key=number&number={NUMBER}&why=question")
    assert coverage.person.name not in Page(answer).text
    assert not Look.objects.exists()


def test_numbers_and_names_are_absent_from_logs(coverage: Coverage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = staff_client(Role.REVIEWER)
    for number in (coverage.person.identity, an_identity(77), "3601"):
        ask(client, number=number)
        assert number not in caplog.text
    assert coverage.person.name not in caplog.text


def test_in_english_and_every_control_has_its_name(coverage: Coverage) -> None:
    a_qualification(State.APPROVED, coverage)
    client = staff_client(Role.REVIEWER)
    client.get("/desk/people/?lang=en")
    page = Page(ask(client))
    assert "this year" in page.text
    assert page.left_over() == []
    assert controls_without_label(page) == []
