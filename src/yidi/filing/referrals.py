"""Filings that a hospital makes for the patient whom it refers elsewhere (转诊转院, fact N-204).

The hospital's message is the referral paper that the pools ask for, and the hospital has seen who the patient is. No
other kind of filing is an institution's to make.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.casework import services as casework
from yidi.casework.queries import key_of
from yidi.evidence import services as evidence
from yidi.filing import services
from yidi.filing.errors import ReceiverElsewhere, ReferralNotAgreed, UnknownReferral
from yidi.filing.models import Filing, Referral
from yidi.filing.queries import rule_of
from yidi.filing.states import IN_EFFECT, IN_HAND, MACHINE, State
from yidi.people.models import Coverage, Person
from yidi.providers.models import Provider
from yidi.providers.queries import find_by_code
from yidi.reference import regions
from yidi.values.terms import FilingKind, Material


@transaction.atomic
def refer(
    coverage: Coverage,
    care_region: str,
    starts: date,
    ends: date | None,
    referral: Referral,
    actor: Actor,
    *,
    agreed: bool = True,
    phone: str = "",
    address: str = "",
) -> Filing:
    """File a patient's referral for care in another city; it takes effect, or waits for review, as the pool says.

    `referral` is what the hospital says, not saved yet. Raises ReferralNotAgreed, ReceiverElsewhere and what
    `services.draft` and `services.submit` raise; then there is no filing.
    """
    if not agreed:
        raise ReferralNotAgreed()
    _check_receiver(referral, care_region)
    filing = services.begin(
        actor,
        "filing:refer",
        coverage=coverage,
        kind=str(FilingKind.REFERRAL),
        care_region=care_region,
        starts=starts,
        ends=ends,
        phone=phone,
        address=address,
    )
    referral.filing = filing
    referral.save()
    _vouch(filing, referral, actor)
    services.hand_in(filing, actor)
    filing.refresh_from_db()
    return filing


def _vouch(filing: Filing, referral: Referral, actor: Actor) -> None:
    """Note the papers that the hospital vouches for: it read the patient's document, and it wrote the referral."""
    hospital = referral.provider.name
    said = {
        Material.ID_CARD: f"由{hospital}核对",
        Material.REFERRAL_PROOF: f"由{hospital}出具（{referral.on}）：{referral.diagnosis_name}，"
        f"转往{referral.receiver_name}；{referral.reason}；{referral.opinion}",
    }
    wanted = {paper for group in rule_of(filing).materials for paper in group}
    for material, note in said.items():
        if material in wanted:
            evidence.show(filing.number, filing.coverage.person, material, note, actor)


def _check_receiver(referral: Referral, care_region: str) -> None:
    """Raises ReceiverElsewhere where the register knows the receiving provider, and in another place."""
    receiver = find_by_code(referral.receiver_code)
    if receiver and regions.pool_of(receiver.region) != regions.pool_of(care_region):
        raise ReceiverElsewhere(
            provider=receiver.name,
            actual=regions.full_name(regions.pool_of(receiver.region)),
            given=regions.full_name(regions.pool_of(care_region)),
        )


@transaction.atomic
def take_back(filing: Filing, actor: Actor, reason: str = "") -> None:
    """Take a referral back: withdrawn while it waits for a decision, else ended today.

    What was settled on it stays. Raises ChangeTooEarly where the pool sets a time, IllegalMove.
    """
    casework.hold(filing.coverage)
    filing.refresh_from_db()
    if filing.state in IN_HAND:
        casework.advance(filing, MACHINE, State.WITHDRAWN, actor, reason.strip())
    else:
        services.end(filing, timezone.localdate(), actor, reason)


def made_by(provider: Provider, number: str, person: Person) -> Filing:
    """The filing with a number that a hospital made for a person. Raises UnknownReferral, also where another made it."""
    made = Filing.objects.filter(pk=key_of(number, "F"), referral__provider=provider, coverage__person=person)
    found = made.select_related("coverage__person").first()
    if found is None:
        raise UnknownReferral(number=number)
    return found


def referred_between(since: datetime, until: datetime, **whose: Any) -> QuerySet[Referral]:
    """The referrals of some days that are or were in effect or wait for a decision, the first first.

    `whose` is `provider`, who made them, or `filing__coverage__person`.
    """
    days = timezone.localdate(since), timezone.localdate(until)
    states = [str(state) for state in (*IN_EFFECT, *IN_HAND)]
    found = Referral.objects.filter(on__gte=days[0], on__lte=days[1], filing__state__in=states, **whose)
    return found.select_related("filing__coverage__person", "provider").order_by("on", "pk")
