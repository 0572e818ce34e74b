"""Watching messages: one insert for each message of an institution in a run, and nothing for all others."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from yidi.gateway.certification import facts
from yidi.gateway.certification.models import Exchange
from yidi.gateway.faults.suffered import SUFFERED
from yidi.gateway.json_text import digest
from yidi.gateway.models import Institution

if TYPE_CHECKING:
    from yidi.gateway.envelope import Envelope

logger = logging.getLogger("yidi.gateway")


@dataclass(slots=True)
class Watched:
    """A message of an institution in a run, as far as it was understood."""

    run: int
    at: datetime
    body: Mapping[str, Any]
    infno: str
    msgid: str
    envelope: Mapping[str, str] = field(default_factory=dict)
    """What its envelope says besides: home region, sign-in, maker of the client."""
    request: BaseModel | None = None

    def note(self, told: str | bytes) -> None:
        """Keep what the checklist needs. The message is answered and booked by now: no failure here may undo that."""
        try:
            if isinstance(told, bytes):
                self.keep(told=facts.differences(told))
            else:
                self.keep(outcome=facts.outcome(told), told=facts.told(told))
        except Exception:
            logger.exception("not noted for certification: %r %r", self.infno, self.msgid)

    def keep(self, **more: Any) -> None:
        """Insert the exchange."""
        Exchange.objects.create(
            run_id=self.run,
            at=self.at,
            transaction=self.infno.removesuffix("A"),
            msgid=self.msgid,
            digest=digest(self.body),
            fault=SUFFERED.get(),
            asked={**self.envelope, **facts.asked(self.request)},
            **more,
        )


def overhear(
    institution: Institution, envelope: "Envelope", body: Mapping[str, Any], at: datetime
) -> Watched | None:
    """The message of an institution, to be noted once it is answered; None where it is in no run."""
    if institution.certification is None:
        return None
    said = {
        "home": envelope.insuplc_admdvs,
        "signed_in": envelope.sign_no,
        "software": str(body.get("fixmedins_soft_fcty") or "")[:100],
    }
    return Watched(institution.certification, at, body, envelope.infno, envelope.msgid, said)
