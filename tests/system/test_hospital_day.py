"""A scripted day with faults, over real HTTP, on the database under test: the books of both sides agree to the fen."""

from datetime import date

import pytest

from tests.system.invented import ITEM, identity
from tests.system.running import Site
from yidi.his.config import toml_text
from yidi.his.day import CONFIG, Cast, plan_day, play, unfinished
from yidi.his.reconcile import reconcile

pytestmark = pytest.mark.system

CAST = {
    "people": [{"certno": identity(number), "chronic": False} for number in range(3)],
    "disease": {"code": "", "name": "", "diagnosis": "I10.x00x002", "diagnosis_name": "高血压病"},
    "items": [{"code": ITEM, "price": "480.00"}],
}
VISITS, SEED = 9, 2


def test_a_day_with_faults_reconciles_to_zero(site: Site) -> None:
    planned = plan_day(Cast.read(CAST, "cast"), VISITS, SEED)
    with site.serve():
        config = site.config().model_dump(exclude={"dialect"})
        (site.folder / CONFIG).write_text(
            toml_text({**config, "recovery": {"wait_s": 0.05}}), encoding="utf-8"
        )
        kills = play(site.folder, planned, 2, lambda done: None)
        with site.hospital() as hospital:
            days = [date.fromisoformat(one.at[:10]) for one in site.journal.settlements()]
            statement = reconcile(hospital, min(days), max(days))
            assert unfinished(site.journal, planned) == []
            standing = [one for one in site.journal.settlements() if one.stands]
    assert kills >= 2
    assert statement.even
    assert statement.differences == []
    assert sum(one.fund for one in standing) == site.counts()["fund"]
    assert site.audit()["ok"]
