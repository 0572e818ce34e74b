"""1101 人员基本信息获取, 5301 人员慢特病备案查询 (interface §4.2, §4.31)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.codes import OWN_IDENTITIES
from yidi.gateway.declarations import Transaction
from yidi.gateway.fields import code, day, extension, moment, money, node, nodes, number, text
from yidi.gateway.nodes import Node, Request
from yidi.people import queries as people
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage, Person
from yidi.qualification.queries import held_on
from yidi.reference import diseases
from yidi.values.terms import Scheme, Standing


class PersonQuery(Node):
    mdtrt_cert_type: Annotated[str, code("就诊凭证类型", 3, "mdtrt_cert_type")]
    mdtrt_cert_no: Annotated[str, text("就诊凭证编号", 50)]
    card_sn: Annotated[str, text("卡识别码", 32)] = ""
    begntime: Annotated[datetime | None, moment("开始时间")] = None
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")] = ""
    certno: Annotated[str, text("证件号码", 50)] = ""
    psn_name: Annotated[str, text("人员姓名", 50)] = ""
    orgin_card_info: Annotated[str, text("原始卡信息", 4000, doubt="湖南、广东客户端附带；不使用")] = ""
    sign: Annotated[str, text("卡签名", 4000, doubt="湖南、广东客户端附带；不使用")] = ""


class PersonRequest(Request):
    data: Annotated[PersonQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseInfo:
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    naty: Annotated[str, code("民族", 3, "naty")]
    brdy: Annotated[date, day("出生日期")]
    age: Annotated[int, number("年龄", "4,1")]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuInfo:
    balc: Annotated[int, money("余额")]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    psn_type: Annotated[str, code("人员类别", 6, "psn_type")]
    psn_insu_stas: Annotated[str, code("人员参保状态", 6, "psn_insu_stas")]
    psn_insu_date: Annotated[date, day("个人参保日期")]
    paus_insu_date: Annotated[date | None, day("暂停参保日期")]
    cvlserv_flag: Annotated[str, text("公务员标志", 3)]
    insuplc_admdvs: Annotated[str, text("参保地医保区划", 6)]
    emp_name: Annotated[str, text("单位名称", 200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdetInfo:
    """An identity that brings benefits of its own, as it is on record with the coverage."""

    psn_idet_type: Annotated[str, code("人员身份类别", 3, "psn_idet_type", doubt=OWN_IDENTITIES)]
    psn_type_lv: Annotated[str | None, text("人员类别等级", 3, doubt="残疾等级字典；本中心不登记")] = None
    memo: Annotated[str, text("备注", 500)]
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime | None, moment("结束时间")]
    emp_name: Annotated[str | None, text("单位名称", 200, doubt="仅一源")] = None


@dataclass(frozen=True, slots=True)
class PersonReply:
    baseinfo: Annotated[BaseInfo, node("基本信息")]
    insuinfo: Annotated[list[InsuInfo], nodes("参保信息")]
    idetinfo: Annotated[list[IdetInfo], nodes("身份信息")]


def person(call: Call, request: PersonRequest) -> PersonReply:
    given = request.data
    codes.check_certificate_type(given.mdtrt_cert_type)
    on = timezone.localdate(given.begntime) if given.begntime else timezone.localdate(call.at)
    found = people.by_identity(given.mdtrt_cert_no)
    codes.check_said(found, given)
    held = people.coverages_on(found, on)
    if not held:
        raise NotInsured(on=on)
    call.look(found)
    identities = [row for coverage in held for row in _identities(coverage)]
    return PersonReply(_base(found, on), [_insured(coverage) for coverage in held], identities)


def _base(found: Person, on: date) -> BaseInfo:
    return BaseInfo(**codes.person_columns(found, on))


def _insured(coverage: Coverage) -> InsuInfo:
    return InsuInfo(
        balc=coverage.account_balance,
        insutype=codes.SCHEMES[Scheme(coverage.scheme)],
        psn_type=codes.STANDINGS[Standing(coverage.standing)],
        psn_insu_stas=codes.INSURED,
        psn_insu_date=coverage.starts,
        paus_insu_date=coverage.ends,
        cvlserv_flag=codes.civil_servant_flag(coverage),
        insuplc_admdvs=coverage.pool,
        emp_name=coverage.employer,
    )


def _identities(coverage: Coverage) -> Iterator[IdetInfo]:
    """The traits on record; where none were ever recorded there are none to tell."""
    on_record, _ = people.traits_of(coverage)
    for trait in sorted(on_record):
        yield IdetInfo(
            psn_idet_type=codes.IDENTITIES[trait],
            memo=trait.zh,
            begntime=codes.start_of(coverage.starts),
            endtime=codes.end_of(coverage.ends) if coverage.ends else None,
        )


class DiseaseQuery(Node):
    psn_no: Annotated[str, text("人员编号", 30)]


class DiseaseRequest(Request):
    data: Annotated[DiseaseQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True)
class FiledDisease:
    opsp_dise_code: Annotated[str, code("门慢门特病种目录代码", 30, "opsp_dise_code")]
    opsp_dise_name: Annotated[str, text("门慢门特病种名称", 300)]
    begndate: Annotated[date | None, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True)
class DiseaseReply:
    feedetail: Annotated[list[FiledDisease], nodes("慢特病备案信息")]
    """The interface really calls it so."""


def chronic_diseases(call: Call, request: DiseaseRequest) -> DiseaseReply:
    found, today = people.by_number(request.data.psn_no), timezone.localdate(call.at)
    rows = [
        FiledDisease(item.disease, diseases.disease(item.disease).name, item.starts, item.ends)
        for coverage in call.coverages(found, today)
        for item in held_on(coverage, today)
    ]
    call.look(found)
    return DiseaseReply(rows)


TRANSACTIONS = (
    Transaction(
        "1101",
        "人员基本信息获取",
        PersonRequest,
        PersonReply,
        person,
        writes=False,
        of_person=False,
        section="§4.2",
    ),
    Transaction(
        "5301",
        "人员慢特病备案查询",
        DiseaseRequest,
        DiseaseReply,
        chronic_diseases,
        writes=False,
        section="§4.31",
    ),
)
