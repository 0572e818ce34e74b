"""The fields of the catalogue in pages (interface §4.6): what is asked by, and the rows."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from yidi.gateway.fields import code, day, number, price, ratio, text
from yidi.gateway.nodes import Node

NOT_KEPT = "本中心没有登记此项"
OWN_NAMES = "资料没有列出 1304 的字段，此处用其他目录的同名字段"

On = Annotated[date | None, day("查询时间点")]
Code = Annotated[str, text("医保目录编码", 30)]
NationalCode = Annotated[str, text("医疗目录编码", 30)]
ListType = Annotated[str, code("目录类别", 30, "list_type")]
Region = Annotated[str, text("参保机构医保区划", 6, doubt="此处是就医地，其他地区不收")]
Pool = Annotated[str, text("统筹区", 6)]
From = Annotated[date | None, day("开始日期")]
To = Annotated[date | None, day("结束日期")]
Valid = Annotated[str, code("有效标志", 3, "vali_flag")]
Rid = Annotated[str, text("唯一记录号", 40)]
Table = Annotated[str, text("表名", 100, doubt=NOT_KEPT)]
Updated = Annotated[date, day("更新时间")]
PageNum = Annotated[int, number("当前页数", "4")]
PageSize = Annotated[int, number("本页数据量", "4")]
RowListType = Annotated[str, code("目录类别", 3, "list_type")]
RowRegion = Annotated[str, text("参保机构医保区划", 6)]
RowFrom = Annotated[date, day("开始日期")]
Created = Annotated[date, day("创建时间")]
Memo = Annotated[str | None, text("备注", 500)]
Creator = Annotated[str | None, text("创建人", 20)]
CreatorName = Annotated[str | None, text("创建人姓名", 50)]
CreatorAgency = Annotated[str | None, text("创建机构", 20)]
Operator = Annotated[str | None, text("经办人", 20)]
OperatorName = Annotated[str | None, text("经办人姓名", 50)]
OperatorAgency = Annotated[str | None, text("经办机构", 20)]
Operated = Annotated[date | None, day("经办时间")]
RowTable = Annotated[str | None, text("表名", 100)]


class EthnicQuery(Node):
    med_list_codg: Annotated[str, text("医疗目录编码", 20, doubt=OWN_NAMES)] = ""
    genname_codg: Annotated[str, text("通用名编号", 100)] = ""
    drug_genname: Annotated[str, text("药品通用名", 20)] = ""
    drug_prodname: Annotated[str, text("药品商品名", 500)] = ""
    reg_name: Annotated[str, text("注册名称", 500)] = ""
    tcmherb_name: Annotated[str, text("中草药名称", 30)] = ""
    mlms_name: Annotated[str, text("药材名称", 255)] = ""
    vali_flag: Valid = ""
    rid: Annotated[str, text("唯一记录号", 30)] = ""
    ver: Annotated[str, text("版本号", 20)] = ""
    ver_name: Annotated[str, text("版本名称", 30)] = ""
    opt_begn_time: Annotated[date | None, day("经办开始时间")] = None
    opt_end_time: Annotated[date | None, day("经办结束时间")] = None
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


class CatalogueQuery(Node):
    query_date: On = None
    hilist_code: Code = ""
    insu_admdvs: Region = ""
    begndate: From = None
    hilist_name: Annotated[str, text("医保目录名称", 200)] = ""
    wubi: Annotated[str, text("五笔助记码", 30, doubt=NOT_KEPT)] = ""
    pinyin: Annotated[str, text("拼音助记码", 30, doubt=NOT_KEPT)] = ""
    med_chrgitm_type: Annotated[str, code("医疗收费项目类别", 6, "med_chrgitm_type")] = ""
    chrgitm_lv: Annotated[str, code("收费项目等级", 3, "chrgitm_lv")] = ""
    lmt_used_flag: Annotated[str, code("限制使用标志", 3, "lmt_used_flag")] = ""
    list_type: ListType = ""
    med_use_flag: Annotated[str, text("医疗使用标志", 3, doubt=NOT_KEPT)] = ""
    matn_used_flag: Annotated[str, text("生育使用标志", 3, doubt=NOT_KEPT)] = ""
    hilist_use_type: Annotated[str, text("医保目录使用类别", 3, doubt=NOT_KEPT)] = ""
    lmt_cpnd_type: Annotated[str, text("限复方使用类型", 3, doubt=NOT_KEPT)] = ""
    vali_flag: Valid = ""
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


class MatchQuery(Node):
    query_date: On = None
    medins_list_codg: Annotated[str, text("定点医药机构目录编号", 30, doubt=NOT_KEPT)] = ""
    med_list_codg: Annotated[str, text("医疗目录编码", 30, doubt="资料只有 medins_list_codg，疑为此项")] = ""
    hilist_code: Code = ""
    list_type: ListType = ""
    insu_admdvs: Region = ""
    begndate: From = None
    vali_flag: Valid = ""
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


class OwnMatchQuery(Node):
    query_date: On = None
    fixmedins_code: Annotated[str, text("定点医药机构编号", 30)] = ""
    medins_list_codg: Annotated[str, text("定点医药机构目录编号", 30)] = ""
    medins_list_name: Annotated[str, text("定点医药机构目录名称", 200)] = ""
    insu_admdvs: Region = ""
    list_type: ListType = ""
    med_list_codg: NationalCode = ""
    begndate: From = None
    vali_flag: Valid = ""
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


class LimitQuery(Node):
    query_date: On = None
    hilist_code: Code = ""
    hilist_lmtpric_type: Annotated[str, text("医保目录限价类型", 6, doubt=NOT_KEPT)] = ""
    overlmt_dspo_way: Annotated[str, text("医保目录超限处理方式", 6, doubt=NOT_KEPT)] = ""
    insu_admdvs: Region = ""
    begndate: From = None
    enddate: To = None
    vali_flag: Valid = ""
    rid: Rid = ""
    tabname: Table = ""
    poolarea_no: Pool = ""
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


class SelfPayQuery(Node):
    query_date: On = None
    hilist_code: Code = ""
    selfpay_prop_psn_type: Annotated[str, text("医保目录自付比例人员类别", 6, doubt=NOT_KEPT)] = ""
    selfpay_prop_type: Annotated[str, text("目录自付比例类别", 6, doubt=NOT_KEPT)] = ""
    insu_admdvs: Region = ""
    begndate: From = None
    enddate: To = None
    vali_flag: Valid = ""
    rid: Rid = ""
    tabname: Table = ""
    poolarea_no: Pool = ""
    updt_time: Updated
    page_num: PageNum
    page_size: PageSize


@dataclass(frozen=True, slots=True, kw_only=True)
class EthnicRow:
    """A drug of an ethnic group. None is on record."""

    med_list_codg: Annotated[str, text("医疗目录编码", 50, doubt=OWN_NAMES)]
    drug_prodname: Annotated[str | None, text("药品商品名", 500)] = None
    genname_codg: Annotated[str | None, text("通用名编号", 20)] = None
    drug_genname: Annotated[str | None, text("药品通用名", 500)] = None
    dosform: Annotated[str | None, text("剂型", 500)] = None
    drug_spec: Annotated[str | None, text("药品规格", 500)] = None
    begndate: From = None
    enddate: To = None
    memo: Memo = None
    vali_flag: Valid
    rid: Rid
    crte_time: Created
    updt_time: Updated
    ver: Annotated[str | None, text("版本号", 20)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    hilist_code: Code
    hilist_name: Annotated[str, text("医保目录名称", 200)]
    insu_admdvs: RowRegion
    begndate: RowFrom
    enddate: To
    med_chrgitm_type: Annotated[str, code("医疗收费项目类别", 6, "med_chrgitm_type")]
    chrgitm_lv: Annotated[str, code("收费项目等级", 3, "chrgitm_lv")]
    lmt_used_flag: Annotated[str, code("限制使用标志", 3, "lmt_used_flag")]
    list_type: RowListType
    med_use_flag: Annotated[str | None, text("医疗使用标志", 3, doubt=NOT_KEPT)] = None
    matn_used_flag: Annotated[str | None, text("生育使用标志", 3, doubt=NOT_KEPT)] = None
    hilist_use_type: Annotated[str | None, text("医保目录使用类别", 3, doubt=NOT_KEPT)] = None
    lmt_cpnd_type: Annotated[str | None, text("限复方使用类型", 3, doubt=NOT_KEPT)] = None
    wubi: Annotated[str | None, text("五笔助记码", 30)] = None
    pinyin: Annotated[str | None, text("拼音助记码", 30)] = None
    memo: Memo = None
    vali_flag: Valid
    rid: Rid
    updt_time: Updated
    crter_id: Creator = None
    crter_name: CreatorName = None
    crte_time: Created
    crte_optins_no: CreatorAgency = None
    opter_id: Operator = None
    opter_name: OperatorName = None
    opt_time: Operated = None
    optins_no: OperatorAgency = None
    poolarea_no: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    med_list_codg: NationalCode
    hilist_code: Code
    list_type: RowListType
    insu_admdvs: RowRegion
    begndate: RowFrom
    enddate: To
    memo: Memo = None
    vali_flag: Valid
    rid: Rid
    updt_time: Updated
    crter_id: Creator = None
    crter_name: CreatorName = None
    crte_time: Created
    crte_optins_no: CreatorAgency = None
    opter_id: Operator = None
    opter_name: OperatorName = None
    opt_time: Operated = None
    optins_no: OperatorAgency = None
    poolarea_no: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMatchRow:
    """An item of a hospital's own list beside the national one. None is on record."""

    begndate: RowFrom
    list_type: RowListType
    insu_admdvs: RowRegion
    med_list_codg: NationalCode
    opt_time: Operated = None
    vali_flag: Valid
    memo: Memo = None
    rid: Rid
    updt_time: Updated
    fixmedins_code: Annotated[str, text("定点医药机构编号", 30)]
    medins_list_codg: Annotated[str, text("定点医药机构目录编号", 30)]
    medins_list_name: Annotated[str | None, text("定点医药机构目录名称", 200)] = None
    enddate: To = None
    aprvno: Annotated[str | None, text("批准文号", 30)] = None
    dosform: Annotated[str | None, text("剂型", 200)] = None
    exct_cont: Annotated[str | None, text("除外内容", 2000)] = None
    item_cont: Annotated[str | None, text("项目内涵", 2000)] = None
    prcunt: Annotated[str | None, text("计价单位", 100)] = None
    spec: Annotated[str | None, text("规格", 200)] = None
    pacspec: Annotated[str | None, text("包装规格", 100)] = None
    crter_id: Creator = None
    crter_name: CreatorName = None
    crte_time: Created
    crte_optins_no: CreatorAgency = None
    opter_id: Operator = None
    opter_name: OperatorName = None
    optins_no: OperatorAgency = None
    poolarea_no: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    hilist_code: Code
    hilist_lmtpric_type: Annotated[str | None, text("医保目录限价类型", 6, doubt=NOT_KEPT)] = None
    overlmt_dspo_way: Annotated[str | None, text("医保目录超限处理方式", 6, doubt=NOT_KEPT)] = None
    insu_admdvs: RowRegion
    begndate: RowFrom
    enddate: To
    hilist_pric_uplmt_amt: Annotated[int, price("医保目录定价上限金额", doubt="资料没有写长度")]
    vali_flag: Valid
    rid: Rid
    updt_time: Updated
    crter_id: Creator = None
    crter_name: CreatorName = None
    crte_time: Created
    crte_optins_no: CreatorAgency = None
    opter_id: Operator = None
    opter_name: OperatorName = None
    opt_time: Operated = None
    optins_no: OperatorAgency = None
    tabname: RowTable = None
    poolarea_no: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPayRow:
    hilist_code: Code
    selfpay_prop_psn_type: Annotated[str | None, text("医保目录自付比例人员类别", 6, doubt=NOT_KEPT)] = None
    selfpay_prop_type: Annotated[str | None, text("目录自付比例类别", 6, doubt=NOT_KEPT)] = None
    insu_admdvs: RowRegion
    begndate: RowFrom
    enddate: To
    selfpay_prop: Annotated[int, ratio("自付比例")]
    vali_flag: Valid
    rid: Rid
    updt_time: Updated
    crter_id: Creator = None
    crter_name: CreatorName = None
    crte_time: Created
    crte_optins_no: CreatorAgency = None
    opter_id: Operator = None
    opter_name: OperatorName = None
    opt_time: Operated = None
    optins_no: OperatorAgency = None
    tabname: RowTable = None
    poolarea_no: Pool
