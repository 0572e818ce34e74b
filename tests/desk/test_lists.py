"""The pages of lists: templates, exports with a reason, imports that are checked first and confirmed once."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desk.reading import Page, controls_without_label, staff_client
from tests.operations.test_lists import GOOD, cells, sheet, text
from tests.people.factories import a_coverage, an_identity
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import MATRIX, Action, Role
from yidi.audit.models import Event, Look
from yidi.evidence import vault
from yidi.evidence.services import sweep
from yidi.operations import lists
from yidi.qualification.models import Qualification
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db
BASE = "/desk/lists/qualifications"
PAGES = ("/desk/lists/", f"{BASE}/template.xlsx", f"{BASE}/import/")
OTHER = GOOD | {"身份证号": an_identity(2)}


@pytest.fixture(autouse=True)
def _own_vault(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def supervisor() -> Client:
    return staff_client(Role.SUPERVISOR, username="zhuguan")


def upload(client: Client, rows: Sequence[Mapping[str, Any]] | bytes, name: str = "名单.xlsx") -> Any:
    content = rows if isinstance(rows, bytes) else text(rows)
    return client.post(f"{BASE}/import/", {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, digest: str | None = None) -> Any:
    if digest is None:
        page = Page(client.get(f"{BASE}/check/"))
        digest = next(item["value"] for item in page.all("input") if item.get("name") == "digest")
    return client.post(f"{BASE}/confirm/", {"digest": digest}, follow=True)


@pytest.mark.parametrize("role", list(Role))
def test_who_enters(role: Role) -> None:
    client = staff_client(role, provider_code="H31010600001" if role is Role.CASHIER else "")
    exports, imports = role in MATRIX[Action.EXPORT_LISTS], role in MATRIX[Action.IMPORT_LISTS]
    for path in PAGES[:2]:
        assert client.get(path).status_code == (200 if exports else 403)
    assert client.get(PAGES[2]).status_code == (200 if imports else 403)
    assert client.post(f"{BASE}/confirm/", {"digest": "x"}).status_code == (302 if imports else 403)
    assert client.post(f"{BASE}/export/", {"reason": "核对"}).status_code == (200 if exports else 403)


def test_those_who_only_export_are_not_offered_an_import() -> None:
    page = Page(staff_client(Role.AUDITOR).get("/desk/lists/"))
    assert "下载模板" not in page.text
    assert "导出" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_what_there_is_not(supervisor: Client, path: str) -> None:
    if "qualifications" in path:
        assert supervisor.get(path.replace("qualifications", "people")).status_code == 404


class TestImport:
    def test_is_checked_then_confirmed(self, supervisor: Client) -> None:
        a_coverage(1)
        a_coverage(2)
        answer = upload(supervisor, sheet([GOOD, OTHER]))
        assert answer["Location"] == f"{BASE}/check/"
        page = Page(supervisor.get(f"{BASE}/check/"))
        assert "名单.xlsx" in page.text
        assert "将新增 2" in page.text
        assert not Qualification.objects.exists()
        assert "新增 2 条" in Page(confirm(supervisor)).text
        assert Qualification.objects.count() == 2
        event = Event.objects.filter(action="qualification:taken-over").first()
        assert event is not None
        assert event.actor == "zhuguan"

    def test_confirmed_twice_is_imported_once(self, supervisor: Client) -> None:
        a_coverage(1)
        content = text([GOOD])
        upload(supervisor, content)
        digest = lists.digest_of(content)
        confirm(supervisor)
        assert "什么都没有导入" in Page(confirm(supervisor, digest)).text
        assert Qualification.objects.count() == 1

    def test_faults_are_named_and_nothing_can_be_confirmed(self, supervisor: Client) -> None:
        a_coverage(1)
        content = text([GOOD, OTHER | {"开始日期": "去年"}])
        upload(supervisor, content)
        page = Page(supervisor.get(f"{BASE}/check/"))
        assert "有 1 处要改" in page.text
        assert "3 开始日期 “去年”没有看懂。应为日期，写成 2026-01-31 这样。" in page.text
        assert not any(item.get("name") == "digest" for item in page.all("input"))
        digest = lists.digest_of(content)
        assert "检查之后情况有变" in Page(confirm(supervisor, digest)).text
        assert not Qualification.objects.exists()

    def test_what_changed_since_the_check_stops_it(self, supervisor: Client) -> None:
        coverage = a_coverage(1)
        upload(supervisor, [GOOD])
        page = Page(supervisor.get(f"{BASE}/check/"))
        digest = next(item["value"] for item in page.all("input") if item.get("name") == "digest")
        a_qualification(State.SUBMITTED, coverage)
        answer = Page(confirm(supervisor, digest))
        assert "检查之后情况有变，什么都没有导入" in answer.text
        assert "已有一份已提交的认定" in answer.text
        assert not Qualification.objects.filter(state="approved").exists()

    @pytest.mark.parametrize("digest", ["", "0" * 64, "x' OR 1=1"])
    def test_another_file_is_not_confirmed(self, supervisor: Client, digest: str) -> None:
        a_coverage(1)
        upload(supervisor, [GOOD])
        assert "不是同一份" in Page(confirm(supervisor, digest)).text
        assert not Qualification.objects.exists()

    def test_nothing_to_confirm(self, supervisor: Client) -> None:
        assert supervisor.get(f"{BASE}/check/")["Location"] == f"{BASE}/import/"
        assert "不是同一份" in Page(confirm(supervisor, "")).text

    def test_somebody_else_confirms_nothing_of_mine(self, supervisor: Client) -> None:
        a_coverage(1)
        content = text([GOOD])
        upload(supervisor, content)
        other = staff_client(Role.SUPERVISOR, username="bieren")
        assert "不是同一份" in Page(confirm(other, lists.digest_of(content))).text
        assert not Qualification.objects.exists()

    def test_a_list_of_one_kind_is_not_confirmed_as_another(self, supervisor: Client) -> None:
        a_coverage(1)
        upload(supervisor, [GOOD])
        assert supervisor.get("/desk/lists/filings/check/")["Location"] == "/desk/lists/filings/import/"

    def test_what_waits_is_sealed_and_swept_away(self, supervisor: Client) -> None:
        a_coverage(1)
        upload(supervisor, [GOOD])
        (path,) = vault.files(0)
        assert an_identity(1).encode() not in path.read_bytes()
        assert sweep(0) == 1
        answer = Page(supervisor.get(f"{BASE}/check/", follow=True))
        assert "检查后过了太久" in answer.text

    def test_a_new_upload_takes_the_place_of_the_old(self, supervisor: Client) -> None:
        a_coverage(2)
        upload(supervisor, [GOOD])
        upload(supervisor, [OTHER])
        assert len(list(vault.files(0))) == 1
        confirm(supervisor)
        assert list(vault.files(0)) == []
        assert Qualification.objects.get().coverage.person.identity == an_identity(2)

    def test_a_list_that_changes_nothing_says_so(self, supervisor: Client) -> None:
        a_coverage(1)
        upload(supervisor, [GOOD])
        confirm(supervisor)
        upload(supervisor, [GOOD])
        page = Page(supervisor.get(f"{BASE}/check/"))
        assert "没有变动，不需要导入" in page.text
        assert not any(item.get("name") == "digest" for item in page.all("input"))

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "这个文件是空的"),
            (b"PK\x03\x04 no archive", "不是能读的表格"),
            (b"\x00\x01\x02", "不是能读的表格"),
            ("甲,乙\n1,2".encode(), "表格缺少这些列：身份证号"),
            (("身份证号,参保地,险种,病种,开始日期\n" + "1,2,3,4,5\n" * 100_000).encode(), "表格太大"),
        ],
    )
    def test_what_is_no_list_is_refused_beside_the_field(
        self, supervisor: Client, content: bytes, said: str
    ) -> None:
        page = Page(upload(supervisor, content))
        assert said in page.text
        assert list(vault.files(0)) == []

    def test_a_file_that_is_too_large(self, supervisor: Client, settings: Any) -> None:
        settings.EVIDENCE_MAX_FILE = 1000
        assert (
            "1000" in (text := Page(upload(supervisor, b"a," * 2000)).text)
            or "过大" in text
            or "太大" in text
        )

    def test_no_file(self, supervisor: Client) -> None:
        assert "请选择要导入的表格" in Page(supervisor.post(f"{BASE}/import/")).text


class TestExport:
    @pytest.fixture(autouse=True)
    def _two(self) -> None:
        a_qualification(State.APPROVED, a_coverage(1))
        a_qualification(State.EXPIRED, a_coverage(2))

    def test_a_spreadsheet_with_a_reason(self, supervisor: Client) -> None:
        answer = supervisor.post(f"{BASE}/export/", {"reason": "年度核对"})
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert [row[0] for row in cells(answer.content)[1:]] == [an_identity(1)]
        assert Look.objects.get().reason == "年度核对"

    def test_with_what_is_over(self, supervisor: Client) -> None:
        answer = supervisor.post(f"{BASE}/export/", {"reason": "年度核对", "with_past": "on"})
        assert len(cells(answer.content)) == 3

    def test_a_reason_is_asked_for_beside_its_field(self, supervisor: Client) -> None:
        page = Page(supervisor.post(f"{BASE}/export/", {"reason": " ", "with_past": "on"}))
        assert "请填写这一项" in page.text
        assert any(
            item.get("id") == "qualifications_with_past" and "checked" in item for item in page.all("input")
        )
        assert not Look.objects.exists()

    def test_a_pool_of_others_is_no_choice(self, supervisor: Client) -> None:
        page = Page(supervisor.post(f"{BASE}/export/", {"reason": "核对", "pool": "310000"}))
        assert "没有这个选项" in page.text

    def test_nothing_to_export(self, supervisor: Client) -> None:
        answer = supervisor.post("/desk/lists/filings/export/", {"reason": "核对"})
        assert "没有可以导出的" in Page(answer).text

    def test_parts_of_a_long_list(self, supervisor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "MOST_ROWS", 1)
        asked = {"reason": "核对", "with_past": "on"}
        page = Page(supervisor.post(f"{BASE}/export/", asked))
        assert "分成 2 份" in page.text
        answer = supervisor.post(f"{BASE}/export/", asked | {"part": "2"})
        assert [row[0] for row in cells(answer.content)[1:]] == [an_identity(2)]
        assert "没有第 7 份" in Page(supervisor.post(f"{BASE}/export/", asked | {"part": "7"})).text


def test_the_template_comes_with_explanations(supervisor: Client) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(supervisor.get(f"{BASE}/template.xlsx").content))
    assert book.sheetnames == ["待遇资格名单", "填写说明"]


def test_in_english_with_every_control_named(supervisor: Client) -> None:
    a_coverage(1)
    upload(supervisor, [GOOD | {"开始日期": "2025-02-30"}], "list.xlsx")
    for path in ("/desk/lists/", f"{BASE}/import/", f"{BASE}/check/"):
        page = Page(supervisor.get(path, {"lang": "en"}))
        assert page.left_over() == []
        assert controls_without_label(page) == []
        assert len(page.all("h1")) == 1
