"""Certification: a client that does everything right passes every rule, and one change each is noticed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import PATH, Client, Json
from tests.gateway.factories import World
from yidi.accounts.actors import SYSTEM
from yidi.gateway.certification import facts, reports, runs
from yidi.gateway.certification.errors import NoRun, RunOpen
from yidi.gateway.certification.models import Exchange, Run
from yidi.gateway.certification.rules import MISTAKES, RULES, Verdict
from yidi.gateway.certification.traffic import Traffic
from yidi.gateway.faults import plans
from yidi.gateway.faults.kinds import FaultKind
from yidi.gateway.faults.middleware import FaultBench
from yidi.gateway.views import call_service
from yidi.people.services import register_person

pytestmark = pytest.mark.django_db
VISIT = ("2201", "2203A", "2204")


@pytest.fixture(autouse=True)
def _bench(settings: Any) -> None:
    settings.DEMO = settings.FAULT_BENCH = True


class Vendor(Client):
    """A client that does everything right, each mistake once, and meets faults."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.door = FaultBench(call_service)
        self.sign_no = ""

    def post(self, body: Any, path: str = "", **headers: str) -> Any:
        raw = json.dumps(body, default=str, ensure_ascii=False).encode()
        return self.door(RequestFactory().post(PATH, raw, content_type="application/json"))

    def message(self, number: str, **changes: Any) -> Json:
        said = {"sign_no": self.sign_no, "fixmedins_soft_fcty": "示例软件 3.1"}
        return super().message(number, **{**said, **changes})

    def reversal(self, original: Json, **changes: Any) -> Json:
        return {**super().reversal(original, **changes), "sign_no": self.sign_no}

    def suffer(self, kind: FaultKind, number: str) -> Json:
        """Send a message that the bench strikes, once; the message."""
        institution = self.world.institution
        plan = plans.lay(institution, kind, SYSTEM, timezone.now() + timezone.timedelta(1), numbers=[1])
        body = self.message(number)
        self.post(body)
        plan.delete()
        return body

    def wrong(self, number: str, code: str, node: str = "data", *, home: str = "", **fields: str) -> None:
        """Send a message with one mistake, which is refused."""
        body = self.message(number, **({"insuplc_admdvs": home} if home else {}))
        if fields:
            body["input"][node].update(fields)
        assert f"[{code}]" in self.send(body)["err_msg"]

    def whole_day(self) -> None:
        self.sign_no = self.run("9001")["signinoutb"]["sign_no"]
        self.wrong(
            "1101", "PERSON-UNKNOWN", mdtrt_cert_no=factories.identity(99), certno=factories.identity(99)
        )
        self.run("1101", "5301")
        self.chronic_visit_with_mistakes()
        self.general_visit_that_never_arrived()
        self.visit_reversed()
        self.person_without_a_filing()
        self.sign_out()

    def chronic_visit_with_mistakes(self) -> None:
        self.wrong("2201", "GATEWAY-FIELDS", dr_name="")
        self.wrong("2201", "PERSON-WRONG-HOME", home="310000")
        self.run("2201")
        self.wrong("2203A", "GATEWAY-DISEASE", "mdtrtinfo", dise_codg="")
        self.run("2203A", "2204")
        self.wrong("2204", "SETL-LINE-TWICE")
        self.run("2205", "2204")
        self.wrong("2206A", "SETL-TOTAL", medfee_sumamt="402.75")
        self.suffer(FaultKind.WRONG_AMOUNTS, "2206A")
        self.run("2206A")
        lost = self.suffer(FaultKind.DROP, "2207A")
        self._learn("2207A", self.send(lost)["output"])
        self.run("2208", "2205", "2202")

    def general_visit_that_never_arrived(self) -> None:
        self.med_type, self.provider_number = "11", "OP-2"
        self.send(self.suffer(FaultKind.ERROR_BEFORE, "2201"))
        self.visit = Exchange.objects.filter(transaction="2201", outcome="").latest("pk").visit
        self.run("2203A", "2204", "2206A")
        lost = self.suffer(FaultKind.DROP_BEFORE, "2207A")
        assert self.send(self.reversal(lost))["infcode"] == 0
        self.run("2206A", "2207A")

    def visit_reversed(self) -> None:
        self.provider_number = "OP-3"
        self.run(*VISIT, "2206A", "2207A")
        assert self.send(self.reversal(self.requests["2207A"]))["infcode"] == 0
        self.run("2205", "2202")

    def person_without_a_filing(self) -> None:
        person = register_person(
            "36010000000000000002", "钱二（合成）", factories.identity(2), synthetic=True
        )
        here = self.world
        self.world = World(person, factories.insure(person), here.provider, here.institution)
        self.provider_number = "OP-4"
        self.run("1101", *VISIT)
        self.wrong("2206A", "FILING-NONE")
        self.run("2205", "2202")
        self.world = here

    def sign_out(self) -> None:
        body = super().message("9001", sign_no=self.sign_no, infno="9002")
        body["input"] = {"signOut": {"sign_no": self.sign_no, "opter_no": "001"}}
        assert self.send(body)["infcode"] == 0


@pytest.fixture
def run(world: World) -> Run:
    return runs.begin(world.institution, SYSTEM)


def verdicts(run: Run, exchanges: list[Exchange]) -> dict[str, Verdict]:
    traffic = Traffic(factories.HOSPITAL, exchanges)
    return {rule.id: reports._line(rule, traffic).verdict for rule in RULES}


Change = Callable[[list[Exchange]], None]


def find(day: list[Exchange], transaction: str, last: bool = False, **wanted: Any) -> Exchange:
    found = [
        each for each in day
        if each.transaction == transaction and all(getattr(each, name) == value for name, value in wanted.items())
    ]  # fmt: skip
    return found[-1 if last else 0]


def without(*transactions: str) -> Change:
    def change(day: list[Exchange]) -> None:
        day[:] = [each for each in day if each.transaction not in transactions]

    return change


def changed(transaction: str, what: str, **values: Any) -> Change:
    """One message that went through is another: `what` is asked, told or itself."""

    def change(day: list[Exchange]) -> None:
        each = find(day, transaction, outcome="")
        for name, value in values.items():
            if what == "itself":
                setattr(each, name, value)
            else:
                getattr(each, what)[name] = value

    return change


def resent(**values: Any) -> Change:
    """The second of the two equal 2207."""

    def change(day: list[Exchange]) -> None:
        dropped = find(day, "2207", fault="drop")
        again = find(day, "2207", last=True, msgid=dropped.msgid)
        assert again is not dropped
        for name, value in values.items():
            setattr(again, name, value)

    return change


def went_on(day: list[Exchange]) -> None:
    """After the spoilt 2206 the client settles at once."""
    del day[day.index(find(day, "2206", fault="wrong-amounts")) + 1]


def never_asked(day: list[Exchange]) -> None:
    lost = find(day, "2201", fault="error-before")
    day.remove(find(day, "2201", last=True, msgid=lost.msgid))


def same_number(day: list[Exchange]) -> None:
    find(day, "2203", outcome="").msgid = find(day, "2201", outcome="").msgid


FAIL, UNSEEN = Verdict.FAIL, Verdict.UNSEEN
CHANGES: list[tuple[str, Change, Verdict]] = [
    ("sign-in", without("9001"), FAIL),
    ("sign-number", changed("1101", "asked", signed_in="000000"), FAIL),
    ("sign-out", without("9002"), UNSEEN),
    ("msgid-form", changed("2201", "itself", msgid="H3101069999120260101080000"), FAIL),
    ("msgid-once", same_number, FAIL),
    ("person", without("1101"), FAIL),
    ("home", changed("2201", "asked", home="310000"), FAIL),
    ("diseases", without("5301"), FAIL),
    ("described", without("2203"), FAIL),
    ("lines", changed("2204", "told", rows=["1"]), FAIL),
    ("presettled", without("2206"), FAIL),
    ("parts", changed("2207", "asked", inscp_scp_amt=1), FAIL),
    ("total", changed("2207", "asked", medfee_sumamt=1), FAIL),
    ("settle-general", changed("2207", "asked", med_type="14"), Verdict.PASS),
    ("settle-general", without("2207"), UNSEEN),
    ("settle-chronic", without("2207"), UNSEEN),
    ("settle-once", resent(outcome="SETL-SETTLED"), FAIL),
    ("cancel", changed("2208", "asked", setl_id="000000000000"), FAIL),
    ("clear-up", without("2202"), FAIL),
    ("reverse", changed("2601", "asked", omsgid="never-sent"), FAIL),
    ("resend", resent(digest="another"), FAIL),
    ("recover", resent(msgid="another"), FAIL),
    ("ask-again", never_asked, FAIL),
    ("wrong-amounts", went_on, FAIL),
    ("totals", changed("3201", "told", equal=False), FAIL),
    ("details", changed("9102", "told", differences=1), FAIL),
    ("details", without("9102"), FAIL),
    ("details", without("3202"), UNSEEN),
    ("error-GATEWAY-FIELDS", without("2201"), UNSEEN),
    ("error-FILING-NONE", without("2202"), FAIL),
]


def _reconciled(day: list[Exchange]) -> list[Exchange]:
    """Accounts compared at the end of the day, as 3201, 3202 and 9102 tell it."""
    told: list[tuple[str, Json]] = [
        ("3201", {"equal": True}),
        ("3202", {"file": "F1"}),
        ("9102", {"differences": 0}),
    ]
    sent = [
        Exchange(transaction=number, msgid=f"{factories.HOSPITAL}20260101235900{serial:04d}", told=what,
                 asked={"signed_in": day[1].asked["signed_in"]})
        for serial, (number, what) in enumerate(told)
    ]  # fmt: skip
    return [*day[:-1], *sent, day[-1]]


def test_every_rule_passes_and_each_change_is_noticed(run: Run, world: World) -> None:
    Vendor(world).whole_day()

    def day() -> list[Exchange]:
        return _reconciled(list(run.exchanges.order_by("pk")))

    assert {rule for rule, verdict in verdicts(run, day()).items() if verdict is not Verdict.PASS} == set()
    for rule, change, verdict in CHANGES:
        found = day()
        change(found)
        assert (rule, verdicts(run, found)[rule]) == (rule, verdict)
    for mistake in MISTAKES:
        found = [each for each in day() if each.outcome == mistake.code][:1]
        assert verdicts(run, found)[f"error-{mistake.code}"] is FAIL
    assert {rule for rule, *_ in CHANGES} >= {rule.id for rule in RULES if not rule.id.startswith("error-")}
    _the_report(run)
    _nothing_personal(run, world)


def _the_report(run: Run) -> None:
    report = reports.report_of(run)
    assert report.verdict == "incomplete"  # nothing was reconciled
    told = reports.as_json(report)
    assert (told["software"], told["struck"], told["institution"]) == ("示例软件 3.1", 4, factories.HOSPITAL)
    assert told["refused"] == len(MISTAKES) + 2  # and the two that never arrived
    json.dumps(told)
    for language, words in (
        ("zh", ("先签到再办业务", "尚未完成", "未见")),
        ("en", ("Signs in before work", "not seen")),
    ):
        page = reports.as_html(report, language)
        assert all(word in page for word in (*words, factories.HOSPITAL, "示例软件 3.1", "2207 H31010699991"))
        assert "<script" not in page
        assert "http" not in page.lower().replace("http 5xx", "")


def _nothing_personal(run: Run, world: World) -> None:
    kept = str(list(run.exchanges.values()))
    for person in (world.person.number, world.certificate, factories.identity(2), world.person.name):
        assert person not in kept
    assert facts.pseudonym(world.person.number) in kept


def test_who_is_in_no_run_costs_nothing(client: Client) -> None:
    body = client.message("1101")
    with CaptureQueriesContext(connection) as before:
        client.send(body)
    run = runs.begin(client.world.institution, SYSTEM)
    with CaptureQueriesContext(connection) as watched:
        client.send(client.message("1101"))
    assert len(watched) == len(before) + 1
    assert run.exchanges.count() == 1
    runs.end(client.world.institution, SYSTEM)
    with CaptureQueriesContext(connection) as after:
        client.send(client.message("1101"))
    assert len(after) == len(before)
    assert run.exchanges.count() == 1


def test_a_note_that_fails_leaves_the_reply_alone(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(facts, "told", lambda text: 1 / 0)
    assert client.send(client.message("9001"))["infcode"] == 0
    assert "not noted for certification" in caplog.text
    assert not run.exchanges.exists()


def test_one_run_at_a_time(world: World) -> None:
    with pytest.raises(NoRun):
        runs.latest(world.institution)
    first = runs.begin(world.institution, SYSTEM)
    with pytest.raises(RunOpen):
        runs.begin(world.institution, SYSTEM)
    assert runs.end(world.institution, SYSTEM) == first
    with pytest.raises(NoRun):
        runs.end(world.institution, SYSTEM)
    second = runs.begin(world.institution, SYSTEM)
    assert runs.latest(world.institution) == second


def test_the_second_of_two_deliveries_is_not_the_client_s(run: Run, world: World) -> None:
    vendor = Vendor(world)
    vendor.suffer(FaultKind.DUPLICATE, "9001")
    assert run.exchanges.count() == 2
    assert verdicts(run, list(run.exchanges.order_by("pk")))["resend"] is UNSEEN


@pytest.mark.parametrize(
    ("rows", "differences"),
    [([], 0), (["0"], 0), (["000000", "1"], 1), (["000101", "3", "0"], 2)],
)
def test_the_result_of_a_reconciliation(rows: list[str], differences: int) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "result.txt", "\n".join("\t".join(["p", "m", "s", "n", row, "0", "null"]) for row in rows)
        )
    assert facts.differences(packed.getvalue()) == {"differences": differences}


@pytest.mark.parametrize("file", [b"", b"PK", b"text"])
def test_a_file_that_is_no_result(file: bytes) -> None:
    assert facts.differences(file) == {}
