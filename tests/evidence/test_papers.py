"""Papers of a case: handed in, shown, removed, opened again; sealed on disk, and gone when nothing names them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from tests.evidence.factories import CASE, a_paper, a_photo, a_remade, an_upload, somebody
from tests.people.factories import a_person
from yidi.audit.models import Event
from yidi.evidence import checks, services, vault
from yidi.evidence.errors import (
    AlreadyRemoved,
    ContentLost,
    DescriptionMissing,
    NoFile,
    TooManyInCase,
    TooManyPapers,
)
from yidi.evidence.findings import CHECKS
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of, papers_of, removed_papers_of
from yidi.evidence.services import content, hand_in, remove, show, sweep
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


def kept_files() -> list[Path]:
    return [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]


def events() -> list[tuple[str, str, str]]:
    return list(Event.objects.order_by("pk").values_list("action", "subject", "reason"))


def test_a_photo_is_handed_in_and_opened_again() -> None:
    original = a_photo()
    paper = hand_in(
        CASE, a_person(), Material.DIAGNOSIS, an_upload(original), "../诊断书\u202e.HEIC", somebody()
    )
    assert (paper.name, paper.file_name, paper.media_type, paper.pages) == (
        "诊断书.HEIC",
        "诊断书.jpg",
        "image/jpeg",
        1,
    )
    opened = content(Paper.objects.get(pk=paper.pk))
    assert opened.startswith(b"\xff\xd8")
    assert len(opened) == paper.size
    assert opened != original
    assert materials_of(CASE) == {Material.DIAGNOSIS}
    assert events() == [("evidence:hand-in", CASE, Material.DIAGNOSIS.zh)]


def test_a_paper_shown_at_the_window_has_no_file_and_a_new_note_replaces_it() -> None:
    person, clerk = a_person(), somebody("clerk")
    first = show(CASE, person, Material.ID_CARD, " 居民身份证原件 ", clerk)
    second = show(CASE, person, Material.ID_CARD, "临时居民身份证原件", clerk)
    assert [paper.description for paper in papers_of(CASE)] == ["临时居民身份证原件"]
    assert list(removed_papers_of(CASE)) == [first]
    assert materials_of(CASE) == {Material.ID_CARD}
    with pytest.raises(NoFile):
        content(second)
    with pytest.raises(DescriptionMissing):
        show(CASE, person, Material.ID_CARD, " \n", clerk)
    assert [action for action, _, _ in events()] == ["evidence:show"] * 2


def test_what_is_removed_leaves_the_case_and_stays_on_record() -> None:
    paper = a_paper()
    remove(paper, somebody("other"))
    assert materials_of(CASE) == frozenset()
    assert (paper.removed_by, content(paper)) == ("other", "甲".encode())
    with pytest.raises(AlreadyRemoved):
        remove(Paper.objects.get(pk=paper.pk), somebody())
    assert [action for action, _, _ in events()] == ["evidence:hand-in", "evidence:remove"]
    assert a_paper(paper.person).pk != paper.pk, "what was removed may be handed in again"


def test_the_same_file_twice_is_one_paper() -> None:
    paper = a_paper()
    assert a_paper(paper.person) == paper
    assert a_paper(paper.person, Material.INVOICE) != paper
    assert a_paper(paper.person, case="Q0000000002") != paper
    assert len(kept_files()) == 3
    assert len(events()) == 3


def test_files_of_a_material_and_of_a_case_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PER_MATERIAL", 2)
    monkeypatch.setattr(services, "MOST_PER_CASE", 3)
    person = a_person()
    for text in "甲乙":
        a_paper(person, text=text)
    with pytest.raises(TooManyPapers, match="最多上传 2 个"):
        a_paper(person, text="丙")
    a_paper(person, Material.INVOICE, text="丁")
    with pytest.raises(TooManyInCase, match="最多上传 3 个"):
        a_paper(person, Material.FEE_LIST, text="戊")
    assert checks.MOST_PER_MATERIAL < checks.MOST_PER_CASE
    assert len(kept_files()) == 3


def test_nothing_readable_lies_on_the_disk_or_in_the_table() -> None:
    a_paper(text="诊断：高血压")
    (file,) = kept_files()
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", str(file.relative_to(settings.EVIDENCE_ROOT)))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "诊断".encode() not in file.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evidence_paper")
        cells = cursor.fetchone()
    raw = [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in cells]
    assert not any("诊断书".encode() in cell for cell in raw)


def test_a_file_that_was_changed_lost_or_put_in_anothers_place_is_not_opened() -> None:
    one, other = a_paper(text="甲"), a_paper(Paper.objects.get().person, text="乙")
    assert one.blob
    assert other.blob
    good = vault.path_of(one.blob).read_bytes()
    for bad in (vault.path_of(other.blob).read_bytes(), good[:-1] + bytes([good[-1] ^ 1]), good[:5], b""):
        vault.path_of(one.blob).write_bytes(bad)
        with pytest.raises(ContentLost):
            content(one)
    vault.path_of(one.blob).unlink()
    with pytest.raises(ContentLost):
        content(one)
    assert content(other) == "乙".encode()


def test_a_row_that_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise OSError("no trail")

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(OSError, match="no trail"):
        a_paper()
    assert kept_files() == []


def test_a_disk_that_fails_leaves_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        a_paper()
    assert not Paper.objects.exists()
    assert kept_files() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_request_rolls_back_is_erased_when_it_ends() -> None:
    person = a_person()
    kept = a_paper(person, text="甲")

    def fails_at_last() -> None:
        with transaction.atomic():
            a_paper(person, text="乙")
            raise IntegrityError

    with pytest.raises(IntegrityError):
        fails_at_last()
    assert len(kept_files()) == 2
    request_finished.send(sender=None)
    assert [path.name for path in kept_files()] == [kept.blob]


def test_the_sweep_erases_what_no_paper_names_and_nothing_young() -> None:
    kept = a_paper()
    orphan = vault.path_of(vault.write(b"orphan"))
    part = orphan.with_suffix(".part")
    part.write_bytes(b"half")
    assert sweep() == 0
    assert sweep(older_than_s=0) == 2
    assert [path.name for path in kept_files()] == [kept.blob]


def test_the_audit_finds_files_that_are_lost_or_cut_off() -> None:
    one = a_paper(text="甲")
    two, three = (a_paper(one.person, text=text) for text in "乙丙")
    (check,) = CHECKS
    assert list(check.find()) == []
    cut, lost = vault.path_of(two.blob or ""), vault.path_of(three.blob or "")
    cut.write_bytes(cut.read_bytes()[:-1])
    lost.unlink()
    assert [(finding.subject, finding.zh) for finding in check.find()] == [
        (f"paper {two.pk} ({CASE})", "文件内容 2 字节，应为 3 字节"),
        (f"paper {three.pk} ({CASE})", "文件缺失"),
    ]


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 32 + "\n", "A" * 32, "0" * 31])
def test_no_other_name_is_ever_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="blob"):
        vault.path_of(name)


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": ""},
        {"blob": None},
        {"name": None},
        {"description": "both"},
        {"media_type": "text/html"},
        {"size": 0},
        {"pages": 0},
        {"removed_by": "nobody"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_table_holds_no_half_paper(changes: dict[str, object]) -> None:
    a_paper()
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.update(**changes)


def test_the_table_holds_the_same_file_once() -> None:
    one, other = a_paper(text="甲"), a_paper(Paper.objects.get().person, text="乙")
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=other.pk).update(sha256=one.sha256)


def test_what_a_form_made_anew_is_kept_as_it_is() -> None:
    remade = a_remade("丙", "收据.pdf")
    paper = hand_in(CASE, a_person(), Material.INVOICE, remade, "another name", somebody())
    assert (paper.name, content(paper)) == ("收据.pdf", remade.content)
