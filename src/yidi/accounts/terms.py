"""The words of offices: which roles there are, what may be done, and who may do it. One table, read by all."""

from collections.abc import Mapping

from yidi.values.terms import Term


class UserKind(Term):
    """Who signs in."""

    PERSON = "person", "参保人", "insured person"
    STAFF = "staff", "工作人员", "staff"


class Role(Term):
    """An office that a member of staff holds, for the region (or provider) they work for."""

    REVIEWER = "reviewer", "经办审核", "reviewer"
    SUPERVISOR = "supervisor", "复核主管", "supervisor"
    WINDOW = "window", "窗口经办", "window clerk"
    CASHIER = "cashier", "机构收费员", "provider's cashier"
    CLEARING = "clearing", "清算", "clearing officer"
    EDITOR = "editor", "政策维护", "policy editor"
    AUDITOR = "auditor", "稽核", "auditor"
    ADMINISTRATOR = "administrator", "系统管理", "administrator"


class Action(Term):
    """What members of staff do."""

    SEE_CASES = "see-cases", "查看办件", "see cases"
    SEE_PERSON = "see-person", "查看参保人信息", "see a person's record"
    TAKE_UP = "take-up", "受理审核", "take up a case"
    ASK_FOR_MORE = "ask-for-more", "要求补充材料", "ask for more evidence"
    DECIDE_QUALIFICATION = "decide-qualification", "决定待遇资格认定", "decide a qualification"
    END_QUALIFICATION = "end-qualification", "终止待遇资格", "end a qualification"
    DECIDE_FILING = "decide-filing", "决定备案", "decide a filing"
    END_FILING = "end-filing", "终止备案", "end a filing"
    ASSESS_CLAIM = "assess-claim", "核定手工报销", "assess a claim"
    APPROVE_CLAIM = "approve-claim", "批准手工报销", "approve a claim"
    REJECT_CLAIM = "reject-claim", "驳回手工报销", "reject a claim"
    PAY_CLAIM = "pay-claim", "支付手工报销", "pay a claim"
    ASSIGN = "assign", "分派办件", "assign cases"
    ACT_FOR_WALK_IN = "act-for-walk-in", "窗口代办", "act for a person at the window"
    SETTLE_AT_COUNTER = "settle-at-counter", "机构收费结算", "settle at a provider's counter"
    EXPORT_LISTS = "export-lists", "导出名单", "export lists"
    IMPORT_LISTS = "import-lists", "导入名单", "import lists"
    SEE_FIGURES = "see-figures", "查看统计", "see figures"
    SEE_MONEY = "see-money", "查看账务", "see the books"
    SEE_POLICY = "see-policy", "查看规则与分歧", "see rules and conflicts"
    SEE_TRAIL = "see-trail", "查看留痕与查阅记录", "see the audit trail and the log of looks"
    MANAGE_STAFF = "manage-staff", "管理工作人员", "manage staff"


class StaffAct(Term):
    """What an administrator does to the account of a member of staff."""

    APPOINT = "appoint", "授予岗位", "appoint"
    REVOKE = "revoke", "收回岗位", "revoke an office"
    DEACTIVATE = "deactivate", "停用账户", "deactivate"
    REACTIVATE = "reactivate", "恢复账户", "reactivate"
    RESET_SECOND_FACTOR = "reset-second-factor", "重设双重验证", "reset the second factor"
    RESET_PASSWORD = "reset-password", "重设密码", "reset the password"
    UNLOCK = "unlock", "解除登录锁定", "unlock"
    END_SESSIONS = "end-sessions", "结束登录会话", "end the sessions"


def _held_by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_REVIEW = _held_by(Role.REVIEWER, Role.SUPERVISOR)
_SUPERVISE = _held_by(Role.SUPERVISOR)

MATRIX: Mapping[Action, frozenset[Role]] = {
    Action.SEE_CASES: _held_by(Role.REVIEWER, Role.SUPERVISOR, Role.WINDOW, Role.CLEARING, Role.AUDITOR),
    Action.SEE_PERSON: _held_by(Role.REVIEWER, Role.SUPERVISOR, Role.WINDOW, Role.AUDITOR),
    Action.TAKE_UP: _REVIEW,
    Action.ASK_FOR_MORE: _REVIEW,
    Action.DECIDE_QUALIFICATION: _REVIEW,
    Action.END_QUALIFICATION: _SUPERVISE,
    Action.DECIDE_FILING: _REVIEW,
    Action.END_FILING: _SUPERVISE,
    Action.ASSESS_CLAIM: _REVIEW,
    Action.APPROVE_CLAIM: _SUPERVISE,
    Action.REJECT_CLAIM: _REVIEW,
    Action.PAY_CLAIM: _held_by(Role.CLEARING),
    Action.ASSIGN: _SUPERVISE,
    Action.ACT_FOR_WALK_IN: _held_by(Role.WINDOW),
    Action.SETTLE_AT_COUNTER: _held_by(Role.CASHIER),
    Action.EXPORT_LISTS: _held_by(Role.SUPERVISOR, Role.AUDITOR),
    Action.IMPORT_LISTS: _SUPERVISE,
    Action.SEE_FIGURES: _held_by(Role.SUPERVISOR, Role.CLEARING, Role.AUDITOR),
    Action.SEE_MONEY: _held_by(Role.CLEARING, Role.AUDITOR),
    Action.SEE_POLICY: _held_by(Role.REVIEWER, Role.SUPERVISOR, Role.EDITOR, Role.AUDITOR),
    Action.SEE_TRAIL: _held_by(Role.AUDITOR),
    Action.MANAGE_STAFF: _held_by(Role.ADMINISTRATOR),
}
"""Which roles may do what, within the region they work for. The page of roles is made from it."""
