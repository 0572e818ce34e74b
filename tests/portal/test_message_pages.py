"""Messages on the person's pages, and where else they may be told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.consents.factories import a_consent
from tests.notices.factories import Pretender, person_with
from tests.people.factories import a_person
from tests.portal.reading import Page
from yidi.accounts.terms import Role
from yidi.notices import channels
from yidi.notices.models import Contact, Message
from yidi.notices.services import tell
from yidi.notices.terms import Channel, Template
from yidi.people.models import Person

pytestmark = pytest.mark.django_db
INBOX, CONTACTS = "/me/messages/", "/me/messages/contacts/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def told(person: Person, number: str = "Q0000000001") -> Message:
    message = tell(person, Template.QUALIFICATION_SUBMITTED, number, disease="M03900")
    assert message is not None
    return message


@pytest.fixture
def person(client: Client) -> Person:
    person = a_person()
    sign_in(client, a_user(person))
    return person


@pytest.fixture
def pretender(monkeypatch: pytest.MonkeyPatch) -> Pretender:
    pretender = Pretender()
    monkeypatch.setattr(channels, "sender_of", lambda channel: pretender)
    monkeypatch.setattr("yidi.notices.contacts.sender_of", lambda channel: pretender)
    return pretender


def code_in(pretender: Pretender) -> str:
    return "".join(sign for sign in pretender.given[-1][2] if sign.isdigit())[:6]


class TestInbox:
    def test_opening_a_message_is_reading_it(self, client: Client, person: Person) -> None:
        message = told(person)
        assert "未读" in text(client.get(INBOX))
        answer = client.get(reverse("portal:message", args=[message.pk]))
        assert "“高血压”门诊慢特病待遇资格（Q0000000001）已经收到" in text(answer)
        assert 'href="/me/qualifications/Q0000000001/"' in text(answer)
        assert Message.objects.get().read_at is not None
        assert "未读" not in text(client.get(INBOX))

    def test_another_persons_message_is_not_found(self, client: Client, person: Person) -> None:
        message = told(a_person(2))
        assert client.get(reverse("portal:message", args=[message.pk])).status_code == 404
        assert Message.objects.get().read_at is None
        assert "还没有消息" in text(client.get(INBOX))

    def test_whoever_acts_for_somebody_reads_their_own(self, client: Client) -> None:
        mother, daughter = a_person(1), a_person(2, "测试子女")
        a_consent(mother, daughter)
        Message.objects.all().delete()
        message = told(mother)
        sign_in(client, a_user(daughter), principal=mother.number)
        assert "还没有消息" in text(client.get(INBOX))
        assert client.get(reverse("portal:message", args=[message.pk])).status_code == 404

    def test_staff_have_no_business_here(self, client: Client) -> None:
        sign_in(client, a_clerk("window", Role.WINDOW), principal=a_person().number)
        assert client.get(INBOX).headers["Location"].startswith("/sign-in/")

    def test_many_are_turned_over_page_by_page(self, client: Client, person: Person) -> None:
        for rank in range(21):
            told(person, f"Q{rank:010d}")
        first, second = text(client.get(INBOX)), text(client.get(f"{INBOX}?page=2"))
        assert first.count("未读</span>") == 20 + 1, "and one in the navigation"
        assert second.count("未读</span>") == 1 + 1
        assert 'rel="next"' in first


class TestContacts:
    def send(self, client: Client, act: str, **fields: str) -> Any:
        return client.post(CONTACTS, {"act": act, **fields})

    def test_an_address_serves_once_its_code_came_back(
        self, client: Client, person: Person, pretender: Pretender
    ) -> None:
        answer = self.send(client, "note", channel="sms", address="138 0000 1234")
        assert answer["Location"] == CONTACTS
        content = text(client.get(CONTACTS))
        assert "138****1234" in content
        assert "13800001234" not in content
        assert "等您填验证码" in content
        assert pretender.given[0][0] == "13800001234"
        wrong = self.send(client, "confirm", channel="sms", code="000000x")
        assert "验证码不对" in text(wrong)
        assert Page(text(wrong)).faults() == []
        assert self.send(client, "confirm", channel="sms", code=code_in(pretender)).status_code == 302
        assert Contact.objects.get().verified_at is not None
        assert "已验证，在用" in text(client.get(CONTACTS))

    @pytest.mark.parametrize(
        ("channel", "address", "said"),
        [
            ("sms", "12345", "手机号应是 11 位数字"),
            ("mail", "someone", "邮箱应像 name@example.com"),
            ("sms", "", "请填写手机号或邮箱"),
            ("", "13800001234", "请选择一项"),
            ("fax", "13800001234", "没有这个选项"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(
        self, client: Client, person: Person, pretender: Pretender, channel: str, address: str, said: str
    ) -> None:
        answer = self.send(client, "note", channel=channel, address=address)
        assert answer.status_code == 200
        assert said in text(answer)
        assert f'value="{address}"' in text(answer) or not address
        assert Page(text(answer)).faults() == []
        assert pretender.given == []

    def test_codes_are_not_sent_one_after_the_other(
        self, client: Client, person: Person, pretender: Pretender
    ) -> None:
        self.send(client, "note", channel="sms", address="13800001234")
        assert "验证码发得太频繁" in text(self.send(client, "note", channel="sms", address="13800001234"))
        assert len(pretender.given) == 1

    def test_it_can_be_taken_away(self, client: Client, pretender: Pretender) -> None:
        person = person_with(Channel.MAIL, Channel.SMS)
        sign_in(client, a_user(person))
        assert text(client.get(CONTACTS)).count("已验证，在用") == 2
        self.send(client, "remove", channel="mail")
        assert text(client.get(CONTACTS)).count("已验证，在用") == 1

    def test_two_that_wait_for_their_codes_have_a_field_each(
        self, client: Client, pretender: Pretender
    ) -> None:
        sign_in(client, a_user(person_with(Channel.MAIL, Channel.SMS, verified=False)))
        page = Page(text(client.get(CONTACTS)))
        assert page.faults() == []
        assert len([field for field in page.all("input") if field.get("name") == "code"]) == 2
        answer = self.send(client, "confirm", channel="sms", code="1")
        assert Page(text(answer)).faults() == []

    def test_where_nothing_is_sent_it_says_so(
        self, client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(channels, "sender_of", lambda channel: None)
        assert "这里目前不发短信和邮件" in text(client.get(CONTACTS))

    @pytest.mark.parametrize(
        "fields", [{}, {"act": "x"}, {"act": "remove"}, {"act": "confirm", "code": "1", "channel": "fax"}]
    )
    def test_what_there_is_not_is_not_found(
        self, client: Client, person: Person, pretender: Pretender, fields: dict[str, str]
    ) -> None:
        assert client.post(CONTACTS, fields).status_code == 404
