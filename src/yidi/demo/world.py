"""The demo's world: a fresh embedded database with registers, two invented people and one hospital."""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from rich.progress import Progress

from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.terms import Role
from yidi.consents.services import record_window_consent
from yidi.demo.pictures import paper
from yidi.demo.script import Script
from yidi.filing import services as filing
from yidi.filing.models import Filing
from yidi.gateway.institutions import connect
from yidi.operations.loading import load_all
from yidi.people.models import Coverage
from yidi.people.services import register_coverage, register_person
from yidi.providers.models import Provider
from yidi.providers.queries import by_code
from yidi.qualification import services as qualification
from yidi.qualification.models import Qualification
from yidi.values.terms import FilingKind, Material, Scheme, Standing

HOME = "360100"
CARE = "310000"
DISEASE = "M03900"
CLERK = Actor(ActorKind.CLERK, "经办人甲（合成）", HOME, frozenset(Role))
SUPERVISOR = Actor(ActorKind.CLERK, "复核主管乙（合成）", HOME, frozenset({Role.SUPERVISOR}))
WINDOW = Actor(ActorKind.CLERK, "窗口丁（合成）", HOME, frozenset({Role.WINDOW}))
CLEARING = Actor(ActorKind.CLERK, "清算丙（合成）", HOME, frozenset({Role.CLEARING}))
EVIDENCE = {
    Material.ID_CARD: ("姓名：合成人员",),
    Material.MEDICAL_RECORDS: ("门诊病历与动态血压报告", "血压 162/98 mmHg（合成）"),
    Material.DIAGNOSIS: ("诊断：高血压", "医师：合成"),
}
"""The papers that seed 000 asks for, besides the form, which the system writes itself: title → what stands on it."""


@dataclass(frozen=True, slots=True)
class World:
    """What the story plays with."""

    provider: Provider
    secret: str
    filed: Coverage
    unfiled: Coverage


def fresh_database() -> None:
    """Delete the demo's own database files and build its tables anew."""
    database = settings.DATABASES["default"]["NAME"]
    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        for file in (database, "his.sqlite3"):
            (settings.HOME / f"{file}{suffix}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)


def build(script: Script, progress: Progress) -> World:
    """Load the registers and register the people and the hospital."""
    for _ in load_all(demo=True, progress=progress):
        pass
    provider = by_code(script.provider["code"])
    secret = secrets.token_hex(16)
    connect(provider, SYSTEM, script.provider["paasid"], secret)
    return World(provider, secret, insure(script.people["filed"]), insure(script.people["unfiled"]))


def insure(person: dict[str, Any]) -> Coverage:
    """Register an invented retired employee of Nanchang."""
    registered = register_person(person["number"], person["name"], person["identity"], synthetic=True)
    return register_coverage(
        registered,
        HOME,
        Scheme.EMPLOYEE,
        Standing.RETIRED,
        date(2020, 1, 1),
        account_balance=person["account"],
        employer="演示单位（合成）",
    )


def qualify(coverage: Coverage) -> Qualification:
    """The person applies for hypertension with the seeds' evidence; a clerk of Nanchang approves."""
    person, today = Actor(ActorKind.PERSON, coverage.person.number), timezone.localdate()
    case = qualification.apply(coverage, DISEASE, today, person)
    for material, told in EVIDENCE.items():
        qualification.add_evidence(case, material, paper(material.zh, *told), f"{material.zh}.jpg", person)
    qualification.submit(case, person)
    qualification.take_up(case, CLERK)
    qualification.approve(case, today, CLERK)
    return case


def file_for_shanghai(coverage: Coverage) -> Filing:
    """The person files as long-term resident, with a commitment letter."""
    person = Actor(ActorKind.PERSON, coverage.person.number)
    case = filing.draft(coverage, FilingKind.LONG_TERM_RESIDENT, CARE, timezone.localdate(), person)
    card = paper("居民身份证", "姓名：合成人员")
    filing.add_paper(case, Material.ID_CARD, card, "身份证.jpg", person)
    filing.commit(case, person)
    filing.submit(case, person)
    return case


def at_the_window(coverage: Coverage) -> Actor:
    """The window clerk, acting today for a person who came in with their identity card."""
    record_window_consent(coverage.person, "居民身份证（合成）", WINDOW)
    return replace(WINDOW, principal=coverage.person.number)
