"""The trail of a region for its auditors: who did what, for whom and by what consent; who was shown what, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.queries import offices_under
from yidi.accounts.terms import Action
from yidi.audit.models import Event, Look
from yidi.audit.services import looked, record
from yidi.casework.queries import pools_of
from yidi.consents.models import Consent
from yidi.evidence.sheets import Column, write_csv, write_sheet
from yidi.operations.cases import BY_LETTER, NEVER_HANDED_IN, find_for_clerk, word_of
from yidi.operations.errors import TrailTooLong
from yidi.operations.records import find_here
from yidi.operations.terms import OtherDeed, Shown, TrailFile, TrailKind
from yidi.people.errors import PersonKey
from yidi.people.models import Person
from yidi.values.terms import Term

OF_CASES = ("qualification", "filing", "claims", "evidence")
"""Rooms whose events are about cases."""
DIGITS = 10
MOST_EXPORTED = 5000
"""Lines of one file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an auditor wants to see; empty = whatever there is."""

    kind: TrailKind = TrailKind.DEEDS
    person: str = ""
    """A person's number."""
    case: str = ""
    """A case's number."""
    actor: str = ""
    """A sign-in name."""
    first: date | None = None
    last: date | None = None

    @property
    def said(self) -> str:
        """In words, for the trail of exports."""
        days = f"{self.first or '…'} 至 {self.last or '…'}"
        parts = (self.kind.zh, self.person, self.case, self.actor, days)
        return "，".join(part for part in parts if part)


def must_be_here(asked: Asked, auditor: Actor) -> None:
    """Lets pass what concerns the auditor's region; that somebody's trail was read is logged.

    Raises NotHere, UnknownCase, NotAllowed.
    """
    auditor.must_do(Action.SEE_TRAIL, auditor.region)
    if asked.case:
        find_for_clerk(asked.case, auditor)
    if asked.person:
        person = find_here(PersonKey.NUMBER, asked.person, auditor, Action.SEE_TRAIL)
        looked(auditor, person.number, str(Shown.TRAIL), f"稽核：{asked.kind.zh}")


def rows(asked: Asked, auditor: Actor) -> QuerySet[Any]:
    """The events or looks that were asked for, the last one first. Raises NotAllowed."""
    auditor.must_do(Action.SEE_TRAIL, auditor.region)
    found: QuerySet[Any] = (
        _looks(asked, auditor) if asked.kind is TrailKind.LOOKS else _events(asked, auditor)
    )
    if asked.actor:
        found = found.filter(actor=asked.actor)
    if asked.first:
        found = found.filter(at__gte=_midnight(asked.first))
    if asked.last:
        found = found.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    return found.order_by("-pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _people(region: str) -> QuerySet[Any]:
    """The numbers of the people who are or were insured in a region."""
    here = Person.objects.filter(coverages__pool__in=pools_of(region))
    return here.values("number")


def _case_numbers(cases: QuerySet[Any], letter: str) -> QuerySet[Any]:
    """The numbers of cases as the trail spells them, without those that only their applicants ever saw."""
    seen = cases.exclude(state__in=NEVER_HANDED_IN, submitted_on__isnull=True)
    digits = LPad(Cast("pk", CharField()), DIGITS, Value("0"))
    return seen.annotate(as_spelt=Concat(Value(letter), digits)).values("as_spelt")


def _about_cases(**wanted: Any) -> Q:
    """Events on cases of which that holds."""
    found = Q()
    for letter, room in BY_LETTER.items():
        found |= Q(subject__in=_case_numbers(room.model.objects.filter(**wanted), letter))
    return found


def _events(asked: Asked, auditor: Actor) -> QuerySet[Event]:
    region = auditor.region
    people, pools = _people(region), pools_of(region)
    on_cases = Q()
    for room in OF_CASES:
        on_cases |= Q(action__startswith=f"{room}:")
    of_staff = Q(actor_kind=str(ActorKind.CLERK), actor_region__in=offices_under(region))
    of_people = Q(principal__in=people) | Q(subject__in=people)
    of_people |= Q(actor_kind=str(ActorKind.PERSON), actor__in=people)
    here = _about_cases(coverage__pool__in=pools) | ~on_cases & (of_staff | of_people)
    events = Event.objects.filter(here)
    if asked.case:
        events = events.filter(subject=asked.case.upper())
    if asked.person:
        own = Q(principal=asked.person) | Q(subject=asked.person) | Q(actor=asked.person)
        events = events.filter(own | _about_cases(coverage__person__number=asked.person))
    return events


def _looks(asked: Asked, auditor: Actor) -> QuerySet[Look]:
    looks = Look.objects.filter(person__in=_people(auditor.region))
    if asked.case:
        looks = looks.filter(what=asked.case.upper())
    if asked.person:
        looks = looks.filter(person=asked.person)
    return looks


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail, ready to be shown."""

    row: Event | Look
    who: ActorKind
    what: Term | str
    """What was done or shown: a Term, or the trail's own spelling of what no list knows."""
    case: str
    """The number of the case that it is about; empty where it is about none."""
    person: str
    """Whose data was shown, or for whom somebody acted; empty for nobody's."""
    consent: Consent | None
    """By which consent somebody acted for another person."""

    @property
    def about(self) -> str:
        """The subject of what was done, where that is no case."""
        return "" if isinstance(self.row, Look) or self.case else self.row.subject


def lines(found: Iterable[Event | Look]) -> list[Line]:
    """Lines of the trail, each with its word and, where somebody acted for another, the consent."""
    kept = list(found)
    consents = _consents(kept)
    return [_line(row, consents) for row in kept]


def _line(row: Event | Look, consents: Mapping[str, list[Consent]]) -> Line:
    who = ActorKind(row.actor_kind)
    if isinstance(row, Look):
        shown = Shown(row.what) if row.what in Shown.spellings() else row.what
        return Line(row, who, shown, row.what if _is_case(row.what) else "", row.person, None)
    by = next((one for one in consents.get(row.principal, ()) if _lets(one, row)), None)
    return Line(row, who, _word(row), row.subject if _is_case(row.subject) else "", row.principal, by)


def _is_case(text: str) -> bool:
    return text[:1] in BY_LETTER and text[1:].isdigit() and len(text) == DIGITS + 1


def _word(event: Event) -> Term | str:
    room = event.action.partition(":")[0]
    if room in OF_CASES and _is_case(event.subject):
        return word_of(event.subject, event.action)
    known = event.action if event.action in OtherDeed.spellings() else event.action.rpartition("-")[0]
    return OtherDeed(known) if known in OtherDeed.spellings() else event.action


def _consents(found: Iterable[Event | Look]) -> dict[str, list[Consent]]:
    """The consents of those for whom somebody acted, by the person's number: one query."""
    numbers = {row.principal for row in found if isinstance(row, Event) and row.principal}
    by_person: dict[str, list[Consent]] = {}
    if numbers:
        given = Consent.objects.filter(person__number__in=numbers, accepted_at__isnull=False)
        for consent in given.select_related("person", "helper").order_by("-pk"):
            by_person.setdefault(consent.person.number, []).append(consent)
    return by_person


def _lets(consent: Consent, event: Event) -> bool:
    """Whether the consent let the actor act then."""
    helper = consent.helper.number if consent.helper else consent.clerk
    day, revoked = timezone.localdate(event.at), consent.revoked_at
    in_time = consent.starts <= day <= (consent.ends or day)
    return helper == event.actor and in_time and (revoked is None or event.at <= revoked)


COLUMNS = (
    Column("at", "时间", "Time", width=20),
    Column("kind", "身份", "Kind", width=12),
    Column("actor", "谁", "Who", width=24),
    Column("region", "所属地区", "Region", width=12),
    Column("principal", "替谁（人员编号）", "For whom (person number)", width=24),
    Column("consent", "凭哪份授权", "By which consent", width=16),
    Column("what", "做了什么", "What", width=24),
    Column("subject", "对象", "About", width=24),
    Column("reason", "说明", "In words", width=40),
)


def export(asked: Asked, form: TrailFile, auditor: Actor, language: str) -> bytes:
    """The lines as a file; that it was made stands in the trail. Raises TrailTooLong, NotAllowed and what `rows` raises."""
    auditor.must_do(Action.EXPORT_LISTS, auditor.region)
    found = rows(asked, auditor)
    count = found.count()
    if count > MOST_EXPORTED:
        raise TrailTooLong(count=count, most=MOST_EXPORTED)
    cells = list(_cells(lines(found), language))
    record(auditor, "trail:export", str(form), asked.said)
    if form is TrailFile.CSV:
        return write_csv(COLUMNS, cells, language)
    return write_sheet(asked.kind.label(language), COLUMNS, cells, language)


def _cells(shown: Iterable[Line], language: str) -> Iterator[dict[str, str]]:
    for line in shown:
        row, looked_at = line.row, isinstance(line.row, Look)
        yield {
            "at": f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}",
            "kind": line.who.label(language),
            "actor": row.actor,
            "region": row.actor_region,
            "principal": "" if looked_at else line.person,
            "consent": line.consent.number if line.consent else "",
            "what": line.what.label(language) if isinstance(line.what, Term) else line.what,
            "subject": row.subject if isinstance(row, Event) else f"{row.person} {line.case}".strip(),
            "reason": row.reason,
        }
