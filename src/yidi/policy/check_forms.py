"""Forms that have their shape and still cannot stand where they stand: the engine would pass over them, or guess."""

from collections.abc import Callable, Iterator
from typing import Any

from yidi.policy import check_reach, check_values
from yidi.policy.errors import PackProblem
from yidi.policy.forms import AmountTable, CeilingDoc, DeductibleDoc, RatioTable, ShareDoc, When
from yidi.policy.loaded import Fault, LoadedPack, parts, problem, sources_of
from yidi.policy.matters import ContributionStatement, NewbornDoc
from yidi.policy.pack import (
    LISTED,
    AccountDoc,
    AnyPack,
    BenefitStatement,
    Components,
    ExemptDoc,
    FilingStatement,
    LayerDoc,
    LayerPack,
    Pack,
)
from yidi.policy.yaml_lines import Place
from yidi.reference import diseases, regions
from yidi.values.money import PPM
from yidi.values.terms import STANDINGS_OF, Benefit, Situation, Standing


def check_forms(loaded: LoadedPack) -> Iterator[PackProblem]:
    """A problem for every form of a pack that has no meaning where it stands."""
    for index, rule in enumerate(loaded.pack.rules):
        for check in CHECKS:
            for place, what, remedy in check(loaded.pack, rule):
                yield problem(loaded, ("rules", index, *place), what, remedy)
    names: set[str] = set()
    for index, example in enumerate(loaded.pack.examples):
        if example.id in names:
            yield problem(loaded, ("examples", index, "id"), f"算例编号 {example.id} 重复", "改成唯一的编号")
        names.add(example.id)
        for place, what, remedy in _example(loaded.pack, example):
            yield problem(loaded, ("examples", index, *place), what, remedy)


def _listing(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Classes, diseases and qualifications belong to benefits of listed diseases or drugs."""
    if isinstance(rule, BenefitStatement) and pack.benefit not in LISTED:
        for name in ("classes", "diseases", "qualification"):
            if getattr(rule, name):
                yield (name,), f"“{pack.benefit}”不分病种，不能写 {name}", "删去它，或移到门诊慢特病等待遇"


def _codes(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Diseases are M-codes of the register; dual-channel drugs have classes of the pack's own instead."""
    if not isinstance(rule, BenefitStatement):
        return
    listed: list[tuple[Place, str]] = [
        (("settled_nationally", place), code) for place, code in enumerate(rule.settled_nationally)
    ]
    if pack.benefit != Benefit.DUAL_CHANNEL:
        listed += [(("diseases", code), code) for code in rule.diseases]
    for place, code in listed:
        if diseases.find_disease(code) is None:
            yield place, f"病种代码 {code} 不存在", "核对 reference/chronic_diseases.csv"
    for code, disease in rule.diseases.items():
        if disease.class_ not in rule.classes:
            yield ("diseases", code), f"类别 {disease.class_} 未在 classes 中定义", "补上该类别"


def _standings(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Tables and conditions speak of the standings of the pack's scheme alone."""
    for place, part in parts(rule):
        if isinstance(part, AmountTable | RatioTable):
            for standing in Standing:
                if getattr(part, standing) is not None:
                    yield from _standing(pack, (*place, str(standing)), standing)
        if isinstance(part, When) and part.standing is not None:
            yield from _standing(pack, (*place, "standing"), part.standing)


def _standing(pack: AnyPack, place: Place, standing: Standing) -> Iterator[Fault]:
    scheme = pack.scheme
    if scheme != "all" and standing not in STANDINGS_OF[scheme]:
        what = f"{scheme.zh}没有“{standing.zh}”（{standing}）这类人员"
        yield place, what, f"改成 {'、'.join(STANDINGS_OF[scheme])}"


def _upfront(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """The home pool's own upfront share is of listed drugs; that of class B items is the catalogue's."""
    for place, part in _components(rule):
        if part.upfront is not None and (isinstance(pack, LayerPack) or pack.benefit not in LISTED):
            yield (
                (*place, "upfront"),
                f"“{pack.benefit}”不能写 upfront",
                "删去它：乙类先行自付由就医地目录规定；双通道药品的写在它的 classes 中",
            )


def _stacking(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in _components(rule):
        if part.stacking is not None and (isinstance(pack, LayerPack) or pack.benefit not in LISTED):
            yield (
                (*place, "stacking"),
                f"“{pack.benefit}”不分病种，不能写 stacking",
                "删去它，或移到门诊慢特病等待遇",
            )


def _stays(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Only stays in hospital are counted, so only they can be the second or third of a year."""
    if pack.benefit == Benefit.INPATIENT:
        return
    for place, part in parts(rule):
        if not isinstance(part, DeductibleDoc):
            continue
        if part.repeat is not None:
            yield (*place, "repeat"), "repeat 只用于住院（inpatient）的起付线", "删去它，或移到住院规则包"
        for number, item in enumerate(part.where):
            if item.stay_from is not None:
                where = (*place, "where", number, "stay_from")
                yield where, "stay_from 只用于住院（inpatient）的起付线", "删去它，或移到住院规则包"


def _scopes(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    layer = isinstance(pack, LayerPack)
    for place, part in parts(rule):
        if not isinstance(part, CeilingDoc):
            continue
        if part.scope == "disease" and (layer or pack.benefit not in LISTED):
            yield (*place, "scope"), f"“{pack.benefit}”不分病种，不能写 scope: disease", "改成 benefit 或删去"
        if part.scope == "inpatient" and layer:
            yield (*place, "scope"), f"“{pack.benefit}”有自己的累计，不能并入住院限额", "改成 benefit 或删去"
        if part.category is not None and (layer or pack.benefit == Benefit.INPATIENT):
            yield (
                (*place, "category"),
                "按费用类别的限额（category）只用于门诊",
                "删去 category，或移到门诊规则包",
            )


def _references(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in parts(rule):
        if not isinstance(part, ShareDoc) or part.as_ is None:
            continue
        if isinstance(pack, LayerPack):
            yield (*place, "as"), "基本医保以上各层的比例不能引用别的待遇", "写明比例"
        elif part.as_ == pack.benefit:
            yield (*place, "as"), "比例引用了自己", "写明比例，或引用另一待遇"


def _dates(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """A source shows a rule in force on a day on which it had been looked at, or before."""
    for place, source in sources_of(rule):
        seen = source.seen if place != ("source",) else rule.in_force.seen
        if seen is not None and seen != "checked" and seen > source.checked.isoformat():
            yield (
                place if place != ("source",) else ("in_force",),
                f"所见日期 seen（{seen}）晚于核对日 checked（{source.checked}）",
                "核对两个日期：来源须先有，后核对",
            )


def _layer(_: AnyPack, rule: Any) -> Iterator[Fault]:
    layer = getattr(rule, "layer", None)
    for number, name in enumerate(layer.over if isinstance(layer, LayerDoc) else ()):
        benefit, colon, klass = name.partition(":")
        if benefit not in Benefit.spellings() or (colon and (not klass or Benefit(benefit) not in LISTED)):
            yield (
                ("layer", "over", number),
                f"over 中的“{name}”不是待遇，也不是待遇的类别",
                f"改成 {'、'.join(Benefit.spellings())}，或 chronic-disease:类别",
            )


def _exempt(_: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in parts(rule):
        if isinstance(part, ExemptDoc) and not isinstance(part.between, str):
            for number, pool in enumerate(part.between):
                if not regions.is_known(pool):
                    yield (*place, "between", number), f"区划代码 {pool} 不存在", "核对医保区划代码"


NOT_AWAY = (Situation.LOCAL, Situation.EXEMPT)
"""Situations in which nobody is paid less: what a pack said of them would be passed over."""


def _away(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """Adjustments and their limits are of situations in which there can be one, and change something."""
    if not isinstance(rule, FilingStatement):
        return
    for key, stated in (("adjustment", rule.adjustment), ("reduction_limits", rule.reduction_limits)):
        for situation in NOT_AWAY:
            if situation in stated:
                what = f"“{situation.zh}”（{situation}）不降低待遇，不能写 {key}"
                yield (key, str(situation)), what, "删去它，或改成实际的备案情形"
    for away, doc in rule.adjustment.items():
        if doc.mode == "factor" and doc.ratio == PPM:
            place: Place = ("adjustment", str(away), "ratio")
            yield place, "系数 100% 什么也不改变", "写成 mode: none，或核对系数"


def _national(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Some things the national pack alone can say."""
    for key in ("reduction_limits", "settled_nationally"):
        if pack.pool != regions.NATION and getattr(rule, key, None):
            yield (key,), f"{key} 只由全国层（CN）规定，写在这里不起作用", "删去它，或移到全国层的规则包"


LISTS = (
    "channels",
    "claim_materials",
    "inpatient_claim_materials",
    "materials",
    "evidence",
    "fields",
    "contests",
    "settled_nationally",
    "over",
    "exempt",
    "between",
    "where",
)
"""Lists in which nothing stands twice."""


def _doubled(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """Nothing is said twice in one list."""
    for place, part in parts(rule):
        for key in LISTS:
            value = getattr(part, key) if key in type(part).model_fields else None
            seen = set()
            for number, item in enumerate(value if isinstance(value, tuple) else ()):
                same = frozenset(item.between) if isinstance(item, ExemptDoc) else item
                if same in seen:
                    yield (*place, key, number), f"{key} 的第 {number + 1} 项写了两次", "只保留一处"
                seen.add(same)


def _channels(_: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in parts(rule):
        for number, name in enumerate(getattr(part, "channels", None) or ()):
            if not name.strip():
                yield (*place, "channels", number), "办理渠道为空", "写渠道的名称，或删去它"


def _accounts(_: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in parts(rule):
        if isinstance(part, AccountDoc) and len(set(part.pays)) < len(part.pays):
            yield (*place, "pays"), "pays 中有重复的项", "每项只写一次，按支付次序"


def _matters(_: AnyPack, rule: Any) -> Iterator[Fault]:
    for place, part in parts(rule):
        if isinstance(part, NewbornDoc) and part.next_day_within_days < part.from_birth_within_days:
            yield place, "next_day_within_days 小于 from_birth_within_days", "核对两个天数"
    if isinstance(rule, ContributionStatement):
        seen = set()
        for number, rate in enumerate(rule.rates):
            if (rate.insurance, rate.payer) in seen:
                yield (
                    ("rates", number),
                    f"{rate.insurance.zh}由{rate.payer.zh}缴纳的费率写了两次",
                    "只保留一处",
                )
            seen.add((rate.insurance, rate.payer))


def _example(pack: AnyPack, example: Any) -> Iterator[Fault]:
    """An example speaks of standings and diseases that there are, and proves something."""
    yield from check_values.example(example)
    yield from _standing(pack, ("standing",), example.standing)
    if isinstance(pack, Pack) and (pack.benefit in LISTED) != bool(example.disease):
        needed = "须写 disease" if pack.benefit in LISTED else "不分病种，不写 disease"
        yield ("disease",), f"“{pack.benefit}”的算例{needed}", "补上或删去 disease"
    named: list[tuple[Place, str]] = [(("disease",), example.disease)] if example.disease else []
    named += [(("diseases", number), code) for number, code in enumerate(example.diseases)]
    for place, code in named if pack.benefit != Benefit.DUAL_CHANNEL else ():
        if diseases.find_disease(code) is None:
            yield place, f"病种代码 {code} 不存在", "核对 reference/chronic_diseases.csv"


def _components(rule: Any) -> Iterator[tuple[Place, Components]]:
    return ((place, part) for place, part in parts(rule) if isinstance(part, Components))


CHECKS: tuple[Callable[[AnyPack, Any], Iterator[Fault]], ...] = (
    _listing,
    _codes,
    _standings,
    _upfront,
    _stacking,
    _stays,
    _scopes,
    _references,
    _dates,
    _layer,
    _exempt,
    _away,
    _national,
    _doubled,
    _channels,
    _accounts,
    _matters,
    check_reach.branches,
    check_reach.exceptions,
    check_values.ranges,
    check_values.deductibles,
    check_values.cover,
    check_values.contributions,
    check_values.incentives,
)
