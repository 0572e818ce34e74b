"""The pages of rules: everything with its source and grade, and nothing that changes anything."""

import pytest
from django.test import Client

from tests.desk.reading import Page, controls_without_label, staff_client
from yidi.accounts.terms import Role
from yidi.policy.book import book
from yidi.policy.listing import contested_in, stale_in, stated
from yidi.policy.survey import MATTERS
from yidi.reference import regions
from yidi.values.terms import Scheme

pytestmark = pytest.mark.django_db
PAGES = ("/desk/policy/", "/desk/policy/coverage/", "/desk/policy/conflicts/", "/desk/policy/stale/")


@pytest.fixture
def editor() -> Client:
    return staff_client(Role.EDITOR, username="bianji")


def test_every_statement_of_the_pool_stands_with_its_grade_and_place(editor: Client) -> None:
    found = list(stated(book(), "360100", Scheme.EMPLOYEE))
    assert len(found) > 20
    page = Page(editor.get("/desk/policy/"))
    assert page.text.count("口径") >= len(found)
    for item in found:
        assert item.sources, "every statement cites something"
        assert item.place.rule in page.text
        assert f"{item.place.file.name}:{item.place.line}" in page.text
        assert all(source.title in page.text for source in item.sources)
    assert "起付线" in page.text


def test_adopted_ones_alone_and_one_matter_alone(editor: Client) -> None:
    every = Page(editor.get("/desk/policy/", {"pool": "360100"})).text
    adopted = Page(editor.get("/desk/policy/", {"pool": "360100", "adopted": "on"})).text
    assert "未采用，备查" in every
    assert "未采用，备查" not in adopted
    one = Page(editor.get("/desk/policy/", {"pool": "360100", "matter": "filing", "scheme": "resident"}))
    assert "居民医保" in one.text
    assert [attrs["id"] for attrs in one.all("h2")] == ["matter-1"]


def test_what_is_not_understood_shows_the_own_pool(editor: Client) -> None:
    for query in ({"pool": "310000"}, {"pool": "x"}, {"matter": "x"}, {"scheme": "x"}):
        answer = editor.get("/desk/policy/", query)
        assert answer.status_code == 200
        assert "江西省南昌市" in Page(answer).text


def test_a_province_reads_its_pools_and_no_others() -> None:
    client = staff_client(Role.AUDITOR, region="360000")
    assert "江西省赣州市" in Page(client.get("/desk/policy/", {"pool": "360700"})).text
    assert "江西省" in Page(client.get("/desk/policy/", {"pool": "310000"})).text


def test_the_nation_has_a_first_pool() -> None:
    assert staff_client(Role.EDITOR, region=regions.NATION).get("/desk/policy/").status_code == 200


def test_conflicts_that_touch_the_pool(editor: Client) -> None:
    found = contested_in(book(), "360100")
    page = Page(editor.get("/desk/policy/conflicts/"))
    assert found
    assert {attrs["id"] for attrs in page.all("h2")} == set(found)
    assert set(contested_in(book(), "110000")) != set(found)
    layers = regions.layers_of("360100")
    assert all(place.pool in layers for places in found.values() for place in places)


def test_old_sources(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from django.utils import timezone

    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2030, 1, 1))
    found = stale_in(book(), "360100", date(2030, 1, 1), 365)
    page = Page(editor.get("/desk/policy/stale/", {"days": "365"}))
    assert found
    assert f"{len(found)} 处" in page.text
    assert [item.checked for item in found] == sorted(item.checked for item in found)
    assert stale_in(book(), "360100", date(2030, 1, 1), 100_000) == []


def test_coverage_says_what_is_missing(editor: Client) -> None:
    page = Page(editor.get("/desk/policy/coverage/"))
    assert "全部作答" in page.text
    assert "问答了" in page.text
    assert len(page.all("tr")) - 1 <= len(MATTERS)


def test_nothing_can_be_sent(editor: Client) -> None:
    for path in PAGES:
        page = Page(editor.get(path))
        ways = {form.get("method") for form in page.all("form") if form.get("action") != "/desk/sign-out/"}
        assert ways == {"get"}
        assert editor.post(path).status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_in_english_with_every_control_named(editor: Client, path: str) -> None:
    page = Page(editor.get(path, {"lang": "en"}))
    assert page.left_over() == []
    assert controls_without_label(page) == []
    assert len(page.all("h1")) == 1
