"""The form that is made of what was filled in, the commitment letter on its second page, and the decision letter."""

import pytest

from tests.accounts.factories import CLERK, PERSON
from tests.casework.factories import RELATIVE, at_the_window, consent_to_relative
from tests.documents.reading import text_of
from tests.filing.factories import DAY, SHANGHAI, a_filing
from tests.people.factories import a_coverage
from yidi.documents.services import render
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of, papers_of
from yidi.evidence.services import content
from yidi.filing import services
from yidi.filing.errors import ClosedToChanges, MaterialsMissing, NothingToPromise
from yidi.filing.models import Filing
from yidi.filing.papers import COMMITTED, FORM_NAME, form_of, letter_of
from yidi.filing.queries import asked_of, promised
from yidi.filing.states import State
from yidi.values.terms import FilingKind, Material

pytestmark = pytest.mark.django_db


def a_draft(kind: FilingKind = FilingKind.LONG_TERM_RESIDENT, pool: str = "360100") -> Filing:
    filing = services.draft(a_coverage(pool=pool), kind, SHANGHAI, DAY, PERSON, address="浦东新区某路 1 号")
    services.show(filing, Material.ID_CARD, "身份证", at_the_window(filing.coverage))
    return filing


def forms_of(filing: Filing) -> list[Paper]:
    forms = (str(Material.JIANGXI_FILING_FORM), str(Material.FILING_FORM))
    return list(papers_of(filing.number).filter(material__in=forms))


def test_the_form_is_made_when_the_filing_is_handed_in() -> None:
    filing = a_draft()
    services.commit(filing, PERSON)
    assert asked_of(filing) == ()
    services.submit(filing, PERSON)
    [form] = forms_of(filing)
    assert (form.name, form.pages, form.material) == (FORM_NAME, 2, str(Material.JIANGXI_FILING_FORM))
    text = text_of(content(form))
    person = filing.coverage.person
    for told in ("江西省医疗保险异地就医自助备案表", "上海市", person.identity, "浦东新区某路1号", "承诺"):
        assert told in text
    assert Filing.objects.get(pk=filing.pk).state == State.ACTIVE


def test_elsewhere_it_has_the_plain_title() -> None:
    filing = a_draft(pool="410100")
    services.show(filing, Material.RESIDENCE_PROOF, "居住证", at_the_window(filing.coverage))
    services.submit(filing, PERSON)
    [form] = forms_of(filing)
    text = text_of(content(form))
    assert "异地就医备案表" in text
    assert "江西省医疗保险" not in text
    assert form.material == Material.FILING_FORM


def test_one_that_somebody_brought_stays_alone() -> None:
    filing = a_draft()
    services.show(filing, Material.JIANGXI_FILING_FORM, "纸质备案表", at_the_window(filing.coverage))
    services.commit(filing, PERSON)
    services.submit(filing, PERSON)
    assert [form.description for form in forms_of(filing)] == ["纸质备案表"]


def test_a_relative_is_named_on_it() -> None:
    filing = a_draft()
    consent_to_relative(filing.coverage.person)
    services.commit(filing, RELATIVE)
    services.submit(filing, RELATIVE)
    [form] = forms_of(filing)
    assert form.handed_in_by == RELATIVE.name
    assert "子女" in text_of(content(form))


class TestTheCommitment:
    def test_it_stands_for_the_proof_that_is_owed(self) -> None:
        filing = a_draft()
        assert [group for group in asked_of(filing) if Material.COMMITMENT in group]
        services.commit(filing, PERSON)
        assert Material.COMMITMENT in materials_of(filing.number)
        assert promised(filing) == ((Material.RESIDENCE_PROOF,),)
        [paper] = papers_of(filing.number).filter(material=str(Material.COMMITMENT))
        assert paper.description == COMMITTED

    def test_there_is_none_for_a_referral(self) -> None:
        filing = a_draft(FilingKind.REFERRAL)
        with pytest.raises(NothingToPromise, match="不能用承诺书代替材料"):
            services.commit(filing, PERSON)
        with pytest.raises(MaterialsMissing):
            services.submit(filing, PERSON)

    def test_it_comes_before_handing_in(self) -> None:
        filing = a_filing(State.SUBMITTED)
        with pytest.raises(ClosedToChanges):
            services.commit(filing, PERSON)


class TestTheLetter:
    @pytest.mark.parametrize(
        "state", [State.DRAFT, State.SUBMITTED, State.WITHDRAWN], ids=lambda state: state.value
    )
    def test_there_is_none_before_a_decision(self, state: State) -> None:
        assert letter_of(a_filing(state)) is None

    def test_it_says_from_when_where_and_what_for(self) -> None:
        filing = a_filing(State.SUBMITTED)
        services.approve(filing, CLERK)
        filing.refresh_from_db()
        letter = letter_of(filing, "https://example.org/me/filings/")
        assert letter is not None
        text = text_of(render(letter))
        for told in ("上海市", "异地长期居住", "2025年1月1日", filing.number):
            assert told in text
        assert filing.coverage.person.identity not in text

    def test_a_rejection_says_why(self) -> None:
        filing = a_filing(State.REJECTED, reason="材料之间不一致：地址不同")
        letter = letter_of(filing)
        assert letter is not None
        assert "材料之间不一致：地址不同" in text_of(render(letter))


def test_the_form_can_be_printed_at_any_time() -> None:
    text = text_of(render(form_of(a_draft())))
    assert "南昌市" in text
    assert "异地长期居住" in text
