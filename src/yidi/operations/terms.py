"""What the trail of a case tells besides the states that it came to; how the work list is sorted out."""

from yidi.values.terms import Term


class Deed(Term):
    """What somebody did with a case; spelt as the trail spells it after the colon."""

    APPLY = "apply", "开始填写申请", "began an application"
    DRAFT = "draft", "开始填写备案", "began a filing"
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
    SHORTENED = "shortened", "提前最后一天", "made it end sooner"
    REFER = "refer", "医院办理转院备案", "the hospital filed a referral"
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
    INSTITUTION = "institution", "医疗机构代办", "a hospital for the person"
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


class Shown(Term):
    """What the log of looks says was shown, besides a case."""

    RECORD = "record", "参保人档案", "the person's record"
    TRAIL = "trail", "有关此人的留痕", "the trail about a person"
    WINDOW = "window", "窗口代办", "acting for a person at the window"


class TrailKind(Term):
    """What an auditor reads."""

    DEEDS = "deeds", "办理记录", "what was done"
    LOOKS = "looks", "查阅记录", "who looked"


class TrailFile(Term):
    """As what the trail is exported."""

    CSV = "csv", "CSV 文件", "CSV file"
    XLSX = "xlsx", "Excel 文件", "Excel file"


class OtherDeed(Term):
    """What the trail tells besides cases; spelt as the trail spells it."""

    SIGN_IN = "accounts:sign-in", "登录", "signed in"
    SIGN_OUT = "accounts:sign-out", "退出登录", "signed out"
    REGISTER = "accounts:register", "注册账户", "opened an account"
    BIND_OPENID = "accounts:bind-openid", "绑定统一身份认证", "bound the identity provider"
    FORGET = "accounts:forget", "收回本地密码", "gave up the local password"
    CREATE = "accounts:create", "建立账户", "created an account"
    APPOINT = "accounts:appoint", "授予岗位", "appointed"
    REVOKE = "accounts:revoke", "收回岗位", "revoked an office"
    DEACTIVATE = "accounts:deactivate", "停用账户", "deactivated an account"
    REACTIVATE = "accounts:reactivate", "恢复账户", "reactivated an account"
    END_SESSIONS = "accounts:end-sessions", "结束登录会话", "ended the sessions"
    RESET_PASSWORD = "accounts:reset-password", "重设密码", "reset a password"
    RESET_SECOND_FACTOR = "accounts:reset-second-factor", "重设双重验证", "reset a second factor"
    UNLOCK = "accounts:unlock", "解除登录锁定", "unlocked"
    CONSENT_OFFERED = "consents:offered", "给出代办授权", "offered a consent"
    CONSENT_ACCEPTED = "consents:accepted", "接受代办授权", "accepted a consent"
    CONSENT_DECLINED = "consents:declined", "拒绝代办授权", "declined a consent"
    CONSENT_REVOKED = "consents:revoked", "取消代办授权", "took a consent back"
    CONSENT_WINDOW = "consents:window", "登记当面授权", "noted a consent at the window"
    CONTACT = "notices:contact", "填写联系方式", "gave an address"
    NO_CONTACT = "notices:no-contact", "删去联系方式", "removed an address"
    CONTACT_VERIFIED = "notices:verify", "验证联系方式", "verified an address"
    LIST_EXPORT = "lists:export", "导出名单", "exported a list"
    LIST_IMPORT = "lists:import", "导入名单", "imported a list"
    TRAIL_EXPORT = "trail:export", "导出留痕", "exported the trail"
    VISIT_OPEN = "settlement:open", "登记就诊", "opened a visit"
    VISIT_DESCRIBE = "settlement:describe", "上传诊断", "described a visit"
    VISIT_LINES = "settlement:lines", "上传费用明细", "sent lines"
    VISIT_WITHDRAW = "settlement:withdraw-lines", "撤回费用明细", "withdrew lines"
    VISIT_WITHDRAWN = "settlement:withdraw", "撤回就诊登记", "withdrew a visit"
    SETTLE = "settlement:settle", "结算", "settled"
    CANCEL = "settlement:cancel", "撤销结算", "cancelled a settlement"
    REVERSE = "settlement:reverse", "冲正", "reversed a message"
    DESIGNATE = "designations:made", "登记定点", "designated a provider"
    NOT_DESIGNATED = "designations:withdrawn", "撤销定点", "withdrew a designation"
    RESTORE = "settlement:restore", "恢复被撤销的结算", "restored a cancelled settlement"
    CONNECT = "gateway:connect", "接入机构", "connected a provider"
    DISCONNECT = "gateway:disconnect", "停止接入机构", "disconnected a provider"
    GATEWAY_DIALECT = "gateway:dialect", "设置接口方言", "set an institution's dialect"
    KEY_ADD = "gateway:key-add", "发放接口密钥", "gave out a key"
    KEY_ROTATE = "gateway:key-rotate", "轮换接口密钥", "rotated a key"
    KEY_REVOKE = "gateway:key-revoke", "吊销接口密钥", "revoked a key"
    FILE_KEEP = "gateway:file-keep", "机构上传文件", "a provider sent a file"
    FILE_OPEN = "gateway:file-open", "机构下载文件", "a provider fetched a file"
    FAULTS_SET = "gateway:faults-set", "开启接口故障演练", "switched faults on for a provider"
    FAULTS_CLEAR = "gateway:faults-clear", "结束接口故障演练", "switched the faults off"
    CERTIFY_BEGIN = "gateway:certify-begin", "开始接口认证", "began a certification"
    CERTIFY_END = "gateway:certify-end", "结束接口认证", "ended a certification"
    GATEWAY_SIGN_IN = "gateway:sign-in", "机构签到", "a provider signed in"
    GATEWAY_SIGN_OUT = "gateway:sign-out", "机构签退", "a provider signed out"
    GATEWAY_LOOK = "gateway:look", "机构查询参保人信息", "a provider looked a person up"
