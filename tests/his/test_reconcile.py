"""The day's end: even books, and each difference with its cause and what is done about it."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest

from tests.his.centre import Centre
from tests.his.factories import NUMBER, House, visit
from yidi.his.errors import BadInput
from yidi.his.journal import VisitState
from yidi.his.messages import SHANGHAI
from yidi.his.reconcile import Result, Statement, read_result, reconcile


@pytest.fixture
def house() -> House:
    house = House(Centre())
    for number in ("V1", "V2", "V3"):
        house.hospital.open_visit(visit(number, quantity=int(number[1])))
        house.hospital.settle(number)
    house.hospital.cancel("V2")
    house.hospital.reverse("V3")
    return house


def compared(house: House, **options: bool) -> Statement:
    today = datetime.now(SHANGHAI).date()
    return reconcile(house.hospital, today, today, **options)


def test_even(house: House) -> None:
    """A cancelled pair counts as two records and no money; a reversed settlement counts as never sent."""
    statement = compared(house)
    (total,) = statement.totals
    assert (total.count, total.total, total.fund, total.account) == (3, 2401, 1441, 0)
    assert (statement.even, statement.rounds, statement.differences) == (True, 1, [])


def test_another_day_has_nothing(house: House) -> None:
    statement = reconcile(house.hospital, date(2020, 1, 1), date(2020, 1, 31), resolve=False)
    assert statement.totals == []
    assert [row.result for row in statement.rows] == [Result.CENTRE_MORE] * 3


def lose_settlement(house: House) -> None:
    """The hospital's record is gone, and the centre's stands."""
    with house.journal.together():
        house.journal._db.execute("DELETE FROM settlement WHERE visit = 'V1'")
    house.journal.change_visit("V1", state=VisitState.UPLOADED)


def cancel_behind(house: House) -> None:
    """The centre cancelled it on another way."""
    (one,) = house.centre.standing()
    house.centre._undo(one, "agency")


def lose_at_centre(house: House) -> None:
    del house.centre.settlements[next(one["setl_id"] for one in house.centre.standing())]


def change_fund(house: House) -> None:
    (one,) = house.centre.standing()
    for name, more in (("fund_pay_sumamt", 1), ("psn_cash_pay", -1), ("psn_part_amt", -1)):
        one[name] += more


def change_total(house: House) -> None:
    (one,) = house.centre.standing()
    one["medfee_sumamt"] += 1


def another_system(house: House) -> None:
    """Somebody else sends in the hospital's name."""
    (one,) = house.centre.standing()
    house.centre.settlements["S9"] = {**one, "setl_id": "S9", "mdtrt_id": "9", "medins_setl_id": "other"}


DIFFERENCES = [
    # what happened, result, cause, done, even in the end, state of the visit
    (lose_settlement, Result.CENTRE_MORE, "没有入账", "已冲正报文", True, VisitState.UPLOADED),
    (cancel_behind, Result.CENTRE_MORE, "中心已撤销", "已补记撤销", True, VisitState.CANCELLED),
    (lose_at_centre, Result.HOSPITAL_MORE, "中心没有这笔结算", "已从账上剔除", True, VisitState.DISPUTED),
    (change_fund, Result.UNEQUAL, "基金 14.41 → 15.41", "已按中心", True, VisitState.SETTLED),
    (change_total, Result.UNEQUAL, "医疗费总额不一致", "", False, VisitState.SETTLED),
    (another_system, Result.CENTRE_MORE, "日志中没有就诊 9", "", False, VisitState.SETTLED),
]


@pytest.mark.parametrize(("happened", "result", "cause", "done", "even", "state"), DIFFERENCES)
def test_a_difference(
    house: House, happened, result, cause: str, done: str, even: bool, state: VisitState
) -> None:
    happened(house)
    listed = compared(house, resolve=False)
    assert ([row.result for row in listed.rows], listed.even) == ([result], False)
    statement = compared(house)
    (difference,) = statement.differences
    assert cause in difference.cause
    assert difference.done.startswith(done)
    assert bool(difference.done) == bool(done)
    assert statement.even is even
    assert house.journal.visit(NUMBER).state is state
    assert compared(house, resolve=False).even is even


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("result.txt", text)
    return buffer.getvalue()


@pytest.mark.parametrize("code", ["1", "000101"])
@pytest.mark.parametrize("more", ["", "\t1.00\t0.60\t0.00", "\t1.00\t0.60\t0.00\tx"])
def test_results_old_and_new(code: str, more: str) -> None:
    rows = f"P1\t7\tS0\tm0\t000000\t0\tnull{more}\nP1\t7\tS1\tm1\t{code}\t1\tnull{more}\n"
    (row,) = read_result(packed(rows))
    assert (row.setl_id, row.msgid, row.result, row.refund, row.memo) == (
        "S1",
        "m1",
        Result.CENTRE_MORE,
        True,
        "",
    )
    assert read_result(packed("")) == []


@pytest.mark.parametrize(
    "content", [b"", b"PK", b'{"infcode": -1}', packed("a\tb"), packed("1\t2\t3\t4\t9\t6\t7"), {"no": "file"}]
)
def test_what_is_no_result(content: object) -> None:
    with pytest.raises(BadInput, match="不是对账结果文件"):
        read_result(content)  # type: ignore[arg-type]


def test_yesterday_is_not_today(house: House) -> None:
    yesterday = datetime.now(SHANGHAI) - timedelta(days=1)
    with house.journal.together():
        house.journal._db.execute("UPDATE settlement SET at = ?", (f"{yesterday:%Y-%m-%d} 23:59:59",))
    assert compared(house, resolve=False).totals == []
