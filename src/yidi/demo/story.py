"""The story, told step by step: each step does something, prints it, and checks it."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from yidi.benefit.adjudicate import Counter
from yidi.benefit.explain import explain
from yidi.claims import drafting
from yidi.claims import services as claims
from yidi.claims.models import Claim
from yidi.claims.queries import decision_of as claim_decision
from yidi.claims.queries import missing_papers
from yidi.demo import town as towns
from yidi.demo import world as worlds
from yidi.demo.script import Script, ScriptedVisit, as_ordered, for_hospital, read_script
from yidi.demo.trial import connect_test_hospital
from yidi.evidence.queries import papers_of
from yidi.his.config import toml_text
from yidi.his.identities import broken_identities
from yidi.ledger.models import AccountKind, Entry
from yidi.ledger.services import used_counters
from yidi.operations.cases import ROOMS
from yidi.operations.checks import all_checks
from yidi.operations.printing import print_conflicts, print_lines, print_steps
from yidi.reference import regions
from yidi.settlement.models import Settlement
from yidi.settlement.queries import decision_of
from yidi.values.identity import mask_identity
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import Benefit, Material

START_LIMIT_S = 30
NOT_SHOWN = ("replaced",)
"""States that the demo's people never come to: a filing is only replaced where another takes its place."""
FIELDS = {
    "total": "medfee_sumamt",
    "excluded": "fulamt_ownpay_amt",
    "over_limit": "overlmt_selfpay",
    "upfront": "preselfpay_amt",
    "in_scope": "inscp_scp_amt",
    "deductible": "act_pay_dedc",
    "fund": "fund_pay_sumamt",
    "cash": "psn_cash_pay",
}
"""Our word → the interface's field of the same amount."""


@dataclass
class Story:
    """The teller: where it prints, and what it found wrong."""

    console: Console
    script: Script
    checked: int = 0
    wrong: list[str] = field(default_factory=list)

    def check(self, what: str, right: bool, detail: str = "") -> None:
        """Count one check, and say so where it fails."""
        self.checked += 1
        if not right:
            self.wrong.append(f"{what} {detail}".strip())
            self.console.print(f"[red]✗ {what} {detail}[/red]")

    def same(self, what: str, found: int, expected: int) -> None:
        """Check one amount in fen."""
        self.check(what, found == expected, f"应为 {yuan_text(expected)}，得到 {yuan_text(found)}")


def tell(console: Console, port: int, url: str) -> tuple[Story, subprocess.Popen[bytes]]:
    """Tell the whole story against a server on `port`; the server is left running."""
    story = Story(console, read_script())
    with _working(console, "建立演示数据库，装载目录、机构与规则"):
        worlds.fresh_database()
    with Progress(console=console, transient=True) as progress:
        world = worlds.build(story.script, progress)
    _introduce(story, world)
    _apply_and_file(story, world)
    server = start_server(port, url)
    try:
        _visits(story, world, url)
        _print_first_bill(story, world)
        _claim(story, world)
        _books(story)
        _town(story, world, url)
    except BaseException:
        server.terminate()
        server.wait()
        raise
    _verdict(story)
    return story, server


@contextmanager
def _working(console: Console, what: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(what, total=None)
        yield


def _introduce(story: Story, world: worlds.World) -> None:
    person = world.filed.person
    story.console.print(
        Panel(
            f"{person.name}，{mask_identity(person.identity)}，{regions.full_name(world.filed.pool)}职工医保退休人员，"
            f"移居{regions.full_name(worlds.CARE)}，患高血压。\n"
            f"就医机构：{world.provider.name}（{world.provider.grade}）。\n"
            "人员、账户、证件号码均为合成；目录中的先行自付与限价为演示值。",
            title="异地 yidi：从申请到清账",
        )
    )


def _apply_and_file(story: Story, world: worlds.World) -> None:
    console = story.console
    console.rule("1 待遇资格认定 · 2 异地就医备案")
    case = worlds.qualify(world.filed)
    shown = "、".join(Material(item.material).zh for item in papers_of(case.number))
    console.print(f"认定 {case.number}：{shown} → {worlds.CLERK.name} 批准，{case.starts} 起享受。")
    filing = worlds.file_for_shanghai(world.filed)
    console.print(
        f"备案 {filing.number}：异地长期居住，{regions.full_name(filing.care_region)}，{filing.starts} 起，即时生效。"
    )
    worlds.qualify(world.unfiled)
    story.check("资格认定已批准", case.state == "approved")
    story.check("备案即时生效", filing.state == "active" and filing.starts == timezone.localdate())


def start_server(port: int, url: str) -> subprocess.Popen[bytes]:
    """Start `yidi serve` on a port, its log in the demo's folder, and wait until it answers."""
    command = [sys.executable, "-m", "yidi", "serve", "--port", str(port)]
    with (settings.HOME / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except urllib.error.HTTPError:
            return server
        except OSError:
            time.sleep(0.1)
        else:
            return server
    server.kill()
    raise RuntimeError(f"the server on port {port} did not start; see {settings.HOME / 'server.log'}")


def _visits(story: Story, world: worlds.World, url: str) -> None:
    """Each visit is played by a process of its own; a cancelled or refused one must leave everything as it was."""
    story.console.rule("3–5 医院信息系统经 HTTP 发送国家接口报文")
    for visit in story.script.visits:
        coverage = world.filed if visit.who == "filed" else world.unfiled
        before = (used_counters(coverage), _balances())
        with _working(story.console, f"{visit.id} {visit.title}"):
            records = _play(story.script, visit, world, url)
        _tell_visit(story, visit, records)
        if visit.cancel or visit.refused:
            after = (used_counters(coverage), _balances())
            story.check(f"{visit.id} 之后累计与账目一如从前", _without_zeros(before) == _without_zeros(after))
        _print_counters(story.console, used_counters(coverage))


def _play(script: Script, visit: ScriptedVisit, world: worlds.World, url: str) -> list[dict[str, Any]]:
    """The records of one visit, as the hospital's process wrote them."""
    config = settings.HOME / "his.toml"
    config.write_text(toml_text(for_hospital(script, url, world.secret)), encoding="utf-8")
    config.chmod(0o600)
    text = json.dumps(as_ordered(script, visit), ensure_ascii=False)
    command = [sys.executable, "-m", "yidi", "his", "visit", "--config", str(config), "-"]
    hospital = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    records = [json.loads(line) for line in hospital.stdout.decode().splitlines()]
    return [{**record, "reply": json.loads(record["reply"], parse_float=Decimal)} for record in records]


def _balances() -> dict[tuple[str, str, str], int]:
    """The balance of every account in fen: (region, kind, against whom) → debit positive."""
    sums: dict[tuple[str, str, str], int] = {}
    for entry in Entry.objects.select_related("account"):
        account = entry.account
        key = (regions.full_name(account.region), AccountKind(account.kind).zh, account.other)
        sums[key] = sums.get(key, 0) + entry.amount
    return sums


def _without_zeros(state: tuple[Mapping[Any, int], Mapping[Any, int]]) -> list[dict[Any, int]]:
    return [{name: amount for name, amount in part.items() if amount} for part in state]


def _print_counters(console: Console, counters: Mapping[Counter, int]) -> None:
    """The year so far, in one line."""
    measures = {"deductible": "起付线已付", "fund": "基金已支付"}
    said = [
        f"{Benefit(name.scope).zh}{measures[name.measure]} {yuan_text(amount)} 元"
        for name, amount in sorted(counters.items())
        if amount and name.measure in measures and name.scope in list(Benefit)
    ]
    console.print("年度累计：" + ("，".join(said) or "无"))


def _tell_visit(story: Story, visit: ScriptedVisit, records: list[dict[str, Any]]) -> None:
    table = Table(title=f"{visit.id} {visit.title}")
    table.add_column("交易", no_wrap=True)
    for name in ("总费用", "范围内", "起付线", "基金", "现金"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("回复", overflow="fold")
    for record in records:
        table.add_row(record["infno"], *_row(record["reply"]))
    story.console.print(table)
    last = records[-1]["reply"]
    if visit.refused:
        story.check(
            f"{visit.id} 被拒绝", last["infcode"] == -1 and f"[{visit.refused}]" in (last["err_msg"] or "")
        )
        return
    _check_visit(story, visit, records)


def _row(reply: dict[str, Any]) -> tuple[str, ...]:
    info = (reply.get("output") or {}).get("setlinfo")
    if reply["infcode"] != 0:
        return ("", "", "", "", "", str(reply["err_msg"]))
    if not info:
        return ("", "", "", "", "", "成功")
    names = ("medfee_sumamt", "inscp_scp_amt", "act_pay_dedc", "fund_pay_sumamt", "psn_cash_pay")
    return (*(f"{Decimal(info[name]):.2f}" for name in names), f"成功 {info.get('setl_id') or ''}")


def _check_visit(story: Story, visit: ScriptedVisit, records: list[dict[str, Any]]) -> None:
    replies = {record["infno"]: record["reply"] for record in records}
    requests = {record["infno"]: record["request"] for record in records}
    story.check(f"{visit.id} 全部交易成功", all(reply["infcode"] == 0 for reply in replies.values()))
    for infno in ("2206A", "2207A"):
        info = replies[infno]["output"]["setlinfo"]
        for name, expected in visit.expect.items():
            story.same(f"{visit.id} {infno} {FIELDS[name]}", int(Decimal(info[FIELDS[name]]) * 100), expected)
    broken = broken_identities(requests, replies)
    story.check(f"{visit.id} 恒等式 I1–I13", not broken, "；".join(broken))


def _print_first_bill(story: Story, world: worlds.World) -> None:
    console = story.console
    console.rule("6 账单与逐步解释")
    settlement = Settlement.objects.filter(visit__provider_number=story.script.visits[0].id).get()
    decision = decision_of(settlement)
    explanation = explain(decision)
    print_lines(console, decision.split)
    print_steps(console, explanation)
    print_conflicts(console, decision)
    story.check("解释步骤相加等于结果", explanation.adds_up())


def _claim(story: Story, world: worlds.World) -> None:
    console, script = story.console, story.script
    console.rule("7 未备案人员：垫付后报销，同一引擎核定")
    visit = script.visit(script.claim["visit"])
    window, today = worlds.at_the_window(world.unfiled), timezone.localdate()
    claim = drafting.start(
        world.unfiled,
        window,
        provider=world.provider,
        benefit=Benefit.CHRONIC_DISEASE,
        disease=worlds.DISEASE,
        on=today,
        invoice=script.claim["invoice"],
        total=sum(line.amount for line in visit.lines),
        account_bank="某银行（合成）",
        account_number="6200000000000000",
    )
    drafting.replace_lines(claim, visit.lines, window)
    for group in missing_papers(claim):
        drafting.show_paper(claim, group[0], f"{group[0].zh}（合成）", window)
    claims.submit(claim, window)
    assessment = claims.assess(claim, worlds.CLERK)
    adjustment = claim_decision(claim).rule.adjustment
    ways = {"upfront": "先行自付", "points": "减百分点", "factor": "乘系数", "none": "不调整"}
    console.print(
        f"报销 {claim.number}：{adjustment.situation.zh}，待遇调整方式“{ways[adjustment.mode]}”"
        f"（{adjustment.mode}）{percent_text(adjustment.ppm)}。"
    )
    print_steps(console, explain(claim_decision(claim)))
    for name, expected in script.claim["expect"].items():
        story.same(f"报销 {name}", getattr(assessment, name), expected)
    claims.approve(claim, worlds.SUPERVISOR)
    claims.pay(claim, worlds.CLEARING)
    story.check("报销已支付", Claim.objects.get(pk=claim.pk).state == "paid")


def _books(story: Story) -> None:
    console = story.console
    console.rule("账本与核对（yidi audit）")
    table = Table(title="账户余额（元，借正贷负）")
    for name in ("地区", "科目", "对方"):
        table.add_column(name)
    table.add_column("余额", justify="right")
    balances = _balances()
    for key, amount in sorted(balances.items()):
        table.add_row(*key, yuan_text(amount))
    console.print(table)
    story.same("账本合计", sum(balances.values()), 0)
    checks = all_checks()
    for check in checks:
        findings = list(check.find())
        story.check(f"{check.code} {check.zh}", not findings, "；".join(item.zh for item in findings))
    console.print(f"{len(checks)} 项核对：" + "；".join(check.zh for check in checks) + "。")


def _town(story: Story, world: worlds.World, url: str) -> None:
    """A site to explore: sign-ins for every role, cases in every state, and the books still in order."""
    story.console.rule("8 可以走走看看的演示站")
    lines = story.script.visits[1].lines
    with Progress(console=story.console, transient=True) as progress:
        town, signs = towns.build(world.provider, lines, progress)
        connect_test_hospital()
    for room in ROOMS.values():
        there = set(room.model.objects.values_list("state", flat=True))
        missing = [state.zh for state in room.states if state not in there and state not in NOT_SHOWN]
        story.check(f"{room.kind.zh}的各种状态都有", not missing, "、".join(missing))
    story.same("账本合计", sum(_balances().values()), 0)
    for check in all_checks():
        findings = list(check.find())
        story.check(f"{check.code} {check.zh}", not findings, "；".join(item.zh for item in findings))
    _print_sign_ins(story.console, signs, town.script["password"], url)


def _print_sign_ins(console: Console, signs: list[towns.SignIn], password: str, url: str) -> None:
    table = Table(title=f"演示登录（密码都是 {password}；工作人员的动态验证码会显示在登录页上）")
    for name in ("登录名", "身份", "可以看什么"):
        table.add_column(name, overflow="fold")
    for sign in signs:
        table.add_row(sign.username, f"{sign.name}：{sign.offices}", sign.sees)
    console.print(table)
    console.print(f"参保人在 {url}sign-in/ 登录，工作人员在 {url}desk/ 登录。")
    console.print(f"定点医药机构接口的说明与试发在 {url}gateway/docs/。")


def _verdict(story: Story) -> None:
    if story.wrong:
        story.console.print(Panel("\n".join(story.wrong), title=f"{len(story.wrong)} 处不符", style="red"))
    else:
        story.console.print(
            Panel(f"{story.checked} 项核对全部相符：每个金额、每条恒等式、每本账。", style="green")
        )
