"""Why a visit cannot be settled."""

from yidi.values.errors import Refusal


class UnknownVisit(Refusal):
    code = "SETL-VISIT"
    zh = "本机构没有就诊号“{visit}”的有效就诊。请核对就诊号，或重新挂号。"
    en = "This institution has no open visit {visit}. Check the number, or register the visit again."


class VisitOfAnother(Refusal):
    code = "SETL-PERSON"
    zh = "就诊号“{visit}”不属于人员“{person}”。请核对人员编号与就诊号。"
    en = "Visit {visit} does not belong to person {person}. Check both numbers."


class DuplicateVisit(Refusal):
    code = "SETL-VISIT-TWICE"
    zh = "院内门诊号“{number}”已有挂号（就诊号 {visit}）。请使用原就诊号，或先撤销挂号。"
    en = "Outpatient number {number} is already registered as visit {visit}. Use that one, or withdraw it first."


class AlreadySettled(Refusal):
    code = "SETL-SETTLED"
    zh = "就诊 {visit} 已于 {at} 结算（结算号 {settlement}）。如需更改，请先撤销结算。"
    en = "Visit {visit} was settled at {at} (settlement {settlement}). Cancel that settlement first."


class NoDiagnosis(Refusal):
    code = "SETL-NO-DIAGNOSIS"
    zh = "就诊 {visit} 还没有上传就诊信息与诊断。请先上传。"
    en = "Visit {visit} has no visit information yet. Upload it first."


class NoLines(Refusal):
    code = "SETL-NO-LINES"
    zh = "就诊 {visit} 的收费批次“{batch}”没有未结算的费用明细。请先上传明细，并核对收费批次号。"
    en = (
        "Visit {visit} has no unsettled lines in batch {batch}. Upload them first and check the batch number."
    )


class LinesPresent(Refusal):
    code = "SETL-LINES-PRESENT"
    zh = "就诊 {visit} 已有按原医疗类别和病种拆分的费用明细。请先撤销明细，再更改就诊信息。"
    en = "Visit {visit} has lines that were split for its present benefit and disease. Withdraw them before changing it."


class DuplicateLine(Refusal):
    code = "SETL-LINE-TWICE"
    zh = "费用明细流水号“{serial}”在就诊 {visit} 中重复。请更换流水号，或先撤销原明细。"
    en = "Line number {serial} occurs twice in visit {visit}. Use another number, or withdraw the first line."


class BenefitMismatch(Refusal):
    code = "SETL-BENEFIT"
    zh = "就诊 {visit} 上传的是{known}，与本次请求的{given}不一致。请统一后重新上传就诊信息。"
    en = "Visit {visit} was uploaded as {known}, this request says {given}. Make them agree."


class TotalMismatch(Refusal):
    code = "SETL-TOTAL"
    zh = "{what} {given} 元与中心按明细计算的 {ours} 元不一致。请核对明细是否全部上传，按上传明细、预结算时返回的金额重新发送。"
    en = "{what} is given as {given} yuan, the centre has {ours}. Check that all lines arrived and send the centre's amounts."


class NotOpened(Refusal):
    code = "SETL-NOT-OPENED"
    zh = "{provider}未开通“{what}”的跨省直接结算。请改选已开通的机构，或由个人垫付后回参保地手工报销。"
    en = (
        "{provider} does not settle {what} across regions. Choose one that does, or pay and claim afterwards."
    )


class NotNational(Refusal):
    code = "SETL-NOT-NATIONAL"
    zh = "“{disease}”不在可跨省直接结算的门诊慢特病病种之内。请由个人垫付后回参保地手工报销。"
    en = "{disease} is not among the diseases settled directly between provinces. Pay and claim afterwards."


class UnknownSettlement(Refusal):
    code = "SETL-UNKNOWN"
    zh = "本机构没有结算号“{settlement}”的结算。请核对结算号与就诊号。"
    en = "This institution has no settlement {settlement}. Check the settlement and visit numbers."


class UnknownMessage(UnknownSettlement):
    code = "SETL-MESSAGE"
    zh = (
        "此人在本机构没有报文“{message}”的结算或撤销：该报文没有到达、被拒绝，或已冲正。"
        "仍要办理的请原样重发该报文；不再办理的请冲正。"
    )
    en = (
        "This institution has no settlement or cancellation of message {message} for this person: it did not arrive, was "
        "refused, or was reversed. Send it again as it was, or reverse it."
    )


class AlreadyCancelled(Refusal):
    code = "SETL-CANCELLED"
    zh = "结算 {settlement} 已撤销（撤销号 {cancellation}），不能再次撤销。无需再操作。"
    en = "Settlement {settlement} is cancelled already ({cancellation}). Nothing more is to be done."


class NotRestored(Refusal):
    """A settlement stands again only as it stood before; `why` is an Unrestored."""

    code = "SETL-NOT-RESTORED"
    zh = (
        "撤销 {cancellation} 没有冲正：{why}，结算 {settlement} 不能照原样恢复，仍是已撤销。"
        "如仍需结算，请重新预结算、结算。"
    )
    en = (
        "Cancellation {cancellation} was not reversed: {why}, so settlement {settlement} cannot stand again as it "
        "stood and remains cancelled. To settle, presettle and settle anew."
    )


class ServiceDate(Refusal):
    code = "SETL-DATE"
    zh = "就诊时间 {began} 晚于今天（{today}），不能预先挂号。请核对就诊开始时间。"
    en = (
        "The visit begins at {began}, after today ({today}); visits are not registered ahead. Check the time."
    )


class LineDiffers(Refusal):
    code = "SETL-LINE-OTHER"
    zh = "第 {serial} 行已经录入了“{name}”，与这次的不同，可能在另一个窗口里加过。请刷新页面核对明细后再加。"
    en = "Line {serial} is {name} already, which is not the same; perhaps another window added it. Reload, compare, and add again."


class UnknownLine(Refusal):
    code = "SETL-LINE"
    zh = "就诊 {visit} 没有第 {serial} 行明细，可能已经删去。请刷新页面核对。"
    en = "Visit {visit} has no line {serial}; perhaps it was removed already. Reload and compare."


class AmountsChanged(Refusal):
    code = "SETL-CHANGED"
    zh = (
        "金额有变动，没有结算：刚才算出基金支付 {shown} 元，现在是 {now} 元（此人可能刚在别处结算过）。"
        "请按新的金额告诉本人，再确认结算。"
    )
    en = (
        "The amounts have changed and nothing was settled: the funds would have paid {shown} yuan and now pay {now}; the "
        "person may just have settled elsewhere. Tell them the new amounts, then confirm."
    )


class UndoneSince(Refusal):
    code = "SETL-UNDONE"
    zh = "这次结算（{settlement}）已经撤销（撤销号 {cancellation}），不能用原来的页面再结算。请重新预结算。"
    en = "This settlement ({settlement}) was cancelled ({cancellation}) and cannot be repeated from the old page. Presettle anew."
