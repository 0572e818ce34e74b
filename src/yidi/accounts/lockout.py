"""Failed attempts: counted by django-axes in the database, per name and per address; too many lock for a while.

What is counted under a name may be a sign-in name or what the real-name check was tried with; kept is a keyed hash.
Names that nobody has are counted too: a lock tells nothing about who exists.
"""

import copy
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from yidi.accounts.errors import LockedOut
from yidi.people.encryption import blind_index


class Handler(AxesDatabaseHandler):
    """django-axes' own handler; one address may fail more often than one name, since families and offices share one."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The failures counted against the limit of a name."""
        return max(weight for weight, _last in self.weighed(request, credentials))

    def weighed(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> list[tuple[int, datetime | None]]:
        """The failures of the name, and of the address in the measure of a name's; each with the last one's time."""
        limits = settings.AXES_FAILURE_LIMIT, settings.ADDRESS_FAILURE_LIMIT
        found = []
        for attempts, limit in zip(self.get_user_attempts(request, credentials), limits, strict=True):
            of = attempts.aggregate(count=Sum("failures_since_start"), last=Max("attempt_time"))
            found.append(((of["count"] or 0) * settings.AXES_FAILURE_LIMIT // limit, of["last"]))
        return found

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one failure. django-axes keeps what was posted; here it sees nothing of it."""
        if request is None:
            return
        bare = copy.copy(request)
        bare.__dict__["GET"] = bare.POST = QueryDict()
        super().user_login_failed(sender, credentials, bare, **kwargs)
        request.axes_locked_out = bare.axes_locked_out  # type: ignore[attr-defined]

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failures of one name at one address: a success tells nothing about other names or addresses."""
        mine, here = self.filter_user_attempts(request, credentials)
        return int((mine & here).delete()[0])


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What failures are counted under: a keyed hash of the name.

    People type their identity number, their telephone number or their own name where a sign-in name is asked for; none
    of them belongs into a table or a log.
    """
    return _hashed((credentials or {}).get("username") or "")


def _hashed(name: str) -> str:
    return blind_index(f"sign-in:{name}")


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address. Where proxies of ours stand in front, the one that the outermost of them saw."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = seen[-settings.PROXIES] if 0 < settings.PROXIES <= len(seen) else ""
    for text in (forwarded.strip(), request.META.get("REMOTE_ADDR") or ""):
        try:
            return str(ip_address(text))
        except ValueError:
            continue
    return None


def must_be_open(request: HttpRequest, name: str) -> None:
    """Raises LockedOut where the name or the address has failed too often of late."""
    if not AxesProxyHandler.is_allowed(request, {"username": name}):
        raise LockedOut(until=locked_until(request, name))


def failed(request: HttpRequest, name: str) -> None:
    """Count one failure. Raises LockedOut where it was one too many."""
    AxesProxyHandler.user_login_failed(__name__, {"username": name}, request)
    must_be_open(request, name)


def succeeded(request: HttpRequest, name: str) -> None:
    """Forget the failures of the name at this address."""
    AxesProxyHandler.get_implementation().reset_user_attempts(request, {"username": name})


def unlock(name: str) -> int:
    """Forget every failure of the name, at whatever address; how many addresses there were."""
    return int(AxesProxyHandler.reset_attempts(username=_hashed(name)))


def recent_failures(name: str) -> int:
    """How often signing in under the name has failed of late, at all addresses together."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(username=_hashed(name), attempt_time__gte=since)
    return int(recent.aggregate(failed=Sum("failures_since_start"))["failed"] or 0)


def locked_until(request: HttpRequest, name: str) -> str:
    """The first full minute after the lock, in local time."""
    weighed = AxesProxyHandler.get_implementation().weighed(request, {"username": name})
    locks = [last for weight, last in weighed if last and weight >= settings.AXES_FAILURE_LIMIT]
    end = max(locks, default=timezone.now()) + settings.AXES_COOLOFF_TIME
    return f"{timezone.localtime(end + timedelta(minutes=1)):%H:%M}"
