"""5206 人员累计信息查询, 5303 在院信息查询 (interface §4.30, §4.33)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from django.utils import timezone
from pydantic import field_validator

from yidi.benefit.counters import Counter
from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import code, day, moment, money, node, nodes, number, text
from yidi.gateway.nodes import Node, Request
from yidi.gateway.transactions.records import Window
from yidi.ledger.services import used_counters
from yidi.people.models import Coverage
from yidi.values.money import FEN
from yidi.values.terms import Scheme

OWN_CODES = (
    "全国值域未见；本中心自定：前两位为待遇或基金，后两位为累计什么，单病种的再加病种编码。"
    "待遇：PT 普通门诊、MT 门诊慢特病、ZY 住院、LB 两病、ST 双通道；基金：DE 大额、DB 大病、GW 公务员、JZ 救助；"
    "累计：QF 起付线已付、JJ 基金已付、FY 政策范围内费用、CS 次数；末尾 DJ 为多病种叠加"
)
NO_STAYS = "本中心只结算门诊，不登记住院，因此总是空列表；空列表不表示此人不在院"
MONTH = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])")


class TotalsQuery(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    cum_ym: Annotated[str, text("累计年月", 6)] = ""

    @field_validator("cum_ym")
    @classmethod
    def _a_month(cls, value: str) -> str:
        if value and not MONTH.fullmatch(value):
            raise ValueError("应写作 yyyyMM")
        return value


class TotalsRequest(Request):
    data: Annotated[TotalsQuery, node("查询条件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    year: Annotated[str, text("年度", 4)]
    cum_ym: Annotated[str, text("累计年月", 6)]
    cum_type_code: Annotated[str, text("累计类别代码", 10, doubt=OWN_CODES)]
    cum: Annotated[int, money("累计值", doubt="单位为元；次数类为次数")]


@dataclass(frozen=True, slots=True)
class TotalsReply:
    cuminfo: Annotated[list[Total], nodes("累计信息")]


def totals(call: Call, request: TotalsRequest) -> TotalsReply:
    given = request.data
    person = call.known_person(given.psn_no)
    held = call.coverages(person, timezone.localdate(call.at))
    by_scheme = {coverage.scheme: coverage for coverage in held}
    rows = [row for coverage in by_scheme.values() for row in _totals(coverage, given.cum_ym)]
    call.look(person)
    return TotalsReply(rows)


def _totals(coverage: Coverage, month: str) -> Iterator[Total]:
    """The running totals whose period has the month in it; of every period where no month is asked for."""
    for counter, amount in sorted(used_counters(coverage).items()):
        first, last = _months(counter.period)
        if month and not first <= month <= last:
            continue
        yield Total(
            insutype=codes.SCHEMES[Scheme(coverage.scheme)],
            year=counter.period[:4],
            cum_ym=month or last,
            cum_type_code=_code(counter),
            cum=amount * FEN if counter.measure == "stays" else amount,
        )


def _months(period: str) -> tuple[str, str]:
    """The first and the last month of a year, a quarter or a month, as yyyyMM.

    >>> _months("2026"), _months("2026Q2"), _months("2026-11")
    (('202601', '202612'), ('202604', '202606'), ('202611', '202611'))
    """
    year, rest = period[:4], period[4:]
    length = 3 if rest.startswith("Q") else 1
    last = int(rest[1:]) * length if rest else 12
    first = last - length + 1 if rest else 1
    return f"{year}{first:02d}", f"{year}{last:02d}"


def _code(counter: Counter) -> str:
    scope, _, disease = counter.scope.partition(":")
    return codes.SCOPES[scope] + codes.MEASURES[counter.measure] + codes.STACKED.get(disease, disease)


class StaysQuery(Window):
    psn_no: Annotated[str, text("人员编号", 30)] = ""
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime, moment("结束时间")]


class StaysRequest(Request):
    data: Annotated[StaysQuery, node("查询条件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay in hospital. This centre keeps none."""

    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    brdy: Annotated[date | None, day("出生日期")] = None
    age: Annotated[int, number("年龄", "4,1")]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    begndate: Annotated[date, day("开始日期")]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    ipt_otp_no: Annotated[str | None, text("住院/门诊号", 30)] = None
    out_flag: Annotated[str | None, text("异地标志", 3)] = None


@dataclass(frozen=True, slots=True)
class StaysReply:
    data: Annotated[list[Stay], nodes("在院信息")]


def stays(call: Call, request: StaysRequest) -> StaysReply:
    if request.data.psn_no:
        call.look(call.known_person(request.data.psn_no))
    return StaysReply([])


TRANSACTIONS = (
    Transaction(
        "5206",
        "人员累计信息查询",
        TotalsRequest,
        TotalsReply,
        totals,
        writes=False,
        section="§4.30",
        doubt=OWN_CODES,
    ),
    Transaction(
        "5303",
        "在院信息查询",
        StaysRequest,
        StaysReply,
        stays,
        writes=False,
        section="§4.33",
        mark=Mark.SINGLE,
        doubt=NO_STAYS,
    ),
)
