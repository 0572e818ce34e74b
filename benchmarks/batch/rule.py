"""The one rule, taken from the shipped packs: what employees of Nanchang get for outpatient care.

Nothing of it is written here. The peers get the numbers that the book answers with, this engine gets the book. If the
packs come to say something that the peers' formulations do not know, the benchmark says so and stops.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from benchmarks.batch.field import Numbers
from yidi.policy.book import RuleBook, book
from yidi.policy.errors import DiseaseNotCovered, ListKnownInPart
from yidi.policy.loaded import LoadedPack
from yidi.policy.pack import kind_of_pack
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule, Question
from yidi.reference import diseases
from yidi.values.terms import STANDINGS_OF, Benefit, Level, Scheme, Situation, Standing

POOL = "360100"
SCHEME = Scheme.EMPLOYEE
STANDINGS = STANDINGS_OF[SCHEME]
LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY, Level.PHARMACY)
SITUATION = Situation.LONG_TERM_RESIDENT
YEARS = (2025, 2026)
EPOCH = date(1970, 1, 1)


class RuleOutgrown(Exception):
    """The packs say something that the peers' formulations of the rule cannot express."""


def certain_book() -> RuleBook:
    """The shipped book, with every ceiling that its source gives as a range put at the end that is certain.

    A visit beyond that end is refused by the engine, for nobody knows the answer; window functions cannot refuse.
    """
    shipped = book()
    packs = {key: _certain(loaded) for key, loaded in shipped.packs.items()}
    return RuleBook(packs, shipped.sources, shipped.conflicts, f"{shipped.digest}, certain ends")


def numbers_of(rules: RuleBook) -> Numbers:
    """The rule as numbers. Raises RuleOutgrown."""
    listed = _diseases_with_own_ceiling(rules)
    slots: list[tuple[Benefit, str]] = [(Benefit.GENERAL_OUTPATIENT, "")]
    slots += [(Benefit.CHRONIC_DISEASE, code) for code in listed]
    answers = {
        (standing, slot, level): _answer(rules, standing, *slots[slot], level)
        for standing in STANDINGS
        for slot in range(len(slots))
        for level in LEVELS
    }
    return Numbers(
        diseases=tuple(listed),
        deductible=_one(rule.deductible.amounts[0] for (_, slot, _), rule in answers.items() if slot == 0),
        shares=tuple(
            tuple(
                tuple(answers[standing, slot, level].share.ppm if level in LEVELS else 0 for level in Level)
                for slot in range(len(slots))
            )
            for standing in STANDINGS
        ),
        ceilings=tuple(
            tuple(
                _one(answers[standing, slot, level].ceilings[0].amount or 0 for level in LEVELS)
                for slot in range(len(slots))
            )
            for standing in STANDINGS
        ),
        years=tuple((date(year, 1, 1) - EPOCH).days for year in (*YEARS, YEARS[-1] + 1)),
    )


def _diseases_with_own_ceiling(rules: RuleBook) -> list[str]:
    found = []
    for disease in diseases.diseases():
        try:
            rule = _ask(rules, STANDINGS[0], Benefit.CHRONIC_DISEASE, disease.code, LEVELS[0], YEARS[0])
        except (DiseaseNotCovered, ListKnownInPart):
            continue
        if [item.scope for item in rule.ceilings] == [f"{Benefit.CHRONIC_DISEASE}:{disease.code}"]:
            found.append(disease.code)
    return found


def _answer(rules: RuleBook, standing: Standing, benefit: Benefit, disease: str, level: Level) -> BenefitRule:
    """The rule, which must be the same in all years and of the form that the peers know."""
    rule = _one(_ask(rules, standing, benefit, disease, level, year) for year in YEARS)
    own = f"{benefit}:{disease}" if disease else str(benefit)
    known = {
        "one share for all amounts": len(rule.share.bands) == 1,
        "a yearly deductible, of general care alone": rule.deductible.per == "year"
        and (benefit == Benefit.GENERAL_OUTPATIENT or rule.deductible.none),
        "one yearly ceiling on the fund, of its own": [
            (item.scope, item.per, item.on, item.certain_to) for item in rule.ceilings
        ]
        == [(own, "year", "fund", None)],
        "no fund above, no upfront share, no reduction": not rule.layers
        and not rule.upfront
        and rule.adjustment.mode == "none",
    }
    for what, holds in known.items():
        if not holds:
            raise RuleOutgrown(f"{POOL} {SCHEME} {standing} {benefit} {disease} {level}: not {what}")
    return rule


def _ask(
    rules: RuleBook, standing: Standing, benefit: Benefit, disease: str, level: Level, year: int
) -> BenefitRule:
    on = date(year, 1, 1)
    return benefit_rule(
        rules, Question(POOL, SCHEME, standing, benefit, level, SITUATION, on, disease=disease)
    )


def _one(values: Iterable[Any]) -> Any:
    """The value that all are. Raises RuleOutgrown where they differ."""
    first, *others = dict.fromkeys(values)
    if others:
        raise RuleOutgrown(f"{POOL} {SCHEME}: {first} here, {others[0]} there")
    return first


def _certain(loaded: LoadedPack) -> LoadedPack:
    data = loaded.document.data
    written = _without_ranges(data)
    return loaded if written == data else replace(loaded, pack=kind_of_pack(written).model_validate(written))


def _without_ranges(data: Any, ceiling: bool = False) -> Any:
    """The document with the lower end of each range among its ceilings in place of the range."""
    if isinstance(data, list):
        return [_without_ranges(item, ceiling) for item in data]
    if not isinstance(data, dict):
        return data
    if ceiling and "between" in data:
        return {**{key: value for key, value in data.items() if key != "between"}, "yuan": data["between"][0]}
    return {key: _without_ranges(value, ceiling or key == "ceiling") for key, value in data.items()}
