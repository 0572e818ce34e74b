"""Packs as authors write them, made up by Hypothesis: whole books of documents that the check accepts by design.

A book holds the nation, a province and a city. The widest layer that speaks of a benefit states everything for
everybody; narrower ones state what they change, for some or for all. Readings stand beside the adopted rules, rules
follow one another in time, and every form of the language has its chance. `book_of` writes, reads and checks them.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import yaml
from hypothesis import HealthCheck, Phase, event, given, reject, settings
from hypothesis import strategies as st

from tests.policy.factories import CONFLICTS, SOURCES
from yidi.benefit.adjudicate import Balances
from yidi.benefit.split import Split, whole_split
from yidi.policy.book import RuleBook, read_all
from yidi.policy.errors import PackProblem
from yidi.policy.rules import Question
from yidi.values.terms import (
    LAYERS,
    STANDINGS_OF,
    AccountPart,
    Benefit,
    FeeCategory,
    Level,
    Scheme,
    Situation,
    Standing,
    Trait,
)

Doc = dict[str, Any]
"""A pack, or a part of one, as a file has it."""

NATION, PROVINCE, CITY, BESIDE = "CN", "360000", "360100", "360200"
"""The layers of a book; the city beside has no rules of its own."""
DISEASES = ("M03900", "M01600", "M00500")
LISTED = (Benefit.CHRONIC_DISEASE, Benefit.TWO_DISEASES, Benefit.DUAL_CHANNEL)
CLASSES = {
    Benefit.CHRONIC_DISEASE: ("I", "II"),
    Benefit.TWO_DISEASES: ("drugs",),
    Benefit.DUAL_CHANNEL: ("A", "B"),
}
BROAD_LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY, Level.PHARMACY)
"""Rows for these answer for every level."""
WHOLE = tuple(f"{5 * step}%" for step in range(21))
BROKEN = ("66.67%", "33.3333%", "0.5%", "99.9999%", "62.5%")
PARAMETERS = ("deductible", "share", "ceiling")
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


@cache
def sampled(options: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@cache
def below(limit: int) -> st.SearchStrategy[int]:
    return st.integers(0, limit - 1)


@dataclass(frozen=True)
class Place:
    """Where a statement stands, and for whom it must have an answer."""

    pool: str
    scheme: str
    benefit: str
    complete: bool
    """Whether it is the widest layer: then it answers everybody."""

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(Standing) if self.scheme == "all" else STANDINGS_OF[Scheme(self.scheme)]

    @property
    def listed(self) -> bool:
        return self.benefit in LISTED

    @property
    def layer(self) -> bool:
        return self.benefit in LAYERS


def least_of(doc: Mapping[str, Any]) -> int:
    """The least amount of a table, in whole yuan."""
    if "yuan" in doc:
        return int(Decimal(doc["yuan"]) * Decimal(str(doc.get("part", "100%")).removesuffix("%")) / 100)
    return min(least_of(branch) for branch in doc.values() if isinstance(branch, dict))


@dataclass(frozen=True)
class Author:
    """Writes the documents of one book."""

    draw: st.DrawFn
    shares: Literal["factors", "person-times", "any"]
    """What may be done with shares: products with whole percents are exact where every share is a whole percent."""
    fees_apart: bool
    """Whether outpatient ceilings limit some fees apart: then outpatient care has no deductible."""
    most_points: int
    of_diseases: Doc
    """Period and measure of ceilings per disease: alike in a book, so that they may be stacked."""
    cared_for: tuple[Benefit, ...]
    """Of general outpatient and inpatient care, those that the book answers for."""
    listed: tuple[Benefit, ...]
    """Of the benefits of listed diseases and drugs, those that the book answers for."""

    def one(self, *options: Any) -> Any:
        return options[self.draw(below(len(options)))]

    def rarely(self, of: int = 4) -> bool:
        return bool(self.draw(below(of)) == of - 1)

    def some(self, options: Sequence[Any], least: int = 1) -> list[Any]:
        """Some of the options, in their order."""
        bits = self.draw(below(1 << len(options)))
        picked = [item for place, item in enumerate(options) if bits >> place & 1]
        return picked if len(picked) >= least else list(options[:least])

    def yuan(self, most: int = 60, least: int = 0) -> int | str:
        """So many times fifty yuan, now and then with some fen."""
        steps, fen = divmod(self.draw(below(8 * (most - least))), 8)
        return f"{50 * (least + steps)}.{'05' if steps % 2 else '9'}" if fen == 7 else 50 * (least + steps)

    def percent(self) -> str:
        return self.one(*WHOLE, *BROKEN) if self.shares == "any" else self.one(*WHOLE)

    def changing(self) -> str:
        """A percentage that changes what it is added to or multiplied with."""
        return str(self.one(*WHOLE[1:-1]))

    def table(self, leaf: Callable[[], Any], place: Place) -> Doc:
        """Rows by standing, by level or by both; where the place must answer everybody, for all of them."""
        kind = self.one("level", "standing", "both")
        if kind == "level":
            return self.by_level(leaf, place)
        standings = place.standings if place.complete else self.some(place.standings)
        if kind == "standing":
            return {str(standing): leaf() for standing in standings}
        return {
            str(standing): self.by_level(leaf, place) if self.draw(below(2)) else leaf()
            for standing in standings
        }

    def by_level(self, leaf: Callable[[], Any], place: Place) -> Doc:
        levels = list(BROAD_LEVELS) if place.complete else self.some(BROAD_LEVELS)
        levels += [level for level in Level if level not in BROAD_LEVELS and self.rarely()]
        return {str(level): leaf() for level in levels}

    def where(self, place: Place, effects: Mapping[str, Callable[[], Any]], *more: str) -> Doc:
        """Exceptions for some, at most one of each kind."""
        if not self.rarely(3):
            return {}
        entries: dict[str, Doc] = {}
        for _ in range(1 + self.draw(below(3))):
            effect = self.one(*sorted(effects))
            entries[str(effect)] = {**self.when(place, *more), effect: effects[effect]()}
        return {"where": list(entries.values())}

    def when(self, place: Place, *more: str) -> Doc:
        conditions: dict[str, Callable[[], Any]] = {
            "standing": lambda: str(self.one(*place.standings)),
            "level": lambda: str(self.one(*Level)),
            "age_from": lambda: self.one(60, 70),
            "age_to": lambda: self.one(80, 90),
            "trait": lambda: str(self.one(Trait.HARDSHIP, Trait.FAMILY_DOCTOR, Trait.CIVIL_SERVANT)),
            "stay_from": lambda: self.one(2, 3, 4),
        }
        names = [name for name in conditions if name != "stay_from" or name in more]
        pairs = [(one, other) for one in names for other in names if one <= other]
        return {name: conditions[name]() for name in dict.fromkeys(self.one(*pairs))}

    def source(self, *grades: str, **more: Any) -> Doc:
        place: Doc = self.one({"clause": "第三条"}, {"quote": "按规定执行"}, {"facts": ["JX-101"]})
        document = "NEWS" if "facts" in place else "LAW"
        return {"id": document, "grade": self.one(*grades), "checked": date(2026, 1, 1), **place, **more}

    def own_source(self) -> Doc:
        """A source or a note of a component's own, now and then."""
        which = self.draw(below(16))
        if which == 15:
            return {"note": "以经办机构答复为准"}
        dated: list[Doc] = [{}, {"seen": "2025-03"}, {"reading": "answer", "seen": "checked"}]
        return {"source": self.source("A", "B", "S", **dated[which - 12])} if which >= 12 else {}

    # components

    def deductible(self, place: Place) -> Any:
        outpatient = place.benefit != Benefit.INPATIENT and not place.layer
        if self.rarely() or (outpatient and self.fees_apart):
            return "none"
        per = self.one("year", "visit")
        doc: Doc = {"per": per, **(self.leaf() if self.draw(below(2)) else self.table(self.leaf, place))}
        least = least_of(doc)
        if per == "visit" and self.rarely():
            doc["top"] = least + self.one(1, 100, 1000)
        stays = place.benefit == Benefit.INPATIENT and per == "visit"
        if stays and not self.rarely():
            doc["repeat"] = self.repeat(place, least)
        effects = {"to": self.yuan, "less": lambda: self.yuan(least=1), "times": self.changing}
        doc |= self.where(place, effects, *(["stay_from"] if stays else []))
        return doc | self.own_source()

    def leaf(self) -> Doc:
        return {"yuan": self.yuan(), "part": self.percent()} if self.rarely(8) else {"yuan": self.yuan()}

    def repeat(self, place: Place, least: int) -> Doc:
        kind = self.one("times", "less", "amounts")
        times = range(1 + self.draw(below(3)))
        if kind == "times":
            return {"times": [self.percent() for _ in times]}
        if kind == "amounts":
            partial = Place(place.pool, place.scheme, place.benefit, complete=False)
            return {
                "amounts": [self.leaf() if self.rarely() else self.table(self.leaf, partial) for _ in times]
            }
        everybody = Place(place.pool, place.scheme, place.benefit, complete=True)

        def below_all() -> Doc:
            return {"yuan": least // self.one(1, 2, 10)}

        floor = below_all() if self.draw(below(2)) else self.by_level(below_all, everybody)
        return {"less": self.yuan(10, 1), "floor": floor}

    def share(self, place: Place) -> Any:
        kind = self.one("plain", "table", "table", "bands", "as")
        effects = {"to": self.percent, "plus": self.changing, "minus": self.changing}
        if self.shares == "person-times" or (self.shares == "factors" and kind != "as"):
            effects["person_times"] = self.changing
        if kind == "plain":
            return self.percent()
        if kind == "as" and place.listed:
            doc: Doc = {"as": str(self.one(*self.cared_for))}
        elif kind == "bands":
            doc = self.bands(place)
        else:
            doc = self.table(self.percent, place)
        return doc | self.where(place, effects) | self.own_source()

    def bands(self, place: Place) -> Doc:
        limits = sorted(self.draw(st.sets(below(60), min_size=1, max_size=4)))
        shares = [
            self.table(self.percent, place) if self.rarely() else self.percent() for _ in (*limits, None)
        ]
        bands = [
            {"to": 100 * (1 + limit), "share": share} for limit, share in zip(limits, shares, strict=False)
        ]
        position = self.one("with-deductible", "after-deductible")
        return {
            "bands": [*bands, {"share": shares[-1]}],
            "per": self.one("year", "visit"),
            "position": position,
        }

    def ceiling(self, place: Place, scope: str = "") -> Any:
        kind = self.one("none", "one", "one", "list")
        if kind == "none" and not scope:
            return "none"
        if kind == "list":
            each = [self.one_ceiling(place, scope) for _ in range(1 + self.draw(below(3)))]
            first = next((doc for doc in each if doc["scope"] == "disease"), None)
            return [doc for doc in each if doc["scope"] != "disease" or doc is first]
        return self.one_ceiling(place, scope)

    def one_ceiling(self, place: Place, scope: str) -> Doc:
        scopes = ["benefit", *([] if place.layer else ["inpatient"]), *(["disease"] if place.listed else [])]
        doc: Doc = {
            "per": self.one("year", "year", "quarter", "month", "visit"),
            "on": self.one("fund", "fund", "cost"),
        }
        doc["scope"] = scope or self.one(*scopes)
        if doc["scope"] == "disease":
            doc |= self.of_diseases
        apart = self.fees_apart and place.benefit != Benefit.INPATIENT and not place.layer
        if apart and doc["per"] == "visit" and self.draw(below(2)):
            doc["category"] = str(self.one(*FeeCategory))
        doc |= self.limit() if self.draw(below(2)) else self.table(self.limit, place)
        if self.rarely(6):
            doc["incentive"] = {
                "yuan": self.yuan(20, 1),
                "after_years": self.one(0, 4),
                "at_most": self.one("20%", "5%"),
            }
            doc["incentive"] |= self.one({}, {"unclaimed": 100})
        effects: dict[str, Callable[[], Any]] = {
            "to": lambda: self.one("none", self.yuan()),
            "plus": lambda: self.yuan(least=1),
            "times": self.changing,
        }
        return doc | self.where(place, effects) | self.own_source()

    def limit(self) -> Doc:
        """The amount of a ceiling; now and then a range."""
        if self.rarely(12):
            low = self.yuan(60, 10)
            return {"between": [low, int(float(low)) + 500]}
        return {"yuan": self.yuan(), "part": self.percent()} if self.rarely(12) else {"yuan": self.yuan(80)}

    # statements

    def components(self, place: Place, names: Iterable[str]) -> Doc:
        return {name: getattr(self, name)(place) for name in names}

    def statement(self, place: Place) -> Doc:
        """What one source says: everything where the place must be complete, else a part."""
        names = list(PARAMETERS) if place.complete else self.some(PARAMETERS)
        stated = self.components(place, names)
        return stated | self.classes(place) if place.listed else stated

    def classes(self, place: Place) -> Doc:
        """Classes and diseases, each with what it states of its own; stacking where diseases have ceilings."""
        names = CLASSES[Benefit(place.benefit)]
        partial = Place(place.pool, place.scheme, place.benefit, complete=False)
        classes: Doc = {name: self.components(partial, self.some(PARAMETERS, 0)) for name in names}
        if place.benefit == Benefit.DUAL_CHANNEL:
            classes["B"]["upfront"] = self.percent()
            return {"classes": classes, "diseases": {name: {"class": name} for name in names}}
        codes = DISEASES[:2] if place.complete else self.some(DISEASES[:2])
        diseases: Doc = {code: {"class": self.one(*names)} for code in codes}
        if self.rarely():
            diseases[codes[0]] |= self.components(partial, self.some(PARAMETERS))
        stacked: Doc = {}
        if self.rarely(3):
            classes[names[0]]["ceiling"] = self.one_ceiling(place, "disease")
            how = self.one({"how": "sum"}, {"how": "max"}, {"how": "add", "yuan": 200})
            stacked = {"stacking": {**how, **self.one({}, {"top": 2500})}}
        in_part: Doc = {"list": "part"} if self.rarely() else {}
        return {"classes": classes, "diseases": diseases, **stacked, **in_part}

    def rules(self, place: Place, state: Callable[[Place], Doc]) -> list[Doc]:
        """Adopted rules, in one version or two, in one rule or several; and readings kept beside them."""
        made: list[Doc] = []
        for dates in self.versions(place):
            for stated in self.parted(place, state(place)):
                head = {"reading": self.one("law", "seed"), "adopted": True, "in_force": dates}
                made.append({**head, "source": self.source("A", "B", "S"), **stated})
        partial = Place(place.pool, place.scheme, place.benefit, complete=False)
        for reading in [name for name in ("kept", "rumour") if self.rarely()]:
            grades = ("C", "R") if reading == "rumour" else ("A", "B", "C", "S")
            head = {"reading": reading, "in_force": {"from": date(2024, 1, 1)}}
            made.append({**head, "source": self.source(*grades), **state(partial)})
        for number, rule in enumerate(made):
            rule["id"] = f"{place.pool}-{place.scheme}-{place.benefit}-{number}"
            if self.rarely():
                rule["contests"] = ["E-99"]
        return made

    def versions(self, place: Place) -> list[Doc]:
        """Dates in force that follow one another; of a complete statement they cover every day asked about."""
        change = FIRST + timedelta(days=self.draw(below(700)))
        before = {"until": change - timedelta(days=1)}
        begun: Doc = self.one(
            {"from": date(2024, 1, 1)},
            {"from": "unknown", "seen": "2024-05"},
            {"from": "unknown", "seen": 2024},
        )
        if self.rarely(3):
            return [{**begun, **before}, {"from": change}]
        if place.complete:
            return [begun]
        return [self.one(begun, begun, {**begun, **before}, {"from": change})]

    def parted(self, place: Place, stated: Doc) -> list[Doc]:
        """The components in one rule or in two; those of listed diseases belong together."""
        if place.listed or len(stated) < 2 or not self.rarely(3):
            return [stated]
        first = next(iter(stated))
        rest = {name: value for name, value in stated.items() if name != first}
        return [{first: stated[first]}, rest]

    # packs

    def packs_of(
        self, benefit: str, schemes: Sequence[str], state: Callable[[Place], Doc], together: bool = True
    ) -> list[Doc]:
        """The packs of one benefit, layer by layer; each layer's for all schemes or scheme by scheme."""
        base = self.one(NATION, PROVINCE)
        narrower = self.some((PROVINCE, CITY) if base == NATION else (CITY,), 0)
        found: list[Doc] = []
        for pool in (base, *narrower):
            speaking = ["all"] if together and self.rarely(3) else list(schemes)
            for scheme in speaking:
                place = Place(pool, scheme, str(benefit), complete=pool == base)
                head = {"pool": pool, "scheme": scheme, "benefit": str(benefit)}
                found.append({**head, "rules": self.rules(place, state)})
        return found

    def layer(self, place: Place) -> Doc:
        stated = self.components(place, PARAMETERS if place.complete else self.some(PARAMETERS))
        if place.complete or self.rarely():
            over = [str(benefit) for benefit in self.cared_for]
            over += [f"{benefit}:{CLASSES[benefit][0]}" for benefit in self.listed]
            over = self.some(over)
            base = self.one("person", "person-and-upfront", "beyond-ceiling")
            stated["layer"] = {"base": base, "over": over, **self.one({}, {"trait": "civil-servant"})}
        return stated

    def filing(self, place: Place) -> Doc:
        kinds = ["long-term", "temporary", "unfiled", "returning"]
        asked = kinds if place.complete else self.some(kinds)
        asked += [str(kind) for kind in (Situation.REFERRAL, Situation.EMERGENCY) if self.rarely()]
        stated: Doc = {"adjustment": {kind: self.adjustment() for kind in asked}}
        if self.draw(below(2)):
            stated["unfiled"] = {"direct": True}
            stated["exempt"] = [{"between": "same-province"}]
        if place.pool == NATION:
            stated["reduction_limits"] = {"unfiled": f"{self.most_points}%"}
        return stated

    def adjustment(self) -> Doc:
        mode = self.one("none", "points", "upfront", *(["factor"] if self.shares == "factors" else []))
        if mode == "points":
            return {"mode": mode, "ratio": f"{1 + self.draw(below(self.most_points))}%"}
        if mode == "upfront":
            order = self.one("upfront-first", "deductible-first")
            return {"mode": mode, "ratio": self.one("10%", "15%", "33.33%", "100%"), "order": order}
        return (
            {"mode": mode, "ratio": f"{50 + self.draw(below(50))}%"} if mode == "factor" else {"mode": mode}
        )

    def accounts(self, place: Place) -> Doc:
        parts = [str(part) for part in AccountPart]
        whose = self.some(("own", "family"))
        return {name: {"pays": self.draw(st.permutations(self.some(parts)))} for name in whose}

    def book(self, schemes: Sequence[str]) -> list[Doc]:
        found: list[Doc] = []
        for benefit in (*self.cared_for, *self.listed):
            found += self.packs_of(benefit, schemes, self.statement)
        for fund in self.some(LAYERS, 0) if self.rarely(2) else ():
            found += self.packs_of(fund, schemes, self.layer, together=False)
        found += self.packs_of("filing", schemes, self.filing)
        return found + (self.packs_of("account", schemes, self.accounts) if self.rarely(3) else [])


@st.composite
def packs(draw: st.DrawFn) -> list[Doc]:
    """The packs of a book in which everything that may be asked has an adopted answer."""
    general, inpatient = Benefit.GENERAL_OUTPATIENT, Benefit.INPATIENT
    author = Author(
        draw,
        shares=draw(sampled(("factors", "person-times", "any"))),
        fees_apart=draw(below(4)) == 3,
        most_points=draw(sampled((5, 20))),
        of_diseases={
            "per": draw(sampled(("year", "quarter", "month"))),
            "on": draw(sampled(("fund", "cost"))),
        },
        cared_for=draw(sampled(((general,), (inpatient,), (general, inpatient)))),
        listed=draw(sampled(((), LISTED[:1], LISTED[:1], LISTED[1:2], LISTED[2:]))),
    )
    one, other = ("employee",), ("resident",)
    return author.book(draw(sampled((one, other, one, other, (*one, *other)))))


@st.composite
def rumoured(draw: st.DrawFn) -> list[Doc]:
    """A book of which one benefit rests, in some layer or in all, on sources that may not be adopted."""
    made = draw(packs())
    benefit = draw(
        sampled(tuple(sorted({pack["benefit"] for pack in made if pack["benefit"] in Benefit.spellings()})))
    )
    of_benefit = [pack for pack in made if pack["benefit"] == benefit]
    for pack in of_benefit:
        pack["rules"] = [rule for rule in pack["rules"] if rule.get("adopted")]
    widest = of_benefit[0]["pool"]
    all_layers, grade = draw(st.booleans()), draw(sampled(("C", "R")))
    for pack in of_benefit:
        for rule in pack["rules"] if all_layers or pack["pool"] == widest else ():
            del rule["adopted"]
            rule |= {"reading": "rumour", "source": {**rule["source"], "grade": grade}}
    return made


# Reading them


def write(folder: Path, made: Sequence[Doc], as_json: bool = True) -> Path:
    """A policies folder with the two registers and one file per pack, in YAML's own style or in JSON's."""
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "conflicts.yaml").write_text(CONFLICTS, encoding="utf-8")
    (folder / "packs").mkdir(exist_ok=True)
    for number, pack in enumerate(made):
        (folder / "packs" / f"{number}.yaml").write_text(spelt(pack, as_json), encoding="utf-8")
    return folder


def spelt(pack: Doc, as_json: bool) -> str:
    """The text of a pack."""
    text = json.dumps(pack, default=str, ensure_ascii=False)
    if as_json:
        return text
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    plain = json.loads(text)  # read again: an object that stood in two places would be written as an alias
    return str(yaml.dump(plain, Dumper=dumper, allow_unicode=True, sort_keys=False))


def read(made: Sequence[Doc], faults: list[PackProblem], as_json: bool = True) -> RuleBook:
    """The book of these packs by the real loader, with every fault that the check finds."""
    with TemporaryDirectory() as folder:
        return read_all(write(Path(folder), made, as_json), faults)


def book_of(made: Sequence[Doc], as_json: bool = True) -> RuleBook:
    """The book of these packs; an example whose packs the check does not accept goes no further."""
    faults: list[PackProblem] = []
    found = read(made, faults, as_json)
    event(f"accepted by the check: {not faults}")
    if faults:
        reject()
    return found


# Reading them by hand


def stating(made: Sequence[Doc], asked: Question, parameter: str) -> tuple[Doc, Doc, Doc] | None:
    """The pack, the rule and the part of it that state a parameter for somebody: by the words of the language alone.

    The city goes before the province and that before the nation; in a rule the disease before its class, and that
    before the rule as a whole. Readings that are not adopted do not count.
    """
    speaking = list(_speaking(made, asked))
    lists = (rule["diseases"] for _, rule in speaking if asked.disease in rule.get("diseases", {}))
    klass = next((diseases[asked.disease]["class"] for diseases in lists), "")
    for pack, rule in speaking:
        docs = (
            rule.get("diseases", {}).get(asked.disease, {}),
            rule.get("classes", {}).get(klass, {}),
            rule,
        )
        for doc in docs:
            if parameter in doc and _answers(doc[parameter], asked):
                return pack, rule, doc
    return None


def _speaking(made: Sequence[Doc], asked: Question) -> Iterator[tuple[Doc, Doc]]:
    for pool in (asked.home, PROVINCE, NATION):
        for pack in made:
            if (pack["pool"], pack["benefit"]) != (pool, asked.benefit):
                continue
            if pack["scheme"] not in ("all", asked.scheme):
                continue
            for rule in pack["rules"]:
                if rule.get("adopted") and _covers(rule["in_force"], asked.on):
                    yield pack, rule


def _covers(dates: Mapping[str, Any], day: date) -> bool:
    begins = dates["from"] if dates["from"] != "unknown" else date(int(str(dates["seen"])[:4]), 1, 1)
    return begins <= day <= dates.get("until", day)


def _answers(value: Any, asked: Question) -> bool:
    """Whether a value as a file has it states something for this standing and level."""
    if isinstance(value, list):
        return all(_answers(item, asked) for item in value)
    if not isinstance(value, dict) or {"yuan", "between", "as"} & value.keys():
        return True
    if "bands" in value:
        return all(_answers(band["share"], asked) for band in value["bands"])
    rows = (str(asked.standing), *map(str, asked.level.with_broader))
    taken = next((row for row in rows if row in value), None)
    return taken is not None and _answers(value[taken], asked)


# Questions and bills


@dataclass(frozen=True)
class Bill:
    """A question with the bill that it is about."""

    question: Question
    split: Split
    fees: Mapping[FeeCategory, int]
    balances: Balances


MONEY = st.one_of(
    st.integers(0, 400_000), st.integers(0, 10_000_000), st.sampled_from([0, 1, 10_000, 99_999, 123_456])
)


def schemes_of(made: Sequence[Doc]) -> tuple[str, ...]:
    """The schemes that the packs answer for."""
    named = {pack["scheme"] for pack in made} - {"all"}
    return tuple(sorted(named)) or ("employee", "resident")


@st.composite
def persons(draw: st.DrawFn, made: Sequence[Doc]) -> Question:
    """Somebody who asks: everything about the person and nothing yet about a visit."""
    scheme = Scheme(draw(sampled(schemes_of(made))))
    return Question(
        home=draw(sampled((CITY, CITY, BESIDE))),
        scheme=scheme,
        standing=draw(sampled(STANDINGS_OF[scheme])),
        benefit=Benefit.GENERAL_OUTPATIENT,
        level=Level.PRIMARY,
        situation=Situation.LOCAL,
        on=FIRST,
        age=draw(sampled((30, 59, 60, 75, 85, 95))),
        traits=draw(
            st.frozensets(sampled((Trait.HARDSHIP, Trait.CIVIL_SERVANT, Trait.FAMILY_DOCTOR)), max_size=2)
        ),
        unknown_traits=frozenset(
            draw(sampled(((), (), (Trait.HARDSHIP,), (Trait.CIVIL_SERVANT, Trait.HARDSHIP))))
        ),
        diseases=draw(sampled(((), DISEASES[:1], DISEASES[:2]))),
        years_insured=draw(sampled((None, 0, 6))),
        years_unclaimed=draw(sampled((None, 0, 2))),
    )


@st.composite
def bills(draw: st.DrawFn, made: Sequence[Doc], person: Question) -> Bill:
    """A bill of somebody, of any benefit that the packs answer for."""
    answered = tuple(sorted({pack["benefit"] for pack in made} & set(Benefit.spellings())))
    benefit = Benefit(draw(sampled(answered)))
    names = CLASSES[benefit] if benefit == Benefit.DUAL_CHANNEL else DISEASES[:2]
    asked = replace(
        person,
        benefit=benefit,
        disease=draw(sampled(names)) if benefit in LISTED else "",
        level=draw(sampled(tuple(Level))),
        situation=draw(sampled(tuple(Situation))),
        on=FIRST + timedelta(days=draw(below((LAST - FIRST).days + 1))),
    )
    in_scope, excluded, upfront = draw(MONEY), draw(sampled((0, 5, 5_000))), draw(sampled((0, 1, 777)))
    fees = {category: (in_scope + place) // 3 for place, category in enumerate(FeeCategory)}
    balances = Balances(draw(sampled((0, 3_333, 10_000_000))), draw(sampled((0, 5_000))))
    return Bill(asked, whole_split(in_scope + excluded + upfront, excluded, 0, upfront), fees, balances)


@dataclass(frozen=True)
class Shelved:
    """A book with the packs that it was read from."""

    packs: list[Doc]
    book: RuleBook = field(repr=False)


@cache
def shelf(count: int, rumours: bool = False) -> tuple[Shelved, ...]:
    """So many books, read and checked once, the same in every run: to read them takes longer than to pay by them.

    Call it before a test that draws from it starts: one that is running cannot start another.
    """
    found: list[Shelved] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rumoured() if rumours else packs())
    def fill(made: list[Doc]) -> None:
        found.append(Shelved(made, book_of(made)))

    fill()
    return tuple(found)


@st.composite
def stories(draw: st.DrawFn, books: Sequence[Shelved], most: int = 6) -> tuple[Shelved, list[Bill]]:
    """A book, and bills of different people by it."""
    one = books[draw(below(len(books)))]
    return one, [draw(bills(one.packs, draw(persons(one.packs)))) for _ in range(1 + draw(below(most)))]


@st.composite
def histories(draw: st.DrawFn, books: Sequence[Shelved], most: int = 10) -> tuple[Shelved, list[Bill]]:
    """A book, and one person's bills of some months by it, in the order in which they are settled."""
    one = books[draw(below(len(books)))]
    person = draw(persons(one.packs))
    begun = FIRST + timedelta(days=draw(below(600)))
    visits: list[Bill] = []
    for _ in range(3 + draw(below(most - 2))):
        bill = draw(bills(one.packs, person))
        again = draw(below(3)) > 0  # mostly the same care again
        asked = visits[0].question if visits and again else bill.question
        day = begun + timedelta(days=draw(below(100)))
        visits.append(replace(bill, question=replace(asked, on=day)))
    return one, sorted(visits, key=lambda bill: bill.question.on)


@dataclass(frozen=True)
class Serial:
    """A bill with whose it is, and with its number in the order in which the bills of a day are settled."""

    person: int
    number: int
    bill: Bill

    @property
    def place(self) -> tuple[int, date, int]:
        """Where it stands among all bills."""
        return self.person, self.bill.question.on, self.number


@st.composite
def crowds(draw: st.DrawFn, books: Sequence[Shelved], most: int = 16) -> tuple[Shelved, list[Serial]]:
    """A book, and bills of a few people by it, in no order; several of one person on one day."""
    one = books[draw(below(len(books)))]
    people = [draw(persons(one.packs)) for _ in range(2)]
    found: list[Serial] = []
    for number in range(1 + draw(below(most))):
        person = draw(below(len(people)))
        bill = draw(bills(one.packs, people[person]))
        day = FIRST + timedelta(days=120 * draw(below(6)))
        found.append(Serial(person, number, replace(bill, question=replace(bill.question, on=day))))
    return one, draw(st.permutations(found))
