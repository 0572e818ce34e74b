"""What messages say, in both languages, and how days, sums and codes are written in them.

Privacy: the person's own page, behind the sign-in, shows the whole text. Everything that leaves the house, by text
message or by e-mail, is the short text: it names neither the person nor a disease, a place, a sum or a reason, and
holds no more than the case's number and a day. Identity numbers stand in no message at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from yidi.notices.terms import Language, Template
from yidi.reference import diseases, regions
from yidi.values.money import yuan_text
from yidi.values.terms import FilingKind


@dataclass(frozen=True, slots=True)
class Said:
    """A message in one language, ready to be shown."""

    title: str
    text: str
    short: str
    """For text messages and e-mail."""


@dataclass(frozen=True, slots=True)
class Words:
    """A template's text and short text in one language, with placeholders."""

    text: str
    short: str


def _day(value: str, language: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B %Y}"


def _last_day(value: str | None, language: str) -> str:
    if value is None:
        return "长期" if language == "zh" else "further notice"
    return _day(value, language)


FORMS: Mapping[str, Callable[[Any, str], str]] = {
    "number": lambda value, language: str(value),
    "reason": lambda value, language: str(value),
    "starts": _day,
    "ends": _last_day,
    "days": lambda value, language: str(value),
    "amount": lambda value, language: yuan_text(value),
    "care": lambda value, language: regions.full_name(value),
    "disease": lambda value, language: diseases.disease(value).name,
    "kind": lambda value, language: FilingKind(value).label(language),
}
"""Placeholder → how its value is written in a language. There are no others."""
OUTSIDE = frozenset({"number", "ends"})
"""The placeholders that a short text may have: it leaves the house."""

_APPEAL_ZH = (
    "如果不同意，可以在办件页面写明理由提出申诉，由另一位经办人重新决定；也可以拨打参保地 12393 咨询。"
)
_APPEAL_EN = "If you disagree, you may appeal on the case's page and say why; another clerk decides then. You may also call 12393 in your home region."
_SEE_ZH = "请登录查看。"
_SEE_EN = "Sign in to see it."


def _short(zh: str, en: str) -> tuple[str, str]:
    return f"医保办件{{number}}：{zh}{_SEE_ZH}", f"Medical insurance case {{number}}: {en} {_SEE_EN}"


_RECEIVED = _short("已收到您的申请。", "we have your application.")
_APPEALED = _short("已收到您的申诉。", "we have your appeal.")
_ANSWER = _short("需要您补充材料。", "more papers are needed.")
_GRANTED = _short("已通过。", "it is approved.")
_REFUSED = _short("未通过，理由和申诉办法见页面。", "it was refused; the page says why and how to appeal.")
_TAKEN_BACK = _short("已撤回。", "it is withdrawn.")
_ENDS_SOON = _short("将于{ends}到期。", "it ends on {ends}.")
_ENDED = _short("已到期。", "it has ended.")
_DIFFERENT = _short("有变化。", "something has changed.")

_TABLE: Mapping[Template, tuple[str, str, tuple[str, str]]] = {
    Template.QUALIFICATION_SUBMITTED: (
        "您申请的“{disease}”门诊慢特病待遇资格（{number}）已经收到，正在等待审核。",
        "Your application {number} for the chronic-disease benefit “{disease}” has arrived and waits for review.",
        _RECEIVED,
    ),
    Template.QUALIFICATION_APPEAL: (
        "您对待遇资格申请（{number}）的申诉已经收到，由另一位经办人重新办理。",
        "Your appeal about your application {number} has arrived; another clerk decides anew.",
        _APPEALED,
    ),
    Template.QUALIFICATION_MORE: (
        "您的待遇资格申请（{number}）需要补充材料：{reason}。补齐并再次提交以前，审核时间暂停计算。",
        "Your application {number} needs more papers: {reason}. The time for the review stands still until you hand them in.",
        _ANSWER,
    ),
    Template.QUALIFICATION_APPROVED: (
        "您的“{disease}”门诊慢特病待遇资格（{number}）已经认定，有效期自{starts}至{ends}。看病时请出示医保凭证，按门诊慢特病结算。",
        "Your chronic-disease benefit “{disease}” ({number}) is approved from {starts} until {ends}. "
        "Show your insurance voucher when you are treated, and ask for the chronic-disease benefit.",
        _GRANTED,
    ),
    Template.QUALIFICATION_REJECTED: (
        "您的待遇资格申请（{number}）没有通过，理由：{reason}。" + _APPEAL_ZH,
        "Your application {number} was refused, because: {reason}. " + _APPEAL_EN,
        _REFUSED,
    ),
    Template.QUALIFICATION_WITHDRAWN: (
        "您的待遇资格申请（{number}）已经撤回。需要时可以重新申请。",
        "Your application {number} is withdrawn. You may apply anew at any time.",
        _TAKEN_BACK,
    ),
    Template.QUALIFICATION_EXPIRING: (
        "您的“{disease}”门诊慢特病待遇资格（{number}）还有{days}天到期，最后一天是{ends}。需要继续享受的，现在就可以重新申请，批准后从到期的第二天接着享受。",
        "Your chronic-disease benefit “{disease}” ({number}) ends in {days} days; its last day is {ends}. "
        "To keep it, apply anew now: once approved, the new one follows on the day after.",
        _ENDS_SOON,
    ),
    Template.QUALIFICATION_EXPIRED: (
        "您的“{disease}”门诊慢特病待遇资格（{number}）已于{ends}到期。需要继续享受的，请重新申请。",
        "Your chronic-disease benefit “{disease}” ({number}) ended on {ends}. To have it again, apply anew.",
        _ENDED,
    ),
    Template.QUALIFICATION_SHORTENED: (
        "您的“{disease}”门诊慢特病待遇资格（{number}）的最后一天提前到了{ends}，在这一天以前（含当天）照常享受。"
        "缘由写在办件页面；有疑问可以拨打参保地 12393 咨询。",
        "Your chronic-disease benefit “{disease}” ({number}) now ends sooner: its last day is {ends}, and until then it "
        "holds as before. The case's page says why; for questions call 12393 in your home region.",
        _ENDS_SOON,
    ),
    Template.FILING_SUBMITTED: (
        "您去{care}的{kind}备案（{number}）已经收到，正在等待审核。",
        "Your filing {number} as {kind} for {care} has arrived and waits for review.",
        _RECEIVED,
    ),
    Template.FILING_APPEAL: (
        "您对备案（{number}）的申诉已经收到，由另一位经办人重新办理。",
        "Your appeal about your filing {number} has arrived; another clerk decides anew.",
        _APPEALED,
    ),
    Template.FILING_MORE: (
        "您的备案（{number}）需要补充材料：{reason}。补齐并再次提交以前，审核时间暂停计算。",
        "Your filing {number} needs more papers: {reason}. The time for the review stands still until you hand them in.",
        _ANSWER,
    ),
    Template.FILING_ACTIVE: (
        "您去{care}的{kind}备案（{number}）已经生效，有效期自{starts}至{ends}。在备案地看病可以直接结算，请带好医保凭证。",
        "Your filing {number} as {kind} for {care} is in effect from {starts} until {ends}. "
        "You can settle directly there; take your insurance voucher with you.",
        _GRANTED,
    ),
    Template.FILING_REJECTED: (
        "您的备案（{number}）没有通过，理由：{reason}。" + _APPEAL_ZH,
        "Your filing {number} was refused, because: {reason}. " + _APPEAL_EN,
        _REFUSED,
    ),
    Template.FILING_WITHDRAWN: (
        "您的备案申请（{number}）已经撤回，没有生效。需要时可以重新备案。",
        "Your filing {number} is withdrawn and was never in effect. You may file anew at any time.",
        _TAKEN_BACK,
    ),
    Template.FILING_CANCELLED: (
        "您去{care}的备案（{number}）已经取消，最后一天是{ends}。以后再去看病，请先重新备案。",
        "Your filing {number} for {care} is cancelled; its last day is {ends}. Before you are treated there again, file anew.",
        _DIFFERENT,
    ),
    Template.FILING_CHANGED: (
        "您的备案已经变更：现在是{care}的{kind}备案（{number}），有效期自{starts}至{ends}。",
        "Your filing is changed: it is now {number} as {kind} for {care}, from {starts} until {ends}.",
        _DIFFERENT,
    ),
    Template.FILING_RENEWED: (
        "您去{care}的备案（{number}）已经续期，有效期自{starts}至{ends}。",
        "Your filing {number} for {care} is renewed, from {starts} until {ends}.",
        _DIFFERENT,
    ),
    Template.FILING_EXPIRING: (
        "您去{care}的备案（{number}）还有{days}天到期，最后一天是{ends}。还要在那里看病的，请提前续期。",
        "Your filing {number} for {care} ends in {days} days; its last day is {ends}. To go on being treated there, renew it in time.",
        _ENDS_SOON,
    ),
    Template.FILING_EXPIRED: (
        "您去{care}的备案（{number}）已于{ends}到期。再去看病，请先重新备案。",
        "Your filing {number} for {care} ended on {ends}. Before you are treated there again, file anew.",
        _ENDED,
    ),
    Template.CLAIM_SUBMITTED: (
        "您的报销申请（{number}）已经收到，正在等待核定。票据原件请保管好。",
        "Your claim {number} has arrived and waits to be assessed. Keep the original invoices.",
        _RECEIVED,
    ),
    Template.CLAIM_APPEAL: (
        "您对报销申请（{number}）的申诉已经收到，由另一位经办人重新办理。",
        "Your appeal about your claim {number} has arrived; another clerk decides anew.",
        _APPEALED,
    ),
    Template.CLAIM_MORE: (
        "您的报销申请（{number}）需要补充材料：{reason}。补齐并再次提交以前，办理时间暂停计算。",
        "Your claim {number} needs more papers: {reason}. The time for the decision stands still until you hand them in.",
        _ANSWER,
    ),
    Template.CLAIM_ASSESSED: (
        "您的报销申请（{number}）已经核定，基金支付 {amount} 元，正在等待批准。每一步怎样算的，见办件页面。",
        "Your claim {number} is assessed: the fund pays {amount} yuan. It waits for approval. The case's page shows every step.",
        _short("已核定。", "it is assessed."),
    ),
    Template.CLAIM_APPROVED: (
        "您的报销申请（{number}）已经批准，将支付 {amount} 元。",
        "Your claim {number} is approved; {amount} yuan will be paid.",
        _GRANTED,
    ),
    Template.CLAIM_NOTHING: (
        "您的报销申请（{number}）已经审结：按规则算下来基金支付 0 元，没有款项付给您。为什么，见办件页面；不同意的可以申诉。",
        "Your claim {number} is decided: by the rules the fund pays 0 yuan, so no money comes to you. The case's page says "
        "why; you may appeal.",
        _short("已审结。", "it is decided."),
    ),
    Template.CLAIM_PAID: (
        "您的报销申请（{number}）已经支付 {amount} 元。到账时间以银行为准。",
        "Your claim {number} is paid: {amount} yuan. Your bank decides when it arrives.",
        _short("已支付。", "it is paid."),
    ),
    Template.CLAIM_REJECTED: (
        "您的报销申请（{number}）没有通过，理由：{reason}。" + _APPEAL_ZH,
        "Your claim {number} was refused, because: {reason}. " + _APPEAL_EN,
        _REFUSED,
    ),
    Template.CLAIM_WITHDRAWN: (
        "您的报销申请（{number}）已经撤回。需要时可以重新申请。",
        "Your claim {number} is withdrawn. You may claim anew at any time.",
        _TAKEN_BACK,
    ),
    Template.CONSENT_ACCEPTED: (
        "您请的代办人已经接受授权（{number}），现在可以替您办理医保业务。不需要时可以随时取消。",
        "Your helper has accepted ({number}) and may now act for you. You may take the consent back at any time.",
        _short("代办人已接受授权。", "your helper has accepted."),
    ),
    Template.CONSENT_REVOKED: (
        "代办授权（{number}）已经取消，从现在起不能再凭它代办。已经办好的业务不受影响。",
        "The consent {number} was taken back: nobody may act by it from now on. What was done before stands.",
        _short("代办授权已取消。", "a consent was taken back."),
    ),
    Template.DRAFT_WAITING: (
        "您有一份草稿（{number}）已经保存{days}天，还没有提交。要办的请填完提交，不办的可以撤回。",
        "Your draft {number} was saved {days} days ago and is not handed in yet. Finish it, or withdraw it.",
        _short("草稿还没有提交。", "your draft is not handed in yet."),
    ),
    Template.ANSWER_WAITING: (
        "您的办件（{number}）还在等您补充材料：{reason}。补齐并再次提交以后，才会继续办理。",
        "Your case {number} still waits for papers from you: {reason}. It goes on once you have handed them in.",
        _ANSWER,
    ),
}
WORDS: Mapping[Template, Mapping[str, Words]] = {
    template: {"zh": Words(zh, short[0]), "en": Words(en, short[1])}
    for template, (zh, en, short) in _TABLE.items()
}
"""Template → language → its words."""


def placeholders(words: Words) -> frozenset[str]:
    """The names that the words want filled."""
    found = Formatter().parse(words.text + words.short)
    return frozenset(name for _, name, _, _ in found if name)


def wanted(template: Template) -> frozenset[str]:
    """The details that a template needs, besides the case's number."""
    return placeholders(WORDS[template][Language.ZH]) - {"number"}


def said(template: Template, number: str, details: Mapping[str, Any], language: str = "zh") -> Said:
    """The message in `zh` or `en`; any other language is answered in Chinese."""
    language = "en" if language == "en" else "zh"
    words = WORDS[template][language]
    values = {"number": number, **details}
    filled = {name: FORMS[name](values[name], language) for name in placeholders(words)}
    title = template.label(language)
    return Said(title, words.text.format_map(filled), words.short.format_map(filled))


_CODE = {
    "zh": (
        "验证码",
        "医保办事验证码 {code}，{minutes} 分钟内有效。不是您本人操作的，请不要理会，也不要告诉别人。",
    ),
    "en": (
        "Your code",
        "Medical insurance: your code is {code}, valid for {minutes} minutes. If you did not ask for it, ignore it; "
        "tell it to nobody.",
    ),
}


def code_said(code: str, minutes: int, language: str) -> tuple[str, str]:
    """Title and text of the message that carries a code, in `zh` or `en`."""
    title, text = _CODE["en" if language == "en" else "zh"]
    return title, text.format(code=code, minutes=minutes)
