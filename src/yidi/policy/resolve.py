"""From a question to the rule that answers it: layers, readings, dates.

Each parameter is looked up on its own: the most specific layer (city, then province, then nation) whose adopted rule
in force states it wins. Within a statement the disease is asked first, then its class, then the statement itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from yidi.policy.book import RuleBook
from yidi.policy.errors import DiseaseNotCovered, UnknownReading
from yidi.policy.lookup import FILING, Found, Lookup, Parameter
from yidi.policy.pack import AdjustmentDoc, CeilingDoc, DeductibleDoc, ShareDoc
from yidi.policy.rules import (
    Adjustment,
    BenefitRule,
    Ceiling,
    ClaimPapers,
    Deductible,
    FilingRules,
    KindOfFiling,
    QualificationRule,
    Question,
    Share,
)
from yidi.reference import diseases, regions
from yidi.values.terms import CLASS_OF_SITUATION, Benefit, FilingKind, Scheme, Situation

Value = TypeVar("Value")


def benefit_rule(book: RuleBook, question: Question, reading: str = "") -> BenefitRule:
    """The rule that answers a question, by the adopted readings or, where it has one, by the reading named.

    Raises MissingParameter, AmbiguousRules, DiseaseNotCovered, UnknownReading.
    """
    if reading and reading not in readings(book, question.home, question.scheme):
        known = "、".join(sorted(readings(book, question.home, question.scheme)))
        raise UnknownReading(reading=reading, known=known or "无")
    where = Lookup(book, question.home, question.scheme, str(question.benefit), question.on, reading)
    klass = _disease_class(where, question) if question.benefit == Benefit.CHRONIC_DISEASE else ""

    def within(name: str) -> Callable[[Any], Any]:
        return lambda rule: _component(rule, name, question, klass)

    deductible = where.need(Parameter.DEDUCTIBLE, within("deductible"))
    share = where.need(Parameter.SHARE, within("share"))
    ceiling = where.need(Parameter.CEILING, within("ceiling"))
    adjustment = _adjustment(book, question, reading)
    rule = BenefitRule(
        pool=question.home,
        scheme=question.scheme,
        benefit=question.benefit,
        standing=question.standing,
        level=question.level,
        disease=question.disease,
        deductible=_deductible(deductible, question),
        share=_share(share, question),
        ceilings=_ceilings(ceiling, question),
        adjustment=adjustment,
    )
    contests = {name for found in (deductible, share, ceiling) for name in found.rule.contests}
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


def _disease_class(where: Lookup, question: Question) -> str:
    for _, rule in where.statements():
        if question.disease in rule.diseases:
            klass: str = rule.diseases[question.disease].class_
            return klass
    disease = diseases.find_disease(question.disease)
    name = f"{disease.name}（{question.disease}）" if disease else question.disease or "（未填病种）"
    raise DiseaseNotCovered(pool=regions.full_name(question.home), scheme=question.scheme, disease=name)


def _component(rule: Any, name: str, question: Question, klass: str) -> Any:
    """The component of a statement that answers the question, or None where it says nothing about it."""
    for doc in (rule.diseases.get(question.disease), rule.classes.get(klass), rule):
        value = getattr(doc, name, None) if doc is not None else None
        if value is not None and _answers(value, question):
            return value
    return None


def _answers(value: Any, question: Question) -> bool:
    """Whether a component states a value for this standing and level; a list of ceilings only where all of it does."""
    if isinstance(value, tuple):
        return all(_answers(item, question) for item in value)
    pick = getattr(value, "pick", None)
    return pick is None or pick(question.standing, question.level) is not None


def _there(value: Value | None) -> Value:
    """A value that `_answers` has found to be there."""
    if value is None:
        raise LookupError("a component was taken that does not answer the question")
    return value


def _deductible(found: Found, question: Question) -> Deductible:
    doc: DeductibleDoc | str = found.value
    if isinstance(doc, str):
        return Deductible(0, "year", found.origin())
    leaf = _there(doc.pick(question.standing, question.level))
    return Deductible(_there(leaf.yuan), doc.per, found.origin(doc.source, doc.note))


def _share(found: Found, question: Question) -> Share:
    doc: ShareDoc | int = found.value
    if isinstance(doc, int):
        return Share(doc, found.origin())
    ppm = _there(doc.pick(question.standing, question.level))
    return Share(ppm, found.origin(doc.source, doc.note))


def _ceilings(found: Found, question: Question) -> tuple[Ceiling, ...]:
    if isinstance(found.value, str):
        return (Ceiling(None, "year", "fund", str(question.benefit), found.origin()),)
    docs: tuple[CeilingDoc, ...] = found.value if isinstance(found.value, tuple) else (found.value,)
    return tuple(_ceiling(found, doc, question) for doc in docs)


def _ceiling(found: Found, doc: CeilingDoc, question: Question) -> Ceiling:
    scopes = {"benefit": str(question.benefit), "disease": f"{question.benefit}:{question.disease}"}
    leaf = _there(doc.pick(question.standing, question.level))
    return Ceiling(
        amount=leaf.between[1] if leaf.between else leaf.yuan,
        per=doc.per,
        on=doc.on,
        scope=scopes.get(doc.scope, doc.scope),
        origin=found.origin(doc.source, doc.note),
        certain_to=leaf.between[0] if leaf.between else None,
    )


def _adjustment(book: RuleBook, question: Question, reading: str) -> Adjustment:
    if question.situation == Situation.LOCAL:
        return Adjustment("none", 0, question.situation)
    where = Lookup(book, question.home, question.scheme, FILING, question.on, reading)
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
    benefits = (Benefit.GENERAL_OUTPATIENT, Benefit.CHRONIC_DISEASE, FILING)
    return {rule.reading for benefit in benefits for _, rule in book.statements(pool, scheme, str(benefit))}


def other_rules(book: RuleBook, question: Question) -> dict[str, BenefitRule]:
    """What each reading that is kept beside the adopted ones would say, by reading, where it says anything else."""
    adopted = benefit_rule(book, question)
    found: dict[str, BenefitRule] = {}
    for reading in sorted(readings(book, question.home, question.scheme)):
        rule = benefit_rule(book, question, reading)
        if _numbers(rule) != _numbers(adopted):
            found[reading] = rule
    return found


def _numbers(rule: BenefitRule) -> tuple[Any, ...]:
    ceilings = tuple((item.amount, item.certain_to, item.per, item.on, item.scope) for item in rule.ceilings)
    adjustment = rule.adjustment
    return (
        rule.deductible.amount,
        rule.deductible.per,
        rule.share.ppm,
        ceilings,
        (adjustment.mode, adjustment.ppm, adjustment.upfront_first),
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


def qualification_rule(
    book: RuleBook, pool: str, scheme: Scheme, disease: str, on: date
) -> QualificationRule:
    """What a pool asks for before it approves a disease. Raises DiseaseNotCovered, MissingParameter."""
    if disease not in covered_diseases(book, pool, scheme, on):
        known = diseases.find_disease(disease)
        name = f"{known.name}（{disease}）" if known else disease
        raise DiseaseNotCovered(pool=regions.full_name(pool), scheme=scheme, disease=name)
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.qualification, name, None) if rule.qualification else None

    evidence = where.need(Parameter.QUALIFICATION, field("evidence"))
    valid = where.need(Parameter.QUALIFICATION, field("valid"))
    days = where.find(Parameter.QUALIFICATION, field("decide_within_days"))
    doc = evidence.rule.qualification
    return QualificationRule(
        pool=pool,
        scheme=scheme,
        disease=disease,
        evidence=tuple(tuple(str(item) for item in group) for group in evidence.value),
        years_valid=valid.value if isinstance(valid.value, int) else None,
        decide_within_days=days.value if days else None,
        origin=evidence.origin(doc.source, doc.note),
        contests=tuple(sorted({*evidence.rule.contests, *valid.rule.contests})),
        notes=tuple(dict.fromkeys(note for note in (doc.note, valid.rule.qualification.note) if note)),
    )


def filing_rules(book: RuleBook, pool: str, scheme: Scheme, on: date) -> FilingRules:
    """The filing rules of a pool: exempt pairs, what happens without a filing, channels. Raises MissingParameter."""
    where = Lookup(book, pool, scheme, FILING, on)
    unfiled = where.need(Parameter.UNFILED, lambda rule: rule.unfiled)
    exempt = where.find(Parameter.EXEMPT, lambda rule: rule.exempt or None)
    channels = where.find(Parameter.CHANNELS, lambda rule: rule.channels or None)
    contests = {name for found in (unfiled, exempt) if found for name in found.rule.contests}
    return FilingRules(
        pool=pool,
        scheme=scheme,
        exempt_within_province=exempt.origin(exempt.value[0].source) if exempt else None,
        unfiled_settles_directly=unfiled.value.direct,
        unfiled_origin=unfiled.origin(unfiled.value.source),
        channels=channels.value if channels else (),
        contests=tuple(sorted(contests)),
    )


def situation_of(home: str, care: str, rules: FilingRules | None, filed: Situation) -> Situation:
    """How care in a region stands to the home pool's filing rules: at home, exempt, or as `filed` says.

    `rules` is None where the pool's are not on record: then nothing is exempt.
    """
    if regions.pool_of(care) == regions.pool_of(home):
        return Situation.LOCAL
    exempt = rules is not None and rules.exempt_within_province is not None
    return Situation.EXEMPT if exempt and regions.same_province(home, care) else filed


def claim_papers(book: RuleBook, pool: str, scheme: Scheme, on: date) -> ClaimPapers:
    """The papers of a claim after paying in full. Raises MissingParameter."""
    found = Lookup(book, pool, scheme, FILING, on).need(
        Parameter.CLAIM_MATERIALS, lambda rule: rule.claim_materials
    )
    return ClaimPapers(tuple(tuple(str(item) for item in group) for group in found.value), found.origin())


def filing_kind(book: RuleBook, pool: str, scheme: Scheme, kind: FilingKind, on: date) -> KindOfFiling:
    """What a pool asks of one kind of filing and gives for it. Raises MissingParameter."""
    where = Lookup(book, pool, scheme, FILING, on)

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.kinds.get(kind), name, None)

    materials = where.need(Parameter.MATERIALS, field("materials"))
    effect = where.need(Parameter.EFFECT, field("effect")).value
    valid = where.need(Parameter.VALID, field("valid")).value if effect != "deemed" else None
    change = where.find(Parameter.CHANGE, field("change_after_months"))
    return KindOfFiling(
        kind=kind,
        klass=where.need(Parameter.CLASS, field("class_")).value,
        materials=tuple(tuple(str(item) for item in group) for group in materials.value),
        effect=effect,
        months_valid=valid if isinstance(valid, int) else None,
        needs_end_date=valid == "per-filing",
        change_after_months=change.value if change else None,
        origin=materials.origin(materials.rule.kinds[kind].source),
    )
