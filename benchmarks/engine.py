"""One adjudicated case in plain Python, with its explanation and without."""

import time
from collections.abc import Callable
from datetime import date

from yidi.benefit import adjudicate, explain, whole_split
from yidi.policy.book import book
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing

CALLS = 5_000
ROUNDS = 5


def measure() -> dict[str, float]:
    """Microseconds per call, best of the rounds."""
    question = Question(
        "360100",
        Scheme.EMPLOYEE,
        Standing.RETIRED,
        Benefit.GENERAL_OUTPATIENT,
        Level.TERTIARY,
        Situation.UNFILED,
        date(2026, 6, 1),
    )
    rule = benefit_rule(book(), question)
    split = whole_split(149_200, 5_000, 1_000, 2_000)
    decision = adjudicate(split, rule, {}, question.on)
    return {
        "adjudicate": _best(lambda: adjudicate(split, rule, {}, question.on)),
        "adjudicate + explain": _best(lambda: explain(adjudicate(split, rule, {}, question.on))),
        "explain": _best(lambda: explain(decision)),
        "find the rule": _best(lambda: benefit_rule(book(), question), CALLS // 10),
    }


def _best(call: Callable[[], object], calls: int = CALLS) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, time.perf_counter() - started)
    return best / calls * 1e6
