"""The catalogues' files (interface §4.5): which columns they have, and what of them is on record here.

A version is the moment at which a row was last changed, as 14 digits; a file holds the rows that changed since the version
which the hospital has. A shipped list is one version as a whole. A column about which nothing is on record says `null`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from django.utils import timezone

from yidi.catalogue import queries as catalogue
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.terms import Category, Part
from yidi.gateway import files
from yidi.gateway.codes import NO, YES
from yidi.gateway.errors import UnknownVersion
from yidi.gateway.fields import DAY, MOMENT, YEARS
from yidi.gateway.models import StoredFile
from yidi.reference import diagnoses, diseases
from yidi.reference.columns import columns_of
from yidi.reference.diagnoses import Diagnosis
from yidi.values.terms import CatalogueClass

BEFORE_ALL = datetime(YEARS.start, 1, 1, tzinfo=UTC)
"""Stands for every version older than all that is here: also what ended is news to whoever holds such a one."""
VERSION = "%Y%m%d%H%M%S"
ENDING = ".txt.zip"
_MOMENT = re.compile(r"(?<!\d)\d{14}(?!\d)")
_FROM_THE_START = re.compile("0+")

Entry = TypeVar("Entry")
Cells = Mapping[str, Callable[[Any], str | None]]
"""What stands in a column, made from an entry."""


class Source(Protocol):
    """Where the rows of a catalogue come from."""

    @property
    def cells(self) -> Cells: ...

    def version(self, region: str, until: datetime | None = None) -> datetime | None:
        """The latest version, or the latest that was there at a moment; None: there is none."""

    def entries(self, region: str, since: datetime | None) -> Iterator[Any]:
        """What is newer than a version, or everything."""


@dataclass(frozen=True)
class Items:
    """A part of the care region's catalogue."""

    part: Part
    cells: Cells

    def version(self, region: str, until: datetime | None = None) -> datetime | None:
        return catalogue.last_change(region, self.part, until)

    def entries(self, region: str, since: datetime | None) -> Iterator[CatalogueItem]:
        return catalogue.changes(region, self.part, since, timezone.localdate())


@dataclass(frozen=True)
class Register(Generic[Entry]):
    """A list that is shipped as a whole, and is one version as a whole."""

    edition: date
    listed: Callable[[], Iterable[Entry]]
    own_cells: Cells

    @property
    def cells(self) -> Cells:
        version = f"{self.edition:%Y%m%d}000000"
        return {"有效标志": lambda entry: YES, "版本号": lambda entry: version, **self.own_cells}

    def version(self, region: str, until: datetime | None = None) -> datetime | None:
        shipped = timezone.make_aware(datetime.combine(self.edition, time.min))
        return shipped if until is None or shipped <= until else None

    def entries(self, region: str, since: datetime | None) -> Iterator[Entry]:
        newer = since is None or self.version(region, since) is None
        return iter(self.listed() if newer else ())


@dataclass(frozen=True)
class Nothing:
    """A catalogue of which nothing is on record here: its file has no rows."""

    @property
    def cells(self) -> Cells:
        return {}

    def version(self, region: str, until: datetime | None = None) -> datetime | None:
        return None

    def entries(self, region: str, since: datetime | None) -> Iterator[Any]:
        return iter(())


@dataclass(frozen=True)
class Catalogue:
    """One catalogue that is given as a file."""

    infno: str
    name: str
    source: Source = Nothing()

    def rows(self, region: str, since: datetime | None) -> Iterator[list[str | None]]:
        """The rows of the file of what is newer than a version, made as they are written."""
        columns, cells = columns_of(self.infno), self.source.cells
        filled = [(place, cells[name]) for place, name in enumerate(columns) if name in cells]
        for entry in self.source.entries(region, since):
            row: list[str | None] = [None] * len(columns)
            for place, cell in filled:
                row[place] = cell(entry)
            yield row


def file_of(wanted: Catalogue, region: str, ver: str) -> StoredFile:
    """The file of what is newer in a catalogue than a version; made once a day for each of them. Raises UnknownVersion."""
    held = _moment_of(ver)
    since = None if held is None else wanted.source.version(region, held) or BEFORE_ALL
    name = f"{wanted.infno}_{region}_{_version(wanted.source.version(region))}"
    key = f"{name}_{_version(since)}"
    return files.of_catalogue(key) or files.keep_catalogue(key, name + ENDING, wanted.rows(region, since))


def _moment_of(ver: str) -> datetime | None:
    """The last moment of the second that a version names; None: from the start."""
    if _FROM_THE_START.fullmatch(ver):
        return None
    found = _MOMENT.search(ver)
    try:
        moment = datetime.strptime(found.group() if found else "", VERSION)  # noqa: DTZ007 - made aware below
    except ValueError:
        raise UnknownVersion(given=ver) from None
    if moment.year not in YEARS:
        raise UnknownVersion(given=ver)
    return timezone.make_aware(moment + timedelta(seconds=1, microseconds=-1))


# The moments and days of a catalogue are few, its rows many.
@lru_cache(maxsize=1024)
def _version(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):{VERSION}}" if moment else "0"


@lru_cache(maxsize=1024)
def _day(day: date | None) -> str | None:
    return day.strftime(DAY) if day else None


@lru_cache(maxsize=1024)
def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(MOMENT)


def _holds(item: CatalogueItem) -> str:
    return NO if item.valid_to is not None and item.valid_to < timezone.localdate() else YES


def _code(found: Diagnosis | None) -> str | None:
    return found.code if found else None


def _name(found: Diagnosis | None) -> str | None:
    return found.name if found else None


NATIONAL_CLASSES = {CatalogueClass.A: "甲", CatalogueClass.B: "乙"}

OF_EVERY_ITEM: Cells = {
    "医疗目录编码": lambda item: item.code,
    "有效标志": _holds,
    "唯一记录号": lambda item: str(item.pk),
    "数据创建时间": lambda item: _moment(item.created),
    "数据更新时间": lambda item: _moment(item.changed),
    "版本号": lambda item: _version(item.changed),
    "开始日期": lambda item: _day(item.valid_from),
    "结束日期": lambda item: _day(item.valid_to),
    "限制使用标志": lambda item: YES if item.restricted else NO,
}
OF_DRUGS: Cells = {
    "药品通用名": lambda item: item.name,
    "药品剂型名称": lambda item: item.dosage_form,
    "包装规格": lambda item: item.spec,
    "最小计价单位": lambda item: item.unit,
    "中成药标志": lambda item: YES if item.category == Category.PATENT_DRUG else NO,
    "国家医保药品目录甲乙类标识": lambda item: NATIONAL_CLASSES.get(CatalogueClass(item.klass)),
}
OF_SLICES: Cells = {"单味药名称": lambda item: item.name}
OF_SERVICES: Cells = {
    "医疗服务项目名称": lambda item: item.name,
    "计价单位名称": lambda item: item.unit,
}
OF_CONSUMABLES: Cells = {
    "耗材名称": lambda item: item.name,
    "规格型号": lambda item: item.spec,
}
OF_DIAGNOSES: Cells = {
    "类目代码": lambda item: _code(diagnoses.category_of(item)),
    "类目名称": lambda item: _name(diagnoses.category_of(item)),
    "亚目代码": lambda item: _code(diagnoses.subcategory_of(item)),
    "亚目名称": lambda item: _name(diagnoses.subcategory_of(item)),
    "诊断代码": lambda item: item.code,
    "诊断名称": lambda item: item.name,
}
OF_DISEASES: Cells = {
    "门慢门特病种目录代码": lambda disease: disease.code,
    "门慢门特病种名称": lambda disease: disease.name,
}

CATALOGUES: Mapping[str, Catalogue] = MappingProxyType(
    {
        item.infno: item
        for item in (
            Catalogue("1301", "西药中成药", Items(Part.DRUGS, {**OF_EVERY_ITEM, **OF_DRUGS})),
            Catalogue("1302", "中药饮片", Items(Part.SLICES, {**OF_EVERY_ITEM, **OF_SLICES})),
            Catalogue("1303", "医疗机构自制剂"),
            Catalogue("1305", "医疗服务项目", Items(Part.SERVICES, {**OF_EVERY_ITEM, **OF_SERVICES})),
            Catalogue("1306", "医用耗材", Items(Part.CONSUMABLES, {**OF_EVERY_ITEM, **OF_CONSUMABLES})),
            Catalogue("1307", "疾病与诊断", Register(diagnoses.EDITION, diagnoses.diagnoses, OF_DIAGNOSES)),
            Catalogue("1308", "手术操作"),
            Catalogue("1309", "门诊慢特病种", Register(diseases.EDITION, diseases.diseases, OF_DISEASES)),
            Catalogue("1310", "按病种付费病种"),
            Catalogue("1311", "日间手术治疗病种"),
            Catalogue("1313", "肿瘤形态学"),
            Catalogue("1314", "中医疾病"),
            Catalogue("1315", "中医证候"),
        )
    }
)
