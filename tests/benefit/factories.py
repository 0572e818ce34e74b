"""Rules, bills and counters for the engine, by hand and by Hypothesis."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from hypothesis import strategies as st

from yidi.benefit.split import CatalogueEntry, FeeLine, Split, whole_split
from yidi.policy.rules import Adjustment, Band, BenefitRule, Ceiling, Deductible, Origin, Share
from yidi.values.money import PPM, line_amount
from yidi.values.terms import Benefit, CatalogueClass, Level, Scheme, Situation, Standing

DAY = date(2025, 6, 2)
GENERAL = str(Benefit.GENERAL_OUTPATIENT)

Mode = Literal["none", "points", "factor", "upfront"]


def an_origin(rule: str = "made-up", **changes: Any) -> Origin:
    values: dict[str, Any] = {
        "layer": "360100",
        "rule": rule,
        "reading": "law",
        "source": "LAW",
        "title": "某市医保办法",
        "clause": "第一条",
        "grade": "A",
        "facts": ("JX-101",),
        "since": "2024-01-01",
    }
    return Origin(**{**values, **changes})


def a_ceiling(amount: int | None, **changes: Any) -> Ceiling:
    values: dict[str, Any] = {"per": "year", "on": "fund", "scope": GENERAL, "origin": an_origin("ceiling")}
    return Ceiling(amount=amount, **{**values, **changes})


def a_rule(
    *,
    deductible: int = 0,
    deductible_per: Literal["year", "visit"] = "year",
    share_ppm: int = 600_000,
    ceilings: Sequence[Ceiling] = (),
    mode: Mode = "none",
    ppm: int = 0,
    upfront_first: bool = True,
    benefit: Benefit = Benefit.GENERAL_OUTPATIENT,
    standing: Standing = Standing.ACTIVE,
    level: Level = Level.TERTIARY,
    situation: Situation = Situation.LONG_TERM_RESIDENT,
) -> BenefitRule:
    """A rule of Nanchang's employees; amounts in fen."""
    return BenefitRule(
        pool="360100",
        scheme=Scheme.EMPLOYEE,
        benefit=benefit,
        standing=standing,
        level=level,
        deductible=Deductible((deductible,), deductible_per, an_origin("deductible")),
        share=Share((Band(None, share_ppm),), an_origin("share")),
        ceilings=tuple(ceilings),
        adjustment=Adjustment(mode, ppm, situation, an_origin("away"), upfront_first),
    )


def a_line(quantity: int, price_micro: int, **changes: Any) -> FeeLine:
    """A line whose amount is count × price; quantity in ten-thousandths, price in micro-yuan."""
    amount = line_amount(quantity, price_micro)
    values: dict[str, Any] = {"serial": "1", "code": "X1", "name": "甲药", "amount": amount}
    return FeeLine(quantity=quantity, price_micro=price_micro, **{**values, **changes})


def an_entry(
    klass: CatalogueClass = CatalogueClass.A, upfront_ppm: int = 0, **changes: Any
) -> CatalogueEntry:
    values: dict[str, Any] = {"code": "X1", "name": "甲药", "price_limit_micro": None}
    return CatalogueEntry(klass=klass, upfront_ppm=upfront_ppm, **{**values, **changes})


FEN = st.integers(0, 10_000_000)
RATIOS = st.one_of(st.integers(0, PPM), st.integers(0, 100).map(lambda percent: percent * 10_000))


@st.composite
def ceilings(draw: st.DrawFn) -> Ceiling:
    return a_ceiling(
        draw(st.none() | FEN),
        per=draw(st.sampled_from(["year", "quarter", "month", "visit"])),
        on=draw(st.sampled_from(["fund", "cost"])),
        scope=draw(st.sampled_from([GENERAL, "inpatient", "chronic-disease:M03900"])),
        origin=an_origin("ceiling", seen=draw(st.sampled_from(["", "2025-03-20"]))),
    )


@st.composite
def rules(draw: st.DrawFn) -> BenefitRule:
    """Any rule the pack language can say, ranges excepted."""
    mode: Mode = draw(st.sampled_from(["none", "points", "factor", "upfront"]))
    return a_rule(
        deductible=draw(st.one_of(st.just(0), FEN)),
        deductible_per=draw(st.sampled_from(["year", "visit"])),
        share_ppm=draw(RATIOS),
        ceilings=draw(st.lists(ceilings(), max_size=3)),
        mode=mode,
        ppm=0 if mode == "none" else draw(RATIOS),
        upfront_first=draw(st.booleans()),
        situation=draw(st.sampled_from(Situation)),
    )


@st.composite
def bills(draw: st.DrawFn) -> Split:
    """Any bill of which the parts are known."""
    excluded, over_limit, upfront, in_scope = (draw(FEN) for _ in range(4))
    return whole_split(excluded + over_limit + upfront + in_scope, excluded, over_limit, upfront)


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
