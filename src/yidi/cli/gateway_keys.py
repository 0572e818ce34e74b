"""yidi gateway key: keys of an institution are given out, rotated, revoked, listed. A secret is shown once."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from yidi.cli.commands import commands_of
from yidi.cli.database import migrated_database

if TYPE_CHECKING:
    from yidi.gateway.models import Institution, Key

COMMANDS = {
    "add": ("yidi.cli.gateway_keys", "add", "发放一个密钥，立即有效。"),
    "rotate": ("yidi.cli.gateway_keys", "rotate", "发放新密钥，旧密钥在重叠期后失效。"),
    "revoke": ("yidi.cli.gateway_keys", "revoke", "立即吊销一个密钥。"),
    "list": ("yidi.cli.gateway_keys", "list_keys", "列出密钥（不显示密钥内容）。"),
}
KINDS = ("x-tif", "csb", "apikey", "sealed", "input")
MOMENT = "%Y-%m-%d %H:%M:%S"

INSTITUTION = click.option("--institution", "code", required=True, help="机构的国家代码。")
PUBLIC_KEY = click.option(
    "--public-key", default="", help="机构的 SM2 公钥，十六进制 x‖y（sealed、input 需要）。"
)


@click.group(cls=commands_of(COMMANDS), help="机构的密钥：同时可有几个有效，新旧交替时不必停机。")
def key() -> None:
    pass


@click.command(help="发放密钥；密钥由系统生成，只显示一次，请立即交给机构。")
@INSTITUTION
@click.option("--kind", type=click.Choice(KINDS), required=True, help="用途。")
@click.option("--account", default="", help="paasid、访问账号或 appId（x-tif、csb、sealed 需要）。")
@PUBLIC_KEY
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), default=None, help="到期日（当日零时起失效）。")
def add(code: str, kind: str, account: str, public_key: str, ends: datetime | None) -> None:
    institution = _institution(code)
    from django.utils import timezone

    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.security import keys
    from yidi.gateway.security.terms import KeyKind

    last = timezone.make_aware(ends) if ends else None
    made = keys.add(institution, KeyKind(kind), SYSTEM, account=account, public_key=public_key, ends=last)
    _show_once(made)


@click.command(help="给密钥 NUMBER 换一个新的；旧的再有效 --overlap-hours 小时。")
@INSTITUTION
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--overlap-hours", type=click.IntRange(0, 24 * 90), default=72, show_default=True, help="重叠期。"
)
@PUBLIC_KEY
def rotate(code: str, number: int, overlap_hours: int, public_key: str) -> None:
    institution = _institution(code)
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.security import keys

    old = keys.find(institution, number)
    _show_once(keys.rotate(old, SYSTEM, timedelta(hours=overlap_hours), public_key))
    click.echo(f"旧密钥 {old.pk} {_told(old.ends)}。")


@click.command(help="立即吊销密钥 NUMBER。")
@INSTITUTION
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, help="原因，记入留痕。")
def revoke(code: str, number: int, reason: str) -> None:
    institution = _institution(code)
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.security import keys

    keys.revoke(keys.find(institution, number), SYSTEM, reason)
    click.echo(f"密钥 {number} 已吊销。")


@click.command(name="list", help="列出机构的密钥。")
@INSTITUTION
def list_keys(code: str) -> None:
    institution = _institution(code)
    from django.utils import timezone

    now = timezone.now()
    for item in institution.keys.order_by("pk"):
        state = "有效" if item.holds(now) else "已吊销" if item.revoked else "不在有效期"
        since = f"自 {timezone.localtime(item.starts):{MOMENT}} 起{_told(item.ends)}"
        click.echo(f"{item.pk}  {item.kind}  {item.account or '—'}  {since}  {state}")


def _institution(code: str) -> "Institution":
    migrated_database()
    from yidi.gateway.institutions import by_code

    return by_code(code)


def _show_once(made: "Key") -> None:
    click.echo(f"密钥 {made.pk}（{made.kind}）已发放，{_told(made.ends)}。")
    if made.account:
        click.echo(f"账号：{made.account}")
    if made.secret is not None:
        click.echo(f"密钥：{made.secret}")
        click.echo("密钥只显示这一次，请立即妥善交给机构；遗失只能轮换。", err=True)


def _told(at: datetime | None) -> str:
    from django.utils import timezone

    return f"有效至 {timezone.localtime(at):{MOMENT}}" if at else "长期有效，直至吊销"
