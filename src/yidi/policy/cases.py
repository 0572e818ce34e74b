"""What a pool asks of the cases on a day: filings, qualifications, claims."""

from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from yidi.policy.book import RuleBook
from yidi.policy.case_rules import ClaimPapers, DecisionTerm, FilingRules, KindOfFiling, QualificationRule
from yidi.policy.errors import DiseaseNotCovered, ListNotOnRecord
from yidi.policy.lookup import CATALOGUE, FILING, Found, Lookup, Parameter
from yidi.policy.resolve import covered_diseases, nationally_settled, need_list
from yidi.policy.rules import Origin
from yidi.reference import diseases, regions
from yidi.values.terms import Benefit, CaseKind, FilingKind, Scheme, Situation

TERM_READING = "service-list"
"""The reading that states the time for a decision where no adopted rule does."""


def _unfiled(rule: Any) -> Any:
    return rule.unfiled


def applicable_diseases(book: RuleBook, pool: str, scheme: Scheme, on: date) -> tuple[str, ...]:
    """M-codes of the chronic diseases that a person of the pool may apply for on a day, in code order.

    Those on record as covered; and those settled directly between provinces where the pool's whole list is not on
    record and its rules say that they may be applied for, so that the agency decides (Henan: facts N-501 to N-503).
    """
    covered = covered_diseases(book, pool, scheme, on)
    if covered and not lists_in_part(book, pool, scheme, on):
        return covered
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)
    opened = where.find(Parameter.QUALIFICATION, _of_qualification("open_to"))
    return tuple(sorted({*covered, *nationally_settled(book, on)})) if opened else covered


def qualification_rule(
    book: RuleBook, pool: str, scheme: Scheme, disease: str, on: date
) -> QualificationRule:
    """What a pool asks for before it approves a disease: one of `applicable_diseases`.

    Raises DiseaseNotCovered, MissingParameter; ListKnownInPart where the disease may be on the part of the list that no
    source gives, ListNotOnRecord where none gives any of it and the disease is not among those that may be applied for.
    """
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)
    if disease not in applicable_diseases(book, pool, scheme, on):
        _refuse_application(where, disease)

    def stated(name: str) -> Found | None:
        return where.find(Parameter.QUALIFICATION, _of_qualification(name))

    evidence = where.need(Parameter.QUALIFICATION, _of_qualification("evidence"))
    valid, fields, channels, reviewers = map(stated, ("valid", "fields", "channels", "reviewers"))
    listed = where.find(Parameter.LISTED, lambda rule: rule.diseases.get(disease))
    doc = evidence.rule.qualification
    resting = [found for found in (evidence, valid) if found]
    notes = (listed.value.note if listed else "", *(found.rule.qualification.note for found in resting))
    return QualificationRule(
        pool=pool,
        scheme=scheme,
        disease=disease,
        listed=listed.origin(listed.value.source, listed.value.note) if listed else None,
        evidence=tuple(tuple(str(item) for item in group) for group in evidence.value),
        fields=fields.value if fields else (),
        channels=channels.value if channels else (),
        valid=valid.value if valid else None,
        reviewers=reviewers.value if reviewers else 1,
        origin=evidence.origin(doc.source, doc.note),
        contests=tuple(sorted({name for found in resting for name in found.rule.contests})),
        notes=tuple(dict.fromkeys(note for note in notes if note)),
    )


def _of_qualification(name: str) -> Callable[[Any], Any]:
    return lambda rule: getattr(rule.qualification, name, None) if rule.qualification else None


def _refuse_application(where: Lookup, disease: str) -> NoReturn:
    """Raises the refusal of a disease that may not be applied for."""
    known = diseases.find_disease(disease)
    asked: dict[str, Any] = {
        "pool": regions.full_name(where.pool),
        "scheme": where.scheme,
        "benefit": Benefit.CHRONIC_DISEASE,
        "disease": f"{known.name}（{disease}）" if known else disease,
    }
    open_to = applicable_diseases(where.book, where.pool, where.scheme, where.on)
    if known and open_to and not covered_diseases(where.book, where.pool, where.scheme, where.on):
        raise ListNotOnRecord(**asked, count=len(open_to), on=where.on, parameter=Parameter.LISTED)
    need_list(where, disease)
    raise DiseaseNotCovered(**asked)


_TERMS: dict[CaseKind, tuple[str, Callable[[Any], Any]]] = {
    CaseKind.QUALIFICATION: (str(Benefit.CHRONIC_DISEASE), _of_qualification("decide_within_days")),
    CaseKind.FILING: (FILING, lambda rule: rule.decide_within_days),
    CaseKind.CLAIM: (FILING, lambda rule: rule.claim_decide_within_days),
}
"""In which packs the time for a decision stands, and where there; a visit is not decided."""


def decision_term(book: RuleBook, pool: str, scheme: Scheme, kind: CaseKind, on: date) -> DecisionTerm | None:
    """The working days that a pool's agency has for a decision on a day; None where nothing on record states any.

    The adopted rule goes first. Where there is none the reading `TERM_READING` answers (fact N-804, grade R: never
    adopted), and the term is marked as unverified: a case that is due by it names the reading.
    """
    if kind not in _TERMS:
        return None
    benefit, days = _TERMS[kind]
    for reading in ("", TERM_READING):
        found = Lookup(book, pool, scheme, benefit, on, reading).find(Parameter.TERM, days)
        if found is not None:
            own = found.rule.qualification.source if kind is CaseKind.QUALIFICATION else None
            return DecisionTerm(found.value, not found.rule.adopted, found.origin(own))
    return None


def filing_rules(book: RuleBook, pool: str, scheme: Scheme, on: date) -> FilingRules:
    """The filing rules of a pool: exempt pairs, what happens without a filing, channels."""
    where = Lookup(book, pool, scheme, FILING, on)
    unfiled = where.find(Parameter.UNFILED, _unfiled)
    exempt = where.find(Parameter.EXEMPT, lambda rule: rule.exempt or None)
    channels = where.find(Parameter.CHANNELS, lambda rule: rule.channels or None)
    contests = {name for found in (unfiled, exempt) if found for name in found.rule.contests}
    return FilingRules(
        pool=pool,
        scheme=scheme,
        exempt_within_province=_within_province(exempt),
        exempt_pools=tuple(doc.between for doc in exempt.value if doc.between != "same-province")
        if exempt
        else (),
        returning_reduced=_reduces_returning(where),
        unfiled_settles_directly=unfiled.value.direct if unfiled else None,
        unfiled_origin=unfiled.origin(unfiled.value.source) if unfiled else None,
        channels=channels.value if channels else (),
        contests=tuple(sorted(contests)),
    )


def unfiled_settles(book: RuleBook, pool: str, scheme: Scheme, on: date) -> bool:
    """Whether a pool settles a visit directly without a filing. Raises MissingParameter where no source says."""
    direct: bool = Lookup(book, pool, scheme, FILING, on).need(Parameter.UNFILED, _unfiled).value.direct
    return direct


def _reduces_returning(where: Lookup) -> bool:
    """Whether the pool has an adjustment of its own for those filed elsewhere who come back (G-17)."""
    return where.find(Parameter.ADJUSTMENT, lambda rule: rule.adjustment.get(Situation.RETURNING)) is not None


def _within_province(exempt: Found | None) -> Origin | None:
    """The ground on which care within the province needs no filing; None where there is none."""
    for doc in exempt.value if exempt else ():
        if exempt and doc.between == "same-province":
            return exempt.origin(doc.source)
    return None


def situation_of(
    home: str, care: str, rules: FilingRules, filed: Situation, lives_elsewhere: bool = False
) -> Situation:
    """How care in a region stands to the home pool's filing rules: at home, exempt, returning, or as `filed` says.

    `lives_elsewhere`: a long-term filing for another province is in effect, so that care in the home province is a
    return (facts JX-305, N-305).
    """
    if lives_elsewhere and rules.returning_reduced and regions.same_province(home, care):
        return Situation.RETURNING
    if regions.pool_of(care) == regions.pool_of(home):
        return Situation.LOCAL
    within = rules.exempt_within_province is not None and regions.same_province(home, care)
    ends = {regions.pool_of(home), regions.pool_of(care)}
    named = any(ends <= set(pools) for pools in rules.exempt_pools)
    return Situation.EXEMPT if within or named else filed


def upfront_on_whole(book: RuleBook, region: str, on: date) -> bool:
    """Whether a care region takes the upfront share of class B of the whole amount, not of what its limit leaves.

    Where no rule says so the limit comes off first (G-14).
    """
    where = Lookup(book, regions.pool_of(region), Scheme.EMPLOYEE, CATALOGUE, on)
    found = where.find(Parameter.ORDER, lambda rule: rule.upfront_on)
    return found is not None and found.value == "whole-amount"


def lists_in_part(book: RuleBook, pool: str, scheme: Scheme, on: date) -> bool:
    """Whether only part of a pool's list of chronic diseases is on record: others may be covered, or may not."""
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)
    return any(rule.list_ == "part" for _, rule in where.statements())


def claim_papers(
    book: RuleBook, pool: str, scheme: Scheme, on: date, benefit: Benefit = Benefit.GENERAL_OUTPATIENT
) -> ClaimPapers:
    """The papers of a claim after paying in full, for outpatient care or for a stay. Raises MissingParameter."""
    name = "inpatient_claim_materials" if benefit is Benefit.INPATIENT else "claim_materials"
    found = Lookup(book, pool, scheme, FILING, on).need(
        Parameter.CLAIM_MATERIALS, lambda rule: getattr(rule, name)
    )
    return ClaimPapers(tuple(tuple(str(item) for item in group) for group in found.value), found.origin())


def filing_kind(book: RuleBook, pool: str, scheme: Scheme, kind: FilingKind, on: date) -> KindOfFiling:
    """What a pool asks of one kind of filing and gives for it. Raises MissingParameter for its class and papers.

    Where no source says how it takes effect a clerk reviews it; where none says how long it holds each filing carries
    its own last day. Nothing takes effect, or goes on, on the strength of a gap.
    """
    where = Lookup(book, pool, scheme, FILING, on)

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.kinds.get(kind), name, None)

    def origin(found: Found) -> Origin:
        return found.origin(found.rule.kinds[kind].source)

    materials = where.need(Parameter.MATERIALS, field("materials"))
    effect = where.find(Parameter.EFFECT, field("effect"))
    deemed = effect is not None and effect.value == "deemed"
    valid = where.find(Parameter.VALID, field("valid")) if not deemed else None
    change = where.find(Parameter.CHANGE, field("change_after_months"))
    return KindOfFiling(
        kind=kind,
        klass=where.need(Parameter.CLASS, field("class_")).value,
        materials=tuple(tuple(str(item) for item in group) for group in materials.value),
        effect=effect.value if effect else "reviewed",
        effect_origin=origin(effect) if effect else None,
        months_valid=valid.value if valid and isinstance(valid.value, int) else None,
        needs_end_date=not deemed and (valid is None or valid.value == "per-filing"),
        valid_origin=origin(valid) if valid else None,
        change_after_months=change.value if change else None,
        origin=origin(materials),
    )
