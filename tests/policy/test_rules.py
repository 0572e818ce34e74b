"""A rule keeps its name: written down and read back it is the same, and any other number is another rule."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given

from tests.benefit.factories import a_ceiling, a_rule, an_origin, rules
from yidi.policy.rules import Adjustment, BenefitRule, restore
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing


@given(rules())
def test_a_rule_is_restored_from_its_canonical_form(rule: BenefitRule) -> None:
    restored = restore(rule.canonical())
    assert restored == rule
    assert restored.digest == rule.digest
    assert restored.canonical() == rule.canonical()
    assert [type(part) for part in (restored.scheme, restored.adjustment.situation)] == [Scheme, Situation]


WHOLE = replace(
    a_rule(
        ceilings=[a_ceiling(200_000), a_ceiling(1_000_000, certain_to=400_000)], mode="upfront", ppm=100_000
    ),
    disease="M03900",
    contests=("E-01", "E-02"),
)


def test_the_digest_does_not_depend_on_when_or_where() -> None:
    """Stored decisions are found again by it: a change here makes every stored rule unreadable."""
    assert WHOLE.digest == replace(WHOLE).digest == restore(WHOLE.canonical()).digest
    assert a_rule().digest == "c3470abdd729f04938a9b1f4fd5420609fbb4300d1531970cb51215c286bc0ad"


def _changed(value: Any) -> Any:
    """Another value of the same kind."""
    others: dict[type, Any] = {
        Scheme: Scheme.RESIDENT,
        Benefit: Benefit.INPATIENT,
        Standing: Standing.SENIOR,
        Level: Level.VILLAGE,
        Situation: Situation.LOCAL,
        type(None): 1,
    }
    if isinstance(value, bool):
        return not value
    if type(value) in others:
        return others[type(value)]
    return value + 1 if isinstance(value, int) else value + (("x",) if isinstance(value, tuple) else "x")


def _variants(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with one thing in it changed, for everything in it."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            for path, changed in _variants(getattr(value, field.name)):
                yield f"{field.name}.{path}", replace(value, **{field.name: changed})
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for index, item in enumerate(value):
            for path, changed in _variants(item):
                yield f"{index}.{path}", (*value[:index], changed, *value[index + 1 :])
    else:
        yield "", _changed(value)


VARIANTS = dict(_variants(WHOLE))


def test_everything_in_a_rule_counts_for_its_digest() -> None:
    digests = {path: variant.digest for path, variant in VARIANTS.items()}
    assert WHOLE.digest not in digests.values()
    assert len(set(digests.values())) == len(digests) > 60
    for path in (
        "deductible.amounts.",
        "share.bands.0.ppm.",
        "ceilings.1.certain_to.",
        "adjustment.ppm.",
        "share.origin.clause.",
    ):
        assert path in digests


@pytest.mark.parametrize("ppm", [-1, 1_000_001])
def test_an_adjustment_stays_between_nothing_and_all(ppm: int) -> None:
    with pytest.raises(ValueError, match=r"outside 0\.\.100 %"):
        Adjustment("points", ppm, Situation.REFERRAL, an_origin())
