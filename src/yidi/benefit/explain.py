"""The ordered steps of a decision, each a sentence in Chinese and English with its amount, parameter and source.

The steps run down from the bill's total to what the funds pay: each takes something away and says what is left. A
layer above the basic fund first gives back what it pays on (`taken` is negative) and then takes its own deductible,
share and ceiling off it. So they add up to the result by construction; `Explanation.adds_up` says whether they do.

Where any value of the rule comes from a source of grade C or R, every sentence begins with `UNVERIFIED`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yidi.benefit import sentences
from yidi.benefit.adjudicate import Decision, LayerPaid, PartPaid
from yidi.benefit.counters import limited
from yidi.benefit.sentences import Paying, Said
from yidi.benefit.split import LineSplit, Reason
from yidi.policy.rules import BenefitRule, Ceiling, Origin
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import CLASS_OF_SITUATION, FilingClass, Fund

UNVERIFIED: Said = ("〔未核实〕", "[unverified] ")
"""How every line begins that rests on a value without a source that may be adopted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it took off (negative = gave back), what was left after it (fen), and why."""

    kind: str
    """`total`, `excluded`, `over_limit`, `upfront`, `in_scope`, `listed`, `upfront_at_home`, `away`, `deductible`, `over_cost`,
    `share`, `ceiling`; of a layer also `base`, what it pays on, and `paid`; then `account`, `family_account`, `not_counted`,
    `result`.
    """
    taken: int
    left: int
    zh: str
    en: str
    origin: Origin | None = None
    """The parameter's place: its layer, rule, reading, source and clause."""
    fund: Fund = Fund.BASIC
    """Whose step it is: the basic fund's, or a layer's above it."""

    @property
    def given(self) -> int:
        """What the step gave back, in fen: what a layer pays on."""
        return max(-self.taken, 0)

    def text(self, language: str = "zh") -> str:
        """The sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Explanation:
    """All steps of a decision, in the order in which they were applied."""

    decision: Decision
    steps: tuple[Step, ...]

    def adds_up(self) -> bool:
        """Whether the steps, taken one after another, lead from the total to what the funds pay."""
        left = self.decision.split.total
        for step in self.steps:
            left -= step.taken
            if left != step.left:
                return False
        return left == self.decision.funds


_REASONS: dict[Reason, Said] = {
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
    unverified = decision.rule.unverified
    steps: list[Step] = []
    for fund, facts in _told(decision):
        for kind, taken, said, origin in facts:
            left -= taken
            zh, en = marked(said, unverified)
            steps.append(Step(kind, taken, left, zh, en, origin, fund))
    return Explanation(decision, tuple(steps))


def marked(said: Said, unverified: bool) -> Said:
    """A sentence, with what tells the reader that it rests on something unverified."""
    return (UNVERIFIED[0] + said[0], UNVERIFIED[1] + said[1]) if unverified else said


_Fact = tuple[str, int, Said, Origin | None]


def _told(decision: Decision) -> Iterator[tuple[Fund, Iterator[_Fact]]]:
    """The steps in the order in which the kernel takes them, fund by fund."""
    yield Fund.BASIC, _basic(decision)
    for paid in decision.layers:
        yield paid.layer.fund, _layer(decision, paid)
    yield Fund.BASIC, _result(decision)


def _basic(decision: Decision) -> Iterator[_Fact]:
    paying = _paid_by_basic(decision)
    yield from _catalogue(decision)
    yield from _listed(decision.rule)
    yield from _upfront_at_home(decision)
    if decision.rule.adjustment.upfront_first:
        yield from _away(decision)
        yield from _deductible(paying)
    else:
        yield from _deductible(paying)
        yield from _away(decision)
    yield from _over_cost(paying)
    yield from _share(decision, paying)
    yield from _ceilings(paying)


def payings(decision: Decision) -> tuple[Paying, ...]:
    """What the basic fund and each layer applied to the bill, in their order."""
    return _paid_by_basic(decision), *(_paid_by_layer(decision, paid) for paid in decision.layers)


def _paid_by_basic(decision: Decision) -> Paying:
    rule = decision.rule
    return Paying(
        fund=Fund.BASIC,
        deductible=rule.deductible,
        share=rule.share,
        bands=decision.bands,
        ceilings=rule.ceilings,
        rooms=decision.rooms,
        used=_used(decision, rule.ceilings),
        parts=decision.parts,
        deductible_before=decision.deductible_before,
        cost_before=decision.counted("cost"),
        stay=decision.stay,
        adjustment=rule.adjustment,
    )


def _paid_by_layer(decision: Decision, paid: LayerPaid) -> Paying:
    layer = paid.layer
    eligible = paid.base - paid.deductible - paid.over_cost
    gross = eligible - paid.shared
    part = PartPaid(None, paid.base, paid.deductible, paid.over_cost, eligible, gross, paid.fund)
    return Paying(
        fund=layer.fund,
        deductible=layer.deductible,
        share=layer.share,
        bands=layer.share.bands,
        ceilings=layer.ceilings,
        rooms=paid.rooms,
        used=_used(decision, layer.ceilings),
        parts=(part,),
        deductible_before=paid.deductible_before,
        cost_before=decision.counted("cost", layer.fund),
    )


def _used(decision: Decision, ceilings: tuple[Ceiling, ...]) -> tuple[int, ...]:
    return tuple(decision.before.get(limited(ceiling, decision.on), 0) for ceiling in ceilings)


def _catalogue(decision: Decision) -> Iterator[_Fact]:
    split = decision.split
    total = yuan_text(split.total)
    yield "total", 0, (f"本次医疗费总额 {total} 元。", f"The bill comes to {total} yuan."), None
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
            amount = yuan_text(taken)
            said = (
                f"按就医地目录，{zh} {amount} 元。",
                f"By the care region's catalogue: {en}, {amount} yuan.",
            )
            yield kind, taken, said, None
    scope_zh, scope_en = (
        f"政策范围内费用 {yuan_text(split.in_scope)} 元",
        f"In scope: {yuan_text(split.in_scope)} yuan",
    )
    apart = [(part.category, part.amount) for part in decision.parts if part.category]
    if apart:
        zh, en = sentences.fees(apart)
        scope_zh, scope_en = f"{scope_zh}，其中{zh}", f"{scope_en}, of which {en}"
    yield "in_scope", 0, (scope_zh + "。", scope_en + "."), None


def _listed(rule: BenefitRule) -> Iterator[_Fact]:
    if rule.listing:
        said = sentences.listed(rule.benefit, rule.disease, rule.listing)
        yield "listed", 0, sentences.with_note(said, rule.listing.origin), rule.listing.origin


def _upfront_at_home(decision: Decision) -> Iterator[_Fact]:
    upfront = decision.rule.upfront
    if upfront is None:
        return
    percent, taken = percent_text(upfront.ppm), yuan_text(decision.upfront_at_home)
    said = (
        f"按参保地规定，本项先行自付 {percent}，个人先付 {taken} 元。",
        f"By the home pool's rule {percent} is paid upfront: the person first pays {taken} yuan.",
    )
    yield "upfront_at_home", decision.upfront_at_home, said, upfront.origin


def _away(decision: Decision) -> Iterator[_Fact]:
    adjustment = decision.rule.adjustment
    said = sentences.away(adjustment, decision.away_upfront)
    yield "away", decision.away_upfront, said, adjustment.origin


def _deductible(paying: Paying) -> Iterator[_Fact]:
    yield "deductible", paying.taken, sentences.deductible(paying), paying.deductible.origin


def _over_cost(paying: Paying) -> Iterator[_Fact]:
    for place, taken in paying.cut_by("cost").items():
        ceiling = paying.ceilings[place]
        yield "over_cost", taken, sentences.over_cost(ceiling, taken), ceiling.origin


def _share(decision: Decision, paying: Paying) -> Iterator[_Fact]:
    rule = decision.rule
    said = sentences.share(paying, rule.standing, rule.level)
    if CLASS_OF_SITUATION.get(rule.adjustment.situation) != FilingClass.LONG_TERM:
        said = sentences.with_note(said, paying.share.origin)
    yield "share", paying.eligible - paying.gross, said, paying.share.origin


def _ceilings(paying: Paying) -> Iterator[_Fact]:
    cut = paying.cut_by("fund")
    for place, (ceiling, used, room) in enumerate(
        zip(paying.ceilings, paying.used, paying.rooms, strict=True)
    ):
        taken = cut.get(place, 0)
        yield "ceiling", taken, sentences.ceiling(ceiling, used, room, taken), ceiling.origin


def _layer(decision: Decision, paid: LayerPaid) -> Iterator[_Fact]:
    """What a layer gives back and takes, each sentence under its fund's name."""
    for kind, taken, said, origin in _layer_steps(decision, paid):
        yield kind, taken, sentences.of_fund(paid.layer.fund, said), origin


def _layer_steps(decision: Decision, paid: LayerPaid) -> Iterator[_Fact]:
    layer = paid.layer
    said = sentences.base(layer.base, paid.base)
    if not paid.base:
        yield "base", 0, said, layer.origin
        return
    yield "base", -paid.base, sentences.with_note(said, layer.origin), layer.origin
    paying = _paid_by_layer(decision, paid)
    yield from _deductible(paying)
    if paid.base == paid.deductible:
        yield (
            "paid",
            0,
            ("未超过起付线，本次不支付。", "Nothing is left above the deductible, and nothing is paid."),
            None,
        )
        return
    yield from _over_cost(paying)
    yield from _share(decision, paying)
    yield from _ceilings(paying)
    amount = yuan_text(paid.fund)
    yield "paid", 0, (f"支付 {amount} 元。", f"It pays {amount} yuan."), None


def _result(decision: Decision) -> Iterator[_Fact]:
    rule = decision.rule
    of_accounts = (
        ("account", rule.own_account, Fund.ACCOUNT, decision.account),
        ("family_account", rule.family_account, Fund.FAMILY_ACCOUNT, decision.family_account),
    )
    for kind, account, whose, paid in of_accounts:
        if account:
            yield kind, 0, sentences.account(account.pays, whose, paid), account.origin
    for remark in rule.remarks:
        yield "not_counted", 0, (f"{remark.zh}。", f"{remark.en.capitalize()}."), None
    (funds_zh, funds_en), (person_zh, person_en) = _funds(decision), _person(decision)
    yield "result", 0, (f"{funds_zh}；{person_zh}。", f"{funds_en}; {person_en}."), None


def _funds(decision: Decision) -> Said:
    if not decision.layers:
        fund = yuan_text(decision.fund)
        return f"统筹基金支付 {fund} 元", f"The fund pays {fund} yuan"
    each = [(Fund.BASIC, decision.fund), *((paid.layer.fund, paid.fund) for paid in decision.layers)]
    zh = "、".join(f"{fund.zh} {yuan_text(amount)} 元" for fund, amount in each)
    en = ", ".join(f"{yuan_text(amount)} {fund.en}" for fund, amount in each)
    together = yuan_text(decision.funds)
    return f"各项基金共支付 {together} 元，其中{zh}", f"The funds pay {together} yuan: {en}"


def _person(decision: Decision) -> Said:
    person, cash = yuan_text(decision.person), yuan_text(decision.cash)
    account, family = yuan_text(decision.account), yuan_text(decision.family_account)
    shared = decision.rule.family_account is not None
    family_zh = f"家庭共济账户 {family} 元、" if shared else ""
    family_en = f"{family} from the family account, " if shared else ""
    return (
        f"个人负担 {person} 元，其中个人账户 {account} 元、{family_zh}现金 {cash} 元",
        f"the person pays {person} yuan: {account} from the account, {family_en}{cash} in cash",
    )


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
