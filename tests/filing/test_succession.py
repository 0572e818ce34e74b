"""Filings that change or renew others: the old one gives way when the new one takes effect, and not before."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON
from tests.evidence.factories import papers_shown
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing
from tests.filing.test_moves import a_pool_where
from tests.people.factories import a_coverage
from yidi.audit.models import Event
from yidi.filing import services
from yidi.filing.errors import (
    AlreadyFiled,
    ChangeTooEarly,
    EndDateNeeded,
    MaterialsMissing,
    NothingToChange,
    NothingToRenew,
    StartsTooEarly,
)
from yidi.filing.models import Filing
from yidi.filing.queries import in_force, lineage, situation
from yidi.filing.states import RejectReason, State
from yidi.values.terms import FilingKind, Situation

pytestmark = pytest.mark.django_db

SHENZHEN = "440300"
RESIDENT, TEMPORARY = FilingKind.LONG_TERM_RESIDENT, FilingKind.OTHER_TEMPORARY
EVE = DAY - timedelta(days=1)
LONG_AFTER = date(2090, 1, 1)


def handed_in(case: Filing) -> Filing:
    """The draft with all its papers, handed in."""
    papers_shown(case.number, case.coverage.person, PAPERS[FilingKind(case.kind)])
    services.submit(case, PERSON)
    return case


@pytest.mark.parametrize("care", [SHANGHAI, SHENZHEN], ids=["same place", "another place"])
def test_a_change_takes_over_from_its_first_day(care: str) -> None:
    old = a_filing(kind=TEMPORARY, ends=LONG_AFTER)
    new = services.change(old, PERSON, DAY, RESIDENT, care)
    assert (new.state, new.replaces, Filing.objects.get(pk=old.pk).state) == (State.DRAFT, old, State.ACTIVE)
    handed_in(new)
    old.refresh_from_db()
    assert (old.state, old.ends, new.state, new.ends) == (State.REPLACED, EVE, State.ACTIVE, None)
    later = timezone.localdate()
    assert situation(old.coverage, SHANGHAI, EVE, later) is Situation.OTHER_TEMPORARY
    assert in_force(old.coverage, care, DAY, later) == new
    events = Event.objects.filter(subject=old.number).values_list("action", "reason")
    assert list(events) == [("filing:replaced", new.number)]


def test_what_a_change_is_asked_for() -> None:
    old = a_filing(kind=TEMPORARY, ends=LONG_AFTER, phone="13800138000", address="浦东新区")
    new = services.change(old, PERSON, DAY, RESIDENT)
    assert (new.care_region, new.phone, new.address) == (SHANGHAI, "13800138000", "浦东新区")
    assert lineage(new) == (new,), "another kind: its papers are shown anew"
    with pytest.raises(MaterialsMissing, match="异地长期居住"):
        services.submit(new, PERSON)
    assert Filing.objects.get(pk=old.pk).state == State.ACTIVE


def test_a_change_that_is_given_up_leaves_the_old_one_alone() -> None:
    old = a_filing()
    services.withdraw(services.change(old, PERSON, DAY), PERSON)
    old.refresh_from_db()
    assert (old.state, old.ends) == (State.ACTIVE, None)
    again = services.change(old, PERSON, DAY)
    with pytest.raises(AlreadyFiled, match=again.number):
        services.change(old, PERSON, DAY)


@pytest.mark.parametrize("outcome", ["approved", "rejected", "approved on appeal"])
def test_where_the_pool_reviews_the_old_one_holds_until_the_decision(
    outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch, effect="reviewed", months="0")
    old = a_filing()
    new = handed_in(services.change(old, PERSON, DAY))
    assert (new.state, Filing.objects.get(pk=old.pk).state) == (State.SUBMITTED, State.ACTIVE)
    if outcome != "approved":
        services.reject(new, RejectReason.PROOF_TOO_THIN, CLERK)
        assert Filing.objects.get(pk=old.pk).ends is None
    if outcome == "rejected":
        return
    if outcome == "approved on appeal":
        services.appeal(new, "已补居住证", PERSON)
    clerk = CLERK if outcome == "approved" else services.Actor(CLERK.kind, "另一位", "360100", CLERK.roles)
    services.approve(new, clerk)
    old.refresh_from_db()
    assert (old.state, old.ends, new.state) == (State.REPLACED, EVE, State.ACTIVE)


def test_a_new_filing_takes_effect_even_where_the_old_one_was_cancelled_meanwhile() -> None:
    old = a_filing()
    new = services.change(old, PERSON, DAY)
    services.cancel(old, EVE - timedelta(days=9), PERSON)
    handed_in(new)
    old.refresh_from_db()
    assert (old.state, old.ends, new.state) == (State.CANCELLED, EVE - timedelta(days=9), State.ACTIVE)


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACTIVE])
def test_only_what_is_in_effect_is_changed(state: State) -> None:
    with pytest.raises(NothingToChange, match=f"现为“{state.zh}”"):
        services.change(a_filing(state), PERSON, DAY)
    assert Filing.objects.count() == 1


def test_a_change_begins_after_what_it_changes() -> None:
    old = a_filing(starts=DAY)
    for day in (DAY, EVE):
        with pytest.raises(StartsTooEarly, match=f"{old.number} 的开始日期 2025-06-02"):
            services.change(old, PERSON, day)
    new = services.change(old, PERSON, DAY + timedelta(days=1))
    with pytest.raises(StartsTooEarly):
        services.save(new, PERSON, starts=DAY)
    handed_in(new)
    assert Filing.objects.get(pk=old.pk).ends == DAY, "the old one held for one day"


def test_a_place_that_has_a_filing_of_its_own_is_no_place_to_change_to() -> None:
    old = a_filing()
    there = a_filing(coverage=old.coverage, care_region=SHENZHEN)
    with pytest.raises(AlreadyFiled, match=there.number):
        services.change(old, PERSON, DAY, care_region=SHENZHEN)


@pytest.mark.parametrize(("starts", "early"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_a_pool_may_set_a_time_in_which_nothing_changes(
    starts: date, early: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch)
    old = a_filing()
    if not early:
        assert services.change(old, PERSON, starts).replaces == old
        return
    with pytest.raises(ChangeTooEarly, match="6 个月内不能变更或取消"):
        services.change(old, PERSON, starts)


# renewing


def test_a_renewal_goes_on_where_the_old_one_ends() -> None:
    old = a_filing(kind=TEMPORARY, ends=LONG_AFTER)
    new = services.renew(old, PERSON, LONG_AFTER + timedelta(days=90))
    assert new.starts == LONG_AFTER + timedelta(days=1)
    services.submit(new, PERSON)
    old.refresh_from_db()
    assert (old.state, old.ends, new.state) == (State.REPLACED, LONG_AFTER, State.ACTIVE)
    assert lineage(new) == (new, old), "its papers need not be shown again"
    third = services.renew(new, PERSON, LONG_AFTER + timedelta(days=200))
    assert lineage(third) == (third, new, old)


@pytest.mark.parametrize("state", [State.ACTIVE, State.EXPIRED])
def test_a_renewal_of_what_is_over_begins_today(state: State) -> None:
    old = a_filing(state, kind=TEMPORARY, ends=DAY)
    today = timezone.localdate()
    new = services.renew(old, PERSON, today + timedelta(days=90))
    services.submit(new, PERSON)
    old.refresh_from_db()
    assert (new.starts, new.state, old.state, old.ends) == (today, State.ACTIVE, State.EXPIRED, DAY)
    assert in_force(old.coverage, SHANGHAI, DAY + timedelta(days=1), today) == new, "back-filed (facts N-303)"
    assert in_force(old.coverage, SHANGHAI, DAY + timedelta(days=1), DAY + timedelta(days=1)) is None


@pytest.mark.parametrize("state", [state for state in State if state not in (State.ACTIVE, State.EXPIRED)])
def test_what_was_not_in_effect_to_the_end_is_not_renewed(state: State) -> None:
    with pytest.raises(NothingToRenew, match=f"现为“{state.zh}”，截止日期为 2025-06-02"):
        services.renew(a_filing(state, ends=DAY), PERSON, LONG_AFTER)


def test_what_has_no_last_day_needs_no_renewal() -> None:
    with pytest.raises(NothingToRenew, match="截止日期为 —"):
        services.renew(a_filing(), PERSON)


def test_a_renewal_needs_a_last_day_where_no_source_gives_one() -> None:
    new = services.renew(a_filing(kind=TEMPORARY, ends=LONG_AFTER), PERSON)
    with pytest.raises(EndDateNeeded):
        services.submit(new, PERSON)
    services.save(new, PERSON, ends=LONG_AFTER + timedelta(days=30))
    services.submit(new, PERSON)
    assert new.state == State.ACTIVE


def test_there_is_one_renewal_at_a_time() -> None:
    old = a_filing(State.EXPIRED, kind=TEMPORARY, ends=DAY)
    new = services.renew(old, PERSON, LONG_AFTER)
    with pytest.raises(AlreadyFiled, match=new.number):
        services.renew(old, PERSON, LONG_AFTER)
    services.submit(new, PERSON)
    with pytest.raises(AlreadyFiled, match=new.number):
        services.renew(old, PERSON, LONG_AFTER)


def test_ending_is_done_once() -> None:
    ended = a_filing(kind=TEMPORARY, ends=DAY)
    lasting = a_filing(coverage=a_coverage(2), kind=TEMPORARY, ends=LONG_AFTER)
    today = timezone.localdate()
    assert (services.expire_due(today), services.expire_due(today)) == (1, 0)
    assert Filing.objects.get(pk=ended.pk).state == State.EXPIRED
    assert Filing.objects.get(pk=lasting.pk).state == State.ACTIVE


@pytest.mark.parametrize("begun", ["as a renewal", "as a later change"])
def test_a_draft_is_no_way_round_the_time_in_which_nothing_changes(
    begun: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch)
    old = a_filing(ends=LONG_AFTER)
    later = date(2089, 1, 1)
    new = services.renew(old, PERSON) if begun == "as a renewal" else services.change(old, PERSON, later)
    with pytest.raises(ChangeTooEarly, match="2025-06-30"):
        services.save(new, PERSON, starts=DAY)
    services.save(new, PERSON, starts=date(2025, 7, 1))
    handed_in(new)
    old.refresh_from_db()
    assert (old.state, old.ends) == (State.REPLACED, date(2025, 6, 30))
