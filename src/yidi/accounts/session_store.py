"""Where sessions are kept: in the database, encrypted with the key of personal data, each with its owner."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from yidi.accounts.models import Session
from yidi.people.encryption import decrypt, encrypt
from yidi.people.errors import WrongDataKey

SINCE = "since"
"""Under which the session keeps when its owner signed in, in seconds of Unix time."""
IDLE = "idle"
"""Under which the session keeps after how many seconds without use it ends."""
KEPT_AFTER_END = timedelta(days=1)
"""How long it is remembered whose an ended session was: what its owner typed too late is theirs alone."""


class SessionStore(DatabaseStore):
    """Django's database sessions with an owner's column, sealed with SM4."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.expire_date = timezone.now() + timedelta(seconds=data.get(IDLE, settings.SESSION_COOKIE_AGE))
        if SESSION_KEY in data:
            row.user_id = int(data[SESSION_KEY])
            row.since = datetime.fromtimestamp(data[SINCE], UTC)
        return row

    def save(self, must_create: bool = False) -> None:
        """As always; but a session that was ended while a request was on its way is not brought back to life.

        Raises UpdateError, which ends that request.
        """
        ended = Session.objects.filter(pk=self.session_key, expire_date__lte=timezone.now())
        if not must_create and self.session_key and ended.exists():
            raise UpdateError
        super().save(must_create)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What the session keeps, sealed."""
        return b64encode(encrypt(json.dumps(session_dict, separators=(",", ":")))).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What `encode` sealed; nothing where the data key was changed since: its owner signs in again."""
        try:
            kept: dict[str, Any] = json.loads(decrypt(b64decode(session_data)))
        except (WrongDataKey, ValueError):
            return {}
        return kept

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that ended more than a day ago."""
        Session.objects.filter(expire_date__lt=timezone.now() - KEPT_AFTER_END).delete()
