"""The register of insured people."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.people.factories import a_coverage, a_person, an_identity
from yidi.people import queries
from yidi.people.errors import CoverageOverlaps, StandingMismatch, UnknownPerson, WrongHome
from yidi.people.models import Coverage, Person
from yidi.people.services import end_coverage, register_coverage, register_person
from yidi.reference.errors import UnknownRegion
from yidi.values.errors import BadValue
from yidi.values.terms import Scheme, Standing

pytestmark = pytest.mark.django_db

EMPLOYEE, RESIDENT = Scheme


def test_a_person_is_registered_once_and_renamed() -> None:
    first = a_person(name="测试甲")
    again = register_person("another-number", "测试甲甲", an_identity().lower(), synthetic=True)
    assert again.pk == first.pk
    assert Person.objects.count() == 1
    person = queries.by_identity(an_identity())
    assert (person.number, person.name, person.is_male, person.born) == (
        first.number,
        "测试甲甲",
        True,
        date(1958, 3, 15),
    )


def test_a_bad_identity_number_is_not_registered() -> None:
    with pytest.raises(BadValue):
        register_person("1", "甲", "360102195803150000")
    assert not Person.objects.exists()


def test_a_person_is_found_by_identity_or_number() -> None:
    person = a_person(7)
    assert queries.by_identity(f" {an_identity(7).lower()} ") == person
    assert queries.by_number(person.number) == person


def test_an_unknown_person_is_named_but_not_shown() -> None:
    with pytest.raises(UnknownPerson) as refused:
        queries.by_identity(an_identity(9))
    assert an_identity(9) not in refused.value.message
    assert "360102" in refused.value.message
    with pytest.raises(UnknownPerson, match="人员编号“X1”"):
        queries.by_number("X1")


@pytest.mark.parametrize(
    ("scheme", "standing"),
    [(EMPLOYEE, Standing.MINOR), (EMPLOYEE, Standing.SENIOR), (RESIDENT, Standing.RETIRED)],
)
def test_a_standing_belongs_to_its_scheme(scheme: Scheme, standing: Standing) -> None:
    with pytest.raises(StandingMismatch, match=standing.zh):
        a_coverage(scheme=scheme, standing=standing)


def test_a_coverage_needs_a_region() -> None:
    with pytest.raises(UnknownRegion):
        a_coverage(pool="999999")


def test_registering_a_coverage_again_updates_it() -> None:
    first = a_coverage(standing=Standing.ACTIVE)
    again = register_coverage(
        first.person,
        "360100",
        EMPLOYEE,
        Standing.RETIRED,
        date(2020, 1, 1),
        account_balance=500,
        employer="某厂",
    )
    assert again.pk == first.pk
    assert (again.standing, again.account_balance, again.employer) == ("retired", 500, "某厂")


def test_coverage_on_a_day() -> None:
    old = a_coverage(scheme=RESIDENT, standing=Standing.ADULT, starts=date(2018, 1, 1))
    Coverage.objects.filter(pk=old.pk).update(ends=date(2019, 12, 31))
    new = a_coverage()
    person = new.person
    assert queries.coverages_on(person, date(2017, 12, 31)) == []
    assert queries.coverages_on(person, date(2019, 12, 31)) == [old]
    assert queries.coverages_on(person, date(2020, 1, 1)) == [new]


@pytest.mark.parametrize("given", ["360100", "360102", "360121"])
def test_any_part_of_the_pool_is_the_home(given: str) -> None:
    queries.check_home(a_coverage(), given)


def test_another_pool_is_not_the_home() -> None:
    with pytest.raises(WrongHome, match="360700"):
        queries.check_home(a_coverage(), "360700")
    with pytest.raises(UnknownRegion):
        queries.check_home(a_coverage(), "999999")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"account_balance": -1}, "people_coverage_balance"),
        ({"scheme": "staff"}, "people_coverage_scheme"),
        ({"standing": "asleep"}, "people_coverage_standing"),
        ({"ends": date(2019, 12, 31)}, "people_coverage_dates"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    coverage = a_coverage()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Coverage.objects.filter(pk=coverage.pk).update(**changes)


def test_the_database_refuses_a_second_coverage_of_one_start() -> None:
    coverage = a_coverage()
    coverage.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        coverage.save(force_insert=True)


def test_people_and_coverages_say_who_they_are_without_a_name() -> None:
    coverage = a_coverage()
    assert str(coverage.person) == coverage.person.number
    assert str(coverage) == f"{coverage.person.pk}:360100:employee"


def test_coverages_of_one_scheme_do_not_overlap() -> None:
    held = a_coverage()
    with pytest.raises(CoverageOverlaps):
        register_coverage(held.person, "360400", Scheme.EMPLOYEE, Standing.RETIRED, date(2026, 1, 1))
    end_coverage(held, date(2025, 12, 31))
    moved = register_coverage(held.person, "360402", Scheme.EMPLOYEE, Standing.RETIRED, date(2026, 1, 1))
    assert moved.pool == "360400"
