"""The steps in which a claim is filled in, which of them are done, and where each is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from yidi.claims.models import Claim
from yidi.claims.queries import lines_of, missing_details, missing_papers, sum_of
from yidi.claims.terms import Detail
from yidi.policy.errors import MissingParameter
from yidi.values.terms import Term


class Step(Term):
    VISIT = "visit", "看病的情况", "the visit"
    PROVIDER = "provider", "在哪里看的", "where it was"
    INVOICE = "invoice", "票据和收款账户", "the invoice and the account"
    LINES = "lines", "费用明细", "lines of the bill"
    PAPERS = "papers", "材料", "papers"
    CHECK = "check", "核对提交", "check and hand in"


STEPS = tuple(Step)
WRITES: Mapping[Step, tuple[Detail, ...]] = {
    Step.VISIT: (Detail.DAY, Detail.BENEFIT, Detail.DISEASE),
    Step.PROVIDER: (Detail.PROVIDER,),
    Step.INVOICE: (Detail.INVOICE, Detail.TOTAL, Detail.ACCOUNT),
    Step.LINES: (Detail.LINES,),
}
"""What is stated in each step."""


def address_of(claim: Claim, step: Step) -> str:
    """Where a step of a claim is filled in."""
    name = "portal:claim" if step is Step.CHECK else f"portal:claim_{step}"
    return reverse(name, args=[claim.number])


def unfinished(claim: Claim) -> tuple[Step, ...]:
    """The steps in which something is still to be done before the claim can be handed in."""
    lacking = {*missing_details(claim)}
    steps = {step for step, details in WRITES.items() if lacking & {*details}}
    if sum_of(lines_of(claim)) != claim.total:
        steps.add(Step.LINES)
    try:
        papers = missing_papers(claim)
    except MissingParameter:
        papers = ()  # The page of the papers says that nobody knows which are wanted.
    if papers:
        steps.add(Step.PAPERS)
    return tuple(step for step in STEPS if step in steps)


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as the line of progress shows it."""

    step: Step
    address: str
    """Empty while there is no claim yet."""
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a claim is filled in, seen from one of its steps."""

    steps: tuple[Shown, ...]
    current: Step

    @property
    def number(self) -> int:
        """Which step it is, from 1."""
        return STEPS.index(self.current) + 1

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.steps)


def progress(claim: Claim | None, current: Step) -> Progress:
    """The line of progress on the page of a step; None = the claim is not begun yet."""
    left = unfinished(claim) if claim else STEPS
    shown = (
        Shown(
            step,
            address_of(claim, step) if claim else "",
            step not in left and step is not Step.CHECK,
            step is current,
        )
        for step in STEPS
    )
    return Progress(tuple(shown), current)


def after(claim: Claim, step: Step) -> str:
    """Where to go when a step is done."""
    return address_of(claim, STEPS[STEPS.index(step) + 1])
