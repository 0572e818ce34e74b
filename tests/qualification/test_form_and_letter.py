"""The form that is made of what was filled in, and the letter about what was decided."""

from datetime import date

import pytest
from django.utils import timezone

from tests.accounts.factories import PERSON
from tests.casework.factories import RELATIVE, consent_to_relative
from tests.documents.reading import text_of
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.documents.services import render
from yidi.documents.terms import Outcome
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of, removed_papers_of
from yidi.evidence.services import content
from yidi.qualification import services
from yidi.qualification.models import Qualification
from yidi.qualification.papers import FORM_NAME, form_of, letter_of
from yidi.qualification.queries import MADE_HERE, asked_of
from yidi.qualification.states import State
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db


def forms_of(case: Qualification) -> list[Paper]:
    return list(papers_of(case.number).filter(material=str(MADE_HERE)))


def without_form(state: State = State.DRAFT, **columns: object) -> Qualification:
    case = a_qualification(state, **columns)  # type: ignore[arg-type]
    papers_of(case.number).filter(material=str(MADE_HERE)).delete()
    return case


class TestTheForm:
    def test_it_is_made_when_the_application_is_handed_in(self) -> None:
        case = without_form()
        assert not asked_of(case, timezone.localdate())
        services.save(case, PERSON, hospital="南昌某医院")
        services.submit(case, PERSON)
        [form] = forms_of(case)
        assert (form.name, form.media_type, form.pages, form.handed_in_by) == (
            FORM_NAME,
            "application/pdf",
            1,
            PERSON.name,
        )
        text = text_of(content(form))
        for told in ("南昌某医院", "高血压", case.number, case.coverage.person.identity, "测试甲"):
            assert told in text

    def test_one_that_somebody_brought_stays_alone(self) -> None:
        case = a_qualification()
        services.submit(case, PERSON)
        assert [form.blob for form in forms_of(case)] == [None]

    def test_what_changed_makes_a_new_one_and_the_old_one_stays_on_record(self) -> None:
        case = without_form(State.MORE_EVIDENCE)
        services.save(case, PERSON, hospital="甲医院")
        services.submit(case, PERSON)
        [first] = forms_of(case)
        Qualification.objects.filter(pk=case.pk).update(
            state=str(State.MORE_EVIDENCE), paused_on=date(2025, 6, 3), asked=True
        )
        services.save(case, PERSON, hospital="乙医院")
        services.submit(case, PERSON)
        [second] = forms_of(case)
        assert "乙医院" in text_of(content(second))
        assert list(removed_papers_of(case.number).filter(material=str(MADE_HERE))) == [first]

    def test_an_answer_that_changes_nothing_on_it_keeps_it(self) -> None:
        case = without_form(State.MORE_EVIDENCE)
        for _ in range(2):
            services.submit(case, PERSON)
            Qualification.objects.filter(pk=case.pk).update(
                state=str(State.MORE_EVIDENCE), paused_on=date(2025, 6, 3), asked=True
            )
        assert len(forms_of(case)) == 1
        assert not removed_papers_of(case.number).filter(material=str(MADE_HERE)).exists()

    def test_a_relative_stands_on_it(self) -> None:
        case = without_form()
        consent_to_relative(case.coverage.person)
        services.submit(case, RELATIVE)
        assert "子女" in text_of(content(forms_of(case)[0]))

    def test_papers_are_ticked_as_they_are_there(self) -> None:
        case = a_qualification()
        assert all(paper.shown for paper in form_of(case).evidence)
        papers_of(case.number).filter(material=str(Material.DIAGNOSIS)).delete()
        assert [paper.name for paper in form_of(case).evidence if not paper.shown] == ["诊断书"]

    def test_without_rules_it_still_prints(self) -> None:
        case = a_qualification(coverage=a_coverage(3, "440100"))
        assert form_of(case).evidence == ()
        assert case.number in text_of(render(form_of(case)))


class TestTheLetter:
    @pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.WITHDRAWN])
    def test_nothing_is_told_before_a_decision(self, state: State) -> None:
        assert letter_of(a_qualification(state)) is None

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            (State.APPROVED, Outcome.APPROVED),
            (State.EXPIRED, Outcome.APPROVED),
            (State.REJECTED, Outcome.REJECTED),
            (State.MORE_EVIDENCE, Outcome.MORE_EVIDENCE),
        ],
    )
    def test_each_decision_has_its_letter(self, state: State, outcome: Outcome, language: str) -> None:
        ends = date(2025, 12, 31) if state is State.EXPIRED else None
        case = a_qualification(state, ends=ends, reason="" if state is State.APPROVED else "材料之间不一致")
        letter = letter_of(case)
        assert letter is not None
        assert letter.outcome is outcome
        text = text_of(render(letter, language=language))
        assert case.number in text
        assert case.coverage.person.identity not in text, "letters show it masked"
        assert ("材料之间不一致" in text) == (outcome in (Outcome.REJECTED, Outcome.MORE_EVIDENCE))

    def test_what_the_agency_wants_besides_the_rules_is_in_its_own_words(self) -> None:
        letter = letter_of(a_qualification(State.MORE_EVIDENCE, reason="请补近三个月血压记录"))
        assert letter is not None
        assert letter.asked_for == ("请补近三个月血压记录",)
