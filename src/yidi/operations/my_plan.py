"""The guide's plan for one insured person, each step told by their own cases: done, to do now, waiting, not yet possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yidi.benefit.counters import Counter, counter
from yidi.claims.queries import nothing_to_pay
from yidi.claims.queries import of_person as claims_of
from yidi.filing import queries as filings
from yidi.guide.plan import Bill, Plan, PlanRequest, PlanStep, Said, Used
from yidi.guide.services import plan
from yidi.guide.terms import STATED, StepState
from yidi.ledger.services import used_counters
from yidi.operations.terms import Progress
from yidi.people.models import Coverage
from yidi.people.queries import traits_of
from yidi.providers.queries import opened_in
from yidi.qualification import queries as qualifications
from yidi.reference import regions
from yidi.values.identity import age_on
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing


@dataclass(frozen=True, slots=True)
class Affair:
    """One case, as far as a plan wants to know."""

    number: str
    state: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Affairs:
    """What there is of a person for one plan: for each step that is a case, the case that counts."""

    cases: Mapping[str, Affair]
    """Step (`qualify`, `file`, `claim`) → its case; none where there never was one."""
    opened: int | None
    """How many providers of the care region settle such care directly; None where that does not matter."""


@dataclass(frozen=True, slots=True)
class MyStep:
    """A step of the plan, and how it stands for this person."""

    step: PlanStep
    progress: Progress
    said: tuple[Said, ...]
    number: str = ""
    """The number of the case behind it."""


OPEN, WAITING, DONE = Progress.NEXT, Progress.WAITING, Progress.DONE
NOTHING = "approved-nothing"
"""In place of the state of a claim that was approved at nothing: it waits for no money."""
TOLD: Mapping[str, tuple[Progress, tuple[str, str] | None]] = {
    "draft": (
        OPEN,
        ("草稿 {number} 还没有提交，接着办完就行。", "Draft {number} is not handed in yet: go on with it."),
    ),
    "more-evidence": (
        OPEN,
        ("经办机构在等您补充材料（{number}）。", "The agency waits for papers from you ({number})."),
    ),
    "submitted": (
        WAITING,
        ("{number} 已提交，等经办机构办理。", "{number} is handed in and waits for the agency."),
    ),
    "under-review": (WAITING, ("{number} 正在审核。", "{number} is under review.")),
    "assessed": (WAITING, ("{number} 已核定，等批准。", "{number} is assessed and waits for approval.")),
    "approved": (DONE, ("{number} 有效：{starts} 至 {ends}。", "{number} holds from {starts} to {ends}.")),
    "active": (DONE, ("{number} 有效：{starts} 至 {ends}。", "{number} holds from {starts} to {ends}.")),
    "paid": (DONE, ("{number} 的报销款已支付。", "{number} is paid.")),
    NOTHING: (DONE, ("{number} 已审结，没有款项可付。", "{number} is decided: nothing is paid.")),
    "rejected": (
        OPEN,
        ("{number} 没有通过，可以申诉，也可以重新办。", "{number} was refused: appeal, or begin anew."),
    ),
    "expired": (OPEN, ("{number} 已于 {ends} 到期，需要重新办。", "{number} ended on {ends}: begin anew.")),
    "withdrawn": (OPEN, None),
    "cancelled": (OPEN, None),
    "replaced": (OPEN, None),
}
"""How a step stands whose case is in a state, and what is said of it."""
CLAIM_APPROVED: tuple[Progress, tuple[str, str]] = (
    WAITING,
    ("{number} 已批准，等支付。", "{number} is approved and waits for payment."),
)
"""An approved claim still waits for its money."""
NEEDED = ("qualify", "file", "choose")
"""The steps that must be done before the visit."""
NO_PROVIDER = (
    "登记里，那里还没有医院开通这种直接结算。请先问就医地医保局，或者先垫付再报销。",
    "No provider there is on record as settling such care directly. Ask the care region's agency, or pay and claim.",
)
PROVIDERS = (
    "登记里，那里有 {count} 家医院开通了这种直接结算。",
    "{count} providers there are on record as settling such care directly.",
)
FIRST = ("要先办好：{steps}。", "First see to: {steps}.")


def progress(steps: tuple[PlanStep, ...], affairs: Affairs) -> tuple[MyStep, ...]:
    """How each step stands. Of the steps that could be taken the first is the next one; the others come later.

    Choosing a provider leaves no trace: it goes with the visit.
    """
    alone = {step.name: _alone(step, affairs) for step in steps}
    missing = [step for step in steps if step.name in NEEDED and _hinders(alone[step.name])]
    found: list[MyStep] = []
    taken = False
    for step in steps:
        mine = alone[step.name]
        if step.name == "visit" and missing:
            mine = MyStep(step, Progress.BLOCKED, (_first(missing),))
        elif mine.progress is OPEN and taken:
            mine = MyStep(step, Progress.LATER, mine.said, mine.number)
        taken = taken or (mine.progress is OPEN and step.name != "choose")
        found.append(mine)
    return tuple(found)


def _hinders(mine: MyStep) -> bool:
    """Whether a step keeps those that need it from being taken. Choosing does only where there is nothing to choose."""
    if mine.step.name == "choose":
        return mine.progress is Progress.BLOCKED
    return mine.progress in (Progress.NEXT, Progress.WAITING, Progress.BLOCKED)


def _first(missing: list[PlanStep]) -> Said:
    zh, en = "、".join(step.title.zh for step in missing), ", ".join(step.title.en for step in missing)
    return Said(FIRST[0].format(steps=zh), FIRST[1].format(steps=en))


def _alone(step: PlanStep, affairs: Affairs) -> MyStep:
    """How a step stands whatever the others do."""
    if step.state in _BY_PLAN and not (step.state is StepState.DONE and step.name in affairs.cases):
        return MyStep(step, _BY_PLAN[step.state], ())
    if step.name == "choose" and affairs.opened is not None:
        words = PROVIDERS if affairs.opened else NO_PROVIDER
        zh, en = (text.format(count=affairs.opened) for text in words)
        return MyStep(step, OPEN if affairs.opened else Progress.BLOCKED, (Said(zh, en),))
    case = affairs.cases.get(step.name)
    if case is None:
        return MyStep(step, OPEN, ())
    claimed = step.name == "claim" and case.state == "approved"
    stands, words_of_case = CLAIM_APPROVED if claimed else TOLD[case.state]
    return MyStep(step, stands, tuple(_said(words_of_case, case)), case.number)


_BY_PLAN = {
    StepState.NOT_NEEDED: Progress.NOT_NEEDED,
    StepState.FALLBACK: Progress.FALLBACK,
    StepState.DONE: Progress.DONE,
}


def _said(words: tuple[str, str] | None, case: Affair) -> Iterator[Said]:
    if words is not None:
        zh, en = words
        gaps = {"number": case.number, "starts": case.starts}
        yield Said(
            zh.format(**gaps, ends=case.ends or "长期"), en.format(**gaps, ends=case.ends or "further notice")
        )


@dataclass(frozen=True, slots=True)
class MyPlan:
    """The plan, and its steps as they stand for the person."""

    plan: Plan
    steps: tuple[MyStep, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks about their own care elsewhere; `disease` empty = general outpatient care, `bill` in fen."""

    care: str
    disease: str
    level: Level
    on: date
    total: int | None = None


def my_plan(coverage: Coverage, wanted: Wanted, today: date) -> MyPlan:
    """The plan of somebody insured, filled in from what is on record. Raises what the guide raises."""
    found = plan(_request(coverage, wanted, today))
    return MyPlan(found, progress(found.steps, affairs_of(coverage, wanted, today)))


def _request(coverage: Coverage, wanted: Wanted, today: date) -> PlanRequest:
    filed = filings.situation(coverage, wanted.care, wanted.on, max(today, wanted.on))
    return PlanRequest(
        home=regions.pool_of(coverage.pool),
        care=wanted.care,
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        benefit=_benefit(wanted),
        level=wanted.level,
        filed=filed if filed in STATED else Situation.UNFILED,
        on=wanted.on,
        today=today,
        disease=wanted.disease,
        bill=None if wanted.total is None else Bill(wanted.total),
        used=_used(coverage, wanted),
        age=age_on(coverage.person.born, wanted.on),
        traits=traits_of(coverage)[0],
    )


def _benefit(wanted: Wanted) -> Benefit:
    return Benefit.CHRONIC_DISEASE if wanted.disease else Benefit.GENERAL_OUTPATIENT


def _used(coverage: Coverage, wanted: Wanted) -> Used:
    """What was used of the benefit this year: of a ceiling by disease and of one over all, the fuller."""
    held, benefit = used_counters(coverage), str(_benefit(wanted))
    scopes = [benefit, f"{benefit}:{wanted.disease}"] if wanted.disease else [benefit]

    def of_year(scope: str, measure: str) -> Counter:
        return counter(scope, measure, "year", wanted.on)

    return Used(
        deductible=held.get(of_year(benefit, "deductible"), 0),
        fund=max(held.get(of_year(scope, "fund"), 0) for scope in scopes),
    )


def affairs_of(coverage: Coverage, wanted: Wanted, today: date) -> Affairs:
    """The cases and the register, as far as the plan turns on them."""
    cases: dict[str, Any] = {
        "qualify": _qualification(coverage, wanted) if wanted.disease else None,
        "file": _filing(coverage, wanted, today),
        "claim": _claim(coverage, wanted),
    }
    return Affairs(
        cases={name: case for name, case in cases.items() if case is not None},
        opened=opened_in(regions.pool_of(wanted.care), _benefit(wanted), wanted.disease),
    )


def _qualification(coverage: Coverage, wanted: Wanted) -> Affair | None:
    held = qualifications.held_on(coverage, wanted.on).filter(disease=wanted.disease).first()
    if held is not None:
        return Affair(held.number, "approved", held.starts, held.ends)
    return _latest(coverage.qualifications.filter(disease=wanted.disease), "approved", wanted.on)


def _filing(coverage: Coverage, wanted: Wanted, today: date) -> Affair | None:
    held = filings.in_force(coverage, wanted.care, wanted.on, max(today, wanted.on))
    if held is not None:
        return Affair(held.number, "active", held.starts, held.ends)
    return _latest(coverage.filings.filter(care_region=regions.pool_of(wanted.care)), "active", wanted.on)


def _latest(cases: Any, granted: str, on: date) -> Affair | None:
    """The case begun last; one that was granted and whose last day is before `on` counts as over."""
    case = cases.order_by("-created", "-pk").first()
    if case is None:
        return None
    over = case.state == granted and case.ends is not None and case.ends < on
    return Affair(case.number, "expired" if over else case.state, case.starts, case.ends)


def _claim(coverage: Coverage, wanted: Wanted) -> Affair | None:
    """The claim made last for care in that city on that day."""
    pool = regions.pool_of(wanted.care)
    for claim in claims_of(coverage.person).filter(coverage=coverage, on=wanted.on):
        if claim.place and regions.pool_of(claim.place) == pool:
            return Affair(claim.number, NOTHING if nothing_to_pay(claim) else claim.state)
    return None
