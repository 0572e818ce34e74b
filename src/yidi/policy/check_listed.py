"""Lists of diseases and classes: what two statements say of one disease must not meet."""

from collections.abc import Iterator, Sequence

from yidi.policy.check_layers import layers, together
from yidi.policy.errors import PackProblem
from yidi.policy.loaded import LoadedPack, problem
from yidi.policy.pack import BenefitStatement, Components
from yidi.policy.yaml_lines import Place


def one_class_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a pack list one disease under two classes on one day."""
    for loaded in packs:
        for (_, _, one), (_, index, other) in together([loaded], BenefitStatement):
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
    for group in layers(packs):
        classes = _classes(group)
        for one, other in together(group, BenefitStatement):
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
