"""Addresses under which clients look for the centre (interface §2.1, §2.2).

The body's `infno` decides. What the address says of the transaction serves where the body has none.
"""

import re

PREFIXES = ("/fsi", "/ebus", "/hsa", "/uif-hsaf-med-api", "/mss/web/api/fsi", "/api/fsiextend", "/CSB")
"""How addresses of the gateway begin: front-end box, provincial buses, Guangdong, Inner Mongolia, Chongqing, Hebei, CSB."""
SHAPES = (
    "/fsi/api/rsfComIfsService/callService",
    "/fsi/api/rsfComIfsService/callService/{infno}",
    "/ebus/gdyb_inf/poc/hsa/hgs/{infno}",
    "/ebus/rio_fsi/fsi/api/{service}/{method}",
    "/uif-hsaf-med-api/api/medical/service",
    "/mss/web/api/fsi/callService",
    "/CSB",
)
"""Addresses as clients send to; any other that begins like one of the prefixes is taken as well."""

_CATALOGUE = "catalogdownservice"
HEBEI = {
    "signInSignOutService/signIn": "9001",
    "fileupload/upload": "9101",
    "fileupload/download": "9102",
    **{
        f"{_CATALOGUE}/downCatalog{number}": str(number)
        for number in (*range(1301, 1304), *range(1305, 1312), *range(1313, 1316))
    },
    f"{_CATALOGUE}/queryNatyPreparedByPage": "1304",
    "catalogqueryservice/queryHilist": "1312",
    "queryMedinsHilistMapByPage": "1316",
    "queryMedListMapByPage": "1317",
    "queryLmtprcByPage": "1318",
    "querySelfpayByPage": "1319",
    "queryDataDic": "1901",
    "fsiPsnInfoService/queryPsnInfo": "1101",
    "fsiFixMedInsService/queryFixMedIns": "1201",
    "fsiPsnPriorityInfoService/queryPsnPriorityInfo": "2001",
    "outpatientDocInfoService/outpatientRregistration": "2201",
    "outpatientDocInfoService/outpatientRegistrationCancel": "2202",
    "outpatientDocInfoService/outpatientMdtrtinfoUp": "2203",
    "outpatientDocInfoService/outpatientMdtrtinfoUpA": "2203A",
    "outpatientDocInfoService/outpatientFeeListUp": "2204",
    "outpatientDocInfoService/outpatientFeeListUpCancel": "2205",
    "outpatientSettleService/preSettletment": "2206",
    "outpatientSettleService/preSettletmentA": "2206A",
    "outpatientSettleService/saveSettletmentV2": "2207",
    "outpatientSettleService/saveSettletment": "2207A",
    "outpatientSettleService/cancleSettletment": "2208",
    "reverseService/revsMethod": "2601",
    "ybSettlementStmtService/stmtTotal": "3201",
    "ybSettlementStmtService/stmtDetail": "3202",
    "medinsmonsettlement/medinsDaySetlReconciliation": "3211",
    "medinsmonsettlement/qMedinsDaySetlResult": "3212",
    "fsiIntegratedQueryService/querySetlInfo": "5203",
    "fsiIntegratedQueryService/queryFeeList": "5204",
    "queryFixmedinsPracPsnSum": "5206",
    "queryPsnOpspReg": "5301",
    "queryInhospInfo": "5303",
    "queryFixmedinsDept": "5101",
    "queryFixmedinsPracPsn": "5102",
}
"""Hebei's address of each transaction, as far as the source tells it, misspellings included → its number (§2.2).

Where the source leaves the service out (1316 – 1319, 1901, 52xx, 5303 …) the last part alone counts."""

_BEGIN = tuple(f"{prefix}/" for prefix in PREFIXES)
_NUMBER = re.compile(r"\d{4,5}[A-Z]?")
_BY_END = {path.rsplit("/", 1)[-1].casefold(): number for path, number in HEBEI.items()}


def is_ours(path: str) -> bool:
    """Whether an address is the gateway's."""
    return f"{path}/".startswith(_BEGIN)


def number_in(path: str) -> str:
    """The transaction that an address speaks of: its last part, as a number or as Hebei calls it; empty if neither."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return last if _NUMBER.fullmatch(last) else _BY_END.get(last.casefold(), "")
