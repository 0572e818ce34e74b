"""Rules as the engine uses them, in the few words that a column of a table holds."""

from collections.abc import Iterable

from yidi.benefit.explain import UNVERIFIED
from yidi.policy.rules import AccountRule, Band, Ceiling, Deductible, Layer, Origin, Share
from yidi.policy.wording import BASES, counted_by, yuan
from yidi.reference import regions
from yidi.values.money import FEN, decimal_text, percent_text
from yidi.values.terms import Period

NONE = "无"
MARK = UNVERIFIED[0]
"""Before whatever rests on a source of grade C or R."""
MISSING = "缺"
"""Shown where no rule answers: nothing is guessed."""


def deductible_text(rule: Deductible) -> str:
    """`300 元/年`, or the amounts of the first stay and those after it."""
    if rule.none:
        return NONE
    told = f"{yuan(rule.amounts[0])}/{Period(rule.per).unit}"
    if len(rule.amounts) > 1:
        following = "、".join(decimal_text(amount, FEN) for amount in _shortened(rule.amounts[1:]))
        told += f"，再次 {following}"
        told += f"…最低 {decimal_text(rule.floor, FEN)}" if rule.less else ""
    return told + (f"，年合计不超过 {yuan(rule.top)}" if rule.top is not None else "")


def _shortened(amounts: tuple[int, ...]) -> tuple[int, ...]:
    """Without the repetition of the last: it goes on anyway."""
    while len(amounts) > 1 and amounts[-1] == amounts[-2]:
        amounts = amounts[:-1]
    return amounts


def share_text(rule: Share) -> str:
    """`65%`, or the bands: `≤30000 85%；≤40000 90%；以上 95%`."""
    if len(rule.bands) == 1:
        return percent_text(rule.ppm)
    said = "，".join(counted_by(rule.per == "year", rule.with_deductible))
    return f"{'；'.join(map(_band, rule.bands))}（{said}）"


def _band(band: Band) -> str:
    upto = "以上" if band.upto is None else f"≤{decimal_text(band.upto, FEN)}"
    return f"{upto} {percent_text(band.ppm)}"


def ceilings_text(rules: Iterable[Ceiling], of: str = "") -> str:
    """Every ceiling of a benefit or fund, with what it is on where that is not the fund."""
    return "；".join(_ceiling(rule, of) for rule in rules)


def _ceiling(rule: Ceiling, of: str) -> str:
    if rule.amount is None:
        return NONE
    amount = yuan(rule.amount)
    if rule.certain_to is not None:
        amount = f"{decimal_text(rule.certain_to, FEN)}–{amount}"
    about = [rule.category.zh] if rule.category is not None else []
    about += ["费用"] if rule.on == "cost" else []
    about += ["并入住院"] if rule.scope == "inpatient" != of else []
    about += ["叠加"] if rule.scope.endswith(":stacked") else []
    about += ["区间"] if rule.certain_to is not None else []
    return f"{amount}/{Period(rule.per).unit}" + (f"（{'，'.join(about)}）" if about else "")


def layer_text(layer: Layer) -> str:
    """What a fund above the basic one pays."""
    return (
        f"{layer.fund.zh}：基数为{BASES[layer.base]}；起付线 {deductible_text(layer.deductible)}；"
        f"比例 {share_text(layer.share)}；封顶线 {ceilings_text(layer.ceilings)}"
    )


def account_text(whose: str, account: AccountRule) -> str:
    """What an account may pay."""
    return f"{whose}可付：{'、'.join(part.zh for part in account.pays)}"


def sources_text(origins: Iterable[Origin]) -> str:
    """Each document once, with its grade, the layer that cites it and the reading; `estimate` gives clause and date."""
    cited = (
        f"{item.source}（{item.grade} 级，{regions.full_name(item.layer)}，口径 {item.reading}）"
        for item in origins
    )
    return "；".join(dict.fromkeys(cited))
