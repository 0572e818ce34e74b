"""What the shipped book and small books say about cases: terms, reviewers, applications, filings where sources are silent."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.policy.book import book
from yidi.policy.cases import (
    TERM_READING,
    applicable_diseases,
    claim_papers,
    decision_term,
    filing_kind,
    filing_rules,
    qualification_rule,
    situation_of,
    unfiled_settles,
)
from yidi.policy.errors import DiseaseNotCovered, ListKnownInPart, ListNotOnRecord, MissingParameter
from yidi.policy.resolve import benefit_rule, covered_diseases, nationally_settled
from yidi.policy.rules import ADOPTABLE, Question
from yidi.reference import diseases, regions
from yidi.values.materials import met_by_commitment
from yidi.values.terms import (
    Benefit,
    CaseField,
    CaseKind,
    FilingClass,
    FilingKind,
    Level,
    Material,
    Scheme,
    Situation,
    Standing,
)

DAY = date(2026, 11, 30)
NANCHANG, ZHENGZHOU, LUOYANG, HAIKOU = "360100", "410100", "410300", "460100"
HENAN = tuple(
    unit.code for province, units in regions.cities() if province.code == "410000" for unit in units
)
SCHEMES = list(Scheme)
PARKINSON = "M02300"


class TestTerms:
    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("pool", [NANCHANG, ZHENGZHOU, HAIKOU])
    @pytest.mark.parametrize(
        ("kind", "days"),
        [(CaseKind.QUALIFICATION, 20), (CaseKind.FILING, 2), (CaseKind.CLAIM, 30)],
    )
    def test_the_service_list_answers_and_says_that_it_is_unverified(
        self, pool: str, scheme: Scheme, kind: CaseKind, days: int
    ) -> None:
        term = decision_term(book(), pool, scheme, kind, DAY)
        assert term is not None
        assert (term.days, term.reading, term.grade, term.unverified) == (days, TERM_READING, "R", True)
        assert term.origin.facts == ("N-804",)

    def test_a_visit_is_not_decided(self) -> None:
        assert decision_term(book(), NANCHANG, Scheme.EMPLOYEE, CaseKind.VISIT, DAY) is None

    def test_before_the_list_was_seen_there_is_none(self) -> None:
        assert decision_term(book(), NANCHANG, Scheme.EMPLOYEE, CaseKind.CLAIM, date(2025, 12, 31)) is None

    def test_nothing_of_grade_r_is_adopted(self) -> None:
        for loaded in book().packs.values():
            for rule in loaded.pack.rules:
                if rule.reading == TERM_READING:
                    assert not rule.adopted
                    assert rule.source.grade not in ADOPTABLE

    def test_an_adopted_term_goes_before_the_reading(self, tmp_path: Path) -> None:
        listed = "reading: service-list\nadopted: false\n"
        rules = book_of(
            tmp_path,
            nation=pack(
                f"{listed}decide_within_days: 2\nclaim_decide_within_days: 30",
                pool="CN", scheme="all", benefit="filing",
            ),
            city=pack("claim_decide_within_days: 15", benefit="filing"),
        )  # fmt: skip
        claim = decision_term(rules, NANCHANG, Scheme.EMPLOYEE, CaseKind.CLAIM, DAY)
        filing = decision_term(rules, NANCHANG, Scheme.EMPLOYEE, CaseKind.FILING, DAY)
        assert claim is not None
        assert filing is not None
        assert (claim.days, claim.unverified, claim.origin.layer) == (15, False, NANCHANG)
        assert (filing.days, filing.unverified, filing.origin.layer) == (2, True, "CN")
        assert decision_term(rules, NANCHANG, Scheme.EMPLOYEE, CaseKind.QUALIFICATION, DAY) is None

    def test_a_term_has_the_source_of_its_own(self, tmp_path: Path) -> None:
        own = (
            "qualification: {decide_within_days: 10, "
            "source: {id: NEWS, clause: 三, grade: B, checked: 2026-01-01}}"
        )
        rules = book_of(tmp_path, city=pack(own, benefit="chronic-disease"))
        term = decision_term(rules, NANCHANG, Scheme.EMPLOYEE, CaseKind.QUALIFICATION, DAY)
        assert term is not None
        assert (term.days, term.unverified, term.origin.source) == (10, False, "NEWS")


class TestReviewers:
    LISTED = "deductible: none\nshare: 60%\nceiling: none\nclasses: {I: {}}\ndiseases: {M03900: {class: I}}"

    def test_a_pack_says_how_many_must_agree(self, tmp_path: Path) -> None:
        rules = book_of(
            tmp_path,
            city=pack(
                f"{self.LISTED}\nqualification: {{evidence: [id-card], reviewers: 2}}",
                benefit="chronic-disease",
            ),
        )
        assert qualification_rule(rules, NANCHANG, Scheme.EMPLOYEE, "M03900", DAY).reviewers == 2

    def test_no_shipped_pack_says_so(self) -> None:
        for pool in (NANCHANG, ZHENGZHOU):
            assert qualification_rule(book(), pool, Scheme.EMPLOYEE, "M03900", DAY).reviewers == 1


class TestApplications:
    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("pool", ["440900", "310000", HAIKOU, "360100", "369900", *HENAN])
    def test_everything_that_may_be_applied_for_has_a_rule_and_nothing_else(
        self, pool: str, scheme: Scheme
    ) -> None:
        open_to = applicable_diseases(book(), pool, scheme, DAY)
        assert list(open_to) == sorted(open_to)
        for entry in diseases.diseases():
            if entry.code in open_to:
                assert qualification_rule(book(), pool, scheme, entry.code, DAY).evidence
            else:
                with pytest.raises(MissingParameter):
                    qualification_rule(book(), pool, scheme, entry.code, DAY)

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_in_jiangxi_they_are_those_that_are_covered(self, scheme: Scheme) -> None:
        open_to = applicable_diseases(book(), NANCHANG, scheme, DAY)
        assert open_to == covered_diseases(book(), NANCHANG, scheme, DAY)
        rule = qualification_rule(book(), NANCHANG, scheme, "M03900", DAY)
        assert (rule.valid, rule.years_valid, rule.fields) == ("until-cancelled", None, ())
        assert rule.listed is not None

    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("pool", HENAN)
    def test_in_henan_they_are_the_ten_of_the_nation(self, pool: str, scheme: Scheme) -> None:
        assert applicable_diseases(book(), pool, scheme, DAY) == tuple(
            sorted(nationally_settled(book(), DAY))
        )
        assert covered_diseases(book(), pool, scheme, DAY) == ()
        with pytest.raises(ListNotOnRecord, match="10 种，其中没有 帕金森病") as refused:
            qualification_rule(book(), pool, scheme, PARKINSON, DAY)
        assert "12393" in refused.value.english
        with pytest.raises(MissingParameter, match="病种目录"):
            qualification_rule(book(), pool, scheme, "M99999", DAY)

    def test_henan_asks_for_what_the_seed_names(self) -> None:
        """Facts D-401 to D-405, and the four papers of the page itself."""
        rule = qualification_rule(book(), ZHENGZHOU, Scheme.RESIDENT, "M01600", DAY)
        assert rule.evidence == (
            ("id-card", "e-voucher", "social-card"),
            ("qualification-form",),
            ("record-front-page",),
            ("inpatient-records",),
            ("test-reports",),
            ("diagnosis",),
        )
        assert rule.fields == (CaseField.HOSPITAL, CaseField.RECORD_NUMBER, CaseField.PHONE)
        assert any("亲属代申报" in channel for channel in rule.channels)
        assert (rule.valid, rule.years_valid, rule.listed) == (None, None, None)
        assert {"D-403", "D-404"} <= set(rule.origin.facts)

    def test_a_benefit_of_henan_is_refused_by_name_all_the_same(self) -> None:
        asked = Question(
            ZHENGZHOU, Scheme.RESIDENT, Standing.SENIOR, Benefit.CHRONIC_DISEASE, Level.TERTIARY,
            Situation.LONG_TERM_RESIDENT, DAY, "M01600",
        )  # fmt: skip
        with pytest.raises(MissingParameter, match="病种目录"):
            benefit_rule(book(), asked)

    @pytest.mark.parametrize(
        ("listing", "open_to", "refusal"),
        [
            ("diseases: {M07101: {class: I}}", ("M07101",), DiseaseNotCovered),
            ("diseases: {M07101: {class: I}}\nlist: part", ("M03900", "M07101"), ListKnownInPart),
            ("", ("M03900",), ListNotOnRecord),
        ],
    )
    def test_a_whole_list_closes_what_the_province_opens(
        self, listing: str, open_to: tuple[str, ...], refusal: type[Exception], tmp_path: Path
    ) -> None:
        rules = book_of(
            tmp_path,
            nation=pack("settled_nationally: [M03900]", pool="CN", scheme="all", benefit="chronic-disease"),
            province=pack(
                "qualification: {evidence: [id-card], open_to: settled-nationally}",
                pool="410000", scheme="all", benefit="chronic-disease",
            ),
            city=pack(
                f"deductible: none\n{'classes: {I: {}}' if listing else ''}\n{listing}".strip(),
                pool=ZHENGZHOU, benefit="chronic-disease",
            ),
        )  # fmt: skip
        assert applicable_diseases(rules, ZHENGZHOU, Scheme.EMPLOYEE, DAY) == open_to
        with pytest.raises(refusal):
            qualification_rule(rules, ZHENGZHOU, Scheme.EMPLOYEE, PARKINSON, DAY)


class TestFilings:
    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("pool", [ZHENGZHOU, HAIKOU])
    def test_what_no_source_says_is_not_taken_for_granted(self, pool: str, scheme: Scheme) -> None:
        kinds = {kind: filing_kind(book(), pool, scheme, kind, DAY) for kind in FilingKind}
        assert kinds.pop(FilingKind.EMERGENCY).effect == "deemed"
        for kind in kinds.values():
            assert (kind.effect, kind.effect_origin) == ("reviewed", None)
            assert ("filing-form",) in kind.materials
            temporary = kind.klass is FilingClass.TEMPORARY
            assert kind.needs_end_date == temporary
            assert (kind.valid_origin is None) == temporary
            assert kind.months_valid is None
        rules = filing_rules(book(), pool, scheme, DAY)
        assert (rules.unfiled_settles_directly, rules.unfiled_origin) == (None, None)
        with pytest.raises(MissingParameter, match="未备案时的结算方式"):
            unfiled_settles(book(), pool, scheme, DAY)

    def test_emergencies_need_no_end_date(self) -> None:
        kind = filing_kind(book(), ZHENGZHOU, Scheme.EMPLOYEE, FilingKind.EMERGENCY, DAY)
        assert (kind.needs_end_date, kind.months_valid, kind.materials) == (False, None, ())

    def test_henan_has_channels_and_a_circle_that_is_not_adopted(self) -> None:
        rules = filing_rules(book(), ZHENGZHOU, Scheme.EMPLOYEE, DAY)
        assert "豫事办小程序" in rules.channels
        assert rules.exempt_pools == ()
        assert situation_of(ZHENGZHOU, LUOYANG, rules, Situation.UNFILED) is Situation.UNFILED

    def test_jiangxi_says_all_of_it(self) -> None:
        kind = filing_kind(book(), NANCHANG, Scheme.EMPLOYEE, FilingKind.REFERRAL, DAY)
        assert kind.effect_origin is not None
        assert kind.valid_origin is not None
        assert (kind.effect, kind.needs_end_date) == ("instant", True)
        assert unfiled_settles(book(), NANCHANG, Scheme.EMPLOYEE, DAY) is False

    def test_claims_of_henan_ask_for_the_papers_of_the_nation(self) -> None:
        papers = claim_papers(book(), ZHENGZHOU, Scheme.RESIDENT, DAY)
        assert papers.origin.layer == "CN"
        assert ("prescription-or-records",) in papers.materials


@pytest.mark.parametrize("pool", [NANCHANG, ZHENGZHOU])
@pytest.mark.parametrize(
    ("kind", "promised"),
    [
        (FilingKind.RESETTLED_RETIREE, ((Material.HOUSEHOLD_PROOF,),)),
        (FilingKind.LONG_TERM_RESIDENT, ((Material.RESIDENCE_PROOF,),)),
        (
            FilingKind.POSTED_WORKER,
            ((Material.POSTING_PROOF, Material.WORK_PROOF, Material.LABOUR_CONTRACT),),
        ),
        (FilingKind.REFERRAL, ()),
        (FilingKind.OTHER_TEMPORARY, ()),
        (FilingKind.EMERGENCY, ()),
    ],
)
def test_a_commitment_letter_stands_for_papers_of_long_term_filings_alone(
    pool: str, kind: FilingKind, promised: tuple[tuple[Material, ...], ...]
) -> None:
    """Fact N-208."""
    asked = filing_kind(book(), pool, Scheme.EMPLOYEE, kind, DAY).materials
    assert met_by_commitment(asked) == promised
