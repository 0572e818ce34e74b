"""What a run has shown so far: the checklist filled in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from yidi.gateway.certification.models import Exchange, Run
from yidi.gateway.certification.rules import RULES, Evidence, Rule, Verdict, Words
from yidi.gateway.certification.traffic import Traffic
from yidi.values.money import yuan_text

PROOFS = 3
"""Messages that are named as proof of one rule."""
WORDS = {
    "title": Words("定点医药机构接口对接检查报告", "Report on a client of the hospital interface"),
    "software": Words("客户端软件", "Client software"),
    "unnamed": Words("报文未注明", "not named in its messages"),
    "institution": Words("机构", "Institution"),
    "period": Words("时间", "Period"),
    "open": Words("进行中", "still open"),
    "messages": Words("报文", "Messages"),
    "refused": Words("其中被拒绝", "of them refused"),
    "faults": Words("其中故障台所扰", "of them struck by the fault bench"),
    "verdict": Words("结论", "Verdict"),
    "rule": Words("检查项", "Rule"),
    "result": Words("结果", "Result"),
    "proof": Words("依据（交易 报文号）", "Messages that show it"),
    "advice": Words("怎么做", "What to do"),
    "optional": Words("选做", "optional"),
    "advised": Words("仅建议", "advice only"),
    "by_transaction": Words("各交易的报文数", "Messages by transaction"),
    "passed": Words("通过", "passed"),
    "failed": Words("不通过", "not passed"),
    "incomplete": Words("尚未完成", "not complete yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule with its verdict and the messages that show it."""

    rule: Rule
    verdict: Verdict
    proof: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The filled-in checklist of a run at a moment."""

    run: Run
    at: datetime
    software: str
    lines: tuple[Line, ...]
    transactions: dict[str, int]
    refused: int
    struck: int

    @property
    def verdict(self) -> str:
        """`failed` where a binding rule is broken, `incomplete` where one that is needed was not seen, else `passed`."""
        if any(line.verdict is Verdict.FAIL and line.rule.binding for line in self.lines):
            return "failed"
        unseen = [line for line in self.lines if line.verdict is Verdict.UNSEEN and line.rule.needed]
        return "incomplete" if unseen else "passed"


def report_of(run: Run) -> Report:
    """What the run has shown so far."""
    exchanges = list(run.exchanges.order_by("pk"))
    traffic = Traffic(str(run.institution.provider.code), exchanges)
    named = [each.asked["software"] for each in exchanges if each.asked.get("software")]
    return Report(
        run=run,
        at=run.ended or timezone.now(),
        software=named[-1] if named else "",
        lines=tuple(_line(rule, traffic) for rule in (*RULES, *map(_scenario_rule, run.scenarios))),
        transactions=dict(sorted(Counter(each.transaction for each in exchanges).items())),
        refused=sum(not each.ok for each in exchanges),
        struck=sum(bool(each.fault) for each in exchanges),
    )


def _line(rule: Rule, traffic: Traffic) -> Line:
    evidence = list(rule.check(traffic))
    against = tuple(each for each, good in evidence if not good)
    if against:
        return Line(rule, Verdict.FAIL, against)
    return Line(rule, Verdict.PASS if evidence else Verdict.UNSEEN, tuple(each for each, _ in evidence))


def _scenario_rule(scenario: dict[str, Any]) -> Rule:
    """A visit of the test data is settled to the fen as the engine says."""
    fund, cash = yuan_text(scenario["fund"]), yuan_text(scenario["cash"])
    bill = {"med_type": scenario["kind"], "medfee_sumamt": scenario["total"]}
    paid = {"fund_pay_sumamt": scenario["fund"], "psn_cash_pay": scenario["cash"]}

    def settled(traffic: Traffic) -> Evidence:
        for each in traffic.done("2207"):
            if (
                each.person == scenario["person"]
                and bill.items() <= each.asked.items()
                and paid.items() <= each.told.items()
            ):
                yield each, True

    return Rule(
        f"scenario-{scenario['id']}",
        Words(f"测试就诊 {scenario['id']}：{scenario['title']}", f"Test visit {scenario['id']}"),
        Words(f"按顺序结算；基金 {fund}，现金 {cash}", f"settle in order; fund {fund}, cash {cash}"),
        settled,
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    ended = report.run.ended
    return {
        "institution": str(report.run.institution.provider.code),
        "software": report.software,
        "begun": report.run.begun.isoformat(),
        "ended": ended.isoformat() if ended else None,
        "verdict": report.verdict,
        "messages": report.transactions,
        "refused": report.refused,
        "struck": report.struck,
        "rules": [
            {
                "id": line.rule.id,
                "zh": line.rule.title.zh,
                "en": line.rule.title.en,
                "needed": line.rule.needed,
                "verdict": str(line.verdict),
                "messages": [{"transaction": each.transaction, "msgid": each.msgid} for each in line.proof],
            }
            for line in report.lines
        ],
    }


def remark(rule: Rule, language: str) -> str:
    """What to say of a rule that certification does not wait for."""
    name = "" if rule.needed else "optional" if rule.binding else "advised"
    return str(getattr(WORDS[name], language)) if name else ""


def as_html(report: Report, language: str = "zh") -> str:
    """The report as a page that stands alone and prints."""
    rows = [
        {
            "title": getattr(line.rule.title, language),
            "advice": getattr(line.rule.advice, language),
            "remark": remark(line.rule, language),
            "verdict": line.verdict,
            "label": line.verdict.label(language),
            "proof": [f"{each.transaction} {each.msgid}" for each in line.proof[:PROOFS]],
            "more": max(0, len(line.proof) - PROOFS),
        }
        for line in report.lines
    ]
    said = {name: getattr(words, language) for name, words in WORDS.items()}
    context = {
        "report": report,
        "rows": rows,
        "said": said,
        "verdict": said[report.verdict],
        "language": "en" if language == "en" else "zh-CN",
        "total": sum(report.transactions.values()),
    }
    return render_to_string("gateway_certification/report.html", context)
