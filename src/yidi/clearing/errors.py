"""Why nothing is reconciled, applied for or allocated."""

from yidi.values.errors import Refusal


class WrongAgency(Refusal):
    code = "CLEAR-AGENCY"
    zh = "结算经办机构“{given}”不是本机构的{actual}。请填写结算时返回的清算经办机构后重发。"
    en = "The agency {given} is not this provider's ({actual}). Send the clearing agency that the settlement returned."


class BadPeriod(Refusal):
    code = "CLEAR-PERIOD"
    zh = "期间 {since} 至 {until} 的结束日期早于开始日期。请改正后重发。"
    en = "The period from {since} to {until} ends before it begins. Correct it and send it again."


class NotWholeMonth(Refusal):
    code = "CLEAR-WHOLE-MONTH"
    zh = "清算按整月申请：期间应为 {first} 至 {last}，报文中是 {since} 至 {until}。请改正后重发。"
    en = (
        "Clearing is applied for by whole months: from {first} to {last}, not {since} to {until}. Correct it."
    )


class BadMonth(Refusal):
    code = "CLEAR-MONTH"
    zh = "“{given}”不是可以办理的月份：{why}。请改正年月后重发。"
    en = "{given} is no month to work on: {why}. Correct it and send it again."


class BadRows(Refusal):
    """Faults of an uploaded file or of rows, by number; `each` among the details is the list."""

    code = "CLEAR-ROWS"
    zh = "有 {count} 处不合要求，全部没有办理：{faults}。请全部改正后重发。"
    en = "There are {count} faults, and nothing was done: {faults}. Correct them all and send it again."


class FileTotals(Refusal):
    code = "CLEAR-FILE-TOTALS"
    zh = "报文中的合计与所传文件不一致：{differences}。请核对文件与合计后重新上传、重发。"
    en = "The totals of the message are not those of the file: {differences}. Check both and send them again."


class TotalsDiffer(Refusal):
    code = "CLEAR-TOTALS"
    zh = "清算申请与中心账目不一致，没有受理：{differences}。请先对账，按中心账目更正后重新申请。"
    en = "The application differs from the centre's books: {differences}. Reconcile first, then apply again."


class AlreadyApplied(Refusal):
    code = "CLEAR-APPLIED"
    zh = "{month} 已有清算申请 {number}（{state}），不能重复申请。如需更改，请先撤销原申请。"
    en = "For {month} there is application {number} ({state}). Withdraw it first."


class MonthApplied(Refusal):
    code = "CLEAR-COUNTED"
    zh = (
        "记录 {settlement} 已计入 {month} 的清算申请 {number}（{state}），不能冲正。请先撤销该申请再冲正；"
        "不能撤销的，请另行撤销结算或重新结算，记入办理的月份。"
    )
    en = (
        "Record {settlement} is counted in application {number} of {month} ({state}) and cannot be reversed. Withdraw "
        "the application first; or else cancel the settlement or settle anew, which counts in the month it is done."
    )


class UnknownApplication(Refusal):
    code = "CLEAR-APPLICATION"
    zh = "本机构没有清算申请“{number}”。请核对申请事件编号。"
    en = "This provider has no application {number}. Check the number."


class RowsMiscounted(Refusal):
    code = "CLEAR-COUNT"
    zh = "总行数 {given} 与明细行数 {found} 不一致。请核对后重发。"
    en = "The message announces {given} rows and has {found}. Check it and send it again."


class UnknownConfirmation(Refusal):
    code = "CLEAR-CONFIRMATION"
    zh = "{month} 没有编号为“{number}”的清分确认。请使用确认时返回的报文编号；要回退整月，请填 0。"
    en = "There is no confirmation {number} in {month}. Send the number that the confirmation's reply had, or 0 for all."


class MonthClosed(Refusal):
    code = "CLEAR-CLOSED"
    zh = "{region} {month} 的清分已关账，不能再确认或回退。请联系就医地经办机构。"
    en = "The allocation of {region} for {month} is closed. Ask the care region's agency."
