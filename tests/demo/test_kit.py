"""The test data of a certification: what they promise is what the gateway pays, to the fen."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.gateway import factories
from tests.gateway.client import Client, yuan
from tests.gateway.conftest import client, world
from tests.gateway.factories import World
from yidi.benefit.split import FeeLine
from yidi.catalogue.models import CatalogueItem
from yidi.cli.main import cli
from yidi.demo import kit as kits
from yidi.demo.errors import KitCatalogue, KitRegion
from yidi.demo.script import Script, ScriptedVisit
from yidi.gateway.certification import reports, runs
from yidi.gateway.certification.facts import pseudonym
from yidi.gateway.certification.models import Run
from yidi.gateway.certification.rules import Verdict
from yidi.people.queries import by_number
from yidi.providers.models import Provider
from yidi.settlement.models import Settlement, Visit

__all__ = ["client", "world"]
pytestmark = pytest.mark.django_db
LINE = FeeLine("1", factories.A, "甲药", 10_000, 500_000_000, 50_000)


def visit(name: str, who: str, med_type: str = "11", disease: str = "", **more: Any) -> ScriptedVisit:
    return ScriptedVisit(name, name, who, med_type, "I10.x00x002", "高血压病", (LINE,), disease, **more)


SCRIPT = Script(
    {}, {}, (visit("V1", "filed"), visit("V2", "filed", cancel=True), visit("V3", "filed", "14", "M03900"), visit("V4", "unfiled")), {}
)  # fmt: skip


@pytest.fixture(autouse=True)
def _script(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(kits, "read_script", lambda: SCRIPT)
    settings.DEMO = True


def certify(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["gateway", "certify", *arguments], prog_name="yidi")


def test_what_is_promised_is_paid(client: Client) -> None:
    """The first visit, as the kit tells it, through the gateway: the checklist finds it settled to the fen."""
    institution = client.world.institution
    run = runs.begin(institution, kits.Actor(kits.ActorKind.SYSTEM, "test", "CN"))
    kit = kits.hand_out(institution)
    assert not Visit.objects.exists()
    assert not Settlement.objects.exists()
    runs.expect(run, kit.scenarios)
    first, other = kit.people
    assert (first.filed, other.filed) == (True, False)
    assert [each.id for each in kit.scenarios] == ["V1", "V2", "V3"]
    assert kit.visits[-1].expected == "应被拒绝：FILING-NONE"
    person = by_number(first.number)
    client.world = World(person, person.coverages.get(), client.world.provider, institution)
    client.med_type = "11"
    client.run("9001", "1101", "2201", "2203A")
    upload = client.message("2204")
    line = client._line("1", LINE.code, 1, "500.00", "500.00", "0")
    assert client.send({**upload, "input": {"feedetail": [line]}})["infcode"] == 0
    settle = client.message("2207A")
    settle["input"]["data"]["medfee_sumamt"] = "500.00"
    paid = client.send(settle)["output"]["setlinfo"]
    promised = kit.scenarios[0]
    assert promised.fund > 0
    assert (yuan(paid["fund_pay_sumamt"]) * 100, yuan(paid["psn_cash_pay"]) * 100) == (
        promised.fund,
        promised.cash,
    )
    verdicts = {line.rule.id: line.verdict for line in reports.report_of(run).lines}
    assert (verdicts["scenario-V1"], verdicts["scenario-V2"]) == (Verdict.PASS, Verdict.UNSEEN)


def test_new_people_each_time(world: World) -> None:
    first, second = kits.hand_out(world.institution), kits.hand_out(world.institution)
    numbers = {person.number for kit in (first, second) for person in kit.people}
    assert len(numbers) == 4
    assert [each.fund for each in first.scenarios] == [each.fund for each in second.scenarios]


def test_where_there_are_no_test_data(world: World) -> None:
    CatalogueItem.objects.all().delete()
    with pytest.raises(KitCatalogue):
        kits.hand_out(world.institution)
    Provider.objects.update(region="360102")
    world.provider.refresh_from_db()
    with pytest.raises(KitRegion):
        kits.hand_out(world.institution)


def test_the_command(world: World, tmp_path: Path, settings: Any) -> None:
    here = ("--institution", factories.HOSPITAL)
    assert "[CERTIFY-NONE]" in certify(*here).stderr
    begun = certify("begin", *here, "--json")
    assert begun.exit_code == 0, begun.output
    people = json.loads(begun.stdout)["people"]
    run = Run.objects.get()
    assert run.scenarios[0]["person"] == pseudonym(people[0]["number"])
    assert people[0]["number"] not in str(run.scenarios)
    assert "[CERTIFY-OPEN]" in certify("begin", *here).stderr
    page = tmp_path / "report.html"
    shown = certify(*here, "--report", str(page))
    assert "尚未完成" in shown.output
    assert "测试就诊 V1" in page.read_text(encoding="utf-8")
    told = json.loads(certify("end", *here, "--json", "--report", str(page)).stdout)
    assert (told["verdict"], told["ended"] is not None) == ("incomplete", True)
    settings.DEMO = False
    assert "只在演示环境" in certify("begin", *here).output
    assert not Run.objects.get(ended=None).scenarios
