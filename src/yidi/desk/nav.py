"""The pages of the desk that stand in its navigation, and what somebody must be allowed to do to open each."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yidi.accounts.actors import Actor
from yidi.accounts.terms import MATRIX, Action


@dataclass(frozen=True, slots=True)
class Page:
    """One entry: the name of its address, its label, and the action that opens it."""

    name: str
    label: str | Promise
    action: Action | None = None
    """None = every member of staff."""
    also: tuple[str, ...] = ()
    """Names of further addresses that belong to it: on them the entry is marked as the current one."""


PAGES: tuple[Page, ...] = (
    Page(
        "worklist", _("办件"), Action.SEE_CASES, ("case", "full_case", "act", "claim_lines", "claim_provider")
    ),
    Page(
        "counter",
        _("收费台"),
        Action.SETTLE_AT_COUNTER,
        (
            "counter_find",
            "counter_register",
            "counter_visit",
            "counter_describe",
            "counter_add_line",
            "counter_presettle",
            "counter_settle",
            "counter_settlement",
        ),
    ),
    Page("people", _("查参保人"), Action.SEE_PERSON),
    Page("window", _("窗口代办"), Action.ACT_FOR_WALK_IN),
    Page("payments", _("支付"), Action.PAY_CLAIM, ("paid",)),
    Page("figures", _("统计"), Action.SEE_FIGURES),
    Page(
        "lists", _("名单"), Action.EXPORT_LISTS, ("export_list", "import_list", "check_list", "confirm_list")
    ),
    Page("trail", _("留痕"), Action.SEE_TRAIL),
    Page("policy", _("规则"), Action.SEE_POLICY, ("policy_conflicts", "policy_stale", "policy_coverage")),
    Page("staff", _("工作人员"), Action.MANAGE_STAFF, ("new_staff", "member", "change_member")),
    Page("roles", _("岗位与权限")),
)
"""In the order in which they stand. The first one that somebody may open is where they land after signing in."""


def pages_for(clerk: Actor) -> Iterator[Page]:
    """The entries that somebody's offices open."""
    return (page for page in PAGES if page.action is None or clerk.roles & MATRIX[page.action])
