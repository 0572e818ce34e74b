"""Everything that the rules say of one pool, statement by statement, as a reader of the packs would read it out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from yidi.policy.book import RuleBook
from yidi.policy.loaded import LoadedPack, sources_of
from yidi.policy.survey import MATTERS, Place, Stale, contested, place_of, stale
from yidi.policy.wording import exceptions, sentences
from yidi.reference import regions
from yidi.values.terms import Scheme


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as a statement cites it."""

    title: str
    number: str
    url: str
    clause: str
    grade: str
    facts: tuple[str, ...]
    checked: date


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement, adopted or kept."""

    place: Place
    sentences: tuple[str, ...]
    """In Chinese, as the documents are."""
    exceptions: tuple[str, ...]
    first_day: date
    """The first day of service that it answers for."""
    seen: str
    """When the source shows it in force; empty where the source says since when."""
    until: date | None
    contests: tuple[str, ...]
    note: str
    sources: tuple[Cited, ...]
    """Its own first."""


def stated(book: RuleBook, pool: str, scheme: Scheme, matters: Iterable[str] = MATTERS) -> Iterator[Stated]:
    """Every statement that may speak for a pool and scheme, matter by matter, the most specific layer first."""
    for matter in matters:
        for layer in reversed(regions.layers_of(pool)):
            for spelling in (str(scheme), "all"):
                loaded = book.packs.get((layer, spelling, matter))
                if loaded is not None:
                    yield from (
                        _stated(book, loaded, index, rule) for index, rule in enumerate(loaded.pack.rules)
                    )


def _stated(book: RuleBook, loaded: LoadedPack, index: int, rule: Any) -> Stated:
    known_since = rule.in_force.from_ != "unknown"
    return Stated(
        place=place_of(loaded, index, "id"),
        sentences=tuple(sentences(rule, loaded.pack.pool)),
        exceptions=tuple(exceptions(rule)),
        first_day=rule.first_day,
        seen="" if known_since else str(rule.in_force.seen or ""),
        until=rule.in_force.until,
        contests=rule.contests,
        note=rule.note,
        sources=tuple(
            dict.fromkeys(
                _cited(book, cited) for cited in (rule.source, *(part for _, part in sources_of(rule)))
            )
        ),
    )


def _cited(book: RuleBook, source: Any) -> Cited:
    document = book.sources[source.id]
    return Cited(
        title=document.title,
        number=document.number,
        url=document.url,
        clause=source.clause,
        grade=source.grade,
        facts=source.facts,
        checked=source.checked,
    )


def contested_in(book: RuleBook, pool: str) -> dict[str, list[Place]]:
    """The conflicts between sources that touch a rule which may speak for a pool, each with those rules."""
    layers = regions.layers_of(pool)
    found = {
        name: [place for place in places if place.pool in layers] for name, places in contested(book).items()
    }
    return {name: places for name, places in found.items() if places}


def stale_in(book: RuleBook, pool: str, as_of: date, days: int) -> list[Stale]:
    """The sources of rules that may speak for a pool, last looked at more than so many days ago, longest ago first."""
    layers = regions.layers_of(pool)
    return [item for item in stale(book, as_of, days) if item.place.pool in layers]
