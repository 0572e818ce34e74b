"""Why an application cannot go on."""

from yidi.values.errors import Refusal


class EvidenceMissing(Refusal):
    code = "QUAL-EVIDENCE"
    zh = "申请{disease}待遇资格认定还缺材料：{missing}。请补齐后再提交。"
    en = "The application for {disease} still lacks: {missing}. Add them and submit again."


class AlreadyOpen(Refusal):
    code = "QUAL-OPEN"
    zh = "{disease}已有一份{state}的认定（{number}），不能重复申请。请查看该申请的办理进度。"
    en = "{disease} already has an application ({number}, {state}). See how that one stands."


class EndsBeforeStart(Refusal):
    code = "QUAL-DATES"
    zh = "待遇资格的截止日期 {ends} 早于开始日期 {starts}。请核对后重新填写。"
    en = "The qualification would end on {ends}, before it starts on {starts}. Check both days."


class NotQualified(Refusal):
    code = "QUAL-NONE"
    zh = (
        "参保人在 {on} 没有有效的“{disease}”门诊慢特病待遇资格{why}，不能按门诊慢特病结算。"
        "请先在参保地办理待遇资格认定，或改按普通门诊结算。"
    )
    en = (
        "On {on} the person holds no valid qualification for {disease}{why_en}. "
        "Apply for it in the home region first, or settle as general outpatient care."
    )
