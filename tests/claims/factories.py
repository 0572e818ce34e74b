"""Claims, brought to any state by the moves that lead there."""

from collections.abc import Sequence
from datetime import date

from tests.accounts.factories import CLERK, PERSON
from tests.people.factories import a_coverage
from tests.settlement.factories import DAY, GENERAL, PLAIN, World, a_catalogue, a_hospital, a_line
from yidi.benefit.split import FeeLine
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.values.terms import Benefit, Material

PAPERS = (
    Material.ID_CARD,
    Material.SOCIAL_CARD,
    Material.INVOICE,
    Material.FEE_LIST,
    Material.DIAGNOSIS_OR_RECORDS,
)


def an_unfiled_world() -> World:
    """A retired employee of Nanchang without a filing, and a hospital in Shanghai."""
    a_catalogue()
    return World(a_coverage(), a_hospital())


def start(
    world: World,
    invoice: str = "0001",
    lines: Sequence[FeeLine] | None = None,
    benefit: Benefit = GENERAL,
    disease: str = "",
    on: date = DAY,
    *,
    emergency: bool = False,
) -> Claim:
    """A claim of one line of 1000 yuan unless something else is said."""
    bill = [a_line(PLAIN, "1000.00")] if lines is None else lines
    return services.start(
        world.coverage, world.provider, benefit, on, invoice, bill, PERSON, disease, emergency
    )


def a_claim(state: State = State.DRAFT, world: World | None = None, invoice: str = "0001") -> Claim:
    claim = start(world or an_unfiled_world(), invoice)
    for move in _WAYS[state]:
        move(claim)
    return claim


def _submit(claim: Claim) -> None:
    services.submit(claim, PAPERS, PERSON)


def _assess(claim: Claim) -> None:
    services.assess(claim, CLERK)


def _approve(claim: Claim) -> None:
    services.approve(claim, CLERK)


_WAYS = {
    State.DRAFT: (),
    State.SUBMITTED: (_submit,),
    State.MORE_EVIDENCE: (_submit, lambda claim: services.ask_for_more(claim, "", CLERK)),
    State.ASSESSED: (_submit, _assess),
    State.APPROVED: (_submit, _assess, _approve),
    State.PAID: (_submit, _assess, _approve, lambda claim: services.pay(claim, CLERK)),
    State.REJECTED: (_submit, lambda claim: services.reject(claim, "", CLERK)),
    State.WITHDRAWN: (lambda claim: services.withdraw(claim, PERSON),),
}
