"""yidi policy explain"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from yidi.cli.policy_bills import OUTPATIENT, STAY, outcome, pay, who
from yidi.cli.policy_errors import RuleElsewhere, UnknownRule
from yidi.cli.policy_options import day, folder_option, on_option, relative, rules, say
from yidi.cli.policy_text import MARK
from yidi.policy.book import RuleBook
from yidi.policy.check import components_of
from yidi.policy.forms import CHECKED, SourceDoc
from yidi.policy.loaded import sources_of
from yidi.policy.lookup import matter_of
from yidi.policy.pack import BenefitStatement, FilingStatement, LayerStatement
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule, Question
from yidi.policy.survey import Place, is_unverified, missing_of, questions, rules_named
from yidi.policy.wording import sentences
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, FilingClass, Scheme, Situation


@click.command(
    help="说明一条规则（RULE：规则包中的 id）：说什么、对谁、来源的条款与原句、有何分歧、还有哪些口径，并现算一张样例账单。"
)
@click.argument("rule")
@click.option("--pool", default="", help="几个规则包里有同名规则时，只看这个统筹区的。")
@on_option("--on", "样例的就医日期，默认今天。")
@folder_option
def explain(rule: str, pool: str, on: datetime | None, folder: Path | None) -> None:
    book = rules(folder)
    pool = regions.pool_of(pool) if pool not in ("", regions.NATION) else pool
    every = rules_named(book, rule)
    found = [item for item in every if not pool or item[0].pool == pool]
    if not found:
        raise _elsewhere(rule, pool, every) if every else _unknown(book, rule)
    console = Console()
    for place, statement in found:
        Told(console, book, place, statement, day(on)).all()


def _elsewhere(rule: str, pool: str, found: Iterable[tuple[Place, Any]]) -> RuleElsewhere:
    places = dict.fromkeys(f"{regions.full_name(place.pool)}（{place.pool}）" for place, _ in found)
    return RuleElsewhere(name=rule, pool=regions.full_name(pool), code=pool, places="、".join(places))


def _unknown(book: RuleBook, rule: str) -> UnknownRule:
    every = [item.id for loaded in book.packs.values() for item in loaded.pack.rules]
    near = list(dict.fromkeys(difflib.get_close_matches(rule, every, 3)))
    return UnknownRule(
        name=rule,
        near=f"，相近的有 {'、'.join(near)}" if near else "",
        near_en=f"; near it: {', '.join(near)}" if near else "",
    )


class Told:
    """One rule, told part by part."""

    def __init__(self, console: Console, book: RuleBook, place: Place, rule: Any, on: date) -> None:
        self.console, self.book, self.place, self.rule = console, book, place, rule
        self.on = on if rule.covers(on) else rule.first_day

    def all(self) -> None:
        """Everything."""
        self._head()
        self._part("内容", sentences(self.rule, self.place.pool))
        self._part("对谁", self._whom())
        self._part("来源", self._sources())
        self._part("分歧", [f"{name} {self.book.conflicts[name].zh}" for name in self.rule.contests])
        self._part("其他口径", self._others())
        self._part("样例（引擎现算，年度首次）", self._example())
        self._part("给编辑者的说明", [self.rule.note] if self.rule.note else [])
        self.console.print()

    def _head(self) -> None:
        scheme = "两险种" if self.place.scheme == "all" else Scheme(self.place.scheme).zh
        about = f"{regions.full_name(self.place.pool)} {scheme} {matter_of(self.place.matter).zh}"
        self.console.print(Text(f"{self.rule.id}　{about}", style="bold"))
        say(self.console, f"{relative(self.place.file)}:{self.place.line}", 2)

    def _part(self, heading: str, lines: Any) -> None:
        told = list(lines)
        if told:
            self.console.print(Text(heading, style="bold"))
        for line in told:
            say(self.console, f"· {line}", 2)

    def _whom(self) -> Iterator[str]:
        if self.rule.adopted:
            yield f"口径 {self.rule.reading}，已采用：结算、报销与测算都用它。"
        elif self.rule.source.grade in ("C", "R"):
            yield (
                f"口径 {self.rule.reading}，未采用（{self.rule.source.grade} 级）：只在按名调用时用，"
                "或在测算中没有别的规则时补缺并注明“未核实”。"
            )
        else:
            yield f"口径 {self.rule.reading}，未采用：只在按名调用时用。"
        yield _dates(self.rule)
        pool = self.place.pool
        if pool == regions.NATION:
            yield "全国层：省、市没有自己的规定时适用。"
        elif (
            regions.province_of(pool) == pool and regions.pool_of(pool) == pool and not _is_municipality(pool)
        ):
            own = self._narrower()
            yield f"{regions.full_name(pool)}各统筹区" + (f"；{'、'.join(own)}另有规定。" if own else "。")
        else:
            yield f"{regions.full_name(pool)}的参保人。"

    def _narrower(self) -> list[str]:
        """The pools of the province that state one of these components themselves."""
        mine, found = components_of(self.rule), []
        for loaded in self.book.packs.values():
            pack = loaded.pack
            beside = pack.pool != self.place.pool and str(pack.benefit) == self.place.matter
            if not beside or pack.pool == regions.NATION or regions.province_of(pack.pool) != self.place.pool:
                continue
            if self.place.scheme in ("all", str(pack.scheme)) or pack.scheme == "all":
                adopted = (rule for rule in pack.rules if rule.adopted)
                if any(mine & components_of(rule) for rule in adopted):
                    found.append(regions.full_name(pack.pool))
        return list(dict.fromkeys(found))

    def _sources(self) -> Iterator[str]:
        for place, source in sources_of(self.rule):
            about = "" if place == ("source",) else f"{'.'.join(map(str, place[:-1]))} 另引："
            yield about + self._source(source)

    def _source(self, source: SourceDoc) -> str:
        document = self.book.sources[source.id]
        told = f"{source.id}《{document.title}》"
        told += f"{document.number}" if document.number else ""
        told += f"，{source.clause}" if source.clause else ""
        told += f"；原句“{source.quote}”" if source.quote else ""
        told += f"；事实 {'、'.join(source.facts)}" if source.facts else ""
        told += f"；{source.grade} 级，{source.checked} 核对"
        return told + (f"；{document.url}" if document.url else "")

    def _others(self) -> Iterator[str]:
        """Rules that say something else about the same components for the same pools."""
        mine = components_of(self.rule)
        scheme = Scheme.EMPLOYEE if self.place.scheme == "all" else Scheme(self.place.scheme)
        pool = self.place.pool
        for layer, other in self.book.statements(pool, scheme, self.place.matter):
            if (layer, other.id) == (pool, self.rule.id) or not mine & components_of(other):
                continue
            adopted = "已采用" if other.adopted else "未采用"
            mark = MARK if is_unverified(other) else ""
            about = f"{mark}{other.reading}（{adopted}，{other.source.grade} 级，{regions.full_name(layer)}，{other.id}）"
            yield f"{about}：{''.join(sentences(other, layer))}"

    def _example(self) -> Iterator[str]:
        """A bill that the rule has a part in, or what is missing for one."""
        missing: dict[str, None] = {}
        for question in self._questions():
            for unverified in (False, True):
                rule = self._rule(question, unverified)
                if isinstance(rule, Refusal):
                    missing.setdefault(missing_of(rule))
                    continue
                if self.rule.id not in {origin.rule for origin in rule.origins}:
                    continue
                in_scope = (STAY if question.benefit is Benefit.INPATIENT else OUTPATIENT)[self._size(rule)]
                bill = pay(rule, question, in_scope)
                if bill.decision is not None:
                    mark = MARK if rule.unverified else ""
                    where = f"{regions.full_name(question.home)}{question.scheme.zh}{question.benefit.zh}"
                    asked = f"{where}，{who(question)}，{question.on}，政策范围内 {in_scope // 100} 元"
                    yield f"{mark}{asked}：{outcome(bill.decision)}。"
                    return
        if missing:
            yield f"不能计算，缺 {'、'.join(missing)}。"

    def _size(self, rule: BenefitRule) -> int:
        """Which standard bill: a large one where a layer above is to show."""
        return -1 if any(layer.origin.rule == self.rule.id for layer in rule.layers) else 1

    def _rule(self, question: Question, unverified: bool) -> BenefitRule | Refusal:
        reading = "" if self.rule.adopted else self.rule.reading
        try:
            return benefit_rule(self.book, question, reading, unverified)
        except Refusal as refusal:
            return refusal

    def _questions(self) -> Iterator[Question]:
        """What may be asked so that the rule answers: in its own pool, or in one of those below it."""
        pools = [self.place.pool] if self.place.pool != regions.NATION else []
        pools += [pool for pool in self.book.pools() if self.place.pool in regions.layers_of(pool)[:-1]]
        schemes = list(Scheme) if self.place.scheme == "all" else [Scheme(self.place.scheme)]
        for pool in dict.fromkeys(pools):
            for scheme in schemes:
                for benefit in self._benefits():
                    for question in questions(self.book, pool, scheme, benefit, self.on):
                        yield from (replace(question, situation=item) for item in self._situations())

    def _benefits(self) -> list[Benefit]:
        if isinstance(self.rule, BenefitStatement):
            return [Benefit(self.place.matter)]
        if isinstance(self.rule, LayerStatement):
            over = self.rule.layer.over if self.rule.layer else ("inpatient",)
            return [Benefit(name.partition(":")[0]) for name in over]
        return list(Benefit) if isinstance(self.rule, FilingStatement) else []

    def _situations(self) -> list[Situation]:
        """The situations of an adjustment; those of a class by one of its own."""
        if not isinstance(self.rule, FilingStatement):
            return [Situation.LOCAL]
        by_class = {
            FilingClass.LONG_TERM: Situation.LONG_TERM_RESIDENT,
            FilingClass.TEMPORARY: Situation.OTHER_TEMPORARY,
        }
        keys = [key for key, doc in self.rule.adjustment.items() if doc.mode != "none"] or list(
            self.rule.adjustment
        )
        return [by_class[key] if isinstance(key, FilingClass) else Situation(key) for key in keys]


def _is_municipality(pool: str) -> bool:
    return pool in regions.MUNICIPALITIES


def _dates(rule: Any) -> str:
    dates = rule.in_force
    until = f"，至 {dates.until} 止" if dates.until is not None else ""
    if isinstance(dates.from_, date):
        return f"自 {dates.from_} 起施行{until}。"
    seen = (
        f"来源没有日期，{rule.source.checked} 核对所见"
        if dates.seen == CHECKED
        else f"来源显示 {dates.seen} 有效"
    )
    return f"起始日不详（{seen}），自 {rule.first_day.year} 年度起作答{until}。"
