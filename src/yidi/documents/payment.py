"""A decision as a slip shows it: the bill's lines, who pays what, and the steps that led there.

Amounts are those of the decision, as texts; `weight` alone is a number, in fen, for the width of a bar.
"""

from typing import Any

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import UNVERIFIED, Explanation, Step, line_note, origin_text
from yidi.benefit.split import LineSplit, Split
from yidi.documents.amounts import capitals
from yidi.documents.wording import said
from yidi.policy.book import book
from yidi.reference import regions
from yidi.values.money import MICRO, QUANTUM, decimal_text, half_up, yuan_text
from yidi.values.terms import Fund

_TENTHS = 1_000
"""How many tenths of a percent are a whole."""


def lines_of(split: Split, language: str) -> list[dict[str, str]]:
    """The bill's lines in their four parts, in order; none where they are not known."""
    return [_line(row, language) for row in split.lines]


def _line(row: LineSplit, language: str) -> dict[str, str]:
    return {
        "name": row.line.name or row.line.code,
        "code": row.line.code,
        "class": row.entry.klass.label(language),
        "quantity": decimal_text(row.line.quantity, QUANTUM),
        "price": decimal_text(row.line.price_micro, MICRO, 2),
        "amount": yuan_text(row.line.amount),
        "excluded": yuan_text(row.excluded),
        "over_limit": yuan_text(row.over_limit),
        "upfront": yuan_text(row.upfront),
        "in_scope": yuan_text(row.in_scope),
        "note": line_note(row, language),
    }


def payment_of(explanation: Explanation, language: str) -> dict[str, Any]:
    """What the bill comes to: its four parts, the deductible, and who pays how much of it."""
    decision = explanation.decision
    split = decision.split
    rule = decision.rule
    return {
        "total": yuan_text(split.total),
        "capitals": capitals(split.total),
        "excluded": yuan_text(split.excluded),
        "over_limit": yuan_text(split.over_limit),
        "upfront": yuan_text(split.upfront),
        "in_scope": yuan_text(split.in_scope),
        "deductible": yuan_text(decision.deductible),
        "funds": yuan_text(decision.funds),
        "funds_capitals": capitals(decision.funds),
        "person": yuan_text(decision.person),
        "payers": _payers(decision, language),
        "unverified": said(UNVERIFIED, language).strip() if rule.unverified else "",
        "conflicts": [_conflict(name, language) for name in rule.contests],
    }


def _payers(decision: Decision, language: str) -> list[dict[str, Any]]:
    """All who pay a part, the funds first. The basic fund and cash are named even where they pay nothing."""
    funds = [(fund, decision.paid_by(fund)) for fund in Fund]
    named = [(fund.label(language), amount) for fund, amount in funds if amount or fund == Fund.BASIC]
    cash = said(("个人现金", "cash"), language), decision.cash
    return [
        {
            "name": name,
            "amount": yuan_text(amount),
            "percent": _percent(amount, decision.split.total),
            "weight": amount,
        }
        for name, amount in [*named, cash]
    ]


def _percent(amount: int, total: int) -> str:
    """The share of the bill to a tenth of a percent; empty where there is nothing to share."""
    return decimal_text(half_up(amount * _TENTHS, total), 10, 1) + "%" if total else ""


def _conflict(name: str, language: str) -> dict[str, str]:
    """What sources disagree on, as the book of today tells it; an old decision may name one that is no longer there."""
    found = book().conflicts.get(name)
    return {"name": name, "text": said((found.zh, found.en), language) if found else ""}


def steps_of(explanation: Explanation, language: str) -> list[dict[str, str]]:
    """The steps in order, each with what it took off or gave back, what was left, and the rule and source it comes from."""
    return [_step(number, step, language) for number, step in enumerate(explanation.steps, start=1)]


def _step(number: int, step: Step, language: str) -> dict[str, str]:
    return {
        "number": str(number),
        "text": step.text(language),
        "taken": f"+{yuan_text(step.given)}" if step.given else yuan_text(step.taken) if step.taken else "",
        "left": yuan_text(step.left),
        "source": origin_text(step.origin, regions.full_name, language),
    }
