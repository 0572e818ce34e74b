"""Why an application cannot go on."""

from yidi.values.errors import Refusal


class EvidenceMissing(Refusal):
    code = "QUAL-EVIDENCE"
    zh = "申请{disease}待遇资格认定还缺材料：{missing}。请补齐后再提交。"
    en = "The application for {disease} still lacks: {missing_en}. Add them and submit again."


class ClosedToChanges(Refusal):
    code = "QUAL-CLOSED"
    zh = "认定 {number} 现为“{state}”，不能再修改内容或添加材料。请等待经办机构要求补充；未通过的可补充材料后申诉。"
    en = (
        "Application {number} is {state} and takes no more changes or papers. "
        "Wait until the agency asks for more; after a rejection papers may be added for an appeal."
    )


class FieldsMissing(Refusal):
    code = "QUAL-FIELDS"
    zh = "申请{disease}待遇资格认定还缺内容：{missing}。请填写后再提交。"
    en = "The application for {disease} still lacks: {missing_en}. Fill them in and submit again."


class AlreadyOpen(Refusal):
    code = "QUAL-OPEN"
    zh = "{disease}已有一份{state}的认定（{number}），不能重复申请。请查看该申请的办理进度。"
    en = "{disease} already has an application ({number}, {state}). See how that one stands."


class TooEarly(AlreadyOpen):
    code = "QUAL-EARLY"
    zh = "{disease}已有一份{state}的认定（{number}），到 {ends} 为止都有效，现在不用再申请。{first} 起可以申请接着享受。"
    en = (
        "{disease} already has an application ({number}, {state}) that holds until {ends}; none is needed now. "
        "From {first} on you may apply for what follows it."
    )


class StillHeld(Refusal):
    code = "QUAL-HELD"
    zh = (
        "此人的{disease}已有一份认定（{number}，{starts} 至 {ends}），与这次批准的日期重叠，同一天只能有一份有效。"
        "请把开始日期改为它最后一天之后的日子，或先终止那一份。"
    )
    en = (
        "This person already holds {disease} ({number}, {starts} to {ends}) on some of these days, and only one may hold "
        "on a day. Let this one begin after that one's last day, or end that one first."
    )


class EndsAnyway(Refusal):
    code = "QUAL-ENDS-ANYWAY"
    zh = "认定 {number} 本来就在 {ends} 到期，不用终止。要提早结束的，请填更早的日期。"
    en = "Qualification {number} ends on {ends} in any case. To end it sooner, state an earlier day."


class EndsBeforeStart(Refusal):
    code = "QUAL-DATES"
    zh = "待遇资格的截止日期 {ends} 早于开始日期 {starts}。请核对后重新填写。"
    en = "The qualification would end on {ends}, before it starts on {starts}. Check both days."


class NotQualified(Refusal):
    code = "QUAL-NONE"
    zh = (
        "参保人在 {on} 没有有效的“{disease}”门诊慢特病待遇资格，不能按门诊慢特病结算。"
        "请先在参保地办理待遇资格认定，或改按普通门诊结算。"
    )
    en = (
        "On {on} the person holds no valid qualification for {disease}. "
        "Apply for it in the home region first, or settle as general outpatient care."
    )


class QualificationEnded(NotQualified):
    code = "QUAL-ENDED"
    zh = (
        "参保人的“{disease}”门诊慢特病待遇资格已于 {ends} 到期，{on} 不能按门诊慢特病结算。"
        "请在参保地重新办理待遇资格认定，或改按普通门诊结算。"
    )
    en = (
        "The person's qualification for {disease} ended on {ends} and does not hold on {on}. "
        "Apply for it again in the home region, or settle as general outpatient care."
    )


class QualificationPending(NotQualified):
    code = "QUAL-PENDING"
    zh = (
        "参保人在 {on} 没有有效的“{disease}”门诊慢特病待遇资格：认定 {number} 为“{state}”。"
        "请先在参保地办结待遇资格认定，或改按普通门诊结算。"
    )
    en = (
        "On {on} the person holds no valid qualification for {disease}: application {number} is {state}. "
        "Have it decided in the home region first, or settle as general outpatient care."
    )


class Overlaps(Refusal):
    code = "QUAL-OVERLAP"
    zh = (
        "此人的{disease}已有一份认定（{number}，{state}，{starts} 至 {ends}），与这份的日期重叠而内容不同，不能接收。"
        "请核对后改正日期，或先在系统里终止原来的认定。"
    )
    en = (
        "This person already holds {disease} ({number}, {state}, {starts} to {ends}), which overlaps with this and is not "
        "the same. Check the days, or end the one that is there first."
    )


class LastDayNeeded(Refusal):
    code = "QUAL-LAST-DAY"
    zh = "参保地规定{disease}每 {years} 年复审，接收已认定的资格须写明截止日期。请按原来的决定填写。"
    en = "The home pool re-examines {disease} after {years} years: what is taken over must state its last day. Fill it in."


class NotAtProvider(NotQualified):
    code = "QUAL-PROVIDER"
    zh = (
        "参保人的“{disease}”门诊慢特病待遇资格在参保地限定在以下医疗机构使用：{named}，不能在{provider}按门诊慢特病结算。"
        "请到限定的医疗机构就医，或由参保人申请变更，也可改按普通门诊结算。"
    )
    en = (
        "At home the person's qualification for {disease} is limited to {named}; it does not hold at {provider}. "
        "Go there, have the home agency change it, or settle as general outpatient care."
    )


class AppraisedInFuture(Refusal):
    code = "QUAL-APPRAISED"
    zh = "医院鉴定日期 {on} 晚于今天（{today}）。请核对鉴定日期后重新提交。"
    en = "The day of the appraisal {on} is after today ({today}). Check it and hand the application in again."


class UnknownAppraisal(Refusal):
    code = "QUAL-NOT-YOURS"
    zh = "本机构没有为此人提交过编号“{number}”的慢特病备案。请核对编号与人员编号；别的机构或本人提交的，由其自行撤回。"
    en = "This institution handed in no application {number} for this person. Whoever did takes it back."


class AlreadyDesignated(Refusal):
    code = "QUAL-DESIGNATED"
    zh = "此人在这些日期已有定点 {number}（{provider}，排序 {rank}，{starts} 至 {ends}）。请改用别的排序号或日期，或先撤销那一个。"
    en = "On these days there is designation {number} already ({provider}, rank {rank}, {starts} to {ends}). Withdraw it first."


class UnknownDesignation(Refusal):
    code = "QUAL-DESIGNATION"
    zh = "本机构没有为此人办理过编号“{number}”的有效定点。请核对编号与人员编号；已撤销的无需再撤销。"
    en = (
        "This institution made no designation {number} for this person that still stands. Check both numbers."
    )
