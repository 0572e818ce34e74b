"""What somebody typed before their session ended: kept in their own new session until they have signed in again.

A view shows it again like this; nothing is carried out before it is sent anew:

    kept = pop_kept_input(request)
    form = MyForm(request.POST if request.method == "POST" else kept.fields if kept else None)
"""

import time
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from yidi.accounts.models import User
from yidi.accounts.sessions import owner_of_ended

KEPT = "kept-input"
"""Under which the session keeps it."""
MOST_BYTES = 64 * 1024
LONGEST_S = 3600
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "code", "account_number")
"""What a field's name must not contain."""


@dataclass(frozen=True, slots=True)
class KeptInput:
    """The fields of a form as they were sent, and the names of its fields for files: those must be chosen anew."""

    fields: QueryDict
    files: tuple[str, ...]


def keep_input(request: HttpRequest) -> bool:
    """Keep what a form sent too late, for the user whose session ended; whether it was kept.

    Nothing is kept for a browser whose session was never anybody's: strangers store nothing here.
    """
    owner = request.user.pk if isinstance(request.user, User) else owner_of_ended(request)
    if request.method != "POST" or owner is None:
        return False
    fields = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not any(part in name.lower() for part in NEVER_KEPT):
            fields.setlist(name, values)
    text = fields.urlencode()
    if len(text) > MOST_BYTES:
        return False
    request.session[KEPT] = {
        "owner": owner,
        "path": request.path,
        "fields": text,
        "files": sorted(request.FILES),
        "at": int(time.time()),
    }
    return True


def pop_kept_input(request: HttpRequest) -> KeptInput | None:
    """What this user had typed into the form of this page, once; None where there is nothing."""
    kept = request.session.get(KEPT)
    if kept is None or request.method != "GET" or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    if kept["owner"] != request.user.pk or time.time() - kept["at"] > LONGEST_S:
        return None
    return KeptInput(QueryDict(kept["fields"]), tuple(kept["files"]))
