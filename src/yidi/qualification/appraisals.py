"""Applications that a hospital hands in for the patient whom it has appraised (医院鉴定).

No pool's rules on record let a hospital decide: the appraisal stands for the medical papers, and the agency reviews it.
"""

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.casework import services as casework
from yidi.casework.queries import key_of
from yidi.evidence import services as evidence
from yidi.people.models import Coverage, Person
from yidi.providers.models import Provider
from yidi.qualification import services
from yidi.qualification.errors import AppraisedInFuture, EndsBeforeStart, UnknownAppraisal
from yidi.qualification.models import Appraisal, Qualification
from yidi.qualification.states import MACHINE, State
from yidi.values.phones import parse_phone
from yidi.values.terms import Material

KEPT_AT_HOSPITAL = (
    Material.MEDICAL_RECORDS,
    Material.DIAGNOSIS,
    Material.RECORD_FRONT_PAGE,
    Material.INPATIENT_RECORDS,
    Material.TEST_REPORTS,
)
"""The papers that the hospital wrote itself and vouches for; a clerk who wants to see them asks for them."""


@transaction.atomic
def hand_in(
    coverage: Coverage, disease: str, appraisal: Appraisal, actor: Actor, phone: str = ""
) -> Qualification:
    """Hand in an application with what the hospital found; the agency reviews it.

    `appraisal` is not saved yet. Raises AppraisedInFuture, EndsBeforeStart and what `services.apply`, `services.save` and
    `services.submit` raise; then there is no application.
    """
    today = timezone.localdate()
    if appraisal.on > today:
        raise AppraisedInFuture(on=appraisal.on, today=today)
    if appraisal.wished_until is not None and appraisal.wished_until < appraisal.wished_from:
        raise EndsBeforeStart(starts=appraisal.wished_from, ends=appraisal.wished_until)
    case = services.begin(coverage, disease, today, actor)
    case.hospital, case.phone = appraisal.appraiser_name, parse_phone(phone) if phone else ""
    case.save(update_fields=["hospital", "phone"])
    appraisal.case = case
    appraisal.save()
    _vouch(case, appraisal, actor)
    services.hand_in(case, actor)
    case.refresh_from_db()
    return case


def _vouch(case: Qualification, appraisal: Appraisal, actor: Actor) -> None:
    """Note the papers that the pool asks for and the hospital has seen or keeps."""
    rule = services.requirements(case.coverage, case.disease, timezone.localdate())
    wanted = {paper for group in rule.evidence for paper in group}
    seen = f"由{appraisal.provider.name}核对"
    days = f"{appraisal.wished_from} 起" + (f"至 {appraisal.wished_until}" if appraisal.wished_until else "")
    by = f"{appraisal.appraiser_name} {appraisal.on} 鉴定（医师{appraisal.doctor_name}）"
    kept = f"{by}，建议{days}享受；资料存该机构"
    for material in (Material.ID_CARD, *KEPT_AT_HOSPITAL):
        if material in wanted:
            said = seen if material is Material.ID_CARD else kept
            evidence.show(case.number, case.coverage.person, material, said, actor)


@transaction.atomic
def take_back(case: Qualification, actor: Actor, reason: str = "") -> None:
    """Take an application back before it is decided. Raises IllegalMove."""
    casework.hold(case.coverage)
    casework.advance(case, MACHINE, State.WITHDRAWN, actor, reason.strip())


def made_by(provider: Provider, number: str, person: Person) -> Qualification:
    """The application with a number that a hospital handed in for a person. Raises UnknownAppraisal, also where another did."""
    made = Qualification.objects.filter(
        pk=key_of(number, "Q"), appraisal__provider=provider, coverage__person=person
    )
    found = made.select_related("coverage__person").first()
    if found is None:
        raise UnknownAppraisal(number=number)
    return found
