"""The checklist: each rule looks at the traffic and yields messages that speak for or against the client."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from yidi.gateway.certification.facts import PARTS
from yidi.gateway.certification.models import Exchange
from yidi.gateway.certification.traffic import Traffic
from yidi.values.terms import Term

Evidence = Iterator[tuple[Exchange, bool]]
Check = Callable[[Traffic], Evidence]
ASKING = ("5201", "5203")
"""Queries that tell whether a visit is settled."""


class Verdict(Term):
    """What the traffic says of a rule."""

    PASS = "pass", "通过", "pass"
    FAIL = "fail", "不通过", "fail"
    UNSEEN = "unseen", "未见", "not seen"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the checklist."""

    id: str
    title: Words
    advice: Words
    check: Check
    needed: bool = True
    """Whether certification waits for it to be seen."""
    binding: bool = True
    """Whether breaking it fails the client; else it is advice."""


# signing in and numbering


def signs_in_first(traffic: Traffic) -> Evidence:
    for each in traffic.all:
        good = each.transaction == "9001"
        yield each, good
        if not good or each.ok:
            return


def carries_sign_in(traffic: Traffic) -> Evidence:
    given: set[str] = set()
    for each in traffic.all:
        if each.transaction == "9001":
            given |= {each.told["sign_no"]} if each.ok else set()
        elif given:
            yield each, each.asked.get("signed_in") in given


def signs_out(traffic: Traffic) -> Evidence:
    yield from ((each, True) for each in traffic.done("9002"))


def numbers_in_form(traffic: Traffic) -> Evidence:
    form = re.compile(
        re.escape(traffic.institution) + r"20\d\d(0[1-9]|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d\d{4}"
    )
    yield from ((each, form.fullmatch(each.msgid) is not None) for each in traffic.all)


def numbers_once(traffic: Traffic) -> Evidence:
    """A number belongs to one message. One that was refused may be mended under its number."""
    first: dict[str, Exchange] = {}
    for each in traffic.all:
        known = first.get(each.msgid)
        same = known is None or (known.transaction, known.digest) == (each.transaction, each.digest)
        mended = known is not None and known.transaction == each.transaction and not known.ok
        yield each, same or mended
        if known is None or mended:
            first[each.msgid] = each


# the visit


def reads_person(traffic: Traffic) -> Evidence:
    for each in traffic.done("2201"):
        yield (
            each,
            any(
                old.transaction == "1101" and old.ok and old.person == each.person
                for old in traffic.before(each)
            ),
        )


def uses_home(traffic: Traffic) -> Evidence:
    for each in traffic.done("2201"):
        read = [
            old for old in traffic.before(each) if old.transaction == "1101" and old.person == each.person
        ]
        yield each, any(each.asked.get("home") in old.told.get("homes", ()) for old in read)


def reads_diseases(traffic: Traffic) -> Evidence:
    for each in traffic.done("2203"):
        if each.asked.get("dise_codg"):
            old = [old.person for old in traffic.before(each) if old.transaction == "5301" and old.ok]
            yield each, each.person in old


def describes_first(traffic: Traffic) -> Evidence:
    for each in traffic.done("2204"):
        yield (
            each,
            any(
                old.transaction == "2203" and old.ok and old.visit == each.visit
                for old in traffic.before(each)
            ),
        )


def uploads_each_line_once(traffic: Traffic) -> Evidence:
    for each in traffic.done("2204"):
        _, serials = traffic.uploaded(each)
        yield (
            each,
            len(each.told.get("rows", ())) == len(each.asked["serials"])
            and len(set(serials)) == len(serials),
        )


def presettles_first(traffic: Traffic) -> Evidence:
    for each in traffic.done("2207"):
        steps = [old for old in traffic.before(each) if old.visit == each.visit and old.ok]
        last = next((old for old in steps if old.transaction in ("2203", "2204", "2205", "2206")), None)
        yield each, last is not None and last.transaction == "2206"


def sends_parts(traffic: Traffic) -> Evidence:
    for each in traffic.done("2207"):
        told = [
            old.told
            for old in traffic.before(each)
            if old.transaction == "2206" and old.ok and old.visit == each.visit
        ]
        yield each, bool(told) and all(each.asked.get(part) == told[0].get(part) for part in PARTS)


def total_is_lines(traffic: Traffic) -> Evidence:
    for each in traffic.done("2207"):
        total, _ = traffic.uploaded(each)
        yield each, each.asked.get("medfee_sumamt") == total


def settles(med_types: Sequence[str], traffic: Traffic) -> Evidence:
    yield from ((each, True) for each in traffic.done("2207") if each.asked.get("med_type") in med_types)


# undoing


def cancels(traffic: Traffic) -> Evidence:
    for each in traffic.done("2208"):
        settled = [
            old.told.get("setl_id") for old in traffic.before(each) if old.transaction == "2207" and old.ok
        ]
        yield each, each.asked.get("setl_id") in settled


def clears_up(traffic: Traffic) -> Evidence:
    """After 2208 the lines go, then the visit; or the visit is settled anew."""
    for each in traffic.done("2208"):
        then = [later.transaction for later in traffic.after(each) if later.visit == each.visit and later.ok]
        in_order = "2205" in then and "2202" in then[then.index("2205") :]
        yield each, in_order or "2207" in then


def reverses(traffic: Traffic) -> Evidence:
    """2601 names a message that was sent: it is undone, or never arrived and the centre says so."""
    for each in traffic.of("2601"):
        named = [old for old in traffic.before(each) if old.msgid == each.asked.get("omsgid")]
        yield each, bool(named) and (each.ok or (each.outcome == "SETL-REVERSE" and named[0].lost))


# lost and wrong replies


def resends_the_same(traffic: Traffic) -> Evidence:
    for transaction in sorted({each.transaction for each in traffic.all}):
        by_number: dict[str, list[Exchange]] = {}
        for each in traffic.of(transaction):
            by_number.setdefault(each.msgid, []).append(each)
        for sent in by_number.values():
            for old, new in pairwise(sent):
                if old.ok or old.lost:
                    yield new, old.digest == new.digest


def recovers(traffic: Traffic) -> Evidence:
    """After a lost 2207: the same message again, 2601, or a question; never a new 2207."""
    for each in traffic.of("2207"):
        if each.lost:
            then = traffic.next_of_visit(each)
            asks = then is not None and (then.msgid == each.msgid or then.transaction in (*ASKING, "2601"))
            yield then or each, asks


def asks_again(traffic: Traffic) -> Evidence:
    """After another lost reply the message is sent again: the same, where it changes something."""
    for each in traffic.all:
        if each.lost and each.transaction != "2207":
            then = [
                later for later in traffic.after(each) if later.transaction == each.transaction and later.ok
            ]
            changes = each.transaction in CHANGING
            good = [later for later in then if not changes or later.msgid == each.msgid]
            yield (good or [each])[0], bool(good)


CHANGING = ("9001", "2201", "2203", "2204", "2205", "2202", "2208", "2601")


def notices_wrong_amounts(traffic: Traffic) -> Evidence:
    """After a reply whose amounts cannot be, the client asks again or undoes; before a settlement it may also stop."""
    for each in traffic.all:
        if each.spoilt:
            then = traffic.next_of_visit(each)
            settled = each.transaction == "2207"
            if then is None:
                yield each, not settled
            elif settled:
                yield then, then.msgid == each.msgid or then.transaction in ("2208", "2601", *ASKING)
            else:
                yield then, then.transaction != "2207"


def settles_once(traffic: Traffic) -> Evidence:
    yield from (
        (each, each.outcome != "SETL-SETTLED") for each in traffic.of("2207") if each.ok or each.outcome
    )


# accounts


def totals_equal(traffic: Traffic) -> Evidence:
    """The last comparison decides."""
    for each in list(traffic.done("3201"))[-1:]:
        yield each, bool(each.told.get("equal"))


def details_equal(traffic: Traffic) -> Evidence:
    """The result of 3202 is fetched, and the last one has no difference."""
    compared = list(traffic.done("3202"))
    if compared:
        fetched = [later for later in traffic.after(compared[-1]) if "differences" in later.told]
        yield (fetched or compared)[-1], bool(fetched) and fetched[-1].told["differences"] == 0


# errors met and put right


def puts_right(code: str, traffic: Traffic) -> Evidence:
    """After that refusal, the same transaction goes through for the same visit or person, or the visit is withdrawn."""
    for each in traffic.all:
        if each.outcome == code:
            right = next((later for later in traffic.after(each) if _mends(later, each)), None)
            yield right or each, right is not None


def _mends(later: Exchange, refused: Exchange) -> bool:
    if not later.ok:
        return False
    if refused.visit:
        return later.visit == refused.visit and later.transaction in (refused.transaction, "2202")
    return later.transaction == refused.transaction and (not refused.person or later.person == refused.person)


@dataclass(frozen=True, slots=True)
class Mistake:
    """An error that a client must meet once and put right."""

    code: str
    title: Words
    provoke: Words


MISTAKES = (
    Mistake("GATEWAY-FIELDS", Words("必填项缺失或格式不对", "a field missing or malformed"),
            Words("发送一条缺少必填项的 2201，看清提示后补全重发", "send a 2201 without a required field, then complete it")),
    Mistake("PERSON-UNKNOWN", Words("查无此人", "an unknown person"),
            Words("用未登记的证件号码发 1101，再用正确的号码重发", "send 1101 with an unknown number, then with the right one")),
    Mistake("PERSON-WRONG-HOME", Words("参保地区划填错", "a wrong home region"),
            Words("2201 的参保地填本地区划，再改为 1101 返回的区划", "send 2201 with the care region as home, then with what 1101 told")),
    Mistake("GATEWAY-DISEASE", Words("门诊慢特病未填病种", "chronic care without a disease"),
            Words("医疗类别 14 的 2203A 不填病种，再填 5301 返回的病种", "send 2203A of type 14 without a disease, then with one")),
    Mistake("SETL-LINE-TWICE", Words("明细流水号重复", "a line number used twice"),
            Words("同一明细换报文号再传一次，撤销（2205）后重传", "upload a line again under a new msgid; withdraw (2205) and upload anew")),
    Mistake("SETL-TOTAL", Words("总额与明细不符", "a total that differs from its lines"),
            Words("预结算总额多报一元，再按明细合计重发", "presettle with a yuan too much, then with the sum of the lines")),
    Mistake("FILING-NONE", Words("未备案不能直接结算", "no filing, no direct settlement"),
            Words("为未备案人员预结算，提示后撤销明细与挂号（2205、2202）", "presettle for the person without a filing, then withdraw lines and visit")),
)  # fmt: skip


def _mistake_rule(mistake: Mistake) -> Rule:
    return Rule(
        f"error-{mistake.code}",
        Words(
            f"改正错误：{mistake.title.zh}（{mistake.code}）",
            f"Puts right: {mistake.title.en} ({mistake.code})",
        ),
        mistake.provoke,
        partial(puts_right, mistake.code),
    )


RULES: tuple[Rule, ...] = (
    Rule("sign-in", Words("先签到再办业务", "Signs in before work"),
         Words("第一条报文应为 9001", "the first message is a 9001"), signs_in_first),
    Rule("sign-number", Words("报文带签到流水号", "Messages carry the sign-in number"),
         Words("报文头的 sign_no 填 9001 返回的编号", "send the sign_no that 9001 told"), carries_sign_in, needed=False, binding=False),
    Rule("sign-out", Words("签退", "Signs out"), Words("下班时发 9002", "send 9002 at the end of the day"), signs_out),
    Rule("msgid-form", Words("报文号的格式", "Form of message numbers"),
         Words("机构编号 12 位 + 年月日时分秒 14 位 + 顺序号 4 位", "institution 12 + time 14 + sequence 4 digits"), numbers_in_form),
    Rule("msgid-once", Words("报文号不重复", "Message numbers are not used twice"),
         Words("新报文用新的报文号；只有逐字重发才用原号", "a new message has a new number"), numbers_once),
    Rule("person", Words("挂号前读取人员信息", "Reads the person before 2201"),
         Words("2201 之前先发该人员的 1101", "send 1101 of that person first"), reads_person),
    Rule("home", Words("使用 1101 返回的参保地", "Uses the home region that 1101 told"),
         Words("insuplc_admdvs 取自 1101，不要写死本地区划", "take insuplc_admdvs from 1101, never the local region"), uses_home),
    Rule("diseases", Words("慢特病先查备案病种", "Reads the approved diseases"),
         Words("医疗类别 14 之前先发 5301", "send 5301 before med_type 14"), reads_diseases),
    Rule("described", Words("先传就诊信息再传明细", "Describes the visit before its lines"),
         Words("2204 之前先发 2203A", "send 2203A before 2204"), describes_first),
    Rule("lines", Words("明细逐条对应、流水号不重复", "Each line uploaded once"),
         Words("核对返回条数；流水号在一次就诊中唯一", "compare the rows; serial numbers are unique in a visit"), uploads_each_line_once),
    Rule("presettled", Words("结算前预结算", "Presettles before settling"),
         Words("明细有变动后重新发 2206A，再发 2207A", "after any change of lines send 2206A before 2207A"), presettles_first),
    Rule("parts", Words("结算带预结算的四项金额", "Settles with the four parts of the presettlement"),
         Words("2207A 的全自费、超限价、先行自付、政策范围内取自 2206A", "take the four parts from 2206A"), sends_parts),
    Rule("total", Words("结算总额等于明细合计", "Total equals the lines"),
         Words("medfee_sumamt 为已传明细之和", "medfee_sumamt is the sum of the uploaded lines"), total_is_lines),
    Rule("settle-general", Words("结算一次普通门诊", "Settles a general outpatient visit"),
         Words("按测试数据结算医疗类别 11", "settle med_type 11 with the test data"), partial(settles, ("11", "13"))),
    Rule("settle-chronic", Words("结算一次门诊慢特病", "Settles a chronic-disease visit"),
         Words("按测试数据结算医疗类别 14", "settle med_type 14 with the test data"), partial(settles, ("14",))),
    Rule("settle-once", Words("同一就诊不重复结算", "Does not settle a visit twice"),
         Words("已结算的就诊不再用新报文号发 2207A", "no 2207A under a new number for a settled visit"), settles_once),
    Rule("cancel", Words("撤销结算", "Cancels a settlement"),
         Words("用 2207A 返回的 setl_id 发 2208", "send 2208 with the setl_id that 2207A told"), cancels),
    Rule("clear-up", Words("撤销后依次撤明细、撤挂号，或重新结算", "After a cancellation: lines, then visit, or settle anew"),
         Words("2208 → 2205 → 2202", "2208, then 2205, then 2202"), clears_up),
    Rule("reverse", Words("冲正结果不明的结算", "Reverses a settlement of unknown outcome"),
         Words("2601 填原报文的 omsgid 与 oinfno", "send 2601 with omsgid and oinfno of the message"), reverses),
    Rule("resend", Words("重发内容与原报文一致", "Sends again the very same message"),
         Words("发送前先存报文；收不到应答时原样重发", "store the message before sending; send it again unchanged"), resends_the_same),
    Rule("recover", Words("结算无应答：先查或冲正或原样重发", "2207 without reply: asks, reverses or sends again"),
         Words("用故障台丢弃一次 2207A 的应答（drop）", "have the fault bench drop the reply of a 2207A"), recovers),
    Rule("ask-again", Words("其他报文无应答：重发", "Other messages without reply: sends again"),
         Words("用故障台按种子丢弃应答", "have the fault bench drop replies by seed"), asks_again, needed=False),
    Rule("wrong-amounts", Words("发现应答金额有误", "Notices wrong amounts"),
         Words("用故障台篡改 2206A 的金额（wrong-amounts）；核对恒等式，不符即停", "check the identities of each reply and stop where they break"),
         notices_wrong_amounts, needed=False),
    Rule("totals", Words("对总账相符", "Totals agree (3201)"),
         Words("结算与撤销都计入；不符先对明细", "count settlements and cancellations; if it differs, compare details"), totals_equal),
    Rule("details", Words("对明细账无差异", "Details agree (3202)"),
         Words("3202 后用 9102 取结果，差异为零", "after 3202 fetch the result by 9102: no differences"), details_equal),
    *map(_mistake_rule, MISTAKES),
)  # fmt: skip
