"""The rules of a book for batches: looked up as visits ask for them, by the one resolver, and kept as numbers."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

from yidi.benefit import batch_walk as walk
from yidi.benefit import kernel
from yidi.benefit.adjudicate import adjudicate
from yidi.benefit.batch_errors import SlotsFull
from yidi.benefit.batch_store import EPOCH, RANGES, Store
from yidi.benefit.batch_walk import Rules
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.layout import rows
from yidi.benefit.split import whole_split
from yidi.policy.book import RuleBook
from yidi.policy.forms import Rule, When
from yidi.policy.lookup import Lookup
from yidi.policy.pack import LISTED
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import ADOPTABLE, Adjustment, BenefitRule, Ceiling, Layer, Question
from yidi.reference import regions
from yidi.reference.errors import UnknownRegion
from yidi.values.errors import Refusal
from yidi.values.money import yuan_text
from yidi.values.periods import Per
from yidi.values.terms import LAYERS, STANDINGS_OF, Benefit, Level, Scheme, Situation, Standing, Term, Trait

STANDINGS, LEVELS_OF_CARE, SITUATIONS, TRAITS = tuple(Standing), tuple(Level), tuple(Situation), tuple(Trait)
"""In the order of their numbers in the columns of visits; a trait's number is that of its bit."""
SCHEME_OF = {standing: scheme for scheme, standings in STANDINGS_OF.items() for standing in standings}
AT_HOME = SITUATIONS.index(Situation.LOCAL)
BASIC = -1
"""In place of a number among the layers."""
NEVER = 1 << 31
"""A day that no visit reaches."""
FOLDED = frozenset({"on", "reached"})
"""Details of a refusal that differ from visit to visit: told of the first one, and no reason of their own."""

ReasonKey = tuple[object, ...]
"""The same for refusals that are one reason, whatever visit met them."""
Found = int | ReasonKey
"""What a key leads to: a row, with what `walk.Rules.rows` has beside it, or the reason why there is none."""
NO_ADJUSTMENT = Adjustment("none", 0, Situation.LOCAL)

Limited = tuple[Term, Ceiling]
"""A ceiling that is a range, and the benefit or fund whose it is."""


class Slot(NamedTuple):
    """What a visit draws on: a benefit; of one for listed diseases, the disease or the class of the drug.

    `diseases` are all those that the person is approved for where there are several: some pools stack their ceilings.
    """

    benefit: Benefit
    disease: str = ""
    diseases: tuple[str, ...] = ()


class Reason(NamedTuple):
    """Why visits are not paid: the refusal's code, and its sentences as the first of them met it."""

    code: str
    zh: str
    en: str


class Asked(NamedTuple):
    """What a rule depends on, as the columns of a visit have it."""

    day: int
    pool: int
    standing: int
    level: int
    situation: int
    slot: int
    age: int
    traits: int


class Conditions(NamedTuple):
    """What the rules of a pool may turn on."""

    days: frozenset[int]
    """Days since 1970 from which on other statements are in force."""
    ages: frozenset[int]
    """Ages from which on something else may hold."""
    traits: frozenset[Trait]


class RuleTable:
    """The rules of a book, by the adopted readings or by one called by name, as `benefit_rule` gives them.

    Several threads may pay visits by one table.
    """

    def __init__(self, book: RuleBook, reading: str = "", unverified: bool = False) -> None:
        self.book, self.reading, self.unverified = book, reading, unverified
        self.slots: list[Slot] = []
        """By number, as the column `slot` of visits has it."""
        self.reasons: list[Reason] = [Reason("", "", "")]
        """By number, as the column `reason` of results has it; 0 = the visit is paid."""
        self._lock = threading.RLock()
        self._store = Store()
        self._slots: dict[Slot, int] = {}
        self._reasons: dict[ReasonKey, int] = {}
        self._cells: dict[tuple[str, str, Per], int] = {}
        self._bands: dict[frozenset[int], int] = {}
        self._rows: dict[tuple[object, ...], int] = {}
        self._written: dict[int, BenefitRule] = {}
        """A rule at home for each row of the kernel that some such rule has, by where the row begins.

        A rule away from home may come to the same row, as where points bring a share down to nothing; adjusted anew it
        would not come to what a rule at home does.
        """
        self._homes: dict[tuple[int, int, int], Found] = {}
        """The row at home, by the person's part of the key, slot and level."""
        self._away: dict[tuple[int, Scheme, int], Adjustment | ReasonKey] = {}
        """By version, scheme and situation."""
        self._rows_away: dict[tuple[object, ...], Found] = {}
        """The row away from home, by that at home and by what the adjustment says."""
        self._silent: dict[tuple[int, Scheme, int], ReasonKey | None] = {}
        """By version, scheme and slot: why nobody's visit is answered, whatever its level and situation."""
        self._limited: dict[int, Limited] = {}
        self._conditions: dict[tuple[str, str, str], Conditions] = {}

    @property
    def rules(self) -> Rules:
        """The rules as they stand, as numbers."""
        return self._store.rules

    def slot(self, benefit: Benefit, disease: str = "", diseases: tuple[str, ...] = ()) -> int:
        """The number of a slot; one not seen before gets the next."""
        slot = Slot(benefit, disease, diseases)
        with self._lock:
            if slot not in self._slots:
                if len(self.slots) > walk.LAST_SLOT:
                    raise SlotsFull(most=len(self.slots))
                self.slots.append(slot)
                self._slots[slot] = len(self.slots) - 1
            return self._slots[slot]

    def question(self, asked: Asked) -> Question:
        """The question that a visit puts to the book."""
        slot, standing = self.slots[asked.slot], STANDINGS[asked.standing]
        return Question(
            home=f"{asked.pool:06d}",
            scheme=SCHEME_OF[standing],
            standing=standing,
            benefit=slot.benefit,
            level=LEVELS_OF_CARE[asked.level],
            situation=SITUATIONS[asked.situation],
            on=EPOCH + timedelta(days=asked.day),
            disease=slot.disease,
            age=None if asked.age < 0 else asked.age,
            traits=frozenset(trait for bit, trait in enumerate(TRAITS) if asked.traits >> bit & 1),
            diseases=slot.diseases,
        )

    def learn(self, asked: Asked) -> None:
        """Look up the rule of a visit for which a walk has stopped."""
        with self._lock:
            if self.rules.first[asked.pool] == 0:
                self._learn_pool(asked.pool)
            version = int(walk.version_on(self.rules, asked.pool, asked.day))
            person = int(walk.person_key(self.rules, version, asked.standing, asked.age, asked.traits))
            form = asked.slot * walk.SITUATIONS + asked.situation
            if self._store.row(person, form, asked.level) == walk.UNKNOWN:
                self._learn_row(version, person, asked)

    def explain_range(self, place: int, reached: int) -> None:
        """Put down why a visit is refused that goes beyond where a ceiling is certain; `place` is that in `ranges`."""
        with self._lock:
            of, ceiling = self._limited[place]
            refusal = CeilingNotKnown(
                scope=of,
                reached=yuan_text(reached),
                certain=yuan_text(ceiling.certain_to or 0),
                upper=yuan_text(ceiling.amount or 0),
            )
            self.rules.ranges[place + 1] = self._reason(refusal)

    def _learn_row(self, version: int, person: int, asked: Asked) -> None:
        """Put down what a visit's key leads to, and what is known besides of the same care in other situations."""
        silent = self._why_silent(version, asked)
        if silent is not None:
            row = walk.UNKNOWN - self._number(silent, asked)
            for situation in range(walk.SITUATIONS):
                self._store.add_row(person, asked.slot * walk.SITUATIONS + situation, None, row)
            return
        care = person, asked.slot, asked.level
        new = care not in self._homes
        if new:
            self._homes[care] = self._found(self._answer(version, asked._replace(situation=AT_HOME)))
        home = self._homes[care]
        self._add_row(person, asked, self._row(version, asked, home))
        if new and (isinstance(home, int) or home in self._reasons):
            for situation in range(walk.SITUATIONS):
                other = asked._replace(situation=situation)
                if isinstance(self._adjustment(version, other), Adjustment):
                    self._add_row(person, other, self._row(version, other, home))

    def _why_silent(self, version: int, asked: Asked) -> ReasonKey | None:
        """Why no rule answers where none in force speaks of the benefit, or none lists the disease; None = some does.

        Then nothing else of a visit is asked for, and all are refused alike.
        """
        key = version, SCHEME_OF[STANDINGS[asked.standing]], asked.slot
        if key not in self._silent:
            spoken = self._is_spoken_of(self.question(self._on_first_day(version, asked)))
            found = None if spoken else self._found(self._answer(version, asked))
            self._silent[key] = None if isinstance(found, int) else found
        return self._silent[key]

    def _is_spoken_of(self, asked: Question) -> bool:
        benefit, by_list = str(asked.benefit), asked.benefit in LISTED
        where = Lookup(self.book, asked.home, asked.scheme, benefit, asked.on, self.reading, self.unverified)
        try:
            return any(not by_list or asked.disease in rule.diseases for _, rule in where.statements())
        except UnknownRegion:
            return False

    def _add_row(self, person: int, asked: Asked, found: Found) -> None:
        form = asked.slot * walk.SITUATIONS + asked.situation
        row = found if isinstance(found, int) else walk.UNKNOWN - self._number(found, asked)
        self._store.add_row(person, form, asked.level, row)

    def _number(self, reason: ReasonKey, asked: Asked) -> int:
        """The number of the reason that a visit is refused for."""
        return self._reasons.get(reason) or self._reason(self._refusal(asked))

    def _row(self, version: int, asked: Asked, home: Found) -> Found:
        """The row of a visit, by that of the same care at home."""
        away = self._adjustment(version, asked)
        if isinstance(away, Adjustment):
            return self._adjusted(home, away) if isinstance(home, int) else home
        if away is not None and isinstance(home, int):
            return away
        answer = self._answer(version, asked)
        found = self._found(answer)
        if isinstance(answer, BenefitRule):
            self._away[self._situation(version, asked)] = answer.adjustment
        elif not isinstance(found, int) and found != home:
            self._away[self._situation(version, asked)] = found
        return found

    def _adjustment(self, version: int, asked: Asked) -> "Adjustment | ReasonKey | None":
        """The adjustment of a visit's situation, or why there is none; None = not known.

        Adjustments depend on pool, scheme, day and situation alone: one that some visit has met holds for all.
        """
        if asked.situation == AT_HOME:
            return NO_ADJUSTMENT
        return self._away.get(self._situation(version, asked))

    def _situation(self, version: int, asked: Asked) -> tuple[int, Scheme, int]:
        return version, SCHEME_OF[STANDINGS[asked.standing]], asked.situation

    def _adjusted(self, home: int, away: Adjustment) -> Found:
        """The row of care that has this row at home."""
        if away == NO_ADJUSTMENT:
            return home
        verified = away.origin is None or away.origin.grade in ADOPTABLE
        key = home, away.mode, away.ppm, away.upfront_first, verified
        if key not in self._rows_away:
            self._rows_away[key] = self._found(replace(self._written[home >> 2], adjustment=away))
        return self._rows_away[key]

    def _answer(self, version: int, asked: Asked) -> BenefitRule | Refusal:
        """The book's answer, on the version's first day, since the book remembers what it was asked."""
        first = self.question(self._on_first_day(version, asked))
        try:
            return benefit_rule(self.book, first, self.reading, self.unverified)
        except Refusal as refusal:
            return refusal

    def _on_first_day(self, version: int, asked: Asked) -> Asked:
        follows = version > self.rules.first[asked.pool]
        return asked._replace(day=int(self.rules.until[version - 1])) if follows else asked

    def _refusal(self, asked: Asked) -> Refusal:
        """The refusal as the visit itself meets it."""
        try:
            self._row_of(benefit_rule(self.book, self.question(asked), self.reading, self.unverified))
        except Refusal as refusal:
            return refusal
        raise LookupError(f"two answers within one version of the rules: {asked}")

    def _found(self, answer: BenefitRule | Refusal) -> Found:
        if isinstance(answer, Refusal):
            return _key_of(answer)
        try:
            return self._row_of(answer)
        except Refusal as refusal:
            return _key_of(refusal)

    def _row_of(self, rule: BenefitRule) -> int:
        """The row of a rule, written where none says the same yet. Raises what refuses every bill."""
        if any(ceiling.category is not None for ceiling in rule.ceilings):
            adjudicate(whole_split(0), rule, {}, EPOCH)
        limited = dict(_limited(rule))
        ranges = tuple((place, of, item.amount, item.certain_to) for place, (of, item) in limited.items())
        alike = (
            tuple(rows(rule, self._cell)),
            tuple(layer.fund for layer in rule.layers),
            ranges,
            rule.unverified,
        )
        if alike not in self._rows:
            self._rows[alike] = self._write(rule, limited)
        if rule.adjustment == NO_ADJUSTMENT:
            self._written.setdefault(self._rows[alike], rule)
        marks = walk.RANGE * bool(limited) + walk.NOT_VERIFIED * rule.unverified
        return 4 * self._rows[alike] + marks

    def _write(self, rule: BenefitRule, limited: dict[int, Limited]) -> int:
        start = self._store.add_table([BASIC, *(LAYERS.index(layer.fund) for layer in rule.layers)])
        written = rows(rule, self._cell, start)
        self.rules.table[start : start + len(written)] = written
        for place, (of, ceiling) in limited.items():
            at = start // kernel.WIDTH * RANGES + place
            self._limited[at] = of, ceiling
            self.rules.ranges[at] = ceiling.certain_to
        return start

    def _cell(self, scope: str, measure: str, per: Per) -> int:
        """The cell of a counter: one numbering for all rules."""
        name = scope, measure, per
        if name not in self._cells:
            self._store.add_cell(len(self._cells), per)
            self._cells[name] = len(self._cells)
        return self._cells[name]

    def _reason(self, refusal: Refusal) -> int:
        """The number of a refusal's reason; a new one gets the next."""
        key = _key_of(refusal)
        if key not in self._reasons:
            self.reasons.append(Reason(refusal.code, refusal.message, refusal.english))
            self._reasons[key] = len(self.reasons) - 1
        return self._reasons[key]

    def _learn_pool(self, pool: int) -> None:
        matters = self._matters(f"{pool:06d}")
        if matters.ages not in self._bands:
            bands = [0, *(1 + sum(cut <= age for cut in matters.ages) for age in range(walk.OLDEST + 1))]
            self._bands[matters.ages] = self._store.add_bands(bands)
        ends = [*sorted(day for day in matters.days if day > 0), NEVER]
        traits = sum(1 << bit for bit, trait in enumerate(TRAITS) if trait in matters.traits)
        self._store.add_pool(pool, ends, self._bands[matters.ages], traits)

    def _matters(self, pool: str) -> Conditions:
        """What the rules of a pool may turn on, from all layers; nothing where there is no such pool."""
        try:
            layers = regions.layers_of(pool)
        except UnknownRegion:
            layers = ()
        found = [NOTHING, *(self._of_pack(key) for key in self.book.packs if key[0] in layers)]
        return Conditions(*(frozenset().union(*parts) for parts in zip(*found, strict=True)))

    def _of_pack(self, key: tuple[str, str, str]) -> Conditions:
        if key not in self._conditions:
            parts = list(_parts(self.book.packs[key].pack.rules))
            self._conditions[key] = Conditions(
                days=frozenset(day for part in parts if isinstance(part, Rule) for day in _days(part)),
                ages=frozenset(age for part in parts if isinstance(part, When) for age in _ages(part)),
                traits=frozenset(part for part in parts if isinstance(part, Trait)),
            )
        return self._conditions[key]


NOTHING = Conditions(frozenset(), frozenset(), frozenset())


def _key_of(refusal: Refusal) -> ReasonKey:
    details = ((name, str(value)) for name, value in refusal.details.items() if name not in FOLDED)
    return refusal.code, *sorted(details)


def _parts(item: Any) -> Iterator[Any]:
    """A document and everything in it."""
    yield item
    inner: Any = ()
    if isinstance(item, dict):
        inner = item.values()
    elif isinstance(item, list | tuple):
        inner = item
    elif hasattr(type(item), "model_fields"):
        inner = (getattr(item, name) for name in type(item).model_fields)
    for value in inner:
        yield from _parts(value)


def _days(rule: Rule) -> Iterator[int]:
    yield _day(rule.first_day)
    if rule.in_force.until is not None:
        yield _day(rule.in_force.until) + 1


def _day(day: date) -> int:
    return (day - EPOCH).days


def _ages(when: When) -> Iterator[int]:
    if when.age_from is not None:
        yield when.age_from
    if when.age_to is not None:
        yield when.age_to + 1


def _limited(rule: BenefitRule) -> Iterator[tuple[int, Limited]]:
    """The ceilings of a rule that are ranges, by where their ranges stand."""
    parts: list[tuple[Term, BenefitRule | Layer]] = [(rule.benefit, rule)]
    parts += [(layer.fund, layer) for layer in rule.layers]
    for row, (of, part) in enumerate(parts):
        written = (ceiling for ceiling in part.ceilings if ceiling.category is None)
        for number, ceiling in zip(count(), written):
            if ceiling.certain_to is not None and ceiling.amount is not None:
                yield row * RANGES + number * walk.RANGE_WIDTH, (of, ceiling)
