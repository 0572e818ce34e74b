"""Every sample of the reference is sent again, and what comes back is what the reference shows."""

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from rich.progress import Progress

from yidi.demo.days import as_if_on
from yidi.demo.trial import connect_test_hospital
from yidi.gateway.json_text import encode, parse
from yidi.gateway.models import Institution
from yidi.gateway.reference import samples, trial
from yidi.gateway.reference.script import Exchange, Player, messages, refused, scenes
from yidi.gateway.transactions import TRANSACTIONS
from yidi.operations.loading import load_all

DAY = date(2026, 6, 15)


def played(institution: Institution) -> dict[str, Exchange]:
    """The first exchange of each transaction in the day."""
    provider = institution.provider
    player = Player(
        str(provider.code), provider.name, provider.region, lambda raw: trial.send(institution, raw).reply
    )
    everything = (exchange for scene in scenes() for exchange in player.play(scene))
    found: dict[str, Exchange] = {}
    for exchange in samples.Renumbered().exchanges(everything):
        found.setdefault(exchange.infno, exchange)
    return found


def assert_made_ready_again(institution: Institution) -> None:
    """Whatever earlier visitors left behind, what the form fills in goes through."""
    for infno in (
        "2208",
        "2501",
        "2501A",
        "2501",
        "2502",
        "2503",
        "2503",
        "2505",
        "2506",
        "2505",
        "3203",
        "3203",
        "3262",
    ):
        ready = trial.ready(institution, infno)
        reply = parse(trial.send(institution, encode(ready).encode()).reply.text)
        assert reply["infcode"] == 0, reply["err_msg"]


@pytest.fixture
def _used_for_years(db: None) -> None:
    """Every table has drawn numbers before, each another count of them: a sample that shows one is told at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename), last_value + 997 * row_number() OVER ())"
                " FROM (SELECT schemaname, sequencename, coalesce(last_value, 0) AS last_value FROM pg_sequences) s"
            )


@pytest.mark.usefixtures("_used_for_years")
def test_every_sample_runs(
    settings: LazySettings, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setattr(trial, "first_number", count(1000, 50).__next__)
    with as_if_on(DAY):
        for _ in load_all(demo=True, progress=Progress(disable=True)):
            pass
        institution = connect_test_hospital()
        found = played(institution)
        assert_made_ready_again(institution)
    assert set(found) == set(messages())
    for infno, exchange in found.items():
        if isinstance(exchange.reply, dict):
            expected = -1 if infno in refused() else 0
            assert exchange.reply["infcode"] == expected, exchange.reply["err_msg"]
        golden(samples.FOLDER / f"{infno}.json", samples.text_of(exchange))


def test_every_sample_is_of_the_day_and_of_a_transaction() -> None:
    kept = {path.stem for path in samples.FOLDER.glob("*.json")}
    assert kept == set(messages())
    assert kept <= {item.infno for item in TRANSACTIONS}
