"""Forms whose token is not the one of this browser: forged, or sent from a page that was open while somebody signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from yidi.accounts.kept_input import keep_input


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nothing is carried out. A page of ours that was merely old is shown again with what was typed.

    Signing in gives a new token, so a form opened before that in another tab comes with the old one.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if own and hasattr(request, "session") and keep_input(request):
        messages.warning(request, _("这一页打开期间您重新登录过，内容还没有提交。请核对后再提交一次。"))
        return HttpResponseRedirect(request.path)
    return render(request, "403.html", status=403)
