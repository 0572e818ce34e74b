"""What is done once, and undone: a history, a message with one field changed, one answer; then the books are audited.

Messages are named: `S` is the 2207 of the visit, `C` the 2208, `R(S)` the 2601 that takes S back, `Q(S)` the 5203 that
asks for it. The same name is the same message, byte by byte; with an apostrophe it is a fresh one under a msgid of its
own. `lines-`, `lines+` and `visit-` are 2205, 2204 and 2202; `chronic` and `general` settle another visit of the person,
`taken` somebody else's visit with the same invoice.
"""

import copy
import re
from dataclasses import replace

import pytest
from django.db import transaction

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_refusals import change, refuse
from yidi.ledger.checks import CHECKS as LEDGER
from yidi.people.models import Person
from yidi.settlement.checks import CHECKS as SETTLEMENT
from yidi.settlement.models import Settlement

OK, SAME = "ok", "the same text"
STANDS, UNDONE, NONE = "stands", "undone", "none"
PATIENT, SOMEBODY_ELSE = "36010000000000000001", "36010000000000000002"
OTHER_VISITS = {
    "chronic": (PATIENT, "14", ""),
    "general": (PATIENT, "11", ""),
    "taken": (SOMEBODY_ELSE, "11", "INV-1"),
}
NOTHING: Json = {}
AUDITED = (*LEDGER, *SETTLEMENT)

ROWS: list[tuple[str, str, Json, str, str]] = [
    # history, message, the changed field, the answer, and what becomes of the first settlement
    # the same message again
    ("", "S", NOTHING, OK, STANDS),
    ("S", "S", NOTHING, SAME, STANDS),
    ("S", "S", {"infno": "2207"}, "GATEWAY-MSGID-REUSED", STANDS),
    ("S", "S", {"opter_name": "收费员乙"}, "GATEWAY-MSGID-REUSED", STANDS),
    ("S", "S", {"input.data.medfee_sumamt": "401.76"}, "GATEWAY-MSGID-REUSED", STANDS),
    ("S", "S", {"input.data.invono": "INV-2"}, "GATEWAY-MSGID-REUSED", STANDS),
    ("S", "S", {"fixmedins_code": factories.OTHER_HOSPITAL}, "SETL-VISIT", STANDS),
    ("S C", "C", NOTHING, SAME, UNDONE),
    ("S C", "C", {"opter": "002"}, "GATEWAY-MSGID-REUSED", UNDONE),
    # a late second 2207 under a new msgid, 2208 twice
    ("S", "S'", NOTHING, "SETL-SETTLED", STANDS),
    ("S C", "S", NOTHING, "GATEWAY-SETTLEMENT-UNDONE", UNDONE),
    ("S C", "S'", NOTHING, OK, UNDONE),
    ("S", "C", {"input.data.setl_id": "999999999999"}, "SETL-UNKNOWN", STANDS),
    ("S", "C", {"input.data.psn_no": SOMEBODY_ELSE}, "SETL-PERSON", STANDS),
    ("S", "C", {"fixmedins_code": factories.OTHER_HOSPITAL}, "SETL-VISIT", STANDS),
    ("S C", "C'", NOTHING, "SETL-CANCELLED", UNDONE),
    # 2601 of a 2207
    ("S", "R(S)", NOTHING, OK, UNDONE),
    ("S", "R(S)", {"input.data.oinfno": "2207"}, OK, UNDONE),
    ("S", "R(S)", {"input.data.psn_no": SOMEBODY_ELSE}, "SETL-PERSON", STANDS),
    ("S", "R(S)", {"input.data.psn_no": "404"}, "PERSON-UNKNOWN", STANDS),
    ("S", "R(S)", {"input.data.omsgid": ""}, "GATEWAY-FIELDS", STANDS),
    ("S", "R(S)", {"input.data.oinfno": ""}, "GATEWAY-FIELDS", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2204"}, "GATEWAY-UNSUPPORTED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2206A"}, "GATEWAY-UNSUPPORTED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "9999"}, "GATEWAY-UNSUPPORTED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2102"}, "GATEWAY-NOT-OFFERED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2103"}, "GATEWAY-NOT-OFFERED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2304"}, "GATEWAY-NOT-OFFERED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2305"}, "GATEWAY-NOT-OFFERED", STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2401"}, "GATEWAY-NOT-OFFERED", STANDS),
    ("S", "R(S)", {"insuplc_admdvs": "310000"}, "PERSON-WRONG-HOME", STANDS),
    ("S", "R(S)", {"fixmedins_code": factories.OTHER_HOSPITAL}, OK, STANDS),
    ("S", "R(S)", {"input.data.omsgid": "never-arrived"}, OK, STANDS),
    ("S", "R(S)", {"input.data.oinfno": "2208"}, OK, STANDS),
    ("S R(S)", "R(S)", NOTHING, SAME, UNDONE),
    ("S R(S)", "R(S)", {"input.data.oinfno": "2208"}, "GATEWAY-MSGID-REUSED", UNDONE),
    ("S R(S)", "R'(S)", NOTHING, OK, UNDONE),
    ("S R(S)", "S", NOTHING, "GATEWAY-SETTLEMENT-UNDONE", UNDONE),
    ("S R(S)", "S'", NOTHING, OK, UNDONE),
    ("S R(S)", "C", NOTHING, "SETL-CANCELLED", UNDONE),
    ("S R(S) lines- visit-", "R'(S)", NOTHING, OK, UNDONE),
    # 2601 of what never arrived, and its late arrival
    ("", "R(S)", NOTHING, OK, NONE),
    ("", "R(S)", {"input.data.psn_no": "404"}, "PERSON-UNKNOWN", NONE),
    ("R(S)", "R(S)", NOTHING, SAME, NONE),
    ("R(S)", "R'(S)", NOTHING, OK, NONE),
    ("R(S)", "S", NOTHING, "GATEWAY-REVERSED", NONE),
    ("R(S)", "S", {"infno": "2207"}, "GATEWAY-REVERSED", NONE),
    ("R(S)", "S", {"opter_name": "收费员乙"}, "GATEWAY-REVERSED", NONE),
    ("R(S)", "S", {"msgid": "fresh"}, OK, STANDS),
    ("R(S) S'", "S", NOTHING, "GATEWAY-REVERSED", STANDS),
    ("S R(C)", "C", NOTHING, "GATEWAY-REVERSED", STANDS),
    ("S R(C)", "C'", NOTHING, OK, UNDONE),
    ("S R(C) C'", "R'(C)", NOTHING, OK, UNDONE),
    # 2601 after 2208
    ("S C", "R(S)", NOTHING, OK, UNDONE),
    ("S C R(S)", "R(C)", NOTHING, OK, UNDONE),
    ("S C R(S)", "C", NOTHING, SAME, UNDONE),
    # 2601 of a 2208
    ("S C", "R(C)", NOTHING, OK, STANDS),
    ("S C", "R(C)", {"input.data.psn_no": SOMEBODY_ELSE}, "SETL-PERSON", UNDONE),
    ("S C", "R(C)", {"fixmedins_code": factories.OTHER_HOSPITAL}, OK, UNDONE),
    ("S C", "R(C)", {"input.data.oinfno": "2207"}, OK, UNDONE),
    ("S C R(C)", "R(C)", NOTHING, SAME, STANDS),
    ("S C R(C)", "R'(C)", NOTHING, OK, STANDS),
    ("S C R(C)", "S", NOTHING, SAME, STANDS),
    ("S C R(C)", "S'", NOTHING, "SETL-SETTLED", STANDS),
    ("S C R(C)", "C", NOTHING, "GATEWAY-CANCELLATION-UNDONE", STANDS),
    ("S C R(C)", "C'", NOTHING, OK, UNDONE),
    ("S C R(C)", "R(S)", NOTHING, OK, UNDONE),
    ("S C R(C)", "lines-", NOTHING, "SETL-SETTLED", STANDS),
    ("S C", "Q(C)", NOTHING, OK, UNDONE),
    ("S C R(C)", "Q(C)", NOTHING, "SETL-MESSAGE", STANDS),
    ("S C R(C)", "Q(S)", NOTHING, OK, STANDS),
    ("S R(S)", "Q(S)", NOTHING, OK, UNDONE),
    ("S C R(C) C'", "C'", NOTHING, SAME, UNDONE),
    ("S C R(C) C'", "C", NOTHING, "GATEWAY-CANCELLATION-UNDONE", UNDONE),
    ("S C R(C) C'", "S", NOTHING, "GATEWAY-SETTLEMENT-UNDONE", UNDONE),
    ("S C R(C) C'", "R(C')", NOTHING, OK, STANDS),
    ("S C R(C) C' R(C')", "C''", NOTHING, OK, UNDONE),
    ("S C R(C) R(S)", "R'(C)", NOTHING, OK, UNDONE),
    ("S C R(C) R(S)", "S'", NOTHING, OK, UNDONE),
    # … whose settlement cannot stand again as it stood
    ("S C S'", "R(C)", NOTHING, "SETL-NOT-RESTORED", UNDONE),
    ("S C S' R(S')", "R(C)", NOTHING, OK, STANDS),
    ("S C lines-", "R(C)", NOTHING, "SETL-NOT-RESTORED", UNDONE),
    ("S C lines- lines+", "R(C)", NOTHING, "SETL-NOT-RESTORED", UNDONE),
    ("S C lines- visit-", "R(C)", NOTHING, "SETL-NOT-RESTORED", UNDONE),
    ("S C chronic", "R(C)", NOTHING, "SETL-NOT-RESTORED", UNDONE),
    ("S C general", "R(C)", NOTHING, OK, STANDS),
    ("chronic S C", "R(C)", NOTHING, OK, STANDS),
    ("S C taken", "R(C)", NOTHING, "INVOICE-USED", UNDONE),
    ("S C chronic R(S)", "R(C)", NOTHING, OK, UNDONE),
]  # fmt: skip


class Counter:
    """Sends messages by their names."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sent: dict[str, Json] = {}
        self.texts: dict[str, bytes] = {}

    def send(self, name: str) -> None:
        """Send a message, which must go through."""
        if name in OTHER_VISITS:
            self._settle_another(*OTHER_VISITS[name])
            return
        response = self.client.post(self.message(name))
        assert b'"infcode":0' in response.content, response.content.decode()
        self.texts[name] = response.content
        if name == "S":
            self.client.settlement = Settlement.objects.latest("pk").number

    def _question(self, original: Json) -> Json:
        given = {**original["input"]["data"], "setl_id": "", "medins_setl_id": original["msgid"]}
        return {**original, "infno": "5203", "msgid": "question", "input": {"data": given}}

    def _settle_another(self, number: str, med_type: str, invoice: str) -> None:
        person = Person.objects.get(number=number)
        other = Client(replace(self.client.world, person=person, coverage=person.coverages.get()))
        other.serial, other.provider_number, other.med_type = self.client.serial, "OP-2", med_type
        other.run(*FLOW[3:-2])
        body = other.message("2207A")
        body["input"]["data"]["invono"] = invoice
        assert other.send(body)["infcode"] == 0

    def message(self, name: str) -> Json:
        """The message of that name, the same every time."""
        if name not in self.sent:
            self.sent[name] = self._written(name)
        return self.sent[name]

    def _written(self, name: str) -> Json:
        about = re.fullmatch(r"(.)'?\((.*)\)", name)
        if about:
            original = self.message(about[2])
            return self.client.reversal(original) if about[1] == "R" else self._question(original)
        number = {"S": "2207A", "C": "2208", "lines-": "2205", "lines+": "2204", "visit-": "2202"}
        body = self.client.message(number[name.rstrip("'")])
        if name[0] == "S":
            body["input"]["data"]["invono"] = "INV-1"
        return body


@pytest.mark.django_db
def test_every_row(client: Client, subtests: pytest.Subtests) -> None:
    """All rows begin in one world, at the presettlement; each is taken back before the next."""
    factories.connect(factories.hospital(factories.OTHER_HOSPITAL, "上海另一医院（合成）"))
    somebody = factories.register_person(SOMEBODY_ELSE, "钱二（合成）", factories.identity(2), synthetic=True)
    factories.file_for(factories.insure(somebody))
    client.until("2207A")
    for row in ROWS:
        with subtests.test(str(row)), transaction.atomic():
            check_row(Counter(copy.copy(client)), *row)
            transaction.set_rollback(True)


def check_row(counter: Counter, history: str, name: str, changed: Json, answer: str, state: str) -> None:
    for step in history.split():
        counter.send(step)
    body = copy.deepcopy(counter.message(name))
    for path, value in changed.items():
        change(body, path, value)
    if answer in (OK, SAME):
        response = counter.client.post(body)
        assert b'"infcode":0' in response.content, response.content.decode()
        assert answer == OK or response.content == counter.texts[name]
    else:
        refuse(counter.client, body, answer)
    assert state_of_first() == state
    assert [(check.code, found) for check in AUDITED for found in check.find()] == []


def state_of_first() -> str:
    """What became of the visit's first settlement."""
    first = Settlement.objects.filter(kind="settle", invoice="INV-1").order_by("pk").first()
    return NONE if first is None else UNDONE if first.is_cancelled else STANDS
