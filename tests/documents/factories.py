"""Documents of every kind, of invented people."""

from datetime import date
from typing import Any

from tests.benefit.factories import a_ceiling, a_layer, a_line, a_rule, an_account, an_entry
from yidi.benefit.adjudicate import Balances, adjudicate
from yidi.benefit.explain import Explanation, explain
from yidi.benefit.split import split_bill, split_line
from yidi.documents.forms import (
    ClaimCase,
    ClaimForm,
    DecisionLetter,
    FilingCase,
    FilingForm,
    Insured,
    Paper,
    QualificationCase,
    QualificationForm,
    Slip,
    papers,
)
from yidi.documents.terms import Outcome, PaidHow
from yidi.values.terms import (
    AccountPart,
    Benefit,
    CatalogueClass,
    FilingKind,
    Fund,
    Level,
    Material,
    Scheme,
    Standing,
)

IDENTITY = "360102195503070029"
MASKED = "360102**********29"
FIVE_PAPERS = (
    (Material.E_VOUCHER, Material.ID_CARD),
    (Material.SOCIAL_CARD,),
    (Material.INVOICE,),
    (Material.FEE_LIST,),
    (Material.DIAGNOSIS_OR_RECORDS,),
)
"""What seed 004 asks for with a claim."""


def an_insured(**changes: Any) -> Insured:
    values: dict[str, Any] = {
        "name": "熊桂兰",
        "identity": IDENTITY,
        "pool": "360100",
        "scheme": Scheme.EMPLOYEE,
        "standing": Standing.RETIRED,
        "phone": "13900000000",
    }
    return Insured(**{**values, **changes})


def _printed(number: str, changes: dict[str, Any]) -> dict[str, Any]:
    values = {
        "number": number,
        "insured": an_insured(),
        "on": date(2026, 3, 5),
        "agency": "南昌市医疗保障经办机构",
        "agency_phone": "0791-12393",
        "case_url": f"https://yidi.example/my/{number}/",
    }
    return {**values, **changes}


QUALIFICATION = QualificationCase(
    disease="高血压（Ⅲ期）", disease_code="M03900", hospital="上海市第六人民医院"
)
FILING = FilingCase(filing_kind=FilingKind.LONG_TERM_RESIDENT, care_region="310000", starts=date(2026, 3, 5))
CLAIM = ClaimCase(
    invoice="31010626000123456789",
    provider="上海市第六人民医院",
    care_region="310000",
    served_on=date(2026, 2, 20),
    total=123_456,
    benefit=Benefit.CHRONIC_DISEASE,
    disease="高血压（Ⅲ期）",
)


def a_qualification_form(**changes: Any) -> QualificationForm:
    evidence = (
        Paper(name="有效身份证件或医保电子凭证或社会保障卡", shown=True, note="社会保障卡"),
        Paper(name="病历资料或检查资料", shown=True, note="上海市第六人民医院 2026-01-12 门诊病历"),
        Paper(name="诊断书", shown=False),
    )
    values = {"case": QUALIFICATION, "record_number": "0031456", "evidence": evidence}
    return QualificationForm(**{**_printed("Q0000000012", changes), **values, **changes})


def a_filing_form(**changes: Any) -> FilingForm:
    values: dict[str, Any] = {
        "case": FILING,
        "materials": papers([[Material.ID_CARD, Material.E_VOUCHER]], {str(Material.E_VOUCHER)}),
        "care_address": "上海市徐汇区漕溪北路",
        "contact": "熊小明",
        "contact_phone": "13900000001",
    }
    return FilingForm(**{**_printed("F0000000034", changes), **values, **changes})


def a_claim_form(**changes: Any) -> ClaimForm:
    shown = {str(Material.ID_CARD), str(Material.SOCIAL_CARD), str(Material.INVOICE), str(Material.FEE_LIST)}
    values: dict[str, Any] = {"case": CLAIM, "materials": papers(FIVE_PAPERS, shown)}
    return ClaimForm(**{**_printed("C0000000056", changes), **values, **changes})


def a_letter(
    case: Any = QUALIFICATION, outcome: Outcome = Outcome.APPROVED, **changes: Any
) -> DecisionLetter:
    values: dict[str, Any] = {
        "case": case,
        "outcome": outcome,
        "applied_on": date(2026, 2, 24),
        "starts": date(2026, 3, 5),
        "ends": date(2028, 3, 4),
        "reasons": ("病历没有写明诊断依据。", "检查报告早于规定的期限。"),
        "asked_for": ("诊断书", "近期检查报告"),
        "answer_by": date(2026, 3, 26),
        "explanation": an_explanation(),
        "paid_on": date(2026, 3, 4),
        "paid_to": "社会保障卡账户（尾号 0029）",
    }
    wanted = {
        Outcome.APPROVED: {"starts", "ends", "explanation"},
        Outcome.PAID: {"explanation", "paid_on", "paid_to"},
        Outcome.REJECTED: {"reasons"},
        Outcome.MORE_EVIDENCE: {"reasons", "asked_for", "answer_by"},
    }[outcome]
    if case is not CLAIM:
        wanted = wanted - {"explanation"}
    kept = {"case", "outcome", "applied_on", *wanted}
    values = {name: value for name, value in values.items() if name in kept}
    number = {QUALIFICATION: "Q0000000012", FILING: "F0000000034", CLAIM: "C0000000056"}.get(case, "X1")
    return DecisionLetter(**{**_printed(number, changes), **values, **changes})


def an_explanation(**changes: Any) -> Explanation:
    """A bill of four lines paid by a basic fund, a large-sum fund, an account and cash."""
    lines = (
        (a_line(30_000, 41_260_000, name="苯磺酸氨氯地平片"), an_entry(CatalogueClass.A)),
        (
            a_line(20_000, 188_500_000, name="沙库巴曲缬沙坦钠片", serial="2"),
            an_entry(CatalogueClass.B, 100_000, price_limit_micro=180_000_000),
        ),
        (
            a_line(10_000, 733_780_000, name="心脏彩色多普勒超声", serial="3"),
            an_entry(CatalogueClass.B, 50_000),
        ),
        (a_line(10_000, 60_000_000, name="营养餐", serial="4"), an_entry(CatalogueClass.C, 1_000_000)),
    )
    rule = a_rule(
        **{
            "benefit": Benefit.CHRONIC_DISEASE,
            "standing": Standing.RETIRED,
            "deductible": 10_000,
            "share_ppm": 850_000,
            "ceilings": (a_ceiling(60_000),),
            "layers": (a_layer(Fund.LARGE_SUM, "beyond-ceiling"),),
            "own_account": an_account(AccountPart.IN_SCOPE, AccountPart.UPFRONT),
            "contests": ("E-01",),
            **changes,
        }
    )
    split = split_bill(split_line(line, entry) for line, entry in lines)
    return explain(adjudicate(split, rule, {}, date(2026, 2, 20), Balances(own=15_000)))


def a_slip(**changes: Any) -> Slip:
    values: dict[str, Any] = {
        "explanation": an_explanation(),
        "how": PaidHow.DIRECT,
        "provider": "上海市第六人民医院",
        "level": Level.TERTIARY,
        "care_region": "310000",
        "disease": "高血压（Ⅲ期）",
        "filing": "F0000000034",
    }
    return Slip(**{**_printed("S0000000078", changes), **values, **changes})
