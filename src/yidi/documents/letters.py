"""What decision letters say, as a table: of each kind of case, the sentences of each outcome."""

from dataclasses import dataclass
from typing import Any

from yidi.documents.errors import LetterIncomplete, LetterNotKnown
from yidi.documents.forms import ClaimCase, DecisionLetter, FilingCase, QualificationCase
from yidi.documents.terms import Outcome
from yidi.documents.wording import Said, day_text, period_text, said
from yidi.reference import regions
from yidi.values.money import yuan_text
from yidi.values.terms import CaseKind


@dataclass(frozen=True, slots=True)
class _Letter:
    """`result` is filled with the words of `_words`; `needed` are fields that the letter cannot do without."""

    result: Said
    needed: tuple[str, ...]
    next_steps: tuple[Said, ...] = ()


_NAMES: dict[str, Said] = {
    "starts": ("起始日期", "first day"),
    "reasons": ("理由", "reasons"),
    "asked_for": ("需要补充的材料", "the papers needed"),
    "explanation": ("核定结果及其解释", "the assessment and its explanation"),
    "paid_on": ("支付日期", "day of payment"),
}
_REJECTED = ("reasons",)
_ASKED = ("reasons", "asked_for")
_WAITING: Said = (
    "补充材料期间，办理期限暂停计算；收到材料后继续计算。请一次补齐，可以在网上提交，也可以到窗口提交。",
    "While we wait for the papers, the time for our decision stands still; it goes on once they are here. "
    "Hand them in together, online or at the window.",
)
_PAYING: Said = ("报销款将支付到您登记的账户{account}。", "It goes to the account that you named{account}.")
_NOTHING: Said = ("没有款项要付给您。", "No money is paid to you.")

_LETTERS: dict[tuple[CaseKind, Outcome], _Letter] = {
    (CaseKind.QUALIFICATION, Outcome.APPROVED): _Letter(
        (
            "您申请的门诊慢特病“{disease}”待遇资格，经审核符合规定，予以认定。您可以{period}享受这一病种的门诊待遇。",
            "Your application for the outpatient benefit for “{disease}” meets the rules and is approved. "
            "You may draw this benefit {period}.",
        ),
        ("starts",),
        (
            (
                "要到参保地以外看病的，请先办理异地就医备案。",
                "Before treatment outside your home region, file for care elsewhere.",
            ),
            (
                "请选择已开通门诊慢特病费用直接结算的定点医疗机构。",
                "Choose a designated provider that settles chronic-disease care directly.",
            ),
            (
                "就诊时请主动告诉医生和收费窗口您享受的病种待遇，并带医保电子凭证或社会保障卡。",
                "Tell the doctor and the cashier about this benefit, and bring your e-voucher or social security card.",
            ),
        ),
    ),
    (CaseKind.QUALIFICATION, Outcome.REJECTED): _Letter(
        (
            "您申请的门诊慢特病“{disease}”待遇资格，经审核不符合规定，不予认定。",
            "Your application for the outpatient benefit for “{disease}” does not meet the rules and is not approved.",
        ),
        _REJECTED,
    ),
    (CaseKind.QUALIFICATION, Outcome.MORE_EVIDENCE): _Letter(
        (
            "您申请的门诊慢特病“{disease}”待遇资格，需要补充材料后才能继续办理。",
            "We need more papers before we can go on with your application for “{disease}”.",
        ),
        _ASKED,
        (_WAITING,),
    ),
    (CaseKind.FILING, Outcome.APPROVED): _Letter(
        (
            "您办理的异地就医备案（{filing_kind}，就医地{care_region}），已经生效，{period}有效。",
            "Your filing for care elsewhere ({filing_kind}, care region {care_region}) is in force {period}.",
        ),
        ("starts",),
        (
            (
                "在备案地的联网定点医疗机构看病，可以凭医保电子凭证或社会保障卡直接结算，不用先垫付。",
                "At networked providers in that region you can settle directly with your e-voucher or social security "
                "card, without paying everything first.",
            ),
            (
                "不能直接结算的，请先付费并保留票据、费用清单和诊断证明，回参保地申请报销。",
                "Where that is not possible, pay, keep invoice, fee list and diagnosis, and claim the money back at home.",
            ),
            (
                "地点或时间有变化时，请及时办理变更或取消备案。",
                "If the place or the time changes, change or cancel the filing.",
            ),
        ),
    ),
    (CaseKind.FILING, Outcome.REJECTED): _Letter(
        (
            "您办理的异地就医备案（{filing_kind}，就医地{care_region}），经审核不符合规定，不予备案。",
            "Your filing for care elsewhere ({filing_kind}, care region {care_region}) does not meet the rules and is "
            "not accepted.",
        ),
        _REJECTED,
    ),
    (CaseKind.FILING, Outcome.MORE_EVIDENCE): _Letter(
        (
            "您办理的异地就医备案（{filing_kind}，就医地{care_region}），需要补充材料后才能继续办理。",
            "We need more papers before we can go on with your filing for care elsewhere ({filing_kind}, care region "
            "{care_region}).",
        ),
        _ASKED,
        (_WAITING,),
    ),
    (CaseKind.CLAIM, Outcome.APPROVED): _Letter(
        (
            "您申请报销的票据 {invoice}，医疗费总额 {total} 元，经核定报销 {funds} 元，其余 {person} 元由个人负担。"
            "{paying}",
            "Of your invoice {invoice} of {total} yuan, the fund pays {funds} yuan; the other {person} yuan are yours to "
            "pay. {paying}",
        ),
        ("explanation",),
    ),
    (CaseKind.CLAIM, Outcome.PAID): _Letter(
        (
            "您申请报销的票据 {invoice}，医疗费总额 {total} 元，报销款 {funds} 元已于{paid_on}支付{paid_to}，"
            "其余 {person} 元由个人负担。",
            "Of your invoice {invoice} of {total} yuan, {funds} yuan were paid on {paid_on}{paid_to}; the other {person} "
            "yuan are yours to pay.",
        ),
        ("explanation", "paid_on"),
    ),
    (CaseKind.CLAIM, Outcome.REJECTED): _Letter(
        (
            "您申请报销的票据 {invoice}，医疗费总额 {total} 元，经审核不符合规定，不予报销。",
            "Your claim for invoice {invoice} of {total} yuan does not meet the rules and is not paid.",
        ),
        _REJECTED,
    ),
    (CaseKind.CLAIM, Outcome.MORE_EVIDENCE): _Letter(
        (
            "您申请报销的票据 {invoice}，医疗费总额 {total} 元，需要补充材料后才能继续办理。",
            "We need more papers before we can go on with your claim for invoice {invoice} of {total} yuan.",
        ),
        _ASKED,
        (_WAITING,),
    ),
}


def letter_text(letter: DecisionLetter, language: str) -> dict[str, Any]:
    """What a letter says: its result, and what the person can do next. Raises LetterNotKnown, LetterIncomplete."""
    kind = letter.case.kind
    found = _LETTERS.get((kind, letter.outcome))
    if found is None:
        raise LetterNotKnown(case=kind, outcome=letter.outcome)
    missing = [_NAMES[name] for name in found.needed if not getattr(letter, name)]
    if missing:
        raise LetterIncomplete(
            case=kind,
            outcome=letter.outcome,
            missing="、".join(zh for zh, _ in missing),
            missing_en=", ".join(en for _, en in missing),
        )
    return {
        "result": said(found.result, language).format(**_words(letter, language)),
        "next_steps": [said(step, language) for step in found.next_steps],
    }


def _words(letter: DecisionLetter, language: str) -> dict[str, str]:
    """What the sentences of this case may name."""
    match letter.case:
        case QualificationCase() as case:
            return {"disease": case.disease, "period": _period(letter, language)}
        case FilingCase() as case:
            return {
                "filing_kind": case.filing_kind.label(language),
                "care_region": regions.full_name(case.care_region),
                "period": _period(letter, language),
            }
        case ClaimCase() as case:
            return {"invoice": case.invoice, "total": yuan_text(case.total), **_paid(letter, language)}


def _period(letter: DecisionLetter, language: str) -> str:
    return period_text(letter.starts, letter.ends, language) if letter.starts else ""


def _paid(letter: DecisionLetter, language: str) -> dict[str, str]:
    if letter.explanation is None:
        return {}
    decision = letter.explanation.decision
    to = said(("到{}", " to {}"), language).format(letter.paid_to) if letter.paid_to else ""
    account = said(("（{}）", " ({})"), language).format(letter.paid_to) if letter.paid_to else ""
    return {
        "total": yuan_text(decision.split.total),
        "funds": yuan_text(decision.funds),
        "person": yuan_text(decision.person),
        "paid_on": day_text(letter.paid_on, language),
        "paid_to": to,
        "paying": said(_PAYING if decision.funds else _NOTHING, language).format(account=account),
    }
