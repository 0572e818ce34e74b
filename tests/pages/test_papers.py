"""The block of a case's papers: what is missing, what may be sent, and what is said when something is refused."""

from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.evidence.factories import CASE, a_photo, a_remade, an_upload, somebody
from tests.people.factories import a_person
from yidi.evidence import services
from yidi.evidence.errors import TooManyPapers
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of
from yidi.pages.papers import PapersBlock
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db
WANTED = (("id-card", "social-card"), ("qualification-form",), ("diagnosis",))


def a_block(**different: Any) -> PapersBlock:
    asked: dict[str, Any] = {"address": "/there/", "viewer": "portal:plan", "takes": True, "removes": True}
    return PapersBlock(WANTED, papers_of(CASE), **(asked | different))


def a_paper(material: Material = Material.DIAGNOSIS, name: str = "诊断书.jpg") -> Paper:
    return services.hand_in(CASE, a_person(), material, a_remade(name, name), name, somebody())


def sent(rf: RequestFactory, **fields: Any) -> HttpRequest:
    request = rf.post("/there/", fields)
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


class Desk:
    """What the block calls, noted."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def hand_in(self, material: Material, remade: Any) -> None:
        self.done.append((material, remade.name))

    def remove(self, paper: Paper) -> None:
        self.done.append(("remove", paper.pk))

    def show(self, material: Material, description: str) -> None:
        self.done.append((material, description))


def test_what_is_there_and_what_is_missing() -> None:
    paper, extra = a_paper(), a_paper(Material.INVOICE, "票据.jpg")
    block = a_block()
    assert [(row.have, row.papers) for row in block.rows] == [
        (False, []),
        (False, []),
        (True, [paper]),
        (True, [extra]),
    ]
    assert block.missing == 2
    assert [row.asked for row in block.rows] == [True, True, True, False]


def test_what_the_system_writes_is_not_missing() -> None:
    block = a_block(made_here=(Material.QUALIFICATION_FORM,))
    assert block.missing == 2
    a_paper(Material.QUALIFICATION_FORM)
    row = a_block(made_here=(Material.QUALIFICATION_FORM,)).rows[1]
    assert (row.have, row.made_here) == (True, False)


def test_a_closed_case_shows_its_papers_and_takes_none() -> None:
    a_paper()
    block = a_block(takes=False, removes=False)
    assert [row.form for row in block.rows] == [None, None, None]
    html = shown(block)
    assert "诊断书.jpg" in html
    assert "<form" not in html


def shown(block: PapersBlock) -> str:
    # The tests' paper viewer takes a key; the plan page stands for it where none is shown.
    block.viewer = "portal:paper" if any(row.papers for row in block.rows) else block.viewer
    return render_to_string("pages/_papers.html", {"block": block})


def test_several_photos_of_one_material_are_handed_in(rf: RequestFactory) -> None:
    desk, block = Desk(), a_block()
    files = [an_upload(a_photo(), f"{page}.jpg") for page in (1, 2)]
    request = sent(rf, group="g0", **{"g0-material": "social-card", "g0-files": files})
    assert block.carry_out(request, desk.hand_in, desk.remove)
    assert desk.done == [(Material.SOCIAL_CARD, "1.jpg"), (Material.SOCIAL_CARD, "2.jpg")]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"group": "g2"}, "files", "请选择要上传的照片"),
        ({"group": "g0", "g0-files": "photo"}, "material", "请选择一项"),
        ({"group": "g0", "g0-files": "photo", "g0-material": "invoice"}, "material", "没有这个选项"),
        ({"group": "g2", "g2-files": "text"}, "files", "不是可以收的类型"),
    ],
)
def test_what_is_wrong_is_said_at_its_own_form(
    rf: RequestFactory, fields: dict[str, Any], field: str, said: str
) -> None:
    files = {"photo": an_upload(a_photo()), "text": an_upload(b"hello", "a.jpg")}
    desk, block = Desk(), a_block()
    request = sent(rf, **{name: files.get(value, value) for name, value in fields.items()})
    assert not block.carry_out(request, desk.hand_in, desk.remove)
    assert desk.done == []
    [row] = block.failed
    assert row.key == fields["group"]
    assert row.form is not None
    assert said in row.form.errors[field][0]
    html = shown(block)
    assert said in html
    assert html.count(" open>") == block.missing, (
        "those that are missing stand open, the failed one among them"
    )


def test_a_refusal_of_the_service_is_said_beside_the_file(rf: RequestFactory) -> None:
    def full(material: Material, remade: Any) -> None:
        raise TooManyPapers(material=material, limit=20, name=remade.name)

    block = a_block()
    request = sent(rf, group="g2", **{"g2-files": an_upload(a_photo())})
    assert not block.carry_out(request, full, Desk().remove)
    assert "诊断书.jpg" in str(block.rows[2].form)


def test_a_paper_is_removed_by_its_key_and_no_other(rf: RequestFactory) -> None:
    paper, desk = a_paper(), Desk()
    foreign = services.hand_in(
        "Q0000000002", a_person(2), Material.DIAGNOSIS, a_remade("乙"), "乙.jpg", somebody()
    )
    assert a_block().carry_out(sent(rf, remove=str(paper.pk)), desk.hand_in, desk.remove)
    assert desk.done == [("remove", paper.pk)]
    for key in (str(foreign.pk), "0", "", "x"):
        with pytest.raises(Http404):
            a_block().carry_out(sent(rf, remove=key), desk.hand_in, desk.remove)


@pytest.mark.parametrize("group", ["", "g9", "x"])
def test_a_group_that_there_is_not_is_not_found(rf: RequestFactory, group: str) -> None:
    with pytest.raises(Http404):
        a_block().carry_out(sent(rf, group=group), Desk().hand_in, Desk().remove)


def test_a_closed_case_takes_nothing_that_is_sent_all_the_same(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        a_block(takes=False).carry_out(sent(rf, group="g2"), Desk().hand_in, Desk().remove)


class TestAtTheWindow:
    def test_a_paper_that_was_shown_is_noted_without_a_file(self, rf: RequestFactory) -> None:
        desk = Desk()
        request = sent(rf, group="g2", **{"g2-description": "诊断书原件"})
        assert a_block(at_window=True).carry_out(request, desk.hand_in, desk.remove, desk.show)
        assert desk.done == [(Material.DIAGNOSIS, "诊断书原件")]

    def test_something_must_be_given(self, rf: RequestFactory) -> None:
        block = a_block(at_window=True)
        assert not block.carry_out(sent(rf, group="g2"), Desk().hand_in, Desk().remove, Desk().show)
        assert "请选择文件" in str(block.rows[2].form)

    def test_others_are_not_asked_for_a_note(self) -> None:
        assert "description" not in str(a_block().rows[2].form)
