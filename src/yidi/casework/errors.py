"""Why work on a case cannot go on."""

from yidi.values.errors import Refusal


class AskedAlready(Refusal):
    code = "CASE-ASKED"
    zh = "办件 {number} 已经要求过一次补充材料，不能再次要求（一次性告知）。请根据现有材料作出决定，或联系申请人。"
    en = "More evidence was asked for once on case {number}; it may not be asked for again. Decide by what is there."


class ReasonNeeded(Refusal):
    code = "CASE-REASON"
    zh = "办件 {number} 的这项操作须写明理由，理由会留存并给对方看。请填写理由后重试。"
    en = "Say why on case {number}: the reason is kept and shown to the other side. Fill it in and try again."


class TakenAlready(Refusal):
    code = "CASE-TAKEN"
    zh = "办件 {number} 已由“{clerk}”领取。需要换人的，请主管分派。"
    en = "Case {number} was taken on by {clerk}. A supervisor may give it to somebody else."


class SameClerk(Refusal):
    code = "CASE-SAME-CLERK"
    zh = "办件 {number} 须由另一位经办人办理：“{clerk}”已经{did}。请转交同事。"
    en = "Case {number} needs another clerk: {clerk} has already {did_en}. Hand it to a colleague."


class VotedAlready(Refusal):
    code = "CASE-VOTED"
    zh = "“{clerk}”对办件 {number} 已经表决，不能更改。请等待其他经办人表决。"
    en = "{clerk} has voted on case {number} and cannot change it. Wait for the other clerks."


class VotesDiffer(Refusal):
    code = "CASE-VOTES-DIFFER"
    zh = "办件 {number} 已有经办人同意“{proposed}”，与现在的“{wanted}”不同。请按相同内容同意，或表决不同意。"
    en = (
        "A colleague approved case {number} as “{proposed}”, not as “{wanted}”. "
        "Approve the same, or vote against."
    )


class AppealInstead(Refusal):
    code = "CASE-APPEAL"
    zh = "{kind} {number} 已是“{state}”，再次提交即为申诉。请写明申诉理由，办理申诉。"
    en = (
        "The {kind} {number} is “{state}”: handing it in again is an appeal. Appeal, and say on what grounds."
    )


class NothingToAppeal(Refusal):
    code = "CASE-NO-APPEAL"
    zh = "{kind} {number} 现为“{state}”，没有可以申诉的决定。请查看办理状态。"
    en = "The {kind} {number} is “{state}”: there is no decision to appeal against. See how it stands."


class NotInHand(Refusal):
    code = "CASE-NOT-IN-HAND"
    zh = "{kind} {number} 现为“{state}”，不在办理中，不能分派或领取。请刷新后核对办理状态。"
    en = "The {kind} {number} is “{state}” and not being worked on: nobody can take it on. Reload and check."


class NoSuchColleague(Refusal):
    code = "CASE-COLLEAGUE"
    zh = "“{clerk}”不是能办理{pool}业务的经办人，不能把办件 {number} 分派给此人。请从名单中选择。"
    en = "{clerk} is no clerk who may take up cases of {pool}, so case {number} cannot go there. Choose from the list."
