"""The money identities I1 – I13 of the interface, checked on the messages of one visit as a client sees them.

A client may use this with any centre: it takes requests and replies as parsed JSON and needs nothing else of ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FUNDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
PARTS = ("inscp_scp_amt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt")
LINE_PARTS = ("inscp_scp_amt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt")
NEGATED = ("medfee_sumamt", *PARTS, "act_pay_dedc", *FUNDS, "fund_pay_sumamt", "psn_part_amt", "acct_pay",
           "psn_cash_pay", "hosp_part_amt")  # fmt: skip
NO_LIMIT = Decimal(999999)
CENT = Decimal("0.01")

Json = Mapping[str, Any]


def broken_identities(
    requests: Mapping[str, Json], replies: Mapping[str, Json], *, account_inside: bool = False
) -> list[str]:
    """Every identity that the messages of one visit break, each as a sentence; none, if all is well.

    Both mappings go from the transaction's number (with or without its A) to the whole message. Replies that are not
    there, or refused, are not looked at. `account_inside` tells that the care region counts the personal account among
    the funds (Guangdong, interface §7).
    """
    sent = {number.removesuffix("A"): message["input"] for number, message in requests.items()}
    got = {number.removesuffix("A"): _output(message) for number, message in replies.items()}
    return list(_all(sent, {number: output for number, output in got.items() if output}, account_inside))


def _output(message: Json) -> Json:
    return message.get("output") or {} if message.get("infcode") == 0 else {}


def _all(sent: Mapping[str, Json], got: Mapping[str, Json], account_inside: bool) -> Iterator[str]:
    rows = got.get("2204", {}).get("result", [])
    if rows:
        yield from _lines(_listed(sent["2204"]["feedetail"]), rows)
    for number in ("2206", "2207", "2208"):
        if number in got:
            yield from _settlement(number, got[number], account_inside)
    for number in ("2206", "2207"):
        if number in got:
            yield from _totals(number, sent[number]["data"], got[number]["setlinfo"], rows)
    if "2207" in got:
        yield from _echo(sent["2207"]["data"], got["2207"]["setlinfo"])
    if "2206" in got and "2207" in got:
        yield from _same(got["2206"]["setlinfo"], got["2207"]["setlinfo"])
    if "2207" in got and "2208" in got:
        yield from _mirror(got["2207"], got["2208"])


def _lines(sent: Sequence[Json], rows: Sequence[Json]) -> Iterator[str]:
    """I6 – I9, row by row in the order sent."""
    if [row["feedetl_sn"] for row in rows] != [row["feedetl_sn"] for row in sent]:
        yield "2204：返回的明细与上传的明细不一一对应"
        return
    for row in rows:
        yield from _line(row)


def _line(row: Json) -> Iterator[str]:
    name = f"2204 明细 {row['feedetl_sn']}"
    amount, count, price, limit, share = _amounts(
        row, "det_item_fee_sumamt", "cnt", "pric", "pric_uplmt_amt", "selfpay_prop"
    )
    excluded, over, upfront = _amounts(row, "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt")
    yield from _equal("I6", name, amount, _round(count * price))
    yield from _equal("I7", name, amount, sum(_amounts(row, *LINE_PARTS)))
    yield from _equal("I8", name, upfront, _round((amount - excluded - over) * share))
    if share == 1:
        yield from _equal("I8", name, excluded, amount)
    beyond = Decimal() if limit == NO_LIMIT or excluded == amount else max(Decimal(), price - limit)
    yield from _equal("I9", name, over, min(_round(beyond * count), amount))


def _settlement(number: str, output: Json, account_inside: bool) -> Iterator[str]:
    """I1 – I5 and I13 within one reply."""
    info = output["setlinfo"]
    total, fund, part, hospital = _amounts(
        info, "medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "hosp_part_amt"
    )
    account, cash, deductible, in_scope = _amounts(
        info, "acct_pay", "psn_cash_pay", "act_pay_dedc", "inscp_scp_amt"
    )
    inside, outside = (account, Decimal()) if account_inside else (Decimal(), account)
    paid = sum(_amount(row["fund_payamt"]) for row in output["setldetail"])
    yield from _equal("I1", number, total, sum(_amounts(info, *PARTS)))
    yield from _equal("I2", number, total, fund + part + hospital)
    yield from _equal("I3", number, part, outside + cash)
    yield from _equal("I4", number, fund, sum(_amounts(info, *FUNDS)) + inside)
    yield from _equal("I5", number, paid, total - cash)
    yield from _equal("I5", number, paid, fund + outside + hospital)
    sign = -1 if number == "2208" else 1
    if not 0 <= sign * deductible <= sign * in_scope:
        yield f"I13 {number}：起付线 {deductible} 不在 0 与政策范围内金额 {in_scope} 之间"


def _totals(number: str, claimed: Json, info: Json, rows: Sequence[Json]) -> Iterator[str]:
    """I10: the rows of the batch add up to the settlement."""
    yield from _equal(
        "I10", f"{number} medfee_sumamt", _amount(info["medfee_sumamt"]), _amount(claimed["medfee_sumamt"])
    )
    if not rows:
        return
    total = sum(_amount(row["det_item_fee_sumamt"]) for row in rows)
    yield from _equal("I10", f"{number} medfee_sumamt", _amount(info["medfee_sumamt"]), total)
    for name, of_row in zip(PARTS, LINE_PARTS, strict=True):
        yield from _equal(
            "I10", f"{number} {name}", _amount(info[name]), sum(_amount(row[of_row]) for row in rows)
        )


def _echo(claimed: Json, info: Json) -> Iterator[str]:
    """I11: the parts that a 2207 sends, where it sends any, are those of the centre."""
    for name in PARTS:
        if claimed.get(name) not in (None, ""):
            yield from _equal("I11", name, _amount(info[name]), _amount(claimed[name]))


def _same(before: Json, after: Json) -> Iterator[str]:
    """What was presettled is what is settled, nothing having come between."""
    for name in NEGATED:
        yield from _equal("2206=2207", name, _amount(after[name]), _amount(before[name]))


def _mirror(settled: Json, undone: Json) -> Iterator[str]:
    """I12: a cancellation is the settlement with the other sign, under a number of its own."""
    info, back = settled["setlinfo"], undone["setlinfo"]
    for name in NEGATED:
        yield from _equal("I12", name, _amount(back[name]), -_amount(info[name]))
    if "pdn_cash_pay" in back:
        yield from _equal("I12", "pdn_cash_pay", _amount(back["pdn_cash_pay"]), _amount(back["psn_cash_pay"]))
    if back["setl_id"] == info["setl_id"]:
        yield "I12：撤销没有新的结算号"
    if not _amount(back["medfee_sumamt"]) < 0:
        yield "I12：撤销的医疗费总额不是负数"


def _equal(identity: str, where: str, ours: Decimal | int, theirs: Decimal | int) -> Iterator[str]:
    if ours != theirs:
        yield f"{identity} {where}：{ours} ≠ {theirs}"


def _amounts(node: Json, *names: str) -> list[Decimal]:
    return [_amount(node[name]) for name in names]


def _amount(value: Any) -> Decimal:
    """A number of JSON, or numeric text, as the decimal number that it spells."""
    return Decimal(str(value))


def _round(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _listed(value: Any) -> Sequence[Json]:
    return value if isinstance(value, list) else [value]
