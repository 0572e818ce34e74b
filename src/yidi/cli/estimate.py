"""yidi estimate"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import Assessment, assess
from yidi.benefit.counterfactual import Counterfactual
from yidi.benefit.explain import line_note, origin_text
from yidi.benefit.split import CatalogueEntry, Split, split_bill, split_line, whole_split
from yidi.cli.bills import EXAMPLE, BillDoc, read_bill
from yidi.cli.errors import CatalogueNeeded, SituationContradicted
from yidi.cli.policy_options import as_known, known_option, said_known
from yidi.operations.printing import print_bill
from yidi.policy.book import RuleBook, book
from yidi.policy.cases import filing_rules, situation_of
from yidi.policy.rules import Question
from yidi.policy.survey import unverified_readings
from yidi.reference import diseases, regions
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, Situation

HELP = f"""测算一张账单（BILL：YAML 或 JSON 文件）：金额与逐步解释。

\b
样例：
{EXAMPLE}"""


@click.command(help=HELP)
@click.argument("bill", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，金额单位为元。")
@click.option("--reading", default="", help="按某一口径（见 yidi policy regions）而不是已采用的口径测算。")
@click.option("--verified-only", is_flag=True, help="没有已采用的规则时拒绝，不用未核实的口径估算。")
@known_option
def estimate(bill: Path, as_json: bool, reading: str, verified_only: bool, known_on: datetime | None) -> None:
    document, rules = read_bill(bill), as_known(book(), known_on)
    split = split_of(document)
    question = question_of(document, rules)
    result = assess(
        rules,
        question,
        split,
        document.used.year(),
        reading,
        unverified=not verified_only,
        fees=document.fees,
        balances=document.accounts.balances(),
    )
    if as_json:
        known = {"known_on": str(known_on.date())} if known_on else {}
        click.echo(json.dumps(as_data(result) | known, ensure_ascii=False, indent=2))
    else:
        if known_on:
            click.echo(said_known(known_on))
        print_bill(Console(), result)


def question_of(document: BillDoc, rules: RuleBook) -> Question:
    """What the bill asks of its home pool. Raises UnknownRegion, UnknownDisease, SituationContradicted."""
    regions.region(document.care)
    if document.benefit is not Benefit.DUAL_CHANNEL:
        for code in filter(None, (document.disease, *document.diseases)):
            diseases.disease(code)
    _check_situation(document, rules)
    return Question(
        home=regions.pool_of(document.home),
        scheme=document.scheme,
        standing=document.standing,
        benefit=document.benefit,
        level=document.level,
        situation=document.situation,
        on=document.on,
        disease=document.disease,
        age=document.age,
        traits=frozenset(document.traits),
        diseases=document.diseases,
        years_insured=document.years_insured,
        years_unclaimed=document.years_unclaimed,
    )


FOLLOWS = {
    Situation.LOCAL: ("属于本地就医，应写 local", "is care at home: write local"),
    Situation.EXEMPT: ("不用备案，应写 exempt", "needs no filing: write exempt"),
    Situation.UNFILED: (
        "既不是本地就医，也没有免备案的规定",
        "is neither care at home nor exempt from filing",
    ),
}
"""What follows from home and care, as a sentence goes on in either language."""


def _check_situation(document: BillDoc, book: RuleBook) -> None:
    """Raises SituationContradicted where the bill is at home or exempt and says otherwise, or the other way round."""
    rules = filing_rules(book, document.home, document.scheme, document.on)
    follows = situation_of(document.home, document.care, rules, Situation.UNFILED)
    decided = {Situation.LOCAL, Situation.EXEMPT}
    if follows != document.situation and decided & {follows, document.situation}:
        zh, en = FOLLOWS[follows]
        raise SituationContradicted(
            given=document.situation,
            home=regions.full_name(document.home),
            care=regions.full_name(document.care),
            follows=zh,
            follows_en=en,
        )


def split_of(document: BillDoc) -> Split:
    """The split of a bill: from its parts, or line by line. Raises CatalogueNeeded, BadParts, AmountMismatch."""
    if document.total is not None:
        return whole_split(document.total, document.excluded, document.over_limit, document.upfront)
    group = diseases.group_of(document.disease) if document.benefit is Benefit.CHRONIC_DISEASE else None
    stated = [line.entry() for line in document.lines]
    shipped = {} if all(stated) else _catalogue(document)
    rows = []
    for serial, (line, own) in enumerate(zip(document.lines, stated, strict=True), start=1):
        entry = own or shipped.get(line.code)
        if entry is None:
            raise CatalogueNeeded(code=line.code or line.name, care=regions.full_name(document.care))
        rows.append(split_line(line.fee_line(serial), entry, group))
    return split_bill(rows)


def _catalogue(document: BillDoc) -> dict[str, CatalogueEntry]:
    """The care region's entries from the database; empty where there is no database yet."""
    from yidi.cli.main import django_ready

    django_ready()
    from django.db import DatabaseError

    from yidi.catalogue.errors import NoCatalogue
    from yidi.catalogue.lines import entry_of
    from yidi.catalogue.queries import entries

    codes = {line.code for line in document.lines if line.code}
    try:
        found = entries(regions.province_of(document.care), codes, document.on)
    except (DatabaseError, NoCatalogue):
        return {}
    return {code: entry_of(item) for code, item in found.items()}


def as_data(result: Assessment) -> dict[str, Any]:
    """An assessment as plain data, amounts in yuan as text."""
    decision = result.decision
    return {
        "amounts": _amounts(decision),
        "lines": [
            {
                "code": row.line.code,
                "name": row.line.name,
                "amount": yuan_text(row.line.amount),
                "excluded": yuan_text(row.excluded),
                "over_limit": yuan_text(row.over_limit),
                "upfront": yuan_text(row.upfront),
                "in_scope": yuan_text(row.in_scope),
                "note": line_note(row),
            }
            for row in decision.split.lines
        ],
        "steps": [
            {
                "kind": step.kind,
                "fund": str(step.fund),
                "taken": yuan_text(step.taken),
                "left": yuan_text(step.left),
                "zh": step.zh,
                "en": step.en,
                "source": origin_text(step.origin, regions.full_name),
            }
            for step in result.explanation.steps
        ],
        "adjustment": {
            "mode": decision.rule.adjustment.mode,
            "situation": str(decision.rule.adjustment.situation),
        },
        "why_not_more": [_counterfactual(item) for item in result.why_not_more],
        "changes": [_counterfactual(item) for item in result.changes],
        "unverified": result.unverified,
        "readings": list(result.readings),
        "contests": {name: book().conflicts[name].zh for name in decision.rule.contests},
        "other_readings": {name: _other(result, name) for name in result.others},
        "rule": result.rule_digest,
        "book": result.book_digest,
    }


def _other(result: Assessment, name: str) -> dict[str, Any]:
    """What another reading would give, or why it gives nothing; whether it rests on a source of grade C or R."""
    other, rule = result.others[name], result.decision.rule
    if isinstance(other, Decision):
        return {**_amounts(other), "unverified": other.rule.unverified}
    return {"refused": str(other), "unverified": name in unverified_readings(book(), rule.pool, rule.scheme)}


def _counterfactual(item: Counterfactual) -> dict[str, str | None]:
    """The same bill with one thing different; the difference in what the funds pay, in yuan."""
    difference = None if item.difference is None else yuan_text(item.difference)
    return {"kind": item.kind, "zh": item.zh, "en": item.en, "difference": difference}


def _amounts(decision: Decision) -> dict[str, str]:
    split = decision.split
    return {
        "total": yuan_text(split.total),
        "excluded": yuan_text(split.excluded),
        "over_limit": yuan_text(split.over_limit),
        "upfront": yuan_text(split.upfront),
        "in_scope": yuan_text(split.in_scope),
        "upfront_at_home": yuan_text(decision.upfront_at_home),
        "away_upfront": yuan_text(decision.away_upfront),
        "deductible": yuan_text(decision.deductible),
        "fund": yuan_text(decision.fund),
        **{str(paid.layer.fund): yuan_text(paid.fund) for paid in decision.layers},
        "person": yuan_text(decision.person),
        "account": yuan_text(decision.account),
        "family_account": yuan_text(decision.family_account),
        "cash": yuan_text(decision.cash),
    }
