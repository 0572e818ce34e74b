"""Lists of diseases and classes: what two statements say of one disease must not meet."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from yidi.policy.errors import PackProblem
from yidi.policy.loaded import LoadedPack, problem
from yidi.policy.pack import BenefitStatement, Components, Pack
from yidi.policy.yaml_lines import Place

Statement = tuple[LoadedPack, int, BenefitStatement]
"""A pack, the place of a rule in it, and the rule."""


def one_class_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a pack list one disease under two classes on one day."""
    for loaded in packs:
        for (_, _, one), (_, index, other) in _together([loaded]):
            if not (one.adopted and other.adopted):
                continue
            for code, disease in other.diseases.items():
                if code in one.diseases and one.diseases[code].class_ != disease.class_:
                    yield problem(
                        loaded,
                        ("rules", index, "diseases", code),
                        f"规则 {one.id} 与 {other.id} 把 {code} 列入不同的类别",
                        "只采用一条，或写成同一类别",
                    )


def one_statement_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two rules of a layer in force together speak of one disease's parameter in different places.

    Within one rule the disease goes before its class, and that before the rule as a whole; between two rules of a
    layer nothing goes before anything: one says it of the class, the other of all, and no answer could be given.
    """
    for group in _layers(packs):
        classes = _classes(group)
        for one, other in _together(group):
            for name in Components.model_fields:
                met = _met(name, one[2], other[2], classes)
                if met is not None:
                    disease, earlier, later = met
                    loaded, index, rule = other
                    first = ".".join(map(str, earlier)) or "整条规则"
                    yield problem(
                        loaded,
                        ("rules", index, *later, name),
                        f"病种 {disease} 的 {name}：规则 {one[2].id}（{first}）与 {rule.id} 同时作了规定，日期重叠",
                        "只在其中一条写明，或写在同一条规则里（病种先于类别，类别先于整条规则）",
                    )


def _layers(packs: Sequence[LoadedPack]) -> Iterator[list[LoadedPack]]:
    """The packs that make one layer of one benefit: those of one pool for one scheme and for both."""
    for loaded in packs:
        if not isinstance(loaded.pack, Pack):
            continue
        if loaded.pack.scheme != "all":
            pool, _, benefit = loaded.key
            yield [other for other in packs if other.key in (loaded.key, (pool, "all", benefit))]
        else:
            yield [loaded]


def _together(group: Sequence[LoadedPack]) -> Iterator[tuple[Statement, Statement]]:
    """Every two rules that may be used together on some day: both adopted, or both of one reading."""
    rules: list[Statement] = [
        (loaded, index, rule)
        for loaded in group
        for index, rule in enumerate(loaded.pack.rules)
        if isinstance(rule, BenefitStatement)
    ]
    for one, other in combinations(rules, 2):
        alike = (one[2].adopted and other[2].adopted) or one[2].reading == other[2].reading
        if alike and (one[2].covers(other[2].first_day) or other[2].covers(one[2].first_day)):
            yield one, other


def _classes(group: Sequence[LoadedPack]) -> dict[str, str]:
    """The class of every disease that any rule lists."""
    return {
        code: disease.class_
        for loaded in group
        for rule in loaded.pack.rules
        if isinstance(rule, BenefitStatement)
        for code, disease in rule.diseases.items()
    }


def _met(
    name: str, one: BenefitStatement, other: BenefitStatement, classes: dict[str, str]
) -> tuple[str, Place, Place] | None:
    """A disease of which both state a parameter, each in another place; None where there is none."""
    for disease, klass in classes.items():
        mine, theirs = _place(name, one, disease, klass), _place(name, other, disease, klass)
        if mine is not None and theirs is not None and mine != theirs:
            return disease, mine, theirs
    return None


def _place(name: str, rule: BenefitStatement, disease: str, klass: str) -> Place | None:
    """Where a rule states a parameter of a disease first; None where it does not."""
    of_disease, of_class = rule.diseases.get(disease), rule.classes.get(klass)
    if of_disease is not None and getattr(of_disease, name) is not None:
        return "diseases", disease
    if of_class is not None and getattr(of_class, name) is not None:
        return "classes", klass
    return () if getattr(rule, name) is not None else None
