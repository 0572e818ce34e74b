"""Every move of a filing: one function, one transaction, one audit event for each filing that moves."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import locked
from yidi.audit.services import record
from yidi.casework import services as casework
from yidi.casework.clocks import Term
from yidi.casework.terms import Verdict
from yidi.consents.queries import helper_of
from yidi.consents.services import must_apply_for
from yidi.evidence import services as evidence
from yidi.evidence.checks import Readable
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of
from yidi.evidence.remaking import Remade, remake
from yidi.filing.errors import (
    AlreadyFiled,
    ChangeTooEarly,
    ClosedToChanges,
    EndDateNeeded,
    EndsBeforeStart,
    FiledInFuture,
    LastDayNeeded,
    MaterialsMissing,
    Needless,
    NothingToChange,
    NothingToPromise,
    NothingToRenew,
    NotLapsed,
    NotNeeded,
    Overlaps,
    StartsTooEarly,
)
from yidi.filing.models import Filing
from yidi.filing.papers import COMMITTED, FORM_NAME, form_material, made_form
from yidi.filing.queries import asked_of, lapsed, of_same_insurance, promised, rule_of, wanted
from yidi.filing.states import IN_EFFECT, IN_HAND, MACHINE, OF_APPLICANT, RejectReason, State
from yidi.people.models import Coverage
from yidi.people.queries import need_during
from yidi.policy.book import book
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import decision_term, filing_kind, filing_rules, situation_of
from yidi.reference import regions
from yidi.values import materials
from yidi.values.periods import last_day_of_term, overlap
from yidi.values.phones import parse_phone
from yidi.values.terms import CaseKind, FilingKind, Material, Scheme, Situation

ONE_DAY = timedelta(days=1)
SHOWN = "办理时出示"
"""The note on papers that were shown while a filing was made in one step."""


@transaction.atomic
def draft(
    coverage: Coverage,
    kind: FilingKind,
    care_region: str,
    starts: date,
    actor: Actor,
    ends: date | None = None,
    phone: str = "",
    address: str = "",
    note: str = "",
) -> Filing:
    """Begin a filing for care in a city; nothing is in effect yet.

    Raises NotNeeded (at home, exempt, deemed filed), UnknownRegion, EndsBeforeStart, AlreadyFiled, BadValue for the
    phone, and what `must_apply_for` raises.
    """
    must_apply_for(actor, coverage)
    return begin(
        actor,
        "filing:draft",
        coverage=coverage,
        kind=str(kind),
        care_region=care_region,
        starts=starts,
        ends=ends,
        phone=phone,
        address=address,
        note=note,
    )


def begin(actor: Actor, action: str, **columns: Any) -> Filing:
    """A new filing with those columns, checked; whether the actor may is for the caller to say. Raises what `draft` raises."""
    filing = Filing(**columns)
    _check_draft(filing)
    filing.save()
    record(actor, action, filing.number)
    return filing


def _check_draft(filing: Filing) -> None:
    """Bring what was filled in into its normal form, and refuse what can never become a filing."""
    filing.care_region = regions.pool_of(filing.care_region)
    filing.phone = parse_phone(filing.phone) if filing.phone else ""
    _check_needed(filing, filing.starts)
    _check_dates(filing)
    if filing.replaces is not None:
        _check_place_in_line(filing, filing.replaces)
    _check_room(filing)


def _check_place_in_line(filing: Filing, old: Filing) -> None:
    """Raises StartsTooEarly; ChangeTooEarly where it would cut the one before it short while the pool lets nobody do that."""
    if filing.starts <= old.starts:
        raise StartsTooEarly(number=old.number, starts=old.starts)
    if old.state == State.ACTIVE and filing.starts <= (old.ends or filing.starts):
        _check_time_of_change(old, filing.starts)


def _check_dates(filing: Filing) -> None:
    if filing.ends is not None and filing.ends < filing.starts:
        raise EndsBeforeStart(starts=filing.starts, ends=filing.ends)


def _check_needed(filing: Filing, on: date) -> KindOfFiling:
    """What the rules of a day say of its kind.

    Raises NotNeeded where there is nothing to file: at home, between exempt regions, for a kind deemed filed.
    """
    coverage, kind, care = filing.coverage, FilingKind(filing.kind), filing.care_region
    scheme = Scheme(coverage.scheme)
    rules = filing_rules(book(), coverage.pool, scheme, on)
    where = situation_of(coverage.pool, care, rules, Situation.UNFILED)
    if where is Situation.LOCAL:
        raise NotNeeded(kind=kind, why=Needless.HOME)
    if where is Situation.EXEMPT:
        inside = rules.exempt_within_province and regions.same_province(coverage.pool, care)
        raise NotNeeded(kind=kind, why=Needless.SAME_PROVINCE if inside else Needless.EXEMPT_REGIONS)
    rule = filing_kind(book(), coverage.pool, scheme, kind, on)
    if rule.effect == "deemed":
        raise NotNeeded(kind=kind, why=Needless.DEEMED)
    return rule


def _check_room(filing: Filing) -> None:
    """Raises AlreadyFiled where another filing for the place is in effect, or on its way."""
    casework.hold(filing.coverage)
    others = filing.coverage.filings.filter(care_region=filing.care_region).exclude(pk=filing.pk)
    casework.end_each(lapsed(timezone.localdate()) & others, expire)
    in_effect = Q(state=str(State.ACTIVE)) & ~Q(pk=filing.replaces_id)
    held = others.filter(Q(state__in=IN_HAND) | in_effect).first()
    if held is not None:
        region = regions.full_name(filing.care_region)
        raise AlreadyFiled(region=region, state=State(held.state), number=held.number)


@transaction.atomic
def save(filing: Filing, actor: Actor, **changes: Any) -> None:
    """Write down what the applicant filled in: `kind`, `care_region`, `starts`, `ends`, `phone`, `address`, `note`.

    What is left out stays as it is. Raises ClosedToChanges and what `draft` raises.
    """
    _open_to(filing, actor)
    if unknown := changes.keys() - {"kind", "care_region", "starts", "ends", "phone", "address", "note"}:
        raise TypeError(f"not filled in by applicants: {', '.join(sorted(unknown))}")
    wanted = locked(filing)
    for name, value in changes.items():
        setattr(wanted, name, str(value) if name == "kind" else value)
    _check_draft(wanted)
    wanted.save(update_fields=list(changes))
    for name in changes:
        setattr(filing, name, getattr(wanted, name))
    record(actor, "filing:save", filing.number)


def _open_to(filing: Filing, actor: Actor, material: Material | None = None) -> None:
    """Lets pass whoever may apply, while the next step is theirs, or with a paper that was promised.

    Raises ClosedToChanges and what `must_apply_for` raises.
    """
    must_apply_for(actor, filing.coverage)
    casework.hold(filing.coverage)
    row = locked(filing)
    state = State(row.state)
    owed = state is State.ACTIVE and any(material in group for group in promised(row))
    if state not in OF_APPLICANT and not owed:
        raise ClosedToChanges(number=filing.number, state=state)


def add_paper(
    filing: Filing, material: Material, upload: Remade | Readable | BinaryIO, name: str, actor: Actor
) -> Paper:
    """Keep a file as a paper of the filing; one promised in a commitment letter is taken afterwards too.

    A file that is not made anew yet is made anew here, outside of the transaction. Raises ClosedToChanges, FileRefused
    and what `must_apply_for` raises.
    """
    must_apply_for(actor, filing.coverage)
    remade = upload if isinstance(upload, Remade) else remake(upload, name)
    with transaction.atomic():
        _open_to(filing, actor, material)
        return evidence.hand_in(filing.number, filing.coverage.person, material, remade, name, actor)


@transaction.atomic
def show(filing: Filing, material: Material, description: str, actor: Actor) -> Paper:
    """Note a paper that a window clerk was shown; the same paper shown again replaces the note.

    Raises ClosedToChanges, and NotAllowed for anybody else: what a person has they hand in.
    """
    actor.must_do(Action.ACT_FOR_WALK_IN, filing.coverage.pool)
    _open_to(filing, actor, material)
    return evidence.show(filing.number, filing.coverage.person, material, description, actor)


@transaction.atomic
def remove(filing: Filing, paper: Paper, actor: Actor) -> None:
    """Take a paper out of the filing. Raises ClosedToChanges, NotOfThisCase, AlreadyRemoved."""
    _open_to(filing, actor)
    evidence.must_belong(paper, filing.number)
    evidence.remove(paper, actor)


@transaction.atomic
def file(
    coverage: Coverage,
    kind: FilingKind,
    care_region: str,
    starts: date,
    shown: Collection[Material],
    actor: Actor,
    ends: date | None = None,
) -> Filing:
    """Begin a filing and hand it in, in one step, at a window where the papers are shown.

    Raises what `draft` and `submit` raise; then there is no filing.
    """
    filing = draft(coverage, kind, care_region, starts, actor, ends)
    for material in sorted(set(shown)):
        show(filing, material, SHOWN, actor)
    submit(filing, actor)
    return filing


@transaction.atomic
def submit(filing: Filing, actor: Actor) -> None:
    """Hand a filing in, or the papers that were asked for.

    It takes effect at once where the home pool says so; what a clerk asked more about, a clerk decides.

    Raises MaterialsMissing, EndDateNeeded, what `draft` raises, IllegalMove, and AppealInstead after a rejection.
    """
    must_apply_for(actor, filing.coverage)
    hand_in(filing, actor)


def hand_in(filing: Filing, actor: Actor) -> None:
    """What `submit` does, for an actor of whom the caller knows that they may."""
    casework.hold(filing.coverage)
    is_new = locked(filing).state == State.DRAFT
    also = _complete(filing)
    _keep_form(filing, actor)
    casework.hand_in(filing, MACHINE, actor, also, _term(filing))
    if is_new and rule_of(locked(filing)).effect == "instant":
        _activate(filing, SYSTEM, "即时生效")


def _keep_form(filing: Filing, actor: Actor) -> None:
    """Make the form of what was filled in, where the pool asks for one and nobody brought it on paper."""
    material = form_material(filing)
    brought = [paper for paper in papers_of(filing.number) if paper.material == material]
    if material is None or any(paper.name != FORM_NAME for paper in brought):
        return
    made = made_form(locked(filing), helper_of(filing.coverage.person, actor))
    evidence.keep_made(filing.number, filing.coverage.person, material, made, actor)


@transaction.atomic
def commit(filing: Filing, actor: Actor) -> Paper:
    """Agree to the commitment letter: the proofs that it stands for come later (fact N-208).

    Raises NothingToPromise where the pool takes no commitment for this kind, ClosedToChanges.
    """
    _open_to(filing, actor)
    if not materials.met_by_commitment(wanted(filing)):
        raise NothingToPromise(kind=FilingKind(filing.kind))
    return evidence.show(filing.number, filing.coverage.person, Material.COMMITMENT, COMMITTED, actor)


@transaction.atomic
def appeal(filing: Filing, grounds: str, actor: Actor) -> None:
    """Have a rejection looked at again by another clerk.

    Raises NothingToAppeal, ReasonNeeded, and what `submit` raises.
    """
    must_apply_for(actor, filing.coverage)
    casework.hold(filing.coverage)
    _complete(filing)
    casework.appeal(filing, MACHINE, grounds, actor, _term(filing))


def _complete(filing: Filing) -> dict[str, Any]:
    """What handing in writes down: the day of filing and the last day by the rules. Refuses what is incomplete."""
    row = locked(filing)
    _check_draft(row)
    rule, kind = rule_of(row), FilingKind(row.kind)
    missing = asked_of(row)
    if missing:
        raise MaterialsMissing(
            kind=kind, missing=materials.named(missing), missing_en=materials.named(missing, "en")
        )
    if rule.needs_end_date and row.ends is None:
        raise EndDateNeeded(kind=kind)
    by_rule = last_day_of_term(row.starts, rule.months_valid) if rule.months_valid else None
    return {"filed_on": row.filed_on or timezone.localdate(), "ends": row.ends or by_rule}


def _term(filing: Filing) -> Term | None:
    """The time for a decision on a filing that is handed in today."""
    coverage = filing.coverage
    today = timezone.localdate()
    found = decision_term(book(), coverage.pool, Scheme(coverage.scheme), CaseKind.FILING, today)
    return Term(found.days, found.reading) if found else None


def _activate(filing: Filing, actor: Actor, reason: str = "") -> None:
    """Put a filing into effect; the one that it replaces, if that is still in effect, ends the day before."""
    old = filing.replaces
    if old is not None and locked(old).state == State.ACTIVE:
        eve = locked(filing).starts - ONE_DAY
        also = {"ends": min(eve, old.ends or eve)}
        casework.advance(old, MACHINE, State.REPLACED, actor, filing.number, also)
    also = {"reason": "", "rejected_for": ""}
    casework.decide(filing, MACHINE, State.ACTIVE, actor, Verdict.APPROVE, reason, also)


@transaction.atomic
def take_on(filing: Filing, clerk: Actor) -> None:
    """A clerk takes the filing to work on. Raises what `casework.take_on` raises."""
    casework.take_on(filing, MACHINE, clerk)


@transaction.atomic
def assign(filing: Filing, clerk: str, actor: Actor) -> None:
    """Give the filing to a colleague by sign-in name; empty puts it back. Raises what `casework.assign` raises."""
    casework.assign(filing, MACHINE, clerk, actor)


@transaction.atomic
def ask_for_more(filing: Filing, reason: str, clerk: Actor) -> None:
    """Ask for more papers, once per round, saying which. The clock stands still until they come.

    Raises ReasonNeeded, AskedAlready, IllegalMove and the clerk's faults.
    """
    clerk.must_do(Action.ASK_FOR_MORE, filing.coverage.pool)
    reason = casework.need_reason(filing.number, reason)
    casework.advance(filing, MACHINE, State.MORE_EVIDENCE, clerk, reason, {"reason": reason})


@transaction.atomic
def approve(filing: Filing, clerk: Actor) -> None:
    """Put a filing under review into effect. Raises IllegalMove, SameClerk and the clerk's faults."""
    clerk.must_do(Action.DECIDE_FILING, filing.coverage.pool)
    MACHINE.transitions.check(filing.number, State(locked(filing).state), State.ACTIVE)
    _activate(filing, clerk)


@transaction.atomic
def reject(filing: Filing, reason: RejectReason, clerk: Actor, text: str = "") -> None:
    """Refuse a filing under review for a reason of the list, with words of its own; the person may appeal.

    Raises ReasonNeeded where the reason is OTHER and nothing more is said, IllegalMove, SameClerk and the clerk's faults.
    """
    clerk.must_do(Action.DECIDE_FILING, filing.coverage.pool)
    told = casework.why_rejected(filing.number, reason, text)
    also = {"reason": told, "rejected_for": str(reason)}
    casework.decide(filing, MACHINE, State.REJECTED, clerk, Verdict.REJECT, told, also)


@transaction.atomic
def withdraw(filing: Filing, actor: Actor) -> None:
    """Take a filing back before it is decided: it never was in effect."""
    must_apply_for(actor, filing.coverage)
    casework.advance(filing, MACHINE, State.WITHDRAWN, actor)


@transaction.atomic
def change(
    filing: Filing,
    actor: Actor,
    starts: date,
    kind: FilingKind | None = None,
    care_region: str = "",
    ends: date | None = None,
) -> Filing:
    """Begin a filing that replaces one in effect from a day on: another kind, another place, other days.

    It is a draft like any other; the old one gives way, in the same transaction, when the new one takes effect.

    Raises NothingToChange, ChangeTooEarly where the pool sets a time, StartsTooEarly, and what `draft` raises.
    """
    must_apply_for(actor, filing.coverage)
    casework.hold(filing.coverage)
    row = locked(filing)
    if row.state != State.ACTIVE:
        raise NothingToChange(number=filing.number, state=State(row.state))
    return begin(
        actor,
        "filing:change",
        coverage=row.coverage,
        kind=str(kind or row.kind),
        care_region=care_region or row.care_region,
        starts=starts,
        ends=ends,
        phone=row.phone,
        address=row.address,
        replaces=row,
    )


@transaction.atomic
def renew(filing: Filing, actor: Actor, ends: date | None = None) -> Filing:
    """Begin a filing that goes on where one with a last day ends, or from today where that has passed.

    It is a draft like any other; papers shown for the old one need not be shown again.

    Raises NothingToRenew, and what `draft` raises.
    """
    must_apply_for(actor, filing.coverage)
    casework.hold(filing.coverage)
    row = locked(filing)
    if row.state not in (State.ACTIVE, State.EXPIRED) or row.ends is None:
        raise NothingToRenew(number=filing.number, state=State(row.state), ends=row.ends or "—")
    return begin(
        actor,
        "filing:renew",
        coverage=row.coverage,
        kind=row.kind,
        care_region=row.care_region,
        starts=max(row.ends + ONE_DAY, timezone.localdate()),
        ends=ends,
        phone=row.phone,
        address=row.address,
        replaces=row,
    )


@transaction.atomic
def cancel(filing: Filing, on: date, actor: Actor, reason: str = "") -> None:
    """End a filing; its last day is `on`. `reason` is why a clerk does so, for the trail.

    Whoever may apply for the person may, and a supervisor of the home agency. Raises ChangeTooEarly where the pool sets
    a time, IllegalMove, what `must_apply_for` raises.
    """
    if not actor.may_do(Action.END_FILING, filing.coverage.pool):
        must_apply_for(actor, filing.coverage)
    end(filing, on, actor, reason)


def end(filing: Filing, on: date, actor: Actor, reason: str = "") -> None:
    """What `cancel` does, for an actor of whom the caller knows that they may."""
    MACHINE.transitions.check(filing.number, State(locked(filing).state), State.CANCELLED)
    _check_time_of_change(filing, on)
    last_day = max(on, filing.starts)
    also = {"ends": min(last_day, filing.ends or last_day)}
    casework.advance(filing, MACHINE, State.CANCELLED, actor, reason.strip(), also)


def _check_time_of_change(filing: Filing, on: date) -> None:
    """Raises ChangeTooEarly where the pool lets nobody change or cancel a filing yet."""
    months = rule_of(filing).change_after_months
    if not months:
        return
    free = last_day_of_term(filing.starts, months)
    if on <= free:
        raise ChangeTooEarly(number=filing.number, starts=filing.starts, months=months, free=free)


@transaction.atomic
def expire(filing: Filing, actor: Actor = SYSTEM) -> None:
    """Mark a filing whose last day has passed. Raises NotLapsed, and the clerk's faults where a clerk does it."""
    actor.must_be_system_or(Action.END_FILING, filing.coverage.pool)
    if filing.ends is None or filing.ends >= timezone.localdate():
        raise NotLapsed(number=filing.number, ends=filing.ends or "—")
    casework.advance(filing, MACHINE, State.EXPIRED, actor)


def expire_due(today: date) -> int:
    """Mark every filing whose last day has passed; returns how many. Running it again finds none."""
    return casework.end_each(lapsed(today), expire)


@transaction.atomic
def take_over(
    coverage: Coverage,
    kind: FilingKind,
    care_region: str,
    starts: date,
    ends: date | None,
    filed_on: date,
    actor: Actor,
    origin: str,
) -> Filing | None:
    """Take over a filing that took effect in another system; None where it stood here the same.

    `filed_on` is the day on which it was made there, `origin` where it comes from, for the trail. Asked are today's
    rules, or those of a first day that is still to come. Raises NotAllowed, OutsideRegion, UnknownRegion, NotNeeded,
    EndsBeforeStart, FiledInFuture, NotInsured, EndDateNeeded, LastDayNeeded, Overlaps, AlreadyFiled, MissingParameter.
    """
    actor.must_do(Action.IMPORT_LISTS, coverage.pool)
    today, care = timezone.localdate(), regions.pool_of(care_region)
    told: dict[str, Any] = {"kind": str(kind), "starts": starts, "ends": ends, "filed_on": filed_on}
    filing = Filing(coverage=coverage, care_region=care, **told)
    _check_dates(filing)
    if filed_on > today:
        raise FiledInFuture(filed_on=filed_on, today=today)
    casework.hold(coverage)
    same = list(of_same_insurance(coverage, care))
    held = [old for old in same if old.state in IN_EFFECT]
    if any(all(getattr(old, name) == value for name, value in told.items()) for old in held):
        return None
    need_during(coverage, starts, ends)
    rule = _check_needed(filing, max(starts, today))
    if ends is None and rule.needs_end_date:
        raise EndDateNeeded(kind=kind)
    if ends is None and rule.months_valid:
        raise LastDayNeeded(kind=kind, months=rule.months_valid)
    _refuse_overlap(held, filing)
    past = ends is not None and ends < today
    if not past:
        _refuse_standing(same, care, today)
    filing.state = str(State.EXPIRED if past else State.ACTIVE)
    filing.save()
    record(actor, "filing:taken-over", filing.number, origin)
    return filing


def _refuse_overlap(held: Iterable[Filing], filing: Filing) -> None:
    """Raises Overlaps where another filing of the person for the place covers one of its days."""
    for old in held:
        if overlap((old.starts, old.ends), (filing.starts, filing.ends)):
            raise Overlaps(
                region=regions.full_name(filing.care_region),
                number=old.number,
                state=State(old.state),
                starts=old.starts,
                ends=old.ends or "—",
            )


def _refuse_standing(same: Iterable[Filing], care: str, today: date) -> None:
    """Raises AlreadyFiled where a filing for the place is in effect or on its way; one that has lapsed is ended."""
    for old in same:
        if old.state == State.ACTIVE and old.ends is not None and old.ends < today:
            expire(old)
        elif old.state == State.ACTIVE or old.state in IN_HAND:
            raise AlreadyFiled(region=regions.full_name(care), state=State(old.state), number=old.number)
