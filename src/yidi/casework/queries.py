"""Which cases a clerk may see and work on, in the order of their deadlines."""

from functools import lru_cache
from typing import TypeVar

from django.db.models import F, QuerySet

from yidi.casework.machines import Machine
from yidi.casework.models import Case, Vote
from yidi.casework.terms import Clock
from yidi.reference import regions
from yidi.values.transitions import State

AnyCase = TypeVar("AnyCase", bound=Case)


@lru_cache(maxsize=64)
def pools_of(region: str) -> tuple[str, ...]:
    """The pools whose cases the agency of a region may work on: its own, and those below it.

    >>> pools_of("360100"), "360700" in pools_of("360000"), "310000" in pools_of("360000")
    (('360100',), True, False)
    """
    pools = {city.code for _, cities in regions.cities() for city in cities} | {region}
    return tuple(sorted(pool for pool in pools if region in regions.layers_of(pool)))


def key_of(number: str, letter: str) -> int:
    """The row that a number such as Q0000000012 names; -1, which no row has, for anything else.

    >>> key_of("Q0000000012", "Q"), key_of("F0000000012", "Q"), key_of("Q12x", "Q")
    (12, -1, -1)
    """
    digits = number.removeprefix(letter)
    fits = len(digits) < len(number) <= 19 and digits.isascii() and digits.isdigit()
    return int(digits) if fits else -1


def within(cases: QuerySet[AnyCase], region: str) -> QuerySet[AnyCase]:
    """Those of the cases that belong to pools of a region."""
    return cases.filter(coverage__pool__in=pools_of(region))


def in_hand(cases: QuerySet[AnyCase], machine: Machine[State]) -> QuerySet[AnyCase]:
    """Those that wait for the agency, the nearest deadline first and those without one last."""
    running = [str(state) for state, clock in machine.clock.items() if clock is Clock.RUNNING]
    return cases.filter(state__in=running).order_by(F("due_on").asc(nulls_last=True), "submitted_on", "pk")


def waiting(cases: QuerySet[AnyCase], machine: Machine[State]) -> QuerySet[AnyCase]:
    """Those that wait for the applicant's evidence, the longest wait first."""
    return cases.filter(state=str(machine.asks)).order_by("paused_on", "pk")


def votes_on(number: str) -> QuerySet[Vote]:
    """Every vote on a case, in the order in which they were given."""
    return Vote.objects.filter(subject=number).order_by("pk")
