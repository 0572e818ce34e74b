"""From a question to the rule that answers it: layers, readings, dates.

Each parameter is looked up on its own: the most specific layer (city, then province, then nation) whose adopted rule
in force states it wins. Within a statement the disease is asked first, then its class, then the statement itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yidi.policy.book import RuleBook, in_force
from yidi.policy.errors import AmbiguousRules, DiseaseNotCovered, MissingParameter, UnknownReading
from yidi.policy.pack import AdjustmentDoc, CeilingDoc, DeductibleDoc, ShareDoc, SourceDoc
from yidi.policy.rules import (
    Adjustment,
    BenefitRule,
    Ceiling,
    Deductible,
    FilingRules,
    KindOfFiling,
    Origin,
    QualificationRule,
    Question,
    Share,
)
from yidi.reference import diseases, regions
from yidi.values.terms import Benefit, FilingClass, FilingKind, Scheme, Situation

FILING = "filing"
_CLASS_OF_SITUATION = {
    Situation.RESETTLED_RETIREE: FilingClass.LONG_TERM,
    Situation.LONG_TERM_RESIDENT: FilingClass.LONG_TERM,
    Situation.POSTED_WORKER: FilingClass.LONG_TERM,
    Situation.REFERRAL: FilingClass.TEMPORARY,
    Situation.EMERGENCY: FilingClass.TEMPORARY,
    Situation.OTHER_TEMPORARY: FilingClass.TEMPORARY,
}
_NAMES = {
    "deductible": "起付线",
    "share": "报销比例",
    "ceiling": "封顶线",
    "adjustment": "异地就医待遇调整",
    "unfiled": "未备案时的结算方式",
    "qualification": "待遇资格认定要求",
    "materials": "备案材料",
    "effect": "备案生效方式",
    "valid": "备案有效期",
    "class": "备案类别",
    "settled": "可跨省直接结算的病种",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A component with the layer and the statement it stands in."""

    value: Any
    layer: str
    rule: Any
    book: RuleBook

    def origin(self, own: SourceDoc | None = None, note: str = "") -> Origin:
        """The origin of a value: its own source where it has one, else its rule's."""
        source = own or self.rule.source
        seen = self.rule.in_force.seen
        return Origin(
            layer=self.layer,
            rule=self.rule.id,
            reading=self.rule.reading,
            source=source.id,
            title=self.book.sources[source.id].title,
            clause=source.clause,
            grade=source.grade,
            facts=source.facts,
            since=str(self.rule.in_force.from_),
            seen=str(seen) if seen else "",
            note=note,
        )


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where to look: one pool, scheme and benefit on one day, by the adopted readings or by one called by name."""

    book: RuleBook
    pool: str
    scheme: Scheme
    benefit: str
    on: date
    reading: str = ""

    def find(self, name: str, pick: Callable[[Any], Any]) -> Found | None:
        """The component that `pick` takes from a statement. Raises AmbiguousRules where one layer states it twice.

        A reading called by name goes before the adopted ones, whatever its layer.
        """
        found: Found | None = None
        for layer, rule in self.statements():
            if found is not None and (layer != found.layer or self._rank(rule) < self._rank(found.rule)):
                break
            value = pick(rule)
            if value is None:
                continue
            if found is not None:
                raise AmbiguousRules(
                    on=self.on, parameter=_NAMES.get(name, name), first=found.rule.id, second=rule.id
                )
            found = Found(value, layer, rule, self.book)
        return found

    def need(self, name: str, pick: Callable[[Any], Any]) -> Found:
        """As `find`; raises MissingParameter, naming the parameter, where nothing states it."""
        found = self.find(name, pick)
        if found is None:
            raise MissingParameter(
                pool=regions.full_name(self.pool),
                scheme=self.scheme.zh,
                benefit=_benefit_name(self.benefit),
                on=self.on,
                parameter=_NAMES.get(name, name),
            )
        return found

    def statements(self) -> Iterator[tuple[str, Any]]:
        """The statements in force that may be used, first those of the reading called by name."""
        usable = [
            (layer, rule)
            for layer, rule in self.book.statements(self.pool, self.scheme, self.benefit)
            if in_force(rule, self.on) and self._rank(rule)
        ]
        return iter(sorted(usable, key=lambda item: -self._rank(item[1])))

    def _rank(self, rule: Any) -> int:
        if self.reading and rule.reading == self.reading:
            return 2
        return 1 if rule.adopted else 0


def _benefit_name(benefit: str) -> str:
    return "异地就医备案" if benefit == FILING else Benefit(benefit).zh


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

    deductible = where.need("deductible", within("deductible"))
    share = where.need("share", within("share"))
    ceiling = where.need("ceiling", within("ceiling"))
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
    if adjustment.origin is not None:
        contests.update(_contests_of(book, question, adjustment.origin.rule))
    return replace(rule, contests=tuple(sorted(contests)))


def _contests_of(book: RuleBook, question: Question, rule_id: str) -> tuple[str, ...]:
    for _, rule in book.statements(question.home, question.scheme, FILING):
        if rule.id == rule_id:
            contests: tuple[str, ...] = rule.contests
            return contests
    return ()


def _disease_class(where: Lookup, question: Question) -> str:
    for _, rule in where.statements():
        if question.disease in rule.diseases:
            klass: str = rule.diseases[question.disease].class_
            return klass
    disease = diseases.find_disease(question.disease)
    name = f"{disease.name}（{question.disease}）" if disease else question.disease or "（未填病种）"
    raise DiseaseNotCovered(pool=regions.full_name(question.home), scheme=question.scheme.zh, disease=name)


def _component(rule: Any, name: str, question: Question, klass: str) -> Any:
    """The component of a statement that answers the question, or None where it says nothing about it."""
    for doc in (rule.diseases.get(question.disease), rule.classes.get(klass), rule):
        value = getattr(doc, name, None) if doc is not None else None
        if value is not None and _answers(value, question):
            return value
    return None


def _answers(value: Any, question: Question) -> bool:
    pick = getattr(value, "pick", None)
    return pick is None or pick(question.standing, question.level) is not None


def _deductible(found: Found, question: Question) -> Deductible:
    doc: DeductibleDoc | str = found.value
    if isinstance(doc, str):
        return Deductible(0, "year", found.origin())
    leaf = doc.pick(question.standing, question.level)
    assert leaf is not None and leaf.yuan is not None
    return Deductible(leaf.yuan, doc.per, found.origin(doc.source, doc.note))


def _share(found: Found, question: Question) -> Share:
    doc: ShareDoc | int = found.value
    if isinstance(doc, int):
        return Share(doc, found.origin())
    ppm = doc.pick(question.standing, question.level)
    assert ppm is not None
    return Share(ppm, found.origin(doc.source, doc.note))


def _ceilings(found: Found, question: Question) -> tuple[Ceiling, ...]:
    if isinstance(found.value, str):
        return (Ceiling(None, "year", "fund", str(question.benefit), found.origin()),)
    docs: tuple[CeilingDoc, ...] = found.value if isinstance(found.value, tuple) else (found.value,)
    return tuple(_ceiling(found, doc, question) for doc in docs)


def _ceiling(found: Found, doc: CeilingDoc, question: Question) -> Ceiling:
    scopes = {"benefit": str(question.benefit), "disease": f"{question.benefit}:{question.disease}"}
    leaf = doc.pick(question.standing, question.level)
    assert leaf is not None
    return Ceiling(
        amount=leaf.between[1] if leaf.between else leaf.yuan,
        per=doc.per,
        on=doc.on,
        scope=scopes.get(doc.scope, doc.scope),
        origin=found.origin(doc.source, doc.note),
        certain_to=leaf.between[0] if leaf.between else None,
    )


def _adjustment(book: RuleBook, question: Question, reading: str) -> Adjustment:
    if question.situation in (Situation.LOCAL, Situation.EXEMPT):
        return Adjustment("none", 0, question.situation)
    where = Lookup(book, question.home, question.scheme, FILING, question.on, reading)
    klass = _CLASS_OF_SITUATION.get(question.situation)

    def stated(rule: Any) -> AdjustmentDoc | None:
        doc: AdjustmentDoc | None = rule.adjustment.get(question.situation)
        return doc if doc is not None or klass is None else rule.adjustment.get(klass)

    found = where.need("adjustment", stated)
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
    codes: tuple[str, ...] = where.need("settled", lambda rule: rule.settled_nationally or None).value
    return codes


def qualification_rule(book: RuleBook, pool: str, scheme: Scheme, disease: str, on: date) -> QualificationRule:
    """What a pool asks for before it approves a disease. Raises DiseaseNotCovered, MissingParameter."""
    if disease not in covered_diseases(book, pool, scheme, on):
        known = diseases.find_disease(disease)
        name = f"{known.name}（{disease}）" if known else disease
        raise DiseaseNotCovered(pool=regions.full_name(pool), scheme=scheme.zh, disease=name)
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.qualification, name, None) if rule.qualification else None

    evidence = where.need("qualification", field("evidence"))
    valid = where.need("qualification", field("valid"))
    days = where.find("qualification", field("decide_within_days"))
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
    unfiled = where.need("unfiled", lambda rule: rule.unfiled)
    exempt = where.find("exempt", lambda rule: rule.exempt or None)
    channels = where.find("channels", lambda rule: rule.channels or None)
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


def filing_kind(book: RuleBook, pool: str, scheme: Scheme, kind: FilingKind, on: date) -> KindOfFiling:
    """What a pool asks of one kind of filing and gives for it. Raises MissingParameter."""
    where = Lookup(book, pool, scheme, FILING, on)

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.kinds.get(kind), name, None)

    materials = where.need("materials", field("materials"))
    valid = where.need("valid", field("valid"))
    change = where.find("change", field("change_after_months"))
    return KindOfFiling(
        kind=kind,
        klass=where.need("class", field("class_")).value,
        materials=tuple(tuple(str(item) for item in group) for group in materials.value),
        effect=where.need("effect", field("effect")).value,
        months_valid=valid.value if isinstance(valid.value, int) else None,
        needs_end_date=valid.value == "per-filing",
        change_after_months=change.value if change else None,
        origin=materials.origin(materials.rule.kinds[kind].source),
    )
