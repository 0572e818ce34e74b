"""A bill on a terminal: its lines, its steps, and where every number comes from."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import Assessment
from yidi.benefit.explain import UNVERIFIED, Explanation, Step, line_note, origin_text
from yidi.benefit.split import Split
from yidi.policy.book import book
from yidi.policy.survey import unverified_readings
from yidi.reference import regions
from yidi.values.money import MICRO, QUANTUM, decimal_text, yuan_text


def print_bill(console: Console, result: Assessment) -> None:
    """Print an assessment: lines, steps with sources, conflicts, and what other readings would give."""
    print_lines(console, result.decision.split)
    print_steps(console, result.explanation)
    print_counterfactuals(console, result)
    print_conflicts(console, result.decision)
    print_others(console, result)


def print_lines(console: Console, split: Split) -> None:
    """Print the lines of a split bill, if they are known."""
    if not split.lines:
        return
    table = Table(title="费用明细（就医地目录）")
    table.add_column("项目", overflow="fold")
    table.add_column("类", no_wrap=True)
    for name in ("数量", "单价", "金额", "全自费", "超限价", "先行自付", "范围内"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("说明与目录依据", overflow="fold", ratio=1)
    for row in split.lines:
        amounts = (row.line.amount, row.excluded, row.over_limit, row.upfront, row.in_scope)
        table.add_row(
            Text(row.line.name or row.line.code),
            row.entry.klass.zh,
            decimal_text(row.line.quantity, QUANTUM),
            decimal_text(row.line.price_micro, MICRO, 2),
            *(yuan_text(amount) for amount in amounts),
            Text(line_note(row)).append(f"{' ' if line_note(row) else ''}{row.entry.source}", style="dim"),
        )
    sums = (split.total, split.excluded, split.over_limit, split.upfront, split.in_scope)
    table.add_section()
    table.add_row("合计", "", "", "", *(yuan_text(amount) for amount in sums), "", style="bold")
    console.print(table)


def print_steps(console: Console, explanation: Explanation) -> None:
    """Print the ordered steps of a decision with amount, rule and source."""
    table = Table(title="逐步解释（参保地待遇）", show_lines=True)
    table.add_column("#", justify="right")
    table.add_column("步骤与依据", overflow="fold", ratio=1)
    table.add_column("扣除", justify="right", no_wrap=True)
    table.add_column("余额", justify="right", no_wrap=True)
    for number, step in enumerate(explanation.steps, start=1):
        said = Text(step.zh)
        source = origin_text(step.origin, regions.full_name)
        if source:
            said.append(f"\n依据：{source}", style="dim")
        table.add_row(str(number), said, _taken(step), yuan_text(step.left))
    console.print(table)


def _taken(step: Step) -> str:
    """What a step took off; what a layer takes up again to pay on is shown with a plus."""
    if step.given:
        return f"+{yuan_text(step.given)}"
    return yuan_text(step.taken) if step.taken else ""


def print_counterfactuals(console: Console, result: Assessment) -> None:
    """Print why the funds do not pay more, and what would change it."""
    for title, found in (("为什么不能更多", result.why_not_more), ("怎样会不同", result.changes)):
        if found:
            console.print(f"[bold]{title}[/bold]")
        for item in found:
            console.print(Text(f"· {item.zh}"))


def print_conflicts(console: Console, decision: Decision) -> None:
    """Print the conflicts between sources that touch a decision."""
    for name in decision.rule.contests:
        told = Text(f"来源有分歧 {name} ", style="yellow").append(book().conflicts[name].zh, style="none")
        console.print(told)


def print_others(console: Console, result: Assessment) -> None:
    """Print what each other reading of a contested rule would give."""
    rule = result.decision.rule
    doubtful = unverified_readings(result.case.book, rule.pool, rule.scheme) if result.others else set()
    for name, other in result.others.items():
        unverified = other.rule.unverified if isinstance(other, Decision) else name in doubtful
        mark = UNVERIFIED[0] if unverified else ""
        if isinstance(other, Decision):
            fund, person = yuan_text(other.funds), yuan_text(other.person)
            console.print(Text(f"{mark}若按口径“{name}”：基金支付 {fund} 元，个人负担 {person} 元。"))
        else:
            console.print(Text(f"{mark}若按口径“{name}”：不能计算。{other}"))
