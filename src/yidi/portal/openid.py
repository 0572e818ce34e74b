"""Coming back from the identity provider: who it is, or what to say when it went wrong."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from requests import RequestException

from yidi.accounts import sessions
from yidi.accounts.doors import NEXT, is_safe, never_stored
from yidi.accounts.openid import Adapter, claimed
from yidi.accounts.real_name import by_openid

OPENID = "openid"
"""Under which the session keeps whom the identity provider let in, until they have said who they are."""
PROVIDER_ID = "oidc"
BAD_GATEWAY = 502


class Door(DefaultSocialAccountAdapter):
    """Takes over from django-allauth as soon as the provider has spoken: accounts are ours, not its."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sign the person in, or ask them once who they are."""
        try:
            openid, name, identity = claimed(sociallogin)
        except OAuth2Error:
            raise ImmediateHttpResponse(failed(request)) from None
        wanted = sociallogin.state.get("next") or ""
        after = wanted if is_safe(request, wanted) else resolve_url(settings.HOME_PAGES["person"])
        answer: HttpResponse
        user = by_openid(openid, name, identity)
        if user is None:
            request.session[OPENID] = openid
            answer = redirect(f"{resolve_url('portal:say_who')}?{urlencode({NEXT: after})}")
        elif not user.is_active:
            answer = failed(request)
        else:
            sessions.begin(request, user)
            answer = redirect(after)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Whatever went wrong on the way: one page that says what to do."""
        raise ImmediateHttpResponse(failed(request))


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a sign-in at the provider that did not hold."""
    return render(request, "portal/sign_in/openid_failed.html", status=BAD_GATEWAY)


@never_stored
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the identity provider."""
    return _through(OAuth2LoginView, request, provider_id)


@never_stored
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the identity provider."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(step: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if not settings.OIDC_ISSUER or provider_id != PROVIDER_ID:
        raise Http404
    try:
        answer: HttpResponse = step.adapter_view(Adapter(request, provider_id))(request)
    except (OAuth2Error, RequestException):
        return failed(request)
    return answer
