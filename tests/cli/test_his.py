"""yidi his, over real HTTP, against the centre in memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.his.centre import Centre
from tests.his.factories import CODE, NUMBER, served, visit
from tests.his.test_day import PLAIN as CAST
from yidi.cli.main import cli
from yidi.his.config import read_config, toml_text
from yidi.his.journal import Journal


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def folder(centre: Centre, tmp_path: Path) -> Iterator[Path]:
    """A folder with a configuration for the centre, which is running."""
    with served(centre.answer) as server:
        config = {
            "centre": {"url": f"http://127.0.0.1:{server.server_port}/", "timeout_s": 20},
            "institution": {"code": CODE, "name": "示例医院（合成）", "region": "310000"},
            "recovery": {"attempts": 3, "wait_s": 0.02},
        }
        (tmp_path / "his.toml").write_text(toml_text(config), encoding="utf-8")
        yield tmp_path


def run(folder: Path, *words: str, given: Any = None) -> Result:
    text = json.dumps(given) if given is not None else None
    return CliRunner().invoke(cli, ["his", *words, "--config", str(folder / "his.toml")], input=text)


def test_a_visit_from_the_card_to_the_books(folder: Path, centre: Centre) -> None:
    played = run(folder, "visit", "-", given=visit())
    assert played.exit_code == 0, played.output
    records = [json.loads(line) for line in played.stdout.splitlines()]
    assert [one["infno"] for one in records] == ["1101", "2201", "2203A", "2204", "2206A", "2207A"]
    assert all(json.loads(one["reply"])["infcode"] == 0 for one in records)
    (settled,) = centre.standing()
    again = run(folder, "visit", "-", given={**visit(), "cancel": True})
    assert [json.loads(line)["infno"] for line in again.stdout.splitlines()][-1] == "2208"
    assert centre.standing() == []
    listed = run(folder, "journal", "--visit", NUMBER)
    assert "已答复" in listed.output
    compared = run(folder, "reconcile")
    assert compared.exit_code == 0
    assert "差异 0 笔" in compared.output
    asked = {"data": {"psn_no": "P1", "mdtrt_id": settled["mdtrt_id"], "setl_id": settled["setl_id"]}}
    called = run(folder, "call", "5203", "-", "--home", "360100", given=asked)
    assert json.loads(called.stdout)["setlinfo"]["medfee_sumamt"] == "48.02"


def test_what_was_interrupted_is_recovered(folder: Path, centre: Centre) -> None:
    run(folder, "visit", "-", given=visit())
    with (journal := Journal(str(folder / "his.sqlite3"))).together():
        journal._db.execute("UPDATE message SET state = 'sent' WHERE infno = '2207A'")
    journal.close()
    recovered = run(folder, "recover")
    assert (recovered.exit_code, "查清 1 份，仍不明 0 份" in recovered.output) == (0, True)
    assert centre.seen[-1] == "2207"
    assert "查清 0 份" in run(folder, "recover").output


def test_a_difference_that_a_person_has_to_look_at_is_exit_status_1(folder: Path, centre: Centre) -> None:
    run(folder, "visit", "-", given=visit())
    (one,) = centre.standing()
    one["medfee_sumamt"] += 1
    compared = run(folder, "reconcile")
    assert compared.exit_code == 1
    assert "待人工处理" in compared.output


@pytest.mark.parametrize(
    ("words", "given", "code"),
    [
        (("visit", "-"), [], "HIS-INPUT"),
        (("visit", "-"), {"id": "V1"}, "HIS-INPUT"),
        (("visit", "absent.json"), None, "HIS-INPUT"),
        (("call", "1101", "-", "--visit", "V9"), {}, "HIS-JOURNAL"),
        (("call", "2202", "-"), {"data": {"mdtrt_id": "9"}}, "HIS-REFUSED"),
        (("day", "--url", "http://127.0.0.1:1/"), None, "CLI-USAGE"),
        (("journal", "--config", "absent.toml"), None, "HIS-CONFIG"),
    ],
)
def test_what_is_refused(folder: Path, centre: Centre, words: tuple[str, ...], given: Any, code: str) -> None:
    centre._2202 = lambda msgid, data: (_ for _ in ()).throw(refusal())  # type: ignore[method-assign]
    if words[0] == "journal":
        (folder / "his.toml").unlink()
    refused = run(folder, *words, given=given)
    assert refused.exit_code == 2
    assert f"[{code}]" in refused.stderr


def refusal() -> Exception:
    from tests.his.centre import No

    return No("没有该就诊")


def test_a_day_at_a_centre_that_is_there(folder: Path, centre: Centre, tmp_path: Path) -> None:
    """Three visits, each of which loses something of its settlement; then two more on the same journal."""
    cast = tmp_path / "cast.json"
    cast.write_text(json.dumps(CAST), encoding="utf-8")
    url = read_config(folder / "his.toml").centre.url
    words = ("day", "--visits", "3", "--faults", "1", "--cashiers", "1", "--url", url, "--cast", str(cast))
    played = run(folder, *words, "--keep", str(tmp_path / "kept"))
    assert played.exit_code == 0, played.output
    for said in ("回复截断", "3 次就诊", "对账零差异"):
        assert said in played.output
    assert len(centre.standing()) == 2
    again = run(folder, "day", "--visits", "2", *words[5:], "--keep", str(tmp_path / "kept"))
    assert (again.exit_code, len(centre.standing())) == (0, 4), again.output
