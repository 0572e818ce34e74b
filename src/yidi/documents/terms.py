"""Which documents there are, and how a letter can come out."""

from yidi.values.terms import Term


class Document(Term):
    QUALIFICATION_FORM = (
        "qualification-form",
        "门诊慢特病病种待遇认定申请表",
        "application for a chronic-disease qualification",
    )
    FILING_FORM = "filing-form", "异地就医备案表", "filing form"
    CLAIM_FORM = "claim-form", "手工报销申请表", "claim form"
    DECISION = "decision", "办理结果告知书", "decision letter"
    SLIP = "slip", "医疗费用结算单", "settlement slip"


class Outcome(Term):
    """What a decision letter tells."""

    APPROVED = "approved", "予以批准", "approved"
    REJECTED = "rejected", "不予批准", "not approved"
    MORE_EVIDENCE = "more-evidence", "需要补充材料", "more papers needed"
    PAID = "paid", "已经支付", "paid"


class PaidHow(Term):
    """How the bill of a slip was paid."""

    DIRECT = "direct", "直接结算", "settled at the counter"
    CLAIM = "claim", "手工（零星）报销", "paid back on a claim"
