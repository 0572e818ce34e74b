"""One hospital's way through a visit (interface §8.3), every message of it written down before it is sent."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

from yidi.his import books, visits
from yidi.his.config import Config
from yidi.his.connection import Connection, Transport
from yidi.his.errors import Refused, StillUnknown, Unanswered, WrongReply, WrongState
from yidi.his.journal import Journal, SettlementRecord, VisitRecord, VisitState
from yidi.his.messages import Message, Reply, State, envelope, read_reply
from yidi.his.recovery import Case, Known, Recovery
from yidi.his.visits import Visit

ANEW = 4
"""How often one visit is settled or cancelled under a new msgid after the one before had no effect."""
ALL_LINES = "0000"
UNSETTLED = (VisitState.UPLOADED, VisitState.CANCELLED)


class Hospital:
    """A hospital's client: `settle`, `cancel`, `reverse` and `withdraw` a visit, `call` anything else, `recover`.

    Visits are named by the hospital's own number. Where a visit is, the journal says: every method goes on from there, so
    that it may be called again after a crash.
    """

    def __init__(
        self,
        config: Config,
        journal: Journal,
        transport: Transport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.config = config
        self.journal = journal
        self.transport: Transport = transport or Connection(config)
        self.sign_no = ""
        self._wait = wait
        self._recovery = Recovery(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.transport.close()
        self.journal.close()

    # messages

    def compose(
        self, infno: str, given: Any, *, visit: str = "", home: str = "", refers: str = ""
    ) -> Message:
        """Write a new message down. It is not sent yet."""

        def build(msgid: str, now: datetime) -> dict[str, Any]:
            return envelope(self.config, infno, msgid, now, given, home=home, sign_no=self.sign_no)

        return self.journal.prepare(self.config.institution.code, infno, build, visit, refers)

    def attempt(self, message: Message) -> Reply:
        """Send a message once. Raises NotSent, Unanswered."""
        sent = self.journal.sending(message)
        try:
            return read_reply(sent, self.transport.post(sent), self.config.dialect.unsure)
        except Unanswered as error:
            self.journal.end(sent, State.UNKNOWN, note=str(error.details["why"]))
            raise

    def take(self, message: Message, reply: Reply) -> list[str]:
        """Enter a reply into the books; one that does not hold is not entered, and its faults are returned."""
        if not reply.done:
            self.journal.end(message, State.REFUSED, reply.text, reply.why)
            return []
        faults = books.faults_of(self.journal, message, reply.output)
        if not faults:
            try:
                with self.journal.together():
                    self.journal.end(message, State.ANSWERED, reply.text)
                    books.enter(self.journal, message, reply.output)
            except books.UNREADABLE as error:
                faults = [f"回复缺少字段或字段无法读取（{error}）"]
        if faults:
            self.journal.end(message, State.UNKNOWN, note="；".join(faults))
        return faults

    def send(self, message: Message) -> Any:
        """Send a message once and take its reply, without any recovery. Raises Refused, NotSent, Unanswered, WrongReply."""
        reply = self.attempt(message)
        return self._output(Case(message, Known.ANSWERED, reply, self.take(message, reply)))

    def deliver(self, message: Message) -> Any:
        """Send a message and find out what became of it; its output, or None where it has no effect or was found later.

        Raises Refused, StillUnknown, WrongReply.
        """
        return self._output(self._recovery.resolve(message, Known.NEW))

    def call(self, infno: str, given: Any, *, visit: str = "", home: str = "", refers: str = "") -> Any:
        """Compose and deliver a message. Raises Refused, StillUnknown, WrongReply."""
        return self.deliver(self.compose(infno, given, visit=visit, home=home, refers=refers))

    def _output(self, case: Case) -> Any:
        message, reply = case.message, case.reply
        if case.faults:
            done = case.faults.pop() if len(case.faults) > 1 else "没有入账"
            faults = "；".join(case.faults)
            raise WrongReply(msgid=message.msgid, infno=message.infno, faults=faults, done=done)
        if reply is not None and not reply.done:
            raise Refused(msgid=message.msgid, infno=message.infno, why=reply.why.rstrip("。"))
        return reply.output if reply is not None else None

    def pause(self, turn: int) -> None:
        """Wait before that turn of sending a message: not before the first, then longer each time."""
        settings = self.config.recovery
        if turn:
            self._wait(min(settings.wait_s * 2 ** (turn - 1), settings.longest_wait_s))

    def recover(self, numbers: Sequence[str] | None = None) -> tuple[list[Case], list[StillUnknown]]:
        """Resolve what an earlier run left open, of all visits or of these: the cases closed, and those still open.

        Reversals come first: what they undo need not be sent again.
        """
        closed, still = [], []
        open_now = self.journal.open_messages(numbers)
        for message in sorted(open_now, key=lambda message: message.kind != "2601"):
            current = self.journal.message(message.msgid)
            if current.state in (State.PREPARED, State.SENT, State.UNKNOWN):
                try:
                    closed.append(self._recovery.reopen(current))
                except StillUnknown as error:
                    still.append(error)
        return closed, still

    # the counter

    def sign_in(self) -> None:
        """Sign in for the day (9001). Raises Refused, StillUnknown."""
        operator = {"opter_no": self.config.operator.number, "mac": "00:00:00:00:00:00", "ip": "127.0.0.1"}
        self.sign_no = self.call("9001", {"signIn": operator})["signinoutb"]["sign_no"]

    def sign_out(self) -> None:
        """Sign out at the day's end (9002). Raises Refused, StillUnknown."""
        self.call("9002", {"signOut": {"sign_no": self.sign_no, "opter_no": self.config.operator.number}})

    def open_visit(self, data: dict[str, Any]) -> str:
        """A new visit, or the one that is there already; its number. Raises BadInput."""
        visit = Visit.read(data)
        self.journal.add_visit(visit.id, data)
        return visit.id

    def prepare(self, number: str) -> VisitRecord:
        """Bring a visit to where it can be settled. Raises Refused, StillUnknown, WrongReply, WrongState."""
        self._settle_open(number)
        record = self.journal.visit(number)
        while record.state in STEPS:
            STEPS[record.state](self, Visit.read(record.data), record)
            record = self.journal.visit(number)
        return record

    def _settle_open(self, number: str) -> None:
        """Nothing new is begun while a message of the visit is open. Raises StillUnknown."""
        _, still = self.recover([number])
        if still:
            raise still[0]

    def _read(self, visit: Visit, record: VisitRecord) -> None:
        self._call("1101", visits.reading(visit), record)

    def _register(self, visit: Visit, record: VisitRecord) -> None:
        if visit.disease:
            self._call("5301", {"data": {"psn_no": record.psn_no}}, record)
        self._call("2201", visits.registration(visit, record), record)

    def _describe(self, visit: Visit, record: VisitRecord) -> None:
        self._call("2203A", visits.description(visit, record), record)

    def _upload(self, visit: Visit, record: VisitRecord) -> None:
        self._call("2204", visits.details(visit, record), record)

    def _call(self, infno: str, given: Any, record: VisitRecord, refers: str = "") -> Any:
        return self.call(infno, given, visit=record.number, home=record.home, refers=refers)

    def presettle(self, number: str) -> dict[str, Any]:
        """What settling would come to: the setlinfo of 2206A. Raises as `prepare` does."""
        record = self.prepare(number)
        output = self._call("2206A", visits.bill(Visit.read(record.data), record), record)
        info: dict[str, Any] = output["setlinfo"]
        return info

    def compose_settlement(self, number: str) -> Message:
        """Presettle, and write the settlement (2207A) down ready to be sent. Raises as `prepare` does."""
        presettled = self.presettle(number)
        record = self.journal.visit(number)
        given = visits.final_bill(Visit.read(record.data), record, presettled)
        return self.compose("2207A", given, visit=number, home=record.home)

    def settle(self, number: str) -> SettlementRecord:
        """Settle a visit once, whatever happens on the way; settled already, it stays as it is.

        Raises Refused, StillUnknown, WrongReply, WrongState.
        """
        for _ in range(ANEW):
            record = self.prepare(number)
            standing = self.journal.standing(number)
            if standing is not None:
                return standing
            if record.state not in UNSETTLED:
                raise WrongState(visit=number, state=record.state, what="结算")
            self.deliver(self.compose_settlement(number))
        return self._settled(number)

    def _settled(self, number: str) -> SettlementRecord:
        standing = self.journal.standing(number)
        if standing is None:
            last = self.journal.messages_of(number, "2207")[-1]
            raise StillUnknown(msgid=last.msgid, infno=last.infno, why=f"已换 {ANEW} 个报文号仍未结算")
        return standing

    def cancel(self, number: str) -> None:
        """Cancel a visit's settlement (2208); without one nothing is done. Raises Refused, StillUnknown, WrongReply."""
        for _ in range(ANEW):
            self._settle_open(number)
            record, standing = self.journal.visit(number), self.journal.standing(number)
            if standing is None:
                return
            given = {"data": {"setl_id": standing.setl_id, **visits.key(record)}}
            self._call("2208", given, record)
        last = self.journal.messages_of(number, "2208")[-1]
        raise StillUnknown(msgid=last.msgid, infno=last.infno, why=f"已换 {ANEW} 个报文号仍未撤销")

    def reverse(self, number: str) -> None:
        """Take back a visit's settlement by 2601; without one nothing is done. Raises Refused, StillUnknown."""
        self._settle_open(number)
        standing = self.journal.standing(number)
        if standing is not None:
            self.reverse_message(self.journal.message(standing.msgid))

    def reverse_message(self, message: Message) -> None:
        """Take a message's effect back (2601), whether it had one or not. Raises Refused, StillUnknown, WrongReply."""
        given = message.body
        data = {"psn_no": given["input"]["data"]["psn_no"], "omsgid": message.msgid, "oinfno": message.infno}
        home = given["insuplc_admdvs"]
        self.call("2601", {"data": data}, visit=message.visit, home=home, refers=message.msgid)

    def reverse_unsent(self, number: str) -> None:
        """Take back a settlement that was written down and never sent: nothing must come of it. Raises as `prepare` does."""
        if self.journal.standing(number) is None:
            message = self.compose_settlement(number)
            try:
                self.reverse_message(message)
            except Refused:
                # Some centres do so: they have nothing to reverse.
                self.journal.end(message, State.DROPPED)

    def repeat(self, number: str) -> None:
        """Send a visit's settlement again, as it was: nothing may change. Raises StillUnknown, WrongReply."""
        self._settle_open(number)
        standing = self.journal.standing(number)
        if standing is not None:
            self._output(self._recovery.resolve(self.journal.message(standing.msgid), Known.INTERRUPTED))

    def settle_twice(self, number: str) -> None:
        """Send a second settlement of a settled visit under a new msgid, as a careless system does: it must be refused.

        Raises StillUnknown; WrongReply where the centre settles twice (it is reversed).
        """
        self._settle_open(number)
        standing = self.journal.standing(number)
        if standing is not None:
            record, first = self.journal.visit(number), self.journal.message(standing.msgid)
            with suppress(Refused):
                self._call("2207A", first.body["input"], record)

    def withdraw(self, number: str) -> None:
        """Take back lines and registration of a visit that is not settled (2205, 2202). Raises Refused, StillUnknown."""
        self._settle_open(number)
        record = self.journal.visit(number)
        if record.state in UNSETTLED:
            self._call("2205", {"data": {**visits.key(record), "chrg_bchno": ALL_LINES}}, record)
            record = self.journal.visit(number)
        if record.state in (VisitState.REGISTERED, VisitState.DESCRIBED):
            self._call("2202", {"data": {**visits.key(record), "ipt_otp_no": record.number}}, record)
        elif record.state is not VisitState.WITHDRAWN:
            raise WrongState(visit=number, state=record.state, what="退号")

    def query_settlement(self, message: Message) -> Any:
        """What the centre has of a settlement's or cancellation's message (5203). Raises Refused, StillUnknown."""
        given = message.body
        data = {name: given["input"]["data"][name] for name in ("psn_no", "mdtrt_id")}
        asked = {"data": {**data, "setl_id": "", "medins_setl_id": message.msgid}}
        return self.call("5203", asked, visit=message.visit, home=given["insuplc_admdvs"])

    def dispute(self, number: str, why: str) -> None:
        """Leave a visit for a person to look at; where a settlement of it stands, only the reason is noted."""
        if number:
            standing = self.journal.standing(number)
            changes = {} if standing else {"state": VisitState.DISPUTED}
            self.journal.change_visit(number, note=why, **changes)


STEPS: dict[VisitState, Callable[[Hospital, Visit, VisitRecord], None]] = {
    VisitState.NEW: Hospital._read,
    VisitState.READ: Hospital._register,
    VisitState.REGISTERED: Hospital._describe,
    VisitState.DESCRIBED: Hospital._upload,
}
"""State of a visit → how it gets on."""
