"""Rule books and visits for batches, made up by Hypothesis, and the batch done one visit by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.policy.factories import pack, write
from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.batch import CUT, OVER_CEILING, UNVERIFIED, Results, RuleTable, Visits
from yidi.benefit.batch_table import SITUATIONS, STANDINGS, TRAITS
from yidi.benefit.split import whole_split
from yidi.policy.book import RuleBook, read_all
from yidi.policy.resolve import benefit_rule
from yidi.values.errors import Refusal
from yidi.values.terms import LAYERS, Benefit, Fund, Level, Situation, Standing, Trait

POOLS = ("360100", "360200", "110000")
"""Two that the books may answer for, and one that they never do."""
NOT_A_REGION = "999999"
FUNDS = (
    ("360100", "employee", ("active", "retired")),
    ("360100", "resident", ("minor", "adult", "senior")),
    ("360200", "employee", ("active", "retired")),
)
CODES = ("M03900", "M01600", "M00500")
LEVELS = tuple(Level)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)

YUAN = st.integers(0, 60).map(lambda tens: tens * 10)
PERCENT = st.sampled_from(["85%", "66.67%", "50%", "35%", "100%", "0%"])
MONEY = st.one_of(st.integers(100, 300_000), st.sampled_from([123_456, 10_000, 1, 0, 100_000_000]))
MOSTLY = st.integers(0, 9).map(lambda tenth: tenth != 9)


@st.composite
def deductibles(draw: st.DrawFn, *more: str) -> str:
    kind = draw(st.sampled_from(["none", "year", "visit", "level", *more]))
    where = draw(
        st.sampled_from(
            ["", ", where: [{trait: family-doctor, to: 0}]", ", where: [{age_from: 60, times: 50%}]"]
        )
    )
    if kind == "none":
        return "none"
    if kind == "year":
        return f"{{yuan: {draw(YUAN)}, per: year{where}}}"
    if kind == "visit":
        top = draw(st.sampled_from(["", f", top: {draw(YUAN)}"]))
        return f"{{yuan: {draw(YUAN)}, per: visit{top}{where}}}"
    if kind == "level":
        per = draw(st.sampled_from(["year", "visit"]))
        rest = ", ".join(f"{level}: {{yuan: {draw(YUAN)}}}" for level in ("primary", "secondary", "tertiary"))
        return f"{{{rest}, per: {per}{where}}}"
    repeat = draw(
        st.sampled_from(
            ["times: [50%, 0%]", "less: 100, floor: {yuan: 50}", "amounts: [{yuan: 200}, {yuan: 30}]"]
        )
    )
    return f"{{yuan: {draw(YUAN)}, per: visit, repeat: {{{repeat}}}{where}}}"


@st.composite
def shares(draw: st.DrawFn, standings: tuple[str, ...]) -> str:
    kind = draw(st.sampled_from(["plain", "standing", "level", "bands"]))
    where = draw(
        st.sampled_from(["", ", where: [{age_to: 17, plus: 5%}, {trait: hardship, person_times: 50%}]"])
    )
    if kind == "plain":
        return draw(PERCENT)
    if kind == "standing":
        return "{" + ", ".join(f"{standing}: {draw(PERCENT)}" for standing in standings) + where + "}"
    if kind == "level":
        levels = ("primary", "secondary", "tertiary", "pharmacy")
        return "{" + ", ".join(f"{level}: {draw(PERCENT)}" for level in levels) + where + "}"
    per = draw(st.sampled_from(["year", "visit"]))
    position = draw(st.sampled_from(["with-deductible", "after-deductible"]))
    limits = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=4)))
    bands = ", ".join(f"{{to: {limit * 20}, share: {draw(PERCENT)}}}" for limit in limits)
    return f"{{bands: [{bands}, {{share: {draw(PERCENT)}}}], per: {per}, position: {position}{where}}}"


@st.composite
def ceilings(draw: st.DrawFn, scopes: tuple[str, ...] = ("benefit",), ranges: bool = True) -> str:
    def one() -> str:
        per = draw(st.sampled_from(["year", "quarter", "month", "visit"]))
        on = draw(st.sampled_from(["fund", "fund", "cost"]))
        scope = draw(st.sampled_from(scopes))
        low = draw(st.integers(1, 100)) * 10
        range_ = ranges and draw(st.integers(0, 4)) == 0
        amount = f"between: [{low}, {low + 300}]" if range_ else f"yuan: {low}"
        if draw(st.integers(0, 19)) == 0:  # batches know no categories of fees: refused there as here
            return f"{{{amount}, per: visit, on: {on}, category: drugs}}"
        return f"{{{amount}, per: {per}, on: {on}, scope: {scope}}}"

    kind = draw(st.sampled_from(["none", "one", "one", "several"]))
    if kind == "none":
        return "none"
    if kind == "one":
        return one()
    return "[" + ", ".join(one() for _ in range(draw(st.integers(2, 3)))) + "]"


def _rule(**components: str) -> str:
    return "\n".join(f"{name}: {text}" for name, text in components.items())


@st.composite
def general_packs(draw: st.DrawFn, pool: str, scheme: str, standings: tuple[str, ...]) -> str:
    def rule() -> str:
        return _rule(deductible=draw(deductibles()), share=draw(shares(standings)), ceiling=draw(ceilings()))

    if draw(st.booleans()):
        return pack(rule(), pool=pool, scheme=scheme)
    earlier = rule() + "\nin_force: {from: 2025-01-01, until: 2025-08-15}"
    later = rule() + "\nin_force: {from: 2025-08-16}"
    return pack(earlier, later, pool=pool, scheme=scheme)


@st.composite
def chronic_packs(draw: st.DrawFn, pool: str, scheme: str, standings: tuple[str, ...]) -> str:
    scopes = ("benefit", "disease", "inpatient")
    classes = ", ".join(
        f"{name}: {{share: {draw(PERCENT)}, ceiling: {draw(ceilings(scopes))}}}" for name in ("I", "II")
    )
    diseases = ", ".join(f"{code}: {{class: {draw(st.sampled_from(['I', 'II']))}}}" for code in CODES[:2])
    more = draw(
        st.sampled_from([{}, {"stacking": "{how: sum}"}, {"stacking": "{how: add, yuan: 100, top: 900}"}])
    )
    rule = _rule(deductible=draw(deductibles()), classes=f"{{{classes}}}", diseases=f"{{{diseases}}}", **more)
    return pack(rule, pool=pool, scheme=scheme, benefit="chronic-disease")


@st.composite
def inpatient_packs(draw: st.DrawFn, pool: str, scheme: str, standings: tuple[str, ...]) -> str:
    rule = _rule(
        deductible=draw(deductibles("repeat", "repeat")),
        share=draw(shares(standings)),
        ceiling=draw(ceilings()),
    )
    return pack(rule, pool=pool, scheme=scheme, benefit="inpatient")


@st.composite
def layer_packs(draw: st.DrawFn, pool: str, scheme: str, fund: str, over: str) -> str:
    base = draw(st.sampled_from(["person", "person-and-upfront", "beyond-ceiling"]))
    trait = draw(st.sampled_from(["", ", trait: civil-servant"]))
    rule = _rule(
        layer=f"{{base: {base}, over: [{over}]{trait}}}",
        deductible=draw(deductibles()),
        share=draw(shares(("active", "retired") if scheme == "employee" else ("adult",))),
        ceiling=draw(ceilings(("benefit", "inpatient"))),
    )
    return pack(rule, pool=pool, scheme=scheme, benefit=fund)


@st.composite
def filing_packs(draw: st.DrawFn, pool: str, scheme: str) -> str:
    def adjustment() -> str:
        mode = draw(st.sampled_from(["none", "points", "factor", "upfront"]))
        order = draw(st.sampled_from(["upfront-first", "deductible-first"]))
        more = {"none": "", "points": ", ratio: 10%", "factor": ", ratio: 90%"}
        return f"{{mode: {mode}{more.get(mode, f', ratio: 15%, order: {order}')}}}"

    kinds = ", ".join(f"{kind}: {adjustment()}" for kind in ("long-term", "temporary", "unfiled"))
    return pack(f"adjustment: {{{kinds}}}", pool=pool, scheme=scheme, benefit="filing")


@st.composite
def packs(draw: st.DrawFn) -> dict[str, str]:
    """The packs of a book: two pools, three funds of theirs, most benefits and layers."""
    found: dict[str, str] = {}
    for pool, scheme, standings in FUNDS:
        here = pool, scheme
        over = "inpatient"
        found[f"{pool}-{scheme}-go"] = draw(general_packs(*here, standings))
        if draw(MOSTLY):
            found[f"{pool}-{scheme}-in"] = draw(inpatient_packs(*here, standings))
        if draw(MOSTLY):
            found[f"{pool}-{scheme}-cd"] = draw(chronic_packs(*here, standings))
            over += ', "chronic-disease:I"'
        if draw(MOSTLY):
            found[f"{pool}-{scheme}-f"] = draw(filing_packs(*here))
        for fund in sorted(draw(st.sets(st.sampled_from(LAYERS), max_size=2))):
            found[f"{pool}-{scheme}-{fund}"] = draw(layer_packs(*here, str(fund), over))
    return found


@contextmanager
def book(made: dict[str, str]) -> Iterator[RuleBook]:
    with TemporaryDirectory() as folder:
        found = read_all(write(Path(folder), **made), [])  # faults of a pack as a whole do not matter here
        assert len(found.packs) == len(made)
        yield found


@dataclass(frozen=True)
class Visit:
    """A visit before it is put into columns."""

    person: int
    day: date
    pool: str
    standing: Standing
    level: Level
    situation: Situation
    benefit: Benefit
    disease: str
    diseases: tuple[str, ...]
    age: int
    traits: frozenset[Trait]
    in_scope: int
    excluded: int


@st.composite
def visits(draw: st.DrawFn, most: int = 60) -> list[Visit]:
    """Visits of few persons, in order; most keep pool, standing and situation from one visit to the next."""
    made: list[Visit] = []
    for _ in range(most if draw(MOSTLY) else draw(st.integers(0, most))):
        new = made[-1] if made and draw(MOSTLY) else draw(_persons())
        made.append(replace(new, **draw(_bills())))
    return sorted(made, key=lambda visit: (visit.person, visit.day))


@st.composite
def _persons(draw: st.DrawFn) -> Visit:
    return Visit(
        person=draw(st.integers(-1, 1)),
        day=FIRST,
        pool=draw(st.sampled_from(FUNDS))[0]
        if draw(MOSTLY)
        else draw(st.sampled_from((POOLS[2], NOT_A_REGION))),
        standing=draw(st.sampled_from(STANDINGS)),
        level=Level.PRIMARY,
        situation=draw(st.sampled_from(SITUATIONS) if draw(MOSTLY) else st.just(Situation.RETURNING)),
        benefit=Benefit.GENERAL_OUTPATIENT,
        disease="",
        diseases=(),
        age=draw(st.sampled_from([61, 60, 59, 18, 17, 0, -1])),
        traits=draw(st.frozensets(st.sampled_from(TRAITS), max_size=2)),
        in_scope=0,
        excluded=0,
    )


@st.composite
def _bills(draw: st.DrawFn) -> dict[str, Any]:
    benefit, disease, diseases = draw(
        st.sampled_from(
            [
                (Benefit.GENERAL_OUTPATIENT, "", ()),
                (Benefit.GENERAL_OUTPATIENT, "", ()),
                (Benefit.INPATIENT, "", ()),
                (Benefit.INPATIENT, "", ()),
                (Benefit.CHRONIC_DISEASE, "M03900", ()),
                (Benefit.CHRONIC_DISEASE, "M01600", ("M01600", "M03900")),
                (Benefit.CHRONIC_DISEASE, "M03900", ()),
            ]
        )
        if draw(MOSTLY)
        else st.sampled_from([(Benefit.CHRONIC_DISEASE, "M00500", ()), (Benefit.TWO_DISEASES, "M03900", ())])
    )
    return {
        "day": FIRST + timedelta(days=draw(st.integers(0, (LAST - FIRST).days))),
        "level": draw(st.sampled_from((Level.TERTIARY, Level.SECONDARY, Level.PRIMARY, *LEVELS))),
        "benefit": benefit,
        "disease": disease,
        "diseases": diseases,
        "in_scope": draw(MONEY),
        "excluded": draw(st.sampled_from([0, 1, 5_000])),
    }


def columns(table: RuleTable, made: list[Visit]) -> Visits:
    """The visits as a batch has them."""
    return Visits.of(
        person=np.array([visit.person for visit in made], np.int64),
        day=np.array([visit.day for visit in made], "datetime64[D]"),
        pool=np.array([int(visit.pool) for visit in made], np.int32),
        standing=np.array([STANDINGS.index(visit.standing) for visit in made], np.int8),
        level=np.array([LEVELS.index(visit.level) for visit in made], np.int8),
        situation=np.array([SITUATIONS.index(visit.situation) for visit in made], np.int8),
        slot=np.array([table.slot(item.benefit, item.disease, item.diseases) for item in made], np.int16),
        age=np.array([visit.age for visit in made], np.int16),
        traits=np.array([sum(1 << TRAITS.index(item) for item in visit.traits) for visit in made], np.int32),
        total=np.array([visit.in_scope + visit.excluded for visit in made], np.int64),
        in_scope=np.array([visit.in_scope for visit in made], np.int64),
    )


Told = dict[str, Any]


class OneByOne:
    """The same visits by the functions that serve the counter: a rule looked up for each, counters by their names."""

    def __init__(self, book: RuleBook, reading: str = "", unverified: bool = False) -> None:
        self.book, self.reading, self.unverified = book, reading, unverified
        self.counters: dict[tuple[int, str, str], dict[Counter, int]] = {}
        self.refusals: dict[str, Refusal] = {}

    def pay(self, table: RuleTable, batch: Visits) -> list[Told]:
        return [self._pay(table, batch, row) for row in range(len(batch))]

    def _pay(self, table: RuleTable, batch: Visits, row: int) -> Told:
        question = table.question(batch.asked(row))
        total, in_scope = (int(getattr(batch.columns, name)[row]) for name in ("total", "in_scope"))
        owner = int(batch.columns.person[row]), question.home, str(question.scheme)
        used = self.counters.setdefault(owner, {})
        try:
            rule = benefit_rule(self.book, question, self.reading, self.unverified)
            decision = adjudicate(whole_split(total, total - in_scope), rule, used, question.on)
        except Refusal as refusal:
            return _refused(refusal)
        for name, move in decision.moves.items():
            used[name] = used.get(name, 0) + move
        return _told(decision)


def _told(decision: Decision) -> Told:
    return {
        "deductible": decision.deductible,
        "fund": decision.fund,
        **{str(fund): decision.paid_by(fund) for fund in LAYERS},
        "upfront": decision.upfront_at_home + decision.away_upfront,
        "flags": CUT * (decision.cut > 0)
        + OVER_CEILING * (decision.over_cost > 0)
        + UNVERIFIED * decision.rule.unverified,
        "refused": "",
    }


def _refused(refusal: Refusal) -> Told:
    nothing = dict.fromkeys(("deductible", "fund", *map(str, LAYERS), "upfront", "flags"), 0)
    return {**nothing, "refused": refusal.code, "sentence": (refusal.message, refusal.english)}


def told(table: RuleTable, results: Results) -> list[Told]:
    """Results of a batch as `OneByOne` tells them."""
    named = ("deductible", "fund", "upfront", "flags")
    found: list[Told] = []
    for row in range(len(results)):
        amounts = {name: int(getattr(results, name)[row]) for name in named}
        each = {str(fund): int(results.of_layer(Fund(fund))[row]) for fund in LAYERS}
        assert sum(each.values()) == results.layers[row]
        found.append({**amounts, **each, "refused": table.reasons[results.reason[row]].code})
    return found
