"""What each button of a case's page does: the form it takes, and the one service that it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from yidi.accounts.actors import Actor
from yidi.claims import services as claims
from yidi.claims.terms import RejectReason as ClaimReason
from yidi.desk.case_file import CaseFile
from yidi.desk.forms.case import AskForm, EndForm, GrantForm, PlainForm, RejectForm
from yidi.desk.forms.worklist import HandOutForm
from yidi.filing import services as filings
from yidi.filing.states import RejectReason as FilingReason
from yidi.operations import handling
from yidi.operations.demands import last_day
from yidi.operations.terms import Offer
from yidi.pages.fields import Choices, day_text
from yidi.pages.language import language
from yidi.qualification import services as qualifications
from yidi.qualification.queries import first_free_day
from yidi.qualification.states import RejectReason as QualificationReason
from yidi.values import materials
from yidi.values.errors import Refusal
from yidi.values.terms import CaseKind

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done to a case."""

    form: Callable[[CaseFile, Any], forms.Form]
    """The form, fresh or with what was sent."""
    do: Callable[[Any, Typed, Actor], object]
    """Calls the service; what is False was noted and is not decided yet."""


def _plain(file: CaseFile, data: Any) -> forms.Form:
    return PlainForm(data)


def _to_colleague(file: CaseFile, data: Any) -> forms.Form:
    return HandOutForm(colleagues_of(file.clerk), data, initial={"clerk": file.case.assigned_to})


def colleagues_of(clerk: Actor) -> Choices:
    """Those to whom a supervisor may give cases, to choose from."""
    return [(user.username, f"{user.name}（{user.username}）") for user in handling.colleagues(clerk)]


def _ask(file: CaseFile, data: Any) -> forms.Form:
    missing = materials.named(file.missing, language())
    begun = _("请补交：%(missing)s。") % {"missing": missing} if missing else ""
    return AskForm(data, initial={"reason": begun}, auto_id="ask_%s")


def _reject(file: CaseFile, data: Any) -> forms.Form:
    return RejectForm(_REASONS[file.kind], data, auto_id="reject_%s")


def _end(file: CaseFile, data: Any) -> forms.Form:
    return EndForm(file.today, data, auto_id="end_%s")


def _grant(file: CaseFile, data: Any) -> forms.Form:
    """From today on, or the day after what is held now, until the day that the pool's rule gives."""
    said, ends = _("规则没有写明有效期；留空为长期。"), None
    starts = first_free_day(file.case, file.today)
    rule = None if isinstance(file.demand, Refusal) else file.demand.qualification
    if rule is not None and rule.years_valid:
        ends = last_day(rule, starts)
        said = _("按规则有效 %(years)d 年。改了开始日期的，这里留空就按规则推算。") % {
            "years": rule.years_valid
        }
    elif rule is not None and rule.valid:
        said = _("按规则长期有效；留空为长期。")
    initial = {"starts": day_text(starts), "ends": day_text(ends)}
    return GrantForm(said, data, initial=initial, auto_id="grant_%s")


def _granted(case: Any, typed: Typed, clerk: Actor) -> bool:
    return qualifications.approve(case, typed["starts"], clerk, typed["ends"], typed["providers"])


def _expire(case: Any, typed: Typed, clerk: Actor) -> None:
    qualifications.expire(case, typed["last_day"], clerk, typed["reason"])


def _cancel(case: Any, typed: Typed, clerk: Actor) -> None:
    on: date = typed["last_day"]
    filings.cancel(case, on, clerk, typed["reason"])


_REASONS = {
    CaseKind.QUALIFICATION: QualificationReason,
    CaseKind.FILING: FilingReason,
    CaseKind.CLAIM: ClaimReason,
}


def _common(service: Any) -> dict[Offer, Button]:
    """What is done with cases of every kind; the names are the same in every room."""
    return {
        Offer.TAKE_ON: Button(_plain, lambda case, typed, clerk: handling.take_on(case, clerk)),
        Offer.ASSIGN: Button(
            _to_colleague, lambda case, typed, clerk: handling.assign(case, typed["clerk"], clerk)
        ),
        Offer.ASK: Button(
            _ask, lambda case, typed, clerk: service.ask_for_more(case, typed["reason"], clerk)
        ),
        Offer.REJECT: Button(
            _reject, lambda case, typed, clerk: service.reject(case, typed["reason"], clerk, typed["text"])
        ),
        Offer.APPROVE: Button(_plain, lambda case, typed, clerk: service.approve(case, clerk)),
    }


BUTTONS: Mapping[CaseKind, Mapping[Offer, Button]] = {
    CaseKind.QUALIFICATION: _common(qualifications)
    | {Offer.APPROVE: Button(_grant, _granted), Offer.END: Button(_end, _expire)},
    CaseKind.FILING: _common(filings) | {Offer.END: Button(_end, _cancel)},
    CaseKind.CLAIM: _common(claims)
    | {
        Offer.ASSESS: Button(_plain, lambda case, typed, clerk: claims.assess(case, clerk)),
        Offer.PAY: Button(_plain, lambda case, typed, clerk: claims.pay(case, clerk)),
    },
}


def told(offer: Offer, outcome: object) -> str:
    """What to tell the clerk after it was done. A vote that does not decide yet answers False."""
    if outcome is False:
        return _("已记下您的意见。还需要其他经办人表决。")
    return {
        Offer.TAKE_ON: _("已领取，这件由您办理。"),
        Offer.ASSIGN: _("已分派。"),
        Offer.ASK: _("已通知申请人补充；补齐以前暂停计时。"),
        Offer.REJECT: _("已决定不予通过，并通知申请人。"),
        Offer.APPROVE: _("已同意，并通知申请人。"),
        Offer.END: _("已终止。"),
        Offer.ASSESS: _("已核定。请另一位经办人批准。"),
        Offer.PAY: _("已登记支付。"),
        Offer.CORRECT: _("已更正。"),
    }[offer]
