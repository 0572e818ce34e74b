"""Who we are, where the centre is, and in which dialect it is spoken to: read from a TOML file."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yidi.his.errors import BadConfig
from yidi.values.system import reason

PATH = "/fsi/api/rsfComIfsService/callService"
"""The single address of most centres (interface §2.1), taken where the URL names no path."""

Positive = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Centre(Section):
    url: str = Field(pattern=r"^https?://[^/\s]+(/\S*)?$")
    timeout_s: Positive = 30
    """How long a reply may take, in seconds."""
    keep_alive_s: Positive = 15
    """A connection that was idle for longer is opened anew: the centre may have closed its end."""


class Institution(Section):
    code: str = Field(min_length=12, max_length=12)
    name: str
    region: str = Field(pattern=r"^\d{6}$")
    """Division code of the care region."""


class Operator(Section):
    number: str = "001"
    name: str = "收费员甲"


class Signature(Section):
    """How a message is signed: x-tif-* headers (interface §2.4), _api_* headers (§2.5), one `apikey` header, or not."""

    scheme: Literal["x-tif", "_api_", "apikey", "none"] = "none"
    account: str = ""
    """x-tif-paasid, or _api_access_key."""
    secret: str = ""
    service: str = ""
    """_api_name."""
    version: str = "1.0.0"
    """_api_version."""


class Dialect(Section):
    """In what centres differ."""

    receiver: str = "YBXT"
    replays: bool = True
    """Whether a message sent again gets the stored reply. Where not, 5203 is asked instead."""
    unsure: tuple[str, ...] = ("GATEWAY-INTERNAL", "GATEWAY-RATE")
    """A refusal with one of these texts says nothing about the message: it is sent again."""


class Recovery(Section):
    attempts: Annotated[int, Field(gt=0, le=20)] = 5
    """How often one message is sent again before it is left for later."""
    wait_s: Annotated[float, Field(ge=0)] = 1
    """Before the second attempt; each further one waits twice as long, at most `longest_wait_s`."""
    longest_wait_s: Annotated[float, Field(ge=0)] = 30


class Config(Section):
    centre: Centre
    institution: Institution
    operator: Operator = Operator()
    signature: Signature = Signature()
    dialect: Dialect = Dialect()
    recovery: Recovery = Recovery()
    journal: str = "his.sqlite3"
    """The journal's file, next to the configuration unless the path is absolute."""


def read_config(file: Path) -> Config:
    """The configuration of a file. Raises BadConfig."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfig(file=file, why=reason(error)) from None
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(file=file, why=f"不是有效的 TOML（{error}）") from None
    config = config_of(data, str(file))
    return config.model_copy(update={"journal": str(file.parent / config.journal)})


def config_of(data: dict[str, Any], where: str = "") -> Config:
    """The configuration that plain data spells. Raises BadConfig, without repeating values: some are secret."""
    try:
        return Config.model_validate(data)
    except ValidationError as wrong:
        faults = "；".join(f"{'.'.join(map(str, fault['loc']))}：{fault['msg']}" for fault in wrong.errors())
        raise BadConfig(file=where, why=faults) from None


def toml_text(data: Mapping[str, Any]) -> str:
    """Plain data of text and numbers, in sections or not, as TOML."""
    top = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in data.items()
        if not isinstance(value, Mapping)
    ]
    sections = [
        f"\n[{name}]\n{toml_text(value)}" for name, value in data.items() if isinstance(value, Mapping)
    ]
    return "\n".join([*top, *sections]) + "\n"
