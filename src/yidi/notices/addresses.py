"""Telephone numbers and e-mail addresses: their normal spelling, and the form in which they may be shown."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from yidi.notices.errors import BadAddress
from yidi.notices.terms import Channel

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)


def parse_address(channel: Channel, text: str) -> str:
    """The address in its normal spelling: eleven digits of a mobile number in China's mainland, or an e-mail address.

    Raises BadAddress.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if channel is Channel.SMS:
        mobile = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", text))
        if mobile is None:
            raise BadAddress(channel=channel)
        return mobile[1]
    try:
        validate_email(text)
    except ValidationError:
        raise BadAddress(channel=channel) from None
    return text


def masked(channel: Channel, address: str) -> str:
    """The address with its middle hidden: 138****1234, s***@example.com."""
    if channel is Channel.SMS:
        return f"{address[:3]}****{address[-4:]}"
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"
