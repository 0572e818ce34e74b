"""Why a filing cannot be made, and what is missing without one."""

from yidi.values.errors import Refusal
from yidi.values.terms import Term


class Needless(Term):
    """Why there is nothing to file."""

    HOME = "home", "就医地就是参保地", "the care region is the home region"
    SAME_PROVINCE = "same-province", "省内异地就医免备案", "care inside the home province is exempt"
    EXEMPT_REGIONS = "exempt-regions", "两地之间免备案", "care between these two regions is exempt"
    DEEMED = "deemed", "这类就医视同已备案", "such care is deemed filed"


class MaterialsMissing(Refusal):
    code = "FILING-MATERIALS"
    zh = "办理“{kind}”备案还缺材料：{missing}。请补齐后再提交。"
    en = "A filing as {kind} still lacks: {missing_en}. Add them and submit again."


class NotNeeded(Refusal):
    code = "FILING-NOT-NEEDED"
    zh = "无需办理“{kind}”备案：{why}。可直接就医结算。"
    en = "No filing as {kind} is needed: {why}. Care can be settled directly."


class EndDateNeeded(Refusal):
    code = "FILING-END-DATE"
    zh = "“{kind}”备案有到期日而规则没有给出期限，须写明截止日期。请填写计划返回的日期。"
    en = "A filing as {kind} lapses, and no rule says when: give an end date, such as the day of return."


class EndsBeforeStart(Refusal):
    code = "FILING-DATES"
    zh = "备案的截止日期 {ends} 早于开始日期 {starts}。请核对后重新填写。"
    en = "The filing would end on {ends}, before it starts on {starts}. Check both days."


class AlreadyFiled(Refusal):
    code = "FILING-OPEN"
    zh = "{region}已有一份{state}的备案（{number}），不能再办一份。请打开该备案：可继续办理、变更、续办、撤回或取消。"
    en = (
        "There is already a filing for {region} ({number}, {state}). "
        "Open it: go on with it, change, renew, withdraw or cancel it."
    )


class ClosedToChanges(Refusal):
    code = "FILING-CLOSED"
    zh = "备案 {number} 现为“{state}”，不能再修改内容或添加材料。已生效的请办理变更；待审核的请等待经办机构处理。"
    en = (
        "Filing {number} is {state} and takes no more changes or papers. "
        "Change it by a new filing if it is active, or wait for the agency."
    )


class NothingToChange(Refusal):
    code = "FILING-NOT-ACTIVE"
    zh = "备案 {number} 现为“{state}”，没有可以变更的。请改办新的备案，或直接修改尚未提交的备案。"
    en = "Filing {number} is {state}: there is nothing to change. File anew, or edit the draft."


class NothingToRenew(Refusal):
    code = "FILING-NO-RENEWAL"
    zh = "备案 {number} 现为“{state}”，截止日期为 {ends}，不能续办：只有已生效或已到期、且有截止日期的备案可以续办。请改办新的备案。"
    en = (
        "Filing {number} is {state}, last day {ends}: only one that is active or expired and has a last day "
        "can be renewed. File anew instead."
    )


class StartsTooEarly(Refusal):
    code = "FILING-STARTS"
    zh = "新备案须晚于原备案 {number} 的开始日期 {starts} 开始。请改晚开始日期；原备案还没开始的，可取消后重新办理。"
    en = "The new filing must begin after filing {number} does ({starts}). Choose a later day, or cancel that one."


class ChangeTooEarly(Refusal):
    code = "FILING-TOO-EARLY"
    zh = "备案 {number} 自 {starts} 起 {months} 个月内不能变更或取消。请在 {free} 之后办理，或联系参保地经办机构。"
    en = "Filing {number} may not be changed within {months} months of {starts}. Come back after {free}."


class NoFiling(Refusal):
    code = "FILING-NONE"
    zh = (
        "参保人没有在{care}有效的异地就医备案，参保地规定未备案不能直接结算。"
        "请先在国家医保服务平台或参保地办理备案（可在结算前补办），或由个人垫付后回参保地申请手工报销。"
    )
    en = (
        "The person has no filing that holds in {care}, and the home pool does not settle directly without one. "
        "File first (also possible just before settling), or pay and claim afterwards."
    )


class NotLapsed(Refusal):
    code = "FILING-NOT-LAPSED"
    zh = "备案 {number} 的截止日期（{ends}）还没有过，不能标为到期。需要提前终止时请办理取消。"
    en = "Filing {number} has not lapsed (last day {ends}). To end it early, cancel it."


class Overlaps(Refusal):
    code = "FILING-OVERLAP"
    zh = (
        "此人在{region}已有一份备案（{number}，{state}，{starts} 至 {ends}），与这份的日期重叠而内容不同，不能接收。"
        "请核对后改正日期，或先在系统里取消原来的备案。"
    )
    en = (
        "This person already has a filing for {region} ({number}, {state}, {starts} to {ends}), which overlaps with this "
        "and is not the same. Check the days, or cancel the one that is there first."
    )


class LastDayNeeded(Refusal):
    code = "FILING-LAST-DAY"
    zh = "“{kind}”备案有效 {months} 个月，接收已生效的备案须写明截止日期。请按原来的备案填写。"
    en = "A filing as {kind} holds for {months} months: what is taken over must state its last day. Fill it in."


class FiledInFuture(Refusal):
    code = "FILING-FILED-ON"
    zh = "备案办理日期 {filed_on} 晚于今天（{today}），不能接收。请核对办理日期。"
    en = "The day of filing {filed_on} is after today ({today}). Check it."


class NothingToPromise(Refusal):
    code = "FILING-NO-COMMITMENT"
    zh = "“{kind}”备案不能用承诺书代替材料。请上传要求的材料。"
    en = "A filing as {kind} takes no commitment letter. Upload the papers that are asked for."


class ReferralNotAgreed(Refusal):
    code = "FILING-NOT-AGREED"
    zh = (
        "医院没有同意转院，不能办理转院备案。请由医院同意后再办理，或由参保人自行办理其他类型的异地就医备案。"
    )
    en = "The hospital has not agreed to the referral. File once it has, or the person files as another kind."


class ReceiverElsewhere(Refusal):
    code = "FILING-RECEIVER"
    zh = "转往的{provider}在{actual}，与所填就医地{given}不一致。请核对转往机构与就医地后重新填写。"
    en = "The receiving {provider} lies in {actual}, not in {given}. Check the provider and the place."


class UnknownReferral(Refusal):
    code = "FILING-REFERRAL"
    zh = "本机构没有为此人办理过编号“{number}”的转院备案。请核对编号与人员编号；别的机构或本人办理的，由其自行撤销。"
    en = "This institution made no referral {number} for this person. Whoever made it takes it back."
