"""What the trail of a case tells besides the states that it came to."""

from yidi.values.terms import Term


class Deed(Term):
    """What somebody did with a case; spelt as the trail spells it after the colon."""

    APPLY = "apply", "开始填写", "began to fill in"
    START = "start", "开始填写", "began to fill in"
    DRAFT = "draft", "开始填写", "began to fill in"
    CHANGE = "change", "申请变更", "asked for a change"
    RENEW = "renew", "申请续办", "asked for a renewal"
    SAVE = "save", "保存", "saved"
    EVIDENCE = "evidence", "出示材料", "showed a paper"
    HAND_IN = "hand-in", "上传材料", "uploaded a paper"
    SHOW = "show", "窗口出示材料", "showed a paper at the window"
    REMOVE = "remove", "撤下材料", "took a paper back"
    TAKE_ON = "take-on", "领取办件", "took the case on"
    ASSIGN = "assign", "分派", "assigned"
    VOTE = "vote", "表决", "voted"
    APPEAL = "appeal", "提出申诉", "appealed"


INSIDE = (Deed.TAKE_ON, Deed.ASSIGN, Deed.VOTE)
"""The agency's own business, which the person's pages leave out."""


class Doer(Term):
    """Who did something with a case, as seen by the person it is about."""

    PERSON = "person", "本人", "the person"
    RELATIVE = "relative", "亲属代办", "a relative for the person"
    WINDOW = "window", "窗口代办", "the window for the person"
    AGENCY = "agency", "经办机构", "the agency"
    SYSTEM = "system", "系统", "the system"


class Progress(Term):
    """How a step of a person's plan stands for them."""

    DONE = "done", "已办好", "done"
    NEXT = "next", "现在办", "do this now"
    WAITING = "waiting", "等经办机构办", "waiting for the agency"
    BLOCKED = "blocked", "还不能办", "not possible yet"
    LATER = "later", "下一步再办", "comes later"
    NOT_NEEDED = "not-needed", "不用办", "not needed"
    FALLBACK = "fallback", "没能直接结算时才办", "only if direct settlement fails"
