"""yidi gateway connect, show, set-dialect: who is connected, what their messages carry, how they want replies."""

import json
from typing import TYPE_CHECKING, Any

import click

from yidi.cli.database import migrated_database

if TYPE_CHECKING:
    from yidi.gateway.models import Institution

SCHEMES = ("x-tif", "csb", "apikey", "sealed", "none")
INPUT_SIGNATURES = ("off", "verify", "require")


@click.command(
    help="接入机构 CODE，或修改它的接入方式（没有给出的项不变）。密钥用 yidi gateway key add 发放。"
)
@click.argument("code")
@click.option("--scheme", type=click.Choice(SCHEMES), help="报文须带的签名；首次接入默认 x-tif。")
@click.option(
    "--input-signature",
    type=click.Choice(INPUT_SIGNATURES),
    help="cainfo 中对 input 的 SM2 签名：不看、有则验、必须有。",
)
@click.option("--sign-replies/--no-sign-replies", default=None, help="应答带中心对 output 的 SM2 签名。")
@click.option("--per-minute", type=click.IntRange(0), help="每分钟最多多少个报文；0 为不限。")
@click.option("--dialect", help="方言，见 yidi gateway set-dialect --help。")
def connect(
    code: str,
    scheme: str | None,
    input_signature: str | None,
    sign_replies: bool | None,
    per_minute: int | None,
    dialect: str | None,
) -> None:
    migrated_database()
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway import dialects, institutions
    from yidi.gateway.security.terms import Scheme
    from yidi.providers.queries import by_code

    given: dict[str, Any] = {"input_signature": input_signature, "signs_replies": sign_replies}
    if dialect is not None:
        given["dialect"] = dialects.stored(dialects.preset(dialect))
    changes = {name: value for name, value in given.items() if value is not None}
    if per_minute is not None:
        changes["per_minute"] = per_minute or None
    institution = institutions.enrol(by_code(code), Scheme(scheme) if scheme else None, SYSTEM, **changes)
    _tell(institution)


@click.command(help="查看机构 CODE 的接入方式。")
@click.argument("code")
def show(code: str) -> None:
    _tell(_institution(code))


@click.command(
    help="设置机构 CODE 的应答方言。PRESET：national、guangzhou、hebei、jiangsu、zhongshan、hunan、jiangxi。"
)
@click.argument("code")
@click.argument("preset", default="national")
@click.option(
    "--set",
    "options",
    multiple=True,
    metavar="项=值",
    help="在方言之上另设一项，可重复：infcode_text、output_text、amounts_text、part_am、wrapped（true 或 false），"
    "names（printed、camel、snake）。",
)
def set_dialect(code: str, preset: str, options: tuple[str, ...]) -> None:
    institution = _institution(code)
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway import dialects, institutions

    wanted = dialects.changed(dialects.preset(preset), dict(_pair(option) for option in options))
    institutions.set_dialect(institution, wanted, SYSTEM)
    _tell(institution)


@click.command(help="显示中心的 SM2 公钥（04‖x‖y，十六进制）：机构用它验证应答的签名。")
def centre_key() -> None:
    migrated_database()
    from yidi.gateway.closing import centre_key as private
    from yidi.gateway.security.sm2 import public_key

    click.echo(f"04{public_key(private()).hex().upper()}")


def _pair(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name, value


def _institution(code: str) -> "Institution":
    migrated_database()
    from yidi.gateway.institutions import by_code

    return by_code(code)


def _tell(institution: "Institution") -> None:
    from yidi.gateway.security.terms import InputSignature, Scheme

    rows = {
        "机构": f"{institution.provider.code} {institution.provider.name}",
        "签名方式": Scheme(institution.scheme).zh,
        "input 签名": InputSignature(institution.input_signature).zh,
        "应答签名": "中心 SM2 签名" if institution.signs_replies else "无",
        "每分钟报文": str(institution.per_minute or "不限"),
        "方言": json.dumps(institution.dialect, ensure_ascii=False) if institution.dialect else "与规范一致",
        "有效密钥": str(institution.keys.filter(revoked=None).count()),
    }
    for label, value in rows.items():
        click.echo(f"{label}：{value}")
