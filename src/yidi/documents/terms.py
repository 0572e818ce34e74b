"""Which documents there are."""

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
