"""2204 门诊费用明细上传, 2205 门诊费用明细撤销 (interface §4.11, §4.12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import model_validator

from yidi.benefit.explain import line_note
from yidi.benefit.split import FeeLine
from yidi.catalogue.lines import split_of_row
from yidi.catalogue.terms import Category
from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import OtherVisitInMessage
from yidi.gateway.fields import (
    code,
    extension,
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
from yidi.gateway.nodes import Node, Request, given_of
from yidi.settlement import services
from yidi.settlement.models import VisitLine
from yidi.settlement.services import Told
from yidi.values.money import MICRO, PPM
from yidi.values.terms import CatalogueClass

NO_PRICE_LIMIT = 999_999 * MICRO
"""How the interface writes that there is none."""
ALL_BATCHES = "0000"
"""As the batch number of a withdrawal: every unsettled line (interface §4.12)."""
ONE_LINE = "湖南客户端附带“0000”，即不限；给出流水号时只撤销这一条"
TRACED = ("drug_trac_codg", "trdn_flag", "min_prcunt_type")
KEPT = (
    "rxno", "rx_circ_flag", "medins_list_codg", "medins_list_name", "sin_dos_dscr", "used_frqu_dscr", "prd_days",
    "medc_way_dscr", "bilg_dept_codg", "bilg_dept_name", "bilg_dr_codg", "bilg_dr_name", "acord_dept_codg",
    "acord_dept_name", "orders_dr_code", "orders_dr_name", "hosp_appr_flag", "tcmdrug_used_way", "etip_flag",
    "etip_hosp_code", "dscg_tkdrug_flag", "matn_fee_flag", "minpacunt_drug_trac_cnt", "mcs_trac_cnt",
)  # fmt: skip
"""What is kept to be told again by 5204 and 5205; nothing is decided by it."""


class FeeDetail(Node):
    feedetl_sn: Annotated[str, text("费用明细流水号", 30)]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    chrg_bchno: Annotated[str, text("收费批次号", 30)]
    dise_codg: Annotated[str, text("病种编码", 30)] = ""
    rxno: Annotated[str, text("处方号", 30)] = ""
    rx_circ_flag: Annotated[str, code("外购处方标志", 3, "rx_circ_flag")]
    fee_ocur_time: Annotated[datetime, moment("费用发生时间")]
    med_list_codg: Annotated[str, text("医疗目录编码", 50)]
    medins_list_codg: Annotated[str, text("医药机构目录编码", 150)]
    det_item_fee_sumamt: Annotated[int, money("明细项目费用总额")]
    cnt: Annotated[int, quantity("数量")]
    pric: Annotated[int, price("单价")]
    sin_dos_dscr: Annotated[str, text("单次剂量描述", 200)] = ""
    used_frqu_dscr: Annotated[str, text("使用频次描述", 200)] = ""
    prd_days: Annotated[int | None, number("周期天数", "4,2", scale=100)] = None
    medc_way_dscr: Annotated[str, text("用药途径描述", 200)] = ""
    bilg_dept_codg: Annotated[str, text("开单科室编码", 30)]
    bilg_dept_name: Annotated[str, text("开单科室名称", 100)]
    bilg_dr_codg: Annotated[str, text("开单医生编码", 30)]
    bilg_dr_name: Annotated[str, text("开单医师姓名", 50)]
    acord_dept_codg: Annotated[str, text("受单科室编码", 30)] = ""
    acord_dept_name: Annotated[str, text("受单科室名称", 100)] = ""
    orders_dr_code: Annotated[str, text("受单医生编码", 30)] = ""
    orders_dr_name: Annotated[str, text("受单医生姓名", 50)] = ""
    hosp_appr_flag: Annotated[str, code("医院审批标志", 3, "hosp_appr_flag")]
    tcmdrug_used_way: Annotated[str, text("中药使用方式", 6)] = ""
    etip_flag: Annotated[str, text("外检标志", 3)] = ""
    etip_hosp_code: Annotated[str, text("外检医院编码", 30)] = ""
    dscg_tkdrug_flag: Annotated[str, text("出院带药标志", 3)] = ""
    matn_fee_flag: Annotated[str, text("生育费用标志", 6)] = ""
    expContent: Annotated[Any, extension()] = None
    medins_list_name: Annotated[str, text("医药机构目录名称", 100, doubt="仅一源")] = ""
    unchk_flag: Annotated[str, text("不审核标志", 3, doubt="广州客户端的键；不使用")] = ""
    unchk_memo: Annotated[str, text("不审核原因", 500, doubt="广州客户端的键；不使用")] = ""
    minpacunt_drug_trac_cnt: Annotated[str, text("最小包装追溯码数量", 16, doubt="2025 年新增，一源")] = ""
    mcs_trac_cnt: Annotated[str, text("耗材追溯码数量", 16, doubt="2025 年新增，一源")] = ""


class DrugTrace(Node):
    """One trace code of a drug that was handed out."""

    feedetl_sn: Annotated[str, text("费用明细流水号", 30)]
    drug_trac_codg: Annotated[str, text("药品追溯码", 50)]
    trdn_flag: Annotated[str, text("拆零标志", 3)] = ""
    min_prcunt_type: Annotated[str, text("最小计价单位类型", 6)] = ""


class UploadRequest(Request):
    feedetail: Annotated[list[FeeDetail], nodes("费用明细")]
    drug_trac_info: Annotated[list[DrugTrace], nodes("药品追溯码信息（2025 年新增，一源）", some=False)] = []

    @model_validator(mode="after")
    def _traces_of_these_lines(self) -> "UploadRequest":
        serials = {row.feedetl_sn for row in self.feedetail}
        for rank, trace in enumerate(self.drug_trac_info):
            if trace.feedetl_sn not in serials:
                raise ValueError(f"drug_trac_info[{rank}].feedetl_sn“{trace.feedetl_sn}”不在本次上传的明细中")
        return self

    def traces_of(self, serial: str) -> list[dict[str, Any]]:
        """The trace codes of a line, as they were sent."""
        named = (trace for trace in self.drug_trac_info if trace.feedetl_sn == serial)
        return [given_of(trace, TRACED) for trace in named]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    feedetl_sn: Annotated[str, text("费用明细流水号", 30)]
    det_item_fee_sumamt: Annotated[int, money("明细项目费用总额")]
    cnt: Annotated[int, quantity("数量")]
    pric: Annotated[int, price("单价")]
    pric_uplmt_amt: Annotated[int, price("定价上限金额", doubt="999999 表示不限价")]
    selfpay_prop: Annotated[int, ratio("自付比例")]
    fulamt_ownpay_amt: Annotated[int, money("全自费金额")]
    overlmt_amt: Annotated[int, money("超限价金额")]
    preselfpay_amt: Annotated[int, money("先行自付金额")]
    inscp_scp_amt: Annotated[int, money("符合政策范围金额")]
    chrgitm_lv: Annotated[str, code("收费项目等级", 3, "chrgitm_lv")]
    med_chrgitm_type: Annotated[str, code("医疗收费项目类别", 6, "med_chrgitm_type")]
    bas_medn_flag: Annotated[str | None, text("基本药物标志", 3)] = None
    hi_nego_drug_flag: Annotated[str | None, text("医保谈判药品标志", 3)] = None
    chld_medc_flag: Annotated[str | None, text("儿童用药标志", 3)] = None
    list_sp_item_flag: Annotated[str | None, text("目录特项标志", 3)] = None
    lmt_used_flag: Annotated[str, code("限制使用标志", 3, "lmt_used_flag")]
    drt_reim_flag: Annotated[str | None, text("直报标志", 3)] = None
    memo: Annotated[str, text("备注", 500)]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True)
class UploadReply:
    result: Annotated[list[LineResult], nodes("明细分割结果")]


def upload_lines(call: Call, request: UploadRequest) -> UploadReply:
    rows = request.feedetail
    visit = call.visit(rows[0].mdtrt_id, rows[0].psn_no)
    for rank, row in enumerate(rows, start=1):
        if (row.mdtrt_id, row.psn_no) != (rows[0].mdtrt_id, rows[0].psn_no):
            raise OtherVisitInMessage(row=rank)
        if visit.disease and row.dise_codg:
            codes.check_visit(visit, "dise_codg", "病种编码", visit.disease, row.dise_codg)
    added: dict[str, VisitLine] = {}
    for batch in dict.fromkeys(row.chrg_bchno for row in rows):
        lines = [_line(row) for row in rows if row.chrg_bchno == batch]
        told = {row.feedetl_sn: _told(row, request) for row in rows if row.chrg_bchno == batch}
        added |= {line.serial: line for line in services.add_lines(visit, batch, lines, call.actor, told)}
    return UploadReply([_result(added[row.feedetl_sn]) for row in rows])


def _line(row: FeeDetail) -> FeeLine:
    return FeeLine(
        serial=row.feedetl_sn,
        code=row.med_list_codg,
        name=row.medins_list_name or row.med_list_codg,
        quantity=row.cnt,
        price_micro=row.pric,
        amount=row.det_item_fee_sumamt,
        approved=codes.APPROVALS[row.hosp_appr_flag],
    )


def _told(row: FeeDetail, request: UploadRequest) -> Told:
    traces = request.traces_of(row.feedetl_sn)
    said = given_of(row, KEPT) | ({"drug_trac_info": traces} if traces else {})
    return Told(row.fee_ocur_time, said)


def _result(line: VisitLine) -> LineResult:
    return LineResult(**split_columns(line))


def split_columns(line: VisitLine) -> dict[str, Any]:
    """How a line was split, as 2204 answers and 5204 tells again."""
    return {
        "feedetl_sn": line.serial,
        "det_item_fee_sumamt": line.amount,
        "cnt": line.quantity,
        "pric": line.price_micro,
        "pric_uplmt_amt": NO_PRICE_LIMIT if line.price_limit_micro is None else line.price_limit_micro,
        "selfpay_prop": line.upfront_ppm if line.reason == "payable" else PPM,
        "fulamt_ownpay_amt": line.excluded,
        "overlmt_amt": line.over_limit,
        "preselfpay_amt": line.upfront,
        "inscp_scp_amt": line.in_scope,
        "chrgitm_lv": codes.CLASSES[CatalogueClass(line.klass)],
        "med_chrgitm_type": codes.CATEGORIES[Category(line.category)],
        "lmt_used_flag": codes.YES if line.restricted else codes.NO,
        "memo": line_note(split_of_row(line)),
    }


class BatchKey(Node):
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    chrg_bchno: Annotated[str, text("收费批次号", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    expContent: Annotated[Any, extension()] = None
    feedetl_sn: Annotated[str, text("费用明细流水号", 30, doubt=ONE_LINE)] = ""


class WithdrawLinesRequest(Request):
    data: Annotated[BatchKey, node("明细撤销信息", "mdtrtinfo")]


def withdraw_lines(call: Call, request: WithdrawLinesRequest) -> None:
    given = request.data
    visit = call.visit(given.mdtrt_id, given.psn_no)
    if given.feedetl_sn not in ("", ALL_BATCHES):
        services.withdraw_line(visit, given.feedetl_sn, call.actor)
        return
    batch = None if given.chrg_bchno == ALL_BATCHES else given.chrg_bchno
    services.withdraw_lines(visit, batch, call.actor)


TRANSACTIONS = (
    Transaction(
        "2204", "门诊费用明细上传", UploadRequest, UploadReply, upload_lines, writes=True, section="§4.11"
    ),
    Transaction(
        "2205", "门诊费用明细撤销", WithdrawLinesRequest, None, withdraw_lines, writes=True, section="§4.12"
    ),
)
