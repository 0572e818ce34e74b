"""Stacked ceilings: those of all diseases to which one statement applies must be of the same kinds, each once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from yidi.policy.errors import PackProblem
from yidi.policy.forms import AmountTable, CeilingDoc, StackingDoc
from yidi.policy.loaded import LoadedPack, docs, problem
from yidi.policy.pack import LISTED, BenefitStatement
from yidi.policy.rules import ADOPTABLE
from yidi.policy.yaml_lines import Place
from yidi.reference import diseases, regions
from yidi.values.periods import Per
from yidi.values.terms import STANDINGS_OF, Level, Limited, Period, Scheme, Standing

Statement = tuple[LoadedPack, int, BenefitStatement]
"""A pack, the place of a rule in it, and the rule."""
KindOfCeiling = tuple[Per, str]
"""Over what a ceiling counts, and what it limits."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A parameter of a disease, with where it stands."""

    value: Any
    loaded: LoadedPack
    place: Place
    rule: str


def one_kind_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """The ceilings that one statement stacks can be added up: a month's payments and a year's cost cannot."""
    for scheme, chain in _chains(packs):
        for statements in _usable(chain):
            yield from _mixed(statements, scheme)


def _chains(packs: Sequence[LoadedPack]) -> Iterator[tuple[Scheme, list[LoadedPack]]]:
    """The packs that speak for one pool and a scheme about one benefit, most specific first, where one of them stacks."""
    by_key = {loaded.key: loaded for loaded in packs if loaded.pack.benefit in LISTED}
    stacking = {loaded.key for loaded, _, _ in docs(by_key.values(), StackingDoc)}
    for scheme, benefit in product(Scheme, LISTED):
        pools = {pool for pool, of, about in by_key if about == benefit and of in (scheme, "all")}
        for pool in sorted(pools):
            known = pool == regions.NATION or regions.is_known(pool)
            layers = reversed(regions.layers_of(pool)) if known else (pool,)
            keys = [(layer, of, str(benefit)) for layer in layers for of in (str(scheme), "all")]
            if stacking.intersection(keys):
                yield scheme, [by_key[key] for key in keys if key in by_key]


def _usable(chain: Sequence[LoadedPack]) -> Iterator[list[Statement]]:
    """The statements that may answer together, in the order in which they are asked: for each day and reading."""
    rules: list[Statement] = [
        (loaded, index, rule)
        for loaded in chain
        for index, rule in enumerate(loaded.pack.rules)
        if isinstance(rule, BenefitStatement)
    ]
    readings = {"", *(rule.reading for _, _, rule in rules if not rule.adopted)}
    for day, reading in product(sorted({rule.first_day for _, _, rule in rules}), sorted(readings)):
        usable = [item for item in rules if item[2].covers(day) and _rank(item[2], reading)]
        yield sorted(usable, key=lambda item: -_rank(item[2], reading))


def _rank(rule: BenefitStatement, reading: str) -> int:
    """As lookups rank rules: a reading called by name, the adopted ones, those of grade C and R for estimates."""
    if reading and rule.reading == reading:
        return 3
    return 2 if rule.adopted else int(rule.source.grade not in ADOPTABLE)


def _mixed(statements: Sequence[Statement], scheme: Scheme) -> Iterator[PackProblem]:
    """Faults among the diseases that a person may have together, for each standing at each level."""
    classes: dict[str, str] = {}
    for _, _, rule in statements:
        for code, disease in rule.diseases.items():
            classes.setdefault(code, disease.class_)
    groups = _stacked_together(statements, classes)
    for (stacking, codes), standing, level in product(groups, STANDINGS_OF[scheme], Level):
        found = {code: _stated(statements, "ceiling", code, classes[code], standing, level) for code in codes}
        yield from _at_fault(stacking, {code: own for code, own in found.items() if own and _kinds(own)})


def _stacked_together(
    statements: Sequence[Statement], classes: dict[str, str]
) -> list[tuple[Stated, list[str]]]:
    """Every statement about stacking with the diseases to which it applies."""
    groups: list[tuple[Stated, list[str]]] = []
    for code, klass in classes.items():
        stacking = _stated(statements, "stacking", code, klass)
        if stacking is None:
            continue
        codes = next((codes for one, codes in groups if one.value == stacking.value), None)
        if codes is None:
            codes = []
            groups.append((stacking, codes))
        codes.append(code)
    return groups


def _stated(
    statements: Sequence[Statement],
    name: str,
    code: str,
    klass: str,
    standing: Standing | None = None,
    level: Level | None = None,
) -> Stated | None:
    """A parameter of a disease where it is stated first: of the disease, of its class, or of a statement as a whole."""
    for loaded, index, rule in statements:
        places: tuple[tuple[Place, Any], ...] = (
            (("diseases", code), rule.diseases.get(code)),
            (("classes", klass), rule.classes.get(klass)),
            ((), rule),
        )
        for place, doc in places:
            value = getattr(doc, name, None)
            if value is not None and _answers(value, standing, level):
                return Stated(value, loaded, ("rules", index, *place, name), rule.id)
    return None


def _answers(value: Any, standing: Standing | None, level: Level | None) -> bool:
    """Whether a ceiling answers for a standing and level; a list only where all of it does."""
    if isinstance(value, tuple):
        return all(_answers(item, standing, level) for item in value)
    if standing is None or level is None or not isinstance(value, AmountTable):
        return True
    return value.pick(standing, level) is not None


def _kinds(ceiling: Stated) -> list[KindOfCeiling]:
    """The kinds of a disease's own ceilings; of none where it has none of its own, or no limit."""
    value = ceiling.value
    each = value if isinstance(value, tuple) else (value,)
    return [(doc.per, doc.on) for doc in each if isinstance(doc, CeilingDoc) and doc.scope == "disease"]


def _at_fault(stacking: Stated, own: dict[str, Stated]) -> Iterator[PackProblem]:
    """The first disease whose ceilings cannot be stacked, with those of one named before it or by themselves."""
    first = next(iter(own), "")
    for code, ceiling in own.items():
        kinds = _kinds(ceiling)
        if len(set(kinds)) < len(kinds):
            twice = next(kind for kind in kinds if kinds.count(kind) > 1)
            what = f"{_name(code)}有两条{_said([twice])}的单病种限额，规则 {stacking.rule} 要叠加，叠加哪一条没有写明"
            yield problem(ceiling.loaded, ceiling.place, what, "只写一条，或把另一条写成 scope: benefit")
            return
        if set(kinds) != set(_kinds(own[first])):
            what = (
                f"规则 {stacking.rule} 要叠加的单病种限额写法不一，不能相加："
                f"{_name(first)}为{_said(_kinds(own[first]))}，{_name(code)}为{_said(kinds)}"
            )
            yield problem(
                ceiling.loaded, ceiling.place, what, "统一期限（per）与对象（on），或不叠加其中一类"
            )
            return


def _name(code: str) -> str:
    found = diseases.find_disease(code)
    return f"{found.name}（{code}）" if found else code


def _said(kinds: Sequence[KindOfCeiling]) -> str:
    return "、".join(f"{Period(per).zh}{Limited(on).zh}" for per, on in kinds)
