"""The jobs that a clock starts, such as cron: run one after the other, each at most once at a time.

A job is held by a row of the database while it runs, so that a second `yidi jobs run` passes it over. The row is given
back when the job ends; of a run that died it is free again after LEASE. Every job may also run beside itself without
harm: what each does is decided under the lock of the row that it is about, or has a key.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yidi.evidence.services import sweep
from yidi.filing.services import expire_due as expire_filings
from yidi.notices.outbox import deliver
from yidi.operations.models import JobRun
from yidi.operations.reminders import remind
from yidi.qualification.services import expire_due as expire_qualifications
from yidi.values.terms import Term

LEASE = timedelta(hours=1)
log = logging.getLogger(__name__)


class Job(Term):
    """What there is to do, in the order in which it is done: what expires today is told today."""

    EXPIRE_FILINGS = "expire-filings", "结束到期的备案", "end filings that are over"
    EXPIRE_QUALIFICATIONS = (
        "expire-qualifications",
        "结束到期的待遇资格",
        "end qualifications that are over",
    )
    REMIND = "remind", "写提醒", "write reminders"
    DELIVER = "deliver", "发送短信与邮件", "send text messages and e-mail"
    SWEEP_EVIDENCE = "sweep-evidence", "清除没有归属的材料文件", "erase files that no paper names"
    SWEEP_SESSIONS = "sweep-sessions", "清除过期的登录", "erase sessions that are over"


Work = Callable[[], Mapping[str, int]]
"""Does a job; tells what was done, by name in Chinese."""


def _ended(expire_due: Callable[..., int]) -> Work:
    return lambda: {"到期": expire_due(timezone.localdate())}


def _sweep_sessions() -> Mapping[str, int]:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {}


WORK: Mapping[Job, Work] = {
    Job.EXPIRE_FILINGS: _ended(expire_filings),
    Job.EXPIRE_QUALIFICATIONS: _ended(expire_qualifications),
    Job.REMIND: lambda: {template.zh: count for template, count in remind(timezone.localdate()).items()},
    Job.DELIVER: lambda: {stage.zh: count for stage, count in deliver().items()},
    Job.SWEEP_EVIDENCE: lambda: {"清除": sweep()},
    Job.SWEEP_SESSIONS: _sweep_sessions,
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one job."""

    job: Job
    outcome: Mapping[str, int] | None
    """What it did; None where another run was at it, or where it failed."""
    failed: bool = False


def run_all() -> Iterator[Ran]:
    """Run each job once, one failing or not; a failure is logged with its traceback. Not within a transaction."""
    for job in Job:
        yield _run(job)


def _run(job: Job) -> Ran:
    holder = _take(job)
    if not holder:
        return Ran(job, None)
    try:
        outcome = {name: count for name, count in WORK[job]().items() if count}
    except Exception:
        log.exception("job %s failed", job)
        _give_back(job, holder, failed=True)
        return Ran(job, None, failed=True)
    _give_back(job, holder, failed=False, outcome=outcome)
    return Ran(job, outcome)


@transaction.atomic(durable=True)
def _take(job: Job) -> str:
    """The name under which the job is held now; empty where another run holds it."""
    JobRun.objects.get_or_create(job=str(job))
    row = JobRun.objects.select_for_update().get(job=str(job))
    now = timezone.now()
    if row.held_until is not None and row.held_until > now:
        return ""
    row.holder, row.held_until, row.started_at = secrets.token_hex(16), now + LEASE, now
    row.save()
    return row.holder


def _give_back(job: Job, holder: str, **columns: object) -> None:
    """What came of it, unless the job took longer than its lease and another run is at it."""
    JobRun.objects.filter(job=str(job), holder=holder).update(
        holder="", held_until=None, ended_at=timezone.now(), **columns
    )
