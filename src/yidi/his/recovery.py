"""What to do about a message whose outcome is not known: one table, what happened × what is known → what to do.

A settlement or cancellation is first sent again, as it was: a centre that keeps replies gives the stored one. Where that
does not help, the centre is asked by medins_setl_id (5203); what it has is taken over, and what it does not have is reversed
(2601), so that a message still on its way has no effect either. Only then may the visit be settled anew, under a new msgid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from yidi.his import books
from yidi.his.errors import NotSent, Refused, StillUnknown, Unanswered
from yidi.his.messages import Message, Reply, State

if TYPE_CHECKING:
    from yidi.his.hospital import Hospital


class Kind(StrEnum):
    READ = "read"
    """Changes nothing at the centre."""
    WRITE = "write"
    """Changes something that 2601 does not undo: sent again until it is answered."""
    SETTLE = "settle"
    CANCEL = "cancel"


class Known(StrEnum):
    """What is known about a message."""

    NEW = "new"
    """Written down just now."""
    NEVER_SENT = "never sent"
    """The client died before it sent it."""
    INTERRUPTED = "interrupted"
    """It was sent, and the client died or gave up before it was answered."""
    SILENT = "silent"
    """Sent as often as is allowed, and not answered."""
    ANSWERED = "answered"
    REFUSED = "refused"
    """Refused on its first sending: it had no effect."""
    DOUBTED = "doubted"
    """Refused when sent again: the first sending may have had an effect."""
    WRONG = "wrong"
    """Answered with amounts that do not hold."""
    FOUND = "found"
    """The centre has it, its amounts hold and it stands."""
    UNDONE = "undone"
    """The centre had it, and it was undone since."""
    ABSENT = "absent"
    """The centre does not have it, or cannot be asked for it."""
    REVERSED = "reversed"
    NOT_REVERSED = "not reversed"
    """The reversal was refused."""
    UNREACHABLE = "unreachable"
    """A question or a reversal about it was not answered."""


class Step(StrEnum):
    SEND = "send"
    ASK = "ask"
    TAKE_OVER = "take over"
    REVERSE = "reverse"
    LOOK_BACK = "look back"
    """Ask for the visit's messages that are thought to have no effect: one may have arrived late, or twice."""
    CLOSE = "close"
    """Known to have no effect."""
    DROP = "drop"
    DONE = "done"
    REPORT = "report"
    """Left for a person: the books do not take it over."""
    PARK = "park"
    """Stays open until the next recovery."""


def _every(known: Known, step: Step, *kinds: Kind) -> dict[tuple[Kind, Known], Step]:
    return {(kind, known): step for kind in kinds}


GIVEN_UP = (State.RESOLVED, State.REFUSED)
MONEY = (Kind.SETTLE, Kind.CANCEL)
TABLE: Mapping[tuple[Kind, Known], Step] = {
    **_every(Known.NEW, Step.SEND, *Kind),
    **_every(Known.NEVER_SENT, Step.DROP, *Kind),
    **_every(Known.INTERRUPTED, Step.SEND, Kind.WRITE, *MONEY),
    **_every(Known.INTERRUPTED, Step.DROP, Kind.READ),
    **_every(Known.SILENT, Step.PARK, *Kind),
    **_every(Known.ANSWERED, Step.DONE, *Kind),
    **_every(Known.REFUSED, Step.DONE, Kind.READ, Kind.WRITE),
    **_every(Known.REFUSED, Step.LOOK_BACK, *MONEY),
    **_every(Known.DOUBTED, Step.DONE, Kind.READ, Kind.WRITE),
    **_every(Known.DOUBTED, Step.ASK, *MONEY),
    **_every(Known.WRONG, Step.REPORT, Kind.READ, Kind.WRITE, Kind.CANCEL),
    **_every(Known.WRONG, Step.REVERSE, Kind.SETTLE),
    **_every(Known.FOUND, Step.TAKE_OVER, *MONEY),
    **_every(Known.UNDONE, Step.CLOSE, *MONEY),
    **_every(Known.ABSENT, Step.REVERSE, *MONEY),
    **_every(Known.REVERSED, Step.CLOSE, *MONEY),
    **_every(Known.NOT_REVERSED, Step.CLOSE, *MONEY),
    **_every(Known.UNREACHABLE, Step.PARK, *MONEY),
}
WITHOUT_REPLAY: Mapping[tuple[Kind, Known], Step] = {
    **TABLE,
    **_every(Known.INTERRUPTED, Step.ASK, *MONEY),
    **_every(Known.SILENT, Step.ASK, *MONEY),
}
"""For a centre that does not keep replies: sending a settlement again would be a second settlement."""

KINDS: Mapping[str, Kind] = {
    "2207": Kind.SETTLE,
    "2208": Kind.CANCEL,
    **dict.fromkeys(
        ("2201", "2202", "2203", "2204", "2205", "2601", "9001", "9002", "9101", "2501", "2502", "2503", "2504",
         "2505", "2506", "3203", "3204", "3261", "3262"),
        Kind.WRITE,
    ),
}  # fmt: skip


def kind_of(message: Message) -> Kind:
    """What kind of message it is; what is not in the table reads."""
    return KINDS.get(message.kind, Kind.READ)


@dataclass
class Case:
    """A message on its way to being known."""

    message: Message
    known: Known
    reply: Reply | None = None
    """The centre's answer, where it is what the caller should see."""
    faults: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    """The output of 5203, with the names of 2207."""


class Recovery:
    """Follows the table until a message is known, or cannot be for now."""

    def __init__(self, hospital: "Hospital") -> None:
        self._hospital = hospital
        self._journal = hospital.journal
        self._table = TABLE if hospital.config.dialect.replays else WITHOUT_REPLAY

    def resolve(self, message: Message, known: Known) -> Case:
        """Find out what became of a message. Raises StillUnknown where the centre cannot be reached."""
        case = Case(message, known)
        kind = kind_of(message)
        while True:
            step = self._table[kind, case.known]
            learnt: Known | None = getattr(self, f"_{step.name.lower()}")(case)
            if learnt is None:
                return case
            case.known = learnt

    def reopen(self, message: Message) -> Case:
        """Go on with a message that an earlier run left open. Raises StillUnknown."""
        if message.state is State.PREPARED:
            return self.resolve(message, Known.NEVER_SENT)
        tried = bool(self._journal.reversals_of(message.msgid))
        return self.resolve(
            message, Known.DOUBTED if tried and kind_of(message) in MONEY else Known.INTERRUPTED
        )

    # the steps: each says what is known after it, or None where nothing more is to be done

    def _send(self, case: Case) -> Known:
        once = not self._hospital.config.dialect.replays and kind_of(case.message) in MONEY
        for turn in range(self._hospital.config.recovery.attempts):
            self._hospital.pause(turn)
            case.message = self._journal.message(case.message.msgid)
            try:
                reply = self._hospital.attempt(case.message)
            except NotSent:
                continue
            except Unanswered:
                if once:
                    break
                continue
            return self._taken(case, reply, first=case.message.attempts == 0)
        return Known.SILENT

    def _taken(self, case: Case, reply: Reply, *, first: bool) -> Known:
        case.reply = reply
        case.faults = self._hospital.take(case.message, reply)
        if case.faults:
            return Known.WRONG
        if reply.done:
            return Known.ANSWERED
        return Known.REFUSED if first else Known.DOUBTED

    def _ask(self, case: Case) -> Known:
        try:
            return self._asked(case, case.message)
        except StillUnknown:
            return Known.UNREACHABLE

    def _asked(self, case: Case, message: Message) -> Known:
        """What 5203 says about a message. Raises StillUnknown."""
        try:
            output = self._hospital.query_settlement(message)
            info = books.as_settled(output["setlinfo"])
        except (Refused, *books.UNREADABLE):
            return Known.ABSENT
        if info.get("medins_setl_id") != message.msgid:
            return Known.ABSENT
        refunded = str(info.get("refd_setl_flag")) == "1" or info.get("refd_setl_id")
        if kind_of(message) is Kind.SETTLE and refunded:
            return Known.UNDONE
        case.found = {**output, "setlinfo": info}
        case.faults = books.faults_of(self._journal, message, case.found)
        return Known.WRONG if case.faults else Known.FOUND

    def _take_over(self, case: Case) -> None:
        case.reply = None
        with self._journal.together():
            self._journal.end(case.message, State.RESOLVED, note="已按中心的结算信息（5203）入账")
            books.enter(self._journal, case.message, case.found)

    def _reverse(self, case: Case) -> Known:
        case.reply = None
        try:
            self._hospital.reverse_message(case.message)
        except Refused:
            return Known.NOT_REVERSED
        except StillUnknown:
            return Known.UNREACHABLE
        return Known.REVERSED

    def _look_back(self, case: Case) -> None:
        """A refusal may come of an earlier message that arrived after it was given up, or of this one arriving twice."""
        for earlier in self._journal.messages_of(case.message.visit, case.message.kind):
            if earlier.state not in GIVEN_UP or self._journal.settlement_by_message(earlier.msgid):
                continue
            late = Case(earlier, Known.DOUBTED)
            if self._ask(late) is Known.FOUND:
                self._take_over(late)
                case.reply = None
                return

    def _close(self, case: Case) -> None:
        case.reply = None
        if self._journal.message(case.message.msgid).state is not State.RESOLVED:
            self._journal.end(case.message, State.RESOLVED, note="没有效力")
        if case.faults:
            reversed_ = case.known is Known.REVERSED
            self._dispute(case, "已冲正，没有入账" if reversed_ else "冲正被拒绝，没有入账")

    def _drop(self, case: Case) -> None:
        self._journal.end(case.message, State.DROPPED)

    def _done(self, case: Case) -> None:
        pass

    def _report(self, case: Case) -> None:
        self._dispute(case, "没有入账")
        self._journal.end(case.message, State.RESOLVED, note="；".join(case.faults))

    def _dispute(self, case: Case, done: str) -> None:
        case.faults = [*case.faults, done]
        self._hospital.dispute(case.message.visit, "；".join(case.faults))

    def _park(self, case: Case) -> None:
        raise StillUnknown(
            msgid=case.message.msgid,
            infno=case.message.infno,
            why=self._journal.message(case.message.msgid).note,
        )
