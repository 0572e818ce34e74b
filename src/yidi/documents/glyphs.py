"""What can be printed. What the font does not have is printed as its code, never dropped and never guessed.

A person whose name holds a character that no font here has must still get their form: `〔U+2B8B8〕` stands where the
character belongs, and the page says that it is to be written in by hand. Control characters and invisible ones, which
could change what a reader sees, are printed the same way.
"""

import re
import unicodedata

from yidi.documents.fonts import characters

LONGEST_WORD = 24
"""Characters without a place to break the line from which on one is made at every character."""
BREAK = "\u200b"

_NEVER_SHOWN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_HAN = "㐀-䶿一-鿿豈-\ufaff𠀀-\U0003ffff"
_STOPS = "、，。；：！？"
"""After one of these a line may be broken, unless another follows."""
_LONG = re.compile(rf"(?:[^\s{_HAN}{_STOPS}]|[{_STOPS}](?=[{_STOPS}])){{{LONGEST_WORD},}}")
_UNIT = re.compile("〔U[+][0-9A-F]{4,6}〕|.[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
"""What no line is broken inside of: a code, or a character with its accents."""
_SPACES = str.maketrans({"\t": " "})


def printable(text: str) -> str:
    """The text as it is printed: codes for what cannot be shown, line ends as `\\n`, places to break long words."""
    coded = "".join(
        character if _can_show(character) else f"〔U+{ord(character):04X}〕" for character in _lines(text)
    )
    return _LONG.sub(_breakable, coded)


def needs_codes(text: str) -> bool:
    """Whether something in the text is printed as its code."""
    return not all(map(_can_show, _lines(text)))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)


def _can_show(character: str) -> bool:
    if character == "\n" or _selects_variant(character):
        return True
    return unicodedata.category(character) not in _NEVER_SHOWN and ord(character) in characters()


def _selects_variant(character: str) -> bool:
    """Whether it only chooses a form of the character before it; where the font has no such form, the usual one stands."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(_UNIT.findall(word.group()))
