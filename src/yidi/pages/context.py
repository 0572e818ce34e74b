"""What every page's layout knows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yidi.pages import language, type_size


def page(request: HttpRequest) -> dict[str, Any]:
    """The switches of language and type size, and whether the data of this site are invented.

    The addresses are made when a layout asks for them: the plain error pages do not, and must work for requests whose
    address cannot be read.
    """
    other = language.OTHER.get(get_language() or "", settings.LANGUAGE_CODE)
    large = getattr(request, "large_type", False)
    return {
        "other_language": other,
        "other_language_address": partial(_same_page, request, language.PARAMETER, other),
        "large_type": large,
        "other_type_address": partial(
            _same_page, request, type_size.PARAMETER, type_size.NORMAL if large else type_size.LARGE
        ),
        "is_demo": settings.DEMO,
    }


def _same_page(request: HttpRequest, name: str, value: str) -> str:
    """The address of this page with one parameter changed; of a page that was posted, its plain address."""
    query = request.GET.copy()
    query[name] = value
    return "?" + query.urlencode()
