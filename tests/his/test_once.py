"""Whatever the network does: each visit is settled exactly once or not at all, and the journal agrees with the centre."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.his.centre import Centre
from tests.his.factories import House, Killed, visit
from yidi.his.cashier import STEPS, attend
from yidi.his.day import COURSES, ENDS
from yidi.his.faults import Fault
from yidi.his.journal import VisitState
from yidi.his.messages import SHANGHAI
from yidi.his.reconcile import reconcile

KINDS = ("1101", "2201", "2203", "2204", "2205", "2202", "2206", "2207", "2208", "2601", "5203")
struck = st.dictionaries(
    st.sampled_from(KINDS), st.lists(st.sampled_from(Fault), max_size=4).map(tuple), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(range(len(COURSES))), struck), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_any_faults(day: list, replays: bool, remembers: bool, data: st.DataObject) -> None:
    plan = {f"V{number}": faults for number, (_, faults) in enumerate(day)}
    house = House(Centre(replays=replays, remembers=remembers), plan)
    for number, (course, _) in enumerate(day):
        house.hospital.open_visit({**visit(f"V{number}"), "steps": COURSES[course].steps, "course": course})
    while any(one.step < len(one.data["steps"]) for one in house.journal.visits()):
        for number in plan:
            try:
                attend(house.hospital, number)
            except Killed:
                house.restart()
            if data.draw(st.booleans()):
                house.arrive()
    house.arrive()
    _check(house)


def _check(house: House) -> None:
    today = datetime.now(SHANGHAI).date()
    statement = reconcile(house.restart(), today, today)
    assert statement.even
    assert all(difference.done for difference in statement.differences)
    assert statement.differences == [] or not house.centre.remembers
    standing = {one["medins_setl_id"]: one["setl_id"] for one in house.centre.standing()}
    assert len(standing) == len({one["mdtrt_id"] for one in house.centre.standing()})
    for record in house.journal.visits():
        assert record.state is ENDS[record.data["steps"][-1]], record.note
        settled = house.journal.standing(record.number)
        assert (settled is not None) == (record.state is VisitState.SETTLED)
        if settled is not None:
            assert standing.pop(settled.msgid) == settled.setl_id
    assert standing == {}
    assert not house.journal.open_messages()


def test_every_step_of_every_course_is_known() -> None:
    assert {step for course in COURSES for step in course.steps} == set(STEPS)
