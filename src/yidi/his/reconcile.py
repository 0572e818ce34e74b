"""The day's end: totals (3201), then every record (9101, 3202, 9102), and what to do about each difference (interface §4.20, §4.21, §5)."""

import base64
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yidi.his import books
from yidi.his.errors import BadInput, Refused, StillUnknown
from yidi.his.hospital import Hospital
from yidi.his.journal import SettlementRecord, VisitRecord, VisitState
from yidi.his.messages import fen, yuan

ROUNDS = 3
"""How often it is compared again after differences were resolved."""
OUTPATIENT = "11"
UPLOADED, PACKED = "detail.txt", "detail.zip"
LONGEST_RESULT = 256 * 1024 * 1024
"""Bytes that a result may unpack to."""
COLUMNS = 7
NOTHING = ("", "null")


class Result(StrEnum):
    """What a comparison came to; the older codes are one digit, the newer end in it."""

    EVEN = "0"
    CENTRE_MORE = "1"
    HOSPITAL_MORE = "2"
    UNEQUAL = "3"

    @property
    def zh(self) -> str:
        return ("平", "中心多", "医药机构多", "数据不一致")[int(self)]


@dataclass(frozen=True, slots=True)
class Total:
    """Our sums of one insurance scheme and kind of clearing, in fen; cancellations count as records of their own."""

    agency: str
    insutype: str
    clr_type: str
    count: int
    total: int
    fund: int
    account: int
    result: Result | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the centre's result that is not even."""

    psn_no: str
    mdtrt_id: str
    setl_id: str
    msgid: str
    result: Result
    refund: bool
    memo: str


@dataclass(frozen=True, slots=True)
class Difference:
    row: Row
    cause: str
    done: str
    """What was done about it; empty where a person has to."""


@dataclass
class Statement:
    """What the last comparison came to, and every difference that was met on the way."""

    totals: list[Total] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unknown: list[StillUnknown] = field(default_factory=list)
    rounds: int = 0

    @property
    def even(self) -> bool:
        return (
            not self.rows and not self.unknown and all(total.result is Result.EVEN for total in self.totals)
        )


def reconcile(hospital: Hospital, first: date, last: date, *, resolve: bool = True) -> Statement:
    """Compare the books of these days with the centre's, resolve what differs, and compare again.

    Raises Refused, StillUnknown where the centre cannot be asked.
    """
    statement = Statement()
    for statement.rounds in range(1, ROUNDS + 1):
        _, statement.unknown = hospital.recover()
        records = records_of(hospital, first, last)
        statement.totals = [_compared(hospital, total, first, last) for total in totals_of(hospital, records)]
        statement.rows = _details(hospital, records, first, last)
        if not resolve or not statement.rows:
            break
        met = [RESOLUTIONS[row.result](hospital, row) for row in statement.rows]
        statement.differences += met
        if not any(difference.done for difference in met):
            break
    return statement


def records_of(hospital: Hospital, first: date, last: date) -> list[SettlementRecord]:
    """What the hospital has settled and cancelled on these days. What was reversed is not among it."""
    records = hospital.journal.settlements()
    return [one for one in records if one.counts and str(first) <= one.at[:10] <= str(last)]


def totals_of(hospital: Hospital, records: list[SettlementRecord]) -> list[Total]:
    """The sums of records by agency, scheme and kind of clearing."""
    groups: dict[tuple[str, str, str], list[SettlementRecord]] = {}
    for one in records:
        groups.setdefault((one.clr_optins, one.insutype, one.clr_type), []).append(one)
    return [
        Total(
            *key,
            count=len(group),
            total=sum(one.total for one in group),
            fund=sum(one.fund for one in group),
            account=sum(one.account for one in group),
        )
        for key, group in sorted(groups.items())
    ]


def _compared(hospital: Hospital, total: Total, first: date, last: date) -> Total:
    """The total with what 3201 says to it."""
    data = {
        "insutype": total.insutype,
        "clr_type": total.clr_type,
        "setl_optins": total.agency,
        "stmt_begndate": str(first),
        "stmt_enddate": str(last),
        "medfee_sumamt": yuan(total.total),
        "fund_pay_sumamt": yuan(total.fund),
        "acct_pay": yuan(total.account),
        "fixmedins_setl_cnt": total.count,
    }
    info = hospital.call("3201", {"data": data})["stmtinfo"]
    why = str(info.get("stmt_rslt_dscr") or "")
    return Total(
        total.agency, total.insutype, total.clr_type, total.count, total.total, total.fund, total.account,
        _result(info["stmt_rslt"]), why,
    )  # fmt: skip


def _result(code: str) -> Result:
    return Result(str(code).strip()[-1:])


def _details(hospital: Hospital, records: list[SettlementRecord], first: date, last: date) -> list[Row]:
    """What 3202 finds, record by record, by agency and kind of clearing; outpatient care is always asked about."""
    groups: dict[tuple[str, str], list[SettlementRecord]] = {}
    for one in records:
        groups.setdefault((one.clr_optins, one.clr_type), []).append(one)
    if not groups:
        groups[hospital.config.institution.region, OUTPATIENT] = []
    rows = []
    for (agency, clr_type), group in sorted(groups.items()):
        rows += _compared_file(hospital, group, agency, clr_type, first, last)
    return rows


def _compared_file(
    hospital: Hospital, group: list[SettlementRecord], agency: str, clr_type: str, first: date, last: date
) -> list[Row]:
    code = hospital.config.institution.code
    packed = base64.b64encode(_pack(hospital, group)).decode()
    file = {"filename": PACKED, "fixmedins_code": code, "in": packed}
    data = {
        "setl_optins": agency,
        "file_qury_no": hospital.call("9101", {"fsUploadIn": file})["file_qury_no"],
        "stmt_begndate": str(first),
        "stmt_enddate": str(last),
        "medfee_sumamt": yuan(sum(one.total for one in group)),
        "fund_pay_sumamt": yuan(sum(one.fund for one in group)),
        "cash_payamt": yuan(sum(one.cash for one in group)),
        "fixmedins_setl_cnt": len(group),
        "clr_type": clr_type,
    }
    info = hospital.call("3202", {"data": data})["fileinfo"]
    wanted = {"file_qury_no": info["file_qury_no"], "filename": info["filename"], "fixmedins_code": code}
    return read_result(hospital.call("9102", {"fsDownloadIn": wanted}))


def _pack(hospital: Hospital, records: list[SettlementRecord]) -> bytes:
    """The upload of §5: a ZIP with one text, a record a line, TAB between columns."""
    visits = {visit.number: visit for visit in hospital.journal.visits()}
    lines = "".join("\t".join(_columns(one, visits[one.visit])) + "\n" for one in records)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(UPLOADED, lines.encode())
    return buffer.getvalue()


def _columns(one: SettlementRecord, visit: VisitRecord) -> tuple[str, ...]:
    amounts = (yuan(one.total), yuan(one.fund), yuan(one.account))
    return (one.setl_id, visit.mdtrt_id, visit.psn_no, *amounts, "1" if one.undoes else "0")


def read_result(content: bytes) -> list[Row]:
    """The records of a result file (§5) that are not even. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LONGEST_RESULT:
                raise ValueError("too large")
            text = "".join(packed.read(name).decode("utf-8-sig") for name in packed.namelist())
        rows = [_row(line.split("\t")) for line in text.splitlines() if line.strip()]
    except (zipfile.BadZipFile, ValueError, TypeError, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadInput(file="9102", why=f"不是对账结果文件（{error}）") from None
    return [row for row in rows if row.result is not Result.EVEN]


def _row(columns: list[str]) -> Row:
    if len(columns) < COLUMNS:
        raise ValueError(f"只有 {len(columns)} 列")
    person, visit, number, msgid, result, refund, memo = (
        "" if column.strip() in NOTHING else column.strip() for column in columns[:COLUMNS]
    )
    return Row(person, visit, number, msgid, _result(result), refund == "1", memo)


# resolutions


def _centre_more(hospital: Hospital, row: Row) -> Difference:
    """The centre has a record that we do not: a cancellation is entered, a settlement that nobody here stands for is reversed."""
    visit = next((one for one in hospital.journal.visits() if one.mdtrt_id == row.mdtrt_id), None)
    if visit is None:
        return Difference(row, f"日志中没有就诊 {row.mdtrt_id}，可能不是本系统发出的", "")
    if row.refund:
        return _enter_cancellation(hospital, row, visit)
    known = [one for one in hospital.journal.messages_of(visit.number, "2207") if one.msgid == row.msgid]
    cause = "本院发出后没有收到结果，也没有入账" if known else f"报文 {row.msgid} 不在日志中"
    data = {"psn_no": visit.psn_no, "omsgid": row.msgid, "oinfno": known[0].infno if known else "2207"}
    try:
        hospital.call(
            "2601", {"data": data}, visit=visit.number, home=visit.home, refers=row.msgid if known else ""
        )
    except Refused as refusal:
        return Difference(row, f"{cause}；冲正被拒绝：{refusal.details['why']}", "")
    return Difference(row, cause, f"已冲正报文 {row.msgid}")


def _enter_cancellation(hospital: Hospital, row: Row, visit: VisitRecord) -> Difference:
    cause = "中心已撤销，本院没有收到结果"
    standing = hospital.journal.standing(visit.number)
    info = _asked(hospital, visit, row.setl_id)
    if standing is None or info is None or fen(info["medfee_sumamt"]) != -standing.total:
        return Difference(row, "中心有一笔本院没有对应结算的撤销", "")
    with hospital.journal.together():
        hospital.journal.change_settlement(standing.setl_id, stands=0)
        hospital.journal.book(books.cancellation(standing, row.msgid, info))
        hospital.journal.change_visit(visit.number, state=VisitState.CANCELLED, note=cause)
    return Difference(row, cause, f"已补记撤销 {row.setl_id}")


def _hospital_more(hospital: Hospital, row: Row) -> Difference:
    """We have a record that the centre does not have: it is struck, and the visit is left for a person."""
    record = hospital.journal.settlement(row.setl_id)
    visit = hospital.journal.visit(record.visit) if record else None
    if record is None or visit is None:
        return Difference(row, "对账结果中的结算号不在本院账上", "")
    if _asked(hospital, visit, row.setl_id) is not None:
        return Difference(row, "中心查得到这笔结算，但不在所对日期或类别内", "")
    with hospital.journal.together():
        hospital.journal.change_settlement(row.setl_id, stands=0, counts=0)
        hospital.dispute(visit.number, f"中心没有结算 {row.setl_id}，已从账上剔除，请与患者核对")
    return Difference(row, "中心没有这笔结算", "已从账上剔除，就诊待人工处理")


def _unequal(hospital: Hospital, row: Row) -> Difference:
    """Both have it with other amounts: the centre's books decide, and the visit says what was changed."""
    record = hospital.journal.settlement(row.setl_id)
    visit = hospital.journal.visit(record.visit) if record else None
    info = _asked(hospital, visit, row.setl_id) if visit else None
    if record is None or visit is None or info is None:
        return Difference(row, "金额不一致，且中心查不到这笔结算", "")
    theirs = books.amounts(info)
    if theirs["total"] != record.total:
        return Difference(
            row, f"医疗费总额不一致：本院 {yuan(record.total)}，中心 {yuan(theirs['total'])}", ""
        )
    cause = f"金额不一致：基金 {yuan(record.fund)} → {yuan(theirs['fund'])}，现金 {yuan(record.cash)} → {yuan(theirs['cash'])}"
    with hospital.journal.together():
        hospital.journal.change_settlement(row.setl_id, **theirs)
        hospital.journal.change_visit(visit.number, note=cause)
    return Difference(row, cause, "已按中心的结算信息改账，请与患者核对多收少收")


def _asked(hospital: Hospital, visit: VisitRecord, setl_id: str) -> dict[str, str] | None:
    """What 5203 says about a settlement number, with the names of 2207; None where the centre does not have it."""
    data = {"psn_no": visit.psn_no, "mdtrt_id": visit.mdtrt_id, "setl_id": setl_id}
    try:
        output = hospital.call("5203", {"data": data}, visit=visit.number, home=visit.home)
        return books.as_settled(output["setlinfo"])
    except Refused:
        return None


RESOLUTIONS: Mapping[Result, Callable[[Hospital, Row], Difference]] = {
    Result.CENTRE_MORE: _centre_more,
    Result.HOSPITAL_MORE: _hospital_more,
    Result.UNEQUAL: _unequal,
}
