"""From a question to the rule that answers it: layers, readings, dates.

Each parameter is looked up on its own: the most specific layer (city, then province, then nation) whose adopted rule
in force states it wins. Within a statement the disease is asked first, then its class, then the statement itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from yidi.policy import amounts
from yidi.policy.amounts import answers
from yidi.policy.book import RuleBook
from yidi.policy.errors import (
    DiseaseNotCovered,
    ListKnownInPart,
    MixedStacking,
    NoSuchReference,
    UnknownReading,
)
from yidi.policy.forms import AdjustmentDoc, ShareDoc, StackingDoc
from yidi.policy.lookup import ACCOUNT, FILING, Found, Lookup, Parameter
from yidi.policy.pack import LISTED, AccountDoc, DiseaseDoc, LayerDoc
from yidi.policy.rules import (
    AccountRule,
    Adjustment,
    BenefitRule,
    Ceiling,
    Layer,
    Listing,
    Question,
    Remark,
    Share,
    UpfrontAtHome,
)
from yidi.reference import diseases, regions
from yidi.values.money import yuan_text
from yidi.values.terms import CLASS_OF_SITUATION, LAYERS, Benefit, Fund, Scheme, Situation


@lru_cache(maxsize=4096)
def benefit_rule(
    book: RuleBook, question: Question, reading: str = "", unverified: bool = False
) -> BenefitRule:
    """The rule that answers a question, by the adopted readings or, where it has one, by the reading named.

    `unverified` lets unadopted statements of grade C or R answer where nothing better does: for estimates alone.
    Raises MissingParameter, MissingFact, AmbiguousRules, DiseaseNotCovered, MixedStacking, NoSuchReference,
    UnknownReading.
    """
    if reading and reading not in readings(book, question.home, question.scheme):
        known = "、".join(sorted(readings(book, question.home, question.scheme)))
        raise UnknownReading(reading=reading, known=known or "无")
    where = Lookup(
        book, question.home, question.scheme, str(question.benefit), question.on, reading, unverified
    )
    listing = _listing(where, question) if question.benefit in LISTED else None
    klass = listing.klass if listing else ""

    def within(name: str) -> Callable[[Any], Any]:
        return lambda rule: _component(rule, name, question, klass)

    deductible = where.need(Parameter.DEDUCTIBLE, within("deductible"))
    share = where.need(Parameter.SHARE, within("share"))
    ceiling = where.need(Parameter.CEILING, within("ceiling"))
    upfront = where.find(Parameter.UPFRONT, within("upfront"))
    adjustment = _adjustment(where.about(FILING), question)
    layers, of_layers, perhaps = _layers(where, question, klass)
    rule = BenefitRule(
        pool=question.home,
        scheme=question.scheme,
        benefit=question.benefit,
        standing=question.standing,
        level=question.level,
        disease=question.disease,
        listing=listing,
        deductible=amounts.deductible(deductible, question),
        share=_share(where, share, question),
        ceilings=_ceilings(where, ceiling, question, klass),
        adjustment=adjustment,
        upfront=UpfrontAtHome(upfront.value, upfront.origin()) if upfront and upfront.value else None,
        layers=layers,
        own_account=_account(where, "own"),
        family_account=_account(where, "family"),
        remarks=perhaps,
    )
    contests = {name for found in (deductible, share, ceiling, *of_layers) for name in found.rule.contests}
    contests.update(_contests_away(book, question, adjustment))
    return replace(rule, contests=tuple(sorted(contests)))


def _contests_away(book: RuleBook, question: Question, adjustment: Adjustment) -> set[str]:
    """The conflicts about care elsewhere that touch the money: about a reduction, and about having no filing."""
    touching = {adjustment.origin.rule} if adjustment.origin and adjustment.mode != "none" else set()
    if question.situation == Situation.UNFILED:
        where = Lookup(book, question.home, question.scheme, FILING, question.on)
        unfiled = where.find(Parameter.UNFILED, lambda rule: rule.unfiled)
        touching |= {unfiled.rule.id} if unfiled else set()
    statements = book.statements(question.home, question.scheme, FILING)
    return {name for _, rule in statements if rule.id in touching for name in rule.contests}


def _listing(where: Lookup, question: Question) -> Listing:
    """The class under which the pool lists the disease or drug.

    Raises DiseaseNotCovered; MissingParameter without a list; ListKnownInPart where no source gives the whole of it.
    """
    disease = question.disease
    for layer, rule in where.statements():
        if disease in rule.diseases:
            doc: DiseaseDoc = rule.diseases[disease]
            known = diseases.find_disease(disease)
            origin = Found(doc, layer, rule, where.book).origin(doc.source, doc.note)
            return Listing(known.name if known else "", doc.class_, origin)
    need_list(where, disease)
    known = diseases.find_disease(disease)
    name = f"{known.name}（{disease}）" if known else disease or "（未填病种）"
    raise DiseaseNotCovered(
        pool=regions.full_name(question.home), scheme=question.scheme, benefit=question.benefit, disease=name
    )


def need_list(where: Lookup, disease: str) -> None:
    """Raises MissingParameter where no rule in force lists any disease, ListKnownInPart where one lists only some.

    In both cases a disease that is not listed is not known not to be covered. A code that no register holds is.
    """
    lists = [rule for _, rule in where.statements() if rule.diseases]
    if not lists:
        where.need(Parameter.LISTED, lambda rule: None)
    known = diseases.find_disease(disease)
    if known is not None and any(rule.list_ == "part" for rule in lists):
        raise ListKnownInPart(
            pool=regions.full_name(where.pool),
            scheme=where.scheme,
            benefit=Benefit(where.benefit),
            on=where.on,
            parameter=Parameter.LISTED,
            disease=f"{known.name}（{disease}）",
        )


def _component(rule: Any, name: str, question: Question, klass: str) -> Any:
    """The component of a statement that answers the question, or None where it says nothing about it."""
    for doc in (rule.diseases.get(question.disease), rule.classes.get(klass), rule):
        value = getattr(doc, name, None) if doc is not None else None
        if value is not None and answers(value, question):
            return value
    return None


def _share(where: Lookup, found: Found, question: Question) -> Share:
    """The share, looked up in another benefit where it refers to that one's (G-12)."""
    doc = found.value
    if not isinstance(doc, ShareDoc) or doc.as_ is None:
        return amounts.share(found, question)
    asked = replace(question, benefit=doc.as_, disease="")
    other = where.about(str(doc.as_)).need(Parameter.SHARE, lambda rule: _component(rule, "share", asked, ""))
    if isinstance(other.value, ShareDoc) and other.value.as_ is not None:
        raise NoSuchReference(benefit=question.benefit, other=doc.as_)
    referred = amounts.share(other, asked)
    remark = Remark(
        f"比例引用{doc.as_.zh}的比例（{referred.origin.source} {referred.origin.clause}）",
        f"the share is that of {doc.as_.en} ({referred.origin.source}, {referred.origin.clause})",
    )
    by_reference = replace(
        referred, origin=found.origin(doc.source, doc.note), remarks=(remark, *referred.remarks)
    )
    return amounts.changed_share(by_reference, doc, question)


def _ceilings(where: Lookup, found: Found, question: Question, klass: str) -> tuple[Ceiling, ...]:
    """The ceilings; those per disease made one where the person has several diseases and the pool stacks them."""
    own = amounts.ceilings(found, question, str(question.benefit))
    stacking = where.find(Parameter.STACKING, lambda rule: _component(rule, "stacking", question, klass))
    if stacking is None:
        return own
    return tuple(
        _stacked(where, stacking, question, ceiling)
        if ceiling.scope == f"{question.benefit}:{question.disease}"
        else ceiling
        for ceiling in own
    )


def _stacked(where: Lookup, stacking: Found, question: Question, own: Ceiling) -> Ceiling:
    """One ceiling for all diseases of the person that have one of their own (G-13).

    With one disease too, so that what was paid before another is approved counts on. Raises MixedStacking.
    """
    doc: StackingDoc = stacking.value
    codes = sorted({question.disease, *question.diseases})
    each: list[Ceiling] = []
    for code in codes:
        found = _own_ceilings(where, stacking, question, code)
        alike = [
            item
            for item in found
            if item.scope != f"{question.benefit}:{code}" or (item.per, item.on) == (own.per, own.on)
        ]
        if found and len(alike) != 1:
            raise MixedStacking(rule=stacking.rule.id, diseases="、".join(codes))
        each += alike
    total = _combined(doc, [found.amount for found in each])
    certain = _combined(
        doc, [found.amount if found.certain_to is None else found.certain_to for found in each]
    )
    count, said = len(each), "不封顶" if total is None else f"{yuan_text(total)} 元"
    remark = Remark(
        f"{count} 个病种叠加，合计限额 {said}",
        f"ceilings of {count} diseases stacked: {'none' if total is None else yuan_text(total) + ' yuan'}",
    )
    return replace(
        own,
        amount=total,
        certain_to=None if certain == total else certain,
        scope=f"{question.benefit}:stacked",
        origin=stacking.origin(doc.source, doc.note) if count > 1 else own.origin,
        remarks=(*own.remarks, remark) if count > 1 else own.remarks,
    )


def _combined(doc: StackingDoc, each: list[int | None]) -> int | None:
    """The ceiling that those of several diseases make together, in fen; None = no limit."""
    known = [amount for amount in each if amount is not None]
    total: int | None = None
    if len(known) == len(each):
        total = sum(known) if doc.how == "sum" else max(known) + (doc.yuan or 0) * (len(known) - 1)
    if doc.top is not None:
        total = doc.top if total is None else min(total, doc.top)
    return total


def _own_ceilings(where: Lookup, stacking: Found, question: Question, code: str) -> tuple[Ceiling, ...]:
    """The ceilings that one disease has of its own and that stack; none where it has none, or is no longer listed."""
    listed = next((rule.diseases[code] for _, rule in where.statements() if code in rule.diseases), None)
    if listed is None:
        return ()
    asked, klass = replace(question, disease=code), listed.class_
    same = where.find(Parameter.STACKING, lambda rule: _component(rule, "stacking", asked, klass))
    found = where.find(Parameter.CEILING, lambda rule: _component(rule, "ceiling", asked, klass))
    if found is None or same is None or same.value != stacking.value:
        return ()
    each = amounts.ceilings(found, asked, str(question.benefit))
    # The word `none` says that there is no ceiling of any kind.
    return tuple(item for item in each if found.value == "none" or item.scope == f"{question.benefit}:{code}")


def _layers(
    where: Lookup, question: Question, klass: str
) -> tuple[tuple[Layer, ...], list[Found], tuple[Remark, ...]]:
    """The funds above the basic one that the pool has for this person and benefit, with the statements they rest on.

    Then remarks on those that it may have, if only somebody knew a trait of the person.
    """
    layers: list[Layer] = []
    statements: list[Found] = []
    perhaps: list[Remark] = []
    for fund in LAYERS:
        of_fund = where.about(str(fund))
        found = of_fund.find(Parameter.LAYER, lambda rule: rule.layer)
        if found is None or not _tops_up(found.value, question, klass):
            continue
        trait = found.value.trait
        if trait in question.unknown_traits:
            perhaps.append(amounts.not_counted(trait, Remark(fund.zh, fund.en)))
            continue
        layer, parts = _layer(of_fund, fund, found, question)
        layers.append(layer)
        statements += [found, *parts]
    return tuple(layers), statements, tuple(perhaps)


def _tops_up(doc: LayerDoc, question: Question, klass: str) -> bool:
    """Whether a layer is for the benefit, and for the person or perhaps for the person."""
    of_class = f"{question.benefit}:{klass}"
    mine = doc.trait is None or doc.trait in question.traits | question.unknown_traits
    return mine and (str(question.benefit) in doc.over or of_class in doc.over)


def _layer(where: Lookup, fund: Fund, found: Found, question: Question) -> tuple[Layer, list[Found]]:
    doc: LayerDoc = found.value

    def stated(name: str) -> Callable[[Any], Any]:
        def pick(rule: Any) -> Any:
            value = getattr(rule, name)
            return value if value is not None and answers(value, question) else None

        return pick

    deductible = where.need(Parameter.DEDUCTIBLE, stated("deductible"))
    share = where.need(Parameter.SHARE, stated("share"))
    ceiling = where.need(Parameter.CEILING, stated("ceiling"))
    layer = Layer(
        fund=fund,
        base=doc.base,
        deductible=amounts.deductible(deductible, question),
        share=amounts.share(share, question),
        ceilings=amounts.ceilings(ceiling, question, str(fund)),
        origin=found.origin(doc.source, doc.note),
    )
    return layer, [deductible, share, ceiling]


def _account(where: Lookup, whose: str) -> AccountRule | None:
    """What the person's own account or the family's may pay; None where no rule says so."""
    found = where.about(ACCOUNT).find(Parameter.ACCOUNT, lambda rule: getattr(rule, whose))
    if found is None:
        return None
    doc: AccountDoc = found.value
    return AccountRule(doc.pays, found.origin(doc.source, doc.note))


def _adjustment(where: Lookup, question: Question) -> Adjustment:
    if question.situation == Situation.LOCAL:
        return Adjustment("none", 0, question.situation)
    if question.situation == Situation.EXEMPT:
        exempt = where.find(Parameter.EXEMPT, lambda rule: rule.exempt or None)
        ground = exempt.origin(exempt.value[0].source) if exempt else None
        return Adjustment("none", 0, question.situation, ground)
    klass = CLASS_OF_SITUATION.get(question.situation)

    def stated(rule: Any) -> AdjustmentDoc | None:
        doc: AdjustmentDoc | None = rule.adjustment.get(question.situation)
        return doc if doc is not None or klass is None else rule.adjustment.get(klass)

    found = where.need(Parameter.ADJUSTMENT, stated)
    doc: AdjustmentDoc = found.value
    return Adjustment(
        mode=doc.mode,
        ppm=doc.ratio,
        situation=question.situation,
        origin=found.origin(doc.source, doc.note),
        upfront_first=doc.order != "deductible-first",
    )


def readings(book: RuleBook, pool: str, scheme: Scheme) -> set[str]:
    """The names of all readings that may speak for a pool, adopted or not."""
    matters = (*Benefit, *LAYERS, FILING, ACCOUNT)
    return {rule.reading for matter in matters for _, rule in book.statements(pool, scheme, str(matter))}


def numbers(rule: BenefitRule) -> tuple[Any, ...]:
    """Everything of a rule that decides about money, without its sources: equal numbers pay every bill alike."""
    away = rule.adjustment
    return (
        _payment(rule),
        (away.mode, away.ppm, away.upfront_first),
        rule.upfront.ppm if rule.upfront else 0,
        tuple((layer.fund, layer.base, _payment(layer)) for layer in rule.layers),
        tuple(account.pays if account else () for account in (rule.own_account, rule.family_account)),
    )


def _payment(of: BenefitRule | Layer) -> tuple[Any, ...]:
    deductible, share = of.deductible, of.share
    return (
        (deductible.amounts, deductible.per, deductible.less, deductible.floor, deductible.top),
        (share.bands, share.per, share.with_deductible),
        tuple((c.amount, c.certain_to, c.per, c.on, c.scope, c.category) for c in of.ceilings),
    )


def covered_diseases(book: RuleBook, pool: str, scheme: Scheme, on: date) -> tuple[str, ...]:
    """M-codes of the chronic diseases that a pool covers on a day, in code order."""
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)
    return tuple(sorted({code for _, rule in where.statements() for code in rule.diseases}))


def nationally_settled(book: RuleBook, on: date) -> tuple[str, ...]:
    """M-codes that may be settled directly between provinces (facts N-501, N-502)."""
    where = Lookup(book, "CN", Scheme.EMPLOYEE, str(Benefit.CHRONIC_DISEASE), on)
    codes: tuple[str, ...] = where.need(Parameter.SETTLED, lambda rule: rule.settled_nationally or None).value
    return codes
