"""Which language a page speaks: the one asked for with `?lang=`, else the cookie's, else Chinese.

The browser's own preference is not asked: many phones in China are set to English, and their owners are not.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER = "lang"
View = Callable[[HttpRequest], HttpResponse]


def in_chosen_language(view: View) -> View:
    """Run a view in the chosen language; a language asked for is remembered in the cookie."""

    @wraps(view)
    def speaking(request: HttpRequest) -> HttpResponse:
        asked = _known(request.GET.get(PARAMETER))
        language = (
            asked or _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)) or settings.LANGUAGE_CODE
        )
        with translation.override(language):
            response = view(request)
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ("Cookie",))
        if asked:
            _remember(response, asked)
        return response

    return speaking


def _known(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def same_page_in(query: QueryDict, language: str) -> str:
    """The query string of the same page in another language."""
    changed = query.copy()
    changed[PARAMETER] = language
    return "?" + changed.urlencode()
