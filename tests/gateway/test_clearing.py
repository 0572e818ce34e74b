"""3201–3204 and 3260–3262: a history, one field changed, one answer; then the books are audited."""

import copy
import io
import threading
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import FLOW, TOTAL, Client, Json
from tests.gateway.test_refusals import MISSING, change, refuse
from yidi.clearing.checks import CHECKS
from yidi.clearing.models import AllocationLine, Application, Difference, Month, Reconciliation
from yidi.clearing.queries import case_number
from yidi.gateway.models import Institution
from yidi.settlement.models import Settlement

OK = "ok"
EQUAL, CENTRE_MORE, PROVIDER_MORE, DIFFERENT = "000000", "000101", "000102", "000103"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def settled(client: Client) -> Client:
    client.run(*FLOW[:-1])
    return client


def sent(client: Client, infno: str, given: Json, **more: Json) -> Json:
    return {**client._envelope(infno), "input": {"data": given, **more}}


def audited() -> None:
    assert [found for check in CHECKS for found in check.find()] == []


def fund() -> Decimal:
    row = Settlement.objects.earliest("pk")
    return Decimal(sum(row.funds.values())) / 100


def totals(client: Client) -> Json:
    """3201 as the hospital's own books would have it after one settlement."""
    data = {
        "insutype": "310", "clr_type": "11", "setl_optins": "310000", "stmt_begndate": str(today()),
        "stmt_enddate": str(today()), "medfee_sumamt": TOTAL, "fund_pay_sumamt": str(fund()), "acct_pay": "0.00",
        "fixmedins_setl_cnt": 1,
    }  # fmt: skip
    return sent(client, "3201", data)


TOTALS: list[tuple[str, Json, str]] = [
    # history after the settlement, the changed fields, the result or the code
    ("", {}, EQUAL),
    ("", {"acct_pay": MISSING, "cash_payamt": "144.61"}, DIFFERENT),
    ("", {"acct_pay": MISSING}, "GATEWAY-FIELDS"),
    ("", {"setl_optins": MISSING, "clr_optins": "310000"}, EQUAL),
    ("", {"setl_optins": "310106"}, EQUAL),
    ("", {"setl_optins": "360100"}, "CLEAR-AGENCY"),
    ("", {"setl_optins": "999999"}, "CLEAR-AGENCY"),
    ("", {"stmt_enddate": "2020-01-01"}, "CLEAR-PERIOD"),
    ("", {"stmt_begndate": "2020-01-01"}, EQUAL),
    ("", {"stmt_begndate": "2020-01-01", "stmt_enddate": "2020-01-02"}, PROVIDER_MORE),
    ("", {"insutype": "390"}, PROVIDER_MORE),
    ("", {"insutype": "340"}, "GATEWAY-UNSUPPORTED"),
    ("", {"clr_type": "21"}, PROVIDER_MORE),
    ("", {"clr_type": "xx"}, "GATEWAY-FIELDS"),
    ("", {"medfee_sumamt": "401.76"}, DIFFERENT),
    ("", {"medfee_sumamt": "-401.75"}, DIFFERENT),
    ("", {"medfee_sumamt": "401.755"}, "GATEWAY-FIELDS"),
    ("", {"medfee_sumamt": "-"}, "GATEWAY-FIELDS"),
    ("", {"medfee_sumamt": True}, "GATEWAY-FIELDS"),
    ("", {"fund_pay_sumamt": 0}, DIFFERENT),
    ("", {"acct_pay": 1}, DIFFERENT),
    ("", {"fixmedins_setl_cnt": 0, "medfee_sumamt": 0, "fund_pay_sumamt": 0}, CENTRE_MORE),
    ("", {"fixmedins_setl_cnt": "2"}, PROVIDER_MORE),
    ("", {"fixmedins_setl_cnt": -1}, "GATEWAY-FIELDS"),
    # a refund is a record of its own, unless it is left out
    ("2208", {}, CENTRE_MORE),
    ("2208", {"fixmedins_setl_cnt": 2, "medfee_sumamt": 0, "fund_pay_sumamt": 0}, EQUAL),
    ("2208", {"refd_setl_flag": "0"}, EQUAL),
    ("2208", {"REFD_SETL_FLAG": "0"}, EQUAL),
    ("2208", {"REFD_SETL_FLAG": "1"}, CENTRE_MORE),
    # what was reversed counts as never sent
    ("2601", {}, PROVIDER_MORE),
    ("2601", {"fixmedins_setl_cnt": 0, "medfee_sumamt": 0, "fund_pay_sumamt": 0}, EQUAL),
    ("2208 2601", {}, EQUAL),
]


def test_totals(settled: Client, subtests: pytest.Subtests) -> None:
    good = totals(settled)
    for history, changed, answer in TOTALS:
        with subtests.test(f"{history} {changed} {answer}"), transaction.atomic():
            client = undone(settled, history)
            body = copy.deepcopy(good)
            for name, value in changed.items():
                change(body, f"input.data.{name}", value)
            check_totals(client, body, answer)
            transaction.set_rollback(True)


def undone(settled: Client, history: str) -> Client:
    """The client after its settlement was cancelled, or reversed, or its cancellation reversed."""
    client = copy.copy(settled)
    client.requests = dict(settled.requests)
    last = client.requests["2207A"]
    for step in history.split():
        if step == "2208":
            client.run("2208")
            last = client.requests["2208"]
        else:
            assert client.send(client.reversal(last))["infcode"] == 0
    return client


def check_totals(client: Client, body: Json, answer: str) -> None:
    if not answer.isdigit():
        refuse(client, body, answer)
        assert not Reconciliation.objects.exists()
        return
    reply = client.send(body)
    assert reply["infcode"] == 0, reply["err_msg"]
    said = reply["output"]["stmtinfo"]
    assert said["stmt_rslt"] == answer, said
    assert len(said["stmt_rslt_dscr"]) <= 200
    assert ("相差" in said["stmt_rslt_dscr"]) == (answer != EQUAL)
    kept = Reconciliation.objects.get()
    assert kept.message == body["msgid"]
    assert str(client.world.provider.code) in kept.actor
    audited()


def test_results_in_one_digit(settled: Client) -> None:
    Institution.objects.update(dialect={"older_results": True})
    assert settled.send(totals(settled))["output"]["stmtinfo"]["stmt_rslt"] == "0"
    reply = reconciled(settled, "", NONE)
    assert [row[4] for row in result(settled, reply)] == ["1"]


def zipped(text: str | bytes) -> list[int]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("upload.txt", text)
    return list(packed.getvalue())


def reconciled(client: Client, text: str, changed: Json) -> Json:
    """The reply to 3202 about an uploaded text whose totals the message repeats."""
    body = client._envelope("9101")
    given = {"filename": "up.zip", "fixmedins_code": body["fixmedins_code"], "in": zipped(text)}
    number = client.send({**body, "input": {"fsUploadIn": given}})["output"]["file_qury_no"]
    data = {
        "setl_optins": "310000", "file_qury_no": number, "stmt_begndate": str(today()), "stmt_enddate": str(today()),
        "medfee_sumamt": TOTAL, "fund_pay_sumamt": str(fund()), "cash_payamt": str(Decimal(TOTAL) - fund()),
        "fixmedins_setl_cnt": 1, "clr_type": "11", **changed,
    }  # fmt: skip
    return client.send(sent(client, "3202", data))


def result(client: Client, reply: Json) -> list[list[str]]:
    """The rows of the file that the reply speaks of."""
    info = reply["output"]["fileinfo"]
    given = {"file_qury_no": info["file_qury_no"], "filename": info["filename"],
             "fixmedins_code": str(client.world.provider.code)}  # fmt: skip
    raw = b"".join(client.post({**client._envelope("9102"), "input": {"fsDownloadIn": given}}))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist() == ["result.txt"]
        text = archive.read("result.txt").decode()
    return [line.split("\t") for line in text.splitlines()]


NONE = {"medfee_sumamt": 0, "fund_pay_sumamt": 0, "cash_payamt": 0, "fixmedins_setl_cnt": 0}
STRANGER = "999999999999\t{visit}\t{person}\t1.00\t0.00\t0.00\t0"
RECORDS: list[tuple[str, str, Json, list[str] | str]] = [
    # history, the uploaded text, fields changed, the results in order or the code
    ("", "{row}", {}, [EQUAL]),
    ("", "{row}\n", {}, [EQUAL]),
    ("", "\ufeff{row}\r\n", {}, [EQUAL]),
    ("", "{row}\tx\ty", {}, [EQUAL]),
    ("", "", NONE, [CENTRE_MORE]),
    ("", "{settlement}\t{visit}\t404\t401.75\t{fund}\t0\t0", {}, [DIFFERENT]),
    ("", "{settlement}\t1\t{person}\t401.75\t{fund}\t0\t0", {}, [DIFFERENT]),
    ("", "{settlement}\t{visit}\t{person}\t401.75\t{fund}\t1.00\t0", {}, [DIFFERENT]),
    ("", "{settlement}\t{visit}\t{person}\t401.75\t{fund}\t0\t1", {}, [DIFFERENT]),
    ("", "{settlement}\t{visit}\t{person}\t400\t{fund}\t0\t0", {"medfee_sumamt": 400}, [DIFFERENT]),
    ("", STRANGER, {**NONE, "medfee_sumamt": 1, "fixmedins_setl_cnt": 1}, [CENTRE_MORE, PROVIDER_MORE]),
    ("", "{row}\n{row}", {"fixmedins_setl_cnt": 2}, "CLEAR-ROWS"),
    ("", "{row}", {"fixmedins_setl_cnt": 2}, "CLEAR-FILE-TOTALS"),
    ("", "{row}", {"medfee_sumamt": "1.00"}, "CLEAR-FILE-TOTALS"),
    ("", "{row}", {"fund_pay_sumamt": "1.00"}, "CLEAR-FILE-TOTALS"),
    ("", "{row}", {"file_qury_no": "404"}, "GATEWAY-FILE"),
    ("", "{row}", {"setl_optins": "110000"}, "CLEAR-AGENCY"),
    ("", "{row}", {"stmt_enddate": "2020-01-01"}, "CLEAR-PERIOD"),
    ("", "{row}", {"stmt_begndate": "2020-01-01", "stmt_enddate": "2020-01-01"}, [PROVIDER_MORE]),
    ("", "{row}", {"clr_type": "41"}, [PROVIDER_MORE]),
    ("", "a\tb", {}, "CLEAR-ROWS"),
    (
        "",
        STRANGER.replace("{person}", "1\0"),
        {**NONE, "medfee_sumamt": 1, "fixmedins_setl_cnt": 1},
        "CLEAR-ROWS",
    ),
    ("", "{settlement}\t{visit}\t{person}\tmuch\t{fund}\t0\t0", {}, "CLEAR-ROWS"),
    ("", "{settlement}\t{visit}\t{person}\t401.75\t{fund}\t0\tno", {}, "CLEAR-ROWS"),
    ("", "\t{visit}\t{person}\t401.75\t{fund}\t0\t0", {}, "CLEAR-ROWS"),
    ("2208", "{row}", {}, [EQUAL, CENTRE_MORE]),
    ("2208", "{row}", {"REFD_SETL_FLAG": "0"}, [EQUAL]),
    ("2208", "{row}\n{refund}", {**NONE, "fixmedins_setl_cnt": 2}, [EQUAL, EQUAL]),
    ("2601", "{row}", {}, [PROVIDER_MORE]),
    ("2601", "", NONE, []),
    ("2208 2601", "{row}", {}, [EQUAL]),
]


def test_records(settled: Client, subtests: pytest.Subtests) -> None:
    for history, text, changed, answer in RECORDS:
        with subtests.test(f"{history} {text} {changed} {answer}"), transaction.atomic():
            client = undone(settled, history)
            reply = reconciled(client, written(client, text), changed)
            if isinstance(answer, str):
                assert str(reply["err_msg"]).startswith(f"[{answer}]"), reply
                assert not Reconciliation.objects.exists()
            else:
                assert reply["infcode"] == 0, reply["err_msg"]
                check_records(client, result(client, reply), answer)
            transaction.set_rollback(True)


def written(client: Client, text: str) -> str:
    words = {"settlement": client.settlement, "visit": client.visit, "person": client.world.person.number,
             "fund": str(fund())}  # fmt: skip
    row = "{settlement}\t{visit}\t{person}\t401.75\t{fund}\t0.00\t0".format(**words)
    undoing = Settlement.objects.filter(kind="cancel").first()
    refund = f"{undoing}\t{client.visit}\t{words['person']}\t-401.75\t-{fund()}\t0\t1"
    return text.format(**words, row=row, refund=refund)


def check_records(client: Client, rows: list[list[str]], answer: list[str]) -> None:
    assert [row[4] for row in rows] == answer, rows
    for row in rows:
        assert len(row) == 10
        assert row[1] in (client.visit, "1")
        assert (row[6] == "null") == (row[4] == EQUAL), "every difference has a cause"
    assert Difference.objects.count() == sum(code != EQUAL for code in answer)
    if answer and answer[0] in (EQUAL, CENTRE_MORE):
        assert rows[0][2:4] == [client.settlement, client.requests["2207A"]["msgid"]]
        assert rows[0][7] == TOTAL
    audited()


@pytest.mark.parametrize("lines", [3, 60])
def test_malformed_rows_are_named_by_line(settled: Client, lines: int) -> None:
    said = reconciled(settled, "\n".join(["good\t1\t1\t1\t1\t1\t0", *["bad"] * lines]), {})["err_msg"]
    assert f"有 {lines} 处" in said
    assert "第 2 行：应有 7 列" in said
    assert "第 1 行" not in said
    assert ("从略" in said) == (lines > 20)


def last_month() -> date:
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def month_ago(settled: Client) -> Client:
    """The settlement was made on the last day of last month."""
    Settlement.objects.update(at=timezone.now().replace(microsecond=0) - timedelta(days=today().day))
    return settled


def applying(client: Client) -> Json:
    first, last = last_month(), today().replace(day=1) - timedelta(days=1)
    row = Settlement.objects.earliest("pk")
    data = {
        "clr_type": "11", "clr_way": "1", "setlym": f"{first:%Y%m}", "psntime": "1", "medfee_sumamt": TOTAL,
        "med_sumfee": str(Decimal(row.in_scope) / 100), "fund_appy_sum": str(fund()),
        "cash_payamt": str(Decimal(TOTAL) - fund()), "acct_pay": 0, "begndate": str(first), "enddate": str(last),
    }  # fmt: skip
    return sent(client, "3203", data)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"clr_type": "21"}, "GATEWAY-UNSUPPORTED"),
        ({"setlym": "2026"}, "CLEAR-MONTH"),
        ({"setlym": "202613"}, "CLEAR-MONTH"),
        ({"setlym": "209912"}, "CLEAR-MONTH"),
        ({"setlym": "this"}, "CLEAR-WHOLE-MONTH"),
        ({"begndate": "2020-01-01"}, "CLEAR-WHOLE-MONTH"),
        ({"enddate": "2020-01-01"}, "CLEAR-WHOLE-MONTH"),
        ({"psntime": 2}, "CLEAR-TOTALS"),
        ({"medfee_sumamt": "401.76"}, "CLEAR-TOTALS"),
        ({"med_sumfee": 1}, "CLEAR-TOTALS"),
        ({"fund_appy_sum": 1}, "CLEAR-TOTALS"),
        ({"cash_payamt": 1}, "CLEAR-TOTALS"),
        ({"acct_pay": 1}, "CLEAR-TOTALS"),
    ],
)
def test_applications_refused(month_ago: Client, changed: Json, code: str) -> None:
    body = applying(month_ago)
    for name, value in changed.items():
        body["input"]["data"][name] = f"{today():%Y%m}" if value == "this" else value
    refuse(month_ago, body, code)


def test_a_month_that_has_not_ended(month_ago: Client) -> None:
    body = applying(month_ago)
    first = today().replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    body["input"]["data"] |= {"setlym": f"{first:%Y%m}", "begndate": str(first), "enddate": str(last)}
    refuse(month_ago, body, "CLEAR-MONTH")


def test_an_application_is_withdrawn_until_it_is_taken_up(month_ago: Client) -> None:
    body = applying(month_ago)
    first = month_ago.send(body)
    number = first["output"]["result"]["clr_appy_evt_id"]
    assert month_ago.send(body) == first
    assert number in refuse(month_ago, applying(month_ago), "CLEAR-APPLIED")
    refuse(month_ago, sent(month_ago, "3204", {"clr_appy_evt_id": "404"}), "CLEAR-APPLICATION")
    stranger = factories.connect(factories.hospital(factories.OTHER_HOSPITAL, "上海另一医院（合成）"))
    theirs = sent(month_ago, "3204", {"clr_appy_evt_id": number})
    refuse(month_ago, {**theirs, "fixmedins_code": stranger.provider.code}, "CLEAR-APPLICATION")
    assert month_ago.send(sent(month_ago, "3204", {"clr_appy_evt_id": number}))["infcode"] == 0
    refuse(month_ago, sent(month_ago, "3204", {"clr_appy_evt_id": number}), "CASE-MOVE")
    again = month_ago.send(applying(month_ago))["output"]["result"]["clr_appy_evt_id"]
    Application.objects.filter(state="applied").update(state="taken-up")
    refuse(month_ago, sent(month_ago, "3204", {"clr_appy_evt_id": again}), "CASE-MOVE")


@pytest.mark.parametrize("undone_by", ["", "2208"])
def test_what_was_applied_for_is_not_reversed(month_ago: Client, undone_by: str) -> None:
    original = month_ago.requests["2207A"]
    number = month_ago.send(applying(month_ago))["output"]["result"]["clr_appy_evt_id"]
    if undone_by:
        month_ago.run(undone_by)
    assert "〔交易 3204〕" in refuse(month_ago, month_ago.reversal(original), "CLEAR-COUNTED")
    if undone_by:
        assert month_ago.send(month_ago.reversal(month_ago.requests["2208"]))["infcode"] == 0, "of this month"
    refuse(month_ago, month_ago.reversal(original), "CLEAR-COUNTED")
    assert month_ago.send(sent(month_ago, "3204", {"clr_appy_evt_id": number}))["infcode"] == 0
    assert month_ago.send(month_ago.reversal(original))["infcode"] == 0
    audited()


def month_now() -> Json:
    return {"trt_year": f"{today():%Y}", "trt_month": f"{today():%m}"}


def test_the_detail_of_a_month(settled: Client) -> None:
    row = Settlement.objects.get()
    for start in ("1", 1):
        found = settled.send(sent(settled, "3260", {**month_now(), "startrow": start}))["output"]["data"]
        assert found == [
            {
                "seqno": "1", "mdtrtarea": "310000", "medins_no": settled.world.provider.code,
                "certno": settled.world.certificate, "mdtrt_id": case_number(row),
                "mdtrt_setl_time": f"{timezone.localtime(row.at):%F %T}", "setl_sn": settled.settlement,
                "fulamt_advpay_flag": "0", "medfee_sumamt": Decimal(TOTAL), "optins_pay_sumamt": fund(),
            }
        ]  # fmt: skip
    assert case_number(row).startswith(f"S360100{row.on:%y%m%d}")
    assert len(case_number(row)) == 20
    for changed in ({"startrow": 2}, {"trt_year": "2020"}):
        body = sent(settled, "3260", {**month_now(), "startrow": 1, **changed})
        assert settled.send(body)["output"]["data"] == []
    settled.run("2208")
    assert settled.send(sent(settled, "3260", {**month_now(), "startrow": 1}))["output"]["data"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"startrow": 0}, "GATEWAY-FIELDS"),
        ({"startrow": "x"}, "GATEWAY-FIELDS"),
        ({"trt_month": "13"}, "CLEAR-MONTH"),
        ({"trt_year": "xx"}, "CLEAR-MONTH"),
        ({"trt_year": "0001", "trt_month": "01"}, "CLEAR-MONTH"),
        ({"trt_year": "2099"}, "CLEAR-MONTH"),
    ],
)
def test_details_refused(settled: Client, changed: Json, code: str) -> None:
    refuse(settled, sent(settled, "3260", {**month_now(), "startrow": 1, **changed}), code)


def confirming(client: Client, **changed: Any) -> Json:
    """3261 for all that 3260 tells."""
    rows = client.send(sent(client, "3260", {**month_now(), "startrow": 1}))["output"]["data"]
    names = ("certno", "mdtrt_id", "mdtrt_setl_time", "setl_sn", "medfee_sumamt", "optins_pay_sumamt")
    detail = [{**{name: row[name] for name in names}, "cnfm_flag": "1"} for row in rows]
    return sent(client, "3261", {**month_now(), "totalrow": len(rows)}, detail=detail)


CONFIRMATIONS: list[tuple[str, Any, str]] = [
    ("data.totalrow", 2, "CLEAR-COUNT"),
    ("data.totalrow", "1", OK),
    ("data.trt_year", "2020", "CLEAR-ROWS"),
    ("data.trt_month", "0", "CLEAR-MONTH"),
    ("detail.0.certno", factories.identity(2), "CLEAR-ROWS"),
    ("detail.0.mdtrt_id", "S3601002611300000009", "CLEAR-ROWS"),
    ("detail.0.mdtrt_setl_time", "2026-01-01 00:00:00", "CLEAR-ROWS"),
    ("detail.0.setl_sn", "404", "CLEAR-ROWS"),
    ("detail.0.medfee_sumamt", "401.76", "CLEAR-ROWS"),
    ("detail.0.optins_pay_sumamt", "0.01", "CLEAR-ROWS"),
    ("detail.0.cnfm_flag", "0", OK),
    ("detail.0.cnfm_flag", "", OK),
    ("detail.0.cnfm_flag", "7", "GATEWAY-FIELDS"),
    ("detail", [], "GATEWAY-FIELDS"),
]


def test_confirmations(settled: Client, subtests: pytest.Subtests) -> None:
    good = confirming(settled)
    for path, value, answer in CONFIRMATIONS:
        with subtests.test(f"{path} {value} {answer}"), transaction.atomic():
            body = copy.deepcopy(good)
            change(body, f"input.{path}", value)
            if answer == OK:
                assert settled.send(body)["infcode"] == 0
                assert AllocationLine.objects.get().included == (value != "0")
                audited()
            else:
                refuse(settled, body, answer)
            transaction.set_rollback(True)


def test_a_confirmation_is_rolled_back(settled: Client) -> None:
    body = confirming(settled)
    first = settled.send(body)
    assert settled.send(body) == first
    assert "已经确认过" in refuse(settled, confirming(settled), "CLEAR-ROWS")
    undo: Callable[[str], Json] = lambda number: sent(settled, "3262", {**month_now(), "otransid": number})  # noqa: E731
    refuse(settled, undo("404"), "CLEAR-CONFIRMATION")
    flat = {**settled._envelope("3262"), "input": {**month_now(), "otransid": first["inf_refmsgid"]}}
    assert settled.send(flat)["infcode"] == 0, "fields directly under input"
    refuse(settled, undo(first["inf_refmsgid"]), "CASE-MOVE")
    assert settled.send(confirming(settled))["infcode"] == 0
    assert settled.send(undo("0"))["infcode"] == settled.send(undo("0"))["infcode"] == 0
    assert not AllocationLine.objects.filter(holds=True).exists()
    assert AllocationLine.objects.count() == 2
    audited()
    Month.objects.update(state="closed")
    refuse(settled, confirming(settled), "CLEAR-CLOSED")
    refuse(settled, undo("0"), "CLEAR-CLOSED")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_month_confirmed_by_many_at_once(client: Client) -> None:
    client.run(*FLOW[:-1])
    bodies = [confirming(client) for _ in range(6)]
    barrier, codes = threading.Barrier(6), []

    def send(body: Json) -> None:
        barrier.wait()
        codes.append(client.send(body)["infcode"])
        connection.close()

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [-1] * 5 + [0]
    assert AllocationLine.objects.count() == 1
    audited()
