"""Regions: the insurance system's own table of divisions, joined with GB/T 2260.

The two differ. The insurance system has city-level pools, development zones, the corps and the armed forces;
GB/T 2260 has units that were renamed or founded since. A code of either is a region here. Only codes of the
insurance system are what a hospital may send (`is_insurance_region`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from yidi.reference.errors import UnknownRegion
from yidi.reference.tables import read_rows
from yidi.resources import data_path

NATION = "CN"
"""The layer above all provinces."""

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
"""Each is one pool: its districts have none of their own."""

HEADINGS = frozenset({"429000"})
"""Rows of the insurance table that are headings over places and not places."""

ROOT_OF_TABLE = "100000"


@dataclass(frozen=True, slots=True)
class Region:
    """One unit of the division table.

    `level` is 1 for a province, 2 for a prefecture or what stands beside one, 3 for a county or what stands
    beside one. `parent` is empty for a province. `gb_name` is the name in GB/T 2260 of 2025, empty where it
    has no such unit.
    """

    code: str
    name: str
    parent: str
    level: int
    in_insurance: bool
    in_gb2260: bool
    gb_name: str


@lru_cache(maxsize=1)
def _regions() -> dict[str, Region]:
    gb = {
        row["code"]: row
        for row in read_rows(data_path("reference", "divisions.csv"), ("code", "name", "parent", "level"))
    }
    regions = {}
    insurance_columns = ("code", "name", "parent", "level")
    for row in read_rows(data_path("reference", "divisions_nhsa.csv"), insurance_columns):
        code = row["code"]
        regions[code] = Region(
            code=code,
            name=row["name"],
            parent="" if row["parent"] == ROOT_OF_TABLE else row["parent"],
            level=int(row["level"]),
            in_insurance=True,
            in_gb2260=code in gb,
            gb_name=gb[code]["name"] if code in gb else "",
        )
    for code, row in gb.items():
        if code not in regions:
            regions[code] = Region(
                code, row["name"], row["parent"], int(row["level"]), False, True, gb_name=row["name"]
            )
    return dict(sorted(regions.items()))


def find_region(code: str) -> Region | None:
    """The region with that code, or None."""
    return _regions().get(code)


def region(code: str) -> Region:
    """The region with that code. Raises UnknownRegion."""
    found = find_region(code)
    if found is None:
        raise UnknownRegion(text=code)
    return found


def is_known(code: str) -> bool:
    """Whether either table has the code."""
    return code in _regions()


def is_insurance_region(code: str) -> bool:
    """Whether the insurance system's own table has the code: what a message's region is checked against."""
    found = find_region(code)
    return found is not None and found.in_insurance


def _upwards(code: str) -> Iterator[Region]:
    """The region and those above it, the province last."""
    step = region(code)
    yield step
    while step.parent:
        step = region(step.parent)
        yield step


def province_of(code: str) -> str:
    """The code of the province, municipality, corps or armed force above (or at) the region."""
    return list(_upwards(code))[-1].code


def pool_of(code: str) -> str:
    """The code of the prefecture-level unit whose pool the region belongs to.

    A municipality is one pool. A unit directly under a province is its own. A province gives itself.

    >>> pool_of("360121"), pool_of("310106"), pool_of("429004"), pool_of("360000")
    ('360100', '310000', '429004', '360000')
    """
    path = [step.code for step in _upwards(code)]
    if path[-1] in MUNICIPALITIES or len(path) == 1:
        return path[-1]
    return path[-2]


def layers_of(code: str) -> tuple[str, ...]:
    """The layers of rules that reach the region, widest first.

    >>> layers_of("360121"), layers_of("310106")
    (('CN', '360000', '360100'), ('CN', '310000'))
    """
    if code == NATION:
        return (NATION,)
    province, pool = province_of(code), pool_of(code)
    return (NATION, province) if pool == province else (NATION, province, pool)


@lru_cache(maxsize=512)
def below(code: str) -> tuple[str, ...]:
    """The codes of a region and of all that lies in it.

    >>> below("360102"), "360102" in below("360100"), "360102" in below("360000"), "360102" in below("310000")
    (('360102',), True, True, False)
    """
    return tuple(inner for inner in _regions() if code in (step.code for step in _upwards(inner)))


def same_province(one: str, other: str) -> bool:
    """Whether two regions lie in one province."""
    return province_of(one) == province_of(other)


def full_name(code: str) -> str:
    """The name with the names above it, as people write it.

    >>> full_name("360100"), full_name("310106"), full_name("369900")
    ('江西省南昌市', '上海市静安区', '江西省省本级')
    """
    if code == NATION:
        return "全国"
    text = ""
    above = ""
    for step in reversed(list(_upwards(code))):
        text += step.name.removeprefix(above)
        above = step.name
    return text


@lru_cache(maxsize=1)
def cities() -> tuple[tuple[Region, tuple[Region, ...]], ...]:
    """The pools of the insurance system by province, both in the order of their codes: what pickers offer.

    A municipality offers itself. Provinces without a pool in the table (Hong Kong, Macao, Taiwan, the armed
    forces) are left out.
    """
    pools: dict[str, list[Region]] = {}
    for unit in _regions().values():
        if unit.in_insurance and unit.parent and unit.code not in HEADINGS and not region(unit.parent).parent:
            pools.setdefault(unit.parent, []).append(unit)
    return tuple(
        (region(province), (region(province),) if province in MUNICIPALITIES else tuple(units))
        for province, units in sorted(pools.items())
    )
