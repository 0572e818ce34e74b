"""Beginning and ending a run."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.certification.errors import NoRun, RunOpen
from yidi.gateway.certification.facts import pseudonym
from yidi.gateway.certification.models import Run
from yidi.gateway.models import Institution


@dataclass(frozen=True, slots=True)
class Scenario:
    """A visit of the test data and what it comes to, in fen."""

    id: str
    title: str
    person: str
    """The person's number."""
    kind: str
    """The interface's medical type."""
    total: int
    fund: int
    cash: int


@transaction.atomic
def begin(institution: Institution, actor: Actor) -> Run:
    """Watch an institution's messages from now on. Raises RunOpen."""
    try:
        with transaction.atomic():
            run = Run.objects.create(institution=institution, begun=timezone.now())
    except IntegrityError:
        raise RunOpen(number=institution.provider.code) from None
    _watch(institution, run)
    record(actor, "gateway:certify-begin", str(institution.provider.code))
    return run


def _watch(institution: Institution, run: Run | None) -> None:
    institution.certification = run.pk if run else None
    institution.save(update_fields=["certification"])


def expect(run: Run, scenarios: Iterable[Scenario]) -> None:
    """Have the checklist ask for these visits; who they are of is kept under a keyed hash."""
    run.scenarios = [{**asdict(each), "person": pseudonym(each.person)} for each in scenarios]
    run.save(update_fields=["scenarios"])


@transaction.atomic
def end(institution: Institution, actor: Actor) -> Run:
    """Watch no longer. Raises NoRun."""
    run = institution.certifications.select_for_update().filter(ended__isnull=True).first()
    if run is None:
        raise NoRun(number=institution.provider.code)
    run.ended = timezone.now()
    run.save(update_fields=["ended"])
    _watch(institution, None)
    record(actor, "gateway:certify-end", str(institution.provider.code))
    return run


def latest(institution: Institution) -> Run:
    """The institution's run: the open one, else the last. Raises NoRun."""
    run = institution.certifications.order_by("-pk").first()
    if run is None:
        raise NoRun(number=institution.provider.code)
    return run
