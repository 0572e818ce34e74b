"""A person's filings on the web: begun, explained away where none is needed, filled in, handed in, looked after."""

from datetime import date
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.casework.factories import consent_at_window
from tests.evidence.factories import a_photo
from tests.filing.factories import SHANGHAI, a_filing
from tests.people.factories import a_coverage
from tests.portal.conftest import TODAY
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.evidence.queries import materials_of, papers_of
from yidi.filing import services
from yidi.filing.models import Filing
from yidi.filing.states import State
from yidi.people.models import Coverage
from yidi.values.terms import FilingKind, Material

pytestmark = pytest.mark.django_db


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


@pytest.fixture
def person(client: Client, coverage: Coverage) -> Client:
    """A browser in which the insured person has signed in."""
    sign_in(client, a_user(coverage.person))
    return client


def address(filing: Filing, name: str = "filing") -> str:
    return reverse(f"portal:{name}", args=[filing.number])


def begin(client: Client, **different: str) -> HttpResponse:
    asked = {"care": SHANGHAI, "kind": "long-term-resident", "starts": f"{TODAY}"}
    return client.post(reverse("portal:filings"), asked | different)  # type: ignore[return-value]


def act(client: Client, filing: Filing, name: str, **typed: str) -> HttpResponse:
    return client.post(address(filing), {"act": name, **typed})  # type: ignore[return-value]


def hand_in(client: Client, filing: Filing, group: str, material: str = "") -> HttpResponse:
    photo = BytesIO(a_photo())
    photo.name = "照片.jpg"
    fields = {"group": group, f"{group}-files": photo} | ({f"{group}-material": material} if material else {})
    return client.post(address(filing, "filing_papers"), fields)  # type: ignore[return-value]


class TestBeginning:
    def test_a_filing_begins_as_a_draft_with_its_own_page(self, person: Client, coverage: Coverage) -> None:
        answer = begin(person)
        filing = Filing.objects.get()
        assert answer.headers["Location"] == address(filing)
        assert (filing.state, filing.kind, filing.care_region) == (
            State.DRAFT,
            "long-term-resident",
            SHANGHAI,
        )
        page = person.get(address(filing)).content.decode()
        assert "上海市" in page
        assert "系统代填" in page, "nobody need bring the form"

    @pytest.mark.parametrize(
        ("different", "said"),
        [
            ({"care": "360700"}, "省内异地就医免备案"),
            ({"care": "360100"}, "就医地就是参保地"),
            ({"kind": "emergency"}, "这类就医视同已备案"),
        ],
    )
    def test_where_none_is_needed_the_page_says_why_and_asks_no_more(
        self, person: Client, different: dict[str, str], said: str
    ) -> None:
        answer = begin(person, **different)
        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert "不用备案" in answer.content.decode()
        assert not Filing.objects.exists()

    def test_one_for_the_same_place_is_named(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.ACTIVE, coverage)
        page = begin(person).content.decode()
        assert filing.number in page
        assert "已经有备案了" in page
        assert Filing.objects.count() == 1

    @pytest.mark.parametrize(
        ("different", "said"),
        [
            ({"care": ""}, "请选择看病的城市"),
            ({"kind": ""}, "请选择一种情况"),
            ({"starts": "明天"}, "日期没有看懂"),
            ({"care": "999999"}, "没有这个选项"),
        ],
    )
    def test_bad_input_is_said_beside_the_field_and_kept(
        self, person: Client, different: dict[str, str], said: str
    ) -> None:
        page = begin(person, **different).content.decode()
        assert said in page
        assert "checked" in page or "kind" in different
        assert not Filing.objects.exists()

    def test_who_is_not_insured_is_told_whom_to_ask(self, client: Client) -> None:
        coverage = a_coverage(3)
        coverage.ends = date(2025, 1, 1)
        coverage.save()
        sign_in(client, a_user(coverage.person))
        assert "12393" in client.get(reverse("portal:filings")).content.decode()


class TestFillingIn:
    def test_what_is_typed_is_kept(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.DRAFT, coverage)
        answer = act(
            person, filing, "save", starts="2026-12-01", phone="138 0000 0000", address="浦东", note=""
        )
        assert answer.status_code == 302
        filing.refresh_from_db()
        assert (filing.starts, filing.phone, filing.address) == (date(2026, 12, 1), "13800000000", "浦东")
        assert 'value="13800000000"' in person.get(address(filing)).content.decode()

    def test_what_a_service_refuses_stands_at_the_form_with_what_was_typed(
        self, person: Client, coverage: Coverage
    ) -> None:
        filing = a_filing(State.DRAFT, coverage)
        page = act(person, filing, "save", starts="2026-12-01", ends="2026-11-01", address="浦东")
        content = page.content.decode()
        assert "截止日期 2026-11-01 早于开始日期 2026-12-01" in content
        assert 'value="浦东"' in content
        filing.refresh_from_db()
        assert filing.address in (None, "")

    def test_papers_are_uploaded_and_taken_back(self, person: Client, coverage: Coverage) -> None:
        begin(person)
        filing = Filing.objects.get()
        assert hand_in(person, filing, "g0", "id-card").status_code == 302
        [paper] = papers_of(filing.number)
        assert paper.material == Material.ID_CARD
        person.post(address(filing, "filing_papers"), {"remove": paper.pk})
        assert not papers_of(filing.number).exists()

    def test_the_commitment_letter_is_shown_whole_and_agreed_to(
        self, person: Client, coverage: Coverage
    ) -> None:
        begin(person)
        filing = Filing.objects.get()
        assert "个人承诺书" in person.get(address(filing)).content.decode()
        assert "请勾选" in act(person, filing, "commit").content.decode()
        act(person, filing, "commit", agree="on")
        assert Material.COMMITMENT in materials_of(filing.number)
        assert "个人承诺书</h3>" not in person.get(address(filing)).content.decode()


class TestHandingIn:
    def test_from_nothing_to_in_effect(self, person: Client, coverage: Coverage) -> None:
        begin(person)
        filing = Filing.objects.get()
        assert "还缺材料" in act(person, filing, "submit").content.decode()
        hand_in(person, filing, "g0", "id-card")
        act(person, filing, "commit", agree="on")
        assert act(person, filing, "submit").status_code == 302
        filing.refresh_from_db()
        assert filing.state == State.ACTIVE
        page = person.get(address(filing)).content.decode()
        assert "已生效" in page
        assert "还欠承诺后补的材料" in page
        letter = person.get(address(filing, "filing_letter"))
        assert letter.headers["Content-Type"] == "application/pdf"
        assert person.get(address(filing, "filing_form")).content.startswith(b"%PDF")

    def test_twice_is_harmless(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.DRAFT, coverage)
        assert act(person, filing, "submit").status_code == 302
        again = act(person, filing, "submit")
        assert "现为“已生效”" in again.content.decode()
        assert Event.objects.filter(subject=filing.number, action="filing:active").count() == 1

    def test_an_answer_to_what_was_asked(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.MORE_EVIDENCE, coverage, reason="请补居住证明")
        page = person.get(address(filing)).content.decode()
        assert "请补居住证明" in page
        assert "再次提交" in page
        act(person, filing, "submit")
        filing.refresh_from_db()
        assert filing.state == State.SUBMITTED

    def test_a_rejection_can_be_appealed(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.REJECTED, coverage, reason="材料之间不一致")
        assert "请写明" in act(person, filing, "appeal").content.decode()
        act(person, filing, "appeal", grounds="地址已经更正")
        filing.refresh_from_db()
        assert (filing.state, filing.appeals) == (State.SUBMITTED, 1)


class TestLookingAfter:
    def test_cancelled(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.ACTIVE, coverage)
        act(person, filing, "cancel", on=f"{TODAY}")
        filing.refresh_from_db()
        assert (filing.state, filing.ends) == (State.CANCELLED, TODAY)

    def test_renewed_where_it_has_a_last_day(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(
            State.ACTIVE,
            coverage,
            FilingKind.OTHER_TEMPORARY,
            starts=date(2026, 10, 1),
            ends=date(2026, 12, 1),
        )
        answer = act(person, filing, "renew", ends="2027-03-01")
        new = Filing.objects.exclude(pk=filing.pk).get()
        assert answer.headers["Location"] == address(new)
        assert (new.starts, new.replaces) == (date(2026, 12, 2), filing)
        assert (
            'value="renew"' not in person.get(address(a_filing(State.ACTIVE, a_coverage(5)))).content.decode()
        )

    def test_changed_to_another_place(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.ACTIVE, coverage)
        act(person, filing, "change", care="440100", kind="long-term-resident", starts="2026-12-01")
        new = Filing.objects.exclude(pk=filing.pk).get()
        assert (new.care_region, new.replaces, new.state) == ("440100", filing, State.DRAFT)

    def test_withdrawn(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.DRAFT, coverage)
        act(person, filing, "withdraw")
        filing.refresh_from_db()
        assert filing.state == State.WITHDRAWN

    @pytest.mark.parametrize("state", list(State), ids=lambda state: state.value)
    def test_every_state_has_a_page_in_both_languages(
        self, person: Client, coverage: Coverage, state: State
    ) -> None:
        filing = a_filing(state, coverage, ends=date(2027, 1, 1))
        assert state.zh in person.get(address(filing)).content.decode()
        assert state.en in person.get(address(filing) + "?lang=en").content.decode()


class TestWhose:
    PAGES = ("filing", "filing_form", "filing_letter")

    @pytest.mark.parametrize("name", PAGES)
    def test_anothers_filing_is_not_there(self, person: Client, name: str) -> None:
        other = a_filing(State.ACTIVE, a_coverage(2))
        assert person.get(address(other, name)).status_code == 404
        assert person.post(address(other), {"act": "withdraw"}).status_code == 404

    @pytest.mark.parametrize("name", PAGES)
    def test_strangers_are_sent_to_sign_in(self, client: Client, name: str) -> None:
        answer = client.get(address(a_filing(State.ACTIVE), name))
        assert answer.headers["Location"].startswith("/sign-in/?next=")

    def test_an_act_that_there_is_not(self, person: Client, coverage: Coverage) -> None:
        filing = a_filing(State.SUBMITTED, coverage)
        assert act(person, filing, "approve").status_code == 404
        filing.refresh_from_db()
        assert filing.state == State.SUBMITTED

    def test_a_window_clerk_files_for_who_stands_there(self, client: Client, coverage: Coverage) -> None:
        clerk = a_clerk("window", Role.WINDOW)
        consent_at_window(coverage.person, actor_of(clerk))
        sign_in(client, clerk, principal=coverage.person.number)
        begin(client)
        filing = Filing.objects.get()
        client.post(
            address(filing, "filing_papers"),
            {"group": "g0", "g0-material": "id-card", "g0-description": "身份证原件"},
        )
        act(client, filing, "commit", agree="on")
        act(client, filing, "submit")
        filing.refresh_from_db()
        assert filing.state == State.ACTIVE
        events = Event.objects.filter(subject=filing.number, actor=clerk.username)
        assert {event.principal for event in events} == {coverage.person.number}
        client.get(address(filing))
        assert Look.objects.filter(actor=clerk.username, person=coverage.person.number).exists()


def test_papers_of_the_filing_before_it_stand_there_and_are_not_taken_out(
    person: Client, coverage: Coverage
) -> None:
    old = a_filing(coverage=coverage, ends=date(TODAY.year + 1, 12, 31))
    new = services.renew(old, Actor(ActorKind.PERSON, coverage.person.number))
    page = person.get(address(new)).content.decode()
    assert "窗口已看过，未留文件" in page
    assert 'name="remove"' not in page
    hand_in(person, new, "others", str(Material.MEDICAL_RECORDS))
    assert person.get(address(new)).content.decode().count('name="remove"') == 1, "one's own may be"
