"""Whatever is typed into a field is printed as it is: never read as markup, never dropped, never off the page."""

import re
import unicodedata

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.factories import QUALIFICATION, a_letter, a_qualification_form, an_insured
from tests.documents.reading import squeezed, text_of
from yidi.documents.errors import DocumentTooLong
from yidi.documents.forms import QualificationCase, QualificationForm
from yidi.documents.glyphs import BREAK, LONGEST_WORD, needs_codes, printable
from yidi.documents.services import MOST_CHARACTERS, render
from yidi.documents.terms import Outcome

NOTE = "本系统字库没有的字"

LITERAL = [
    "#let x = 1",
    "#panic()",
    '#image("/etc/passwd")',
    "#{sys.inputs}",
    "*粗* _斜_ `原样` ```块```",
    "$x^2$ $ sum $",
    "\\ \\u{41} \\#",
    "// 注释 /* 注释 */ 之后",
    "<label> @ref [内容] {代码}",
    "= 标题",
    "- 列表",
    "+ 编号",
    "/ 词: 义",
    "https://yidi.example/?a=1&b=2",
    "--- -- ... ~ '单' \"双\"",
    "<script>alert(1)</script> &amp; %s {0} {name}",
    '"},{"synthetic":true}',
]
RARE_NAMES = ["王𠮷", "䶮", "钱𬭊", "㛃", "𫄨", "𰻞", "阿卜杜拉·买买提", "Ólafur Müller", "〇二"]
CODED = {
    "😀": "〔U+1F600〕",
    "\x00": "〔U+0000〕",
    "\x07\x1b[31m": "〔U+0007〕〔U+001B〕[31m",
    "\u202e倒": "〔U+202E〕倒",
    "\u200b\ufeff": "〔U+200B〕〔U+FEFF〕",
    "\ue000": "〔U+E000〕",
    "\ud800": "〔U+D800〕",
    "\U0010ffff": "〔U+10FFFF〕",
    "\u2028": "〔U+2028〕",
}


def a_form_saying(text: str) -> QualificationForm:
    return a_qualification_form(record_number=text)


@pytest.mark.parametrize("text", [*LITERAL, *RARE_NAMES])
def test_text_is_shown_literally(text: str) -> None:
    for form in (a_form_saying(text), a_letter(QUALIFICATION, Outcome.REJECTED, reasons=(text,))):
        shown = text_of(render(form))
        assert squeezed(text) in shown
        assert NOTE not in shown


@pytest.mark.parametrize("name", RARE_NAMES)
def test_rare_names_are_set_and_not_coded(name: str) -> None:
    assert printable(name) == name
    assert name.replace(" ", "") in text_of(render(a_qualification_form(insured=an_insured(name=name))))


@pytest.mark.parametrize(("text", "code"), CODED.items(), ids=ascii)
def test_what_the_font_lacks_is_printed_as_its_code_and_the_page_says_so(text: str, code: str) -> None:
    assert printable(text) == code
    shown = text_of(render(a_form_saying(f"前{text}后")))
    assert squeezed(f"前{code}后") in shown
    assert NOTE in shown


def test_line_ends_are_kept_and_a_tab_is_a_space() -> None:
    assert printable("一\r\n二\r三\n四\t五") == "一\n二\n三\n四 五"
    assert not needs_codes("一\r\n二\t三")


def test_a_variant_of_a_character_stands_for_the_character() -> None:
    assert not needs_codes("葛\U000e0100")
    assert "葛" in text_of(render(a_form_saying("葛\U000e0100")))


LONG = [
    "W" * 2000,
    "理由" * 1000,
    "。" * 2000,
    "—" * 500,
    "〔" * 300,
    "1" * 60,
    "é" * 400,
    "e\u0301" * 200,
    "😀" * 100,
]


@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{text[0]!a}x{len(text)}")
def test_long_text_stays_within_its_page(text: str) -> None:
    pdf = render(a_qualification_form(case=QualificationCase(disease=text, disease_code=text, hospital=text)))
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width, height = page.get_size()
            for item in page.get_objects():
                left, bottom, right, top = item.get_bounds()
                assert left >= 0
                assert bottom >= 0
                assert right <= width
                assert top <= height


def test_nothing_of_a_long_text_is_lost() -> None:
    text = "".join(f"第{number}条" for number in range(400)) + "x" * 900
    pdf = render(a_letter(QUALIFICATION, Outcome.REJECTED, reasons=(text,)))
    page_ends = r"第\d页，共\d页|本文件由异地就医结算系统生成，日期2026年3月5日。|南昌市医疗保障经办机构电话0791-12393|编号Q0000000012"
    assert text in re.sub(page_ends, "", text_of(pdf).replace("\f", ""))


def test_what_can_be_broken_anyway_is_left_alone() -> None:
    assert printable("、".join(["JX-301"] * 20)) == "、".join(["JX-301"] * 20)
    assert printable("。" * LONGEST_WORD + "。").count(BREAK) == LONGEST_WORD - 1


def test_a_document_has_an_end() -> None:
    with pytest.raises(DocumentTooLong) as caught:
        render(a_form_saying("长" * (MOST_CHARACTERS + 1)))
    assert caught.value.details["most"] == MOST_CHARACTERS


ANY_TEXT = st.text(st.characters(), max_size=120)


@given(ANY_TEXT)
def test_a_text_can_be_read_back_from_what_is_printed(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    decoded = re.sub(
        "〔U[+]([0-9A-F]{4,6})〕", lambda code: chr(int(code[1], 16)), printable(text).replace(BREAK, "")
    )
    assert decoded == lines
    assert needs_codes(text) == (printable(text).replace(BREAK, "") != lines)


@given(st.text(st.characters(exclude_categories=["Zs", "Cc"]), min_size=LONGEST_WORD, max_size=120))
def test_a_line_can_always_be_broken(text: str) -> None:
    """Between two places to break there is at most a code, or a character with its accents, or a short word."""
    for word in re.split(rf"[{BREAK}\s]|(?<=[、，。；：！？])(?![、，。；：！？])", printable(text)):
        plain = re.sub("〔U[+][0-9A-F]{4,6}〕", "x", word)
        foreign = re.findall(r"[^㐀-䶿一-鿿豈-\ufaff𠀀-\U0003ffff]+", plain)
        spaced = [
            run
            for run in foreign
            if sum(not unicodedata.category(one).startswith("M") for one in run) >= LONGEST_WORD
        ]
        assert spaced == []


@settings(max_examples=25)
@given(name=ANY_TEXT, reason=ANY_TEXT, url=st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_text_stops_a_letter(name: str, reason: str, url: str) -> None:
    letter = a_letter(
        QUALIFICATION,
        Outcome.REJECTED,
        insured=an_insured(name=name, identity=name),
        reasons=(reason or "理由",),
        case_url=url,
    )
    assert render(letter).startswith(b"%PDF-")
