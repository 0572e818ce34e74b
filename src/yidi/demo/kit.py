"""Test data for a certification: invented people, visits of the demo's script, and what the engine says they come to."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.catalogue.queries import has_catalogue
from yidi.demo import world
from yidi.demo.errors import KitCatalogue, KitRegion
from yidi.demo.script import ScriptedVisit, read_script
from yidi.gateway import codes
from yidi.gateway.certification.runs import Scenario
from yidi.gateway.models import Institution
from yidi.people.models import Coverage, Person
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.settlement import services
from yidi.settlement.queries import decision_of
from yidi.settlement.services import Bill, NewDiagnosis, Registration
from yidi.values.errors import Refusal
from yidi.values.identity import check_digit
from yidi.values.money import line_amount, yuan_text

SERIES = "36010000009"
"""The first digits of the numbers of these people."""
PEOPLE = {"filed": "甲", "unfiled": "乙"}
OLDEST = date(1955, 1, 1)


@dataclass(frozen=True, slots=True)
class TestPerson:
    """Somebody invented, for one certification."""

    key: str
    number: str
    name: str
    identity: str
    filed: bool


@dataclass(frozen=True, slots=True)
class TestVisit:
    """A visit to be played, its texts as people read them."""

    id: str
    title: str
    who: str
    kind: str
    disease: str
    diagnosis: str
    cancel: bool
    lines: tuple[tuple[str, str, str, str], ...]
    """Code, name, quantity, price."""
    expected: str


@dataclass(frozen=True, slots=True)
class Kit:
    """What a vendor is handed."""

    people: tuple[TestPerson, ...]
    visits: tuple[TestVisit, ...]
    scenarios: tuple[Scenario, ...]

    def plain(self) -> dict[str, Any]:
        """The same as plain data, amounts in fen."""
        return asdict(self)


def hand_out(institution: Institution) -> Kit:
    """Register new people for an institution, and what their visits there come to. Raises KitRegion, KitCatalogue."""
    provider = institution.provider
    if regions.pool_of(provider.region) != world.CARE:
        raise KitRegion(region=regions.full_name(provider.region), care=regions.full_name(world.CARE))
    if not has_catalogue(world.CARE, timezone.localdate()):
        raise KitCatalogue(care=regions.full_name(world.CARE))
    people = {key: _new_person(name) for key, name in PEOPLE.items()}
    for coverage in people.values():
        world.qualify(coverage)
    world.file_for_shanghai(people["filed"])
    played = list(_play_all(provider, people))
    return Kit(
        tuple(_told(key, coverage) for key, coverage in people.items()),
        tuple(visit for visit, _ in played),
        tuple(scenario for _, scenario in played if scenario),
    )


def _new_person(name: str) -> Coverage:
    serial = Person.objects.filter(number__startswith=SERIES).count() + 1
    born = OLDEST + timedelta(days=serial % 1800)
    body = f"360102{born:%Y%m%d}9{serial % 100:02d}"
    number = f"{SERIES}{serial:09d}"
    person = {"number": number, "name": f"测试{name}{serial}（合成）", "identity": body + check_digit(body)}
    return world.insure({**person, "account": 0})


def _told(key: str, coverage: Coverage) -> TestPerson:
    person = coverage.person
    return TestPerson(PEOPLE[key], person.number, person.name, person.identity, key == "filed")


def _play_all(provider: Provider, people: dict[str, Coverage]) -> Iterator[tuple[TestVisit, Scenario | None]]:
    """Every visit in order, settled by the services and then taken back as if it had never been."""
    with transaction.atomic():
        for visit in read_script().visits:
            yield _play(provider, people[visit.who], visit)
        transaction.set_rollback(True)


def _play(provider: Provider, coverage: Coverage, visit: ScriptedVisit) -> tuple[TestVisit, Scenario | None]:
    try:
        decision = _settle(provider, coverage, visit)
    except Refusal as refusal:
        return _shown(visit, f"应被拒绝：{refusal.code}"), None
    total, fund, cash = decision.split.total, decision.funds, decision.cash
    expected = f"总额 {yuan_text(total)}，基金 {yuan_text(fund)}，现金 {yuan_text(cash)}"
    person = coverage.person.number
    return _shown(visit, expected), Scenario(visit.id, visit.title, person, visit.med_type, total, fund, cash)


def _settle(provider: Provider, coverage: Coverage, visit: ScriptedVisit) -> Any:
    """What a visit comes to after those before it. Raises what the settlement refuses."""
    actor = Actor(ActorKind.INSTITUTION, f"{provider.code}/kit", provider.region)
    care = codes.care_of(visit.med_type, visit.disease)
    name = f"kit-{visit.id}"
    registration = Registration(name, timezone.now(), "D310106000001", "医师甲", "心血管内科")
    opened = services.open_visit(provider, coverage, registration, actor)
    diagnosis = NewDiagnosis(1, "1", visit.diagnosis, visit.diagnosis_name)
    services.describe_visit(opened, care.benefit, care.disease, care.emergency, [diagnosis], actor)
    services.add_lines(opened, name, visit.lines, actor)
    total = sum(line_amount(line.quantity, line.price_micro) for line in visit.lines)
    settlement = services.settle(opened, Bill(care.benefit, total, name), name, actor)
    if visit.cancel:
        services.cancel(settlement, f"{name}-cancel", actor)
    return decision_of(settlement)


def _shown(visit: ScriptedVisit, expected: str) -> TestVisit:
    return TestVisit(
        visit.id,
        visit.title,
        PEOPLE[visit.who],
        visit.med_type,
        visit.disease,
        f"{visit.diagnosis} {visit.diagnosis_name}",
        visit.cancel,
        tuple(
            (line.code, line.name, str(line.quantity // 10_000), yuan_text(line.price_micro // 10_000))
            for line in visit.lines
        ),
        expected,
    )
