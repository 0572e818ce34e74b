"""The sentences of an explanation: one parameter, what it was, and what it took. Chinese first, then English.

Nothing here decides about money: every amount comes from a decision.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yidi.benefit.adjudicate import PartPaid
from yidi.policy.rules import Adjustment, Band, Ceiling, Deductible, Listing, Origin, Remark, Share
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import AccountPart, AdjustmentMode, Benefit, FeeCategory, Fund, Level, Period, Standing

Said = tuple[str, str]
"""A sentence or a phrase in both languages."""

_ON = {
    "fund": ("基金支付", "fund payments", "fund payments for", "还可支付"),
    "cost": ("政策范围内费用", "in-scope cost", "the in-scope cost of", "还可计入"),
}
_BASE = {
    "person": (
        "政策范围内个人负担部分（不含先行自付）",
        "the person's part in scope, without what was paid upfront",
    ),
    "person-and-upfront": (
        "政策范围内个人负担部分（含先行自付）",
        "the person's part in scope, with what was paid upfront",
    ),
    "beyond-ceiling": ("基本医保封顶线以上的费用", "the cost beyond the basic fund's ceiling"),
}


@dataclass(frozen=True, slots=True)
class Paying:
    """What one fund applied to a bill, and what it found counted before: the same words serve every fund."""

    fund: Fund
    deductible: Deductible
    share: Share
    bands: tuple[Band, ...]
    """The share as applied."""
    ceilings: tuple[Ceiling, ...]
    rooms: tuple[int | None, ...]
    used: tuple[int, ...]
    """What counted towards each ceiling before."""
    parts: tuple[PartPaid, ...]
    deductible_before: int
    cost_before: int
    stay: int | None = None
    """Which stay of the year the visit is; None where it is none."""
    adjustment: Adjustment | None = None

    @property
    def taken(self) -> int:
        """What the deductible took."""
        return sum(part.deductible for part in self.parts)

    @property
    def eligible(self) -> int:
        """What the share applied to."""
        return sum(part.eligible for part in self.parts)

    @property
    def gross(self) -> int:
        """The share of it."""
        return sum(part.gross for part in self.parts)

    def cut_by(self, on: str) -> dict[int, int]:
        """What each ceiling on the fund or on cost kept from being paid, by its place: the tightest one cuts."""
        rooms, cut = list(self.rooms), dict[int, int]()
        if not any(_kept(part, on) for part in self.parts):
            return cut
        for part in self.parts:
            applying = {
                place: room
                for place, (ceiling, room) in enumerate(zip(self.ceilings, rooms, strict=True))
                if room is not None and ceiling.on == on and ceiling.category in (None, part.category)
            }
            taken = _kept(part, on)
            if taken:
                tightest = min(applying, key=lambda place: (applying[place], place))
                cut[tightest] = cut.get(tightest, 0) + taken
            for place, room in applying.items():
                if self.ceilings[place].category is None:
                    rooms[place] = room - (part.fund if on == "fund" else part.eligible)
        return cut

    def in_bands(self) -> Iterator[tuple[int, Band, Band, int]]:
        """What fell into each band: its lower limit, the band as written, as applied, and the amount."""
        amounts = [0] * len(self.bands)
        at = 0
        if self.share.per == "year":
            at = self.cost_before + (self.deductible_before if self.share.with_deductible else 0)
        for part in self.parts:
            at += part.deductible if self.share.with_deductible else 0
            end = at + part.eligible
            for place, band in enumerate(self.bands):
                upto = end if band.upto is None else min(end, band.upto)
                amounts[place] += max(upto - at, 0)
                at = max(upto, at)
        lower = 0
        for written, applied, amount in zip(self.share.bands, self.bands, amounts, strict=True):
            if amount:
                yield lower, written, applied, amount
            lower = applied.upto or 0


def _kept(part: PartPaid, on: str) -> int:
    """What the ceilings on the fund or on cost kept from being paid of a part."""
    return part.gross - part.fund if on == "fund" else part.over_cost


def in_brackets(*phrases: Said) -> Said:
    """Phrases in brackets; nothing where there are none."""
    if not phrases:
        return "", ""
    return f"（{'；'.join(zh for zh, _ in phrases)}）", f" ({'; '.join(en for _, en in phrases)})"


def either(names: Iterable[str]) -> str:
    """English names as a choice: `a, b or c`.

    >>> either(["a", "b", "c"]), either(["a"])
    ('a, b or c', 'a')
    """
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def remarked(remarks: Iterable[Remark]) -> list[Said]:
    """Why a value differs for this person or visit, as phrases."""
    return [(remark.zh, remark.en) for remark in remarks]


def listed(benefit: Benefit, disease: str, listing: Listing) -> Said:
    """Under which class the home pool lists a disease or a drug."""
    zh, en = (f"{listing.name}（{disease}）", disease) if listing.name else ("本项", "the item")
    return (
        f"参保地{benefit.zh}目录中，{zh}属 {listing.klass} 类。",
        f"The home pool lists {en} for {benefit.en} in class {listing.klass}.",
    )


def with_note(said: Said, origin: Origin) -> Said:
    """Both sentences with what the pack notes about the value, in the pack's own words."""
    note = origin.note.rstrip("。")
    return (f"{said[0]}注：{note}。", f"{said[1]} Note of the rule: “{note}”.") if note else said


def ratio_words(adjustment: Adjustment) -> Said:
    """The size of an adjustment: points are said as points, since 10 % off a share of 85 % would be 76.5 %."""
    percent = percent_text(adjustment.ppm)
    if adjustment.mode != "points":
        return percent, percent
    points = percent.removesuffix("%")
    return f"{points} 个百分点", f"{points} percentage points"


def at_level(level: Level) -> Said:
    """Where a visit is: a provider of a level, or a place of its own name."""
    if level in (Level.VILLAGE, Level.TOWNSHIP, Level.PHARMACY):
        return level.zh, level.en
    return f"{level.zh}机构", f"{level.en} provider"


def of_fund(fund: Fund, said: Said) -> Said:
    """A sentence under the name of the fund that it speaks of."""
    return f"{fund.zh}：{said[0]}", f"{fund.en.capitalize()}: {said[1][0].lower()}{said[1][1:]}"


def away(adjustment: Adjustment, taken: int) -> Said:
    """The away-from-home adjustment, or that there is none."""
    situation = adjustment.situation
    if adjustment.mode == "none":
        return (
            f"{situation.zh}：待遇不降低，执行参保地同级起付线与比例。",
            f"{situation.en.capitalize()}: no reduction, the home pool's own parameters apply.",
        )
    mode, (ratio_zh, ratio_en) = AdjustmentMode(adjustment.mode), ratio_words(adjustment)
    zh = f"{situation.zh}：异地就医待遇调整，方式为“{mode.zh}”，{ratio_zh}"
    en = f"{situation.en.capitalize()}: away-from-home adjustment, mode “{mode.en}”, {ratio_en}"
    if adjustment.mode == "upfront":
        zh += f"，个人先付 {yuan_text(taken)} 元"
        en += f": the person first pays {yuan_text(taken)} yuan"
    return zh + "。", en + "."


def base(kind: str, amount: int) -> Said:
    """What a layer pays on."""
    zh, en = _BASE[kind]
    if not amount:
        return f"支付范围为{zh}，本次没有，不支付。", f"It pays on {en}: there is none, and nothing is paid."
    return f"支付范围为{zh}，本次 {yuan_text(amount)} 元。", f"It pays on {en}: {yuan_text(amount)} yuan."


def deductible(paying: Paying) -> Said:
    """What the deductible is, what was paid of it before, and what is taken now."""
    rule, taken = paying.deductible, yuan_text(paying.taken)
    why = remarked(rule.remarks)
    why_zh, why_en = in_brackets(*why)
    if rule.none:
        return f"不设起付线{why_zh}。", f"There is no deductible{why_en}."
    before, after = yuan_text(paying.deductible_before), yuan_text(paying.deductible_before + paying.taken)
    if rule.per == "year":
        amount = yuan_text(rule.amounts[0])
        return (
            f"年度起付线 {amount} 元{why_zh}，此前已付 {before} 元，本次计入 {taken} 元，累计 {after} 元。",
            f"The yearly deductible is {amount} yuan{why_en}; {before} yuan were paid before, {taken} yuan now, {after} yuan in all.",
        )
    zh, en = _of_this_visit(rule, paying.stay, why)
    if rule.top is not None:
        zh += f"，各次合计全年最多 {yuan_text(rule.top)} 元，此前已付 {before} 元"
        en += f"; a year's visits take {yuan_text(rule.top)} yuan at most, {before} yuan were paid before"
    return f"{zh}，本次计入 {taken} 元。", f"{en}; {taken} yuan are taken now."


def _of_this_visit(rule: Deductible, stay: int | None, why: list[Said]) -> Said:
    first = yuan_text(rule.amounts[0])
    if stay is None or len(rule.amounts) == 1:
        why_zh, why_en = in_brackets(*why)
        return f"单次起付线 {first} 元{why_zh}", f"The per-visit deductible is {first} yuan{why_en}"
    amount = yuan_text(rule.of_stay(stay))
    of_first = [(f"首次 {first} 元", f"{first} yuan for the first")] if stay > 1 else []
    why_zh, why_en = in_brackets(*of_first, *why)
    return (
        f"本年第 {stay} 次住院，起付线 {amount} 元{why_zh}",
        f"This is stay {stay} of the year; its deductible is {amount} yuan{why_en}",
    )


def over_cost(ceiling: Ceiling, taken: int) -> Said:
    """What lies above a ceiling on cost."""
    amount = yuan_text(taken)
    if ceiling.category is None:
        return f"超过费用限额的部分 {amount} 元由个人负担。", f"{amount} yuan lie above the ceiling on cost."
    name = ceiling.category
    return (
        f"{name.zh}超过费用限额的部分 {amount} 元由个人负担。",
        f"{amount} yuan of {name.en} lie above the ceiling on their cost.",
    )


def share(paying: Paying, standing: Standing, level: Level) -> Said:
    """The share of what is left, in its bands, and what the person pays by it."""
    eligible, gross = yuan_text(paying.eligible), yuan_text(paying.gross)
    shared = yuan_text(paying.eligible - paying.gross)
    place_zh, place_en = at_level(level)
    about = [(f"{standing.zh}、{place_zh}", f"{standing.en}, {place_en}")]
    about += remarked(paying.share.remarks)
    if len(paying.parts) > 1:
        about.append(("各类费用分别计算", "each kind of fees by itself"))
    if len(paying.bands) == 1:
        who_zh, who_en = in_brackets(*about)
        how_zh, how_en = _percent(paying.share.bands[0], paying.bands[0], paying.adjustment)
        return (
            f"余下 {eligible} 元按 {how_zh} 报销{who_zh}，得 {gross} 元，个人按比例负担 {shared} 元。",
            f"Of the remaining {eligible} yuan {how_en}{',' if ',' in how_en else ''} is paid{who_en}: {gross} yuan; the person's share is {shared} yuan.",
        )
    who_zh, who_en = in_brackets(*about, _how_counted(paying))
    bands = list(_bands(paying))
    listed_zh = f"：{'，'.join(zh for zh, _ in bands)}" if bands else ""
    listed_en = f": {'; '.join(en for _, en in bands)}" if bands else ""
    return (
        f"余下 {eligible} 元分段报销{who_zh}{listed_zh}，共得 {gross} 元，个人按比例负担 {shared} 元。",
        f"The remaining {eligible} yuan are paid in bands{who_en}{listed_en}: {gross} yuan in all; the person's share is {shared} yuan.",
    )


def _how_counted(paying: Paying) -> Said:
    zh, en = (
        ("按次分段", "bands per visit") if paying.share.per == "visit" else ("按年累计分段", "bands per year")
    )
    if paying.share.with_deductible:
        zh, en = f"{zh}，含起付线", f"{en}, the deductible counted in"
    if paying.share.per == "year":
        before = paying.cost_before + (paying.deductible_before if paying.share.with_deductible else 0)
        zh, en = f"{zh}，此前累计 {yuan_text(before)} 元", f"{en}, {yuan_text(before)} yuan counted before"
    return zh, en


def _bands(paying: Paying) -> Iterator[Said]:
    for lower, written, applied, amount in paying.in_bands():
        paid, (how_zh, how_en) = yuan_text(amount), _percent(written, applied, paying.adjustment)
        start, end = yuan_text(lower), yuan_text(applied.upto or 0)
        if applied.upto is None:
            yield f"{start} 元以上的 {paid} 元按 {how_zh}", f"{paid} yuan above {start} at {how_en}"
        elif lower == 0:
            yield f"{end} 元以内的 {paid} 元按 {how_zh}", f"{paid} yuan up to {end} at {how_en}"
        else:
            yield (
                f"{start} 至 {end} 元的 {paid} 元按 {how_zh}",
                f"{paid} yuan from {start} to {end} at {how_en}",
            )


def _percent(written: Band, applied: Band, adjustment: Adjustment | None) -> Said:
    """A share, and how the away-from-home adjustment changed it."""
    percent, result = percent_text(written.ppm), percent_text(applied.ppm)
    if adjustment is None or adjustment.mode not in ("points", "factor"):
        return percent, percent
    by_zh, by_en = ratio_words(adjustment)
    if adjustment.mode == "points":
        return f"{percent} 减 {by_zh}得 {result}", f"{percent} less {by_en}, {result}"
    return f"{percent} 乘 {by_zh} 得 {result}", f"{percent} times {by_en}, {result}"


def ceiling(rule: Ceiling, used: int, room: int | None, taken: int) -> Said:
    """What a ceiling is, what was used of it before, and what it kept from being paid."""
    zh, en = _ceiling(rule, used, room)
    if taken:
        zh += f"，超出的 {yuan_text(taken)} 元基金不再支付"
        en += f"; {yuan_text(taken)} yuan beyond it are not paid"
    said = zh + "。", en + "."
    return with_note(said, rule.origin) if taken or rule.certain_to is not None else said


def ceiling_name(rule: Ceiling) -> Said:
    """A ceiling by its period, what it limits, and its amount."""
    (zh, en), amount = _limits(rule), yuan_text(rule.amount or 0)
    return f"{zh}{amount} 元", f"{en} is {amount} yuan"


def _limits(rule: Ceiling) -> Said:
    per, (on_zh, on_en, on_en_of, _), of = Period(rule.per), _ON[rule.on], rule.category
    return (
        f"{per.zh}{of.zh if of else ''}封顶线（按{on_zh}）",
        f"The {per.en} ceiling on {f'{on_en_of} {of.en}' if of else on_en}",
    )


def _ceiling(rule: Ceiling, used: int, room: int | None) -> Said:
    why_zh, why_en = in_brackets(*remarked(rule.remarks))
    if rule.amount is None or room is None:
        if rule.remarks:
            return f"不设封顶线{why_zh}", f"There is no ceiling{why_en}"
        return "来源写明不设封顶线", "The source states that there is no ceiling"
    zh, en = _limits(rule)
    before, left, amount = yuan_text(used), yuan_text(room), yuan_text(rule.amount)
    if rule.certain_to is not None:
        span = f"{yuan_text(rule.certain_to)}–{amount}"
        return (
            f"{zh}来源只给出区间 {span} 元{why_zh}，此前已用 {before} 元，本次仍在区间下限之内",
            f"{en} is known as a range only, {span} yuan{why_en}; {before} yuan were used before, and this visit stays below its lower end",
        )
    zh, en = f"{zh}{amount} 元{why_zh}", f"{en} is {amount} yuan{why_en}"
    if rule.per == "visit":
        return zh, en
    return (
        f"{zh}，此前已用 {before} 元，{_ON[rule.on][3]} {left} 元",
        f"{en}; {before} yuan were used before, {left} yuan were left",
    )


def account(pays: Iterable[AccountPart], whose: Fund, paid: int) -> Said:
    """What an account may pay, and what it paid."""
    parts = tuple(pays)
    zh, en = "、".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    amount = yuan_text(paid)
    return (
        f"{whose.zh}可支付{zh}，本次支付 {amount} 元。",
        f"The {whose.en} may pay: {en}; {amount} yuan are taken from it.",
    )


def fees(amounts: Iterable[tuple[FeeCategory, int]]) -> Said:
    """The fees that are limited apart, and their amounts."""
    listed = [(item.zh, item.en, yuan_text(amount)) for item, amount in amounts]
    return "、".join(f"{zh} {fen} 元" for zh, _, fen in listed), ", ".join(
        f"{en} {fen} yuan" for _, en, fen in listed
    )
