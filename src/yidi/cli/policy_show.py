"""yidi policy show"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from yidi.cli.policy_options import (
    day,
    folder_option,
    format_option,
    known_option,
    on_option,
    put_out,
    rules,
    said_known,
    say,
)
from yidi.cli.policy_text import (
    MARK,
    MISSING,
    account_text,
    ceilings_text,
    deductible_text,
    layer_text,
    share_text,
    sources_text,
)
from yidi.policy.book import RuleBook
from yidi.policy.errors import AmbiguousRules, DiseaseNotCovered, MissingParameter
from yidi.policy.lookup import FILING, Found, Lookup, Matter, Parameter, matter_of
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule, Question
from yidi.policy.survey import AWAY, adjustment_of, questions
from yidi.policy.wording import (
    LISTED_IN_PART,
    adjustment,
    disease_name,
    exceptions,
    materials,
    points,
    sentences,
)
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.money import percent_text
from yidi.values.terms import LAYERS, Benefit, Scheme, Situation

COLUMNS = {Parameter.DEDUCTIBLE: 0, Parameter.SHARE: 1, Parameter.CEILING: 2}
"""The column in which a missing parameter shows."""
NOT_SHOWN = "—"
EVERYBODY = "各类人员"
CLAIM_PAPERS = {"claim_materials": "手工报销材料", "inpatient_claim_materials": "住院手工报销材料"}
"""The papers of a claim, by the key under which a pack states them."""

Row = tuple[str, str, str, str, str]
Cells = tuple[str, str, str]
Answer = BenefitRule | Refusal


@click.command(help="显示某统筹区（POOL，六位医保区划代码，如 360100）在某日的待遇参数，注明来源。")
@click.argument("pool")
@on_option()
@known_option
@click.option("--scheme", type=click.Choice([str(item) for item in Scheme]), default=None, help="险种。")
@click.option(
    "--benefit",
    "benefit",
    type=click.Choice([str(item) for item in Benefit]),
    default=None,
    help="只看一项待遇。",
)
@click.option(
    "--unverified", is_flag=True, help="没有已采用规则的，用未采用的 C、R 级规则补缺，注明“未核实”。"
)
@format_option
@folder_option
def show(
    pool: str,
    on: datetime | None,
    known_on: datetime | None,
    scheme: str | None,
    benefit: str | None,
    unverified: bool,
    form: str,
    folder: Path | None,
) -> None:
    home, shown = regions.pool_of(pool), day(on)
    console, book = Console(), rules(folder, known_on)
    schemes, benefits = (
        [Scheme(scheme)] if scheme else list(Scheme),
        [Benefit(benefit)] if benefit else list(Benefit),
    )
    if form != "table":
        every = (Shown(console, book, home, item, shown, unverified) for item in schemes)
        known = {"known_on": str(known_on.date()) if known_on else ""}
        put_out([row | known for about in every for wanted in benefits for row in about.data(wanted)], form)
        return
    console.print(f"[bold]{regions.full_name(home)}（{home}）[/bold]  {shown}", highlight=False)
    if known_on:
        say(console, said_known(known_on))
    for item in schemes:
        console.print(f"\n[bold]{item.zh}[/bold]", highlight=False)
        about = Shown(console, book, home, item, shown, unverified)
        for wanted in benefits:
            about.show_benefit(wanted)
        if benefit is None:
            about.show_matters()


class Shown:
    """What is shown: one pool and scheme on one day."""

    def __init__(
        self, console: Console, book: RuleBook, home: str, scheme: Scheme, on: date, unverified: bool
    ) -> None:
        self.console = console
        self.book, self.home, self.scheme, self.on, self.unverified = book, home, scheme, on, unverified

    def say(self, text: str, indent: int = 2) -> None:
        """A line, wrapped under itself."""
        say(self.console, text, indent)

    def show_benefit(self, benefit: Benefit) -> None:
        """Every disease of a benefit that is paid alike, in one table."""
        groups: dict[tuple[Row, ...], list[str]] = {}
        rules: dict[tuple[Row, ...], list[BenefitRule]] = {}
        asked: dict[str, list[tuple[Question, Answer]]] = {}
        for question in questions(self.book, self.home, self.scheme, benefit, self.on):
            asked.setdefault(question.disease, []).append((question, self._answer(question)))
        for disease, answers in asked.items():
            rows = tuple(_rows(answers))
            groups.setdefault(rows, []).append(disease)
            rules.setdefault(rows, []).extend(item for _, item in answers if isinstance(item, BenefitRule))
        for rows, diseases in groups.items():
            if any(cell not in (NOT_SHOWN, MISSING) for row in rows for cell in row[2:]) or len(groups) == 1:
                self._show_table(benefit, diseases, rows, rules[rows])
        where = Lookup(self.book, self.home, self.scheme, str(benefit), self.on, unverified=self.unverified)
        lists = (getattr(rule, "list_", "whole") for _, rule in where.statements())
        if "part" in lists:
            self.say(f"{LISTED_IN_PART}。")

    def data(self, benefit: Benefit) -> Iterator[dict[str, Any]]:
        """Every answer about a benefit as plain data; what is missing stands in `missing`."""
        for question in questions(self.book, self.home, self.scheme, benefit, self.on):
            answer = self._answer(question)
            told = answer if isinstance(answer, BenefitRule) else None
            yield {
                "pool": self.home,
                "scheme": str(self.scheme),
                "benefit": str(benefit),
                "disease": question.disease,
                "standing": str(question.standing),
                "level": str(question.level),
                "deductible": deductible_text(told.deductible) if told else "",
                "share": share_text(told.share) if told else "",
                "ceiling": ceilings_text(told.ceilings, str(benefit)) if told else "",
                "layers": [layer_text(layer) for layer in told.layers] if told else [],
                "readings": list(told.readings) if told else [],
                "grades": sorted({origin.grade for origin in told.origins}) if told else [],
                "unverified": bool(told and told.unverified),
                "missing": "" if isinstance(answer, BenefitRule) else answer.message,
                "ambiguous": _between(answer),
            }

    def _answer(self, question: Question) -> Answer:
        try:
            return benefit_rule(self.book, question, unverified=self.unverified)
        except Refusal as refusal:
            return refusal

    def _show_table(
        self, benefit: Benefit, diseases: list[str], rows: Iterable[Row], rules: list[BenefitRule]
    ) -> None:
        if not any(True for _ in self.book.statements(self.home, self.scheme, str(benefit))):
            return
        named = [disease_name(code) for code in diseases if code]
        self.console.print()
        self.say(benefit.zh + (f"（{len(named)} 种：{'、'.join(named)}）" if named else ""), 1)
        table = Table(show_edge=False, box=SIMPLE, padding=(0, 1))
        for heading in ("人员", "机构", "起付线", "比例", "封顶线"):
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)
        for line in self._beside(rules):
            self.say(line)

    def _beside(self, rules: list[BenefitRule]) -> Iterator[str]:
        """What a table has no column for: exceptions, own upfront shares, layers, accounts, sources."""
        yield from dict.fromkeys(f"例外：{line}" for line in self._exceptions(rules))
        for rule in rules:
            if rule.upfront is not None:
                yield f"参保地先行自付 {percent_text(rule.upfront.ppm)}"
                break
        yield from dict.fromkeys(layer_text(layer) for rule in rules for layer in rule.layers)
        for whose, name in (("本人账户", "own_account"), ("家庭共济账户", "family_account")):
            yield from dict.fromkeys(
                account_text(whose, account) for rule in rules if (account := getattr(rule, name))
            )
        origins = dict.fromkeys(origin for rule in rules for origin in rule.origins)
        if origins:
            mark = MARK if any(rule.unverified for rule in rules) else ""
            yield f"{mark}来源：{sources_text(origins)}"

    def _exceptions(self, rules: list[BenefitRule]) -> Iterator[str]:
        used = {origin.rule for rule in rules for origin in rule.origins}
        matters = {str(rule.benefit) for rule in rules}
        matters |= {str(layer.fund) for rule in rules for layer in rule.layers}
        for matter in sorted(matters):
            for _, statement in self.book.statements(self.home, self.scheme, matter):
                if statement.id in used:
                    yield from exceptions(statement)

    def show_matters(self) -> None:
        """Layers whose benefit has no answer, care elsewhere, accounts, cover and contributions, as sentences."""
        for matter in (*map(str, LAYERS), *map(str, Matter)):
            if matter == FILING:
                self._show_filing()
                continue
            told = list(self._statements(matter))
            if told:
                self.console.print()
                self.say(matter_of(matter).zh, 1)
                for line in told:
                    self.say(line)

    def _statements(self, matter: str) -> Iterator[str]:
        where = Lookup(self.book, self.home, self.scheme, matter, self.on, unverified=self.unverified)
        for layer, rule in where.statements():
            grade = f"{rule.source.id}，{rule.source.grade} 级，{regions.full_name(layer)}"
            mark = "" if rule.adopted else MARK
            yield f"{mark}{''.join(sentences(rule, layer))}（{grade}）"

    def _show_filing(self) -> None:
        """The away-from-home adjustments in use, and the nation's limits on reductions, whether adopted or not."""
        told: dict[str, list[str]] = {}
        for situation in (*AWAY, Situation.RETURNING):
            said = self._said(Parameter.ADJUSTMENT, _of(situation), _adjusted)
            if said:
                told.setdefault(said, []).append(situation.zh)
        lines = [f"{'、'.join(names)}：{said}" for said, names in told.items()]
        unfiled = self._said(Parameter.UNFILED, lambda rule: rule.unfiled, _unfiled)
        lines += [f"未备案：{unfiled}"] if unfiled else []
        for name, heading in CLAIM_PAPERS.items():
            papers = self._said(Parameter.CLAIM_MATERIALS, attrgetter(name), _papers)
            lines += [f"{heading}：{papers}"] if papers else []
        lines += self._limits()
        if lines:
            self.console.print()
            self.say("异地就医", 1)
        for line in lines:
            self.say(line)

    def _said(self, parameter: Parameter, pick: Callable[[Any], Any], words: Callable[[Found], str]) -> str:
        """What rules about filing say, or between which of them it lies open; empty where nothing is said."""
        where = Lookup(self.book, self.home, self.scheme, FILING, self.on, unverified=self.unverified)
        try:
            found = where.find(parameter, pick)
        except AmbiguousRules as ambiguous:
            return _ambiguous(ambiguous)
        if found is None:
            return ""
        return ("" if found.rule.adopted else MARK) + words(found)

    def _limits(self) -> Iterator[str]:
        for _, statement in self.book.statements(self.home, self.scheme, FILING):
            adopted = "已采用" if statement.adopted else f"未采用，{statement.source.grade} 级"
            by_size: dict[int, list[str]] = {}
            for situation, most in statement.reduction_limits.items():
                by_size.setdefault(most, []).append(situation.zh)
            for most, names in by_size.items():
                limit = f"不超过 {points(most)}（{statement.id}，{adopted}）"
                yield f"全国对降幅的限制 {'、'.join(names)}：{limit}"


def _adjusted(found: Found) -> str:
    return f"{adjustment(found.value)}（{found.rule.id}，{found.rule.source.grade} 级）"


def _papers(found: Found) -> str:
    return f"{materials(found.value)}（{found.rule.id}）"


def _unfiled(found: Found) -> str:
    return f"{'可以直接结算' if found.value.direct else '先垫付，后报销'}（{found.rule.id}）"


def _between(answer: Answer) -> list[str]:
    """The two rules between which an answer lies open; none where it does not."""
    return [answer.details["first"], answer.details["second"]] if isinstance(answer, AmbiguousRules) else []


def _ambiguous(answer: AmbiguousRules) -> str:
    return f"有歧义：规则 {' 与 '.join(_between(answer))}"


def _of(situation: Situation) -> Any:
    return lambda rule: adjustment_of(rule, situation)


def _rows(answers: Iterable[tuple[Question, Answer]]) -> Iterator[Row]:
    """The rows of a table: levels that are paid alike share one, and so do standings."""
    by_standing: dict[str, dict[Cells, list[str]]] = {}
    for question, answer in answers:
        levels = by_standing.setdefault(question.standing.zh, {}).setdefault(_cells(answer), [])
        levels.append(question.level.zh)
    alike: dict[tuple[tuple[Cells, str], ...], list[str]] = {}
    for standing, cells in by_standing.items():
        alike.setdefault(tuple((cell, "、".join(names)) for cell, names in cells.items()), []).append(
            standing
        )
    for rows, standings in alike.items():
        who = EVERYBODY if len(standings) == len(by_standing) > 1 else "、".join(standings)
        for (deductible, share, ceiling), named in rows:
            yield who, named, deductible, share, ceiling


def _cells(answer: Answer) -> Cells:
    if isinstance(answer, BenefitRule):
        ceilings = ceilings_text(answer.ceilings, str(answer.benefit))
        return deductible_text(answer.deductible), share_text(answer.share), ceilings
    cells = [NOT_SHOWN] * len(COLUMNS)
    if isinstance(answer, MissingParameter):
        parameter, matter = answer.details["parameter"], answer.details["benefit"]
        at = COLUMNS.get(parameter)
        if at is not None and matter in Benefit.spellings():
            cells[at] = MISSING
        else:
            cells[0] = f"{MISSING}{matter.zh}{parameter.zh}"
    elif isinstance(answer, AmbiguousRules):
        cells[COLUMNS.get(answer.details["parameter"], 0)] = _ambiguous(answer)
    elif not isinstance(answer, DiseaseNotCovered):
        cells[0] = answer.message
    return cells[0], cells[1], cells[2]
