"""Invoices read from codes and XML files: exactly, or not at all."""

import io
from datetime import date

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.evidence.factories import a_photo
from yidi.evidence import invoices
from yidi.evidence.errors import (
    FileDamaged,
    FileRefused,
    FileTooLarge,
    InvoiceCodeMissing,
    InvoiceCodeUnknown,
    InvoiceFieldBad,
    InvoicesSeveral,
    InvoiceXmlUnknown,
    TypeUnknown,
)
from yidi.evidence.invoices import InvoiceFields, from_codes, from_xml, read_invoice
from yidi.evidence.terms import InvoiceSource

DIGITAL = "01,32,,26442000000014209621,1234.56,20260131,,74AE"
OLDER = "01,10,036001800111,29342181,104.72,20200613,02418567008427471889,1774,"
NUMBER = "26442000000014209621"


def a_picture_with(*codes: str, kind: str = "PNG") -> bytes:
    page = Image.new("L", (900, 1200), 255)
    for place, text in enumerate(codes):
        held = io.BytesIO()
        segno.make(text, micro=False).save(held, kind="png", scale=5)
        page.paste(Image.open(held).convert("L"), (60, 40 + 380 * place))
    written = io.BytesIO()
    page.save(written, kind)
    return written.getvalue()


def read(content: bytes) -> InvoiceFields:
    return read_invoice(io.BytesIO(content), "../发票.jpg")


# codes


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "PDF"])
def test_the_code_of_a_digital_invoice_is_read_from_a_picture(kind: str) -> None:
    assert read(a_picture_with(DIGITAL, kind=kind)) == InvoiceFields(
        InvoiceSource.TAX_CODE, NUMBER, on=date(2026, 1, 31), total_fen=123_456
    )


def test_of_an_older_invoice_no_total_is_taken_for_granted() -> None:
    assert from_codes([OLDER], "x") == InvoiceFields(
        InvoiceSource.TAX_CODE,
        "29342181",
        code="036001800111",
        on=date(2020, 6, 13),
        total_fen=None,
        check_code="02418567008427471889",
    )


def test_other_codes_beside_it_do_not_matter() -> None:
    assert from_codes(["https://example.com", DIGITAL, DIGITAL + " "], "x").number == NUMBER


@pytest.mark.parametrize(
    ("texts", "refusal"),
    [
        ([], InvoiceCodeMissing),
        (["https://example.com/01,32"], InvoiceCodeUnknown),
        (["36060126,0001859231,251132,188.50"], InvoiceCodeUnknown),
        ([""], InvoiceCodeUnknown),
        ([DIGITAL.replace("01,", "02,", 1)], InvoiceCodeUnknown),
        ([DIGITAL.replace(NUMBER, NUMBER[:-1])], InvoiceCodeUnknown),
        ([DIGITAL.replace("1234.56", "1234.567")], InvoiceFieldBad),
        ([DIGITAL.replace("1234.56", "一千")], InvoiceFieldBad),
        ([DIGITAL.replace("20260131", "20260231")], InvoiceFieldBad),
        ([OLDER.replace("02418567008427471889", "<script>")], InvoiceFieldBad),
        ([DIGITAL, OLDER], InvoicesSeveral),
        ([DIGITAL, DIGITAL.replace("1234.56", "9234.56")], InvoicesSeveral),
    ],
)
def test_what_is_no_single_invoice_is_refused(texts: list[str], refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal, match=r"发票\.jpg"):
        from_codes(texts, "../发票.jpg")


def test_a_picture_without_a_code_and_one_with_two() -> None:
    with pytest.raises(InvoiceCodeMissing):
        read(a_photo((300, 200)))
    with pytest.raises(InvoicesSeveral, match="2 张"):
        read(a_picture_with(DIGITAL, OLDER))


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"PK\x03\x04 an OFD file", TypeUnknown), (b"\xff\xd8\xff\xe0", FileDamaged)]
)
def test_files_are_refused_as_everywhere(content: bytes, refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal):
        read(content)


# XML

FISCAL = """<?xml version="1.0" encoding="UTF-8"?>
<EInvoice xmlns="http://www.mof.gov.cn"><Header><EInvoiceTag>CZ-EI-36</EInvoiceTag></Header><EInvoiceData><Main>
<EInvoiceName>江西省医疗门诊收费票据（电子）</EInvoiceName><EInvoiceCode>36060126</EInvoiceCode>
<EInvoiceNumber>0001859231</EInvoiceNumber><RandomNumber>2511a2</RandomNumber><TotalAmount>188.50</TotalAmount>
<IssueDate>20260131</IssueDate><IssueTime>08:30:00</IssueTime></Main>
<Details><Item><TotalAmount>3.00</TotalAmount></Item></Details></EInvoiceData></EInvoice>"""
TAX = f"""<EInvoice><Header><EIid>{NUMBER}</EIid></Header><EInvoiceData><BasicInformation>
<TotalAmWithoutTax>1164.68</TotalAmWithoutTax><TotalTax-includedAmount>1234.56</TotalTax-includedAmount>
</BasicInformation></EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber>
<IssueTime>2026-01-31</IssueTime></TaxSupervisionInfo></EInvoice>"""
FISCAL_FIELDS = InvoiceFields(
    InvoiceSource.FISCAL_XML,
    "0001859231",
    code="36060126",
    on=date(2026, 1, 31),
    total_fen=18_850,
    check_code="2511a2",
)


@pytest.mark.parametrize(
    "content",
    [
        FISCAL.encode(),
        b"\xef\xbb\xbf" + FISCAL.encode(),
        FISCAL.replace("UTF-8", "GBK").encode("gbk"),
        FISCAL.replace("UTF-8", "gb2312").encode("gbk"),
        FISCAL.replace("<EInvoice ", "<Wrapped><EInvoice ")
        .replace("</EInvoice>", "</EInvoice></Wrapped>")
        .encode(),
        FISCAL.replace("20260131", "2026-01-31").encode(),
    ],
    ids=["utf-8", "with a mark", "gbk", "gb2312", "wrapped", "another spelling of the day"],
)
def test_a_fiscal_receipt_is_read(content: bytes) -> None:
    assert read(content) == FISCAL_FIELDS


def test_a_digital_tax_invoice_is_read() -> None:
    assert read(TAX.encode()) == InvoiceFields(
        InvoiceSource.TAX_XML, NUMBER, on=date(2026, 1, 31), total_fen=123_456
    )


def test_what_is_not_there_is_none() -> None:
    text = FISCAL.replace("<TotalAmount>188.50</TotalAmount>", "").replace(
        "<IssueDate>20260131</IssueDate>", "<IssueDate/>"
    )
    fields = from_xml(text.encode(), "x")
    assert (fields.total_fen, fields.on, fields.number) == (None, None, "0001859231")


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
REMOTE = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("<a/>", InvoiceXmlUnknown),
        ("<html><body>发票</body></html>", InvoiceXmlUnknown),
        ("<", InvoiceXmlUnknown),
        (FISCAL[:-5], InvoiceXmlUnknown),
        (FISCAL.replace("UTF-8", "no-such-coding"), InvoiceXmlUnknown),
        (FISCAL.replace("<EInvoice ", LAUGHS + "<EInvoice ").replace("188.50", "&c;"), InvoiceXmlUnknown),
        (FISCAL.replace("<EInvoice ", OUTSIDE + "<EInvoice ").replace("188.50", "&c;"), InvoiceXmlUnknown),
        (FISCAL.replace("<EInvoice ", REMOTE + "<EInvoice "), InvoiceXmlUnknown),
        (FISCAL.replace("188.50", "NaN"), InvoiceFieldBad),
        (FISCAL.replace("188.50", "188.505"), InvoiceFieldBad),
        (FISCAL.replace("20260131", "31.1.2026"), InvoiceFieldBad),
        (FISCAL.replace("0001859231", "' OR 1=1"), InvoiceFieldBad),
        (
            FISCAL.replace("<RandomNumber>", "<EInvoiceNumber>7</EInvoiceNumber><RandomNumber>"),
            InvoicesSeveral,
        ),
        ("<a>" * 100_000 + "</a>" * 100_000, InvoiceXmlUnknown),
    ],
)
def test_what_is_no_invoice_is_refused(text: str, refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal, match=r"发票\.jpg"):
        from_xml(text.encode(), "../发票.jpg")


def test_a_gbk_file_that_is_none_is_refused() -> None:
    with pytest.raises(InvoiceXmlUnknown):
        from_xml(b'<?xml version="1.0" encoding="gbk"?><a>\xff\xff</a>', "x")


def test_a_large_file_is_refused() -> None:
    with pytest.raises(FileTooLarge, match="最多 2 MB"):
        from_xml(b"<a>" + b" " * invoices.MOST_XML + b"</a>", "x")


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_reading(content: bytes) -> None:
    with pytest.raises(InvoiceXmlUnknown):
        from_xml(b"<" + content, "x")


@given(st.text(max_size=60))
def test_no_text_of_a_code_breaks_the_reading(text: str) -> None:
    with pytest.raises(InvoiceCodeUnknown):
        from_codes([text], "x")
