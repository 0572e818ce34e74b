"""The ordered steps of a decision, each a sentence in Chinese and English with its amount, parameter and source.

The steps run down from the bill's total to the fund's part: each takes something away and says what is left, so that
they add up to the result by construction; `Explanation.adds_up` says whether they do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yidi.benefit.adjudicate import Decision
from yidi.benefit.split import LineSplit, Reason
from yidi.policy.rules import Adjustment, Ceiling, Origin
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import CLASS_OF_SITUATION, FilingClass


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it took off, what was left after it (fen), and why."""

    kind: str
    taken: int
    left: int
    zh: str
    en: str
    origin: Origin | None = None

    def text(self, language: str = "zh") -> str:
        """The sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Explanation:
    """All steps of a decision, in the order in which they were applied."""

    decision: Decision
    steps: tuple[Step, ...]

    def adds_up(self) -> bool:
        """Whether the steps, taken one after another, lead from the total to the fund's part."""
        left = self.decision.split.total
        for step in self.steps:
            left -= step.taken
            if left != step.left:
                return False
        return left == self.decision.fund


_PER = {
    "year": ("年度", "yearly"),
    "quarter": ("季度", "quarterly"),
    "month": ("月度", "monthly"),
    "visit": ("单次", "per-visit"),
}
_ON = {"fund": ("基金支付", "fund payments"), "cost": ("政策范围内费用", "in-scope cost")}
_MODE = {
    "points": ("减百分点", "points off"),
    "factor": ("乘系数", "factor"),
    "upfront": ("先行自付", "upfront share"),
}
_REASONS: dict[Reason, tuple[str, str]] = {
    "payable": ("", ""),
    "class-c": ("丙类或目录外，全自费", "class C or not in the catalogue: paid in full by the person"),
    "not-of-disease": (
        "不属于本次门诊慢特病病种用药，全自费",
        "not a drug of this chronic disease: paid in full by the person",
    ),
    "not-approved": (
        "限制使用且未经医院审批，全自费",
        "restricted and not approved by the hospital: paid in full by the person",
    ),
}


def explain(decision: Decision) -> Explanation:
    """The steps of a decision. Pure: the same decision gives the same words."""
    left = decision.split.total
    steps: list[Step] = []
    for kind, taken, zh, en, origin in _facts(decision):
        left -= taken
        steps.append(Step(kind, taken, left, zh, en, origin))
    return Explanation(decision, tuple(steps))


_Fact = tuple[str, int, str, str, Origin | None]


def _facts(decision: Decision) -> Iterator[_Fact]:
    """The steps in the order in which the kernel takes them."""
    first = (_away, _deductible) if decision.rule.adjustment.upfront_first else (_deductible, _away)
    for part in (_catalogue, *first, _over_cost, _share, _ceilings, _result):
        yield from part(decision)


def _catalogue(decision: Decision) -> Iterator[_Fact]:
    split = decision.split
    total = yuan_text(split.total)
    yield "total", 0, f"本次医疗费总额 {total} 元。", f"The bill comes to {total} yuan.", None
    parts: tuple[tuple[str, int, str, str], ...] = (
        (
            "excluded",
            split.excluded,
            "全自费（丙类、目录外、未经审批或不属于本次病种）",
            "Not payable (class C, not listed, not approved, or not of the disease)",
        ),
        ("over_limit", split.over_limit, "超过就医地限价的部分", "Above the care region's price limit"),
        ("upfront", split.upfront, "乙类等项目先行自付", "Upfront share of class B items"),
    )
    for kind, taken, zh, en in parts:
        if taken:
            yield (
                kind,
                taken,
                f"按就医地目录，{zh} {yuan_text(taken)} 元。",
                f"By the care region's catalogue: {en}, {yuan_text(taken)} yuan.",
                None,
            )
    scope = yuan_text(split.in_scope)
    yield "in_scope", 0, f"政策范围内费用 {scope} 元。", f"In scope: {scope} yuan.", None


def _away(decision: Decision) -> Iterator[_Fact]:
    adjustment = decision.rule.adjustment
    situation = adjustment.situation
    if adjustment.mode == "none":
        zh = f"{situation.zh}：待遇不降低，执行参保地同级起付线与比例。"
        en = f"{situation.en.capitalize()}: no reduction, the home pool's own parameters apply."
        yield "away", 0, zh, en, adjustment.origin
        return
    mode_zh, mode_en = _MODE[adjustment.mode]
    (ratio_zh, ratio_en), taken = _ratio_words(adjustment), yuan_text(decision.away_upfront)
    zh = f"{situation.zh}：异地就医待遇调整，方式为“{mode_zh}”，{ratio_zh}"
    en = f"{situation.en.capitalize()}: away-from-home adjustment, mode “{mode_en}”, {ratio_en}"
    if adjustment.mode == "upfront":
        zh += f"，个人先付 {taken} 元"
        en += f": the person first pays {taken} yuan"
    yield "away", decision.away_upfront, zh + "。", en + ".", adjustment.origin


def _ratio_words(adjustment: Adjustment) -> tuple[str, str]:
    """The size of an adjustment: points are said as points, since 10 % off a share of 85 % would be 76.5 %."""
    percent = percent_text(adjustment.ppm)
    if adjustment.mode != "points":
        return percent, percent
    points = percent.removesuffix("%")
    return f"{points} 个百分点", f"{points} percentage points"


def _deductible(decision: Decision) -> Iterator[_Fact]:
    rule = decision.rule.deductible
    if rule.none:
        yield "deductible", 0, "不设起付线。", "There is no deductible.", rule.origin
        return
    per_zh, per_en = _PER[rule.per]
    amount, taken = yuan_text(rule.amounts[0]), yuan_text(decision.deductible)
    before, after = (
        yuan_text(decision.deductible_before),
        yuan_text(decision.deductible_before + decision.deductible),
    )
    zh = f"{per_zh}起付线 {amount} 元"
    en = f"The {per_en} deductible is {amount} yuan"
    if rule.per == "year":
        zh += f"，此前已付 {before} 元，本次计入 {taken} 元，累计 {after} 元"
        en += f"; {before} yuan were paid before, {taken} yuan now, {after} yuan in all"
    else:
        zh += f"，本次计入 {taken} 元"
        en += f"; {taken} yuan are taken now"
    yield "deductible", decision.deductible, zh + "。", en + ".", rule.origin


def _over_cost(decision: Decision) -> Iterator[_Fact]:
    if decision.over_cost:
        taken = yuan_text(decision.over_cost)
        yield (
            "over_cost",
            decision.over_cost,
            f"超过费用限额的部分 {taken} 元由个人负担。",
            f"{taken} yuan lie above the ceiling on cost.",
            _tightest(decision, "cost")[1].origin,
        )


def _share(decision: Decision) -> Iterator[_Fact]:
    rule, adjustment = decision.rule, decision.rule.adjustment
    base, share = percent_text(rule.share.ppm), percent_text(decision.share_ppm)
    who_zh = f"{rule.standing.zh}、{rule.level.zh}机构"
    who_en = f"{rule.standing.en}, {rule.level.en} provider"
    how_zh, how_en = base, base
    by_zh, by_en = _ratio_words(adjustment)
    if adjustment.mode == "points":
        how_zh, how_en = f"{base} 减 {by_zh}得 {share}", f"{base} less {by_en}, {share},"
    elif adjustment.mode == "factor":
        how_zh, how_en = f"{base} 乘 {by_zh} 得 {share}", f"{base} times {by_en}, {share},"
    eligible, gross = yuan_text(decision.eligible), yuan_text(decision.eligible - decision.shared)
    shared = yuan_text(decision.shared)
    zh = f"余下 {eligible} 元按 {how_zh} 报销（{who_zh}），得 {gross} 元，个人按比例负担 {shared} 元。"
    en = f"Of the remaining {eligible} yuan {how_en} is paid ({who_en}): {gross} yuan; the person's share is {shared} yuan."
    if CLASS_OF_SITUATION.get(adjustment.situation) != FilingClass.LONG_TERM:
        zh, en = _with_note(zh, en, rule.share.origin)
    yield "share", decision.shared, zh, en, rule.share.origin


def _with_note(zh: str, en: str, origin: Origin) -> tuple[str, str]:
    """Both sentences with what the pack notes about the value, in the pack's own words."""
    note = origin.note.rstrip("。")
    return (f"{zh}注：{note}。", f"{en} Note of the rule: “{note}”.") if note else (zh, en)


def _ceilings(decision: Decision) -> Iterator[_Fact]:
    binding = _tightest(decision, "fund")[0] if decision.cut else None
    for index, (ceiling, room) in enumerate(zip(decision.rule.ceilings, decision.rooms, strict=True)):
        zh, en = _ceiling_words(ceiling, room)
        taken = decision.cut if index == binding else 0
        if taken:
            zh += f"，超出的 {yuan_text(taken)} 元基金不再支付"
            en += f"; {yuan_text(taken)} yuan beyond it are not paid"
        zh, en = zh + "。", en + "."
        if taken or ceiling.certain_to is not None:
            zh, en = _with_note(zh, en, ceiling.origin)
        yield "ceiling", taken, zh, en, ceiling.origin


def _tightest(decision: Decision, on: str) -> tuple[int, Ceiling]:
    """The ceiling on the fund or on cost that leaves least, the one that cut, with its place. There must be one."""
    limits = enumerate(zip(decision.rule.ceilings, decision.rooms, strict=True))
    rooms = [(room, index) for index, (item, room) in limits if room is not None and item.on == on]
    index = min(rooms)[1]
    return index, decision.rule.ceilings[index]


def _ceiling_words(ceiling: Ceiling, room: int | None) -> tuple[str, str]:
    if ceiling.amount is None or room is None:
        return "来源写明不设封顶线", "The source states that there is no ceiling"
    per_zh, per_en = _PER[ceiling.per]
    on_zh, on_en = _ON[ceiling.on]
    before = yuan_text(ceiling.amount - room)
    if ceiling.certain_to is not None:
        span = f"{yuan_text(ceiling.certain_to)}–{yuan_text(ceiling.amount)}"
        return (
            f"{per_zh}封顶线（按{on_zh}）来源只给出区间 {span} 元，此前已用 {before} 元，本次仍在区间下限之内",
            f"The {per_en} ceiling on {on_en} is known as a range only, {span} yuan; {before} yuan were used before, and this visit stays below its lower end",
        )
    return (
        f"{per_zh}封顶线（按{on_zh}）{yuan_text(ceiling.amount)} 元，此前已用 {before} 元，还可支付 {yuan_text(room)} 元",
        f"The {per_en} ceiling on {on_en} is {yuan_text(ceiling.amount)} yuan; {before} yuan were used before, {yuan_text(room)} yuan were left",
    )


def _result(decision: Decision) -> Iterator[_Fact]:
    fund, person = yuan_text(decision.fund), yuan_text(decision.person)
    account, cash = yuan_text(decision.account), yuan_text(decision.cash)
    zh = f"统筹基金支付 {fund} 元；个人负担 {person} 元，其中个人账户 {account} 元、现金 {cash} 元。"
    en = f"The fund pays {fund} yuan; the person pays {person} yuan: {account} from the account, {cash} in cash."
    yield "result", 0, zh, en, None


def line_note(row: LineSplit, language: str = "zh") -> str:
    """Why a line was excluded; empty where it was not."""
    zh, en = _REASONS[row.reason]
    return en if language == "en" else zh


def origin_text(origin: Origin | None, region_name: Callable[[str], str], language: str = "zh") -> str:
    """Where a value comes from, in one line: document, clause, grade, facts, layer, reading, date."""
    if origin is None:
        return ""
    facts = "、".join(origin.facts) if language != "en" else ", ".join(origin.facts)
    dated = origin.since != "unknown"
    layer = region_name(origin.layer)
    if language == "en":
        seen = (
            f"undated, seen when checked {origin.seen}" if origin.undated else f"seen in force {origin.seen}"
        )
        since = f"in force from {origin.since}" if dated else f"start unknown, {seen}"
        where = f"{origin.title}, {origin.clause} (grade {origin.grade}; {facts or 'no fact id'})"
        return f"{where}; layer {layer}; reading {origin.reading}; {since}"
    seen = f"来源无日期，核对日 {origin.seen} 所见" if origin.undated else f"来源显示 {origin.seen} 有效"
    since = f"{origin.since} 起施行" if dated else f"起始日不详，{seen}"
    where = f"《{origin.title}》{origin.clause}（{origin.grade} 级{'；' + facts if facts else ''}）"
    return f"{where}；{layer}规则，口径 {origin.reading}，{since}"
