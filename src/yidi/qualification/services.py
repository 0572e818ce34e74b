"""Every move of a qualification: one function, one transaction, one audit event."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import BinaryIO

from django.db import transaction
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
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.people.queries import need_during
from yidi.policy.book import book
from yidi.policy.case_rules import QualificationRule
from yidi.policy.cases import decision_term, qualification_rule
from yidi.qualification.errors import (
    AlreadyOpen,
    ClosedToChanges,
    EndsAnyway,
    EndsBeforeStart,
    EvidenceMissing,
    FieldsMissing,
    LastDayNeeded,
    Overlaps,
    StillHeld,
    TooEarly,
)
from yidi.qualification.models import Qualification
from yidi.qualification.papers import FORM_NAME, made_form
from yidi.qualification.queries import (
    MADE_HERE,
    asked_of,
    barring,
    granted_beside,
    lapsed,
    names_of,
    of_same_insurance,
    renewable_from,
)
from yidi.qualification.states import GRANTED, MACHINE, OF_APPLICANT, OVER, RejectReason, State
from yidi.qualification.telling import told
from yidi.reference import diseases
from yidi.values import materials
from yidi.values.periods import last_day_of_term, overlap
from yidi.values.phones import parse_phone
from yidi.values.terms import CaseKind, Material, Scheme


@transaction.atomic
def apply(coverage: Coverage, disease: str, on: date, actor: Actor) -> Qualification:
    """Start an application.

    Raises DiseaseNotCovered where the pool does not know the disease, NotInsured, AlreadyOpen, and what
    `must_apply_for` raises for whoever may not apply.
    """
    must_apply_for(actor, coverage)
    return begin(coverage, disease, on, actor)


def begin(coverage: Coverage, disease: str, on: date, actor: Actor) -> Qualification:
    """What `apply` does, for an actor of whom the caller knows that they may."""
    if not coverage.starts <= on <= (coverage.ends or on):
        raise NotInsured(on=on)
    requirements(coverage, disease, on)
    _refuse_other_open(coverage, disease)
    case = Qualification.objects.create(coverage=coverage, disease=disease)
    record(actor, "qualification:apply", case.number)
    return case


def _refuse_other_open(coverage: Coverage, disease: str, this: int = 0) -> None:
    """Raises AlreadyOpen where another is on its way, TooEarly where one is held whose last day is not near."""
    casework.hold(coverage)
    held = barring(coverage, disease, timezone.localdate()).exclude(pk=this).first()
    if held is None:
        return
    said = {
        "disease": diseases.disease(disease).name,
        "number": held.number,
        "state": State(held.state),
    }
    if held.state == State.APPROVED and held.ends is not None:
        raise TooEarly(**said, ends=held.ends, first=renewable_from(held.ends))
    raise AlreadyOpen(**said)


def requirements(coverage: Coverage, disease: str, on: date) -> QualificationRule:
    """What the home pool asks for. Raises DiseaseNotCovered, MissingParameter."""
    return qualification_rule(book(), coverage.pool, Scheme(coverage.scheme), disease, on)


def _open_to(case: Qualification, actor: Actor) -> None:
    """Lets pass whoever may apply, while the next step is theirs. Raises ClosedToChanges and their faults."""
    must_apply_for(actor, case.coverage)
    casework.hold(case.coverage)
    state = State(locked(case).state)
    if state not in OF_APPLICANT:
        raise ClosedToChanges(number=case.number, state=state)


@transaction.atomic
def save(
    case: Qualification,
    actor: Actor,
    *,
    hospital: str | None = None,
    record_number: str | None = None,
    phone: str | None = None,
    note: str | None = None,
) -> None:
    """Write down what the applicant filled in; None leaves a field as it is. Raises BadValue, ClosedToChanges."""
    _open_to(case, actor)
    given = {
        "hospital": hospital,
        "record_number": record_number,
        "phone": parse_phone(phone) if phone else phone,
        "note": note,
    }
    changes = {name: text.strip() for name, text in given.items() if text is not None}
    for name, text in changes.items():
        setattr(case, name, text)
    case.save(update_fields=list(changes))
    record(actor, "qualification:save", case.number)


def add_evidence(
    case: Qualification, material: Material, upload: Remade | Readable | BinaryIO, name: str, actor: Actor
) -> Paper:
    """Keep a file as a paper of the case. Raises ClosedToChanges, FileRefused and what `must_apply_for` raises.

    A file that is not made anew yet is made anew here, outside of the transaction.
    """
    must_apply_for(actor, case.coverage)
    remade = upload if isinstance(upload, Remade) else remake(upload, name)
    with transaction.atomic():
        _open_to(case, actor)
        return evidence.hand_in(case.number, case.coverage.person, material, remade, name, actor)


@transaction.atomic
def show_evidence(case: Qualification, material: Material, description: str, actor: Actor) -> Paper:
    """Note a paper that a window clerk was shown; the same paper shown again replaces the note.

    Raises ClosedToChanges, and NotAllowed for anybody else: what a person has they hand in.
    """
    actor.must_do(Action.ACT_FOR_WALK_IN, case.coverage.pool)
    _open_to(case, actor)
    return evidence.show(case.number, case.coverage.person, material, description, actor)


@transaction.atomic
def remove_evidence(case: Qualification, paper: Paper, actor: Actor) -> None:
    """Take a paper out of the case. Raises ClosedToChanges, NotOfThisCase, AlreadyRemoved."""
    _open_to(case, actor)
    evidence.must_belong(paper, case.number)
    evidence.remove(paper, actor)


@transaction.atomic
def submit(case: Qualification, actor: Actor) -> None:
    """Hand the application in, or the evidence that was asked for.

    Raises FieldsMissing, EvidenceMissing, AlreadyOpen, IllegalMove, and AppealInstead after a rejection.
    """
    must_apply_for(actor, case.coverage)
    hand_in(case, actor)


def hand_in(case: Qualification, actor: Actor) -> None:
    """What `submit` does, for an actor of whom the caller knows that they may."""
    _check_complete(case)
    _keep_form(case, actor)
    casework.hand_in(case, MACHINE, actor, term=_term(case))


@transaction.atomic
def appeal(case: Qualification, grounds: str, actor: Actor) -> None:
    """Have a rejection looked at again by another clerk.

    Raises NothingToAppeal, ReasonNeeded, FieldsMissing, EvidenceMissing, AlreadyOpen.
    """
    must_apply_for(actor, case.coverage)
    _check_complete(case)
    _keep_form(case, actor)
    casework.appeal(case, MACHINE, grounds, actor, _term(case))


def _check_complete(case: Qualification) -> None:
    """Raises AlreadyOpen, FieldsMissing, EvidenceMissing."""
    _refuse_other_open(case.coverage, case.disease, case.pk)
    wanted = asked_of(case, timezone.localdate())
    name = diseases.disease(case.disease).name
    if wanted.fields:
        zh, en = ("、".join(x.zh for x in wanted.fields), ", ".join(x.en for x in wanted.fields))
        raise FieldsMissing(disease=name, missing=zh, missing_en=en)
    if wanted.materials:
        raise EvidenceMissing(
            disease=name,
            missing=materials.named(wanted.materials),
            missing_en=materials.named(wanted.materials, "en"),
        )


def _keep_form(case: Qualification, actor: Actor) -> None:
    """Make the application form of what was filled in, where the pool asks for one and nobody brought it on paper."""
    rule = requirements(case.coverage, case.disease, timezone.localdate())
    held = list(papers_of(case.number).filter(material=str(MADE_HERE)))
    made_before = [paper for paper in held if paper.name == FORM_NAME]
    if len(made_before) < len(held) or not any(MADE_HERE in group for group in rule.evidence):
        return
    made = made_form(locked(case), helper_of(case.coverage.person, actor))
    evidence.keep_made(case.number, case.coverage.person, MADE_HERE, made, actor)


def _term(case: Qualification) -> Term | None:
    """The time for a decision on an application that is handed in today."""
    coverage, kind = case.coverage, CaseKind.QUALIFICATION
    found = decision_term(book(), coverage.pool, Scheme(coverage.scheme), kind, timezone.localdate())
    return Term(found.days, found.reading) if found else None


@transaction.atomic
def withdraw(case: Qualification, actor: Actor) -> None:
    """Take the application back before it is decided."""
    must_apply_for(actor, case.coverage)
    casework.advance(case, MACHINE, State.WITHDRAWN, actor)


@transaction.atomic
def take_up(case: Qualification, clerk: Actor) -> None:
    """Begin the review; the case is the clerk's from now on.

    Raises TakenAlready, IllegalMove, NotAllowed, OutsideRegion, SameClerk.
    """
    clerk.must_do(Action.TAKE_UP, case.coverage.pool)
    casework.must_be_free(case, clerk)
    casework.need_fresh_eyes(locked(case), clerk.name)
    casework.advance(case, MACHINE, State.UNDER_REVIEW, clerk, also={"assigned_to": clerk.name})


@transaction.atomic
def assign(case: Qualification, clerk: str, actor: Actor) -> None:
    """Give the case to a colleague by sign-in name; empty puts it back. Raises what `casework.assign` raises."""
    casework.assign(case, MACHINE, clerk, actor)


@transaction.atomic
def ask_for_more(case: Qualification, reason: str, clerk: Actor) -> None:
    """Ask for more evidence, once per round, saying what is wanted. The clock stands still until it comes.

    Raises ReasonNeeded, AskedAlready, IllegalMove and the clerk's faults.
    """
    clerk.must_do(Action.ASK_FOR_MORE, case.coverage.pool)
    reason = casework.need_reason(case.number, reason)
    casework.advance(case, MACHINE, State.MORE_EVIDENCE, clerk, reason, {"reason": reason})


@transaction.atomic
def approve(
    case: Qualification,
    starts: date,
    clerk: Actor,
    ends: date | None = None,
    providers: Sequence[str] = (),
) -> bool:
    """Grant the benefit from `starts`; `ends` overrides the pool's own term, `providers` narrows it to those codes.

    Where the pool wants several reviewers this is a vote, and the last one that is needed decides. Returns whether the
    case is decided now. Raises IllegalMove, EndsBeforeStart, StillHeld, UnknownProvider, SameClerk, VotedAlready, VotesDiffer and
    the clerk's faults.
    """
    clerk.must_do(Action.DECIDE_QUALIFICATION, case.coverage.pool)
    years = requirements(case.coverage, case.disease, starts).years_valid
    last_day = ends or (last_day_of_term(starts, 12 * years) if years else None)
    _check_dates(starts, last_day)
    _refuse_second_held(case, starts, last_day)
    names = names_of(providers)
    granted = f"{starts} 起，{f'至 {last_day}' if last_day else '长期有效'}" + (
        f"，限 {names}" if names else ""
    )
    also = {
        "starts": starts,
        "ends": last_day,
        "providers": list(providers),
        "reason": "",
        "rejected_for": "",
    }
    return casework.decide(
        case, MACHINE, State.APPROVED, clerk, Verdict.APPROVE, granted, also, _reviewers(case)
    )


def _refuse_second_held(case: Qualification, starts: date, ends: date | None) -> None:
    """Raises StillHeld where another one of the disease holds on some day from `starts` to `ends`."""
    casework.hold(case.coverage)
    for held in granted_beside(case):
        if overlap((held.starts or date.min, held.ends), (starts, ends)):
            raise StillHeld(
                disease=diseases.disease(case.disease).name,
                number=held.number,
                starts=held.starts,
                ends=held.ends or "—",
            )


def _reviewers(case: Qualification) -> int:
    """How many clerks must agree on the application as it was handed in last: the same number for all of them."""
    handed_in = locked(case).submitted_on
    return requirements(case.coverage, case.disease, handed_in).reviewers if handed_in else 1


def _check_dates(starts: date | None, ends: date | None) -> None:
    if starts is not None and ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)


@transaction.atomic
def reject(case: Qualification, reason: RejectReason, clerk: Actor, text: str = "") -> bool:
    """Refuse the application for a reason of the list, with words of its own; the person may appeal.

    A vote where the pool wants several reviewers, as `approve` is. Raises ReasonNeeded where the reason is OTHER and
    nothing more is said, IllegalMove, SameClerk, VotedAlready and the clerk's faults.
    """
    clerk.must_do(Action.DECIDE_QUALIFICATION, case.coverage.pool)
    told = casework.why_rejected(case.number, reason, text)
    also = {"reason": told, "rejected_for": str(reason)}
    return casework.decide(case, MACHINE, State.REJECTED, clerk, Verdict.REJECT, told, also, _reviewers(case))


@transaction.atomic
def expire(case: Qualification, last_day: date, actor: Actor, reason: str = "") -> None:
    """End an approved qualification after `last_day`, or on its own last day where that comes first.

    Until that day has passed it stays approved, with that last day; the job ends it then. `reason` is why a clerk does
    so, for the trail. Raises IllegalMove, EndsBeforeStart, EndsAnyway where nothing would change, and the clerk's faults.
    """
    actor.must_be_system_or(Action.END_QUALIFICATION, case.coverage.pool)
    row = locked(case)
    MACHINE.transitions.check(case.number, State(row.state), State.EXPIRED)
    last_day = min(last_day, row.ends or last_day)
    _check_dates(row.starts, last_day)
    if last_day >= timezone.localdate():
        _shorten(case, row.ends, last_day, actor, reason.strip())
    else:
        casework.advance(case, MACHINE, State.EXPIRED, actor, reason.strip(), {"ends": last_day})


def _shorten(case: Qualification, ends: date | None, last_day: date, actor: Actor, reason: str) -> None:
    """Let what still runs end on an earlier day than it would, and tell the person. Raises EndsAnyway."""
    if ends == last_day:
        raise EndsAnyway(number=case.number, ends=ends)
    case.ends = last_day
    case.save(update_fields=["ends"])
    record(
        actor,
        "qualification:shortened",
        case.number,
        f"至 {last_day}：{reason}" if reason else f"至 {last_day}",
    )
    told(locked(case), "shortened")


def expire_due(today: date) -> int:
    """Mark every qualification whose last day has passed; returns how many. Running it again finds none."""
    return casework.end_each(lapsed(today), _end_on_its_day)


def _end_on_its_day(case: Qualification) -> None:
    casework.advance(case, MACHINE, State.EXPIRED, SYSTEM)


@transaction.atomic
def take_over(
    coverage: Coverage,
    disease: str,
    starts: date,
    ends: date | None,
    actor: Actor,
    origin: str,
    providers: Sequence[str] = (),
) -> Qualification | None:
    """Take over a qualification that was approved in another system; None where it stood here the same.

    `origin` is where it comes from, for the trail. Whether the pool covers the disease is asked of today's rules, or of
    those of a first day that is still to come: the rules of earlier years are not on record. Raises NotAllowed,
    OutsideRegion, UnknownDisease, EndsBeforeStart, UnknownProvider, Overlaps, LastDayNeeded, NotInsured, AlreadyOpen for
    another application on its way, and what `requirements` raises.
    """
    actor.must_do(Action.IMPORT_LISTS, coverage.pool)
    name, today = diseases.disease(disease).name, timezone.localdate()
    _check_dates(starts, ends)
    names_of(codes := list(providers))
    casework.hold(coverage)
    same = list(of_same_insurance(coverage, disease))
    held = [case for case in same if case.state in GRANTED]
    if any((case.starts, case.ends, case.providers) == (starts, ends, codes) for case in held):
        return None
    need_during(coverage, starts, ends)
    years = requirements(coverage, disease, max(starts, today)).years_valid
    if ends is None and years:
        raise LastDayNeeded(disease=name, years=years)
    _refuse_overlap(held, name, starts, ends)
    for over in held:
        if over.state == State.APPROVED and over.ends is not None and over.ends < today:
            expire(over, over.ends, SYSTEM)
    past = ends is not None and ends < today
    standing = next((case for case in same if case.state not in OVER), None)
    if standing is not None and not past:
        raise AlreadyOpen(disease=name, number=standing.number, state=State(standing.state))
    case = Qualification.objects.create(
        coverage=coverage,
        disease=disease,
        starts=starts,
        ends=ends,
        providers=codes,
        state=str(State.EXPIRED if past else State.APPROVED),
    )
    record(actor, "qualification:taken-over", case.number, origin)
    return case


def _refuse_overlap(held: Iterable[Qualification], name: str, starts: date, ends: date | None) -> None:
    """Raises Overlaps where one of the same person and disease holds on some day from `starts` to `ends`."""
    for case in held:
        if overlap((case.starts or date.min, case.ends), (starts, ends)):
            raise Overlaps(
                disease=name,
                number=case.number,
                state=State(case.state),
                starts=case.starts,
                ends=case.ends or "—",
            )
