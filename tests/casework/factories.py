"""The clock of a case at any point of its way, and those who try to move it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.accounts.factories import FOREIGN_CLERK, HOSPITAL, PERSON, SUPERVISOR, WINDOW
from tests.people.factories import a_person
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.terms import Role
from yidi.casework.machines import Machine
from yidi.casework.terms import Clock
from yidi.consents.models import Consent
from yidi.consents.queries import window_may
from yidi.people.models import Coverage, Person
from yidi.values.terms import Term

HANDED_IN = date(2025, 6, 2)
"""A Monday."""
REVIEWER = Actor(ActorKind.CLERK, "南昌经办癸", "360100", frozenset({Role.REVIEWER}))
RELATIVE = Actor(ActorKind.PERSON, "36010000000000000009", principal=PERSON.name)
OTHER_PERSON = Actor(ActorKind.PERSON, "36010000000000000008")
OTHER_WINDOW = Actor(ActorKind.CLERK, "上海窗口戊", "310000", frozenset({Role.WINDOW}), principal=PERSON.name)
ACTORS: dict[str, Actor] = {
    "person": PERSON,
    "other": OTHER_PERSON,
    "relative": RELATIVE,
    "relative-consented": RELATIVE,
    "window": WINDOW,
    "window-consented": WINDOW,
    "reviewer": REVIEWER,
    "supervisor": SUPERVISOR,
    "other-region": FOREIGN_CLERK,
    "institution": HOSPITAL,
    "system": SYSTEM,
}
"""Everybody who might try, by the name that tables of tests give them."""


def clock(machine: Machine[Any], state: Term, day: date = HANDED_IN) -> dict[str, Any]:
    """The clock's columns of a case handed in on a day and now in a state."""
    if state == "draft":
        return {}
    does = machine.clock[state]
    asked = {"paused_on": day + timedelta(days=1), "asked": True} if does is Clock.PAUSED else {}
    decided = {"decided_on": day + timedelta(days=2)} if does is Clock.STOPPED else {}
    return {"submitted_on": day} | asked | decided


def consent_to_relative(person: Person) -> Consent:
    """The person lets the relative of `ACTORS` act from today on."""
    return Consent.objects.create(
        person=person,
        helper=a_person(9, "测试亲属"),
        way="online",
        relation="child",
        starts=timezone.localdate(),
        accepted_at=timezone.now(),
    )


def consent_at_window(person: Person, clerk: Actor = WINDOW) -> Consent:
    """The person lets a window's clerk act today."""
    return Consent.objects.create(
        person=person,
        clerk=clerk.name,
        way="window",
        shown="居民身份证原件",
        starts=timezone.localdate(),
        ends=timezone.localdate(),
        accepted_at=timezone.now(),
    )


def let(name: str, person: Person) -> Actor:
    """The actor of that name, with the consent that the name speaks of on record."""
    if name == "relative-consented":
        consent_to_relative(person)
    if name == "window-consented":
        consent_at_window(person)
    return ACTORS[name]


def at_the_window(coverage: Coverage) -> Actor:
    """A window clerk of the person's pool, acting today for the person who stands there with their papers."""
    clerk = replace(WINDOW, region=coverage.pool, principal=coverage.person.number)
    if not window_may(clerk.name, coverage.person, timezone.localdate()):
        consent_at_window(coverage.person, clerk)
    return clerk
