"""Claims, brought to any state by the moves that lead there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from tests.accounts.factories import CLEARING, CLERK, PERSON, SUPERVISOR
from tests.people.factories import a_coverage
from tests.settlement.factories import DAY, GENERAL, PLAIN, World, a_catalogue, a_hospital, a_line
from yidi.accounts.actors import Actor, ActorKind
from yidi.benefit.split import FeeLine
from yidi.claims import drafting, services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.claims.terms import RejectReason
from yidi.consents.services import record_window_consent
from yidi.evidence import services as evidence
from yidi.people.models import Coverage
from yidi.values.terms import Benefit, Material

PAPERS = (
    Material.ID_CARD,
    Material.SOCIAL_CARD,
    Material.INVOICE,
    Material.FEE_LIST,
    Material.DIAGNOSIS_OR_RECORDS,
)
BANK, ACCOUNT = "示例银行", "6217000012345678"


def person_of(coverage: Coverage) -> Actor:
    """The insured person, acting for themself."""
    return Actor(ActorKind.PERSON, coverage.person.number)


def at_the_window(coverage: Coverage) -> Actor:
    """A window clerk, acting for a person who stands there with their identity card."""
    record_window_consent(coverage.person, "居民身份证", CLERK)
    return replace(CLERK, principal=coverage.person.number)


def an_unfiled_world() -> World:
    """A retired employee of Nanchang without a filing, and a hospital in Shanghai."""
    a_catalogue()
    return World(a_coverage(), a_hospital())


def a_draft(world: World | None = None) -> Claim:
    """A claim of which nothing is known but whose it is."""
    world = world or an_unfiled_world()
    return drafting.start(world.coverage, person_of(world.coverage))


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
    """A draft ready to be handed in: one line of 1000 yuan unless something else is said, and all papers."""
    bill = [a_line(PLAIN, "1000.00")] if lines is None else lines
    person = person_of(world.coverage)
    claim = drafting.start(
        world.coverage,
        person,
        provider=world.provider,
        benefit=benefit,
        disease=disease,
        on=on,
        emergency=emergency,
        invoice=invoice,
        total=sum(line.amount for line in bill) or None,
        account_bank=BANK,
        account_number=ACCOUNT,
    )
    drafting.replace_lines(claim, bill, person)
    show(claim, PAPERS)
    return claim


def show(claim: Claim, papers: Sequence[Material]) -> None:
    """As a window notes them; files are handed in by the tests that are about files."""
    for paper in papers:
        evidence.show(claim.number, claim.coverage.person, paper, "原件", CLERK)


def a_claim(state: State = State.DRAFT, world: World | None = None, invoice: str = "0001") -> Claim:
    claim = start(world or an_unfiled_world(), invoice)
    for move in WAYS[state]:
        move(claim)
    return claim


def approved_at_nothing(world: World | None = None) -> Claim:
    """An approved claim for what is in no catalogue: the funds pay nothing of it."""
    claim = start(world or an_unfiled_world(), "0000", [a_line(services.NOT_LISTED, "50.00")])
    for move in WAYS[State.APPROVED]:
        move(claim)
    return claim


def submit(claim: Claim) -> None:
    services.submit(claim, person_of(claim.coverage))


def assess(claim: Claim) -> None:
    services.assess(claim, CLERK)


def approve(claim: Claim) -> None:
    services.approve(claim, SUPERVISOR)


def pay(claim: Claim) -> None:
    services.pay(claim, CLEARING)


WAYS: dict[State, tuple[Callable[[Claim], object], ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (submit,),
    State.MORE_EVIDENCE: (submit, lambda claim: services.ask_for_more(claim, "请补费用清单", CLERK)),
    State.ASSESSED: (submit, assess),
    State.APPROVED: (submit, assess, approve),
    State.PAID: (submit, assess, approve, pay),
    State.REJECTED: (
        submit,
        lambda claim: services.reject(claim, RejectReason.BAD_INVOICE, CLERK, "票据不清"),
    ),
    State.WITHDRAWN: (lambda claim: services.withdraw(claim, PERSON),),
}
