"""What all pages share: switches that are remembered, refusals as pages, fields that read what people type."""

from collections.abc import Iterator
from datetime import date

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from yidi.accounts.errors import OutsideRegion
from yidi.pages.fields import DayField, DayForm, LongText, ShortText, TermField
from yidi.pages.refusals import RefusalPages
from yidi.pages.templatetags.pages import day, masked_name, yuan
from yidi.people.errors import UnknownPerson
from yidi.values.terms import Scheme


class TestSwitches:
    def test_large_type_is_remembered_and_taken_back(self, client: Client) -> None:
        assert 'class="large-type"' not in client.get("/").content.decode()
        large = client.get("/?type=large")
        assert 'class="large-type"' in large.content.decode()
        assert 'class="large-type"' in client.get("/").content.decode()
        assert 'class="large-type"' not in client.get("/?type=normal").content.decode()
        assert 'class="large-type"' not in client.get("/").content.decode()

    @pytest.mark.parametrize("wish", ["huge", "", "large'\""])
    def test_a_size_that_there_is_not_changes_nothing(self, client: Client, wish: str) -> None:
        answer = client.get("/", {"type": wish})
        assert 'class="large-type"' not in answer.content.decode()
        assert "yidi_type" not in answer.cookies

    def test_the_switches_keep_what_the_address_says(self, client: Client) -> None:
        content = client.get("/?home=360100&lang=en").content.decode()
        assert "?home=360100&amp;lang=en&amp;type=large" in content
        assert "?home=360100&amp;lang=zh-hans" in content

    def test_a_switch_drops_no_answer_of_several(self, client: Client) -> None:
        content = client.get("/?traits=hardship&traits=student").content.decode()
        assert "traits=hardship&amp;traits=student&amp;lang=en" in content


class TestRefusals:
    @pytest.mark.parametrize(
        ("refusal", "status", "sentence"),
        [
            (UnknownPerson(what="身份证号", text="3601**********08"), 409, "参保登记中没有身份证号"),
            (OutsideRegion(actor="甲", own="上海市", other="江西省"), 403, "不能办理江西省的业务"),
        ],
    )
    def test_a_refusal_becomes_a_page(
        self, rf: RequestFactory, refusal: Exception, status: int, sentence: str
    ) -> None:
        answer = RefusalPages(_never).process_exception(rf.get("/x/"), refusal)
        assert answer is not None
        assert answer.status_code == status
        content = answer.content.decode()
        assert sentence in content
        assert refusal.code in content  # type: ignore[attr-defined]

    def test_a_defect_is_none_of_its_business(self, rf: RequestFactory) -> None:
        assert RefusalPages(_never).process_exception(rf.get("/x/"), ZeroDivisionError()) is None


def _never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("no view is called")


class Sample(DayForm):
    """One field of each kind."""

    scheme = TermField(Scheme, label="险种")
    on = DayField(label="日期")
    name = ShortText(label="姓名", most=10)
    note = LongText(label="说明", required=False, most=20)


GOOD = {"scheme": "resident", "on": "2026年11月30日", "name": " 张 三　", "note": ""}


class TestFields:
    def test_what_people_type_is_read(self) -> None:
        form = Sample(GOOD)
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {
            "scheme": Scheme.RESIDENT,
            "on": date(2026, 11, 30),
            "name": "张 三",
            "note": "",
        }

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("scheme", "", "请选择一项"),
            ("scheme", "其他", "没有这个选项"),
            ("on", "", "请填写日期"),
            ("on", "去年", "2025-03-20"),
            ("name", "　", "请填写这一项"),
            ("name", "很" * 11, "10"),
            ("note", "很" * 21, "20"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, field: str, typed: str, said: str) -> None:
        form = Sample(GOOD | {field: typed})
        assert said in form.errors[field][0]
        assert list(form.errors) == [field]

    def test_a_day_that_was_not_understood_is_shown_again(self) -> None:
        form = Sample(GOOD | {"on": "去年"})
        assert 'value="去年"' in str(form["on"])
        assert 'type="text"' in str(form["on"])

    def test_terms_speak_the_pages_language(self, english: None) -> None:
        assert ("resident", "resident scheme") in list(forms_choices(Sample()))


@pytest.fixture
def english() -> Iterator[None]:
    from django.utils import translation

    with translation.override("en"):
        yield


def forms_choices(form: forms.Form) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in form.fields["scheme"].choices]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-100, "-1.00")]
)
def test_money_is_written_with_separators(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_names_and_days_in_lists() -> None:
    assert [masked_name(name) for name in ("张三", "欧阳小明", "王", "")] == ["张*", "欧***", "王*", ""]
    assert (day(date(2026, 1, 5)), day(None)) == ("2026-01-05", "—")
