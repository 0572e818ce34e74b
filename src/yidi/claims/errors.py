"""Why a claim cannot go on."""

from yidi.values.errors import Refusal


class BadInvoice(Refusal):
    code = "CLAIM-INVOICE"
    zh = "票据号为空或超过 {most} 个字符。请按票据原样填写号码。"
    en = "The invoice number is empty or longer than {most} characters. Enter it as it stands on the invoice."


class MaterialsMissing(Refusal):
    code = "CLAIM-MATERIALS"
    zh = "手工报销还缺材料：{missing}。请补齐后再提交。"
    en = "The claim still lacks: {missing_en}. Add them and submit again."


class NoLines(Refusal):
    code = "CLAIM-NO-LINES"
    zh = "报销申请 {number} 没有费用明细。请按票据与费用清单逐行录入后再提交。"
    en = "Claim {number} has no lines. Enter them from the invoice and fee list first."


class FutureService(Refusal):
    code = "CLAIM-DATE"
    zh = "就诊日期 {on} 晚于今天。请核对票据日期。"
    en = "The day of service {on} is in the future. Check the invoice."


class AssessmentOutdated(Refusal):
    code = "CLAIM-OUTDATED"
    zh = "报销申请 {number} 的核定结果已过时：核定所依据的累计金额此后有变动。请重新核定后再批准。"
    en = "The assessment of claim {number} is out of date: the counters it stands on have moved. Assess it again."
