"""Why somebody may not act for a person, and why a consent cannot be given."""

from yidi.values.errors import Refusal


class WindowConsentMissing(Refusal):
    code = "CONSENT-WINDOW"
    zh = "窗口代办前须先登记本人当日的当面授权。请核验本人证件，登记授权后再办理。"
    en = (
        "Before the window acts, the person's consent of today must be on record. "
        "Check the person's document, record the consent, then go on."
    )
