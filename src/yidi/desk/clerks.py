"""Who works at the desk in a request."""

from dataclasses import replace
from typing import cast

from django.http import HttpRequest

from yidi.accounts.actors import Actor
from yidi.accounts.sessions import actor_for

_KEPT = "_clerk"


def clerk_of(request: HttpRequest) -> Actor:
    """The member of staff, acting for nobody else: whom they help at the window has no part in what they decide here.

    Raises SignedOut.
    """
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, replace(actor_for(request), principal=""))
    return cast(Actor, getattr(request, _KEPT))
