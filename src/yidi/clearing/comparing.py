"""Two sides of one story, compared: totals by totals, records by records. Nothing here is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yidi.clearing.errors import BadRows
from yidi.clearing.queries import REFUND, Period
from yidi.clearing.states import Amount, Outcome
from yidi.providers.models import Provider
from yidi.settlement.models import Settlement
from yidi.values.errors import BadValue
from yidi.values.money import parse_yuan, yuan_text

SHOWN = 20
"""Faults and differences told one by one; of more the number is told."""
COLUMNS = 7
"""Of an uploaded row: settlement, visit, person, total, funds, account, whether it is a refund (interface §5)."""
FLAGS = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class Record:
    """A settlement or a refund as one side has it; amounts in fen, of a refund negative."""

    settlement: str
    visit: str
    person: str
    total: int
    fund: int
    account: int
    is_refund: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A record of either side, or of both, and how it compares."""

    record: Record
    message: str
    """The provider's message that asked for it; empty where we have no such record."""
    outcome: Outcome
    memo: str = ""


FIELDS = {
    "visit": "就诊ID",
    "person": "人员编号",
    "total": "医疗费总额",
    "fund": "基金支付总额",
    "account": "个人账户支出",
    "is_refund": "退费标志",
}


def record_of(row: Settlement) -> Record:
    """A record of ours; its rows of visit and person must be read already."""
    sign = -1 if row.kind == REFUND else 1
    return Record(
        settlement=row.number,
        visit=row.visit.number,
        person=row.visit.coverage.person.number,
        total=sign * row.total,
        fund=sign * sum(row.funds.values()),
        account=sign * (row.account + row.family_account),
        is_refund=row.kind == REFUND,
    )


def read(text: str) -> list[Record]:
    """The records of an uploaded text: rows by line, columns by TAB, no header. Raises BadRows for all faults at once."""
    found, faults, seen = [], [], set()
    for line, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        try:
            record = _record(row.rstrip("\r").split("\t"))
        except ValueError as wrong:
            faults.append(f"第 {line} 行：{wrong}")
            continue
        if record.settlement in seen:
            faults.append(f"第 {line} 行：结算ID“{record.settlement}”重复")
        seen.add(record.settlement)
        found.append(record)
    refuse(faults)
    return found


def refuse(faults: list[str]) -> None:
    """Raises BadRows where there are faults."""
    if faults:
        raise BadRows(count=len(faults), faults=listed(faults), each=faults)


def listed(parts: list[str]) -> str:
    """The first of many sentences, and how many more there are."""
    more = f"；其余 {len(parts) - SHOWN} 处从略" if len(parts) > SHOWN else ""
    return "；".join(part[:200] for part in parts[:SHOWN]) + more


def _record(cells: list[str]) -> Record:
    """Raises ValueError with a Chinese reason."""
    cells = [cell.strip() for cell in cells]
    if len(cells) < COLUMNS:
        raise ValueError(f"应有 {COLUMNS} 列，以 TAB 分隔，实有 {len(cells)} 列")
    if not all(cell.isprintable() for cell in cells[:COLUMNS]):
        raise ValueError("含有不可见字符，请删去")
    settlement, visit, person, *amounts, flag = cells[:COLUMNS]
    if not settlement or len(settlement) > 30:
        raise ValueError("结算ID（第 1 列）缺少或超过 30 个字")
    if flag not in FLAGS:
        raise ValueError(f"退费结算标志（第 7 列）“{flag[:20]}”应为 0 或 1")
    total, fund, account = (_fen(cell, column) for column, cell in enumerate(amounts, start=4))
    return Record(settlement, visit, person, total, fund, account, FLAGS[flag])


def _fen(cell: str, column: int) -> int:
    try:
        return parse_yuan(cell)
    except BadValue as wrong:
        raise ValueError(f"第 {column} 列“{cell[:20]}”{wrong.details['why']}") from None


def sums(given: list[Record]) -> dict[Amount, int]:
    """What uploaded records come to."""
    return {
        Amount.COUNT: len(given),
        Amount.TOTAL: sum(row.total for row in given),
        Amount.FUND: sum(row.fund for row in given),
    }


def compare(given: list[Record], ours: Iterator[Settlement], asked: Period) -> Iterator[Compared]:
    """Every record of either side: ours in order, then what the provider alone has."""
    theirs = {record.settlement: record for record in given}
    for row in ours:
        yield _pair(record_of(row), theirs.pop(row.number, None), row.provider_message)
    known = _elsewhere(asked.provider, list(theirs))
    for number, record in theirs.items():
        yield Compared(record, "", Outcome.PROVIDER_MORE, known.get(number, "中心没有这笔结算"))


def _pair(ours: Record, theirs: Record | None, message: str) -> Compared:
    if theirs is None:
        return Compared(ours, message, Outcome.CENTRE_MORE, "医药机构的文件中没有这笔结算")
    wrong = [name for name in FIELDS if getattr(ours, name) != getattr(theirs, name)]
    told = "；".join(
        f"{FIELDS[name]} 机构 {_shown(theirs, name)}，中心 {_shown(ours, name)}" for name in wrong
    )
    return Compared(ours, message, Outcome.DIFFERENT if wrong else Outcome.EQUAL, told)


def _shown(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, bool):
        return "1" if value else "0"
    return yuan_text(value) if isinstance(value, int) else f"“{value[:30]}”"


def _elsewhere(provider: Provider, numbers: list[str]) -> Mapping[str, str]:
    """Why a settlement that we do have is not among the compared ones, by number."""
    keys = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) <= 18]
    rows = Settlement.objects.filter(provider=provider, pk__in=keys).select_related("cancels")
    return {row.number: _why_not(row) for row in rows.iterator()}


def _why_not(row: Settlement) -> str:
    if row.is_reversed or (row.cancels is not None and row.cancels.is_reversed):
        return "这笔结算已冲正，视同未发生"
    return f"这笔结算办理于 {timezone.localdate(row.at)}，不在所对的期间、险种或类别之内"


def differing(given: Mapping[Amount, int], ours: Mapping[Amount, int]) -> list[str]:
    """Each amount that one side says otherwise, as a sentence."""
    return [
        f"{word.zh}机构 {_told(word, given[word])}，中心 {_told(word, ours[word])}，"
        f"相差 {_told(word, ours[word] - given[word])}"
        for word in given
        if given[word] != ours[word]
    ]


def outcome_of(given: Mapping[Amount, int], ours: Mapping[Amount, int]) -> Outcome:
    """How totals compare: whoever has more records has more; with as many records, the data differ."""
    if all(given[word] == ours[word] for word in given):
        return Outcome.EQUAL
    more = ours[Amount.COUNT] - given[Amount.COUNT]
    return Outcome.DIFFERENT if more == 0 else Outcome.CENTRE_MORE if more > 0 else Outcome.PROVIDER_MORE


def _told(word: Amount, value: int) -> str:
    return f"{value} 笔" if word is Amount.COUNT else f"{yuan_text(value)} 元"


def stored(amounts: Mapping[Amount, int]) -> dict[str, Any]:
    """Amounts as a column keeps them."""
    return {str(word): value for word, value in amounts.items()}
