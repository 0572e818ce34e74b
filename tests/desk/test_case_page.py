"""The page of a case: what it shows to whom, what may be done on it, and two clerks at once."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.factories import CLERK, PASSWORD, a_clerk, code_now
from tests.claims.factories import a_claim
from tests.desk.reading import Page, client_of, controls_without_label, staff_client
from tests.evidence.factories import a_paper
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.claims.states import State as ClaimState
from yidi.evidence import services as evidence
from yidi.filing.states import State as FilingState
from yidi.operations.handling import version_of
from yidi.qualification import services as qualifications
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db
IDENTITY = "360102195803150016"


def at(case: Any) -> str:
    return f"/desk/cases/{case.number}/"


def page(client: Client, case: Any) -> Page:
    answer = client.get(at(case))
    assert answer.status_code == 200
    return Page(answer)


def send(client: Client, case: Any, deed: str, seen: int | None = None, **typed: Any) -> Any:
    seen = version_of(case.number) if seen is None else seen
    return client.post(f"{at(case)}do/{deed}/", {"seen": seen, **typed})


def back_in(client: Client, username: str) -> None:
    """Sign in again as the pages do it, with what was sent too late waiting."""
    client.post("/desk/sign-in/", {"username": username, "password": PASSWORD})
    assert client.post("/desk/sign-in/code/", {"code": code_now()}).status_code == 302


def offered(found: Page) -> set[str]:
    """What the page's forms do."""
    actions = (form.get("action", "") for form in found.all("form"))
    return {match[1] for action in actions if (match := re.search(r"/do/([a-z-]+)/$", action))}


@pytest.fixture
def case() -> Qualification:
    return a_qualification(State.UNDER_REVIEW, phone="13800138000", assigned_to="ban")


class TestWhatItShows:
    def test_papers_beside_the_decision_and_the_rules_with_their_source(self, case: Qualification) -> None:
        a_paper(case.coverage.person, Material.TEST_REPORTS, case=case.number)
        found = page(staff_client(Role.REVIEWER), case)
        assert "门诊病历" in found.text
        assert "窗口已看过，未留文件" in found.text
        [picture] = found.all("img")
        assert re.fullmatch(r"/desk/papers/\d+/", picture["src"])
        assert picture["alt"]
        assert "在参保地的病种目录内" in found.text
        assert "级" in found.text
        assert "要求的材料都有了" in found.text

    def test_what_is_missing_is_marked_and_stands_in_the_letter_that_asks_for_it(
        self, case: Qualification
    ) -> None:
        for paper in evidence.papers_of(case.number).filter(material=str(Material.DIAGNOSIS)):
            evidence.remove(paper, CLERK)
        found = page(staff_client(Role.REVIEWER), case)
        assert "还缺 1 样材料" in found.text
        assert "申请人撤下的材料" in found.text
        assert "请补交：诊断书。" in found.text

    def test_the_person_is_masked_until_asked_for_with_a_reason(self, case: Qualification) -> None:
        person = case.coverage.person
        client = staff_client(Role.REVIEWER, username="ban")
        before = client.get(at(case)).content.decode()
        for secret in (person.name, person.identity, "13800138000", person.number):
            assert secret not in before
        assert "138****8000" in before
        for nothing in ({}, {"why": "other"}, {"why": "other", "text": "  "}, {"why": "nonsense"}):
            refused = client.post(f"{at(case)}full/", nothing)
            assert person.identity not in refused.content.decode()
            assert "还差一点" in refused.content.decode()
        shown = client.post(f"{at(case)}full/", {"why": "contact", "text": "约时间"})
        for secret in (person.name, person.identity, "13800138000"):
            assert secret in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        look = Look.objects.get(reason__startswith="显示完整信息")
        assert (look.actor, look.person, look.what) == ("ban", person.number, case.number)
        assert look.reason == "显示完整信息：联系申请人：约时间"
        assert person.identity not in client.get(at(case)).content.decode()

    def test_opening_it_is_logged(self, case: Qualification) -> None:
        staff_client(Role.AUDITOR, username="sheng").get(at(case))
        look = Look.objects.get()
        assert (look.actor, look.person, look.reason) == (
            "sheng",
            case.coverage.person.number,
            f"办理 {case.number}",
        )

    def test_who_looked_only_an_auditor_sees(self, case: Qualification) -> None:
        page(staff_client(Role.REVIEWER, username="ban"), case)
        assert "谁查看过" not in page(staff_client(Role.REVIEWER, username="two"), case).text
        seen = page(staff_client(Role.AUDITOR, username="sheng"), case).text
        assert "谁查看过" in seen
        assert "经办ban" in seen

    def test_the_whole_trail_names_who_acted(self, case: Qualification) -> None:
        qualifications.ask_for_more(case, "请补近三个月病历", CLERK)
        text = page(staff_client(Role.REVIEWER), case).text
        assert "请补近三个月病历" in text
        assert CLERK.name in text
        assert "正在等申请人补充" in text

    def test_the_persons_other_cases_here_and_nowhere_else(self, case: Qualification) -> None:
        person = case.coverage.person
        filing = a_filing(FilingState.ACTIVE, case.coverage)
        draft = a_qualification(State.DRAFT, case.coverage, "M01600")
        elsewhere = a_filing(
            FilingState.ACTIVE,
            person.coverages.create(
                pool="310000", scheme="resident", standing="senior", starts=date(2024, 1, 1)
            ),
            care_region="360100",
        )
        text = page(staff_client(Role.REVIEWER), case).text
        assert filing.number in text
        assert draft.number not in text
        assert elsewhere.number not in text


class TestPapers:
    def test_a_paper_is_opened_by_whoever_may_see_the_person_and_logged_once(
        self, case: Qualification
    ) -> None:
        paper = a_paper(case.coverage.person, text="像", case=case.number)
        client = staff_client(Role.REVIEWER, username="ban")
        answer = client.get(f"/desk/papers/{paper.pk}/")
        assert answer.content.decode() == "像"
        assert answer["Content-Type"] == "image/jpeg"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert [look.reason for look in Look.objects.all()] == ["查看材料：诊断书"]
        client.get(at(case))
        client.get(f"/desk/papers/{paper.pk}/")
        assert Look.objects.count() == 2

    def test_whoever_may_not_see_the_person_sees_their_names_alone(self, case: Qualification) -> None:
        paper = a_paper(case.coverage.person, case=case.number)
        client = staff_client(Role.CLEARING)
        found = page(client, case)
        assert found.all("img") == []
        assert "诊断书" in found.text
        assert "显示完整信息" not in found.text
        assert client.get(f"/desk/papers/{paper.pk}/").status_code == 403
        assert client.post(f"{at(case)}full/", {"why": "audit"}).status_code == 403

    def test_elsewhere_it_does_not_exist(self, case: Qualification) -> None:
        paper = a_paper(case.coverage.person, case=case.number)
        client = staff_client(*Role, region="310000")
        for key in (paper.pk, 999_999):
            assert client.get(f"/desk/papers/{key}/").status_code == 404
        assert not Look.objects.exists()


ADDRESSES = ("", "full/", "do/approve/", "do/take-on/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_regions_case_is_not_found_as_if_there_were_none(address: str, case: Qualification) -> None:
    draft = a_qualification(State.DRAFT, a_coverage(2))
    far = staff_client(*Role, username="far", region="310000")
    here = staff_client(*Role, username="here")
    typed = {"why": "audit", "starts": "2026-01-01", "seen": version_of(case.number)}
    said = set()
    for client, number in ((far, case.number), (far, "Q0000099999"), (here, draft.number), (here, "X1")):
        path = f"/desk/cases/{number}/{address}"
        answer = client.post(path, typed) if address else client.get(path)
        assert answer.status_code == 404
        said.add(Page(answer).text.replace(number, "…"))
    assert len(said) == 1
    assert not Look.objects.exists()
    case.refresh_from_db()
    assert case.state == State.UNDER_REVIEW


QUALIFICATION_OFFERS = """
                reviewer                   supervisor                     clearing auditor window
submitted       take-on,ask                take-on,assign,ask             -        -       -
under-review    take-on,approve,reject,ask take-on,assign,approve,reject,ask -     -       -
more-evidence   take-on                    take-on,assign                 -        -       -
approved        -                          end                            -        -       -
rejected        -                          -                              -        -       -
withdrawn       -                          -                              -        -       -
expired         -                          -                              -        -       -
"""
FILING_OFFERS = """
                reviewer                   supervisor                     clearing auditor window
submitted       take-on,approve,reject,ask take-on,assign,approve,reject,ask -     -       -
more-evidence   take-on                    take-on,assign                 -        -       -
active          -                          end                            -        -       -
rejected        -                          -                              -        -       -
cancelled       -                          -                              -        -       -
"""
CLAIM_OFFERS = """
                reviewer                   supervisor                     clearing auditor window
submitted       take-on,assess,reject,ask  take-on,assign,assess,reject,ask -      -       -
assessed        take-on,assess,reject,ask  take-on,assign,assess,approve,reject,ask - -    -
more-evidence   take-on                    take-on,assign                 -        -       -
approved        -                          -                              pay      -       -
paid            -                          -                              -        -       -
rejected        -                          -                              -        -       -
"""


def cells(table: str) -> list[tuple[str, Role, set[str]]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [
        (state, Role(role), set(what.split(",")) - {"-"})
        for state, *offers in rows
        for role, what in zip(head, offers, strict=True)
    ]


@pytest.mark.parametrize(("state", "role", "wanted"), cells(QUALIFICATION_OFFERS))
def test_the_buttons_of_a_qualification(state: str, role: Role, wanted: set[str]) -> None:
    assert offered(page(staff_client(role), a_qualification(State(state)))) == wanted


@pytest.mark.parametrize(("state", "role", "wanted"), cells(FILING_OFFERS))
def test_the_buttons_of_a_filing(state: str, role: Role, wanted: set[str]) -> None:
    assert offered(page(staff_client(role), a_filing(FilingState(state)))) == wanted


@pytest.mark.parametrize(("state", "role", "wanted"), cells(CLAIM_OFFERS))
def test_the_buttons_of_a_claim(state: str, role: Role, wanted: set[str]) -> None:
    assert offered(page(staff_client(role), a_claim(ClaimState(state)))) == wanted


@pytest.mark.parametrize(
    "make", [lambda: a_qualification(State.UNDER_REVIEW), lambda: a_filing(FilingState.SUBMITTED)]
)
def test_in_english_and_every_control_has_its_name(make: Any) -> None:
    case = make()
    a_qualification(State.APPROVED, case.coverage, "M01600")
    client = staff_client(Role.SUPERVISOR, Role.AUDITOR)
    client.get("/desk/?lang=en")
    found = page(client, case)
    assert found.left_over() == []
    assert controls_without_label(found) == []


def test_a_longer_story_asks_the_database_no_more_often(case: Qualification) -> None:
    client = client_of(a_clerk("ban", Role.SUPERVISOR, Role.AUDITOR))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, case)
        return len(queries)

    a_paper(case.coverage.person, text="一", case=case.number)
    a_filing(coverage=case.coverage)
    few = asked()
    for rank in range(2, 6):
        a_paper(case.coverage.person, text=f"纸{rank}", case=case.number)
        a_filing(FilingState.CANCELLED, coverage=case.coverage)
        Event.objects.create(
            action="qualification:save", subject=case.number, actor=f"c{rank}", actor_kind="clerk"
        )
    assert asked() <= few
