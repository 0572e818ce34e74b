"""A provider's counter without a system of its own: what a cashier does, step by step, as hospitals' systems do by message.

The cashier works for one provider and sees nothing of any other. Of a person they see what they need to settle: whether
and how insured, which diseases approved, how the visit stands to the filing rules. Every look is noted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed
from yidi.accounts.models import User
from yidi.accounts.services import actor_of
from yidi.accounts.terms import MATRIX, Action
from yidi.audit.services import looked
from yidi.benefit.assess import Assessment
from yidi.benefit.counterfactual import Case
from yidi.benefit.explain import explain
from yidi.benefit.split import FeeLine
from yidi.catalogue.lines import split_of_row
from yidi.filing.queries import check_settles_directly, situation
from yidi.ledger.services import lock_person
from yidi.people import queries as people
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage, Person
from yidi.policy.book import book
from yidi.providers.models import Provider
from yidi.providers.queries import by_code
from yidi.qualification import queries as qualifications
from yidi.settlement import services
from yidi.settlement.errors import AmountsChanged, LineDiffers, UndoneSince
from yidi.settlement.models import Settlement, Visit, VisitLine
from yidi.settlement.queries import by_message, unsettled_at
from yidi.settlement.services import Bill, Registration
from yidi.settlement.states import SettlementKind
from yidi.values.errors import Refusal
from yidi.values.money import line_amount, yuan_text
from yidi.values.terms import Benefit, Situation

BATCH = "1"
"""At a counter all lines of a visit are one bill."""
MAIN_DIAGNOSIS = "1"
NOT_LISTED = "目录外"
"""The code of what stands in no catalogue: all of it is the person's to pay."""
WHY = "收费结算"
"""Why a cashier looks at a person's data."""


def provider_of(user: User) -> Provider:
    """The provider at whose counter a cashier works. Raises NotAllowed, UnknownProvider."""
    actor = actor_of(user)
    if not (user.provider_code and actor.roles & MATRIX[Action.SETTLE_AT_COUNTER]):
        raise NotAllowed(kind=actor.kind, actor=actor.name, action=Action.SETTLE_AT_COUNTER)
    return by_code(user.provider_code)


@dataclass(frozen=True, slots=True)
class Insured:
    """One way in which a person is insured, as far as a provider needs to know."""

    coverage: Coverage
    diseases: tuple[str, ...]
    """M-codes of the diseases approved on the day."""
    situation: Situation | None
    """How a visit stands to the filing rules; None where no rule on record says."""
    hindrance: Refusal | None
    """Why general outpatient care could not be settled here now."""


def find(identity: str, actor: Actor) -> Person:
    """The person with an identity number; that somebody looked is noted. Raises UnknownPerson."""
    person = people.by_identity(identity)
    looked(actor, person.number, "counter", WHY)
    return person


def ways_insured(person: Person, provider: Provider) -> list[Insured]:
    """How a person is insured today, as far as a provider needs to know. Raises NotInsured."""
    today = timezone.localdate()
    held = people.coverages_on(person, today)
    if not held:
        raise NotInsured(on=today)
    return [_insured(coverage, provider, today) for coverage in held]


def _insured(coverage: Coverage, provider: Provider, on: date) -> Insured:
    where: Situation | None = None
    hindrance: Refusal | None = None
    try:
        where = situation(coverage, provider.region, on, on)
        check_settles_directly(coverage, provider.region, where, on)
    except Refusal as refusal:
        hindrance = refusal
    return Insured(coverage, qualifications.diseases_held(coverage, on), where, hindrance)


@transaction.atomic
def register(provider: Provider, coverage: Coverage, registration: Registration, actor: Actor) -> Visit:
    """Register a visit; sent twice under one number for the same person it is registered once.

    Raises DuplicateVisit where the number is another person's visit.
    """
    lock_person(coverage)
    open_now = unsettled_at(provider).filter(provider_number=registration.provider_number, coverage=coverage)
    return open_now.first() or services.open_visit(provider, coverage, registration, actor)


@transaction.atomic
def add_line(
    visit: Visit,
    serial: str,
    code: str,
    name: str,
    quantity: int,
    price_micro: int,
    actor: Actor,
    *,
    approved: bool | None = None,
) -> VisitLine:
    """Write one line of the bill; sent twice under one serial it is written once.

    Raises LineDiffers where the serial is another line's, and what `services.add_lines` raises.
    """
    lock_person(visit.coverage)
    there = visit.lines.filter(serial=serial).first()
    if there is not None:
        if (there.code, there.quantity, there.price_micro) != (code, quantity, price_micro):
            raise LineDiffers(serial=serial, name=there.name)
        return there
    amount = line_amount(quantity, price_micro)
    line = FeeLine(serial, code, name, quantity, price_micro, amount, approved)
    (added,) = services.add_lines(visit, BATCH, [line], actor)
    return added


def next_serial(visit: Visit) -> str:
    """The serial of the next line."""
    serials = [int(serial) for serial in visit.lines.values_list("serial", flat=True) if serial.isdigit()]
    return str(max(serials, default=0) + 1)


def lines_of(visit: Visit) -> list[VisitLine]:
    """The lines of the bill, in the order in which they were written."""
    return list(visit.lines.filter(batch=BATCH).order_by("pk"))


def total_of(lines: Sequence[VisitLine]) -> int:
    """What the bill comes to, in fen."""
    return sum(line.amount for line in lines)


def presettled(visit: Visit) -> Assessment:
    """What settling would come to now, line by line and step by step. Raises what `services.presettle` raises."""
    lines = lines_of(visit)
    answer = services.presettle(visit, _bill(visit, total_of(lines)))
    split = replace(answer.decision.split, lines=tuple(split_of_row(line) for line in lines))
    decision = replace(answer.decision, split=split)
    case = Case(book(), answer.question, split, lambda rule, on: answer.used)
    return Assessment(case, decision, explain(decision))


@transaction.atomic
def settle(visit: Visit, token: str, total: int, funds: int, actor: Actor, invoice: str = "") -> Settlement:
    """Settle what was presettled, once for each token: sent again, it gives the same settlement.

    `total` and `funds` are what the cashier was shown and said. Raises AmountsChanged where the funds would pay
    something else by now, UndoneSince where the settlement was cancelled meanwhile, and what `services.settle` raises;
    then nothing is settled.
    """
    lock_person(visit.coverage)
    message = _message(visit, token)
    before = by_message(visit.provider, SettlementKind.SETTLE, message)
    if before is not None:
        if before.is_cancelled:
            raise UndoneSince(settlement=before.number, cancellation=before.cancellation.number)
        return before
    settlement = services.settle(visit, _bill(visit, total, invoice), message, actor)
    pays = sum(settlement.funds.values())
    if pays != funds:
        raise AmountsChanged(shown=yuan_text(funds), now=yuan_text(pays))
    return settlement


@transaction.atomic
def cancel(settlement: Settlement, token: str, actor: Actor) -> Settlement:
    """Take a settlement back; the cancellation. Sent again under its token it gives the same. Raises AlreadyCancelled."""
    lock_person(settlement.visit.coverage)
    message = _message(settlement.visit, token)
    before = by_message(settlement.provider, SettlementKind.CANCEL, message)
    return before or services.cancel(settlement, message, actor)


def _bill(visit: Visit, total: int, invoice: str = "") -> Bill:
    benefit = Benefit(visit.benefit) if visit.benefit else Benefit.GENERAL_OUTPATIENT
    return Bill(benefit, total, BATCH, invoice=invoice)


def _message(visit: Visit, token: str) -> str:
    """By which a request is known again: a token of one visit is not that of another."""
    return f"{visit.number}-{token}"
