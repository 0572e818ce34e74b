"""A bad network, on purpose and by plan: what goes wrong is decided by visit, transaction and number of the sending."""

import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum

from yidi.his.connection import Transport
from yidi.his.errors import NotSent, Unanswered
from yidi.his.journal import Journal
from yidi.his.messages import Answer, Message, unanswered

LATE_S = 0.4
"""When a message that was held up comes to the centre after all."""


class Fault(StrEnum):
    DROP_BEFORE = "drop-before"
    """The message does not leave."""
    DROP_AFTER = "drop-after"
    """The message arrives; its reply is lost."""
    CUT = "cut"
    """The reply breaks off in the middle."""
    LATE = "late"
    """The sender gives up before the message arrives, and it arrives all the same."""
    TWICE = "twice"
    """The message arrives twice; the second reply is the one that comes back."""
    KILL_BEFORE = "kill-before"
    """The client dies (SIGKILL) before the message leaves."""
    KILL_AFTER = "kill-after"
    """The client dies after the message arrived, before it saw the reply."""

    @property
    def zh(self) -> str:
        return SAID[self]


SAID: Mapping[Fault, str] = {
    Fault.DROP_BEFORE: "没有发出",
    Fault.DROP_AFTER: "回复丢失",
    Fault.CUT: "回复截断",
    Fault.LATE: "超时后才到达",
    Fault.TWICE: "重复送达",
    Fault.KILL_BEFORE: "发送前被终止",
    Fault.KILL_AFTER: "收到回复前被终止",
}

Plan = Mapping[str, Mapping[str, tuple[Fault, ...]]]
"""Visit → number of the transaction without its A → what befalls its first, second, … sending for that visit."""


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def later(work: Callable[[], None]) -> None:
    """Do something on a thread of its own in a while; the process waits for it before it ends."""
    threading.Timer(LATE_S, work).start()


class FaultyTransport:
    """Brings messages by another transport, except where the plan says otherwise."""

    def __init__(
        self,
        transport: Transport,
        plan: Plan,
        journal: Journal,
        kill: Callable[[], None] = die,
        postpone: Callable[[Callable[[], None]], None] = later,
    ) -> None:
        self._transport = transport
        self._plan = plan
        self._journal = journal
        self._kill = kill
        self._postpone = postpone

    def post(self, message: Message) -> Answer:
        """Send a message once. Raises NotSent, Unanswered."""
        planned = self._plan.get(message.visit, {}).get(message.kind, ())
        number = self._journal.sendings(message.visit, message.kind) if planned else 0
        if not 0 < number <= len(planned):
            return self._transport.post(message)
        return self._spoilt(planned[number - 1], message)

    def close(self) -> None:
        self._transport.close()

    def _spoilt(self, fault: Fault, message: Message) -> Answer:
        if fault is Fault.KILL_BEFORE:
            self._kill()
        if fault in (Fault.DROP_BEFORE, Fault.KILL_BEFORE):
            raise unanswered(message, fault.zh, NotSent)
        if fault is Fault.LATE:
            self._postpone(lambda: self._quietly(message))
            raise unanswered(message, fault.zh)
        answer = self._transport.post(message)
        if fault is Fault.KILL_AFTER:
            self._kill()
        if fault is Fault.TWICE:
            return self._transport.post(message)
        if fault is Fault.CUT:
            return Answer(answer.status, answer.content_type, answer.body[: len(answer.body) // 2])
        raise unanswered(message, fault.zh)

    def _quietly(self, message: Message) -> None:
        with suppress(Unanswered):
            self._transport.post(message)
