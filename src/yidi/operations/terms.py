"""What the trail of a case tells besides the states that it came to; how the work list is sorted out."""

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
    TAKEN_OVER = "taken-over", "由名单接收", "taken over from a list"


class Whose(Term):
    """On whose desk a case lies, seen by one clerk."""

    MINE = "mine", "我的", "mine"
    NOBODYS = "nobodys", "未领取", "nobody's"
    COLLEAGUES = "colleagues", "同事的", "a colleague's"


class Matter(Term):
    """What is special about an open case."""

    OVERDUE = "overdue", "已超期", "overdue"
    WAITING = "waiting", "等申请人补材料", "waiting for the applicant"
    APPEAL = "appeal", "申诉", "appeals"


INSIDE = (Deed.TAKE_ON, Deed.ASSIGN, Deed.VOTE)
"""The agency's own business, which the person's pages leave out."""


class Doer(Term):
    """Who did something with a case, as seen by the person it is about."""

    PERSON = "person", "本人", "the person"
    RELATIVE = "relative", "亲属代办", "a relative for the person"
    WINDOW = "window", "窗口代办", "the window for the person"
    AGENCY = "agency", "经办机构", "the agency"
    SYSTEM = "system", "系统", "the system"


class Offer(Term):
    """What a clerk may do with a case."""

    TAKE_ON = "take-on", "领取", "take it on"
    ASSIGN = "assign", "分派", "assign it"
    ASK = "ask", "要求补充材料", "ask for more evidence"
    CORRECT = "correct", "更正", "correct it"
    ASSESS = "assess", "核定", "assess it"
    APPROVE = "approve", "同意", "approve it"
    REJECT = "reject", "不同意", "reject it"
    END = "end", "终止", "end it"
    PAY = "pay", "支付", "pay it"


class ListKind(Term):
    """What agencies keep lists of in their spreadsheets."""

    QUALIFICATIONS = "qualifications", "待遇资格名单", "list of qualifications"
    FILINGS = "filings", "备案名单", "list of filings"


class Expected(Term):
    """What a cell of a list should hold."""

    IDENTITY = (
        "identity",
        "18 位身份证号，这一列须设为文本",
        "an identity number of 18 characters, in a column set to text",
    )
    POOL = (
        "pool",
        "参保地的六位区划代码或全称，例如 360100 江西省南昌市",
        "the code or full name of the pool, such as 360100",
    )
    CARE = (
        "care",
        "就医地（市或直辖市）的六位区划代码或全称，例如 310000 上海市",
        "the code or full name of a city, such as 310000",
    )
    SCHEME = "scheme", "职工医保或居民医保", "employee scheme or resident scheme"
    DISEASE = "disease", "病种代码或名称，例如 M03900 高血压", "the code or name of a disease, such as M03900"
    KIND = "kind", "备案类型，例如异地长期居住", "a kind of filing, such as long-term resident"
    DAY = "day", "日期，写成 2026-01-31 这样", "a day, written as 2026-01-31"
    PROVIDERS = (
        "providers",
        "12 位机构代码，几个之间用顿号隔开",
        "codes of providers with 12 characters, with commas between them",
    )
