"""Rules as their documents state them, said in Chinese sentences: what a reader of a pack would say it says."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from yidi.policy.forms import (
    AdjustmentDoc,
    AmountTable,
    BandDoc,
    CeilingDoc,
    CeilingWhere,
    DeductibleDoc,
    DeductibleWhere,
    RatioTable,
    RepeatDoc,
    ShareDoc,
    ShareWhere,
    StackingDoc,
    When,
)
from yidi.policy.loaded import parts
from yidi.policy.matters import (
    ContributionStatement,
    CoverStatement,
    PrefundStatement,
)
from yidi.policy.pack import (
    AccountStatement,
    BenefitStatement,
    Components,
    FilingStatement,
    LayerStatement,
)
from yidi.reference import diseases, regions
from yidi.values.money import FEN, decimal_text, percent_text
from yidi.values.terms import (
    AdjustmentMode,
    Benefit,
    FilingClass,
    Level,
    Limited,
    Material,
    Period,
    Situation,
    Standing,
)

SCOPE = {"benefit": "", "disease": "，按单病种累计", "inpatient": "，并入住院累计"}
BASES = {
    "person": "个人在政策范围内的负担（不含先行自付）",
    "person-and-upfront": "个人在政策范围内的负担（含先行自付）",
    "beyond-ceiling": "基本医保封顶线以外的费用",
}
ORDER = {"upfront-first": "起付线之前", "deductible-first": "起付线之后"}
LISTED_IN_PART = "来源只列出一部分病种；没有列入的是否纳入不作判断，须向参保地核实"
EFFECT = {"instant": "即时生效", "reviewed": "审核后生效", "deemed": "视同已备案"}


def yuan(fen: int) -> str:
    """An amount as people say it: no decimals that are zero.

    >>> yuan(30000), yuan(1050)
    ('300 元', '10.5 元')
    """
    return f"{decimal_text(fen, FEN)} 元"


def points(ppm: int) -> str:
    """A difference of shares."""
    return f"{percent_text(ppm).removesuffix('%')} 个百分点"


def sentences(rule: Any, layer: str = "") -> list[str]:
    """What a statement says, one sentence for each parameter; each ends in a full stop.

    `layer`: the region whose pack it stands in, where that is known; what the nation states of yearly contributions
    is the least that a region may ask.
    """
    if isinstance(rule, ContributionStatement):
        return [f"{sentence}。" for sentence in _contribution(rule, layer == regions.NATION)]
    for kind, said in _KINDS:
        if isinstance(rule, kind):
            return [f"{sentence}。" for sentence in said(rule)]
    own = {name: getattr(rule, name) for name in type(rule).model_fields if name == "upfront_on"}
    return [f"乙类先行自付的基数：{_UPFRONT_ON[value]}。" for value in own.values() if value]


_UPFRONT_ON = {"within-limit": "限价以内的金额", "whole-amount": "全部金额"}


def exceptions(rule: Any) -> Iterator[str]:
    """What a statement says about some persons or visits only, without full stops."""
    for _, part in parts(rule):
        if isinstance(part, DeductibleWhere):
            yield f"{when(part)}：{_deductible_change(part)}"
        elif isinstance(part, ShareWhere):
            yield f"{when(part)}：{_share_change(part)}"
        elif isinstance(part, CeilingWhere):
            yield f"{when(part)}：{_ceiling_change(part)}"


# tables


def amount(table: AmountTable) -> str:
    """An amount, or one per standing and level."""
    if table.between is not None:
        return f"{decimal_text(table.between[0], FEN)}–{yuan(table.between[1])}（来源只给区间）"
    if table.yuan is not None:
        return yuan(table.yuan) + (f"的 {percent_text(table.part)}" if table.part is not None else "")
    return _branches(table, amount)


def ratio(value: int | RatioTable) -> str:
    """A share, or one per standing and level."""
    return percent_text(value) if isinstance(value, int) else _branches(value, ratio)


def _branches(table: Any, said: Callable[[Any], str]) -> str:
    stated = [
        (word, getattr(table, word)) for word in (*Standing, *Level) if getattr(table, word) is not None
    ]
    return "，".join(
        f"{word.zh}（{said(value)}）" if _is_table(value) else f"{word.zh} {said(value)}"
        for word, value in stated
    )


def _is_table(value: Any) -> bool:
    return not isinstance(value, int) and any(
        getattr(value, word) is not None for word in (*Standing, *Level)
    )


def when(item: When) -> str:
    """The condition of an exception."""
    said = [word.zh for word in (item.standing, item.level, item.trait) if word is not None]
    if item.age_from is not None:
        said.append(f"满 {item.age_from} 岁")
    if item.age_to is not None:
        said.append(f"不超过 {item.age_to} 岁")
    if isinstance(item, DeductibleWhere) and item.stay_from is not None:
        said.append(f"年内第 {item.stay_from} 次住院起")
    return "、".join(said)


# parameters


def deductible(doc: DeductibleDoc | str) -> Iterator[str]:
    """What a pack says about the deductible."""
    if isinstance(doc, str):
        yield "不设起付线"
        return
    counted = "各级机构、各次就诊合并累计" if doc.per == "year" else "各次分别计算"
    yield f"{Period(doc.per).zh}起付线：{amount(doc)}（{counted}）"
    if doc.top is not None:
        yield f"各次起付线全年合计不超过 {yuan(doc.top)}"
    if doc.repeat is not None:
        yield _repeat(doc.repeat)
    for item in doc.where:
        yield f"{when(item)}：{_deductible_change(item)}"


def _repeat(doc: RepeatDoc) -> str:
    if doc.less is not None and doc.floor is not None:
        return f"年内再次住院，起付线每次减 {yuan(doc.less)}，最低 {amount(doc.floor)}"
    told = [f"为首次的 {percent_text(ppm)}" if ppm else "免" for ppm in doc.times or ()]
    told += [f"为 {amount(table)}" for table in doc.amounts or ()]
    named = [f"第 {number} 次{text}" for number, text in enumerate(told, start=2)]
    return f"年内再次住院的起付线：{'，'.join(named)}，以后同第 {len(told) + 1} 次"


def _deductible_change(item: DeductibleWhere) -> str:
    if item.to is not None:
        return "免起付线" if item.to == 0 else f"起付线 {yuan(item.to)}"
    if item.less is not None:
        return f"起付线减 {yuan(item.less)}"
    return f"起付线按 {percent_text(item.times or 0)}"


def share(doc: ShareDoc | int) -> Iterator[str]:
    """What a pack says about the share."""
    if isinstance(doc, int):
        yield f"报销比例 {percent_text(doc)}，各类人员、各级机构相同"
        return
    if doc.as_ is not None:
        yield f"报销比例同{doc.as_.zh}"
    elif doc.bands:
        counted, inclusive = counted_by(doc.per == "year", doc.position == "with-deductible")
        yield f"报销比例{counted}分段，段的上限{inclusive}：{'，'.join(_bands(doc.bands))}"
    else:
        yield f"报销比例：{_branches(doc, ratio)}"
    for item in doc.where:
        yield f"{when(item)}：{_share_change(item)}"


def counted_by(yearly: bool, with_deductible: bool) -> tuple[str, str]:
    """Of a share in bands: over what amounts are added up, and whether what the deductible took counts."""
    return "按年累计" if yearly else "按次", "含起付线" if with_deductible else "不含起付线"


def _bands(bands: Iterable[BandDoc]) -> Iterator[str]:
    lower = 0
    for band in bands:
        if band.to is None:
            yield f"{yuan(lower)}以上 {ratio(band.share)}"
            return
        start = f"{decimal_text(lower, FEN)}–" if lower else "不超过 "
        yield f"{start}{yuan(band.to)} {ratio(band.share)}"
        lower = band.to


def _share_change(item: ShareWhere) -> str:
    if item.to is not None:
        return f"比例 {percent_text(item.to)}"
    if item.plus is not None:
        return f"加 {points(item.plus)}"
    if item.minus is not None:
        return f"减 {points(item.minus)}"
    return f"个人自付部分按 {percent_text(item.person_times or 0)} 计"


def ceilings(value: CeilingDoc | tuple[CeilingDoc, ...] | str) -> Iterator[str]:
    """What a pack says about ceilings."""
    if isinstance(value, str):
        yield "不设封顶线"
        return
    for doc in value if isinstance(value, tuple) else (value,):
        fees = f"{doc.category.zh}" if doc.category is not None else ""
        yield f"{Period(doc.per).zh}{fees}封顶线（作用于{Limited(doc.on).zh}{SCOPE[doc.scope]}）：{amount(doc)}"
        for item in doc.where:
            yield f"{when(item)}：{_ceiling_change(item)}"
        if doc.incentive is not None:
            more = doc.incentive
            unclaimed = f"，每个零报销年度加 {yuan(more.unclaimed)}" if more.unclaimed is not None else ""
            yield (
                f"连续参保满 {more.after_years} 年后每多一年加 {yuan(more.yuan)}{unclaimed}，"
                f"合计不超过原限额的 {percent_text(more.at_most)}"
            )


def _ceiling_change(item: CeilingWhere) -> str:
    if item.to == "none":
        return "不设封顶线"
    if item.to is not None:
        return f"封顶线 {yuan(int(item.to))}"
    return (
        f"封顶线加 {yuan(item.plus)}"
        if item.plus is not None
        else f"封顶线按 {percent_text(item.times or 0)}"
    )


def stacking(doc: StackingDoc) -> str:
    """What a pack says about several diseases."""
    how = {
        "add": f"取最高的单病种限额，每多一个病种加 {yuan(doc.yuan or 0)}",
        "sum": "各病种限额相加",
        "max": "取最高的单病种限额",
    }[doc.how]
    return f"多病种叠加：{how}" + (f"，合计不超过 {yuan(doc.top)}" if doc.top is not None else "")


def adjustment(doc: AdjustmentDoc) -> str:
    """One away-from-home adjustment."""
    mode = AdjustmentMode(doc.mode)
    return {
        AdjustmentMode.NONE: mode.zh,
        AdjustmentMode.POINTS: f"比例减 {points(doc.ratio)}",
        AdjustmentMode.FACTOR: f"比例乘 {percent_text(doc.ratio)}",
        AdjustmentMode.UPFRONT: f"{mode.zh} {percent_text(doc.ratio)}（{ORDER.get(doc.order or '', '')}）",
    }[mode]


def _components(doc: Components) -> Iterator[str]:
    if doc.upfront is not None:
        yield f"先行自付 {percent_text(doc.upfront)}"
    if doc.deductible is not None:
        yield from deductible(doc.deductible)
    if doc.share is not None:
        yield from share(doc.share)
    if doc.ceiling is not None:
        yield from ceilings(doc.ceiling)
    if doc.stacking is not None:
        yield stacking(doc.stacking)


# statements


def _benefit(rule: BenefitStatement) -> Iterator[str]:
    yield from _components(rule)
    for name, klass in rule.classes.items():
        told = list(_components(klass))
        if told:
            yield f"{name} 类：{'；'.join(told)}"
    by_class: dict[str, list[str]] = {}
    for code, disease in rule.diseases.items():
        own = list(_components(disease))
        if own:
            yield f"{disease_name(code)}（{disease.class_} 类）：{'；'.join(own)}"
        else:
            by_class.setdefault(disease.class_, []).append(disease_name(code))
    for klass_name, names in by_class.items():
        yield f"{klass_name} 类 {len(names)} 种：{'、'.join(names)}"
    if rule.list_ == "part":
        yield LISTED_IN_PART
    if rule.qualification is not None:
        yield from _qualification(rule.qualification)
    if rule.settled_nationally:
        yield f"可跨省直接结算：{'、'.join(map(disease_name, rule.settled_nationally))}"


def disease_name(code: str) -> str:
    """The name of a disease; a class of dual-channel drugs by itself."""
    found = diseases.find_disease(code)
    return found.name if found else code


def _qualification(doc: Any) -> Iterator[str]:
    if doc.evidence:
        yield f"认定材料：{materials(doc.evidence)}"
    if doc.valid is not None:
        yield f"认定有效期：{'长期' if doc.valid == 'until-cancelled' else f'{doc.valid} 年'}"
    if doc.fields:
        yield f"申请时填写：{'、'.join(field.zh for field in doc.fields)}"
    if doc.channels:
        yield f"申请渠道：{'、'.join(doc.channels)}"
    if doc.open_to is not None:
        yield "可以申请全国可跨省直接结算的病种，是否纳入由经办机构决定"
    if doc.decide_within_days is not None:
        yield f"{doc.decide_within_days} 个工作日内办结"
    if doc.reviewers is not None:
        yield f"须 {doc.reviewers} 名经办人一致同意"


def materials(groups: Iterable[Iterable[Material]]) -> str:
    """Papers: all of the outer, any one of each inner."""
    return "；".join(" 或 ".join(item.zh for item in group) for group in groups)


def _layer(rule: LayerStatement) -> Iterator[str]:
    if rule.layer is not None:
        over = "、".join(_over(name) for name in rule.layer.over)
        who = f"，只给{rule.layer.trait.zh}的人" if rule.layer.trait is not None else ""
        yield f"补充{over}，基数为{BASES[rule.layer.base]}{who}"
    yield from _components(rule)


def _over(name: str) -> str:
    benefit, _, klass = name.partition(":")
    return Benefit(benefit).zh + (f"（{klass} 类）" if klass else "")


def _accounts(rule: AccountStatement) -> Iterator[str]:
    for name, doc in (("本人账户", rule.own), ("家庭共济账户", rule.family)):
        if doc is not None:
            yield f"{name}可以支付：{'、'.join(part.zh for part in doc.pays)}"


def _filing(rule: FilingStatement) -> Iterator[str]:
    for kind, doc in rule.kinds.items():
        told = [doc.class_.zh + "类"] if doc.class_ is not None else []
        told += [f"材料 {materials(doc.materials)}"] if doc.materials else []
        told += [EFFECT[doc.effect]] if doc.effect else []
        told += [_valid(doc.valid)] if doc.valid is not None else []
        told += [f"{doc.change_after_months} 个月内不得变更"] if doc.change_after_months is not None else []
        yield f"{kind.zh}：{'，'.join(told)}"
    for key, change in rule.adjustment.items():
        name = f"{key.zh}类备案" if isinstance(key, FilingClass) else Situation(key).zh
        yield f"{name}：{adjustment(change)}"
    if rule.unfiled is not None:
        yield f"未备案：{'可以直接结算' if rule.unfiled.direct else '先垫付，后报销'}"
    for exempt in rule.exempt:
        between = exempt.between
        yield f"免备案：{'同省之内' if isinstance(between, str) else '、'.join(map(regions.full_name, between))}"
    if rule.channels:
        yield f"备案渠道：{'、'.join(rule.channels)}"
    if rule.claim_materials:
        yield f"手工报销材料：{materials(rule.claim_materials)}"
    if rule.inpatient_claim_materials:
        yield f"住院手工报销材料：{materials(rule.inpatient_claim_materials)}"
    if rule.decide_within_days is not None:
        yield f"备案 {rule.decide_within_days} 个工作日内办结"
    if rule.claim_decide_within_days is not None:
        yield f"手工报销 {rule.claim_decide_within_days} 个工作日内办结"
    for situation, most in rule.reduction_limits.items():
        yield f"{situation.zh}的降幅不超过 {points(most)}"


def _valid(value: str | int) -> str:
    words = {"until-cancelled": "长期有效", "per-filing": "每份自带截止日"}
    return words[value] if isinstance(value, str) else f"有效 {value} 个月"


def _cover(rule: CoverStatement) -> Iterator[str]:
    if rule.enrolment is not None:
        yield f"集中参保期：上年 {rule.enrolment.opens} 至 {rule.enrolment.closes}"
    if rule.waiting is not None:
        doc = rule.waiting
        yield (
            f"等待期：固定 {doc.fixed} 个月，每断保一年加 {doc.per_lapsed_year} 个月，"
            f"每多缴一年减 {doc.less_per_extra_year} 个月"
        )
    if rule.newborn is not None:
        days, later = rule.newborn.from_birth_within_days, rule.newborn.next_day_within_days
        yield f"新生儿 {days} 日内参保，自出生之日起享受；{later} 日内参保，自次日起享受"
    if rule.interruption is not None:
        free, most = rule.interruption.free_months, rule.interruption.waiting_at_most
        yield f"中断缴费 {free} 个月以内不等待，超过的最多等 {most} 个月"


def _contribution(rule: ContributionStatement, at_least: bool) -> Iterator[str]:
    if rule.base is not None:
        doc = rule.base
        yield (
            f"缴费基数：年平均工资 {yuan(doc.yearly_wage)}，月基数下限为月平均工资的 {percent_text(doc.floor)}，"
            f"上限为 {doc.top} 倍"
        )
    for rate in rule.rates:
        yield f"{rate.insurance.zh}由{rate.payer.zh}缴 {percent_text(rate.rate)}"
    for payer, fen in rule.yearly.items():
        yield f"每年由{payer.zh}缴{'不低于' if at_least else ''} {yuan(fen)}"


def _prefund(rule: PrefundStatement) -> Iterator[str]:
    if rule.prefund is not None:
        yield f"预付金额度：上年第四季度月均清算额的 {rule.prefund.times} 倍"
    if rule.alerts is not None:
        yield f"使用率达 {percent_text(rule.alerts.yellow)} 黄色预警，达 {percent_text(rule.alerts.red)} 红色预警"
    if rule.inquiry is not None:
        yield f"跨省单次住院费用超过 {yuan(rule.inquiry.stay_above)} 的发起费用协查"


_KINDS: tuple[tuple[type[Any], Callable[[Any], Iterable[str]]], ...] = (
    (BenefitStatement, _benefit),
    (LayerStatement, _layer),
    (AccountStatement, _accounts),
    (FilingStatement, _filing),
    (CoverStatement, _cover),
    (PrefundStatement, _prefund),
)
