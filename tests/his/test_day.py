"""The plan of a day: the same seed gives the same day, and every course and every fault comes up."""

import pytest

from yidi.his.day import COURSES, Cast, plan_day, struck
from yidi.his.errors import BadInput
from yidi.his.faults import Fault
from yidi.his.visits import Visit

PLAIN = {
    "people": [{"certno": "1", "chronic": True}, {"certno": "2", "chronic": False}],
    "disease": {"code": "M03900", "name": "高血压", "diagnosis": "I10.x00x002", "diagnosis_name": "高血压病"},
    "items": [{"code": "A", "price": "24.01"}, {"code": "B", "price": "35.50"}],
}
CAST = Cast.read(PLAIN, "cast.json")


def test_a_seed_is_a_day() -> None:
    assert plan_day(CAST, 40, 7) == plan_day(CAST, 40, 7)
    assert plan_day(CAST, 40, 7) != plan_day(CAST, 40, 8)
    assert plan_day(CAST, 40, None).faults == {}


def test_every_course_and_every_fault_comes_up() -> None:
    day = plan_day(CAST, 12, 1)
    assert {visit["course"] for visit in day.visits} == set(range(len(COURSES)))
    assert set(struck(day)) == set(Fault)


def test_the_visits_can_be_sent() -> None:
    visits = [Visit.read(visit) for visit in plan_day(CAST, 40, 3).visits]
    assert {visit.med_type for visit in visits} == {"11", "14"}
    assert all(visit.disease == "M03900" for visit in visits if visit.med_type == "14")
    assert all(visit.certno == "1" for visit in visits if visit.disease)
    assert len({visit.id for visit in visits}) == 40


@pytest.mark.parametrize(
    "spoilt",
    [None, [], {**PLAIN, "people": []}, {**PLAIN, "items": [{"code": "A"}]}, {**PLAIN, "disease": None}],
)
def test_a_spoilt_cast(spoilt: object) -> None:
    with pytest.raises(BadInput, match=r"cast\.json"):
        Cast.read(spoilt, "cast.json")


@pytest.mark.parametrize("change", [{"lines": []}, {"lines": [{"serial": "1"}]}, {"lines": None}, {"certno": ...},
                                    {"lines": [{"serial": 1, "code": "A", "quantity": 2, "price": "1.00", "amount": "3.00"}]}])  # fmt: skip
def test_a_spoilt_visit(change: dict) -> None:
    data = {**plan_day(CAST, 1, 1).visits[0], **change}
    with pytest.raises(BadInput):
        Visit.read({name: value for name, value in data.items() if value is not ...})
