"""The window: a person stands there, shows a document, and the clerk acts for them today."""

from typing import Any

import pytest
from django.test import Client

from tests.desk.reading import Page, controls_without_label, staff_client
from tests.people.factories import a_coverage, an_identity
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.consents.models import Consent
from yidi.people.models import Coverage
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


def begin(client: Client, **changed: Any) -> Any:
    typed = {
        "key": "identity",
        "number": an_identity(),
        "shown": "居民身份证原件",
        "other": "",
        "agrees": "on",
    } | changed
    return client.post("/desk/window/", {name: value for name, value in typed.items() if value})


def test_the_consent_of_today_is_noted_and_the_clerk_acts_for_the_person(coverage: Coverage) -> None:
    client = staff_client(Role.WINDOW, username="chuang")
    assert begin(client)["Location"] == "/me/"
    consent = Consent.objects.get()
    assert (consent.person, consent.clerk, consent.shown) == (coverage.person, "chuang", "居民身份证原件")
    assert consent.starts == consent.ends
    event = Event.objects.get(action="consents:window")
    assert (event.actor, event.principal) == ("chuang", coverage.person.number)
    assert Look.objects.get().person == coverage.person.number
    band = Page(client.get("/desk/window/")).text
    assert "窗口代办： 测** ，至今日" in band
    assert coverage.person.name not in band
    client.post("/consents/stop/")
    assert "至今日" not in Page(client.get("/desk/window/")).text


def test_twice_the_same_person_is_one_consent_and_one_may_go_on(coverage: Coverage) -> None:
    client = staff_client(Role.WINDOW)
    begin(client)
    begin(client, shown="", other="护照原件")
    consent = Consent.objects.get()
    client.post("/consents/stop/")
    assert client.post(f"/desk/window/{consent.pk}/")["Location"] == "/me/"
    assert "至今日" in Page(client.get("/desk/window/")).text


def test_another_clerks_consent_serves_nobody_else(coverage: Coverage) -> None:
    begin(staff_client(Role.WINDOW, username="one"))
    two = staff_client(Role.WINDOW, username="two")
    page = Page(two.get("/desk/window/"))
    assert "继续代办" not in page.text
    assert two.post(f"/desk/window/{Consent.objects.get().pk}/").status_code == 409
    assert "至今日" not in Page(two.get("/desk/window/")).text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"agrees": ""}, "须本人当面同意"),
        ({"shown": ""}, "没有登记本人出示了什么证件"),
        ({"shown": "借书证"}, "没有这个选项"),
        ({"number": an_identity(77)}, "本地区没有这个号码"),
        ({"number": "77"}, "应为 17 位数字加 1 位校验码"),
    ],
)
def test_without_document_consent_or_person_nothing_begins(
    coverage: Coverage, changed: dict[str, str], told: str
) -> None:
    client = staff_client(Role.WINDOW)
    page = Page(begin(client, **changed))
    assert told in page.text
    assert "至今日" not in page.text
    assert not Consent.objects.exists()
    assert not Look.objects.exists()


def test_a_person_insured_elsewhere_is_not_found_here(coverage: Coverage) -> None:
    far = staff_client(Role.WINDOW, region="310000")
    assert "本地区没有这个号码" in Page(begin(far)).text
    assert not Consent.objects.exists()


def test_what_a_clerk_decides_meanwhile_is_not_done_for_that_person(coverage: Coverage) -> None:
    case = a_qualification(State.SUBMITTED, a_coverage(2))
    client = staff_client(Role.WINDOW, Role.REVIEWER)
    begin(client)
    client.post("/desk/hand-out/", {"number": [case.number], "do": "take-on"})
    assert Event.objects.get(subject=case.number).principal == ""


def test_in_english_and_every_control_has_its_name(coverage: Coverage) -> None:
    client = staff_client(Role.WINDOW)
    client.get("/desk/window/?lang=en")
    begin(client)
    page = Page(client.get("/desk/window/"))
    assert page.left_over() == []
    assert controls_without_label(page) == []
