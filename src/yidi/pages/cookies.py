"""Cookies that hold a reader's wishes and nothing about them."""

from django.conf import settings
from django.http import HttpResponse

ONE_YEAR_S = 365 * 24 * 3600


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Set a cookie for a year, readable by this site alone."""
    response.set_cookie(
        name, value, max_age=ONE_YEAR_S, path="/", secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
