"""Every move of a filing: one function, one transaction, one audit event."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction

from yidi.accounts.actors import SYSTEM, Actor
from yidi.audit.services import record
from yidi.filing.errors import (
    AlreadyFiled,
    ChangeTooEarly,
    EndDateNeeded,
    EndsBeforeStart,
    MaterialsMissing,
    NotNeeded,
)
from yidi.filing.models import Filing
from yidi.filing.states import OPEN, TRANSITIONS, State
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import filing_kind, filing_rules
from yidi.policy.rules import KindOfFiling
from yidi.reference import regions
from yidi.values.terms import FilingKind, Material, Scheme


@transaction.atomic
def file(
    coverage: Coverage,
    kind: FilingKind,
    care_region: str,
    starts: date,
    materials: Collection[Material],
    actor: Actor,
    ends: date | None = None,
) -> Filing:
    """File for care in a city. Takes effect at once where the home pool says so, else waits for review.

    Raises NotNeeded (same province exempt, emergency deemed filed), MaterialsMissing, EndDateNeeded, EndsBeforeStart,
    AlreadyFiled.
    """
    care = regions.pool_of(care_region)
    _check_needed(coverage, care, starts)
    rule = filing_kind(book(), coverage.pool, Scheme(coverage.scheme), kind, starts)
    if rule.effect == "deemed":
        raise NotNeeded(why=f"{kind.zh}视同已备案", why_en=f"{kind.en} is deemed filed")
    _check_materials(rule, materials)
    if rule.needs_end_date and ends is None:
        raise EndDateNeeded(kind=kind.zh, kind_en=kind.en)
    if ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)
    held = coverage.filings.filter(care_region=care, state__in=OPEN).first()
    if held is not None:
        raise AlreadyFiled(region=regions.full_name(care), state=State(held.state).zh, number=held.number)
    filing = Filing.objects.create(
        coverage=coverage,
        kind=str(kind),
        care_region=care,
        starts=starts,
        ends=ends or (_months_later(starts, rule.months_valid) if rule.months_valid else None),
        state=str(State.SUBMITTED),
        materials=sorted(str(name) for name in materials),
    )
    record(actor, "filing:submit", filing.number)
    if rule.effect == "instant":
        _move(filing, State.ACTIVE, SYSTEM, "即时生效")
    return filing


def _check_needed(coverage: Coverage, care: str, on: date) -> None:
    rules = filing_rules(book(), coverage.pool, Scheme(coverage.scheme), on)
    if care == regions.pool_of(coverage.pool):
        raise NotNeeded(why="就医地就是参保地", why_en="the care region is the home region")
    if rules.exempt_within_province and regions.same_province(coverage.pool, care):
        raise NotNeeded(why="省内异地就医免备案", why_en="care inside the home province is exempt")


def _check_materials(rule: KindOfFiling, materials: Collection[Material]) -> None:
    shown = {str(name) for name in materials}
    missing = [group for group in rule.materials if not shown & set(group)]
    if missing:
        names = "；".join("或".join(Material(name).zh for name in group) for group in missing)
        raise MaterialsMissing(kind=rule.kind.zh, kind_en=rule.kind.en, missing=names)


@transaction.atomic
def approve(filing: Filing, clerk: Actor) -> None:
    """Put a filing under review into effect."""
    clerk.must_be_clerk_of(filing.coverage.pool, "批准备案")
    _move(filing, State.ACTIVE, clerk)


@transaction.atomic
def reject(filing: Filing, reason: str, clerk: Actor) -> None:
    """Refuse a filing under review, with a reason."""
    clerk.must_be_clerk_of(filing.coverage.pool, "驳回备案")
    filing.reason = reason
    _move(filing, State.REJECTED, clerk, reason)


@transaction.atomic
def withdraw(filing: Filing, actor: Actor) -> None:
    """Take a filing back while it waits for review: it never was in effect."""
    _move(filing, State.WITHDRAWN, actor)


@transaction.atomic
def cancel(filing: Filing, on: date, actor: Actor) -> None:
    """End a filing; its last day is `on`. Raises ChangeTooEarly where the pool sets a time."""
    kind = FilingKind(filing.kind)
    rule = filing_kind(book(), filing.coverage.pool, Scheme(filing.coverage.scheme), kind, filing.starts)
    if rule.change_after_months:
        free = _months_later(filing.starts, rule.change_after_months)
        if on <= free:
            raise ChangeTooEarly(
                number=filing.number, starts=filing.starts, months=rule.change_after_months, free=free
            )
    filing.ends = max(on, filing.starts)
    _move(filing, State.CANCELLED, actor)


@transaction.atomic
def expire(filing: Filing, actor: Actor = SYSTEM) -> None:
    """Mark a filing whose last day has passed."""
    _move(filing, State.EXPIRED, actor)


def _months_later(day: date, months: int) -> date:
    """The last day of a term of whole months that begins on `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    length = (following - first).days
    return first.replace(day=day.day) - timedelta(days=1) if day.day <= length else first.replace(day=length)


def _move(filing: Filing, wanted: State, actor: Actor, reason: str = "") -> None:
    now = Filing.objects.select_for_update(of=("self",)).get(pk=filing.pk).state
    TRANSITIONS.check(f"备案 {filing.number}", State(now), wanted)
    filing.state = str(wanted)
    filing.save()
    record(actor, f"filing:{wanted}", filing.number, reason)
