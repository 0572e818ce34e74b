"""Every move of a filing: one function, one transaction, one audit event."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import move
from yidi.audit.services import record
from yidi.consents.services import must_apply_for
from yidi.filing.errors import (
    AlreadyFiled,
    ChangeTooEarly,
    EndDateNeeded,
    EndsBeforeStart,
    MaterialsMissing,
    Needless,
    NotLapsed,
    NotNeeded,
)
from yidi.filing.models import Filing
from yidi.filing.states import OPEN, TRANSITIONS, State
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import filing_kind, filing_rules
from yidi.reference import regions
from yidi.values import materials
from yidi.values.periods import last_day_of_term
from yidi.values.terms import FilingKind, Material, Scheme


@transaction.atomic
def file(
    coverage: Coverage,
    kind: FilingKind,
    care_region: str,
    starts: date,
    shown: Collection[Material],
    actor: Actor,
    ends: date | None = None,
    filed_on: date | None = None,
) -> Filing:
    """File for care in a city. Takes effect at once where the home pool says so, else waits for review.

    `filed_on` is the day of filing where that is not today, as for filings taken over from another system.

    Raises NotNeeded (same province exempt, emergency deemed filed), MaterialsMissing, EndDateNeeded, EndsBeforeStart,
    AlreadyFiled.
    """
    care = regions.pool_of(care_region)
    _check_needed(coverage, kind, care, starts)
    rule = filing_kind(book(), coverage.pool, Scheme(coverage.scheme), kind, starts)
    if rule.effect == "deemed":
        raise NotNeeded(kind=kind, why=Needless.DEEMED)
    _check_materials(rule, shown)
    if rule.needs_end_date and ends is None:
        raise EndDateNeeded(kind=kind)
    if ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)
    today = timezone.localdate()
    for lapsed in coverage.filings.filter(care_region=care, state=str(State.ACTIVE), ends__lt=today):
        expire(lapsed)
    held = coverage.filings.filter(care_region=care, state__in=OPEN).first()
    if held is not None:
        raise AlreadyFiled(region=regions.full_name(care), state=State(held.state), number=held.number)
    filing = Filing.objects.create(
        coverage=coverage,
        kind=str(kind),
        care_region=care,
        starts=starts,
        filed_on=filed_on or today,
        ends=ends or (last_day_of_term(starts, rule.months_valid) if rule.months_valid else None),
        state=str(State.SUBMITTED),
        materials=sorted(str(name) for name in shown),
    )
    record(actor, "filing:submit", filing.number)
    if rule.effect == "instant":
        _move(filing, State.ACTIVE, SYSTEM, "即时生效")
    return filing


def _check_needed(coverage: Coverage, kind: FilingKind, care: str, on: date) -> None:
    rules = filing_rules(book(), coverage.pool, Scheme(coverage.scheme), on)
    if care == regions.pool_of(coverage.pool):
        raise NotNeeded(kind=kind, why=Needless.HOME)
    if rules.exempt_within_province and regions.same_province(coverage.pool, care):
        raise NotNeeded(kind=kind, why=Needless.SAME_PROVINCE)


def _check_materials(rule: KindOfFiling, shown: Collection[Material]) -> None:
    missing = materials.missing(rule.materials, shown)
    if missing:
        raise MaterialsMissing(
            kind=rule.kind, missing=materials.named(missing), missing_en=materials.named(missing, "en")
        )


@transaction.atomic
def approve(filing: Filing, clerk: Actor) -> None:
    """Put a filing under review into effect."""
    clerk.must_do(Action.DECIDE_FILING, filing.coverage.pool)
    _move(filing, State.ACTIVE, clerk)


@transaction.atomic
def reject(filing: Filing, reason: str, clerk: Actor) -> None:
    """Refuse a filing under review, with a reason."""
    clerk.must_do(Action.DECIDE_FILING, filing.coverage.pool)
    _move(filing, State.REJECTED, clerk, reason, also={"reason": reason})


@transaction.atomic
def withdraw(filing: Filing, actor: Actor) -> None:
    """Take a filing back while it waits for review: it never was in effect."""
    _move(filing, State.WITHDRAWN, actor)


@transaction.atomic
def cancel(filing: Filing, on: date, actor: Actor) -> None:
    """End a filing; its last day is `on`.

    The person or a clerk may. Raises OfAnother and the clerk's faults, ChangeTooEarly where the pool sets a time.
    """
    coverage = filing.coverage
    if not actor.may_do(Action.END_FILING, coverage.pool):
        must_apply_for(actor, coverage)
    kind = FilingKind(filing.kind)
    rule = filing_kind(book(), coverage.pool, Scheme(coverage.scheme), kind, filing.starts)
    if rule.change_after_months:
        free = last_day_of_term(filing.starts, rule.change_after_months)
        if on <= free:
            raise ChangeTooEarly(
                number=filing.number, starts=filing.starts, months=rule.change_after_months, free=free
            )
    last_day = max(on, filing.starts)
    _move(filing, State.CANCELLED, actor, also={"ends": min(last_day, filing.ends or last_day)})


@transaction.atomic
def expire(filing: Filing, actor: Actor = SYSTEM) -> None:
    """Mark a filing whose last day has passed. Raises NotLapsed, and the clerk's faults where a clerk does it."""
    actor.must_be_system_or(Action.END_FILING, filing.coverage.pool)
    if filing.ends is None or filing.ends >= timezone.localdate():
        raise NotLapsed(number=filing.number, ends=filing.ends or "—")
    _move(filing, State.EXPIRED, actor)


def _move(
    case: Filing, wanted: State, actor: Actor, reason: str = "", also: dict[str, Any] | None = None
) -> None:
    move(case, TRANSITIONS, wanted, actor, f"filing:{wanted}", reason, also)
