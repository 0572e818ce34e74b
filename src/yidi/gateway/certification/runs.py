"""Beginning and ending a run."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.certification.errors import NoRun, RunOpen
from yidi.gateway.certification.models import Run
from yidi.gateway.models import Institution


@transaction.atomic
def begin(institution: Institution, actor: Actor, scenarios: list[dict[str, Any]] | None = None) -> Run:
    """Watch an institution's messages from now on. Raises RunOpen."""
    try:
        with transaction.atomic():
            run = Run.objects.create(institution=institution, begun=timezone.now(), scenarios=scenarios or [])
    except IntegrityError:
        raise RunOpen(number=institution.provider.code) from None
    record(actor, "gateway:certify-begin", str(institution.provider.code))
    return run


@transaction.atomic
def end(institution: Institution, actor: Actor) -> Run:
    """Watch no longer. Raises NoRun."""
    run = institution.certifications.select_for_update().filter(ended__isnull=True).first()
    if run is None:
        raise NoRun(number=institution.provider.code)
    run.ended = timezone.now()
    run.save(update_fields=["ended"])
    record(actor, "gateway:certify-end", str(institution.provider.code))
    return run


def latest(institution: Institution) -> Run:
    """The institution's run: the open one, else the last. Raises NoRun."""
    run = institution.certifications.order_by("-pk").first()
    if run is None:
        raise NoRun(number=institution.provider.code)
    return run
