"""Giving, accepting and taking back consents; and the one check of who may apply for a person.

A person types the relative's name and gets a code of eight digits, which they tell the relative. The relative signs in
on their own telephone and types it. Neither needs the other's identity number, and a stranger who talks somebody into
reading out a code gets nowhere unless they carry the very name that was typed.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from yidi.accounts import lockout
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.accounts.real_name import same_name
from yidi.accounts.services import forget_person
from yidi.accounts.terms import Action
from yidi.audit.moves import locked
from yidi.audit.services import record
from yidi.consents.errors import (
    CodeUnknown,
    DocumentNotShown,
    NameMissing,
    NotYourConsent,
    OneselfNot,
    OnlyInPerson,
    TooManyOffers,
    WindowConsentMissing,
)
from yidi.consents.models import Consent
from yidi.consents.queries import in_force, offers_of, relative_may, window_may
from yidi.consents.states import TRANSITIONS
from yidi.consents.terms import Lasting, Relation, State, Way
from yidi.notices.services import tell
from yidi.notices.terms import Template
from yidi.people.encryption import blind_index
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage, Person
from yidi.people.queries import by_number, coverages_on

CODE_DIGITS = 8
CODE_LASTS = timedelta(hours=24)
"""Long enough to ring one's children in the evening."""
MOST_OFFERS = 5
LASTS = {Lasting.MONTH: timedelta(days=30), Lasting.YEAR: timedelta(days=365)}


@dataclass(frozen=True, slots=True)
class Offer:
    """A consent that waits for the relative, with the code to tell them: it is nowhere else to be read."""

    consent: Consent
    code: str


@transaction.atomic
def offer(actor: Actor, name: str, relation: Relation, lasting: Lasting) -> Offer:
    """Let a relative of that name act for the actor, once they have typed the code.

    Raises OnlyInPerson, NameMissing, TooManyOffers.
    """
    person = _oneself(actor)
    if not name.strip():
        raise NameMissing()
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if offers_of(person).count() >= MOST_OFFERS:
        raise TooManyOffers(most=MOST_OFFERS)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    today, now = timezone.localdate(), timezone.now()
    Consent.objects.filter(code_until__lte=now).exclude(code_index="").update(code_index="")
    consent = Consent.objects.create(
        person=person,
        offered_to=name.strip(),
        code_index=blind_index(f"consent:{code}"),
        code_until=now + CODE_LASTS,
        way=str(Way.ONLINE),
        relation=str(relation),
        starts=today,
        ends=today + LASTS[lasting] if lasting in LASTS else None,
    )
    record(actor, "consents:offered", consent.number, relation.zh)
    return Offer(consent, code)


def offered(request: HttpRequest, actor: Actor, code: str) -> Consent:
    """The consent that a code speaks of, for the relative who was told it; wrong ones are counted and lock for a while.

    Raises OnlyInPerson, OneselfNot, CodeUnknown, LockedOut.
    """
    helper = _oneself(actor)
    counted = f"consent:{actor.name}"
    lockout.must_be_open(request, counted)
    digits = "".join(code.split())
    consent = offers_of().filter(code_index=blind_index(f"consent:{digits}")).select_related("person").first()
    if consent is not None and consent.person_id == helper.pk:
        raise OneselfNot()
    if consent is None or not same_name(consent.offered_to or "", helper.name):
        lockout.failed(request, counted)
        raise CodeUnknown()
    return consent


def accept(request: HttpRequest, actor: Actor, code: str) -> Consent:
    """Become the helper of whoever gave the code; an earlier consent between the two is replaced. Raises what `offered` raises."""
    # Outside the transaction: a wrong code must stay counted.
    consent = offered(request, actor, code)
    _answer(consent, State.ACCEPTED, actor)
    lockout.succeeded(request, f"consent:{actor.name}")
    return consent


def decline(request: HttpRequest, actor: Actor, code: str) -> Consent:
    """Refuse to be the helper of whoever gave the code. Raises what `offered` raises."""
    consent = offered(request, actor, code)
    _answer(consent, State.DECLINED, actor)
    return consent


@transaction.atomic
def _answer(consent: Consent, answer: State, actor: Actor) -> None:
    # Two offers accepted at once would both find no earlier consent: the second waits here for the first.
    Person.objects.select_for_update(no_key=True).get(pk=consent.person_id)
    helper, now, acting = by_number(actor.name), timezone.now(), _for(actor, consent.person)
    if answer is State.ACCEPTED:
        for earlier in Consent.objects.filter(
            person=consent.person, helper=helper, accepted_at__isnull=False
        ):
            if earlier.state is State.ACCEPTED:
                _move(earlier, State.REVOKED, acting, revoked_at=now)
    column = {State.ACCEPTED: "accepted_at", State.DECLINED: "declined_at"}[answer]
    _move(consent, answer, acting, helper=helper, code_index="", **{column: now})
    if answer is State.ACCEPTED:
        tell(consent.person, Template.CONSENT_ACCEPTED, consent.number)


@transaction.atomic
def revoke(consent: Consent, actor: Actor) -> None:
    """Take a consent back, or an offer: the person, the helper, or a window where the person stands. The other is told.

    What was done under it stays done. Raises NotYourConsent, IllegalMove.
    """
    own = actor.kind is ActorKind.PERSON and not actor.principal
    of_person = own and actor.name == consent.person.number
    of_helper = own and consent.helper is not None and actor.name == consent.helper.number
    at_window = (
        actor.kind is ActorKind.CLERK
        and actor.principal == consent.person.number
        and window_may(actor.name, consent.person, timezone.localdate())
    )
    if not (of_person or of_helper or at_window):
        raise NotYourConsent()
    acting = _for(actor, consent.person) if of_helper else actor
    _move(consent, State.REVOKED, acting, revoked_at=timezone.now(), code_index="")
    other = consent.person if of_helper else consent.helper
    if other is not None:
        tell(other, Template.CONSENT_REVOKED, consent.number)


@transaction.atomic
def record_window_consent(person: Person, shown: str, clerk: Actor) -> Consent:
    """Note that a person stands at the clerk's window today, showed a document, and lets the clerk act for them.

    One that the clerk has noted today already is given back. Raises DocumentNotShown, NotInsured, NotAllowed,
    OutsideRegion.
    """
    today = timezone.localdate()
    if not shown.strip():
        raise DocumentNotShown()
    held = coverages_on(person, today)
    if not held:
        raise NotInsured(on=today)
    if not any(clerk.may_do(Action.ACT_FOR_WALK_IN, coverage.pool) for coverage in held):
        clerk.must_do(Action.ACT_FOR_WALK_IN, held[0].pool)
    noted = in_force(today).filter(person=person, clerk=clerk.name, way=str(Way.WINDOW)).first()
    if noted is not None:
        return noted
    consent = Consent.objects.create(
        person=person,
        clerk=clerk.name,
        way=str(Way.WINDOW),
        shown=shown.strip(),
        starts=today,
        ends=today,
        accepted_at=timezone.now(),
    )
    record(_for(clerk, person), "consents:window", consent.number, consent.shown)
    return consent


@transaction.atomic
def release_sign_in(person: Person, clerk: Actor) -> None:
    """Forget the sign-in of a person who stands at the window and forgot name or password: they register anew.

    Their sessions end. Raises WindowConsentMissing, NoSignIn, NotInsured, NotAllowed, OutsideRegion.
    """
    held = coverages_on(person, timezone.localdate())
    if not held:
        raise NotInsured(on=timezone.localdate())
    if clerk.kind is not ActorKind.CLERK:
        raise WindowConsentMissing()
    reached = [coverage for coverage in held if clerk.may_do(Action.ACT_FOR_WALK_IN, coverage.pool)]
    must_apply_for(clerk, (reached or held)[0])
    forget_person(person.number, clerk)


def must_apply_for(actor: Actor, coverage: Coverage) -> None:
    """Lets pass whoever may apply for an insured person: the person, a relative with their consent, the window.

    The one who acts for somebody else names them as `Actor.principal`. Raises OfAnother, WindowConsentMissing,
    NotAllowed, OutsideRegion.
    """
    person, today = coverage.person, timezone.localdate()
    if actor.kind is ActorKind.PERSON:
        own = actor.name == person.number and not actor.principal
        helps = actor.principal == person.number and relative_may(actor.name, person, today)
        if not (own or helps):
            raise OfAnother(actor=actor.name)
        return
    actor.must_do(Action.ACT_FOR_WALK_IN, coverage.pool)
    if actor.principal != person.number or not window_may(actor.name, person, today):
        raise WindowConsentMissing()


def may_read_for(actor: Actor, coverage: Coverage) -> bool:
    """Whether somebody may see a person's own pages: whoever may apply for them."""
    try:
        must_apply_for(actor, coverage)
    except (OfAnother, NotAllowed, OutsideRegion, WindowConsentMissing):
        return False
    return True


def must_help(actor: Actor, number: str, on: date) -> Person:
    """The person with that number, where the actor is their helper with a consent in force. Raises OfAnother, UnknownPerson."""
    person = by_number(number)
    if actor.kind is not ActorKind.PERSON or not relative_may(actor.name, person, on):
        raise OfAnother(actor=actor.name)
    return person


def _oneself(actor: Actor) -> Person:
    if actor.kind is not ActorKind.PERSON or actor.principal:
        raise OnlyInPerson()
    return by_number(actor.name)


def _for(actor: Actor, person: Person) -> Actor:
    """The actor with the person whose matter it is, for the trail."""
    return Actor(actor.kind, actor.name, actor.region, actor.roles, person.number)


def _move(consent: Consent, wanted: State, actor: Actor, **changes: object) -> None:
    """Write the changes that make the wanted state, against the row as it is now. Raises IllegalMove."""
    TRANSITIONS.check(consent.number, locked(consent).state, wanted)
    for name, value in changes.items():
        setattr(consent, name, value)
    consent.save(update_fields=list(changes))
    record(actor, f"consents:{wanted}", consent.number)
