"""The care side: a hospital in Shanghai, a catalogue of a few rows, visits and their bills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from tests.accounts.factories import HOSPITAL
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.benefit.split import FeeLine
from yidi.catalogue.models import CatalogueItem
from yidi.people.models import Coverage
from yidi.providers.models import Provider, ProviderService
from yidi.qualification.states import State
from yidi.settlement import services
from yidi.settlement.models import Settlement, Visit
from yidi.settlement.services import Bill, NewDiagnosis, Registration
from yidi.values.money import line_amount, parse_price, parse_quantity
from yidi.values.terms import Benefit

GENERAL, CHRONIC = Benefit.GENERAL_OUTPATIENT, Benefit.CHRONIC_DISEASE
HYPERTENSION = "M03900"
DAY = date(2025, 6, 2)

PLAIN, SHARED, OWN, LIMITED, OTHER_DISEASE, RESTRICTED = "A1", "B1", "C1", "A2", "A3", "A4"
"""Class A; class B with 10 % upfront; class C; class A up to 20 yuan; not of hypertension; restricted."""
UNLISTED = "Z9"

_numbers = count(1)


def a_hospital(number: int = 1, region: str = "310106", **changes: Any) -> Provider:
    """A tertiary hospital that has opened general outpatient care and hypertension."""
    code = f"H{region}{number:05d}"
    values = {
        "register_key": code,
        "code": code,
        "name": f"示例医院{number}",
        "region": region,
        "level": "tertiary",
    }
    provider = Provider.objects.create(**{**values, "source": "test", "synthetic": True, **changes})
    for benefit, disease in ((GENERAL, ""), (CHRONIC, HYPERTENSION)):
        ProviderService.objects.create(
            provider=provider, benefit=str(benefit), disease=disease, source="test"
        )
    return provider


def an_item(
    code: str, klass: str = "A", upfront_ppm: int = 0, region: str = "310000", **changes: Any
) -> CatalogueItem:
    values = {
        "region": region, "code": code, "name": f"药品{code}", "kind": "drug", "category": "western-drug",
        "klass": klass, "upfront_ppm": upfront_ppm, "chronic_groups": "hypertension",
        "valid_from": date(2025, 1, 1), "class_source": "test", "upfront_source": "test",
        "price_limit_source": "test",
    }  # fmt: skip
    return CatalogueItem.objects.create(**{**values, **changes})


def a_catalogue(region: str = "310000") -> None:
    an_item(PLAIN, region=region)
    an_item(SHARED, "B", 100_000, region)
    an_item(OWN, "C", 1_000_000, region)
    an_item(LIMITED, region=region, price_limit_micro=20_000_000)
    an_item(OTHER_DISEASE, region=region, chronic_groups="diabetes")
    an_item(RESTRICTED, region=region, restricted=True)


def a_line(code: str, price: str, quantity: str = "1", serial: str = "", **changes: Any) -> FeeLine:
    """A line whose amount is count × price; price in yuan."""
    number, unit = parse_quantity(quantity), parse_price(price)
    values = {
        "serial": serial or f"L{next(_numbers)}",
        "name": f"院内{code}",
        "amount": line_amount(number, unit),
    }
    return FeeLine(code=code, quantity=number, price_micro=unit, **{**values, **changes})


@dataclass(frozen=True)
class World:
    """A retired employee of Nanchang, qualified for hypertension and filed for Shanghai, and a hospital there."""

    coverage: Coverage
    provider: Provider


def a_world(number: int = 1) -> World:
    a_catalogue()
    coverage = a_coverage(number)
    a_filing(coverage=coverage)
    a_qualification(State.APPROVED, coverage)
    return World(coverage, a_hospital())


def registration(number: str = "", day: date = DAY) -> Registration:
    began = datetime.combine(day, time(3), tzinfo=UTC)  # 11:00 in China
    return Registration(number or f"MZ{next(_numbers)}", began, "D310106000001", "医师甲", "心内科")


def an_open_visit(world: World, day: date = DAY) -> Visit:
    return services.open_visit(world.provider, world.coverage, registration(day=day), HOSPITAL)


def described(
    visit: Visit, benefit: Benefit = GENERAL, disease: str = "", *, emergency: bool = False
) -> Visit:
    if benefit is CHRONIC:
        disease = disease or HYPERTENSION
    found = [NewDiagnosis(1, "1", "I10.x00", "高血压病")]
    services.describe_visit(visit, benefit, disease, emergency, found, HOSPITAL)
    visit.refresh_from_db()
    return visit


def a_visit(
    world: World,
    lines: Sequence[FeeLine],
    benefit: Benefit = GENERAL,
    day: date = DAY,
    *,
    emergency: bool = False,
    batch: str = "B1",
) -> Visit:
    """A visit with its lines, ready to be settled."""
    visit = described(an_open_visit(world, day), benefit, emergency=emergency)
    services.add_lines(visit, batch, lines, HOSPITAL)
    return visit


def bill_of(visit: Visit, batch: str = "B1", **changes: Any) -> Bill:
    """The bill that the hospital would send for a visit: its own sum of the lines."""
    total = sum(visit.lines.filter(batch=batch).values_list("amount", flat=True))
    values = {"benefit": Benefit(visit.benefit), "total": total, "batch": batch}
    return Bill(**{**values, **changes})


def settled(
    world: World, yuan: str, benefit: Benefit = GENERAL, day: date = DAY, invoice: str = "", code: str = PLAIN
) -> Settlement:
    """A visit of one line at that price, settled."""
    visit = a_visit(world, [a_line(code, yuan)], benefit, day)
    return settle(visit, invoice=invoice)


def settle(visit: Visit, **changes: Any) -> Settlement:
    return services.settle(visit, bill_of(visit, **changes), f"M{next(_numbers)}", HOSPITAL)


def cancelled(settlement: Settlement) -> Settlement:
    return services.cancel(settlement, f"M{next(_numbers)}", HOSPITAL)
