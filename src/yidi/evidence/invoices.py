"""Fields of an invoice, read from its two-dimensional code or its XML file: proposals for a form, never proof.

Nothing here says that an invoice is genuine; whoever assesses a claim checks it at the issuer's site.

**The code of the tax bureau's invoices** (增值税发票, 数电票) is a text with commas, as public descriptions and examples
agree: `01, kind, code, number, amount, day as 20260131, check code, …`. Fully digital invoices (kinds 31, 32) have a
number of 20 digits and no code. Of these the amount is the total with tax. Of the older kinds (01, 04, 10, …) sources
disagree whether it is before tax (an example of kind 01 is a round sum less its tax), so no total is read from them.

**The code of fiscal e-receipts** (财政电子票据, what public hospitals issue) has no public description that we know: the text
is not read, and the person types the fields or gives the XML file.

**XML files.** Known from public code and the accounting standards of the Ministry of Finance (财网信办〔2020〕1号 and
after): fiscal e-receipts have `EInvoiceData/Main` with `EInvoiceCode`, `EInvoiceNumber`, `RandomNumber` (校验码),
`TotalAmount`, `IssueDate`; fully digital invoices have `TaxSupervisionInfo` with `InvoiceNumber`, `IssueTime`, and
`BasicInformation/TotalTax-includedAmount`. Assumed: a medical e-receipt keeps these names, as it follows the same
specification; provinces may wrap the whole in elements of their own, so it is looked for at any depth.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from yidi.evidence.checks import MEGABYTE, Readable, megabytes, must_be_taken, read_bounded
from yidi.evidence.days import day_of
from yidi.evidence.errors import (
    FileTooLarge,
    InvoiceCodeMissing,
    InvoiceCodeUnknown,
    InvoiceFieldBad,
    InvoicesSeveral,
    InvoiceXmlUnknown,
)
from yidi.evidence.names import display_name
from yidi.evidence.remaking import decoded
from yidi.evidence.terms import InvoiceSource
from yidi.values.errors import BadValue
from yidi.values.money import parse_yuan

MOST_XML = 2 * MEGABYTE
"""Bytes of an XML file: the signature with its certificates is the largest part."""
TOTAL_WITH_TAX = ("31", "32")
"""Kinds of tax invoices whose code gives the total."""
CHINESE_CODINGS = ("gbk", "gb2312", "gb18030")


@dataclass(frozen=True, slots=True)
class InvoiceFields:
    """What was read of an invoice. What is not there is None; nothing is guessed."""

    source: InvoiceSource
    number: str
    code: str | None = None
    on: date | None = None
    """The day of issue."""
    total_fen: int | None = None
    check_code: str | None = None


def read_invoice(upload: "Readable | BinaryIO", name: str) -> InvoiceFields:
    """The fields of an uploaded invoice: a photo or PDF with a code, or an XML file.

    Raises the subclasses of FileRefused, those of opening it and those that say why it is no invoice.
    """
    content = read_bounded(upload, name)
    if re.match(rb"(\xef\xbb\xbf)?\s*<", content):
        return from_xml(content, name)
    kind = must_be_taken(content, name)
    _header, answer = decoded("codes", kind, content, name)
    return from_codes(json.loads(answer), name)


# two-dimensional codes

_TAX_CODE = re.compile(r"01,(\d{2}),(\d{10}|\d{12})?,(\d{8}|\d{20}),([^,]*),(\d{8}),([^,]*)(,.*)?", re.ASCII)


def from_codes(texts: list[str], name: str) -> InvoiceFields:
    """The one invoice among the codes of a picture. Raises InvoiceCodeMissing, InvoiceCodeUnknown, InvoicesSeveral."""
    shown = display_name(name)
    if not texts:
        raise InvoiceCodeMissing(name=shown)
    matches = [match for match in (_TAX_CODE.fullmatch(text.strip()) for text in texts) if match]
    found = {_of_tax_code(match, shown) for match in matches}
    if not found:
        raise InvoiceCodeUnknown(name=shown)
    if len(found) > 1:
        raise InvoicesSeveral(name=shown, count=len(found))
    return found.pop()


def _of_tax_code(match: re.Match[str], name: str) -> InvoiceFields:
    kind, code, number, amount, day, check_code, _rest = match.groups()
    total = amount if kind in TOTAL_WITH_TAX else ""
    return _fields(
        InvoiceSource.TAX_CODE, name, number=number, code=code, day=day, total=total, check_code=check_code
    )


# XML

_LAYOUTS = {
    InvoiceSource.FISCAL_XML: {
        "number": ("Main", "EInvoiceNumber"),
        "code": ("Main", "EInvoiceCode"),
        "day": ("Main", "IssueDate"),
        "total": ("Main", "TotalAmount"),
        "check_code": ("Main", "RandomNumber"),
    },
    InvoiceSource.TAX_XML: {
        "number": ("TaxSupervisionInfo", "InvoiceNumber"),
        "day": ("TaxSupervisionInfo", "IssueTime"),
        "total": ("BasicInformation", "TotalTax-includedAmount"),
    },
}
"""Where each field stands: the name of the element and of the one around it, without their namespaces."""


def from_xml(content: bytes, name: str) -> InvoiceFields:
    """The fields of an invoice's XML file. It may declare no entities and refer to nothing outside.

    Raises FileTooLarge, InvoiceXmlUnknown, InvoicesSeveral, InvoiceFieldBad.
    """
    shown = display_name(name)
    if len(content) > MOST_XML:
        raise FileTooLarge(name=shown, size=megabytes(len(content)), limit=megabytes(MOST_XML))
    try:
        root = fromstring(_in_utf8(content), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        raise InvoiceXmlUnknown(name=shown) from None
    held = list(_held(root))
    for source, layout in _LAYOUTS.items():
        found = {field: {text for at, text in held if at == place} for field, place in layout.items()}
        if not found["number"]:
            continue
        several = max(map(len, found.values()))
        if several > 1:
            raise InvoicesSeveral(name=shown, count=several)
        return _fields(source, shown, **{field: next(iter(texts), "") for field, texts in found.items()})
    raise InvoiceXmlUnknown(name=shown)


def _in_utf8(content: bytes) -> bytes:
    """The file in UTF-8 where it says that it is in a Chinese coding, which the parser does not know."""
    said = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["'][^>]*\?>""", content)
    if said is None or said[1].decode().lower() not in CHINESE_CODINGS:
        return content
    return content[said.end() :].decode("gb18030").encode()


def _held(root: Element) -> Iterator[tuple[tuple[str, str], str]]:
    """Every text in the file, with the names of its element and of the one around it."""
    for around in root.iter():
        for element in around:
            text = (element.text or "").strip()
            if text:
                yield (_local(around), _local(element)), text


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


# fields


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise BadValue(text=text, what="日期", why="不是日期")
    return day


def _plain(text: str) -> str:
    """A number or code: letters and digits alone."""
    if not re.fullmatch(r"[0-9A-Za-z-]{1,40}", text):
        raise BadValue(text=text, what="号码", why="不是号码")
    return text


_FIELDS: dict[str, tuple[str, str, str, Callable[[str], Any]]] = {
    "number": ("number", "票据号码", "number", _plain),
    "code": ("code", "票据代码", "code", _plain),
    "day": ("on", "开票日期", "day of issue", _day),
    "total": ("total_fen", "金额", "total", parse_yuan),
    "check_code": ("check_code", "校验码", "check code", _plain),
}
"""The attribute of each field, its Chinese and English name, and how its text is read."""


def _fields(source: InvoiceSource, name: str, **texts: str | None) -> InvoiceFields:
    """The fields from their texts; an empty text is no field. Raises InvoiceFieldBad."""
    values: dict[str, Any] = {}
    for field, text in texts.items():
        attribute, zh, en, read = _FIELDS[field]
        try:
            values[attribute] = read(text.strip()) if text and text.strip() else None
        except BadValue:
            raise InvoiceFieldBad(name=name, field=zh, field_en=en, text=(text or "")[:40]) from None
    return InvoiceFields(source=source, **values)
