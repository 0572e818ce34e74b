"""The words of this room."""

from yidi.values.terms import Situation, Term


class Verdict(Term):
    """Whether the bill can be settled at the counter."""

    DIRECT = "direct", "可以直接结算", "Direct settlement is possible"
    FILE_FIRST = "file-first", "先办备案，再直接结算", "File first, then settle directly"
    CLAIM = "claim", "需先垫付，再回参保地报销", "Pay first, then claim at home"
    ASK_FIRST = "ask-first", "先向参保地核实，再决定怎么办", "Ask the home agency first"


class Standpoint(Term):
    """How a condition of direct settlement stands."""

    MET = "met", "符合", "met"
    UNMET = "unmet", "不符合", "not met"
    TO_CHECK = "to-check", "请您自己确认", "please check"
    NOTE = "note", "说明", "note"


class StepState(Term):
    """Whether a step is still to be taken."""

    TO_DO = "to-do", "要办", "to do"
    DONE = "done", "已办好", "done"
    NOT_NEEDED = "not-needed", "不用办", "not needed"
    FALLBACK = "fallback", "没能直接结算时才办", "only if direct settlement fails"


STATED = (
    Situation.UNFILED,
    Situation.RESETTLED_RETIREE,
    Situation.LONG_TERM_RESIDENT,
    Situation.POSTED_WORKER,
    Situation.REFERRAL,
    Situation.OTHER_TEMPORARY,
    Situation.EMERGENCY,
)
"""What a person may say about their filing. Care at home and exemption are found out, never stated."""

FILED = tuple(item for item in STATED if item not in (Situation.UNFILED, Situation.EMERGENCY))
"""Situations that a filing of one's own brings about."""
