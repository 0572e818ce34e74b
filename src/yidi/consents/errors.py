"""Why somebody may not act for a person, and why a consent cannot be given."""

from yidi.values.errors import Refusal


class WindowConsentMissing(Refusal):
    code = "CONSENT-WINDOW"
    zh = "窗口代办前须先登记本人当日的当面授权。请核验本人证件，登记授权后再办理。"
    en = (
        "Before the window acts, the person's consent of today must be on record. "
        "Check the person's document, record the consent, then go on."
    )


class OnlyInPerson(Refusal):
    code = "CONSENT-IN-PERSON"
    zh = "授权、接受与拒绝授权须本人办理，不能由别人代办。请用本人账户登录，并先退出代办。"
    en = "Consents are given, accepted and declined in person. Sign in as yourself and stop acting for others first."


class NameMissing(Refusal):
    code = "CONSENT-NAME"
    zh = "没有写亲属的姓名。请填写亲属身份证上的姓名。"
    en = "The relative's name is missing. Type it as on their identity card."


class TooManyOffers(Refusal):
    code = "CONSENT-OFFERS"
    zh = "已有 {most} 份授权在等亲属接受。请先取消不用的，再给新的。"
    en = "{most} consents wait for relatives already. Take back those not needed, then offer another."


class CodeUnknown(Refusal):
    """One answer whether the code is wrong, too old, or meant for somebody of another name."""

    code = "CONSENT-CODE"
    zh = "授权码不对、已过期，或不是给您的。请与授权人核对 8 位数字和他填写的姓名；过期的请他重新授权。"
    en = (
        "The code is wrong, too old, or not meant for you. Compare the eight digits and the name that was typed "
        "with whoever gave it; an old one must be given anew."
    )


class OneselfNot(Refusal):
    code = "CONSENT-ONESELF"
    zh = "这个授权码是您自己的。请把它告诉要替您办事的亲属，由他登录后输入。"
    en = "This code is your own. Tell it to the relative who is to act for you; they sign in and type it."


class NotYourConsent(Refusal):
    code = "CONSENT-OTHERS"
    zh = "这份授权与您无关，不能查看或取消。请回到自己的授权列表。"
    en = "This consent is not yours to see or take back. Go back to your own list."


class DocumentNotShown(Refusal):
    code = "CONSENT-DOCUMENT"
    zh = "没有登记本人出示了什么证件。请核验证件原件，选择或写明证件名称。"
    en = "What document the person showed is missing. Check the original and say which it was."
