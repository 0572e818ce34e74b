"""The guide: the main cases, the refusals, and what must hold for every question."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import UNVERIFIED
from yidi.guide import texts
from yidi.guide.errors import DiseaseMissing, NoRulesForPool, SituationNotStated, StandingOfOtherScheme
from yidi.guide.plan import Bill, Estimate, Plan, PlanRequest, PlanStep, Used
from yidi.guide.queries import Shelf, care_places, diseases_known, diseases_not_known, home_pools
from yidi.guide.services import plan
from yidi.guide.terms import STATED, StepState, Verdict
from yidi.guide.texts import Line, Place
from yidi.policy.book import book
from yidi.policy.errors import ListKnownInPart, MissingParameter
from yidi.reference.diseases import diseases
from yidi.reference.errors import UnknownDisease, UnknownRegion
from yidi.values.errors import Refusal
from yidi.values.terms import STANDINGS_OF, Benefit, FilingKind, Level, Material, Scheme, Situation, Standing

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)
RETIRED = PlanRequest(
    home="360100",
    care="310000",
    scheme=Scheme.EMPLOYEE,
    standing=Standing.RETIRED,
    benefit=Benefit.CHRONIC_DISEASE,
    disease="M03900",
    level=Level.TERTIARY,
    filed=Situation.LONG_TERM_RESIDENT,
    on=TODAY,
    today=TODAY,
    bill=Bill(100_000),
)
GENERAL: dict[str, Any] = {"benefit": Benefit.GENERAL_OUTPATIENT, "disease": ""}
RESIDENT: dict[str, Any] = {"scheme": Scheme.RESIDENT, "standing": Standing.SENIOR}


def ask(**different: Any) -> Plan:
    """The plan for a retired employee of Nanchang with hypertension in Shanghai, with some things different."""
    return plan(replace(RETIRED, **different))


def step(found: Plan, name: str) -> PlanStep:
    (only,) = [item for item in found.steps if item.name == name]
    return only


def stands(found: Plan) -> dict[str, str]:
    return {condition.name: condition.standpoint.value for condition in found.conditions}


def estimated(found: Plan) -> Estimate:
    assert isinstance(found.estimate, Estimate)
    return found.estimate


class TestFiledForShanghai:
    def test_settles_directly_with_the_four_steps_of_the_guide(self):
        found = ask()
        assert found.verdict == Verdict.DIRECT
        assert [(item.name, item.state.value) for item in found.steps] == [
            ("qualify", "to-do"),
            ("file", "done"),
            ("choose", "to-do"),
            ("visit", "to-do"),
            ("claim", "fallback"),
        ]
        assert stands(found) == {
            "region": "note",
            "coverage": "met",
            "nationwide": "met",
            "filing": "met",
            "qualification": "to-check",
            "provider": "to-check",
        }

    def test_pays_85_percent_and_explains_it(self):
        estimate = estimated(ask())
        assert (estimate.decision.fund, estimate.decision.person) == (85_000, 15_000)
        assert estimate.assessment.explanation.adds_up()
        assert "SEED-004" in {origin.source for origin in estimate.decision.rule.origins}

    def test_says_what_no_filing_would_cost_by_running_the_engine(self):
        (other,) = estimated(ask()).alternatives
        assert other.situations == (Situation.UNFILED,)
        assert isinstance(other.outcome, Decision)
        assert (other.outcome.fund, other.difference) == (68_000, -17_000)
        assert estimated(ask()).best is None

    def test_the_qualification_asks_for_the_papers_of_the_pool(self):
        assert step(ask(), "qualify").materials == (
            (Material.ID_CARD, Material.E_VOUCHER, Material.SOCIAL_CARD),
            (Material.QUALIFICATION_FORM,),
            (Material.MEDICAL_RECORDS,),
            (Material.DIAGNOSIS,),
        )
        assert step(ask(), "qualify").materials_from[0].source == "SEED-000"

    def test_names_the_hotline_and_the_conflicts(self):
        found = ask()
        assert found.hotline.dial == "0791-12393"
        assert "E-01" in {contest.id for contest in found.contests}


class TestNotFiled:
    def test_before_the_visit_filing_comes_first(self):
        found = ask(filed=Situation.UNFILED)
        assert found.verdict == Verdict.FILE_FIRST
        assert stands(found)["filing"] == "unmet"
        assert step(found, "file").state == StepState.TO_DO
        assert step(found, "claim").state == StepState.FALLBACK

    def test_the_kinds_of_filing_come_with_papers_effect_and_validity(self):
        choices = {choice.kind: choice for choice in step(ask(filed=Situation.UNFILED), "file").choices}
        assert FilingKind.EMERGENCY not in choices
        resident = choices[FilingKind.LONG_TERM_RESIDENT]
        assert resident.materials == (
            (Material.E_VOUCHER, Material.ID_CARD),
            (Material.JIANGXI_FILING_FORM,),
            (Material.RESIDENCE_PROOF, Material.COMMITMENT),
        )
        assert "即时生效" in resident.effect.zh
        assert "长期有效" in resident.validity.zh
        referral = choices[FilingKind.REFERRAL]
        assert "到期" in referral.validity.zh
        assert "赣服通医保专区" in step(ask(filed=Situation.UNFILED), "file").channels

    def test_after_the_visit_only_the_claim_is_left_with_its_five_papers(self):
        found = ask(filed=Situation.UNFILED, on=YESTERDAY)
        assert found.verdict == Verdict.CLAIM
        assert [item.name for item in found.steps] == ["qualify", "file", "claim"]
        assert step(found, "claim").state == StepState.TO_DO
        assert step(found, "claim").materials == (
            (Material.E_VOUCHER, Material.ID_CARD),
            (Material.SOCIAL_CARD,),
            (Material.INVOICE,),
            (Material.FEE_LIST,),
            (Material.DIAGNOSIS_OR_RECORDS,),
        )
        assert any("报销比例相对低" in said.zh for said in step(found, "claim").sentences)

    def test_the_reduced_benefit_and_what_each_filing_would_give(self):
        estimate = estimated(ask(filed=Situation.UNFILED))
        assert estimate.decision.fund == 68_000
        gains = {other.situations: other.difference for other in estimate.alternatives}
        long_term = (Situation.RESETTLED_RETIREE, Situation.LONG_TERM_RESIDENT, Situation.POSTED_WORKER)
        assert gains == {long_term: 17_000, (Situation.REFERRAL,): 8_500, (Situation.OTHER_TEMPORARY,): 0}
        assert estimate.best is not None
        assert estimate.best.situations == long_term

    def test_another_reading_of_the_order_of_payments_is_shown_with_its_amount(self):
        (other,) = estimated(ask(filed=Situation.UNFILED, **GENERAL)).other_readings
        assert other.reading == "deductible-first"
        assert other.difference == 3_600
        assert [citation.source for citation in other.citations] == ["JX-CARD"]


class TestOtherWays:
    def test_emergency_counts_as_filed(self):
        found = ask(filed=Situation.EMERGENCY)
        assert found.verdict == Verdict.DIRECT
        assert step(found, "file").state == StepState.NOT_NEEDED
        assert estimated(found).decision.fund == 76_500

    def test_within_the_province_no_filing_is_needed(self):
        found = ask(care="360400", filed=Situation.UNFILED)
        assert (found.situation, found.verdict) == (Situation.EXEMPT, Verdict.DIRECT)
        assert step(found, "file").state == StepState.NOT_NEEDED
        (citation,) = found.conditions[0].said.citations
        assert "N-310" in citation.facts
        assert estimated(found).alternatives == ()
        assert estimated(found).decision.fund == 85_000

    def test_at_home_there_is_nothing_to_file_or_claim(self):
        found = ask(care="360121", filed=Situation.UNFILED)
        assert (found.situation, found.verdict) == (Situation.LOCAL, Verdict.DIRECT)
        assert [item.name for item in found.steps] == ["qualify", "visit"]

    def test_general_outpatient_takes_the_deductible_and_what_was_used(self):
        used = Used(deductible=20_000, fund=290_000)
        decision = estimated(ask(**GENERAL, used=used, bill=Bill(100_000, 10_000, None, 5_000))).decision
        assert (decision.split.in_scope, decision.deductible) == (85_000, 10_000)
        assert (decision.fund, decision.cut) == (10_000, 35_000)

    def test_what_was_assumed_is_said_and_only_then(self):
        assert len(estimated(ask()).assumptions) == 2
        assert estimated(ask(bill=Bill(100_000, excluded=0), used=Used(fund=0))).assumptions == ()

    @pytest.mark.parametrize(
        ("used", "said"),
        [
            (Used(), [texts.ASSUME_UNUSED.zh]),
            (Used(fund=100), [texts.ASSUME_DEDUCTIBLE_UNUSED.zh]),
            (Used(deductible=100), [texts.ASSUME_FUND_UNUSED.zh]),
            (Used(deductible=100, fund=100), []),
        ],
    )
    def test_each_used_amount_left_out_is_said(self, used: Used, said: list[str]) -> None:
        found = estimated(ask(**GENERAL, used=used, bill=Bill(100_000, excluded=0)))
        assert [item.zh for item in found.assumptions] == said

    def test_without_a_bill_the_parameters_are_given_and_no_amount(self):
        found = ask(bill=None, **GENERAL)
        assert found.estimate is None
        assert [said.zh for said in found.parameters] == [
            "起付线：年度 300.00 元",
            "报销比例：60%（退休、三级）",
            "封顶线：年度 3000.00 元（基金支付）",
            "异地就医：待遇不降低",
        ]
        assert all(said.citations for said in found.parameters)


class TestWhereRulesEnd:
    def test_a_disease_that_the_list_on_record_does_not_name_is_to_be_asked_for(self):
        found = ask(disease="M02300")
        assert isinstance(found.estimate, ListKnownInPart)
        assert found.verdict == Verdict.ASK_FIRST
        assert (stands(found)["coverage"], stands(found)["nationwide"]) == ("to-check", "unmet")
        assert [item.name for item in found.steps] == ["ask", "qualify", "file", "pay", "claim"]

    def test_a_disease_that_a_whole_list_does_not_name_is_not_covered(self, monkeypatch):
        monkeypatch.setattr(Shelf, "lists_in_part", lambda shelf: False)
        assert stands(ask(disease="M02300"))["coverage"] == "unmet"

    def test_a_missing_parameter_is_named_and_the_plan_still_given(self):
        found = ask(**RESIDENT, **GENERAL)
        assert isinstance(found.estimate, MissingParameter)
        assert "报销比例" in found.estimate.message
        assert found.verdict == Verdict.ASK_FIRST
        assert stands(found)["amount"] == "to-check"
        assert found.conditions[-1].said.zh == found.estimate.message
        assert {"file", "visit"} <= {item.name for item in found.steps}

    def test_a_ceiling_known_as_a_range_refuses_beyond_its_lower_end(self):
        found = ask(used=Used(fund=390_000))
        assert isinstance(found.estimate, Refusal)
        assert found.estimate.code == "BENEFIT-CEILING-UNKNOWN"
        assert (found.verdict, stands(found)["amount"]) == (Verdict.ASK_FIRST, "to-check")
        assert found.parameters

    def test_filing_first_is_not_promised_where_it_would_not_help(self):
        found = ask(**RESIDENT, **GENERAL, filed=Situation.UNFILED)
        assert isinstance(found.estimate, Refusal)
        assert found.verdict != Verdict.FILE_FIRST

    def test_a_pool_without_packs_gets_the_nationwide_part(self):
        found = ask(home="460100", filed=Situation.UNFILED)
        assert isinstance(found.estimate, NoRulesForPool)
        assert found.refusals == (found.estimate,)
        assert found.verdict == Verdict.ASK_FIRST
        assert stands(found)["nationwide"] == "met"
        assert (Material.QUALIFICATION_FORM,) in step(found, "qualify").materials
        assert "国家医保服务平台 APP" in step(found, "file").channels
        choice = step(found, "file").choices[0]
        assert (Material.FILING_FORM,) in choice.materials
        assert "规则库没有收录" in choice.effect.zh

    def test_a_neighbour_in_a_province_without_packs_is_told_to_ask(self):
        found = ask(home="460100", care="460200", filed=Situation.UNFILED)
        assert stands(found)["region"] == "to-check"
        assert found.verdict == Verdict.ASK_FIRST


class TestHenan:
    """Steps, papers and channels by the seeds; of amounts, only what is missing."""

    def test_a_disease_of_the_ten_may_be_applied_for_and_the_agency_decides(self):
        found = ask(home="410100", filed=Situation.UNFILED)
        qualify = step(found, "qualify")
        spoken = [said.zh for said in qualify.sentences]
        assert any("可以先申请" in text and "由经办机构审核决定" in text for text in spoken)
        assert any(text == "申请时要填写：享受待遇的医院、病案号、手机号。" for text in spoken)
        assert any("管多久，规则库没有收录" in text for text in spoken)
        assert any(
            "hospital where the benefit is drawn, inpatient record number" in said.en
            for said in qualify.sentences
        )
        assert (Material.RECORD_FRONT_PAGE,) in qualify.materials
        assert any("亲属代申报" in channel for channel in qualify.channels)
        assert stands(found)["coverage"] == "to-check"
        assert stands(found)["qualification"] == "to-check"
        assert found.refusals == ()

    def test_another_disease_may_not(self):
        found = ask(home="410100", disease="M02300")
        assert [refusal.code for refusal in found.refusals] == ["POLICY-LIST-UNKNOWN"]
        assert not any("可以先申请" in said.zh for said in step(found, "qualify").sentences)
        assert "qualification" not in stands(found)

    def test_amounts_are_refused_by_name(self):
        found = ask(home="410100")
        assert isinstance(found.estimate, MissingParameter)
        assert "病种目录" in found.estimate.message
        assert found.verdict == Verdict.ASK_FIRST

    def test_unverified_rules_of_a_city_are_good_for_an_estimate(self):
        found = ask(home="410100", care="410100", **GENERAL, filed=Situation.UNFILED)
        assert estimated(found).decision.rule.unverified
        assert all(said.zh.startswith(UNVERIFIED[0]) for said in found.parameters)

    @pytest.mark.parametrize(
        ("kind", "validity"),
        [(FilingKind.LONG_TERM_RESIDENT, "长期有效"), (FilingKind.REFERRAL, "管多久，规则库没有收录")],
    )
    def test_filing_says_what_no_source_says(self, kind: FilingKind, validity: str):
        found = ask(home="410100", filed=Situation.UNFILED)
        file = step(found, "file")
        choice = {choice.kind: choice for choice in file.choices}[kind]
        assert (Material.FILING_FORM,) in choice.materials
        assert "怎样生效，规则库没有收录" in choice.effect.zh
        assert choice.effect.citations == ()
        assert validity in choice.validity.zh
        assert "豫事办小程序" in file.channels
        assert stands(found)["filing"] == "to-check"

    def test_the_claim_asks_for_the_papers_of_the_nation(self):
        assert (Material.PRESCRIPTION_OR_RECORDS,) in step(ask(home="410100"), "claim").materials


class TestQuestionsThatMakeNoSense:
    def test_a_standing_of_the_other_scheme(self):
        with pytest.raises(StandingOfOtherScheme, match="GUIDE-STANDING"):
            replace(RETIRED, standing=Standing.MINOR)

    @pytest.mark.parametrize("different", [{"disease": ""}, {"benefit": Benefit.GENERAL_OUTPATIENT}])
    def test_disease_and_benefit_that_do_not_fit(self, different):
        with pytest.raises(DiseaseMissing, match="GUIDE-DISEASE"):
            replace(RETIRED, **different)

    @pytest.mark.parametrize("situation", [Situation.LOCAL, Situation.EXEMPT])
    def test_a_situation_that_is_not_stated(self, situation):
        with pytest.raises(SituationNotStated, match="GUIDE-SITUATION"):
            replace(RETIRED, filed=situation)

    def test_codes_that_no_register_has(self):
        with pytest.raises(UnknownRegion):
            ask(care="999999")
        with pytest.raises(UnknownDisease):
            ask(disease="M99999")


def test_every_place_that_is_cited_is_in_the_register_of_sources():
    lines = [item for item in vars(texts).values() if isinstance(item, Line)]
    lines += [*texts.NOTICES, *texts.EFFECTS.values()]
    places = [item for item in vars(texts).values() if isinstance(item, Place)]
    places += [place for line in lines for place in line.places]
    assert {place.source for place in places} <= set(book().sources)


def test_what_can_be_asked_about():
    homes = {province.code: pools for province, pools in home_pools(book())}
    assert {"360000", "410000", "440000"} <= homes.keys()
    assert "460000" not in homes
    pools = homes["360000"]
    assert {"360100", "360400", "369900"} <= {pool.code for pool in pools}
    assert {"410100", "410300", "411300"} <= {pool.code for pool in homes["410000"]}
    places = {unit.code for _province, units in care_places() for unit in units}
    assert {"310000", "360100", "133100"} <= places
    assert not {"369900", "379903", "233100"} & places
    known = diseases_known(book(), ("360100",), TODAY)
    assert len(known) == 16
    rest = {entry.code for entry in diseases_not_known(known)}
    assert "M02300" in rest
    assert not {"M03900", "M00201"} & rest


@st.composite
def requests(draw: st.DrawFn) -> PlanRequest:
    scheme = draw(st.sampled_from(list(Scheme)))
    disease = draw(st.sampled_from(["", *(entry.code for entry in diseases())]))
    total = draw(st.integers(0, 5_000_000))
    return PlanRequest(
        home=draw(st.sampled_from(["360100", "360400", "369900", "410100", "411300", "440100", "460100"])),
        care=draw(st.sampled_from(["310000", "310106", "360100", "360400", "440300", "659900"])),
        scheme=scheme,
        standing=draw(st.sampled_from(STANDINGS_OF[scheme])),
        benefit=Benefit.CHRONIC_DISEASE if disease else Benefit.GENERAL_OUTPATIENT,
        disease=disease,
        level=draw(st.sampled_from(list(Level))),
        filed=draw(st.sampled_from(STATED)),
        on=draw(st.dates(date(2010, 1, 1), date(2030, 12, 31))),
        today=TODAY,
        bill=draw(st.none() | st.builds(Bill, st.just(total), st.none() | st.integers(0, total))),
        used=draw(st.builds(Used, st.none() | st.integers(0, 100_000), st.none() | st.integers(0, 900_000))),
    )


@given(requests())
def test_every_question_gets_a_plan(request_: PlanRequest):
    found = plan(request_)
    assert found.steps
    assert found.conditions
    assert all(item.sentences for item in found.steps)
    spoken = [found.verdict.zh, *(said.zh for item in found.steps for said in item.sentences)]
    assert not [text for text in spoken if "{" in text]
    assert len(set(found.citations)) == len(found.citations)
    if isinstance(found.estimate, Estimate):
        decision = found.estimate.decision
        assert decision.fund + decision.person == decision.split.total
        assert found.estimate.assessment.explanation.adds_up()
        for other in found.estimate.alternatives:
            assert (other.difference is None) == isinstance(other.outcome, Refusal)
