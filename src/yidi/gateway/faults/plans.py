"""Laying faults out for an institution, and finding the one that strikes a message."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction as database
from django.db.models import F, Q, QuerySet

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.faults.errors import BadParameter, BadWhen, BenchOff
from yidi.gateway.faults.kinds import TAKES, FaultKind
from yidi.gateway.faults.models import MILLION, FaultPlan
from yidi.gateway.models import Institution


def family(infno: str) -> str:
    """The transaction that a number means: 2207A is 2207."""
    return infno.removesuffix("A")


def check_bench() -> None:
    """Raises BenchOff where no faults may happen."""
    if not settings.FAULT_BENCH:
        raise BenchOff(what="没有写入或读取任何故障设置", what_en="no fault was set or read")


@database.atomic
def lay(
    institution: Institution,
    kind: FaultKind,
    actor: Actor,
    until: datetime,
    *,
    transaction: str = "",
    numbers: Iterable[int] = (),
    seed: int | None = None,
    rate_ppm: int | None = None,
    parameter: int | None = None,
) -> FaultPlan:
    """Let a kind of fault strike messages of an institution until a moment. Raises BenchOff, BadParameter, BadWhen."""
    check_bench()
    chosen = sorted(set(numbers))
    by_seed = seed is not None and rate_ppm is not None and 0 < rate_ppm <= MILLION
    by_number = bool(chosen) and chosen[0] > 0 and seed is None and rate_ppm is None
    if not (by_number or (by_seed and not chosen)):
        raise BadWhen()
    record(actor, "gateway:faults-set", f"{institution.provider.code} {kind}")
    return FaultPlan.objects.create(
        institution=institution,
        kind=str(kind),
        parameter=_parameter(kind, parameter),
        transaction=family(transaction),
        numbers=chosen,
        seed=seed,
        rate_ppm=rate_ppm,
        until=until,
    )


def _parameter(kind: FaultKind, given: int | None) -> int:
    """Raises BadParameter."""
    takes = TAKES.get(kind)
    if takes is None:
        if given is None:
            return 0
        raise BadParameter(kind=kind, given=given, takes="它没有参数", takes_en="it has none")
    if given is None:
        return takes.default
    if given not in takes.allowed:
        bounds = takes.bounds
        raise BadParameter(
            kind=kind, given=given, takes=f"{takes.zh}可为 {bounds}", takes_en=bounds.replace("至", "to")
        )
    return given


def laid(institution: Institution) -> QuerySet[FaultPlan]:
    """The plans of an institution, the oldest first. Raises BenchOff."""
    check_bench()
    return institution.fault_plans.order_by("pk")


@database.atomic
def clear(institution: Institution, actor: Actor) -> int:
    """Take away all plans of an institution; how many there were. Raises BenchOff."""
    check_bench()
    count, _ = institution.fault_plans.all().delete()
    record(actor, "gateway:faults-clear", str(institution.provider.code))
    return count


@database.atomic
def next_strike(sender: str, infno: str, now: datetime) -> FaultPlan | None:
    """Count a message, and the plan that strikes it: its `seen` is the message's number."""
    waiting = FaultPlan.objects.select_related("institution__provider").select_for_update(of=("self",))
    of_message = Q(transaction="") | Q(transaction=family(infno))
    found = None
    for plan in waiting.filter(of_message, institution__provider__code=sender, until__gt=now).order_by("pk"):
        plan.seen += 1
        if found is None and plan.strikes(plan.seen):
            found = plan
            plan.struck += 1
        plan.save(update_fields=["seen", "struck"])
    return found


def pass_over(plan: FaultPlan) -> None:
    """Note that a plan could not do what it would have done."""
    FaultPlan.objects.filter(pk=plan.pk).update(struck=F("struck") - 1, passed_over=F("passed_over") + 1)
