"""The fault bench: what each kind does to work and reply, the same again, nobody else harmed, never in production."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIHandler
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client as HttpClient
from django.test import RequestFactory
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import PATH, Client, Json
from yidi.accounts.actors import SYSTEM
from yidi.cli.main import cli
from yidi.gateway.faults import held, plans, strikes
from yidi.gateway.faults.checks import MIDDLEWARE
from yidi.gateway.faults.errors import BadParameter, BadWhen, BenchOff
from yidi.gateway.faults.kinds import SECONDS, FaultKind
from yidi.gateway.faults.middleware import FaultBench
from yidi.gateway.faults.models import FaultPlan
from yidi.gateway.json_text import parse
from yidi.gateway.models import SignIn
from yidi.his.identities import broken_identities

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def production(settings: Any) -> None:
    settings.DEMO = settings.FAULT_BENCH = settings.FAULT_BENCH_WANTED = False


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have waited, each time."""
    found: list[float] = []
    monkeypatch.setattr(strikes, "pause", found.append)
    return found


@pytest.fixture
def bench(settings: Any, client: Client, waits: list[float]) -> "Bench":
    settings.DEMO = settings.FAULT_BENCH = True
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, MIDDLEWARE]
    return Bench(client)


class Bench:
    """The whole site with the bench in it, and what a client gets from it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.http = HttpClient()

    def lay(self, kind: FaultKind, **more: Any) -> FaultPlan:
        given = {"numbers": [1], **more}
        return plans.lay(self.client.world.institution, kind, SYSTEM, timezone.now() + TOMORROW, **given)

    def send(self, body: Json | bytes) -> tuple[int, int, bytes]:
        """Status, announced length and the bytes that come."""
        raw = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        reply = self.http.post(PATH, raw, content_type="application/json")
        text = b"".join(reply.streaming_content) if reply.streaming else reply.content
        return reply.status_code, int(reply["Content-Length"]), text


OUTCOMES = [
    # kind, work done, status, complete, held
    (FaultKind.DELAY, 1, 200, "whole", [10]),
    (FaultKind.LATE, 1, 200, "whole", [10]),
    (FaultKind.DROP_BEFORE, 0, 200, "nothing", []),
    (FaultKind.DROP, 1, 200, "nothing", []),
    (FaultKind.HALF, 1, 200, "half", [strikes.FLUSH_S]),
    (FaultKind.HEADERS_ONLY, 1, 200, "nothing", [strikes.FLUSH_S]),
    (FaultKind.DUPLICATE, 1, 200, "whole", []),
    (FaultKind.WRONG_AMOUNTS, 1, 200, "whole", []),
    (FaultKind.ERROR_BEFORE, 0, 503, "error", []),
    (FaultKind.ERROR_AFTER, 1, 503, "error", []),
]


def test_every_kind_is_tried() -> None:
    assert [kind for kind, *_ in OUTCOMES] == list(FaultKind) == list(strikes.STRIKES)


@pytest.mark.parametrize(("kind", "done", "status", "what", "held_for"), OUTCOMES)
def test_a_kind(
    bench: Bench,
    waits: list[float],
    kind: FaultKind,
    done: int,
    status: int,
    what: str,
    held_for: list[float],
) -> None:
    """9001 once harmed, then sent again: never twice the work, and the second time the whole reply."""
    bench.lay(kind)
    body = bench.client.message("9001")
    got, announced, text = bench.send(body)
    assert (got, SignIn.objects.count(), waits) == (status, done, held_for)
    if what == "whole":
        assert announced == len(text)
        assert parse(text.decode())["infcode"] == 0
    elif what != "error":
        assert (len(text) > 0) == (what == "half")
        assert len(text) < announced
    again = bench.send(body)
    assert parse(again[2].decode())["infcode"] == 0
    assert SignIn.objects.count() == 1
    plan = FaultPlan.objects.get()
    passed = kind is FaultKind.WRONG_AMOUNTS
    assert (plan.seen, plan.struck, plan.passed_over) == (2, not passed, passed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("number", ["2204", "2206A", "2207A"])
def test_wrong_amounts_break_the_identities_and_not_the_books(bench: Bench, number: str, seed: int) -> None:
    body = bench.client.until(number)
    bench.lay(
        FaultKind.WRONG_AMOUNTS, seed=seed, rate_ppm=1_000_000, numbers=(), transaction=number, parameter=100
    )
    client = bench.client
    wrong = parse(bench.send(body)[2].decode())
    requests, replies = {**client.requests, number: body}, client.replies
    assert broken_identities(requests, {**replies, number: wrong})
    right = client.send(body)
    assert broken_identities(requests, {**replies, number: right}) == []


def test_the_same_seed_strikes_the_same_messages(bench: Bench) -> None:
    def struck(seed: int, **more: Any) -> list[int]:
        plan = bench.lay(FaultKind.DROP, seed=seed, rate_ppm=200_000, numbers=(), **more)
        return [number for number in range(1, 1001) if plan.strikes(number)]

    first = struck(7)
    assert first == struck(7)
    assert 150 < len(first) < 250
    assert first != struck(8)
    assert first != struck(7, transaction="2207A")


def test_a_plan_counts_its_own_messages(bench: Bench) -> None:
    """The second 2207, by either number; others are neither counted nor harmed, and the oldest plan goes first."""
    bench.lay(FaultKind.ERROR_BEFORE, transaction="2207A", numbers=[2])
    bench.lay(FaultKind.ERROR_BEFORE, transaction="2207", numbers=[2, 3], parameter=502)
    other = bench.client.message("2206A")
    statuses = [
        bench.send({**other, "infno": infno})[0]
        for infno in ("2207", "2206A", "9001", "2207A", "2207A", "2207")
    ]
    assert statuses == [200, 200, 200, 503, 502, 200]
    assert list(FaultPlan.objects.values_list("seen", "struck")) == [(4, 1), (4, 1)]


def test_a_plan_is_of_one_institution_and_ends(bench: Bench) -> None:
    plan = bench.lay(FaultKind.ERROR_BEFORE, numbers=[1, 2, 3, 4])
    body = bench.client.message("9001")
    assert bench.send({**body, "fixmedins_code": factories.OTHER_HOSPITAL})[0] == 200
    assert bench.send(b"[]")[0] == 400
    assert bench.http.get(PATH).status_code == 405
    assert bench.send(b" " * (django_settings.GATEWAY_MAX_BODY + 1))[0] == 413
    assert bench.send(body)[0] == 503
    FaultPlan.objects.update(until=timezone.now())
    assert bench.send(body)[0] == 200
    plan.refresh_from_db()
    assert plan.seen == 1


def test_places_to_wait_are_few(bench: Bench, waits: list[float]) -> None:
    """Who finds none goes through unharmed; places are given back."""
    bench.lay(FaultKind.DELAY, numbers=[1, 2, 3], parameter=60)
    code = factories.HOSPITAL
    with held.place(code), held.place(code), held.place(code):
        bench.send(bench.client.message("9001"))
        with held.place(code):
            bench.send(bench.client.message("9001"))
    bench.send(bench.client.message("9001"))
    assert waits == [60, 60]
    plan = FaultPlan.objects.get()
    assert (plan.struck, plan.passed_over) == (2, 1)
    others = [held.place(str(number)) for number in range(held.HELD_AT_ONCE + 1)]
    free = [place.__enter__() for place in others]
    for place in others:
        place.__exit__(None, None, None)
    assert free == [True] * held.HELD_AT_ONCE + [False]
    assert held.HELD_PER_INSTITUTION < held.HELD_AT_ONCE < 32


@pytest.mark.parametrize(
    ("refusal", "kind", "given"),
    [
        (BadWhen, FaultKind.DROP, {"numbers": ()}),
        (BadWhen, FaultKind.DROP, {"numbers": [0, 1]}),
        (BadWhen, FaultKind.DROP, {"seed": 1, "rate_ppm": 5}),
        (BadWhen, FaultKind.DROP, {"numbers": (), "seed": 1}),
        (BadWhen, FaultKind.DROP, {"numbers": (), "seed": 1, "rate_ppm": 0}),
        (BadWhen, FaultKind.DROP, {"numbers": (), "seed": 1, "rate_ppm": 1_000_001}),
        (BadParameter, FaultKind.DROP, {"parameter": 1}),
        (BadParameter, FaultKind.DELAY, {"parameter": SECONDS.allowed[-1] + 1}),
        (BadParameter, FaultKind.ERROR_AFTER, {"parameter": 200}),
        (BadParameter, FaultKind.WRONG_AMOUNTS, {"parameter": 0}),
    ],
)
def test_plans_refused(bench: Bench, refusal: type[Exception], kind: FaultKind, given: Json) -> None:
    with pytest.raises(refusal):
        bench.lay(kind, **given)
    assert not FaultPlan.objects.exists()


@pytest.mark.parametrize("wrong", [{"kind": "drip"}, {"numbers": []}, {"rate_ppm": 5}])
def test_the_database_holds_no_other_plans(bench: Bench, wrong: Json) -> None:
    plan = bench.lay(FaultKind.DROP)
    with pytest.raises(IntegrityError), atomic():
        FaultPlan.objects.filter(pk=plan.pk).update(**wrong)


# the command


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["gateway", "faults", *arguments], prog_name="yidi")


def test_the_command(bench: Bench) -> None:
    here = ("--institution", factories.HOSPITAL)
    laid = run(
        "set", *here, "--kind", "late", "--numbers", "1, 3", "--transaction", "2207A", "--parameter", "45"
    )
    assert laid.exit_code == 0, laid.output
    assert run("set", *here, "--kind", "drop", "--seed", "7", "--rate", "20").exit_code == 0
    listed = run("list", *here).output
    for word in ("late", "45", "2207", "第 1、3 条", "种子 7，20%"):
        assert word in listed
    assert "2 项" in run("clear", *here).output
    assert not FaultPlan.objects.exists()
    for wrong, code in (("x", "CLI-USAGE"), ("", "FAULT-WHEN")):
        refused = run("set", *here, "--kind", "drop", "--numbers", wrong)
        assert (refused.exit_code, code in refused.stderr) == (2, True)
    assert all(kind in run("kinds").output for kind in FaultKind.spellings())


# production


@pytest.mark.usefixtures("production")
def test_in_production_plans_have_no_effect(client: Client) -> None:
    """Not even those that lie in the database, for every message, of every kind."""
    for kind in FaultKind:
        FaultPlan.objects.create(
            institution=client.world.institution, kind=str(kind), parameter=1, seed=1, rate_ppm=1_000_000,
            until=timezone.now() + TOMORROW,
        )  # fmt: skip
    assert MIDDLEWARE not in django_settings.MIDDLEWARE
    response = HttpClient().post(PATH, client.message("9001"), content_type="application/json")
    assert parse(response.content.decode())["infcode"] == 0
    assert set(FaultPlan.objects.values_list("seen", flat=True)) == {0}


@pytest.mark.usefixtures("production")
def test_in_production_the_bench_takes_itself_out(client: Client, settings: Any) -> None:
    with pytest.raises(MiddlewareNotUsed):
        FaultBench(lambda request: None)  # type: ignore[arg-type, return-value]
    settings.FAULT_BENCH = True
    with pytest.raises(MiddlewareNotUsed):
        FaultBench(lambda request: None)  # type: ignore[arg-type, return-value]
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, MIDDLEWARE]
    site = WSGIHandler()
    assert not any(isinstance(step, FaultBench) for step in _chain(site))
    assert site.get_response(RequestFactory().get(PATH)).status_code == 405


def _chain(site: WSGIHandler) -> Any:
    step: Any = site._middleware_chain
    while step is not None:
        step = getattr(step, "__wrapped__", step)
        yield step
        step = getattr(step, "get_response", None)


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("arguments", [("list",), ("clear",), ("set", "--kind", "drop", "--numbers", "1")])
def test_in_production_the_command_refuses(client: Client, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments, "--institution", factories.HOSPITAL)
    assert refused.exit_code == 2
    assert "[FAULT-BENCH-OFF]" in refused.stderr
    with pytest.raises(BenchOff):
        Bench(client).lay(FaultKind.DROP)
    assert not FaultPlan.objects.exists()


@pytest.mark.parametrize(
    "wanted", [{"FAULT_BENCH_WANTED": True}, {"FAULT_BENCH": True}, {"MIDDLEWARE": [MIDDLEWARE]}]
)
@pytest.mark.parametrize("demo", [True, False])
def test_the_system_check(settings: Any, production: None, wanted: Json, demo: bool) -> None:
    for name, value in {**wanted, "DEMO": demo}.items():
        setattr(settings, name, value)
    found = {message.id for message in run_checks(tags=["security"])}
    assert ("gateway_faults.E001" in found) is not demo


@pytest.mark.parametrize(("demo", "refused"), [("0", True), ("1", False)])
def test_the_environment_that_wants_the_bench(
    monkeypatch: pytest.MonkeyPatch, demo: str, refused: bool
) -> None:
    monkeypatch.setenv("YIDI_FAULT_BENCH", "1")
    monkeypatch.setenv("YIDI_DEMO", demo)
    result = CliRunner().invoke(cli, ["gateway", "faults", "list", "--institution", "X"], prog_name="yidi")
    assert ("[CLI-FAULT-BENCH]" in result.stderr) is refused
