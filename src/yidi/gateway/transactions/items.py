"""5204 费用明细查询, 5205 人员慢特病用药记录查询 (interface §4.28, §4.29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.terms import Category
from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import (
    code,
    fields_of,
    moment,
    money,
    node,
    nodes,
    number,
    price,
    quantity,
    ratio,
    text,
)
from yidi.gateway.nodes import Node, Request, retold
from yidi.gateway.transactions.lines import split_columns
from yidi.gateway.transactions.records import Window
from yidi.people import queries as people
from yidi.settlement.models import Settlement, VisitLine
from yidi.settlement.queries import (
    chronic_drugs,
    items_of,
    lines_of,
    settlement_of,
    standing_of,
    visit_ever,
)

ONE_CODE = "本中心只有医疗目录编码，两处相同"


class ItemsQuery(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    setl_id: Annotated[str, text("结算ID", 30)] = ""
    mdtrt_id: Annotated[str, text("就诊ID", 30)]


class ItemsRequest(Request):
    data: Annotated[ItemsQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """One fee line. What no source or catalogue gives is null."""

    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    setl_id: Annotated[str | None, text("结算ID", 30, doubt="标必填；未结算时为 null")] = None
    feedetl_sn: Annotated[str, text("费用明细流水号", 30)]
    rx_drord_no: Annotated[str | None, text("处方/医嘱号", 30)] = None
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    fee_ocur_time: Annotated[datetime, moment("费用发生时间")]
    cnt: Annotated[int, quantity("数量")]
    pric: Annotated[int, price("单价")]
    sin_dos_dscr: Annotated[str | None, text("单次剂量描述", 200)] = None
    used_frqu_dscr: Annotated[str | None, text("使用频次描述", 200)] = None
    prd_days: Annotated[int | None, number("周期天数", "4,2")] = None
    medc_way_dscr: Annotated[str | None, text("用药途径描述", 200)] = None
    det_item_fee_sumamt: Annotated[int, money("明细项目费用总额")]
    pric_uplmt_amt: Annotated[int, price("定价上限金额")]
    selfpay_prop: Annotated[int | None, ratio("自付比例")] = None
    fulamt_ownpay_amt: Annotated[int | None, money("全自费金额")] = None
    overlmt_amt: Annotated[int | None, money("超限价金额")] = None
    preselfpay_amt: Annotated[int | None, money("先行自付金额")] = None
    inscp_scp_amt: Annotated[int | None, money("符合政策范围金额")] = None
    chrgitm_lv: Annotated[str, code("收费项目等级", 3, "chrgitm_lv")]
    hilist_code: Annotated[str, text("医保目录编码", 50, doubt=ONE_CODE)]
    hilist_name: Annotated[str, text("医保目录名称", 200)]
    list_type: Annotated[str, code("目录类别", 6, "list_type")]
    med_list_codg: Annotated[str, text("医疗目录编码", 50)]
    medins_list_codg: Annotated[str | None, text("医药机构目录编码", 150)] = None
    medins_list_name: Annotated[str, text("医药机构目录名称", 100)]
    med_chrgitm_type: Annotated[str, code("医疗收费项目类别", 6, "med_chrgitm_type")]
    prodname: Annotated[str | None, text("商品名", 200)] = None
    spec: Annotated[str | None, text("规格", 200)] = None
    dosform_name: Annotated[str | None, text("剂型名称", 200, doubt="标必填；非药品没有剂型")] = None
    bilg_dept_codg: Annotated[str | None, text("开单科室编码", 30)] = None
    bilg_dept_name: Annotated[str | None, text("开单科室名称", 100)] = None
    bilg_dr_codg: Annotated[str | None, text("开单医生编码", 30)] = None
    bilg_dr_name: Annotated[str | None, text("开单医师姓名", 50)] = None
    acord_dept_codg: Annotated[str | None, text("受单科室编码", 30)] = None
    acord_dept_name: Annotated[str | None, text("受单科室名称", 100)] = None
    orders_dr_code: Annotated[str | None, text("受单医生编码", 30)] = None
    orders_dr_name: Annotated[str | None, text("受单医生姓名", 50)] = None
    lmt_used_flag: Annotated[str | None, code("限制使用标志", 3, "lmt_used_flag")] = None
    hosp_prep_flag: Annotated[str | None, text("医院制剂标志", 3)] = None
    hosp_appr_flag: Annotated[str | None, code("医院审批标志", 3, "hosp_appr_flag")] = None
    tcmdrug_used_way: Annotated[str | None, text("中药使用方式", 6)] = None
    prodplac_type: Annotated[str | None, text("生产地类别", 6)] = None
    bas_medn_flag: Annotated[str | None, text("基本药物标志", 3)] = None
    hi_nego_drug_flag: Annotated[str | None, text("医保谈判药品标志", 3)] = None
    chld_medc_flag: Annotated[str | None, text("儿童用药标志", 3)] = None
    etip_flag: Annotated[str | None, text("外检标志", 3)] = None
    etip_hosp_code: Annotated[str | None, text("外检医院编码", 30)] = None
    dscg_tkdrug_flag: Annotated[str | None, text("出院带药标志", 3)] = None
    list_sp_item_flag: Annotated[str | None, text("目录特项标志", 3)] = None
    matn_fee_flag: Annotated[str | None, text("生育费用标志", 6)] = None
    drt_reim_flag: Annotated[str | None, text("直报标志", 3)] = None
    memo: Annotated[str | None, text("备注", 500)] = None
    opter_id: Annotated[str | None, text("经办人ID", 20)] = None
    opter_name: Annotated[str | None, text("经办人姓名", 50)] = None
    opt_time: Annotated[datetime | None, moment("经办时间", doubt="S 误作 opt_timeP；仅列一处")] = None


def items(call: Call, request: ItemsRequest) -> list[ItemRecord]:
    given = request.data
    visit = visit_ever(call.provider, given.mdtrt_id, people.by_number(given.psn_no))
    settled = settlement_of(visit, given.setl_id) if given.setl_id else standing_of(visit)
    found = lines_of(visit, settled if given.setl_id else None)
    call.look(visit.coverage.person)
    listed = items_of(found)
    return [_item(line, settled, listed) for line in found]


def _item(line: VisitLine, settled: Settlement | None, listed: Mapping[int, CatalogueItem]) -> ItemRecord:
    told = {
        **_told(ItemRecord, line, listed),
        "mdtrt_id": line.visit.number,
        "setl_id": settled.number if settled and settled.batch == line.batch else None,
    }
    return ItemRecord(**told)


def _told(kind: Any, line: VisitLine, listed: Mapping[int, CatalogueItem]) -> dict[str, Any]:
    """What both queries tell of a line in the same words, as far as `kind` has a field for it."""
    item = listed.get(line.pk)
    told = {
        **retold(kind, line.said),
        **split_columns(line),
        "rx_drord_no": line.said.get("rxno"),
        "med_type": codes.med_type_of(line.visit),
        "fee_ocur_time": line.occurred or line.visit.began,
        "hilist_code": line.code,
        "hilist_name": line.name,
        "list_type": codes.list_type_of(Category(line.category)),
        "med_list_codg": line.code,
        "medins_list_name": line.said.get("medins_list_name", line.name)[:100],
        "spec": (item.spec[:200] or None) if item else None,
        "dosform_name": (item.dosage_form or None) if item else None,
    }
    return {name: value for name, value in told.items() if name in fields_of(kind)}


class DrugsQuery(Window):
    psn_no: Annotated[str, text("人员编号", 30)]
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime | None, moment("结束时间")] = None


class DrugsRequest(Request):
    data: Annotated[DrugsQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugRecord:
    """One drug that was settled under the chronic-disease benefit, wherever."""

    feedetl_sn: Annotated[str, text("费用明细流水号", 30)]
    rx_drord_no: Annotated[str | None, text("处方/医嘱号", 30)] = None
    fixmedins_code: Annotated[str | None, text("定点医药机构编号", 12)] = None
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)]
    psn_no: Annotated[str, text("人员编号", 30)]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    fee_ocur_time: Annotated[datetime, moment("费用发生时间")]
    cnt: Annotated[int, quantity("数量")]
    pric: Annotated[int, price("单价")]
    chrgitm_lv: Annotated[str | None, code("收费项目等级", 3, "chrgitm_lv")] = None
    hilist_code: Annotated[str, text("医保目录编码", 50, doubt=ONE_CODE)]
    hilist_name: Annotated[str, text("医保目录名称", 200)]
    list_type: Annotated[str, code("目录类别", 6, "list_type")]
    med_list_codg: Annotated[str, text("医疗目录编码", 50)]
    medins_list_codg: Annotated[str | None, text("医药机构目录编码", 150)] = None
    medins_list_name: Annotated[str, text("医药机构目录名称", 100)]
    med_chrgitm_type: Annotated[str, code("医疗收费项目类别", 6, "med_chrgitm_type")]
    prodname: Annotated[str | None, text("商品名", 200)] = None
    spec: Annotated[str | None, text("规格", 200, doubt="标必填；目录未载规格时为 null")] = None
    dosform_name: Annotated[str | None, text("剂型名称", 200)] = None
    lmt_used_flag: Annotated[str | None, code("限制使用标志", 3, "lmt_used_flag")] = None
    hosp_prep_flag: Annotated[str | None, text("医院制剂标志", 3)] = None
    hosp_appr_flag: Annotated[str | None, code("医院审批标志", 3, "hosp_appr_flag")] = None
    tcmdrug_used_way: Annotated[str | None, text("中药使用方式", 6)] = None
    prodplac_type: Annotated[str | None, text("生产地类别", 6)] = None
    bas_medn_flag: Annotated[str | None, text("基本药物标志", 3)] = None
    hi_nego_drug_flag: Annotated[str | None, text("医保谈判药品标志", 3)] = None
    chld_medc_flag: Annotated[str | None, text("儿童用药标志", 3)] = None
    etip_flag: Annotated[str | None, text("外检标志", 3)] = None
    etip_hosp_code: Annotated[str | None, text("外检医院编码", 30)] = None
    dscg_tkdrug_flag: Annotated[str | None, text("出院带药标志", 3)] = None
    list_sp_item_flag: Annotated[str | None, text("目录特项标志", 3)] = None
    matn_fee_flag: Annotated[str | None, text("生育费用标志", 6)] = None


@dataclass(frozen=True, slots=True)
class DrugsReply:
    feedetail: Annotated[list[DrugRecord], nodes("用药记录")]


def drugs(call: Call, request: DrugsRequest) -> DrugsReply:
    given = request.data
    person = call.known_person(given.psn_no)
    found = chronic_drugs(person, given.begntime, given.endtime or call.at)
    call.look(person)
    listed = items_of(found)
    return DrugsReply([_drug(line, listed) for line in found])


def _drug(line: VisitLine, listed: Mapping[int, CatalogueItem]) -> DrugRecord:
    visit = line.visit
    told = {
        **_told(DrugRecord, line, listed),
        "fixmedins_code": visit.provider.code,
        "fixmedins_name": visit.provider.name,
        "psn_no": visit.coverage.person.number,
    }
    return DrugRecord(**told)


TRANSACTIONS = (
    Transaction(
        "5204",
        "费用明细查询",
        ItemsRequest,
        ItemRecord,
        items,
        writes=False,
        listed=True,
        section="§4.28",
        mark=Mark.UNCONFIRMED,
        doubt="output 本身是数组（一源）；另有注释说结果是由 9102 取回的文件，此处不用文件",
    ),
    Transaction(
        "5205",
        "人员慢特病用药记录查询",
        DrugsRequest,
        DrugsReply,
        drugs,
        writes=False,
        section="§4.29",
        mark=Mark.SINGLE,
        doubt="列出该人在各机构按门诊慢特病结算的药品，不含已撤销的结算；endtime 为空时查到当前",
    ),
)
