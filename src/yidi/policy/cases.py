"""What a pool asks of the cases on a day: filings, qualifications, claims."""

from collections.abc import Callable
from datetime import date
from typing import Any

from yidi.policy.book import RuleBook
from yidi.policy.case_rules import ClaimPapers, FilingRules, KindOfFiling, QualificationRule
from yidi.policy.errors import DiseaseNotCovered
from yidi.policy.lookup import CATALOGUE, FILING, Found, Lookup, Parameter
from yidi.policy.resolve import covered_diseases, need_list
from yidi.policy.rules import Origin
from yidi.reference import diseases, regions
from yidi.values.terms import Benefit, FilingKind, Scheme, Situation


def qualification_rule(
    book: RuleBook, pool: str, scheme: Scheme, disease: str, on: date
) -> QualificationRule:
    """What a pool asks for before it approves a disease.

    Raises DiseaseNotCovered, MissingParameter, ListKnownInPart where the disease may be on the part of the list that no
    source gives.
    """
    where = Lookup(book, pool, scheme, str(Benefit.CHRONIC_DISEASE), on)
    if disease not in covered_diseases(book, pool, scheme, on):
        need_list(where, disease)
        known = diseases.find_disease(disease)
        name = f"{known.name}（{disease}）" if known else disease
        raise DiseaseNotCovered(
            pool=regions.full_name(pool), scheme=scheme, benefit=Benefit.CHRONIC_DISEASE, disease=name
        )

    def field(name: str) -> Callable[[Any], Any]:
        return lambda rule: getattr(rule.qualification, name, None) if rule.qualification else None

    evidence = where.need(Parameter.QUALIFICATION, field("evidence"))
    valid = where.need(Parameter.QUALIFICATION, field("valid"))
    days = where.find(Parameter.QUALIFICATION, field("decide_within_days"))
    listed = where.find(Parameter.LISTED, lambda rule: rule.diseases.get(disease))
    doc = evidence.rule.qualification
    notes = (listed.value.note if listed else "", doc.note, valid.rule.qualification.note)
    return QualificationRule(
        pool=pool,
        scheme=scheme,
        disease=disease,
        evidence=tuple(tuple(str(item) for item in group) for group in evidence.value),
        years_valid=valid.value if isinstance(valid.value, int) else None,
        decide_within_days=days.value if days else None,
        origin=evidence.origin(doc.source, doc.note),
        contests=tuple(sorted({*evidence.rule.contests, *valid.rule.contests})),
        notes=tuple(dict.fromkeys(note for note in notes if note)),
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
        exempt_within_province=_within_province(exempt),
        exempt_pools=tuple(doc.between for doc in exempt.value if doc.between != "same-province")
        if exempt
        else (),
        returning_reduced=_reduces_returning(where),
        unfiled_settles_directly=unfiled.value.direct,
        unfiled_origin=unfiled.origin(unfiled.value.source),
        channels=channels.value if channels else (),
        contests=tuple(sorted(contests)),
    )


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
    home: str, care: str, rules: FilingRules | None, filed: Situation, lives_elsewhere: bool = False
) -> Situation:
    """How care in a region stands to the home pool's filing rules: at home, exempt, returning, or as `filed` says.

    `rules` is None where the pool's are not on record: then nothing is exempt. `lives_elsewhere`: a long-term filing
    for another province is in effect, so that care in the home province is a return (facts JX-305, N-305).
    """
    if (
        lives_elsewhere
        and rules is not None
        and rules.returning_reduced
        and regions.same_province(home, care)
    ):
        return Situation.RETURNING
    if regions.pool_of(care) == regions.pool_of(home):
        return Situation.LOCAL
    if rules is None:
        return filed
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
