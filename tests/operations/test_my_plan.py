"""The living plan: how each step stands, as tables; and the plan of somebody insured, from real cases."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.claims.factories import a_claim, approved_at_nothing
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import HYPERTENSION, a_qualification
from tests.settlement.factories import CHRONIC, DAY, World, a_hospital, a_world, settled
from yidi.claims.states import State as ClaimState
from yidi.filing.states import State as FilingState
from yidi.guide.plan import PlanStep, Said
from yidi.guide.terms import StepState, Verdict
from yidi.operations.cases import ROOMS
from yidi.operations.my_plan import NOTHING, TOLD, Affair, Affairs, Wanted, affairs_of, my_plan, progress
from yidi.operations.terms import Progress
from yidi.people.models import Coverage
from yidi.qualification.states import State
from yidi.values.terms import CaseKind, FilingKind, Level

SHANGHAI = "310000"

ALONE = """
                 qualify  file     claim
-                next     next     next
draft            next     next     next
more-evidence    next     next     next
submitted        waiting  waiting  waiting
under-review     waiting  .        .
assessed         .        .        waiting
approved         done     .        waiting
active           .        done     .
paid             .        .        done
rejected         next     next     next
withdrawn        next     next     next
expired          next     next     .
cancelled        .        next     .
replaced         .        next     .
"""
"""The state of the case behind a step → how the step stands by itself; a dot where there is no such state."""
TOGETHER = """
qualify        file           opened  qualify  file        choose   visit
-              -              3       next     later       later    blocked
draft          active         3       next     done        later    blocked
submitted      -              3       waiting  next        later    blocked
submitted      active         3       waiting  done        next     blocked
approved       submitted      3       done     waiting     next     blocked
approved       -              3       done     next        later    blocked
approved       active         3       done     done        next     next
approved       active         0       done     done        blocked  blocked
approved       active         ?       done     done        next     next
approved       not-needed     3       done     not-needed  next     next
expired        active         3       next     done        later    blocked
"""
"""The cases of a person and how many providers are open → how all steps of the plan stand."""


def a_step(name: Any, state: StepState = StepState.TO_DO) -> PlanStep:
    return PlanStep(name, state, Said(f"步骤{name}", f"step {name}"), ())


def an_affair(state: str) -> Affair:
    return Affair("Q0000000001", state, date(2025, 1, 1), date(2025, 12, 31))


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def cells_alone() -> list[tuple[str, str, str]]:
    names, *lines = rows(ALONE)
    return [
        (names[place], line[0], cell) for line in lines for place, cell in enumerate(line[1:]) if cell != "."
    ]


@pytest.mark.parametrize(("name", "state", "stands"), cells_alone())
def test_a_step_by_itself(name: str, state: str, stands: str) -> None:
    cases = {} if state == "-" else {name: an_affair(state)}
    [mine] = progress((a_step(name),), Affairs(cases, None))
    assert mine.progress == stands
    if state not in ("-", "withdrawn", "cancelled", "replaced"):
        assert mine.number == "Q0000000001"
        assert "Q0000000001" in mine.said[0].zh
        assert "Q0000000001" in mine.said[0].en


def test_the_table_has_every_state_of_every_room() -> None:
    names, *lines = rows(ALONE)
    told = {
        (name, line[0]) for line in lines for name, cell in zip(names, line[1:], strict=True) if cell != "."
    }
    kinds = {"qualify": CaseKind.QUALIFICATION, "file": CaseKind.FILING, "claim": CaseKind.CLAIM}
    wanted = {(name, str(state)) for name, kind in kinds.items() for state in ROOMS[kind].states}
    assert told == wanted | {(name, "-") for name in kinds}
    assert {state for _, state in wanted} | {NOTHING} == set(TOLD)


@pytest.mark.parametrize("row", rows(TOGETHER)[1:], ids="-".join)
def test_steps_together(row: list[str]) -> None:
    qualify, file, opened, *stand = row
    steps = (
        a_step("qualify"),
        a_step("file", StepState.NOT_NEEDED if file == "not-needed" else StepState.TO_DO),
        a_step("choose"),
        a_step("visit"),
        a_step("claim", StepState.FALLBACK),
    )
    cases = {"qualify": qualify, "file": file}
    affairs = Affairs(
        {name: an_affair(state) for name, state in cases.items() if state not in ("-", "not-needed")},
        None if opened == "?" else int(opened),
    )
    found = progress(steps, affairs)
    assert [mine.progress for mine in found] == [*stand, "fallback"]
    blocked = found[3].said
    assert bool(blocked) == (stand[3] == "blocked")


def test_paying_comes_before_claiming() -> None:
    steps = (a_step("pay"), a_step("claim"))
    assert [mine.progress for mine in progress(steps, Affairs({}, None))] == ["next", "later"]


def test_what_is_blocked_says_by_what() -> None:
    steps = (a_step("qualify"), a_step("file"), a_step("visit"))
    visit = progress(steps, Affairs({"qualify": an_affair("approved")}, None))[-1]
    assert visit.said[0].zh == "要先办好：步骤file。"


@pytest.mark.django_db
class TestOnePerson:
    def wanted(self, **different: Any) -> Wanted:
        return Wanted(
            **({"care": SHANGHAI, "disease": HYPERTENSION, "level": Level.TERTIARY, "on": DAY} | different)
        )

    def stands(self, coverage: Coverage, **different: Any) -> dict[str, str]:
        plan = my_plan(coverage, self.wanted(**different), DAY)
        return {mine.step.name: str(mine.progress) for mine in plan.steps}

    def test_somebody_who_has_seen_to_everything_may_go(self) -> None:
        plan = my_plan(a_world().coverage, self.wanted(), DAY)
        assert plan.plan.verdict is Verdict.DIRECT
        assert {mine.step.name: str(mine.progress) for mine in plan.steps} == {
            "qualify": "done",
            "file": "done",
            "choose": "next",
            "visit": "next",
            "claim": "fallback",
        }
        assert "1 家医院" in next(mine for mine in plan.steps if mine.step.name == "choose").said[0].zh

    def test_somebody_who_has_done_nothing_begins_with_the_application(self) -> None:
        a_hospital()
        assert self.stands(a_coverage()) == {
            "qualify": "next",
            "file": "later",
            "choose": "later",
            "visit": "blocked",
            "claim": "fallback",
        }

    def test_a_qualification_that_ended_before_the_day_counts_for_nothing(self) -> None:
        coverage = a_coverage()
        case = a_qualification(State.APPROVED, coverage, ends=date(2025, 6, 1))
        affair = affairs_of(coverage, self.wanted(), DAY).cases["qualify"]
        assert (affair.number, affair.state) == (case.number, "expired")

    def test_a_filing_for_another_city_counts_for_nothing(self) -> None:
        coverage = a_coverage()
        a_filing(coverage=coverage, care_region="440100")
        assert "file" not in affairs_of(coverage, self.wanted(), DAY).cases

    def test_a_filing_under_review_is_waited_for(self) -> None:
        coverage = a_coverage()
        filing = a_filing(FilingState.SUBMITTED, coverage=coverage)
        assert affairs_of(coverage, self.wanted(), DAY).cases["file"] == Affair(
            filing.number, "submitted", filing.starts, filing.ends
        )

    def test_general_care_asks_for_no_qualification(self) -> None:
        world = a_world()
        assert "qualify" not in self.stands(world.coverage, disease="")

    def test_a_claim_approved_at_nothing_waits_for_no_money(self) -> None:
        claim = approved_at_nothing()
        cases = affairs_of(claim.coverage, self.wanted(on=claim.day), timezone.localdate()).cases
        assert cases["claim"].state == NOTHING
        assert "没有款项可付" in TOLD[NOTHING][1][0]  # type: ignore[index]
        (step,) = progress((a_step("claim"),), Affairs(cases, None))
        assert step.progress is Progress.DONE

    def test_a_claim_for_that_day_and_city_stands_behind_its_step(self) -> None:
        world = World(a_coverage(), a_hospital())
        from tests.settlement.factories import a_catalogue

        a_catalogue()
        claim = a_claim(ClaimState.SUBMITTED, world)
        cases = affairs_of(world.coverage, self.wanted(on=claim.day), timezone.localdate()).cases
        assert cases["claim"].number == claim.number
        assert "claim" not in affairs_of(world.coverage, self.wanted(on=date(2025, 6, 3)), DAY).cases

    def test_what_was_used_this_year_is_in_the_estimate(self) -> None:
        world = a_world()
        settled(world, "1000.00")
        plan = my_plan(
            world.coverage, self.wanted(disease="", total=100_000, on=date(2025, 6, 3)), date(2025, 6, 3)
        )
        assert plan.plan.request.used.deductible == 30_000
        assert plan.plan.request.used.fund == 42_000
        settled(world, "1000.00", CHRONIC)
        plan = my_plan(world.coverage, self.wanted(total=100_000), DAY)
        assert plan.plan.request.used.fund == 85_000

    def test_no_provider_on_record_blocks_the_visit(self) -> None:
        coverage = a_coverage()
        a_filing(coverage=coverage, kind=FilingKind.LONG_TERM_RESIDENT)
        a_qualification(State.APPROVED, coverage)
        stands = self.stands(coverage)
        assert (stands["choose"], stands["visit"]) == ("blocked", "blocked")
