"""The figures of a report, worked out of the sums of a tally: whole numbers, amounts in fen.

A "side" is what one set of rules comes to. Of visits that it refuses it is not known what they would have come to:
they stand apart and are in no amount of a side.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yidi.benefit.batch_walk import RESIDENTS_FROM
from yidi.reference import diseases, regions
from yidi.reference.errors import UnknownRegion
from yidi.simulation.counting import BANDS, first_of_bin
from yidi.simulation.sums import OF_SIDE, PEOPLE_BY, SIDES, Sums, Table
from yidi.values.money import PPM, half_up
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing, Term

Array = NDArray[Any]
SCHEMES, STANDINGS, LEVELS, SITUATIONS = tuple(Scheme), tuple(Standing), tuple(Level), tuple(Situation)
BENEFITS = tuple(Benefit)
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Name:
    """What a line is about."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one side comes to; see `sums.OF_SIDE`."""

    paid_total: int
    """The total of the visits that are paid."""
    paid_in_scope: int
    deductible: int
    fund: int
    layers: int
    refused: int
    refused_total: int
    refused_in_scope: int
    upfront: int
    capped: int
    unverified: int
    unverified_fund: int
    unverified_layers: int
    large_sum: int
    serious_illness: int
    civil_servant: int
    medical_aid: int

    @property
    def funds(self) -> int:
        """What all funds pay."""
        return self.fund + self.layers

    @property
    def person(self) -> int:
        """What people pay."""
        return self.paid_total - self.funds

    @property
    def outside(self) -> int:
        """What is not in scope; people pay it."""
        return self.paid_total - self.paid_in_scope

    @property
    def own_share(self) -> int:
        """What is left of the amount in scope after deductible, upfront share and basic fund: shares, above ceilings."""
        return self.paid_in_scope - self.deductible - self.upfront - self.fund

    @property
    def unverified_funds(self) -> int:
        return self.unverified_fund + self.unverified_layers

    @property
    def share(self) -> int | None:
        """The part of the total that the funds pay, in ppm."""
        return part(self.funds, self.paid_total)


@dataclass(frozen=True, slots=True)
class Line:
    """Visits of one kind, and what they come to."""

    name: Name
    visits: int
    people: int
    total: int
    in_scope: int
    sides: tuple[Amounts, ...]

    @property
    def change(self) -> int:
        """What all funds pay more under the reform."""
        return self.sides[-1].funds - self.sides[0].funds

    @property
    def unverified(self) -> bool:
        """Whether any amount rests on values that are not verified."""
        return any(side.unverified for side in self.sides)


@dataclass(frozen=True, slots=True)
class Years:
    """Years of persons of one kind; a person's year stands where its last visit does."""

    name: Name
    years: int
    paying: tuple[int, ...]
    """By side: those with a visit that is paid."""
    at_ceiling: tuple[int, ...]
    """By side: those of which a ceiling has cut some payment."""
    under_deductible: tuple[int, ...]
    """By side: those that paid towards the deductible and got nothing from the basic fund."""
    compared: int
    """Those of which both sides pay the same visits, at least one."""
    gainers: int
    gained: int
    losers: int
    lost: int

    @property
    def unchanged(self) -> int:
        return self.compared - self.gainers - self.losers


@dataclass(frozen=True, slots=True)
class Band:
    """Years that gain or lose an amount within limits (fen): above `over`, up to `upto`; None = no limit."""

    over: int
    upto: int | None
    gainers: int
    gained: int
    losers: int
    lost: int


@dataclass(frozen=True, slots=True)
class Tenth:
    """About a tenth of the years of persons, by what the person pays under the base: equal amounts stay together."""

    number: int
    least: int
    """The least amount of the lowest bin."""
    most: int
    """The highest amount of the highest bin."""
    years: int
    total: int
    fund: int
    layers: int
    compared: int
    gainers: int
    gained: int
    losers: int
    lost: int

    @property
    def person(self) -> int:
        return self.total - self.fund - self.layers


@dataclass(frozen=True, slots=True)
class Quantile:
    """What a person pays in a year at a tenth: between `least` and `most`, at most 1/256 apart."""

    tenths: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Visits that are not paid for a reason."""

    code: str
    zh: str
    en: str
    visits: int
    total: int
    in_scope: int


def part(of: int, whole: int) -> int | None:
    """A part in ppm, rounded half-up; None of nothing."""
    return half_up(of * PPM, whole) if whole else None


def whole(sums: Sums) -> Line:
    """Everything in one line."""
    row = sums.cells.values.sum(axis=0)
    return _line(sums, Name("all", "合计", "all"), row, sums.people)


def lines(sums: Sums, by: str) -> list[Line]:
    """Visits by pool, scheme, standing, level, situation, benefit or draw (benefit and disease), in their order."""
    numbers = _numbers(sums, sums.cells, by)
    mine = sums.people_by["by"] == PEOPLE_BY.index(by)
    people = dict(
        zip(sums.people_by["number"][mine].tolist(), sums.people_by["people"][mine].tolist(), strict=True)
    )
    found = [
        (number, _line(sums, name_of(sums, by, number), row, people[number]))
        for number, row in _added(numbers, sums.cells.values)
    ]
    if by == "draw":
        found.sort(key=lambda item: (BENEFITS.index(Benefit(sums.draws[item[0]][0])), item[1].name.code))
    return [line for _, line in found]


def _numbers(sums: Sums, table: Table, by: str) -> Array:
    """By row: the number of what lines are made by."""
    if by == "scheme":
        return (table["standing"] >= RESIDENTS_FROM).astype(np.int64)
    if by == "benefit":
        places = [BENEFITS.index(Benefit(benefit)) for benefit, _ in sums.draws]
        return np.array(places, np.int64)[table["draw"]]
    return table[by]


def _added(numbers: Array, rows: Array) -> Iterator[tuple[int, Array]]:
    """Rows of equal numbers added up."""
    found, place = np.unique(numbers, return_inverse=True)
    order = np.argsort(place, kind="stable")
    if len(found):
        starts = np.searchsorted(place[order], np.arange(len(found)))
        added = np.add.reduceat(rows[order], starts, axis=0)
        yield from zip(found.tolist(), added, strict=True)


def _line(sums: Sums, name: Name, row: Array, people: int) -> Line:
    columns = sums.cells.kind.columns
    value = dict(zip(columns, row.tolist(), strict=True))
    total, in_scope = value["total"], value["in_scope"]
    sides = []
    for side in SIDES[: sums.sides]:
        own = {column: value[f"{side}.{column}"] for column in OF_SIDE}
        sides.append(
            Amounts(
                paid_total=total - own["refused_total"],
                paid_in_scope=in_scope - own["refused_in_scope"],
                **own,
            )
        )
    return Line(name, value["visits"], people, total, in_scope, tuple(sides))


def name_of(sums: Sums, by: str, number: int) -> Name:
    """What the number of a line stands for."""
    if by == "pool":
        code = f"{number:06d}"
        try:
            return Name(code, regions.full_name(code), code)
        except UnknownRegion:
            return Name(code, f"统筹区 {code}", code)
    if by == "draw":
        return _draw_name(*sums.draws[number])
    lists: dict[str, Sequence[Term]] = {
        "scheme": SCHEMES,
        "standing": STANDINGS,
        "level": LEVELS,
        "situation": SITUATIONS,
        "benefit": BENEFITS,
    }
    word = lists[by][number]
    return Name(str(word), word.zh, word.en)


def _draw_name(benefit: str, disease: str) -> Name:
    word = Benefit(benefit)
    if not disease:
        return Name(benefit, word.zh, word.en)
    known = diseases.find_disease(disease)
    klass = word is Benefit.DUAL_CHANNEL
    zh = f"{disease} 类" if klass else known.name if known else disease
    en = f"class {disease}" if klass else disease
    return Name(f"{benefit}:{disease}", f"{word.zh}：{zh}", f"{word.en}: {en}")


def years(sums: Sums, by: str = "") -> list[Years]:
    """Years of persons by pool, scheme or standing; in one line where nothing is named."""
    table = sums.groups
    if not by:
        return [_years(sums, Name("all", "合计", "all"), table.values.sum(axis=0))]
    numbers = _numbers(sums, table, by)
    return [_years(sums, name_of(sums, by, number), row) for number, row in _added(numbers, table.values)]


def _years(sums: Sums, name: Name, row: Array) -> Years:
    value = dict(zip(sums.groups.kind.columns, row.tolist(), strict=True))

    def of_sides(column: str) -> tuple[int, ...]:
        return tuple(value[f"{side}.{column}"] for side in SIDES[: sums.sides])

    return Years(
        name=name,
        years=value["years"],
        paying=of_sides("paying"),
        at_ceiling=of_sides("at_ceiling"),
        under_deductible=of_sides("under_deductible"),
        **{column: value[column] for column in ("compared", "gainers", "gained", "losers", "lost")},
    )


def bands(sums: Sums) -> list[Band]:
    """Years that gain or lose, by how much."""
    found = dict(_added(sums.bands["band"], sums.bands.values))
    nothing = np.zeros(len(sums.bands.kind.columns), np.int64)
    edges = (0, *BANDS)
    return [
        Band(edges[band], edges[band + 1] if band < len(BANDS) else None, *found.get(band, nothing).tolist())
        for band in range(len(edges))
    ]


def bins(sums: Sums, side: int = 0, scheme: int | None = None) -> list[tuple[int, Array]]:
    """The bins of one side, of one scheme or both, in rising order."""
    table = sums.bins
    chosen = table["side"] == side
    if scheme is not None:
        chosen = chosen & (table["scheme"] == scheme)
    return list(_added(table["bin"][chosen], table.values[chosen]))


def tenths(sums: Sums, scheme: int | None = None) -> list[Tenth]:
    """Years with a visit paid, cut into tenths. A bin belongs to the tenth in which its middle lies."""
    found = bins(sums, 0, scheme)
    everyone = sum(int(row[0]) for _, row in found)
    groups: dict[int, list[tuple[int, Array]]] = {}
    before = 0
    for number, row in found:
        count = int(row[0])
        groups.setdefault(TENTHS * (2 * before + count) // (2 * everyone), []).append((number, row))
        before += count
    return [
        Tenth(
            place + 1,
            first_of_bin(members[0][0]),
            first_of_bin(members[-1][0] + 1) - 1,
            *sum(row for _, row in members).tolist(),  # type: ignore[union-attr]
        )
        for place, members in sorted(groups.items())
    ]


def together(found: Sequence[Tenth]) -> Tenth | None:
    """Several tenths in one."""
    if not found:
        return None
    summed = {
        name: sum(getattr(item, name) for item in found)
        for name in names(Tenth)
        if name not in ("number", "least", "most")
    }
    return Tenth(number=0, least=found[0].least, most=found[-1].most, **summed)


def quantiles(sums: Sums, side: int = 0, scheme: int | None = None) -> list[Quantile]:
    """The amounts that one tenth, two tenths, … of the years with a visit paid do not go beyond."""
    found = bins(sums, side, scheme)
    everyone = sum(int(row[0]) for _, row in found)
    answers, reached, place = [], 0, 0
    for tenth in range(1, TENTHS) if everyone else ():
        wanted = -(-everyone * tenth // TENTHS)
        while reached < wanted:
            reached += int(found[place][1][0])
            place += 1
        number = found[place - 1][0]
        answers.append(Quantile(tenth, first_of_bin(number), first_of_bin(number + 1) - 1))
    return answers


def refused(sums: Sums, side: int) -> list[Refused]:
    """Why one side refuses visits, the most frequent reason first."""
    table = sums.refused
    found = [
        Refused(*sums.reasons[number], *row.tolist())
        for number, of, row in zip(
            table["reason"].tolist(), table["side"].tolist(), table.values, strict=True
        )
        if of == side
    ]
    return sorted(found, key=lambda item: (-item.visits, item.code, item.zh))


REFUSED_AS = {
    "POLICY-MISSING": "没有可用的规则",
    "POLICY-AMBIGUOUS": "两条规则同时有效",
    "POLICY-READING": "没有所指名的口径",
    "POLICY-DISEASE": "病种不在目录内",
    "POLICY-LIST-PART": "病种目录不全",
    "POLICY-FACT-MISSING": "缺少参保人信息",
    "POLICY-REFERENCE": "引用的比例不能确定",
    "BENEFIT-CEILING-UNKNOWN": "超过限额的确定部分",
    "BENEFIT-SHARE-INEXACT": "比例不能精确表示",
    "BENEFIT-TOO-LARGE": "金额过大",
    "BENEFIT-CATEGORIES": "需要分列费用类别",
}
"""Refusals in a few words, by code."""


def refused_as(code: str) -> tuple[str, str]:
    """A refusal in a few words, and its code; the code alone where there are none."""
    return (REFUSED_AS[code], code) if code in REFUSED_AS else (code, "")


def by_code(found: Sequence[Refused]) -> list[Refused]:
    """Reasons of one code in one line, with the sentence of the most frequent."""
    codes: dict[str, list[Refused]] = {}
    for item in found:
        codes.setdefault(item.code, []).append(item)
    added = [
        Refused(
            code,
            those[0].zh,
            those[0].en,
            *(sum(column) for column in zip(*map(_numbers_of, those), strict=True)),
        )
        for code, those in codes.items()
    ]
    return sorted(added, key=lambda item: (-item.visits, item.code))


def _numbers_of(item: Refused) -> tuple[int, int, int]:
    return item.visits, item.total, item.in_scope


def most(found: Sequence[Line], count: int, weight: Callable[[Line], int]) -> list[Line]:
    """The lines of most weight, the heaviest first."""
    return sorted(found, key=lambda line: (-weight(line), line.name.code))[:count]


def names(of: type[Any]) -> list[str]:
    """The fields of one of the classes above."""
    return [item.name for item in fields(of)]
