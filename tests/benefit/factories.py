"""Rules, bills and counters for the engine, by hand and by Hypothesis."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from hypothesis import strategies as st

from yidi.benefit.split import CatalogueEntry, FeeLine, Split, whole_split
from yidi.policy.rules import (
    AccountRule,
    Adjustment,
    Band,
    Base,
    BenefitRule,
    Ceiling,
    Deductible,
    Layer,
    Origin,
    Share,
    UpfrontAtHome,
)
from yidi.values.money import PPM, line_amount
from yidi.values.terms import (
    LAYERS,
    AccountPart,
    Benefit,
    CatalogueClass,
    FeeCategory,
    Fund,
    Level,
    Scheme,
    Situation,
    Standing,
)

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


def a_deductible(*amounts: int, per: Literal["year", "visit"] = "visit", **changes: Any) -> Deductible:
    """The deductible of the first stay of a year, the second, …; one amount where stays make no difference."""
    return Deductible(amounts, per, **{"origin": an_origin("deductible"), **changes})


def a_share(*bands: tuple[int | None, int], **changes: Any) -> Share:
    """A share in bands, (upper limit in fen, ppm), or one for all: `a_share((None, 600_000))`."""
    return Share(tuple(Band(*band) for band in bands), **{"origin": an_origin("share"), **changes})


def a_layer(fund: Fund, base: Base = "person", **changes: Any) -> Layer:
    values: dict[str, Any] = {
        "deductible": a_deductible(0, per="year", origin=an_origin(f"{fund}-deductible")),
        "share": a_share((None, 600_000), origin=an_origin(f"{fund}-share")),
        "ceilings": (),
        "origin": an_origin(f"{fund}-layer"),
    }
    return Layer(fund=fund, base=base, **{**values, **changes})


def an_account(*pays: AccountPart, whose: str = "own") -> AccountRule:
    return AccountRule(pays, an_origin(f"{whose}-account"))


def a_rule(
    *,
    deductible: int | Deductible = 0,
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
    **more: Any,
) -> BenefitRule:
    """A rule of Nanchang's employees; amounts in fen. `more` states what these leave out, or whole components."""
    if isinstance(deductible, int):
        deductible = a_deductible(deductible, per=deductible_per)
    values: dict[str, Any] = {
        "deductible": deductible,
        "share": a_share((None, share_ppm)),
        "ceilings": tuple(ceilings),
        "adjustment": Adjustment(mode, ppm, situation, an_origin("away"), upfront_first),
    }
    return BenefitRule(
        pool="360100",
        scheme=Scheme.EMPLOYEE,
        benefit=benefit,
        standing=standing,
        level=level,
        **{**values, **more},
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
PERCENT = st.integers(0, 100).map(lambda percent: percent * 10_000)
RATIOS = st.one_of(st.integers(0, PPM), PERCENT)


@st.composite
def ceilings(
    draw: st.DrawFn, scopes: Sequence[str] = (GENERAL, "inpatient", "chronic-disease:M03900")
) -> Ceiling:
    return a_ceiling(
        draw(st.none() | FEN),
        per=draw(st.sampled_from(["year", "quarter", "month", "visit"])),
        on=draw(st.sampled_from(["fund", "cost"])),
        scope=draw(st.sampled_from(scopes)),
        origin=an_origin("ceiling", seen=draw(st.sampled_from(["", "2025-03-20"]))),
    )


@st.composite
def limits_on_fees(draw: st.DrawFn) -> Ceiling:
    """A ceiling per visit on one category of fees."""
    return a_ceiling(
        draw(FEN),
        per="visit",
        on=draw(st.sampled_from(["fund", "cost"])),
        category=draw(st.sampled_from(FeeCategory)),
    )


@st.composite
def deductibles(draw: st.DrawFn, stays: bool = False) -> Deductible:
    """Per year, or per visit with a yearly top, and, of stays, one for each stay that goes on falling."""
    if draw(st.booleans()):
        return a_deductible(draw(st.one_of(st.just(0), FEN)), per="year")
    several = stays and draw(st.booleans())
    amounts = draw(st.lists(FEN, min_size=4, max_size=4)) if several else [draw(FEN)]
    goes_on = several and amounts[-1] > 0 and draw(st.booleans())
    return a_deductible(
        *amounts,
        top=draw(st.none() | FEN),
        less=draw(FEN) if goes_on else 0,
        floor=draw(st.integers(0, amounts[-1])) if goes_on else 0,
    )


@st.composite
def shares(draw: st.DrawFn, ratios: st.SearchStrategy[int] = RATIOS) -> Share:
    """One share, or up to five bands of rising or falling shares."""
    limits = sorted(draw(st.sets(st.integers(1, 10_000_000), max_size=4)))
    bands = [(upto, draw(ratios)) for upto in [*limits, None]]
    if not limits:
        return a_share(*bands)
    return a_share(*bands, per=draw(st.sampled_from(["visit", "year"])), with_deductible=draw(st.booleans()))


@st.composite
def layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """Funds above the basic one, each at most once and in their order, paying on any base."""
    funds = [fund for fund in LAYERS if draw(st.booleans())]
    bases: list[Base] = ["beyond-ceiling", "person", "person-and-upfront"]
    return tuple(
        a_layer(
            fund,
            draw(st.sampled_from(bases)),
            deductible=draw(deductibles()),
            share=draw(shares()),
            ceilings=tuple(draw(st.lists(ceilings([str(fund)]), max_size=2))),
        )
        for fund in funds
    )


@st.composite
def accounts(draw: st.DrawFn, whose: str) -> AccountRule | None:
    pays = draw(st.none() | st.lists(st.sampled_from(AccountPart), min_size=1, unique=True))
    return pays and an_account(*pays, whose=whose)


@st.composite
def rules(draw: st.DrawFn, with_limits_on_fees: bool = True) -> BenefitRule:
    """Any rule the pack language can say, ranges excepted."""
    mode: Mode = draw(st.sampled_from(["none", "points", "factor", "upfront"]))
    ratios = PERCENT if mode == "factor" else RATIOS  # a factor's product must be exact
    benefit = draw(st.sampled_from(Benefit))
    scopes = [str(benefit), "inpatient", f"{benefit}:M03900"]
    kinds = [ceilings(scopes), limits_on_fees()] if with_limits_on_fees else [ceilings(scopes)]
    upfront = draw(st.none() | RATIOS)
    return a_rule(
        benefit=benefit,
        deductible=draw(deductibles(stays=benefit == Benefit.INPATIENT)),
        share=draw(shares(ratios)),
        ceilings=tuple(draw(st.lists(st.one_of(kinds), max_size=3))),
        mode=mode,
        ppm=0 if mode == "none" else draw(ratios),
        upfront_first=draw(st.booleans()),
        situation=draw(st.sampled_from(Situation)),
        upfront=None if upfront is None else UpfrontAtHome(upfront, an_origin("upfront")),
        layers=draw(layers()),
        own_account=draw(accounts("own")),
        family_account=draw(accounts("family")),
    )


def some_fees(rule: BenefitRule, in_scope: int) -> dict[FeeCategory, int]:
    """Fees by category of a bill, where the rule limits some apart: a third each, as far as it goes."""
    if not any(ceiling.category for ceiling in rule.ceilings):
        return {}
    return {category: (in_scope + place) // 3 for place, category in enumerate(FeeCategory)}


@st.composite
def bills(draw: st.DrawFn) -> Split:
    """Any bill of which the parts are known."""
    excluded, over_limit, upfront, in_scope = (draw(FEN) for _ in range(4))
    return whole_split(excluded + over_limit + upfront + in_scope, excluded, over_limit, upfront)


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
