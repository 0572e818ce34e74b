"""How many messages an institution may send in a minute of the clock.

The count is a row of the database, so that all processes share it: one statement per message, none where no limit is set.
"""

from datetime import datetime

from django.db import connection

from yidi.gateway.errors import TooManyMessages
from yidi.gateway.models import Institution

MINUTE_S = 60
_COUNT = """
INSERT INTO gateway_rate (institution_id, minute, messages) VALUES (%s, %s, 1)
ON CONFLICT (institution_id) DO UPDATE SET
    messages = CASE WHEN gateway_rate.minute = excluded.minute THEN gateway_rate.messages + 1 ELSE 1 END,
    minute = excluded.minute
RETURNING messages
"""


def count(institution: Institution, now: datetime) -> None:
    """Count a message. Raises TooManyMessages with when to come again."""
    if institution.per_minute is None:
        return
    seconds = int(now.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [institution.pk, seconds // MINUTE_S])
        (sent,) = cursor.fetchone()
    if sent > institution.per_minute:
        raise TooManyMessages(most=institution.per_minute, seconds=MINUTE_S - seconds % MINUTE_S)
