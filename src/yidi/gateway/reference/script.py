"""The day at the counter that `day.yaml` writes down: messages made of what is known, sent one after the other."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from yidi.gateway.fields import MOMENT
from yidi.gateway.json_text import encode, parse
from yidi.gateway.services import Reply
from yidi.gateway.transactions import find

DAY = Path(__file__).with_name("day.yaml")
_SLOT = re.compile(r"\$\{([\w.|]+)\}")
_MESSAGES = 10_000
MONTH = timedelta(days=30)

Json = dict[str, Any]
Scene = Sequence[str]


class _Exact(yaml.SafeLoader):
    """Amounts stay as exact as they are written."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(node.value))


@cache
def _day() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(DAY.read_text(encoding="utf-8"), _Exact)  # noqa: S506 - a safe loader
    return found


@cache
def messages() -> Mapping[str, Any]:
    """The `input` of each transaction that the day knows, with its slots unfilled."""
    return {str(infno): given for infno, given in _day()["messages"].items()}


def cast() -> Mapping[str, str]:
    """Who plays: the test hospital and the person it treats."""
    found: Mapping[str, str] = _day()["cast"]
    return found


def refused() -> set[str]:
    """The transactions of which the sample shows a refusal."""
    return set(map(str, _day()["refused"]))


def scenes() -> list[Scene]:
    """The orders in which the messages are sent."""
    return [tuple(map(str, scene)) for scene in _day()["scenes"]]


def scene_of(infno: str) -> Scene:
    """What is sent before a transaction's message in the first scene that has it; empty where none has."""
    for scene in scenes():
        if infno in scene:
            return scene[: scene.index(infno)]
    return ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and what came back: an object, or the bytes of a file."""

    infno: str
    request: Json
    reply: Json | bytes


def _dates(now: datetime) -> dict[str, str]:
    """What messages say of days and months, written as the interface does."""
    today = now.date()
    last = today.replace(day=1) - timedelta(days=1)
    return {
        "today": f"{today}",
        "next_month": f"{today + MONTH}",
        "month": f"{today:%Y%m}",
        "year": f"{today:%Y}",
        "month_number": f"{today:%m}",
        "last_month": f"{last:%Y%m}",
        "last_month_first": f"{last.replace(day=1)}",
        "last_month_last": f"{last}",
    }


@dataclass(slots=True)
class Player:
    """Sends the messages of the day as one institution. `send` takes the bytes of a message."""

    code: str
    name: str
    region: str
    send: Callable[[bytes], Reply]
    first: int = 1
    """The number of the first message: another day of the same second begins elsewhere."""
    facts: Json = field(default_factory=dict)
    _numbers: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = count(self.first)
        self.facts |= {**cast(), "code": self.code}

    def play(self, scene: Scene) -> Iterator[Exchange]:
        """Send the messages of a scene, each of which may refer to those before it."""
        for infno in scene:
            yield self.exchange(self.message(infno))

    def message(self, infno: str) -> Json:
        """The next message of a transaction, in its envelope."""
        now = timezone.localtime()
        number = f"{now:%Y%m%d%H%M%S}{next(self._numbers) % _MESSAGES:04d}"
        self.facts |= {**_dates(now), "now": f"{now:{MOMENT}}", "number": number}
        return {
            "infno": infno, "msgid": f"{self.code}{number}", "mdtrtarea_admvs": self.region,
            "insuplc_admdvs": self.facts["home"] if find(infno).of_person else "", "recer_sys_code": "YBXT",
            "dev_no": "", "dev_safe_info": "", "cainfo": "", "signtype": "", "infver": "V1.0", "opter_type": "1",
            "opter": "001", "opter_name": "收费员甲", "inf_time": self.facts["now"], "fixmedins_code": self.code,
            "fixmedins_name": self.name, "sign_no": "", "input": self._filled(messages()[infno]),
        }  # fmt: skip

    def exchange(self, request: Json) -> Exchange:
        """Send a message, and remember both sides of it for those that follow."""
        answered = self.send(encode(request).encode())
        reply = parse(answered.text) if answered.file is None else answered.file
        output = reply["output"] if isinstance(reply, dict) else None
        self.facts[request["infno"]] = {
            "msgid": request["msgid"],
            "input": request["input"],
            "output": output,
        }
        return Exchange(request["infno"], request, reply)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = _SLOT.fullmatch(value)
        return self._known(whole[1]) if whole else _SLOT.sub(lambda slot: str(self._known(slot[1])), value)

    def _known(self, paths: str) -> Any:
        """What a slot stands for: the first of its places that is known; nothing where none is."""
        return next((found for path in paths.split("|") if (found := self._at(path)) is not None), "")

    def _at(self, path: str) -> Any:
        found: Any = self.facts
        for step in path.split("."):
            if isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found
