"""What always holds between cases and the votes on them."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from yidi.audit.findings import Finding
from yidi.casework.machines import Machine
from yidi.casework.models import Vote
from yidi.casework.terms import Verdict
from yidi.values.transitions import State


def astray(
    cases: QuerySet[Any], letter: str, machine: Machine[State], granted: Collection[State]
) -> Iterator[Finding]:
    """Cases whose votes do not lead to where the case is. `letter` begins the numbers of such cases."""
    votes = Vote.objects.filter(subject__startswith=letter).order_by("subject", "pk")
    for number, given in groupby(votes.iterator(), key=lambda vote: vote.subject):
        case = cases.filter(pk=int(number[1:])).first()
        if case is None:
            yield Finding(number, "有表决，而没有这个办件")
            continue
        for fault in _faults(case, list(given), machine, granted):
            yield Finding(number, fault)


def _faults(
    case: Any, votes: list[Vote], machine: Machine[State], granted: Collection[State]
) -> Iterator[str]:
    last = {vote.round: vote.verdict for vote in votes}
    if max(last) > case.appeals:
        yield "有尚未开始的一轮的表决"
    if any(verdict != Verdict.REJECT for turn, verdict in last.items() if turn < case.appeals):
        yield "被申诉的一轮没有以不同意结束"
    if len({vote.clerk for vote in votes}) < len(votes):
        yield "同一经办人在申诉前后都表决过"
    outcome = {Verdict.REJECT: [machine.rejected], Verdict.APPROVE: granted}
    decided = case.state == machine.rejected or case.state in granted
    if decided and case.appeals in last and case.state not in outcome[Verdict(last[case.appeals])]:
        yield "决定与最后一票不一致"
