"""Worked bills as data: small packs written out in full, and people whose bills are paid by them, to the fen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.policy.factories import CONFLICTS, SOURCES
from yidi.benefit.adjudicate import Balances, Decision, adjudicate
from yidi.benefit.counters import Counter, counters_of_year
from yidi.benefit.split import CatalogueEntry, FeeLine, Split, split_bill, split_line, whole_split
from yidi.calculators.contribution import bounds, contribution
from yidi.calculators.cover import newborn_cover, resident_cover
from yidi.calculators.prefund import alert, prefund
from yidi.policy import yaml_lines
from yidi.policy.book import RuleBook, load
from yidi.policy.cases import upfront_on_whole
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import ADOPTABLE, Question
from yidi.values.errors import Refusal
from yidi.values.money import MICRO, QUANTUM, parse_percent, parse_yuan, yuan_text
from yidi.values.terms import (
    LAYERS,
    Benefit,
    CatalogueClass,
    FeeCategory,
    Fund,
    Insurance,
    Level,
    Payer,
    Scheme,
    Situation,
    Standing,
    Trait,
)

POOL = "360100"
DAY = date(2025, 6, 2)
KEPT = "kept"
"""The reading of packs whose grade may not be adopted: their bills call it by name."""


@dataclass(frozen=True)
class Worked:
    """A few packs and what is paid or answered by them."""

    id: str
    packs: tuple[Mapping[str, Any], ...]
    bills: tuple[Mapping[str, Any], ...] = ()
    """Each paid by itself."""
    visits: tuple[Mapping[str, Any], ...] = ()
    """Paid one after another, for one person."""
    asks: tuple[Mapping[str, Any], ...] = ()
    """Questions besides bills."""
    grade: str = "A"
    about: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.id

    @property
    def reading(self) -> str:
        """What the bills must call their rules by; empty where the rules are adopted."""
        return "" if self.grade in ADOPTABLE else KEPT

    def write(self, folder: Path) -> Path:
        """The packs as a policies folder."""
        (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        (folder / "conflicts.yaml").write_text(CONFLICTS, encoding="utf-8")
        (folder / "packs").mkdir(exist_ok=True)
        for number, pack in enumerate(self.packs):
            text = pack_text(pack, self.grade)
            (folder / "packs" / f"{number}.yaml").write_text(text, encoding="utf-8")
        return folder

    def book(self, folder: Path) -> RuleBook:
        """The packs, read and checked."""
        return load(self.write(folder))


def worked(data: Mapping[str, Any]) -> Worked:
    """A worked example as its data file has it."""
    known = {"packs", "bills", "visits", "asks"}
    parts = {name: tuple(data.get(name, ())) for name in known}
    return Worked(data["id"], grade=data.get("grade", "A"), about=data, **parts)


def read(path: Path) -> list[Worked]:
    """The worked examples of a data file that is a list."""
    return [worked(item) for item in yaml_lines.read(path).data]


def pack_text(pack: Mapping[str, Any], grade: str = "A") -> str:
    """A pack in full: its rules with the head that each must have, filled in where it is not stated."""
    lines = [
        f"pool: {pack.get('pool', POOL)}",
        f"scheme: {pack.get('scheme', Scheme.EMPLOYEE)}",
        f"benefit: {pack['benefit']}",
        "rules:",
    ]
    adopted = grade in ADOPTABLE
    for number, rule in enumerate(pack["rules"]):
        head = {
            "id": f"rule-{number}",
            "reading": "law" if adopted else KEPT,
            "adopted": "true" if adopted else "false",
            "in_force": "{from: 2024-01-01}",
            "source": f'{{id: LAW, clause: "1", grade: {grade}, checked: 2026-01-01}}',
        }
        stated = yaml.safe_load(rule)
        lines.append("  -")
        lines += [f"    {line}" for line in rule.rstrip().splitlines()]
        lines += [f"    {key}: {value}" for key, value in head.items() if key not in stated]
    return "\n".join(lines) + "\n"


def question(bill: Mapping[str, Any], of: Worked) -> Question:
    """What a bill asks; a benefit that is not named is that of the first pack of its pool."""
    pool = str(bill.get("pool", POOL))
    scheme = bill.get("scheme", Scheme.EMPLOYEE)
    mine = [pack["benefit"] for pack in of.packs if str(pack.get("pool", POOL)) == pool]
    return Question(
        home=pool,
        scheme=Scheme(scheme),
        standing=Standing(bill["standing"]),
        benefit=Benefit(bill.get("benefit") or mine[0]),
        level=Level(bill["level"]),
        situation=Situation(bill.get("situation", Situation.LOCAL)),
        on=bill.get("on", DAY),
        disease=bill.get("disease", ""),
        diseases=tuple(bill.get("diseases", ())),
        age=bill.get("age"),
        traits=frozenset(Trait(name) for name in bill.get("traits", ())),
        years_insured=bill.get("years_insured"),
        years_unclaimed=bill.get("years_unclaimed"),
    )


def split(bill: Mapping[str, Any], book: RuleBook) -> Split:
    """The bill's parts: stated, or line by line under the rules of the region of care."""
    if "lines" not in bill:
        parts = {name: parse_yuan(bill.get(name, 0)) for name in ("excluded", "over_limit", "upfront")}
        return whole_split(parse_yuan(bill.get("total", bill.get("in_scope", 0))), **parts)
    whole = upfront_on_whole(book, str(bill.get("care", bill.get("pool", POOL))), bill.get("on", DAY))
    rows = []
    for serial, line in enumerate(bill["lines"], start=1):
        price = parse_yuan(line["amount"]) * (MICRO // 100)
        limit = parse_yuan(line["limit"]) * (MICRO // 100) if "limit" in line else None
        klass = CatalogueClass(line["class"])
        upfront = parse_percent("100%" if klass is CatalogueClass.C else line["upfront"])
        entry = CatalogueEntry("X", "X", klass, upfront, limit)
        fee = FeeLine(str(serial), "X", "X", QUANTUM, price, parse_yuan(line["amount"]))
        rows.append(split_line(fee, entry, upfront_on_whole=whole))
    return split_bill(rows)


def decide(bill: Mapping[str, Any], of: Worked, book: RuleBook, before: Mapping[Counter, int]) -> Decision:
    """Pay one bill. Raises what the engine raises."""
    asked = question(bill, of)
    rule = benefit_rule(book, asked, bill.get("reading", of.reading))
    used = dict(before)
    if "used" in bill:
        known = {
            name: value if name == "stays" else parse_yuan(value) for name, value in bill["used"].items()
        }
        used |= counters_of_year(rule, asked.on, **known)
    held = {name: parse_yuan(value) for name, value in bill.get("balances", {}).items()}
    fees = {FeeCategory(name): parse_yuan(value) for name, value in bill.get("categories", {}).items()}
    return adjudicate(split(bill, book), rule, used, asked.on, Balances(**held), fees)


def amount(decision: Decision, name: str) -> int:
    """An amount of a decision by its name: of the split, a step, a fund, or an account."""
    if name == "gross":
        return decision.fund + decision.cut
    if name in ("total", "excluded", "over_limit", "upfront", "in_scope"):
        return int(getattr(decision.split, name))
    if name in (*LAYERS, Fund.ACCOUNT, Fund.FAMILY_ACCOUNT):
        return decision.paid_by(Fund(name))
    return int(getattr(decision, name))


def wrong(bill: Mapping[str, Any], decision: Decision) -> list[str]:
    """Every amount that is not what was expected."""
    return [
        f"{name}: expected {yuan_text(parse_yuan(value))}, got {yuan_text(amount(decision, name))}"
        for name, value in bill["expect"].items()
        if parse_yuan(value) != amount(decision, name)
    ]


def outcomes(of: Worked, book: RuleBook) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Each bill, visit and question with what is wrong about it."""
    for bill in of.bills:
        yield bill, _outcome(bill, of, book, {})
    counters: dict[Counter, int] = {}
    for visit in of.visits:
        decision = decide(visit, of, book, counters)
        for name, moved in decision.moves.items():
            counters[name] = counters.get(name, 0) + moved
        yield visit, wrong(visit, decision)
    for ask in of.asks:
        told = answer(ask, of, book)
        yield ask, [f"{name}: {told[name]}" for name, value in ask["expect"].items() if told[name] != value]


def _outcome(bill: Mapping[str, Any], of: Worked, book: RuleBook, before: Mapping[Counter, int]) -> list[str]:
    try:
        decision = decide(bill, of, book, before)
    except Refusal as refusal:
        expected = bill.get("refused")
        return [] if refusal.code == expected else [str(refusal)]
    return [f"not refused: {bill['refused']}"] if "refused" in bill else wrong(bill, decision)


def answer(ask: Mapping[str, Any], of: Worked, book: RuleBook) -> dict[str, Any]:
    """The answer to a question besides bills, in the words of the data: yuan, days, months, words."""
    pool, on = str(ask.get("pool", of.packs[0].get("pool", POOL))), ask.get("on", DAY)
    if ask["ask"] == "cover":
        years = (ask.get("lapsed_years", 0), ask.get("extra_years", 0))
        cover = resident_cover(book, pool, ask["paid_on"], ask["year"], *years)
        return {"first_day": cover.first_day, "waiting_months": cover.waiting_months}
    if ask["ask"] == "newborn":
        return {"first_day": newborn_cover(book, pool, ask["born"], ask["enrolled_on"]).first_day}
    if ask["ask"] == "prefund":
        return {"prefund": _yuan(prefund(book, [parse_yuan(month) for month in ask["quarter"]], on))}
    if ask["ask"] == "alert":
        return {"alert": str(alert(book, parse_yuan(ask["month"]), parse_yuan(ask["prefund"]), on))}
    limits = bounds(book, pool, on, of.reading)
    if ask["ask"] == "base":
        return {name: _yuan(getattr(limits, name)) for name in ("average", "floor", "top")}
    base = limits.base(parse_yuan(ask["wage"]))
    insurance, payer = Insurance(ask["insurance"]), Payer(ask["payer"])
    return {"pays": _yuan(contribution(book, pool, insurance, payer, base, on, of.reading))}


def _yuan(fen: int) -> int | str:
    """Yuan as the data files have them: whole numbers are numbers, others text."""
    whole, rest = divmod(fen, 100)
    return whole if not rest else yuan_text(fen).rstrip("0")
