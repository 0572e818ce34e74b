"""yidi policy diff"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from yidi.cli.policy_bills import Paid, paid, who
from yidi.cli.policy_errors import BadSide
from yidi.cli.policy_options import day, format_option, on_option, put_out, rules, say
from yidi.cli.policy_text import MISSING, ceilings_text, deductible_text, layer_text, share_text
from yidi.policy.differences import (
    AdjustmentChange,
    BenefitChange,
    Side,
    adjustment_changes,
    benefit_changes,
    known_readings,
    statement_changes,
)
from yidi.policy.errors import UnknownReading
from yidi.policy.forms import FIRST_YEAR, LAST_YEAR, AdjustmentDoc
from yidi.policy.lookup import matter_of
from yidi.policy.rules import BenefitRule
from yidi.policy.survey import questions
from yidi.policy.wording import adjustment, disease_name, sentences, yuan
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import Benefit, Scheme

HELP = """比较两套规则：谁的待遇变了，参数怎样变，几张标准账单各差多少钱（引擎现算，年度首次、本地就医）。

\b
A、B 各写一个：规则目录、日期，或 目录@日期。
  yidi policy diff 2024-06-01 2026-06-01 --pool 360100   随包规则的两个日期
  yidi policy diff policies ../reform                    两个目录，今天
  yidi policy diff policies ../reform --on 2026-06-01    两个目录，某日
  yidi policy diff policies@2025-12-31 ../reform@2026-01-01

只换了来源、数字没变的，不算变化。"""


@click.command(help=HELP)
@click.argument("a")
@click.argument("b")
@click.option("--pool", "pools", multiple=True, help="只看这些统筹区，可写几次。")
@on_option("--on", "没有写日期的一边用的就医日期，默认今天。")
@click.option("--reading", default="", help="两边都按某一口径（有则用，没有则用已采用的）。")
@format_option
def diff(a: str, b: str, pools: tuple[str, ...], on: datetime | None, reading: str, form: str) -> None:
    before, after = _side(a, day(on), reading), _side(b, day(on), reading)
    homes = tuple(regions.pool_of(pool) for pool in pools)
    _check_reading(reading, (before, after), homes)
    changes = list(benefit_changes(before, after, homes))
    if form != "table":
        put_out([_row(change, *bills) for change in changes for bills in _bills(change)], form)
        return
    console = Console()
    console.print(Text(f"A：{a}（{before.on}）→ B：{b}（{after.on}）", style="bold"))
    benefits = _print_benefits(console, changes)
    others = _print_adjustments(console, before, after, homes)
    others += _print_statements(console, before, after, homes)
    console.print(
        f"\n待遇变化 {benefits} 项，异地与其他事项变化 {others} 项。" if benefits + others else "没有变化。"
    )


def _side(given: str, on: date, reading: str) -> Side:
    """A side as it is written: a folder, a day, or both. Raises BadSide, PackProblem."""
    folder, _, written = given.rpartition("@")
    own = _day(written)
    if own is not None and (not folder or Path(folder).is_dir()):
        return Side(rules(Path(folder) if folder else None), own, reading)
    if not Path(given).is_dir():
        raise BadSide(given=given)
    return Side(rules(Path(given)), on, reading)


def _day(written: str) -> date | None:
    """A day that rules may speak of; None where it is none."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _check_reading(reading: str, sides: Iterable[Side], pools: tuple[str, ...]) -> None:
    """Raises UnknownReading where neither side has the reading for any of the pools."""
    known = known_readings(sides, pools) if reading else {reading}
    if reading not in known:
        raise UnknownReading(reading=reading, known="、".join(sorted(known)) or "无")


# benefits


def _print_benefits(console: Console, changes: Iterable[BenefitChange]) -> int:
    """Changes under their pool, scheme and benefit; those alike are told once, with everybody whom they concern."""
    groups: dict[tuple[str, Scheme, str], dict[tuple[str, ...], list[BenefitChange]]] = {}
    for change in changes:
        asked = change.question
        key = (asked.home, asked.scheme, str(asked.benefit))
        groups.setdefault(key, {}).setdefault(tuple(_parameters(change)), []).append(change)
    for (pool, scheme, benefit), alike in groups.items():
        console.print()
        console.print(Text(f"{regions.full_name(pool)} {scheme.zh} {matter_of(benefit).zh}", style="bold"))
        for told, concerned in alike.items():
            say(console, f"{_whom(concerned)}", 1)
            for line in told:
                say(console, line, 3)
            for one, other in _bills(concerned[0]):
                say(console, _difference(one, other), 3)
    return sum(len(alike) for alike in groups.values())


def _whom(changes: list[BenefitChange]) -> str:
    """Standings, levels and diseases of changes that are alike; whole where every combination is there."""
    asked = [change.question for change in changes]
    standings = list(dict.fromkeys(item.standing.zh for item in asked))
    levels = list(dict.fromkeys(item.level.zh for item in asked))
    diseases = list(dict.fromkeys(disease_name(item.disease) for item in asked if item.disease))
    if len(asked) != len(standings) * len(levels) * max(len(diseases), 1):
        pairs = dict.fromkeys(f"{item.standing.zh}{item.level.zh}" for item in asked)
        return "、".join(pairs) + (f"（{'、'.join(diseases)}）" if diseases else "")
    return f"{'、'.join(standings)} · {'、'.join(levels)}" + (f" · {'、'.join(diseases)}" if diseases else "")


def _parameters(change: BenefitChange) -> Iterator[str]:
    """The parameters that changed, from what to what."""
    before, after = change.before, change.after
    if isinstance(before, Refusal) or isinstance(after, Refusal):
        yield f"{_whole(before)} → {_whole(after)}"
        return
    for name, said in (
        ("先行自付", _upfront),
        ("起付线", lambda rule: deductible_text(rule.deductible)),
        ("比例", lambda rule: share_text(rule.share)),
        ("封顶线", lambda rule: ceilings_text(rule.ceilings, str(rule.benefit))),
        ("补充层", _layers),
        ("账户", _accounts),
    ):
        one, other = said(before), said(after)
        if one != other:
            yield f"{name}：{one} → {other}"


def _whole(answer: BenefitRule | Refusal) -> str:
    if isinstance(answer, Refusal):
        parameter = answer.details.get("parameter")
        return f"不能计算（{MISSING}{parameter.zh}）" if parameter is not None else "不能计算"
    return (
        f"起付线 {deductible_text(answer.deductible)}，比例 {share_text(answer.share)}，"
        f"封顶线 {ceilings_text(answer.ceilings, str(answer.benefit))}"
    )


def _upfront(rule: BenefitRule) -> str:
    return percent_text(rule.upfront.ppm) if rule.upfront else "无"


def _layers(rule: BenefitRule) -> str:
    return "；".join(layer_text(layer) for layer in rule.layers) or "无"


def _accounts(rule: BenefitRule) -> str:
    pays = (account.pays if account else () for account in (rule.own_account, rule.family_account))
    return "／".join("、".join(part.zh for part in parts) or "无" for parts in pays)


def _bills(change: BenefitChange) -> list[tuple[Paid, Paid]]:
    """The standard bills of which the funds' part is another one, or whose answer came or went."""
    pairs = zip(paid(change.before, change.question), paid(change.after, change.question), strict=True)
    return [(one, other) for one, other in pairs if one.funds != other.funds]


def _difference(one: Paid, other: Paid) -> str:
    told = f"{yuan(one.in_scope)}：基金 {_funds(one)} → {_funds(other)}"
    if one.funds is None or other.funds is None:
        return told
    more = other.funds - one.funds
    return f"{told}（{'+' if more > 0 else ''}{yuan_text(more)}）"


def _funds(of: Paid) -> str:
    return "不能计算" if of.funds is None else yuan_text(of.funds)


def _row(change: BenefitChange, one: Paid, other: Paid) -> dict[str, Any]:
    asked = change.question
    return {
        "pool": asked.home,
        "region": regions.full_name(asked.home),
        "scheme": str(asked.scheme),
        "benefit": str(asked.benefit),
        "disease": asked.disease,
        "standing": str(asked.standing),
        "level": str(asked.level),
        "changed": "；".join(_parameters(change)),
        "in_scope": yuan_text(one.in_scope),
        "funds_before": "" if one.funds is None else yuan_text(one.funds),
        "funds_after": "" if other.funds is None else yuan_text(other.funds),
        "difference": "" if one.funds is None or other.funds is None else yuan_text(other.funds - one.funds),
    }


# other matters


def _print_adjustments(console: Console, before: Side, after: Side, pools: tuple[str, ...]) -> int:
    """Away-from-home adjustments: those alike are told once, with everybody whom they concern and a few bills."""
    alike: dict[tuple[str, str], list[AdjustmentChange]] = {}
    for change in adjustment_changes(before, after, pools):
        alike.setdefault((_mode(change.before), _mode(change.after)), []).append(change)
    for (one, other), changes in alike.items():
        console.print()
        console.print(Text(f"异地待遇调整：{one} → {other}", style="bold"))
        together: dict[tuple[str, ...], list[AdjustmentChange]] = {}
        for place in dict.fromkeys((change.pool, change.scheme) for change in changes):
            mine = [change for change in changes if (change.pool, change.scheme) == place]
            together.setdefault(tuple(change.situation.zh for change in mine), []).append(mine[0])
        for situations, first in together.items():
            say(console, f"{'、'.join(situations)}：{'、'.join(_places(first))}", 1)
        for line in _example(before, after, changes):
            say(console, line, 3)
    return len(alike)


def _places(changes: list[AdjustmentChange]) -> Iterator[str]:
    """The pools and schemes concerned; a province speaks for its pools."""
    schemes: dict[str, list[Scheme]] = {}
    for change in changes:
        schemes.setdefault(change.pool, []).append(change.scheme)
    for pool, mine in schemes.items():
        province = regions.province_of(pool)
        if province == pool or schemes.get(province) != mine:
            yield regions.full_name(pool) + ("两险种" if len(mine) == len(Scheme) else mine[0].zh)


def _example(before: Side, after: Side, changes: list[AdjustmentChange]) -> Iterator[str]:
    """The standard bills in the first situation concerned for which both sides have an answer."""
    for change in changes:
        for benefit in (Benefit.GENERAL_OUTPATIENT, Benefit.INPATIENT):
            for asked in questions(after.book, change.pool, change.scheme, benefit, after.on):
                question = replace(asked, situation=change.situation)
                differing = _bills(BenefitChange(question, before.rule(question), after.rule(question)))
                if differing:
                    yield f"例：{regions.full_name(change.pool)}，{who(question)}，{benefit.zh}"
                    yield from (_difference(one, other) for one, other in differing)
                    return


def _mode(doc: AdjustmentDoc | None) -> str:
    return adjustment(doc) if doc is not None else "没有规定"


def _print_statements(console: Console, before: Side, after: Side, pools: tuple[str, ...]) -> int:
    count = 0
    for change in statement_changes(before, after, pools):
        scheme = "两险种" if change.scheme == "all" else Scheme(change.scheme).zh
        console.print()
        said = f"{regions.full_name(change.pool)} {scheme} {matter_of(change.matter).zh}：{change.rule}"
        console.print(Text(said, style="bold"))
        one, other = (
            sentences(rule, change.pool) if rule is not None else [] for rule in (change.before, change.after)
        )
        for line in (line for line in one if line not in other):
            say(console, f"- {line}", 1)
        for line in (line for line in other if line not in one):
            say(console, f"+ {line}", 1)
        if one == other:
            say(console, "只换了来源、日期或说明。", 1)
        count += 1
    return count
