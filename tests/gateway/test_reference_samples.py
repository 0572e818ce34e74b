"""Every sample of the reference is sent again, and what comes back is what the reference shows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from rich.progress import Progress

from yidi.demo.days import as_if_on
from yidi.demo.trial import connect_test_hospital
from yidi.gateway.reference import samples, trial
from yidi.gateway.reference.script import Exchange, Player, messages, refused, scenes
from yidi.gateway.transactions import TRANSACTIONS
from yidi.operations.loading import load_all

DAY = date(2026, 6, 15)


def played() -> dict[str, Exchange]:
    """The first exchange of each transaction in the day."""
    for _ in load_all(demo=True, progress=Progress(disable=True)):
        pass
    institution = connect_test_hospital()
    provider = institution.provider
    player = Player(
        str(provider.code), provider.name, provider.region, lambda raw: trial.send(institution, raw).reply
    )
    everything = (exchange for scene in scenes() for exchange in player.play(scene))
    found: dict[str, Exchange] = {}
    for exchange in samples.Renumbered().exchanges(everything):
        found.setdefault(exchange.infno, exchange)
    return found


@pytest.mark.django_db
def test_every_sample_runs(settings: object, golden: Callable[[Path, str], None]) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    with as_if_on(DAY):
        found = played()
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
