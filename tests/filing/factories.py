"""Filings, at any point of their way."""

from datetime import date
from typing import Any

from tests.casework.factories import at_the_window, clock
from tests.evidence.factories import papers_shown
from tests.people.factories import a_coverage
from yidi.filing import services
from yidi.filing.models import Filing
from yidi.filing.states import MACHINE, State
from yidi.people.models import Coverage
from yidi.values.terms import FilingKind, Material

SHANGHAI = "310000"
DAY = date(2025, 6, 2)
COMMON = (Material.ID_CARD, Material.JIANGXI_FILING_FORM)
PAPERS = {
    FilingKind.RESETTLED_RETIREE: (*COMMON, Material.HOUSEHOLD_PROOF),
    FilingKind.LONG_TERM_RESIDENT: (*COMMON, Material.RESIDENCE_PROOF),
    FilingKind.POSTED_WORKER: (*COMMON, Material.POSTING_PROOF),
    FilingKind.REFERRAL: (*COMMON, Material.REFERRAL_PROOF),
    FilingKind.OTHER_TEMPORARY: COMMON,
}
"""What Jiangxi asks for."""


def a_filing(
    state: State = State.ACTIVE,
    coverage: Coverage | None = None,
    kind: FilingKind = FilingKind.LONG_TERM_RESIDENT,
    care_region: str = SHANGHAI,
    starts: date = date(2025, 1, 1),
    ends: date | None = None,
    filed_on: date | None = None,
    **columns: Any,
) -> Filing:
    """A filing in a state, with all its papers; it was made on the day on which it begins."""
    filing = Filing.objects.create(
        coverage=coverage or a_coverage(),
        kind=str(kind),
        care_region=care_region,
        starts=starts,
        filed_on=filed_on or starts,
        ends=ends,
        state=str(state),
        **(clock(MACHINE, state, starts) | columns),
    )
    papers_shown(filing.number, filing.coverage.person, PAPERS.get(kind, ()))
    return filing


def filed(coverage: Coverage, *about: Any, **more: Any) -> Filing:
    """A filing made in one step at the window, where its papers are shown."""
    return services.file(coverage, *about, at_the_window(coverage), **more)
