"""Reminders: what ends soon, and what waits for the person. Running twice on a day, or on many days, reminds once.

How long before and after are this system's own choices; no rule sets them.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yidi.casework.queries import waiting
from yidi.filing.models import Filing
from yidi.filing.queries import expiring_within as filings_expiring
from yidi.filing.states import State as FilingState
from yidi.notices.services import tell
from yidi.notices.terms import Template
from yidi.operations.cases import ROOMS
from yidi.qualification.queries import expiring_within as qualifications_expiring
from yidi.qualification.queries import not_renewed
from yidi.reference.working_days import working_days_between

HORIZONS = (7, 30)
"""Days before the last day at which people are reminded, once each, the nearest first."""
DRAFT_DAYS = 14
"""Days after which people are reminded of a draft that they did not hand in."""
ANSWER_WORKING_DAYS = 5
"""Working days after which people are reminded of papers that were asked for."""
DRAFT = "draft"
RENEWING = (FilingState.SUBMITTED, FilingState.MORE_EVIDENCE)
"""States of a successor that make a reminder of the old filing needless."""


def remind(today: date) -> Counter[Template]:
    """Write the reminders that are due; tells how many of each."""
    written: Counter[Template] = Counter()
    renewed = Filing.objects.filter(state__in=RENEWING, replaces__isnull=False).values("replaces")
    written += _of_last_days(
        Template.FILING_EXPIRING, filings_expiring(HORIZONS[-1], today).exclude(pk__in=renewed), today
    )
    written += _of_last_days(
        Template.QUALIFICATION_EXPIRING,
        not_renewed(qualifications_expiring(HORIZONS[-1], today)),
        today,
    )
    for room in ROOMS.values():
        written += _of_drafts(room.model.objects.filter(state=DRAFT), today)
        written += _of_answers(waiting(room.model.objects.all(), room.machine), today)
    return written


def _of_last_days(template: Template, cases: QuerySet[Any], today: date) -> Counter[Template]:
    written: Counter[Template] = Counter()
    for case in cases.select_related("coverage__person").iterator():
        days = (case.ends - today).days
        horizon = next(limit for limit in HORIZONS if days <= limit)
        told = tell(
            case.coverage.person,
            template,
            case.number,
            f"{case.number} ends {case.ends} {horizon}",
            days=days,
            ends=case.ends,
            care=getattr(case, "care_region", None),
            disease=getattr(case, "disease", None),
        )
        written[template] += told is not None
    return +written


def _of_drafts(drafts: QuerySet[Any], today: date) -> Counter[Template]:
    """Once for each draft: a draft that is not wanted is not worth a second message."""
    written: Counter[Template] = Counter()
    since = datetime.combine(
        today - timedelta(days=DRAFT_DAYS - 1), time.min, timezone.get_current_timezone()
    )
    for case in drafts.filter(created__lt=since).select_related("coverage__person").iterator():
        days = (today - timezone.localdate(case.created)).days
        told = tell(
            case.coverage.person, Template.DRAFT_WAITING, case.number, f"{case.number} draft", days=days
        )
        written[Template.DRAFT_WAITING] += told is not None
    return +written


def _of_answers(cases: QuerySet[Any], today: date) -> Counter[Template]:
    """Once for each time that papers were asked for."""
    written: Counter[Template] = Counter()
    for case in cases.select_related("coverage__person").iterator():
        if working_days_between(case.paused_on, today) < ANSWER_WORKING_DAYS:
            continue
        key = f"{case.number} answer {case.paused_on}"
        told = tell(case.coverage.person, Template.ANSWER_WAITING, case.number, key, reason=case.reason)
        written[Template.ANSWER_WAITING] += told is not None
    return +written
