"""A person, a relative, and what they agree on."""

from django.http import HttpRequest
from django.test import RequestFactory

from tests.people.factories import a_coverage, a_person
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.terms import Role
from yidi.consents import services
from yidi.consents.models import Consent
from yidi.consents.terms import Lasting, Relation, State
from yidi.people.models import Person

CHILD = "测试子女"
WINDOW = Actor(ActorKind.CLERK, "南昌窗口壬", "360100", frozenset({Role.WINDOW}))


def as_self(person: Person, principal: str = "") -> Actor:
    return Actor(ActorKind.PERSON, person.number, principal=principal)


def a_parent() -> Person:
    return a_coverage(1).person


def a_child(name: str = CHILD) -> Person:
    return a_person(2, name)


def a_request(address: str = "127.0.0.1") -> HttpRequest:
    return RequestFactory().post("/consents/", REMOTE_ADDR=address)


def an_offer(person: Person, name: str = CHILD, lasting: Lasting = Lasting.YEAR) -> services.Offer:
    return services.offer(as_self(person), name, Relation.CHILD, lasting)


def a_consent(person: Person, helper: Person, state: State = State.ACCEPTED) -> Consent:
    """A consent brought to a state by its own services."""
    offer = an_offer(person, helper.name)
    if state in (State.ACCEPTED, State.REVOKED):
        services.accept(a_request(), as_self(helper), offer.code)
    if state is State.DECLINED:
        services.decline(a_request(), as_self(helper), offer.code)
    consent = Consent.objects.get(pk=offer.consent.pk)
    if state is State.REVOKED:
        services.revoke(consent, as_self(person))
    return consent
