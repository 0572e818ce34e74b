"""A person's own pages: for themselves, for the relative they let act, for the window clerk before whom they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from yidi.accounts import sessions
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.doors import never_stored, sent_to_sign_in
from yidi.accounts.models import User
from yidi.accounts.terms import MATRIX, Action, UserKind
from yidi.audit.services import looked
from yidi.casework.models import Case
from yidi.casework.queries import pools_of
from yidi.consents.queries import relative_may, window_may
from yidi.operations.cases import find_own
from yidi.operations.errors import UnknownCase
from yidi.operations.mine import Pools, in_pools
from yidi.people.models import Person
from yidi.people.queries import by_number

OfKind = TypeVar("OfKind", bound=Case)
Row = TypeVar("Row", bound=Model)
READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Me:
    """Whose pages these are, and who looks at them."""

    person: Person
    actor: Actor

    @property
    def helps(self) -> bool:
        """Whether somebody acts for the person."""
        return bool(self.actor.principal)

    @property
    def at_window(self) -> bool:
        """Whether a clerk does, at a window."""
        return self.actor.kind is ActorKind.CLERK

    @property
    def pools(self) -> Pools:
        """The pools that whoever looks may see; None for all of them."""
        return pools_of(self.actor.region) if self.at_window else None

    def seen_of(self, rows: QuerySet[Row], coverage: str = "coverage") -> QuerySet[Row]:
        """Those of the person's rows that whoever looks may see: a window clerk sees those of their region alone."""
        return in_pools(rows, self.pools, coverage)


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door: the view is called with `Me` after the request.

    Whoever may not act for the person any longer acts for themselves again. A clerk's looks are logged.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_come_in(request):
            return sent_to_sign_in(request, UserKind.PERSON)
        actor = sessions.actor_for(request)
        me = Me(by_number(actor.principal or actor.name), actor)
        if me.helps and not _may_help(me):
            return _no_longer(request, me)
        if me.at_window and request.method in READING:
            looked(actor, me.person.number, request.resolver_match.view_name, "窗口代办")  # type: ignore[union-attr]
        return view(request, me, *args, **kwargs)

    return never_stored(guarded)


def _may_come_in(request: HttpRequest) -> bool:
    """Whether an insured person signed in, or a window clerk who acts for somebody."""
    user = request.user
    if not isinstance(user, User) or not sessions.signed_in_fully(user):
        return False
    if user.kind == UserKind.PERSON:
        return True
    actor = sessions.actor_for(request)
    return bool(actor.principal and actor.roles & MATRIX[Action.ACT_FOR_WALK_IN])


def _may_help(me: Me) -> bool:
    may = window_may if me.at_window else relative_may
    return may(me.actor.name, me.person, timezone.localdate())


def _no_longer(request: HttpRequest, me: Me) -> HttpResponse:
    """Back to one's own pages: the consent was taken back, or its day is over."""
    sessions.act_for_oneself(request)
    messages.warning(request, _("代办授权已经结束，不能再替对方办理。现在办的是您自己的事。"))
    return redirect(settings.HOME_PAGES["staff" if me.at_window else "person"])


def own_case(me: Me, kind: type[OfKind], number: str) -> OfKind:
    """The person's case of that kind with that number. Raises Http404, also where it is another's."""
    try:
        case = find_own(number, me.actor)
    except UnknownCase:
        raise Http404 from None
    if not isinstance(case, kind):
        raise Http404
    return case
