"""The words of the trail."""

from yidi.values.terms import Term


class LookReason(Term):
    """Why somebody looks at a person's data: the list that auditors count by."""

    CASE = "case", "办理本人的申请", "working on the person's application"
    IDENTITY = "identity", "核对身份或证件", "checking identity or documents"
    CONTACT = "contact", "联系申请人", "contacting the applicant"
    QUESTION = "question", "答复本人咨询", "answering the person's question"
    COMPLAINT = "complaint", "处理投诉、申诉或信访", "dealing with a complaint"
    AUDIT = "audit", "稽核检查", "auditing"
    OTHER = "other", "其他", "another reason"
