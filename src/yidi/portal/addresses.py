"""Where a person's own page of a case is, by the case's number."""

from django.urls import reverse

FOLDERS = {"Q": "qualifications", "F": "filings", "C": "claims"}
"""By the letter that a number begins with; settlements have digits alone."""


def address_of(number: str) -> str:
    """The address of the person's page about a case, a settlement or a consent."""
    own = reverse("portal:me")
    if number[:1] in FOLDERS:
        return f"{own}{FOLDERS[number[0]]}/{number}/"
    return f"{own}settlements/{number}/" if number.isdigit() else reverse("portal:consents")
