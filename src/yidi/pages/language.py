"""Which language a page speaks: the one asked for with `?lang=`, else the cookie's, else Chinese.

The browser's own preference is not asked: many phones in China are set to English, and their owners are not.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yidi.pages.cookies import remember

PARAMETER = "lang"
OTHER = {"zh-hans": "en", "en": "zh-hans"}
Answer = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """Middleware: answers in the chosen language; a language asked for is remembered in a cookie."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = _known(request.GET.get(PARAMETER))
        language = (
            asked or _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)) or settings.LANGUAGE_CODE
        )
        with translation.override(language):
            response = self.answer(request)
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ("Cookie",))
        if asked:
            remember(response, settings.LANGUAGE_COOKIE_NAME, asked)
        return response


def _known(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None


def language() -> str:
    """The page's language as the project's own words know it: `zh` or `en`."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"
