"""What the rule book lets a person ask about: pools, places, diseases; and small reads that several parts need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yidi.policy.book import RuleBook
from yidi.policy.cases import lists_in_part
from yidi.policy.lookup import Found, Lookup, Parameter
from yidi.policy.resolve import covered_diseases
from yidi.policy.rules import Origin
from yidi.reference import diseases, regions
from yidi.reference.diseases import ChronicDisease
from yidi.reference.regions import Region
from yidi.values.terms import Benefit, Scheme

PLACE_ENDINGS = ("市", "新区", "开发区", "示范区")
"""How the name of a unit ends that GB/T 2260 does not have but where people are treated all the same."""

ByProvince = tuple[tuple[Region, tuple[Region, ...]], ...]


def has_rules(book: RuleBook, pool: str) -> bool:
    """Whether any layer below the nation has packs for the pool."""
    return bool(set(regions.layers_of(pool)[1:]) & set(book.pools()))


def home_pools(book: RuleBook) -> ByProvince:
    """The pools whose rules the book holds, by province."""
    found = (
        (province, tuple(unit for unit in units if has_rules(book, unit.code)))
        for province, units in regions.cities()
    )
    return tuple((province, units) for province, units in found if units)


@lru_cache(maxsize=1)
def care_places() -> ByProvince:
    """Cities where people are treated, by province: the pools without those of offices, railways and oil fields."""
    found = (
        (province, tuple(unit for unit in units if _is_place(unit))) for province, units in regions.cities()
    )
    return tuple((province, units) for province, units in found if units)


def _is_place(unit: Region) -> bool:
    return unit.in_gb2260 or unit.name.endswith(PLACE_ENDINGS)


def diseases_known(book: RuleBook, pools: tuple[str, ...], on: date) -> tuple[ChronicDisease, ...]:
    """The chronic diseases that any scheme of these pools covers on a day, by code."""
    codes = {code for pool in pools for scheme in Scheme for code in covered_diseases(book, pool, scheme, on)}
    return tuple(entry for entry in diseases.diseases() if entry.code in codes)


def diseases_not_known(known: tuple[ChronicDisease, ...]) -> tuple[ChronicDisease, ...]:
    """The other diseases of the register, without finer codes of those known."""
    codes = {entry.code for entry in known}
    groups = {entry.group for entry in known if entry.group}
    return tuple(
        entry
        for entry in diseases.diseases()
        if entry.code not in codes and entry.group not in groups and entry.parent not in codes
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the guide looks things up for one pool and scheme on one day."""

    book: RuleBook
    pool: str
    scheme: Scheme
    on: date

    def find(self, benefit: Benefit | str, parameter: Parameter, pick: Callable[[Any], Any]) -> Found | None:
        """The component that the most specific adopted rule states; None where nothing does."""
        return Lookup(self.book, self.pool, self.scheme, str(benefit), self.on).find(parameter, pick)

    def lists_diseases(self) -> bool:
        """Whether the pool's list of chronic diseases is on record."""
        return bool(covered_diseases(self.book, self.pool, self.scheme, self.on))

    def coverage(self, disease: str) -> Origin | None:
        """The rule that lists the disease among those covered."""
        found = self.find(Benefit.CHRONIC_DISEASE, Parameter.LISTED, lambda rule: rule.diseases.get(disease))
        return found.origin(found.value.source, found.value.note) if found else None

    def lists_in_part(self) -> bool:
        """Whether other diseases than those on record may be covered too."""
        return lists_in_part(self.book, self.pool, self.scheme, self.on)

    def nationwide(self) -> Origin | None:
        """The rule that lists the diseases settled directly between provinces."""
        found = self.find(
            Benefit.CHRONIC_DISEASE, Parameter.SETTLED, lambda rule: rule.settled_nationally or None
        )
        return found.origin() if found else None

    def contests_of(self, benefit: Benefit | str, rule_id: str) -> tuple[str, ...]:
        """The conflicts that touch a rule, by its id."""
        for _, rule in self.book.statements(self.pool, self.scheme, str(benefit)):
            if rule.id == rule_id:
                contests: tuple[str, ...] = rule.contests
                return contests
        return ()
