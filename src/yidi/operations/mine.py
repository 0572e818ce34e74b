"""A person's own affairs across all rooms: what is asked of them now, what ends soon, what there is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from yidi.claims.models import Claim
from yidi.claims.queries import asked_of_applicant
from yidi.claims.queries import of_person as claims_of
from yidi.claims.states import State as ClaimState
from yidi.filing import queries as filings
from yidi.filing.models import Filing
from yidi.filing.states import IN_HAND
from yidi.filing.states import State as FilingState
from yidi.operations.deadlines import Deadline, deadline
from yidi.operations.year import Year, year_of
from yidi.people.models import Coverage, Person
from yidi.people.queries import coverages_on
from yidi.policy.book import book
from yidi.policy.cases import applicable_diseases
from yidi.qualification import queries as qualifications
from yidi.qualification.models import Qualification
from yidi.qualification.states import State as QualificationState
from yidi.reference import diseases, regions
from yidi.settlement.models import Settlement
from yidi.settlement.queries import of_person as settlements_of
from yidi.values.errors import Refusal
from yidi.values.materials import Group
from yidi.values.terms import FilingKind, Scheme, Term

SOON_DAYS = 60
"""How long before its last day something is shown to end soon: a re-examination takes weeks to prepare."""
AnyCase = Qualification | Filing | Claim
Row = TypeVar("Row", bound=Model)
Pools = Sequence[str] | None
"""The pools that whoever looks may see: those of a window clerk's region; None, all, for the person themselves."""


def in_pools(rows: QuerySet[Row], pools: Pools, coverage: str = "coverage") -> QuerySet[Row]:
    """Those of the rows whose coverage is in one of the pools."""
    return rows if pools is None else rows.filter(**{f"{coverage}__pool__in": pools})


def coverages_in(person: Person, on: date, pools: Pools) -> list[Coverage]:
    """How the person is insured on a day in these pools."""
    return [coverage for coverage in coverages_on(person, on) if pools is None or coverage.pool in pools]


def about(case: AnyCase, language: str = "zh") -> str:
    """What a case is about, in a few words. Names of diseases and places stay Chinese."""
    if isinstance(case, Qualification):
        return diseases.disease(case.disease).name
    if isinstance(case, Filing):
        return f"{regions.full_name(case.care_region)} · {FilingKind(case.kind).label(language)}"
    return " · ".join(part for part in (case.where, f"{case.on or ''}") if part) or case.number


class Wish(Term):
    """What a person is asked for."""

    MORE = "more-evidence", "经办机构请您补充材料", "the agency asks for more papers"
    PROMISED = "promised", "还欠承诺后补的材料", "papers that were promised are still to come"
    DRAFT = "draft", "草稿还没有提交", "a draft is not handed in yet"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked of the person now."""

    case: AnyCase
    wish: Wish
    words: str
    """What the agency asks for, as its clerk wrote it; empty where nobody did."""
    papers: tuple[Group, ...]
    """Groups of papers of which one is wanted."""
    lacking: tuple[Term, ...]
    """What is to be filled in."""
    deadline: Deadline | None
    """The clock, which stands still while the agency waits."""


Lacking = tuple[tuple[Group, ...], tuple[Term, ...]]


def _of_qualification(case: Any, today: date) -> Lacking:
    asked = qualifications.asked_of(case, today)
    return asked.materials, asked.fields


def _of_filing(case: Any, today: date) -> Lacking:
    return filings.asked_of(case), ()


def _of_claim(case: Any, today: date) -> Lacking:
    asked = asked_of_applicant(case)
    return asked.papers, asked.details


_LACKING: Mapping[type, Callable[[Any, date], Lacking]] = {
    Qualification: _of_qualification,
    Filing: _of_filing,
    Claim: _of_claim,
}


def asked_of_me(person: Person, today: date, pools: Pools = None) -> list[Asked]:
    """What is asked of the person now: what the agency waits for first, then what was promised, then drafts."""
    found = [*_asked(person, today, pools)]
    return sorted(found, key=lambda asked: list(Wish).index(asked.wish))


def _asked(person: Person, today: date, pools: Pools) -> Iterator[Asked]:
    cases: tuple[tuple[QuerySet[Any], type[Term]], ...] = (
        (qualifications.of_person(person).select_related("coverage__person"), QualificationState),
        (filings.of_person(person).select_related("coverage__person", "replaces"), FilingState),
        (claims_of(person), ClaimState),
    )
    for rows, states in cases:
        for case in in_pools(rows, pools).filter(
            state__in=[str(states("draft")), str(states("more-evidence"))]
        ):
            wish = Wish(case.state)
            words = case.reason if wish is Wish.MORE else ""
            yield Asked(case, wish, words, *_lacks(case, today), deadline(case, today))
    for filing in in_pools(filings.of_person(person), pools).filter(state=str(FilingState.ACTIVE)):
        owed = _promised(filing)
        if owed:
            yield Asked(filing, Wish.PROMISED, "", owed, (), None)


def _lacks(case: AnyCase, today: date) -> Lacking:
    """What a case still lacks; nothing where no rule says what is asked for, which its own page tells."""
    try:
        return _LACKING[type(case)](case, today)
    except Refusal:
        return (), ()


def _promised(filing: Filing) -> tuple[Group, ...]:
    try:
        return filings.promised(filing)
    except Refusal:
        return ()


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that holds and ends soon."""

    case: Qualification | Filing
    ends: date
    days: int
    """Days from today to the last day."""


def ending_soon(person: Person, today: date, days: int = SOON_DAYS, pools: Pools = None) -> list[Ending]:
    """The person's qualifications and filings whose last day is near, the nearest first."""
    ending: tuple[QuerySet[Any], ...] = (
        qualifications.expiring_within(days, today),
        filings.expiring_within(days, today),
    )
    rows = [case for cases in ending for case in in_pools(cases, pools).filter(coverage__person=person)]
    found = [Ending(case, case.ends, (case.ends - today).days) for case in rows]
    return sorted(found, key=lambda item: (item.ends, item.case.number))


SHOWN = 6
"""How many cases of a kind the first page shows; each kind has a page of all."""
OVER = ("withdrawn", "expired", "cancelled", "replaced")
"""States of cases that only the page of all shows."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What the first page of a person's own pages shows."""

    asked: list[Asked]
    ending: list[Ending]
    years: list[Year]
    qualifications: list[Qualification]
    filings: list[Filing]
    claims: list[Claim]
    settlements: list[Settlement]


def mine(person: Person, today: date, pools: Pools = None) -> Mine:
    """Everything that concerns the person now, the newest first."""
    return Mine(
        asked=asked_of_me(person, today, pools),
        ending=ending_soon(person, today, pools=pools),
        years=[year_of(coverage, today) for coverage in coverages_in(person, today, pools)],
        qualifications=_newest(
            in_pools(qualifications.of_person(person), pools).select_related("coverage__person")
        ),
        filings=_newest(in_pools(filings.of_person(person), pools).select_related("coverage__person")),
        claims=_newest(in_pools(claims_of(person), pools)),
        settlements=list(in_pools(settlements_of(person), pools, "visit__coverage")[:SHOWN]),
    )


def _newest(cases: Any) -> list[Any]:
    return list(cases.exclude(state__in=OVER)[:SHOWN])


def care_regions_of(person: Person, today: date, pools: Pools = None) -> list[str]:
    """The cities for which the person has a filing in effect, or one on its way, the newest first."""
    rows = in_pools(filings.of_person(person), pools)
    rows = rows.filter(state__in=[str(FilingState.ACTIVE), *map(str, IN_HAND)])
    held = [filing.care_region for filing in rows if filing.ends is None or filing.ends >= today]
    return list(dict.fromkeys(held))


def diseases_of(person: Person, coverages: Sequence[Coverage], today: date, pools: Pools = None) -> list[str]:
    """Diseases that a person may ask about: those they hold or applied for first, then those they may apply for."""
    own = in_pools(qualifications.of_person(person), pools).values_list("disease", flat=True)
    may = [
        code
        for coverage in coverages
        for code in applicable_diseases(book(), coverage.pool, Scheme(coverage.scheme), today)
    ]
    return list(dict.fromkeys([*own, *may]))
