"""The first of a person's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yidi.accounts.models import User
from yidi.consents.queries import helped_by
from yidi.operations.mine import mine
from yidi.portal.own import Me, own_page


@require_safe
@own_page
def me(request: HttpRequest, me: Me) -> HttpResponse:
    """What is asked of the person now, what ends soon, what was used, what there is."""
    today = timezone.localdate()
    context = {
        "me": me,
        "mine": mine(me.person, today, me.pools),
        "helped": () if me.helps else helped_by(me.person, today),
        "change_password": isinstance(request.user, User)
        and request.user.must_change_password
        and not me.helps,
    }
    return render(request, "portal/me/me.html", context)
