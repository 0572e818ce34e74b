"""A mother lets her daughter act for her, page by page; and what others see of it."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import PASSWORD, a_clerk, a_user, sign_in
from tests.consents.factories import CHILD, a_child, a_consent, a_parent, an_offer
from tests.people.factories import a_person
from yidi.accounts.models import Session, User
from yidi.accounts.sessions import end_everywhere
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.consents.models import Consent
from yidi.consents.terms import State
from yidi.people.models import Person

pytestmark = pytest.mark.django_db
GIVEN = {"name": CHILD, "relation": "child", "lasting": "year"}


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, a_user(person))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def mother() -> Person:
    return a_parent()


@pytest.fixture
def daughter() -> Person:
    return a_child()


def test_from_the_offer_to_acting_and_back(mother: Person, daughter: Person) -> None:
    hers, theirs = signed_in(mother), signed_in(daughter)
    assert "还没有授权给任何人" in text(hers.get("/consents/"))
    answer = hers.post("/consents/give/", GIVEN)
    page = text(hers.get(answer["Location"]))
    found = re.search(r'told-code">(\d{4} \d{4})</p>', page)
    assert found
    assert f"给{CHILD}的授权码" in page
    again = hers.get(answer["Location"], follow=True)
    assert found[1] not in text(again)
    assert "授权码只显示一次" in text(again)
    question = text(theirs.post("/consents/enter/", {"code": found[1]}))
    assert "测**请您代办" in question
    assert mother.name not in question
    assert Consent.objects.get().state is State.OFFERED
    done = theirs.post("/consents/enter/", {"code": found[1], "accept": "1"}, follow=True)
    assert "您可以替他办理了" in text(done)
    theirs.post("/consents/act/", {"number": mother.number})
    assert "您正在替 测** 办理" in text(theirs.get("/"))
    assert theirs.post("/consents/stop/")["Location"] == "/me/"
    assert "您正在替" not in text(theirs.get("/"))
    key = Consent.objects.get().pk
    assert f"不再让{CHILD}替您办理" in text(hers.get(f"/consents/{key}/revoke/"))
    hers.post(f"/consents/{key}/revoke/")
    assert "CONSENT" not in text(hers.get("/consents/"))
    assert theirs.post("/consents/act/", {"number": mother.number}).status_code == 403
    assert [(e.action, e.principal) for e in Event.objects.filter(action__startswith="consents:")] == [
        ("consents:offered", ""),
        ("consents:accepted", mother.number),
        ("consents:revoked", ""),
    ]


def test_the_relative_declines_or_takes_back(mother: Person, daughter: Person) -> None:
    theirs = signed_in(daughter)
    theirs.post("/consents/enter/", {"code": an_offer(mother).code, "decline": "1"})
    assert Consent.objects.get().state is State.DECLINED
    consent = a_consent(mother, daughter)
    assert "不再替测**办理" in text(theirs.get(f"/consents/{consent.pk}/revoke/"))
    theirs.post(f"/consents/{consent.pk}/revoke/")
    assert Consent.objects.get(pk=consent.pk).state is State.REVOKED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "请填写亲属的姓名"),
        ({"relation": ""}, "请选择一项"),
        ({"relation": "friend"}, "没有这个选项"),
        ({"lasting": ""}, "请选择一项"),
        ({"name": "字" * 61}, "60"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(mother: Person, changes: dict[str, str], said: str) -> None:
    answer = signed_in(mother).post("/consents/give/", GIVEN | changes)
    assert said in text(answer)
    assert 'class="wrong"' in text(answer)
    assert not Consent.objects.exists()


def test_codes_are_not_to_be_guessed(mother: Person, daughter: Person) -> None:
    theirs = signed_in(daughter)
    an_offer(mother)
    answers = [theirs.post("/consents/enter/", {"code": "00000000"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert "授权码不对、已过期，或不是给您的" in text(answers[0])


def test_others_see_nothing(mother: Person, daughter: Person) -> None:
    consent = a_consent(mother, daughter)
    stranger = signed_in(a_person(7, "路人"))
    assert stranger.get(f"/consents/{consent.pk}/revoke/").status_code == 404
    assert stranger.post(f"/consents/{consent.pk}/revoke/").status_code == 404
    assert stranger.get(f"/consents/{consent.pk}/code/").status_code == 404
    assert stranger.post("/consents/act/", {"number": mother.number}).status_code == 403
    assert stranger.post("/consents/act/", {"number": "nobody"}).status_code == 409
    assert CHILD not in text(stranger.get("/consents/"))
    assert Consent.objects.get().state is State.ACCEPTED


@pytest.mark.parametrize(
    "page", ["/consents/", "/consents/give/", "/consents/enter/", "/consents/1/code/", "/consents/1/revoke/"]
)
def test_the_pages_are_for_those_who_signed_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/sign-in/?")
    sign_in(client, a_clerk("chuang", Role.WINDOW))
    assert client.get(page)["Location"].startswith("/sign-in/?")


def test_consents_are_ones_own_matter_while_acting_for_another(mother: Person, daughter: Person) -> None:
    a_consent(mother, daughter)
    theirs = signed_in(daughter)
    theirs.post("/consents/act/", {"number": mother.number})
    theirs.post("/consents/give/", GIVEN | {"name": "别人"})
    assert Consent.objects.latest("pk").person == daughter


def test_a_form_sent_too_late_comes_back_filled_in(mother: Person) -> None:
    hers = signed_in(mother)
    end_everywhere(User.objects.get())
    assert hers.post("/consents/give/", GIVEN).status_code == 302
    assert Session.objects.count() == 2
    hers.post("/sign-in/", {"username": User.objects.get().username, "password": PASSWORD})
    assert CHILD in text(hers.get("/consents/give/"))
    assert not Consent.objects.exists()


def test_in_english(mother: Person, daughter: Person) -> None:
    a_consent(mother, daughter)
    page = text(signed_in(mother).get("/consents/?lang=en"))
    assert "child" in page
    assert "accepted" in page
