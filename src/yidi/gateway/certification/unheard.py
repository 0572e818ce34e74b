"""Noting a message that the fault bench keeps from the centre: its sender must ask again, and the checklist must know."""

from datetime import datetime

from yidi.gateway import institutions
from yidi.gateway.certification.watch import overhear
from yidi.gateway.envelope import Envelope
from yidi.gateway.json_text import decode
from yidi.gateway.nodes import read
from yidi.gateway.transactions import find
from yidi.values.errors import Refusal

UNHEARD = "UNHEARD"
"""The outcome of a message that never arrived."""


def note_unheard(raw: bytes, at: datetime) -> None:
    """Note it where its institution is in a run; one that cannot be read is not worth noting."""
    try:
        body = decode(raw)
        envelope = read(Envelope, body)
        watched = overhear(institutions.by_code(envelope.fixmedins_code), envelope, body, at)
        if watched is not None:
            watched.request = read(find(envelope.infno).request, envelope.input)
            watched.keep(outcome=UNHEARD)
    except Refusal:
        return
