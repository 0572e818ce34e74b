"""The words of claims: what a claim states, what may be done with it, and why one is turned down."""

from yidi.values.terms import Term


class Detail(Term):
    """What a claim must state before it can be handed in."""

    PROVIDER = "provider", "就诊的医疗机构及其所在地", "the provider and where it is"
    DAY = "day", "就诊日期", "the day of service"
    BENEFIT = "benefit", "就诊类别", "the kind of care"
    DISEASE = "disease", "门诊慢特病病种", "the chronic disease"
    INVOICE = "invoice", "票据号", "the invoice number"
    TOTAL = "total", "票据总金额", "the total of the invoice"
    ACCOUNT = "account", "收款账户", "the account to pay to"
    LINES = "lines", "费用明细", "the lines of the bill"


class Move(Term):
    """What somebody does with a claim that changes its state."""

    SUBMIT = "submit", "提交", "be handed in"
    WITHDRAW = "withdraw", "撤回", "be withdrawn"
    APPEAL = "appeal", "申诉", "be appealed against"
    ASK = "ask", "要求补充材料", "be sent back for more evidence"
    CORRECT = "correct", "更正", "be corrected"
    ASSESS = "assess", "核定", "be assessed"
    APPROVE = "approve", "批准", "be approved"
    REJECT = "reject", "不予报销", "be rejected"
    PAY = "pay", "支付", "be paid"


class RejectReason(Term):
    """Why a claim is rejected. The text beside it says what that means for this claim."""

    NOT_INSURED = "not-insured", "就诊时未参保或待遇暂停", "not insured on the day of service"
    NOT_DESIGNATED = "not-designated", "非定点医药机构就诊", "not a designated provider"
    OUT_OF_SCOPE = "out-of-scope", "费用不属于医保支付范围", "nothing of it is payable"
    PAID_ELSEWHERE = "paid-elsewhere", "已直接结算或已在别处报销", "already settled or paid elsewhere"
    OTHER_PAYER = "other-payer", "应由工伤保险、公共卫生或第三人负担", "another payer is liable"
    BAD_INVOICE = "bad-invoice", "票据无效或查验不符", "the invoice is invalid or does not check out"
    NOT_PROVEN = "not-proven", "材料不能证明所申报的事项", "the papers do not prove what is claimed"
    OTHER = "other", "其他原因", "another reason"


class Deed(Term):
    """What the trail tells of a claim, as it spells it."""

    START = "claims:start", "开始填写报销申请", "began to fill in the claim"
    SAVE = "claims:save", "保存填写的内容", "saved what was filled in"
    LINES = "claims:lines", "录入费用明细", "entered lines of the bill"
    READ_INVOICE = "claims:read-invoice", "读取电子票据", "read the e-invoice"
    SUBMITTED = "claims:submitted", "提交申请", "handed the claim in"
    WITHDRAWN = "claims:withdrawn", "撤回申请", "withdrew the claim"
    APPEAL = "claims:appeal", "提出申诉", "appealed"
    MORE_EVIDENCE = "claims:more-evidence", "要求补充材料", "asked for more evidence"
    TAKE_ON = "claims:take-on", "领取办件", "took the claim on"
    ASSIGN = "claims:assign", "分派办件", "gave the claim to a clerk"
    NAME_PROVIDER = "claims:name-provider", "核对医疗机构", "named the provider"
    CORRECT = "claims:correct", "更正费用明细", "corrected the lines"
    ASSESSED = "claims:assessed", "核定报销金额", "assessed the amount"
    APPROVED = "claims:approved", "批准报销", "approved the claim"
    REJECTED = "claims:rejected", "决定不予报销", "rejected the claim"
    PAID = "claims:paid", "支付报销款", "paid the claim"

    @property
    def verb(self) -> str:
        """The deed without its room, as `casework.advance` wants it."""
        return self.value.partition(":")[2]
