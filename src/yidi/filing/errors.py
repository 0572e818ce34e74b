"""Why a filing cannot be made, and what is missing without one."""

from yidi.values.errors import Refusal
from yidi.values.terms import Term


class Needless(Term):
    """Why there is nothing to file."""

    HOME = "home", "就医地就是参保地", "the care region is the home region"
    SAME_PROVINCE = "same-province", "省内异地就医免备案", "care inside the home province is exempt"
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
    zh = "{region}已有一份{state}的备案（{number}）。如需更换备案类型，请先取消原备案。"
    en = "There is already a filing for {region} ({number}, {state}). Cancel it before filing another kind."


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
