"""What a rule book holds, seen as a whole: what it answers and by which grade, what is old, what is contested."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Literal

from yidi.policy.amounts import answers
from yidi.policy.book import RuleBook
from yidi.policy.cases import filing_kind
from yidi.policy.errors import AmbiguousRules, DiseaseNotCovered, MissingParameter
from yidi.policy.forms import AmountTable, RatioTable, Rule, When
from yidi.policy.loaded import LoadedPack, parts, sources_of
from yidi.policy.lookup import FILING, Lookup, Matter, Parameter
from yidi.policy.pack import LISTED
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import ADOPTABLE, Origin, Question
from yidi.values.errors import Refusal
from yidi.values.terms import (
    CLASS_OF_SITUATION,
    LAYERS,
    STANDINGS_OF,
    Benefit,
    FilingKind,
    Level,
    Scheme,
    Situation,
    Standing,
)

MATTERS: tuple[str, ...] = (*map(str, Benefit), *map(str, LAYERS), *map(str, Matter))
"""Everything that packs may be about, in the order in which it is shown."""

AGES = {
    Standing.ACTIVE: 40,
    Standing.RETIRED: 65,
    Standing.MINOR: 10,
    Standing.ADULT: 40,
    Standing.SENIOR: 66,
}
"""How old the persons are about whom is asked where nobody's age is known."""

LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY)
"""The levels about which is always asked; others only where a statement names them."""

AWAY = tuple(
    item for item in Situation if item not in (Situation.LOCAL, Situation.EXEMPT, Situation.RETURNING)
)
"""The situations that need an answer of their own."""

State = Literal["adopted", "partly", "unverified", "named", "missing", "none"]


# questions


def questions(book: RuleBook, pool: str, scheme: Scheme, benefit: Benefit, on: date) -> Iterator[Question]:
    """Everything that may be asked about a benefit: each listed disease, standing and level, for care at home."""
    listed = diseases_of(book, pool, scheme, benefit, on) if benefit in LISTED else ("",)
    levels = levels_of(book, pool, scheme, benefit) if listed else ()
    for disease, standing, level in product(listed, STANDINGS_OF[scheme], levels):
        yield Question(
            pool, scheme, standing, benefit, level, Situation.LOCAL, on, disease, age=AGES[standing]
        )


def diseases_of(book: RuleBook, pool: str, scheme: Scheme, benefit: Benefit, on: date) -> tuple[str, ...]:
    """The diseases or classes of drugs that any usable statement lists, adopted or not."""
    where = Lookup(book, pool, scheme, str(benefit), on, unverified=True)
    return tuple(sorted({code for _, rule in where.statements() for code in rule.diseases}))


def levels_of(book: RuleBook, pool: str, scheme: Scheme, benefit: str) -> tuple[Level, ...]:
    """The three usual levels, and those that a statement about the benefit names besides."""
    named = set(LEVELS)
    for _, rule in book.statements(pool, scheme, str(benefit)):
        for _, part in parts(rule):
            if isinstance(part, AmountTable | RatioTable):
                named |= {level for level in Level if getattr(part, level) is not None}
            if isinstance(part, When) and part.level is not None:
                named.add(part.level)
    return tuple(level for level in Level if level in named)


# coverage


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one pool, scheme and matter is answered for on a day."""

    pool: str
    scheme: Scheme
    matter: str
    asked: int
    """How many questions were asked: persons × levels × diseases, or parameters."""
    adopted: int
    """Answered by adopted rules."""
    unverified: int
    """Answered by unadopted statements of grade C or R alone: for estimates."""
    named: int
    """Answered only by a reading that is kept and must be called by name."""
    grades: tuple[str, ...]
    """Of the sources of the adopted answers."""
    unverified_grades: tuple[str, ...]
    readings: tuple[str, ...]
    """The readings that answer when called by name where nothing adopted does."""
    missing: tuple[str, ...]
    """What no adopted rule says, by its Chinese name."""

    @property
    def state(self) -> State:
        """In one word."""
        if self.asked and self.adopted == self.asked:
            return "adopted"
        if self.adopted:
            return "partly"
        if self.unverified:
            return "unverified"
        if self.named:
            return "named"
        return "missing" if self.asked else "none"


Answer = Callable[[str, bool], Iterable[Origin]]
"""The origins of an answer by a reading, or with unverified statements; raises a refusal where there is none."""
_UNANSWERED = (MissingParameter, DiseaseNotCovered, AmbiguousRules)


@dataclass(slots=True)
class _Tally:
    """Answers as they are counted."""

    kept: tuple[str, ...]
    """The readings that may be called by name."""
    asked: int = 0
    adopted: int = 0
    unverified: int = 0
    named: int = 0
    grades: set[str] = field(default_factory=set)
    unverified_grades: set[str] = field(default_factory=set)
    readings: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def ask(self, answer: Answer) -> None:
        """Ask once by adopted rules, then with unverified ones, then by each reading that is kept."""
        self.asked += 1
        try:
            self.grades |= {origin.grade for origin in answer("", False)}
            self.adopted += 1
            return
        except Refusal as refusal:
            self.missing.setdefault(missing_of(refusal))
        try:
            self.unverified_grades |= {origin.grade for origin in answer("", True)}
            self.unverified += 1
        except _UNANSWERED:
            answering = [name for name in self.kept if _answers(answer, name)]
            self.named += bool(answering)
            self.readings |= dict.fromkeys(answering)


def _answers(answer: Answer, reading: str) -> bool:
    try:
        return bool(list(answer(reading, False)))
    except _UNANSWERED:
        return False


def missing_of(refusal: Refusal) -> str:
    """What a refusal says is not there, in a few words."""
    if isinstance(refusal, MissingParameter):
        matter, parameter = refusal.details["benefit"], refusal.details["parameter"]
        return f"{matter.zh}的{parameter.zh}"
    if isinstance(refusal, DiseaseNotCovered):
        return f"{refusal.details['benefit'].zh}的{Parameter.LISTED.zh}"
    return refusal.message


def coverage(book: RuleBook, on: date, pools: Iterable[str] = ()) -> list[Coverage]:
    """How far each pool that has packs, or each of those given, is answered for."""
    return [
        _covered(book, pool, scheme, matter, on)
        for pool in pools or book.pools()
        for scheme in Scheme
        for matter in MATTERS
    ]


def _covered(book: RuleBook, pool: str, scheme: Scheme, matter: str, on: date) -> Coverage:
    statements = list(book.statements(pool, scheme, matter))
    tally = _Tally(tuple(sorted({rule.reading for _, rule in statements if not rule.adopted})))
    if statements:
        if matter in Benefit.spellings():
            _ask_benefit(tally, book, pool, scheme, Benefit(matter), on)
        elif matter in LAYERS:
            _ask_layer(tally, book, pool, scheme, matter, on)
        elif matter == FILING:
            _ask_filing(tally, book, pool, scheme, on)
        else:
            _ask_matter(tally, book, pool, scheme, matter, on)
    return Coverage(
        pool,
        scheme,
        matter,
        tally.asked,
        tally.adopted,
        tally.unverified,
        tally.named,
        tuple(sorted(tally.grades)),
        tuple(sorted(tally.unverified_grades)),
        tuple(tally.readings),
        tuple(tally.missing),
    )


def _ask_benefit(
    tally: _Tally, book: RuleBook, pool: str, scheme: Scheme, benefit: Benefit, on: date
) -> None:
    for question in questions(book, pool, scheme, benefit, on):

        def answer(reading: str, unverified: bool, asked: Question = question) -> Iterable[Origin]:
            return benefit_rule(book, asked, reading, unverified).origins

        tally.ask(answer)


def _ask_layer(tally: _Tally, book: RuleBook, pool: str, scheme: Scheme, fund: str, on: date) -> None:
    """A layer by itself: the benefits below it may lack parameters of their own."""
    for standing, level in product(STANDINGS_OF[scheme], levels_of(book, pool, scheme, fund)):
        question = Question(
            pool, scheme, standing, Benefit.INPATIENT, level, Situation.LOCAL, on, age=AGES[standing]
        )

        def answer(reading: str, unverified: bool, asked: Question = question) -> Iterable[Origin]:
            where = Lookup(book, pool, scheme, fund, on, reading, unverified)
            yield where.need(Parameter.LAYER, lambda rule: rule.layer).origin()
            for parameter in (Parameter.DEDUCTIBLE, Parameter.SHARE, Parameter.CEILING):
                found = where.need(parameter, _component(str(parameter), asked))
                yield found.origin(getattr(found.value, "source", None))

        tally.ask(answer)


def _component(name: str, question: Question) -> Callable[[Any], Any]:
    def pick(rule: Any) -> Any:
        value = getattr(rule, name)
        return value if value is not None and answers(value, question) else None

    return pick


def _ask_filing(tally: _Tally, book: RuleBook, pool: str, scheme: Scheme, on: date) -> None:
    def unfiled(reading: str, unverified: bool) -> Iterable[Origin]:
        where = Lookup(book, pool, scheme, FILING, on, reading, unverified)
        return [where.need(Parameter.UNFILED, lambda rule: rule.unfiled).origin()]

    tally.ask(unfiled)
    for situation in AWAY:

        def adjusted(reading: str, unverified: bool, asked: Situation = situation) -> Iterable[Origin]:
            where = Lookup(book, pool, scheme, FILING, on, reading, unverified)
            return [where.need(Parameter.ADJUSTMENT, lambda rule: adjustment_of(rule, asked)).origin()]

        tally.ask(adjusted)
    for kind in FilingKind:

        def filed(reading: str, unverified: bool, asked: FilingKind = kind) -> Iterable[Origin]:
            return [filing_kind(book, pool, scheme, asked, on).origin]

        tally.ask(filed)


def adjustment_of(rule: Any, situation: Situation) -> Any:
    """What a statement about filing says of a situation, or of the class of filings that it rests on."""
    klass = CLASS_OF_SITUATION.get(situation)
    return rule.adjustment.get(situation) or (rule.adjustment.get(klass) if klass else None)


def _ask_matter(tally: _Tally, book: RuleBook, pool: str, scheme: Scheme, matter: str, on: date) -> None:
    """Matters without persons and levels: every parameter that any statement about them names."""
    named: dict[str, None] = {}
    for _, rule in book.statements(pool, scheme, matter):
        named |= dict.fromkeys(name for name in _own_fields(rule) if getattr(rule, name))
    for name in named:

        def stated(reading: str, unverified: bool, asked: str = name) -> Iterable[Origin]:
            where = Lookup(book, pool, scheme, matter, on, reading, unverified)
            parameter = _PARAMETERS.get(asked) or Parameter(asked.replace("_", "-"))
            return [where.need(parameter, lambda rule: getattr(rule, asked) or None).origin()]

        tally.ask(stated)


_PARAMETERS = {"own": Parameter.ACCOUNT, "family": Parameter.ACCOUNT, "upfront_on": Parameter.ORDER}


def _own_fields(rule: Any) -> list[str]:
    return [name for name in type(rule).model_fields if name not in Rule.model_fields]


# places


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands."""

    pool: str
    scheme: str
    matter: str
    rule: str
    reading: str
    adopted: bool
    file: Path
    line: int
    unverified: bool
    """Whether anything in the rule rests on a source of grade C or R."""


def place_of(loaded: LoadedPack, index: int, *inside: int | str) -> Place:
    """Where the rule with that index stands in a pack, or what is `inside` it."""
    pack, rule = loaded.pack, loaded.pack.rules[index]
    line = loaded.document.line(("rules", index, *inside))
    return Place(
        pack.pool,
        str(pack.scheme),
        str(pack.benefit),
        rule.id,
        rule.reading,
        rule.adopted,
        loaded.document.path,
        line,
        is_unverified(rule),
    )


def is_unverified(rule: Any) -> bool:
    """Whether anything in a statement rests on a source of grade C or R."""
    return any(source.grade not in ADOPTABLE for _, source in sources_of(rule))


def unverified_readings(book: RuleBook, pool: str, scheme: Scheme) -> set[str]:
    """The readings that may speak for a pool of which some statement rests on a source of grade C or R."""
    return {
        rule.reading
        for matter in MATTERS
        for _, rule in book.statements(pool, scheme, matter)
        if is_unverified(rule)
    }


def rules_named(book: RuleBook, name: str) -> list[tuple[Place, Any]]:
    """The rules that bear an id, each with its place: ids are unique within a file only."""
    return [
        (place_of(loaded, index, "id"), rule)
        for loaded in book.packs.values()
        for index, rule in enumerate(loaded.pack.rules)
        if rule.id == name
    ]


def contested(book: RuleBook) -> dict[str, list[Place]]:
    """The conflicts between sources, each with the rules that it touches."""
    found: dict[str, list[Place]] = {name: [] for name in book.conflicts}
    for loaded in book.packs.values():
        for index, rule in enumerate(loaded.pack.rules):
            for name in rule.contests:
                found.setdefault(name, []).append(place_of(loaded, index, "contests"))
    return found


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that nobody has looked at for some time."""

    place: Place
    source: str
    grade: str
    checked: date
    days: int


def stale(book: RuleBook, as_of: date, days: int) -> list[Stale]:
    """The sources last looked at more than `days` days before a day, longest ago first."""
    found = [
        Stale(
            place_of(loaded, index, *inside),
            source.id,
            source.grade,
            source.checked,
            (as_of - source.checked).days,
        )
        for loaded in book.packs.values()
        for index, rule in enumerate(loaded.pack.rules)
        for inside, source in sources_of(rule)
    ]
    late = [item for item in found if item.days > days]
    return sorted(late, key=lambda item: (item.checked, str(item.place.file), item.place.line))
