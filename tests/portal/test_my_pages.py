"""A person's own pages as a whole: each of them in both languages, and who comes to see them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.claims.factories import a_claim
from tests.consents.factories import a_consent
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage, a_person
from tests.portal.conftest import TODAY
from tests.portal.reading import Page
from tests.qualification.factories import HYPERTENSION, a_qualification
from tests.settlement.factories import CHRONIC, World, a_catalogue, a_hospital, settled
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.audit.models import Look
from yidi.claims.states import State as ClaimState
from yidi.consents.services import record_window_consent
from yidi.evidence.models import Paper
from yidi.notices.models import Message
from yidi.notices.services import tell
from yidi.notices.terms import Template
from yidi.people.models import Coverage, Person
from yidi.policy.book import book
from yidi.policy.cases import applicable_diseases
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.values.terms import Scheme, Standing

pytestmark = pytest.mark.django_db


def a_life() -> Coverage:
    """A person with something in every state."""
    a_catalogue()
    coverage = a_coverage()
    a_filing(coverage=coverage, ends=TODAY + timedelta(days=20))
    a_qualification(State.APPROVED, coverage)
    world = World(coverage, a_hospital())
    settled(world, "1000.00", CHRONIC, date(2026, 11, 2))
    more = {"due_on": date(2026, 12, 28), "due_by": "service-list", "reason": "请补近三个月病历"}
    known = applicable_diseases(book(), coverage.pool, Scheme.EMPLOYEE, TODAY)
    others = [disease for disease in known if disease != HYPERTENSION]
    for disease, state in zip(others, State, strict=False):
        a_qualification(state, coverage, disease, **(more if state is State.MORE_EVIDENCE else {}))
    a_claim(ClaimState.SUBMITTED, world)
    Message.objects.all().delete()
    tell(coverage.person, Template.QUALIFICATION_SUBMITTED, "Q0000000001", disease=HYPERTENSION)
    return coverage


@pytest.fixture
def life() -> Coverage:
    return a_life()


def addresses(person: Person) -> list[str]:
    """Every page of the person."""
    cases = Qualification.objects.filter(coverage__person=person)
    settlement = f"{person.coverages.get().visits.get().settlements.get().number}"
    return [
        reverse("portal:me"),
        reverse("portal:my_plan"),
        reverse("portal:my_plan") + "?care=310000&disease=M03900&level=tertiary&on=2026-11-22&total=1000",
        reverse("portal:my_plan") + "?care=&disease=x&level=tertiary&on=gestern&total=viel",
        reverse("portal:qualifications"),
        *(reverse("portal:qualification", args=[case.number]) for case in cases),
        reverse("portal:messages"),
        reverse("portal:message", args=[Message.objects.get().pk]),
        reverse("portal:contacts"),
        reverse("portal:settlements"),
        reverse("portal:settlement", args=[settlement]),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole(client: Client, life: Coverage, language: str) -> None:
    sign_in(client, a_user(life.person))
    client.cookies["django_language"] = language
    found = {}
    for address in addresses(life.person):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Language"] == language
        found[address] = Page(answer.content.decode()).faults()
    assert {address: faults for address, faults in found.items() if faults} == {}


def documents(person: Person) -> list[str]:
    case = Qualification.objects.get(coverage__person=person, state=str(State.REJECTED))
    paper = Paper.objects.filter(subject=case.number).earliest("pk")
    return [
        reverse("portal:qualification_form", args=[case.number]),
        reverse("portal:qualification_letter", args=[case.number]),
        reverse(
            "portal:settlement_slip", args=[person.coverages.get().visits.get().settlements.get().number]
        ),
        reverse("portal:paper", args=[paper.pk]),
    ]


def test_strangers_are_sent_to_sign_in_and_others_find_nothing(client: Client, life: Coverage) -> None:
    own = [address.partition("?")[0] for address in [*addresses(life.person), *documents(life.person)]]
    for address in own:
        assert client.get(address).headers["Location"].startswith("/sign-in/?next=")
    sign_in(client, a_user(a_person(2)))
    about_cases = [address for address in own if any(letter.isdigit() for letter in address)]
    assert len(about_cases) > 10
    for address in about_cases:
        assert client.get(address).status_code == 404, address
    for address in about_cases:
        if "/qualifications/" in address and not address.endswith(".pdf"):
            assert client.post(address, {"act": "withdraw"}).status_code == 404


def test_a_case_of_another_kind_is_not_found_under_this_one(client: Client, life: Coverage) -> None:
    sign_in(client, a_user(life.person))
    filing = life.filings.get()
    for number in (filing.number, "Q", "Q9999999999", "%20", "F0000000001", "consent-1"):
        assert client.get(f"/me/qualifications/{number}/").status_code == 404
    for number in ("0", "x", "999999999999", "1" * 30):
        assert client.get(f"/me/settlements/{number}/").status_code == 404


class TestTheFirstPage:
    def text(self, client: Client, person: Person, **session: Any) -> str:
        sign_in(client, a_user(person), **session)
        return client.get("/me/").content.decode()

    def test_what_is_asked_comes_first_in_the_agencys_words(self, client: Client, life: Coverage) -> None:
        text = self.text(client, life.person)
        assert text.index("现在要您做的事") < text.index("快到期的") < text.index("参保与今年的额度")
        assert "请补近三个月病历" in text
        assert "办理时限暂停" in text

    def test_what_was_used_is_told_and_drawn(self, client: Client, life: Coverage) -> None:
        text = self.text(client, life.person)
        assert "已用 850.00 元" in text
        assert '<rect class="meter-ceiling" x="0" y="0" width="8.5%"' in text
        assert "来源有分歧" in text

    def test_somebody_without_anything_is_told_so_kindly(self, client: Client) -> None:
        text = self.text(client, a_person(3))
        assert "今天没有查到有效的基本医保参保记录" in text
        assert "现在要您做的事" not in text

    def test_a_relative_sees_the_persons_page_under_a_band(self, client: Client, life: Coverage) -> None:
        helper = a_person(2, "测试乙")
        a_consent(life.person, helper)
        text = self.text(client, helper, principal=life.person.number)
        assert "您正在替 测** 办理" in text
        assert "请补近三个月病历" in text
        text = client.get("/me/settlements/").content.decode()
        assert "您正在替 测** 办理" in text

    def test_whoever_may_help_finds_the_button(self, client: Client, life: Coverage) -> None:
        helper = a_person(2, "测试乙")
        a_consent(life.person, helper)
        text = self.text(client, helper)
        assert "替亲属办" in text
        assert life.person.number in text
        assert life.person.name not in text

    def test_a_window_clerk_sees_it_and_the_look_is_logged(self, client: Client, life: Coverage) -> None:
        clerk = a_clerk("window", Role.WINDOW)
        record_window_consent(life.person, "居民身份证", actor_of(clerk))
        sign_in(client, clerk, principal=life.person.number)
        text = client.get("/me/").content.decode()
        assert "窗口代办" in text
        assert "结束窗口代办" in text
        assert "亲属代办" not in text
        assert Look.objects.get().person == life.person.number

    def test_a_password_that_somebody_else_chose_is_to_be_changed(self, client: Client) -> None:
        user = a_user(a_person(3))
        user.must_change_password = True
        user.save()
        sign_in(client, user)
        assert "换一个新密码" in client.get("/me/").content.decode()


class TestTheNavigation:
    def test_messages_are_counted_until_they_are_read(self, client: Client, life: Coverage) -> None:
        sign_in(client, a_user(life.person))
        counted = '<span class="count">1<'
        assert counted in client.get("/").content.decode()
        client.get(reverse("portal:message", args=[Message.objects.get().pk]))
        assert counted not in client.get("/").content.decode()

    @pytest.mark.parametrize(
        ("address", "name"),
        [
            ("/me/", "我的"),
            ("/me/qualifications/", "认定"),
            ("/me/messages/", "消息"),
            ("/consents/", "亲属代办"),
        ],
    )
    def test_it_says_where_one_is(self, client: Client, life: Coverage, address: str, name: str) -> None:
        sign_in(client, a_user(life.person))
        text = client.get(address).content.decode()
        here = [line for line in text.splitlines() if "aria-current" in line]
        assert len(here) == 1
        assert name in here[0]

    def test_strangers_see_the_way_in_alone(self, client: Client) -> None:
        text = client.get("/").content.decode()
        assert "登录" in text
        assert "/me/" not in text


def test_numbers_of_cases_lead_to_their_pages() -> None:
    from yidi.portal.addresses import address_of

    assert address_of("Q0000000001") == "/me/qualifications/Q0000000001/"
    assert address_of("F0000000001") == "/me/filings/F0000000001/"
    assert address_of("C0000000001") == "/me/claims/C0000000001/"
    assert address_of("000000000001") == "/me/settlements/000000000001/"
    assert address_of("consent-1") == "/consents/"


class TestTheLivingPlan:
    def test_it_is_filled_in_from_the_filing_without_being_asked(
        self, client: Client, life: Coverage
    ) -> None:
        sign_in(client, a_user(life.person))
        text = client.get("/me/plan/").content.decode()
        assert '<option value="310000" selected>' in text
        assert "异地长期居住备案" in text
        assert life.filings.get().number in text

    def test_the_steps_stand_as_the_cases_do(self, client: Client, life: Coverage) -> None:
        sign_in(client, a_user(life.person))
        query = {
            "care": "310000",
            "disease": HYPERTENSION,
            "level": "tertiary",
            "on": "2026-11-22",
            "total": "",
        }
        text = client.get("/me/plan/", query).content.decode()
        assert text.count("state-done") == 2
        assert text.count('aria-current="step"') == 2
        text = client.get("/me/plan/", query | {"care": "440100"}).content.decode()
        assert "要先办好" in text
        assert 'href="/me/filings/"' in text

    def test_mistakes_are_said_beside_the_field(self, client: Client, life: Coverage) -> None:
        sign_in(client, a_user(life.person))
        query = {"care": "", "disease": "x", "level": "tertiary", "on": "2028-01-01", "total": "viel"}
        text = client.get("/me/plan/", query).content.decode()
        for said in ("请选择看病的城市", "没有这个选项", "日期在一年以后", "请只填数字"):
            assert said in text

    def test_of_two_coverages_one_is_chosen(self, client: Client) -> None:
        first = a_coverage()
        second = a_coverage(1, "360700", Scheme.RESIDENT, Standing.SENIOR)
        sign_in(client, a_user(first.person))
        query = {"care": "310000", "disease": "general", "level": "tertiary", "on": "2026-11-22"}
        text = client.get("/me/plan/", query | {"coverage": str(second.pk)}).content.decode()
        assert "赣州市</span> 居民医保" in text
        assert "请选择一项" in client.get("/me/plan/", query).content.decode()
        other = a_coverage(2)
        answer = client.get("/me/plan/", query | {"coverage": str(other.pk)})
        assert "没有这个选项" in answer.content.decode()

    def test_the_first_page_leads_there_for_those_who_signed_in(self, client: Client, life: Coverage) -> None:
        assert "/me/plan/" not in client.get("/").content.decode()
        sign_in(client, a_user(life.person))
        assert 'href="/me/plan/"' in client.get("/").content.decode()

    def test_somebody_not_insured_is_told_so(self, client: Client) -> None:
        sign_in(client, a_user(a_person(3)))
        assert "没有查到有效的基本医保参保记录" in client.get("/me/plan/?care=310000").content.decode()


class TestTheWindowOfOneOfTwoPools:
    """A person insured in two pools stands at the window of one: what they have in the other is not shown there."""

    @pytest.fixture
    def far(self, life: Coverage) -> Coverage:
        far = life.person.coverages.create(
            pool="310000", scheme="resident", standing="senior", starts=date(2024, 1, 1)
        )
        a_filing(coverage=far, care_region="320500", ends=TODAY + timedelta(days=10))
        a_qualification(State.DRAFT, far)
        return far

    def test_the_person_sees_both(self, client: Client, far: Coverage) -> None:
        sign_in(client, a_user(far.person))
        text = client.get("/me/").content.decode()
        for case in (far.filings.get(), far.qualifications.get()):
            assert case.number in text
        assert "320500" in client.get("/me/plan/").content.decode()

    def test_the_window_sees_its_own(self, client: Client, life: Coverage, far: Coverage) -> None:
        clerk = a_clerk("window", Role.WINDOW)
        record_window_consent(life.person, "居民身份证", actor_of(clerk))
        sign_in(client, clerk, principal=life.person.number)
        text = client.get("/me/").content.decode()
        assert life.filings.get().number in text
        for case in (far.filings.get(), far.qualifications.get()):
            assert case.number not in text
        plan = client.get("/me/plan/").content.decode()
        assert '<option value="310000" selected>' in plan
        assert 'name="coverage"' not in plan
        asked = client.get(
            "/me/plan/",
            {
                "care": "320500",
                "disease": "general",
                "level": "tertiary",
                "on": f"{TODAY}",
                "coverage": f"{far.pk}",
            },
        )
        assert far.filings.get().number not in asked.content.decode()
