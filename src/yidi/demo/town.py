"""The demo site: sign-ins for every role, and cases in every state, brought there by the services themselves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.progress import Progress

from yidi.accounts import passwords, real_name
from yidi.accounts import services as accounts
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.models import SecondFactor, User
from yidi.accounts.second_factor import new_secret
from yidi.accounts.terms import Role
from yidi.benefit.split import FeeLine
from yidi.claims import drafting
from yidi.claims import services as claims
from yidi.claims.queries import missing_papers
from yidi.claims.terms import RejectReason as ClaimReason
from yidi.consents import services as consents
from yidi.consents.models import Consent
from yidi.consents.terms import Relation, Way
from yidi.demo.days import as_if_on
from yidi.demo.pictures import paper
from yidi.filing import queries as filing_queries
from yidi.filing import services as filing
from yidi.filing.states import RejectReason as FilingReason
from yidi.people.models import Coverage, Person
from yidi.people.queries import by_number, coverages_on
from yidi.people.services import register_coverage, register_person
from yidi.policy import yaml_lines
from yidi.providers.models import Provider
from yidi.qualification import queries as qualification_queries
from yidi.qualification import services as qualification
from yidi.qualification.states import RejectReason as QualificationReason
from yidi.reference.working_days import after_working_days
from yidi.values.identity import check_digit
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Benefit, CaseField, CaseKind, FilingKind, Material, Scheme, Standing

TOWN = Path(__file__).with_name("town.yaml")
STEP_DAYS = 3
"""Working days between the steps of a case."""
INSURED_SINCE = date(2020, 1, 1)
FIELDS = {
    CaseField.HOSPITAL: "郑州市某医院（合成）",
    CaseField.RECORD_NUMBER: "DEMO000001",
    CaseField.PHONE: "13900000000",
}
"""What the demo's people write into an application."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the list of sign-ins."""

    username: str
    name: str
    offices: str
    sees: str


@dataclass
class Town:
    """Everybody and everything that the cases are played with."""

    script: Mapping[str, Any]
    hospital: Provider
    lines: tuple[FeeLine, ...]
    """The bill of every claim."""
    people: dict[str, Coverage] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)

    def clerk(self, pool: str, role: Role) -> Actor:
        """The member of staff who does that for a pool."""
        for user in self.staff.values():
            actor = accounts.actor_of(user)
            if role in actor.roles and actor.region == pool:
                return actor
        raise LookupError(f"the town has no {role} of {pool}")


@dataclass(frozen=True, slots=True)
class Play:
    """One case on its way: what is known of it, and who acts."""

    town: Town
    coverage: Coverage
    entry: Mapping[str, Any]

    @property
    def person(self) -> Actor:
        return Actor(ActorKind.PERSON, self.coverage.person.number)

    @property
    def window(self) -> Actor:
        """The window clerk, with the person's consent of that day."""
        clerk = self.clerk(Role.WINDOW)
        consents.record_window_consent(self.coverage.person, "居民身份证原件（合成）", clerk)
        return replace(clerk, principal=self.coverage.person.number)

    def clerk(self, role: Role) -> Actor:
        """A clerk of the person's pool; where the town has none, a province's reviewer of the same name acts."""
        pool = self.coverage.pool
        try:
            return self.town.clerk(pool, role)
        except LookupError:
            return Actor(ActorKind.CLERK, "演示省级经办（合成）", f"{pool[:2]}0000", frozenset({role}))


Step = Callable[[Play, Any], object]


def build(hospital: Provider, lines: tuple[FeeLine, ...], progress: Progress) -> tuple[Town, list[SignIn]]:
    """Register everybody, play every case, and return the list of sign-ins."""
    town = Town(yaml_lines.read(TOWN).data, hospital, lines)
    signs = [*_people(town), *_staff(town)]
    _consents(town)
    entries = [*town.script["cases"], *_crowd(town)]
    task = progress.add_task("各种状态的办件", total=len(entries))
    for entry in entries:
        _play(town, entry)
        progress.advance(task)
    progress.remove_task(task)
    return town, signs


# sign-ins


def _people(town: Town) -> Iterator[SignIn]:
    for key, entry in town.script["people"].items():
        person = _registered(entry) if "identity" in entry else by_number(entry["number"])
        town.people[key] = coverages_on(person, timezone.localdate())[0]
        user = real_name.register(person, entry["username"], town.script["password"])
        User.objects.filter(pk=user.pk).update(synthetic=True)
        yield SignIn(entry["username"], person.name, "参保人", entry["sees"])


def _registered(entry: Mapping[str, Any]) -> Person:
    """A person of the script with their coverage; the script gives the identity number without its check digit."""
    body = str(entry["identity"])
    person = register_person(entry["number"], entry["name"], body + check_digit(body), synthetic=True)
    register_coverage(
        person,
        entry["pool"],
        Scheme(entry["scheme"]),
        Standing(entry["standing"]),
        INSURED_SINCE,
        employer="演示单位（合成）" if entry["scheme"] == Scheme.EMPLOYEE else "",
        traits=(),
    )
    return person


def _staff(town: Town) -> Iterator[SignIn]:
    password = town.script["password"]
    for entry in town.script["staff"]:
        user = accounts.create_staff(
            entry["username"],
            entry["name"],
            entry["region"],
            password,
            SYSTEM,
            provider_code=entry.get("provider", ""),
            synthetic=True,
        )
        passwords.set_password(user, password)
        user.save(update_fields=["password", "must_change_password"])
        roles = [Role(role) for role in entry["roles"]]
        for role in roles:
            accounts.appoint(user, role, SYSTEM)
        SecondFactor.objects.create(user=user, confirmed=True, secret=new_secret())
        town.staff[entry["username"]] = user
        yield SignIn(entry["username"], entry["name"], "、".join(role.zh for role in roles), entry["sees"])


def _consents(town: Town) -> None:
    today = timezone.localdate()
    for entry in town.script["consents"]:
        Consent.objects.create(
            person=town.people[entry["person"]].person,
            helper=town.people[entry["helper"]].person,
            way=str(Way.ONLINE),
            relation=str(Relation(entry["relation"])),
            starts=today,
            accepted_at=timezone.now(),
        )


# steps of qualifications


def _apply(play: Play) -> Any:
    return qualification.apply(play.coverage, play.entry["disease"], timezone.localdate(), play.person)


def _fill_in(play: Play, case: Any) -> None:
    wanted = qualification_queries.asked_of(case, timezone.localdate())
    fields = {name.replace("-", "_"): FIELDS[name] for name in wanted.fields}
    if fields:
        qualification.save(case, play.person, **fields)
    for group in wanted.materials:
        if group[0] is Material.MEDICAL_RECORDS and play.entry.get("pictures", True):
            picture = paper(
                "门诊病历", "姓名：合成人员", "主诉：头晕、血压升高三个月", "血压 162/98 mmHg（合成）"
            )
            qualification.add_evidence(case, group[0], picture, "病历照片.jpg", play.person)
        else:
            qualification.show_evidence(case, group[0], f"{group[0].zh}（合成）", play.window)


def _granted(play: Play, case: Any, *, past: bool = False) -> None:
    today = timezone.localdate()
    ends = last_day_of_term(today, 1) if past else last_day_of_term(today, 24)
    qualification.approve(case, today, play.clerk(Role.REVIEWER), ends)


QUALIFICATION_STEPS: Mapping[str, Step] = {
    "fill-in": _fill_in,
    "submit": lambda play, case: qualification.submit(case, play.person),
    "take-up": lambda play, case: qualification.take_up(case, play.clerk(Role.REVIEWER)),
    "ask": lambda play, case: qualification.ask_for_more(
        case, "请补充近三个月的血压记录，并在病历上加盖医院公章。", play.clerk(Role.REVIEWER)
    ),
    "approve": _granted,
    "approve-for-a-month": partial(_granted, past=True),
    "expire": lambda play, case: qualification.expire(case, case.ends, SYSTEM),
    "reject": lambda play, case: qualification.reject(
        case,
        QualificationReason.CRITERIA_NOT_MET,
        play.clerk(Role.REVIEWER),
        "血压记录未达到认定标准（演示）",
    ),
    "appeal": lambda play, case: qualification.appeal(case, "已补做动态血压监测，请复核。", play.person),
    "withdraw": lambda play, case: qualification.withdraw(case, play.person),
}
_TAKEN_UP = ("fill-in", "submit", "take-up")
QUALIFICATION_WAYS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("fill-in", "submit"),
    "withdrawn": ("fill-in", "submit", "withdraw"),
    "under-review": _TAKEN_UP,
    "more-evidence": (*_TAKEN_UP, "ask"),
    "approved": (*_TAKEN_UP, "approve"),
    "rejected": (*_TAKEN_UP, "reject"),
    "appealed": (*_TAKEN_UP, "reject", "appeal"),
    "expired": (*_TAKEN_UP, "approve-for-a-month", "expire"),
}
"""The steps to each state; the names of the states are those of `qualification.states`, besides an appeal."""

# steps of filings


def _draft(play: Play) -> Any:
    kind, today = FilingKind(play.entry["as"]), timezone.localdate()
    ends = last_day_of_term(today, 1) if kind in (FilingKind.REFERRAL, FilingKind.OTHER_TEMPORARY) else None
    return filing.draft(play.coverage, kind, play.entry["care"], today, play.person, ends)


def _show(play: Play, case: Any) -> None:
    for group in filing_queries.asked_of(case):
        if Material.COMMITMENT in group:
            filing.commit(case, play.person)
        else:
            filing.show(case, group[0], f"{group[0].zh}（合成）", play.window)


FILING_STEPS: Mapping[str, Step] = {
    "show": _show,
    "submit": lambda play, case: filing.submit(case, play.person),
    "ask": lambda play, case: filing.ask_for_more(
        case, "请补充转诊医院盖章的转诊单。", play.clerk(Role.REVIEWER)
    ),
    "approve": lambda play, case: filing.approve(case, play.clerk(Role.REVIEWER)),
    "reject": lambda play, case: filing.reject(
        case, FilingReason.PLACE_OR_DATES, play.clerk(Role.REVIEWER), "起止日期与行程不符（演示）"
    ),
    "cancel": lambda play, case: filing.cancel(case, timezone.localdate(), play.person),
    "expire": lambda play, case: filing.expire(case),
    "withdraw": lambda play, case: filing.withdraw(case, play.person),
}
FILING_WAYS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("show", "submit"),
    "active": ("show", "submit"),
    "approved": ("show", "submit", "approve"),
    "more-evidence": ("show", "submit", "ask"),
    "rejected": ("show", "submit", "reject"),
    "withdrawn": ("show", "submit", "withdraw"),
    "cancelled": ("show", "submit", "cancel"),
    "expired": ("show", "submit", "expire"),
}
"""The steps to each state; where the pool says so handing in is enough to be active."""

# steps of claims


def _start(play: Play) -> Any:
    return drafting.start(
        play.coverage,
        play.person,
        provider=play.town.hospital,
        benefit=Benefit.GENERAL_OUTPATIENT,
        on=timezone.localdate() - timedelta(days=1),
        invoice=play.entry["invoice"],
        total=sum(line.amount for line in play.town.lines),
        account_bank="某银行（合成）",
        account_number="6200000000000000",
    )


def _papers(play: Play, claim: Any) -> None:
    drafting.replace_lines(claim, play.town.lines, play.person)
    for group in missing_papers(claim):
        if group[0] is Material.INVOICE and play.entry.get("pictures", True):
            picture = paper("医疗门诊收费票据", f"票据号：{claim.invoice}", "收款单位：某医院（合成）")
            drafting.add_paper(claim, group[0], picture, "票据照片.jpg", play.person)
        else:
            drafting.show_paper(claim, group[0], f"{group[0].zh}（合成）", play.window)


CLAIM_STEPS: Mapping[str, Step] = {
    "papers": _papers,
    "submit": lambda play, claim: claims.submit(claim, play.person),
    "ask": lambda play, claim: claims.ask_for_more(
        claim, "费用清单与票据金额不一致，请补充完整的门诊费用清单。", play.clerk(Role.REVIEWER)
    ),
    "assess": lambda play, claim: claims.assess(claim, play.clerk(Role.REVIEWER)),
    "approve": lambda play, claim: claims.approve(claim, play.clerk(Role.SUPERVISOR)),
    "pay": lambda play, claim: claims.pay(claim, play.clerk(Role.CLEARING)),
    "reject": lambda play, claim: claims.reject(
        claim, ClaimReason.NOT_PROVEN, play.clerk(Role.REVIEWER), "诊断证明与票据日期不符（演示）"
    ),
    "withdraw": lambda play, claim: claims.withdraw(claim, play.person),
}
CLAIM_WAYS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("papers", "submit"),
    "more-evidence": ("papers", "submit", "ask"),
    "assessed": ("papers", "submit", "assess"),
    "approved": ("papers", "submit", "assess", "approve"),
    "paid": ("papers", "submit", "assess", "approve", "pay"),
    "rejected": ("papers", "submit", "reject"),
    "withdrawn": ("papers", "submit", "withdraw"),
}

KINDS: Mapping[CaseKind, tuple[Callable[[Play], Any], Mapping[str, Step], Mapping[str, tuple[str, ...]]]] = {
    CaseKind.QUALIFICATION: (_apply, QUALIFICATION_STEPS, QUALIFICATION_WAYS),
    CaseKind.FILING: (_draft, FILING_STEPS, FILING_WAYS),
    CaseKind.CLAIM: (_start, CLAIM_STEPS, CLAIM_WAYS),
}
"""How a case of each kind begins, what may be done with it, and the way to each state."""


def _play(town: Town, entry: Mapping[str, Any]) -> Any:
    """Bring a case to its state, step by step on the days it tells of. Returns it."""
    begin, steps, ways = KINDS[CaseKind(entry["kind"])]
    play, today = Play(town, town.people[entry["who"]], entry), timezone.localdate()
    day = today - timedelta(days=entry["began"])
    with as_if_on(day):
        case = begin(play)
    for name in ways[entry["to"]]:
        late = name == "expire"
        day = today if late else min(after_working_days(day, entry.get("pace", STEP_DAYS)), today)
        if name in ("fill-in", "show", "papers"):
            day = today - timedelta(days=entry["began"])
        with as_if_on(day):
            case.refresh_from_db()
            steps[name](play, case)
    return case


# what figures are drawn from


def _crowd(town: Town) -> Iterator[Mapping[str, Any]]:
    """People of their own with decided cases spread over the last months."""
    diseases = ("M03900", "M01600", "M04600", "M05300", "M07200")
    kinds = (FilingKind.LONG_TERM_RESIDENT, FilingKind.OTHER_TEMPORARY, FilingKind.RESETTLED_RETIREE)
    crowd = town.script["crowd"]
    for rank in range(crowd["people"]):
        key, began = f"crowd-{rank}", crowd["since"] - rank * (crowd["since"] - 30) // crowd["people"]
        person = {
            "number": f"3601{rank + 1000:016d}",
            "name": f"演示路人{rank + 1}（合成）",
            "identity": f"3601021{940 + rank}0{1 + rank % 9}1{rank % 10}9{rank:02d}",
            "pool": "360100",
            "scheme": "employee",
            "standing": "retired",
        }
        town.people[key] = coverages_on(_registered(person), timezone.localdate())[0]
        common = {"who": key, "pictures": False, "pace": 1 + rank % 5}
        yield {
            **common,
            "kind": "qualification",
            "disease": diseases[rank % len(diseases)],
            "to": "rejected" if rank % 6 == 5 else "approved",
            "began": began,
        }
        yield {
            **common,
            "kind": "filing",
            "as": str(kinds[rank % len(kinds)]),
            "care": ("310000", "440100", "110000")[rank % 3],
            "to": "active",
            "began": began - 5,
        }
        if rank % 2 == 0:
            invoice = f"DEMO2026{2000 + rank}"
            state = "rejected" if rank % 8 == 6 else "paid"
            yield {**common, "kind": "claim", "invoice": invoice, "to": state, "began": began - 15}
