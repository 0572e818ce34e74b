"""What both formulations in OpenFisca share: standings and levels as its enumerations, the rule as its parameters."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.model_api import Enum, ParameterNode, Variable
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from benchmarks.batch.field import Array, Numbers

Formula = Callable[..., Any]
SINCE = "2000-01-01"


class Standing(Enum):
    active = "active"
    retired = "retired"


class Level(Enum):
    village = "village"
    township = "township"
    primary = "primary"
    secondary = "secondary"
    tertiary = "tertiary"
    provincial = "provincial"
    pharmacy = "pharmacy"


def system(entities: Sequence[Entity], numbers: Numbers, yuan: bool) -> TaxBenefitSystem:
    """A system with the rule as its parameters: in yuan and fractions, or in fen and parts per million."""
    money, part = (100, 1_000_000) if yuan else (1, 1)
    found = TaxBenefitSystem(entities)
    found.parameters = ParameterNode(
        "",
        data={
            "deductible": _value(numbers.deductible / money),
            "share": {
                standing.name: {
                    f"slot_{slot}": {level.name: _value(shares[level.index] / part) for level in Level}
                    for slot, shares in enumerate(numbers.shares[standing.index])
                }
                for standing in Standing
            },
            "ceiling": {
                standing.name: {
                    f"slot_{slot}": _value(fen / money)
                    for slot, fen in enumerate(numbers.ceilings[standing.index])
                }
                for standing in Standing
            },
        },
    )
    return found


def add(
    to: TaxBenefitSystem, name: str, entity: Entity, kind: type, period: Any, formula: Formula | None = None
) -> None:
    """Add a variable, with its formula where it is computed."""
    about: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": period, "label": name}
    if issubclass(kind, Enum):
        about |= {"value_type": Enum, "possible_values": kind, "default_value": next(iter(kind))}
    if formula:
        about["formula"] = formula
    to.add_variable(type(name, (Variable,), about))


def share_table(parameters: Any, slots: Iterable[int], levels: Iterable[Level]) -> Array:
    """Some of a period's shares, by standing, slot and level.

    OpenFisca's own look-up by a vector, `parameters.share[standing]`, calls Python for every element.
    """
    shares = [getattr(parameters.share, standing.name) for standing in Standing]
    by_slot = [[getattr(share, f"slot_{slot}") for slot in slots] for share in shares]
    return np.array([[[getattr(share, level.name) for level in levels] for share in row] for row in by_slot])


def ceiling_table(parameters: Any, slots: Iterable[int]) -> Array:
    """Some of a period's ceilings, by standing and slot."""
    ceilings = [getattr(parameters.ceiling, standing.name) for standing in Standing]
    return np.array([[getattr(ceiling, f"slot_{slot}") for slot in slots] for ceiling in ceilings])


def codes(values: Any) -> Array:
    """Numbers of an enumeration's members, as a plain array."""
    return np.asarray(values).view(np.ndarray)


def _value(amount: float) -> dict[str, Any]:
    return {"values": {SINCE: {"value": amount}}}
