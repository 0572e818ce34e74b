"""Which transaction helps against a refusal: the rooms say what to do, the interface adds where to send it."""

from yidi.values.errors import Refusal

REMEDIES = {
    "PERSON-WRONG-HOME": "1101",
    "QUAL-NONE": "5301",
    "QUAL-ENDED": "5301",
    "QUAL-PENDING": "5301",
    "SETL-VISIT": "2201",
    "SETL-VISIT-TWICE": "2202",
    "SETL-NO-DIAGNOSIS": "2203A",
    "SETL-BENEFIT": "2203A",
    "SETL-NO-LINES": "2204",
    "SETL-LINES-PRESENT": "2205",
    "SETL-LINE-TWICE": "2205",
    "SETL-TOTAL": "2206A",
    "SETL-SETTLED": "2208",
    "SETL-NOT-RESTORED": "2206A",
    "SETL-MESSAGE": "2601",
    "CLEAR-TOTALS": "3201",
    "CLEAR-FILE-TOTALS": "9101",
    "CLEAR-APPLIED": "3204",
    "CLEAR-COUNTED": "3204",
}
"""Code of a refusal → the transaction to send next."""


def said(refusal: Refusal) -> str:
    """The refusal as the interface says it: code, sentence, and the transaction that helps."""
    helps = REMEDIES.get(refusal.code)
    return f"{refusal}〔交易 {helps}〕" if helps else str(refusal)
