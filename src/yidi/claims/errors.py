"""Why a claim cannot go on."""

from yidi.values.errors import Refusal
from yidi.values.transitions import IllegalMove


class UnknownClaim(Refusal):
    code = "CLAIM-UNKNOWN"
    zh = "没有编号为“{number}”的手工报销申请。请核对编号：以 C 开头，后面 10 位数字。"
    en = "No claim has the number “{number}”. Check it: C and ten digits."


class NotNow(IllegalMove):
    """What cannot be done in the state that the claim is in."""

    code = "CLAIM-MOVE"
    zh = "手工报销 {number} 现为“{now}”，不能{move}；此时可以：{allowed}。请刷新后核对办理状态。"
    en = (
        "Claim {number} is “{now}” and cannot {move}; possible now: {allowed_en}. Reload and check its state."
    )


class Closed(Refusal):
    code = "CLAIM-CLOSED"
    zh = "手工报销 {number} 现为“{now}”，不能再修改{what}。需要修改时请联系参保地经办机构。"
    en = "Claim {number} is “{now}”: {what_en} cannot be changed any more. Ask the home agency if they must be."


class NothingToPay(Refusal):
    code = "CLAIM-NOTHING"
    zh = "手工报销 {number} 批准的金额是 0 元，不需要支付，办到批准为止。金额有误的，由申请人申诉后重新核定。"
    en = "Claim {number} was approved at 0 yuan: nothing is paid and it ends here. If that is wrong, the person appeals."


class BadInvoice(Refusal):
    code = "CLAIM-INVOICE"
    zh = "票据号超过 {most} 个字符。请按票据原样填写号码。"
    en = "The invoice number is longer than {most} characters. Enter it as it stands on the invoice."


class OwnInvoice(Refusal):
    code = "CLAIM-INVOICE-OWN"
    zh = "票据号“{invoice}”已填在您的另一份报销申请 {number} 中，一张票据只能报销一次。请打开那份申请继续办理，或先撤回它。"
    en = "Invoice {invoice} is in your other claim {number}; an invoice is paid once. Go on with that claim or withdraw it."


class Incomplete(Refusal):
    code = "CLAIM-INCOMPLETE"
    zh = "报销申请 {number} 还没有填写：{missing}。请补齐后再提交。"
    en = "Claim {number} does not yet state: {missing_en}. Fill this in first."


class MaterialsMissing(Refusal):
    code = "CLAIM-MATERIALS"
    zh = "手工报销还缺材料：{missing}。请补齐后再提交。"
    en = "The claim still lacks: {missing_en}. Add them and submit again."


class FutureService(Refusal):
    code = "CLAIM-DATE"
    zh = "就诊日期 {on} 晚于今天。请核对票据日期。"
    en = "The day of service {on} is in the future. Check the invoice."


class DiseaseAside(Refusal):
    code = "CLAIM-DISEASE"
    zh = "病种“{disease}”只用于门诊慢特病的报销。请把就诊类别选为门诊慢特病，或不选病种。"
    en = "The disease {disease} belongs to chronic-disease care alone. Choose that kind of care, or no disease."


class BadTotal(Refusal):
    code = "CLAIM-TOTAL-BAD"
    zh = "票据总金额 {total} 元不正确：应大于 0 且不超过 {most} 元。请按票据填写。"
    en = "The invoice total of {total} yuan cannot be: it is above 0 and at most {most} yuan. Enter it from the invoice."


class TotalMismatch(Refusal):
    code = "CLAIM-TOTAL"
    zh = "费用明细合计 {sum} 元，与票据总金额 {total} 元不一致。请核对明细有没有漏录、多录，或改正总金额。"
    en = "The lines add up to {sum} yuan, the invoice says {total}. Look for a missing or doubled line, or correct the total."


class TextTooLong(Refusal):
    code = "CLAIM-TEXT"
    zh = "{what}超过 {most} 个字符。请写短一些。"
    en = "The {what_en} is longer than {most} characters. Make it shorter."


class BadLine(Refusal):
    code = "CLAIM-LINE"
    zh = "费用明细第 {row} 行不能录入：{why}。请改正后重试。"
    en = "Line {row} of the bill cannot be entered: {why_en}. Correct it and try again."


class BadLineText(Refusal):
    code = "CLAIM-LINE-TEXT"
    zh = "这一行{why}。请改正。"
    en = "In this row {why_en}. Correct it."


class LinesChanged(Refusal):
    code = "CLAIM-LINES-CHANGED"
    zh = "报销申请 {number} 的费用明细刚才在别处改过，这一页没有保存。请重新打开明细，核对后再填。"
    en = "The lines of claim {number} were changed elsewhere meanwhile, so this page was not saved. Open them again."


class TooManyLines(Refusal):
    code = "CLAIM-LINES-MANY"
    zh = "一份报销申请最多 {most} 行费用明细，现有 {count} 行。请核对是否把几张票据的明细录在了一起。"
    en = "A claim has at most {most} lines, these are {count}. Perhaps the lines of several invoices were put together."


class NoRows(Refusal):
    code = "CLAIM-SHEET-EMPTY"
    zh = "表格里没有费用明细：表头下面没有填写任何一行。请按费用清单逐行填写后再上传。"
    en = "The table has no lines: nothing is filled in below the headings. Fill in the fee list, then upload it."


class BadRows(Refusal):
    code = "CLAIM-SHEET"
    zh = "表格里有 {count} 行不能录入：{faults}。请改正后重新上传，现有明细没有改动。"
    en = "{count} rows of the table cannot be entered: {faults_en}. Correct them and upload again; no line was changed."


class ProviderUnnamed(Refusal):
    code = "CLAIM-PROVIDER"
    zh = "报销申请 {number} 的医疗机构“{name}”还没有对应到机构登记。请先在登记中核对并指定机构，再核定。"
    en = "The provider “{name}” of claim {number} is not matched with the register. Find it and name it, then assess."


class CodeMissing(Refusal):
    code = "CLAIM-CODE"
    zh = (
        "费用明细第 {rows} 行没有医保目录编码，无法判断能否报销。"
        "请经办人按费用清单补上编码；确属目录外的，编码写“{unlisted}”。"
    )
    en = (
        "Lines {rows} have no catalogue code, so nobody can tell whether they are payable. "
        "Add the codes from the fee list; for what is in no catalogue write “{unlisted}”."
    )


class AssessmentOutdated(Refusal):
    code = "CLAIM-OUTDATED"
    zh = "报销申请 {number} 的核定结果已过时：核定所依据的累计金额此后有变动。请重新核定后再批准。"
    en = "The assessment of claim {number} is out of date: the counters it stands on have moved. Assess it again."
