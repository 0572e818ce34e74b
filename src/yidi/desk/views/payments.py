"""Payments of approved claims: what is due, paying one or several, the list for the bank, and what was paid."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.queries import names_of
from yidi.accounts.terms import Action
from yidi.desk.clerks import clerk_of
from yidi.desk.targets import button_target
from yidi.operations import payments
from yidi.operations.errors import TooManyCases, TooManyRows
from yidi.operations.handling import MOST_AT_ONCE, Answer
from yidi.pages.language import language
from yidi.pages.serving import serve_sheet
from yidi.pages.templatetags.pages import say

clearing = staff_only(Action.PAY_CLAIM)


@clearing
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is to be paid, the oldest approval first."""
    rows = payments.due(clerk_of(request))
    page = Paginator(rows, MOST_AT_ONCE).get_page(request.GET.get("page"))
    context = {"page": page, "together": payments.sum_of(rows), "seen": payments.versions(page)}
    return render(request, "desk/payments/due.html", context)


@clearing
@button_target("desk:payments")
def pay(request: HttpRequest) -> HttpResponse:
    """Note the payment of the chosen claims; each is answered for by its number."""
    numbers = request.POST.getlist("number")
    seen = {number: _version(request.POST.get(f"seen-{number}", "")) for number in numbers}
    try:
        answers = payments.pay(seen, clerk_of(request))
    except TooManyCases as refusal:
        messages.error(request, say(refusal))
    else:
        _tell(request, answers)
    return redirect("desk:payments")


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1


def _tell(request: HttpRequest, answers: list[Answer]) -> None:
    done = [answer.number for answer in answers if answer.refusal is None]
    if done:
        told = ngettext(
            "已记为支付 %(count)d 件：%(numbers)s。", "已记为支付 %(count)d 件：%(numbers)s。", len(done)
        )
        messages.success(request, told % {"count": len(done), "numbers": _("、").join(done)})
    for answer in answers:
        if answer.refusal is not None:
            messages.warning(request, f"{answer.number}{_('：')}{say(answer.refusal)}")
    if not answers:
        messages.warning(request, _("没有选中办件。请先在列表里勾选。"))


@clearing
@button_target("desk:payments")
def export(request: HttpRequest) -> HttpResponse:
    """The list for the bank."""
    try:
        content = payments.payment_list(clerk_of(request), language())
    except TooManyRows as refusal:
        messages.error(request, say(refusal))
        return redirect("desk:payments")
    return serve_sheet(content, payments.TITLE[language()])


@clearing
@require_safe
def paid(request: HttpRequest) -> HttpResponse:
    """What was paid, the last payment first."""
    page = Paginator(payments.paid(clerk_of(request)), MOST_AT_ONCE).get_page(request.GET.get("page"))
    names = names_of(row.paid_by for row in page if row.paid_by)
    return render(request, "desk/payments/paid.html", {"page": page, "names": names})
