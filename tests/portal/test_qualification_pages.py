"""Applying for a qualification on the pages: from choosing the disease to the appeal, and every way it is refused."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON, a_clerk, a_user, sign_in
from tests.casework.factories import RELATIVE
from tests.consents.factories import a_consent
from tests.documents.reading import text_of
from tests.evidence.factories import a_photo, an_upload, papers_shown
from tests.people.factories import a_coverage, a_person
from tests.portal.reading import Page
from tests.qualification.factories import HYPERTENSION, a_qualification
from yidi.accounts.kept_input import KEPT
from yidi.accounts.models import Session, User
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.consents.services import record_window_consent
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of, removed_papers_of
from yidi.people.models import Coverage
from yidi.qualification import services
from yidi.qualification.models import Qualification
from yidi.qualification.queries import MADE_HERE
from yidi.qualification.states import OF_APPLICANT, RejectReason, State
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db
LIST = "/me/qualifications/"
DIABETES = "M01600"
GROUPS = {"g0": "id-card", "g2": "", "g3": ""}
"""What Jiangxi asks for besides the form, which is made here: identity, records, diagnosis."""


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


@pytest.fixture
def user(client: Client, coverage: Coverage) -> User:
    user = a_user(coverage.person)
    sign_in(client, user)
    return user


def page_of(case: Qualification) -> str:
    return reverse("portal:qualification", args=[case.number])


def papers_page(case: Qualification) -> str:
    return reverse("portal:qualification_papers", args=[case.number])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def act(client: Client, case: Qualification, act: str, **fields: str) -> Any:
    return client.post(page_of(case), {"act": act, **fields})


def fresh(case: Qualification) -> Qualification:
    return Qualification.objects.get(pk=case.pk)


class TestChoosing:
    def test_only_diseases_of_the_pool_are_offered(self, client: Client, user: User) -> None:
        content = text(client.get(LIST))
        offered = re.findall(r'<option value="\d+:(M\d+)"', content)
        assert HYPERTENSION in offered
        assert len(offered) > 10
        assert "江西省南昌市" in content

    def test_choosing_one_begins_an_application(self, client: Client, user: User, coverage: Coverage) -> None:
        answer = client.post(LIST, {"what": f"{coverage.pk}:{HYPERTENSION}"})
        case = Qualification.objects.get()
        assert (case.disease, case.state, answer["Location"]) == (HYPERTENSION, "draft", page_of(case))

    def test_a_second_time_leads_to_the_first(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        answer = client.post(LIST, {"what": f"{coverage.pk}:{HYPERTENSION}"})
        assert f"已有一份草稿的认定（{case.number}）" in text(answer)
        assert Qualification.objects.count() == 1

    @pytest.mark.parametrize("what", ["", "x", "0:M03900", ":", "{}:M99999", "{}"])
    def test_what_is_not_offered_is_not_taken(
        self, client: Client, user: User, coverage: Coverage, what: str
    ) -> None:
        answer = client.post(LIST, {"what": what.format(coverage.pk)})
        assert answer.status_code == 200
        assert 'class="wrong"' in text(answer)
        assert not Qualification.objects.exists()

    def test_where_no_list_is_on_record_it_says_whom_to_ask(self, client: Client) -> None:
        coverage = a_coverage(3, "440100")
        sign_in(client, a_user(coverage.person))
        assert "没有查到您参保地可以申请的病种" in text(client.get(LIST))


class TestOneApplication:
    def test_from_the_first_paper_to_handing_in(self, client: Client, user: User, coverage: Coverage) -> None:
        case = services.apply(coverage, HYPERTENSION, timezone.localdate(), PERSON)
        assert "还缺 3 样材料" in text(client.get(page_of(case)))
        for group, material in GROUPS.items():
            fields = {"group": group, f"{group}-files": an_upload(a_photo(), f"{group}.jpg")}
            fields |= {f"{group}-material": material} if material else {}
            answer = client.post(papers_page(case), fields)
            assert answer["Location"] == page_of(case) + "#papers"
        content = text(client.get(page_of(case)))
        assert "要求的材料都有了" in content
        assert "系统代填" in content
        answer = act(client, case, "submit", note="麻烦尽快")
        assert answer["Location"] == page_of(case)
        case = fresh(case)
        assert (case.state, case.note) == ("submitted", "麻烦尽快")
        content = text(client.get(page_of(case)))
        assert "已提交。办理进度在这一页上看" in content
        assert f"经办机构应在 {case.due_on} 前办结（20 个工作日，来源未核实 R 级）。" in content
        assert papers_of(case.number).filter(material=str(MADE_HERE)).exists()
        assert "<textarea" not in content
        assert "paper-add" not in content

    def test_the_page_of_henan_asks_to_write(self, client: Client) -> None:
        coverage = a_coverage(4, "410100")
        sign_in(client, a_user(coverage.person))
        actor = actor_of(User.objects.get())
        case = services.apply(coverage, DIABETES, timezone.localdate(), actor)
        papers_shown(case.number, coverage.person, tuple(Material))
        answer = act(client, case, "submit", hospital="郑州某医院", record_number="", phone="123", note="")
        assert "应为 11 位手机号" in text(answer)
        answer = act(client, case, "submit", hospital="郑州某医院", record_number="", phone="13800138000")
        content = text(answer)
        assert "提交前请填写这一项" in content
        assert 'href="#id_record_number"' in content
        assert 'value="郑州某医院"' in content
        assert (fresh(case).state, fresh(case).hospital) == ("draft", "郑州某医院")
        act(client, case, "submit", hospital="郑州某医院", record_number="B1", phone="13800138000")
        assert fresh(case).state == "submitted"

    def test_missing_papers_are_named_and_what_was_typed_is_kept(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = services.apply(coverage, HYPERTENSION, timezone.localdate(), PERSON)
        content = text(act(client, case, "submit", note="刚写的"))
        assert "还缺材料：有效身份证件或医保电子凭证或社会保障卡；病历资料或检查资料；诊断书。" in content
        assert "刚写的" in content
        assert (fresh(case).state, fresh(case).note) == ("draft", "刚写的")

    def test_saving_and_coming_back(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        assert "已保存" in text(client.post(page_of(case), {"act": "save", "note": "下次再写"}, follow=True))
        assert "下次再写" in text(client.get(page_of(case)))

    def test_handing_in_twice_is_refused_by_name(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(coverage=coverage)
        act(client, case, "submit")
        answer = act(client, case, "submit")
        assert answer.status_code == 200
        assert "现为“已提交”，不能再修改内容" in text(answer)
        assert Event.objects.filter(subject=case.number, action="qualification:submitted").count() == 1

    def test_withdrawing_asks_first_and_ends_it(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(State.SUBMITTED, coverage)
        assert "确认撤回" in text(client.get(page_of(case)))
        act(client, case, "withdraw")
        assert fresh(case).state == "withdrawn"
        content = text(client.get(page_of(case)))
        assert "确认撤回" not in content
        answer = act(client, case, "withdraw")
        assert answer.status_code == 409
        assert "CASE-MOVE" in text(answer)

    @pytest.mark.parametrize("what", ["", "approve", "reject", "take_up"])
    def test_an_act_that_there_is_not_is_not_found(
        self, client: Client, user: User, coverage: Coverage, what: str
    ) -> None:
        case = a_qualification(State.UNDER_REVIEW, coverage)
        assert act(client, case, what).status_code == 404
        assert fresh(case).state == "under-review"


class TestPapers:
    def test_a_wrong_file_is_refused_beside_its_field(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(coverage=coverage)
        answer = client.post(
            papers_page(case), {"group": "g3", "g3-files": an_upload(b"MZ", "病毒.exe", "image/jpeg")}
        )
        page = Page(text(answer))
        assert answer.status_code == 200
        assert "不是可以收的类型" in text(answer)
        assert page.faults() == []
        assert 'href="#id_g3-files"' in text(answer)

    def test_a_body_that_is_too_large_is_refused_beside_the_file(
        self, client: Client, user: User, coverage: Coverage, settings: Any
    ) -> None:
        settings.EVIDENCE_MAX_REQUEST = 500
        case = a_qualification(coverage=coverage)
        answer = client.post(papers_page(case), {"group": "g3", "g3-files": an_upload(a_photo((400, 400)))})
        assert "这次上传的文件合计太大" in text(answer)
        assert "诊断书.jpg" in text(answer)

    def test_files_sent_when_the_session_had_ended_must_be_chosen_again(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(coverage=coverage)
        Session.objects.update(expire_date=timezone.now())
        answer = client.post(papers_page(case), {"group": "g3", "g3-files": an_upload(a_photo())})
        assert answer["Location"].startswith("/sign-in/")
        signed_in_again(client, user)
        answer = client.get(papers_page(case), follow=True)
        assert "登录过期前选好的文件没有保存，请重新选择" in text(answer)

    def test_removing_one(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        paper = papers_of(case.number)[0]
        answer = client.post(papers_page(case), {"remove": paper.pk})
        assert answer.status_code == 302
        assert list(removed_papers_of(case.number)) == [paper]

    def test_papers_of_another_case_stay(self, client: Client, user: User, coverage: Coverage) -> None:
        case, other = a_qualification(coverage=coverage), a_qualification(coverage=coverage, disease=DIABETES)
        paper = papers_of(other.number)[0]
        assert client.post(papers_page(case), {"remove": paper.pk}).status_code == 404
        assert Paper.objects.get(pk=paper.pk).removed_at is None

    @pytest.mark.parametrize("state", [state for state in State if state not in OF_APPLICANT])
    def test_a_case_that_is_not_the_applicants_takes_none(
        self, client: Client, user: User, coverage: Coverage, state: State
    ) -> None:
        case = a_qualification(state, coverage)
        answer = client.post(papers_page(case), {"group": "g3", "g3-files": an_upload(a_photo())})
        assert answer.status_code == 404
        paper = papers_of(case.number)[0]
        answer = client.post(papers_page(case), {"remove": paper.pk})
        assert answer.status_code == 409
        assert Paper.objects.get(pk=paper.pk).removed_at is None

    def test_reading_the_address_leads_back_to_the_page(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(coverage=coverage)
        assert client.get(papers_page(case))["Location"].startswith(page_of(case))


class TestAnswersAndAppeals:
    def test_what_was_asked_for_is_answered(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        services.submit(case, PERSON)
        services.take_up(case, CLERK)
        services.ask_for_more(case, "请补近三个月血压记录", CLERK)
        content = text(client.get(page_of(case)))
        assert "请补近三个月血压记录" in content
        assert "办理时限暂停" in content
        files = [an_upload(a_photo((60 + page, 40)), f"血压{page}.jpg") for page in (1, 2)]
        client.post(
            papers_page(case), {"group": "others", "others-material": "test-reports", "others-files": files}
        )
        act(client, case, "submit", note="已补")
        assert fresh(case).state == "submitted"
        assert papers_of(case.number).filter(material=str(Material.TEST_REPORTS)).count() == 2

    def test_an_appeal_says_why(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        services.submit(case, PERSON)
        services.take_up(case, CLERK)
        services.reject(case, RejectReason.EVIDENCE_TOO_THIN, CLERK, "缺动态血压")
        content = text(client.get(page_of(case)))
        assert "材料不足以证明病情：缺动态血压" in content
        assert "再次提交" not in content
        answer = act(client, case, "appeal", grounds="  ")
        assert "请写明申诉的理由" in text(answer)
        assert 'href="#id_grounds"' in text(answer)
        act(client, case, "appeal", grounds="已做动态血压，见新材料")
        assert (fresh(case).state, fresh(case).appeals) == ("submitted", 1)
        content = text(client.get(page_of(case)))
        assert "提出申诉" in content
        assert "已做动态血压，见新材料" in content

    def test_a_rejected_one_is_not_simply_handed_in_again(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(State.REJECTED, coverage)
        answer = act(client, case, "submit")
        assert "error-summary" in text(answer)
        assert fresh(case).state == "rejected"


class TestWhoActs:
    def test_a_relative_applies_and_the_trail_keeps_both(self, client: Client, coverage: Coverage) -> None:
        helper = a_person(2, "测试子女")
        a_consent(coverage.person, helper)
        sign_in(client, a_user(helper), principal=coverage.person.number)
        client.post(LIST, {"what": f"{coverage.pk}:{HYPERTENSION}"})
        case = Qualification.objects.get()
        event = Event.objects.get(subject=case.number)
        assert (event.actor, event.principal) == (helper.number, coverage.person.number)
        assert "亲属代办" in text(client.get(page_of(case)))
        hers = Client()
        sign_in(hers, a_user(coverage.person))
        content = text(hers.get("/consents/"))
        assert re.search(
            rf"测试子女</span>：开始填写申请 <a href=\"/me/qualifications/{case.number}/\">", content
        )
        assert Page(content).faults() == []
        assert "还没有人替您办过" in text(client.get("/consents/"))
        pdf = client.get(reverse("portal:qualification_form", args=[case.number])).content
        assert "测试子女" in text_of(pdf)

    def test_at_the_window_a_paper_may_be_shown(self, client: Client, coverage: Coverage) -> None:
        clerk = a_clerk("window", Role.WINDOW)
        record_window_consent(coverage.person, "居民身份证", actor_of(clerk))
        sign_in(client, clerk, principal=coverage.person.number)
        client.post(LIST, {"what": f"{coverage.pk}:{HYPERTENSION}"})
        case = Qualification.objects.get()
        content = text(client.get(page_of(case)))
        assert "窗口已看过的材料" in content
        answer = client.post(papers_page(case), {"group": "g3", "g3-description": "诊断书原件"})
        assert answer.status_code == 302
        assert papers_of(case.number).get().description == "诊断书原件"

    def test_a_person_cannot_say_that_a_paper_was_shown(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = services.apply(coverage, HYPERTENSION, timezone.localdate(), PERSON)
        answer = client.post(papers_page(case), {"group": "g3", "g3-description": "诊断书原件"})
        assert "请选择要上传的照片" in text(answer)
        assert not papers_of(case.number).exists()

    def test_without_consent_a_relative_changes_nothing(self, client: Client, coverage: Coverage) -> None:
        case = a_qualification(coverage=coverage)
        sign_in(client, a_user(a_person(int(RELATIVE.name[-2:]))), principal=coverage.person.number)
        assert act(client, case, "submit").status_code == 302
        assert fresh(case).state == "draft"


def test_what_was_typed_when_the_session_had_ended_is_shown_again(
    client: Client, user: User, coverage: Coverage
) -> None:
    case = a_qualification(coverage=coverage)
    Session.objects.update(expire_date=timezone.now())
    answer = act(client, case, "save", note="写了很久")
    assert answer["Location"].startswith("/sign-in/")
    signed_in_again(client, user)
    assert "写了很久" in text(client.get(page_of(case)))
    assert fresh(case).note == ""


def signed_in_again(client: Client, user: User) -> None:
    """Sign in as the sign-in page does: what the door kept goes into the new session."""
    kept = Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value).get_decoded()[KEPT]
    sign_in(client, user)
    session = client.session
    session[KEPT] = kept
    session.save()


class TestDocuments:
    def test_the_form_bears_the_full_identity_number_and_where_the_case_is(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(coverage=coverage)
        answer = client.get(reverse("portal:qualification_form", args=[case.number]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store, private"
        assert coverage.person.identity in text_of(answer.content)

    def test_there_is_no_letter_before_a_decision(
        self, client: Client, user: User, coverage: Coverage
    ) -> None:
        case = a_qualification(State.SUBMITTED, coverage)
        letter = reverse("portal:qualification_letter", args=[case.number])
        assert letter not in text(client.get(page_of(case)))
        assert client.get(letter).status_code == 404

    def test_the_letter_of_a_decision(self, client: Client, user: User, coverage: Coverage) -> None:
        case = a_qualification(State.APPROVED, coverage)
        letter = reverse("portal:qualification_letter", args=[case.number])
        assert letter in text(client.get(page_of(case)))
        assert coverage.person.identity not in text_of(client.get(letter).content)
