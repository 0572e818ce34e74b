"""The words of notices: which messages there are, where they go besides the person's own page, what became of each."""

from yidi.values.terms import Term


class Template(Term):
    """Every message that is ever written. Its spelling is `room:move`, as the trail has it, where a move causes it; its name is the title."""

    QUALIFICATION_SUBMITTED = "qualification:submitted", "待遇资格申请已收到", "We have your application"
    QUALIFICATION_APPEAL = "qualification:appeal", "申诉已收到", "We have your appeal"
    QUALIFICATION_MORE = "qualification:more-evidence", "请补充材料", "More papers are needed"
    QUALIFICATION_APPROVED = "qualification:approved", "待遇资格已认定", "Your application is approved"
    QUALIFICATION_REJECTED = "qualification:rejected", "待遇资格申请未通过", "Your application was refused"
    QUALIFICATION_WITHDRAWN = "qualification:withdrawn", "待遇资格申请已撤回", "Your application is withdrawn"
    QUALIFICATION_EXPIRING = "qualification:expiring", "待遇资格快到期了", "Your qualification ends soon"
    QUALIFICATION_EXPIRED = "qualification:expired", "待遇资格已到期", "Your qualification has ended"
    QUALIFICATION_SHORTENED = (
        "qualification:shortened",
        "待遇资格的最后一天提前了",
        "Your qualification ends sooner",
    )
    FILING_SUBMITTED = "filing:submitted", "备案申请已收到", "We have your filing"
    FILING_APPEAL = "filing:appeal", "备案申诉已收到", "We have your appeal about the filing"
    FILING_MORE = "filing:more-evidence", "请补充备案材料", "More papers are needed for your filing"
    FILING_ACTIVE = "filing:active", "备案已生效", "Your filing is in effect"
    FILING_REJECTED = "filing:rejected", "备案未通过", "Your filing was refused"
    FILING_WITHDRAWN = "filing:withdrawn", "备案申请已撤回", "Your filing is withdrawn"
    FILING_CANCELLED = "filing:cancelled", "备案已取消", "Your filing is cancelled"
    FILING_CHANGED = "filing:changed", "备案已变更", "Your filing is changed"
    FILING_RENEWED = "filing:renewed", "备案已续期", "Your filing is renewed"
    FILING_EXPIRING = "filing:expiring", "备案快到期了", "Your filing ends soon"
    FILING_EXPIRED = "filing:expired", "备案已到期", "Your filing has ended"
    CLAIM_SUBMITTED = "claims:submitted", "报销申请已收到", "We have your claim"
    CLAIM_APPEAL = "claims:appeal", "报销申诉已收到", "We have your appeal about the claim"
    CLAIM_MORE = "claims:more-evidence", "请补充报销材料", "More papers are needed for your claim"
    CLAIM_ASSESSED = "claims:assessed", "报销金额已核定", "Your claim is assessed"
    CLAIM_APPROVED = "claims:approved", "报销已批准", "Your claim is approved"
    CLAIM_NOTHING = (
        "claims:approved-nothing",
        "报销已审结，没有可支付的金额",
        "Your claim is decided: nothing is paid",
    )
    CLAIM_PAID = "claims:paid", "报销款已支付", "Your claim is paid"
    CLAIM_REJECTED = "claims:rejected", "报销申请未通过", "Your claim was refused"
    CLAIM_WITHDRAWN = "claims:withdrawn", "报销申请已撤回", "Your claim is withdrawn"
    CONSENT_ACCEPTED = "consents:accepted", "代办人已接受授权", "Your helper has accepted"
    CONSENT_REVOKED = "consents:revoked", "代办授权已取消", "A consent was taken back"
    DRAFT_WAITING = "reminder:draft", "有一份没有提交的草稿", "A draft is waiting"
    ANSWER_WAITING = "reminder:more-evidence", "还在等您补充材料", "We are waiting for your papers"


class Channel(Term):
    """A way out of the house. On the person's own page (站内) a message stands in any case."""

    SMS = "sms", "短信", "text message"
    MAIL = "mail", "电子邮件", "e-mail"


class Stage(Term):
    """How far the sending of one message through one channel has come."""

    PENDING = "pending", "待发送", "to be sent"
    SENDING = "sending", "发送中", "being sent"
    SENT = "sent", "已发送", "sent"
    GIVEN_UP = "given-up", "已放弃", "given up"
    UNCERTAIN = "uncertain", "不能确定是否送达", "perhaps sent"


class Language(Term):
    """The language of a message."""

    ZH = "zh", "中文", "Chinese"
    EN = "en", "英文", "English"


class Trouble(Term):
    """Why a message could not be sent, or may not have been."""

    UNREACHABLE = "unreachable", "连接不上发送服务", "the sending service cannot be reached"
    BUSY = "busy", "发送服务暂时不能发送", "the sending service cannot send for now"
    REFUSED = "refused", "发送服务拒绝发送", "the sending service refused"
    NO_CONTACT = "no-contact", "已没有验证过的联系方式", "there is no verified contact any more"
    NO_ANSWER = (
        "no-answer",
        "已交给发送服务，但没有收到完整答复",
        "handed over, but no complete answer came back",
    )
    INTERRUPTED = "interrupted", "发送途中程序中断", "the program was interrupted while sending"
