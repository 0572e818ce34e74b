"""yidi staff: the first administrator, and the way back in when the only one is locked out."""

import click

from yidi.accounts.terms import Role
from yidi.cli.commands import commands_of
from yidi.cli.database import migrated_database
from yidi.cli.errors import BadRole

COMMANDS = {
    "add": ("yidi.cli.staff", "add", "建立工作人员账户，并授予岗位。"),
    "appoint": ("yidi.cli.staff", "appoint", "授予岗位。"),
    "reset": ("yidi.cli.staff", "reset", "重设密码与双重验证，并解除锁定。"),
}


@click.group(
    cls=commands_of(COMMANDS), help="管理工作人员账户：第一位系统管理员由此建立，其余的由他在网页上办理。"
)
def staff() -> None:
    pass


def _password() -> str:
    """A password typed twice, never shown and never an argument: those are seen in lists of processes."""
    text: str = click.prompt(
        "初始密码（首次登录后须更换）", hide_input=True, confirmation_prompt="再输一遍", err=True
    )
    return text


@click.command(help="建立账户 USERNAME；密码在提示后输入，首次登录时须更换，并绑定手机验证器。")
@click.argument("username")
@click.option("--name", required=True, help="姓名。")
@click.option("--region", required=True, help="所在地区的行政区划代码；全国为 CN。")
@click.option("--role", "roles", multiple=True, help="岗位，可重复，例如 administrator。")
@click.option("--provider", default="", help="收费员所在定点医药机构的国家代码。")
def add(username: str, name: str, region: str, roles: tuple[str, ...], provider: str) -> None:
    migrated_database()
    from django.db import transaction

    from yidi.accounts.actors import SYSTEM
    from yidi.accounts.services import appoint as give
    from yidi.accounts.services import create_staff

    offices = [_role(text) for text in roles]
    with transaction.atomic():
        user = create_staff(username, name, region, _password(), SYSTEM, provider_code=provider)
        for office in offices:
            give(user, office, SYSTEM)
    held = "、".join(office.zh for office in offices) or "无"
    click.echo(
        f"已建立账户 {user.username}，岗位：{held}。请在 /desk/sign-in/ 登录，更换密码并绑定手机验证器。"
    )


@click.command(help="授予 USERNAME 岗位 ROLE。")
@click.argument("username")
@click.argument("role")
def appoint(username: str, role: str) -> None:
    migrated_database()
    from yidi.accounts.actors import SYSTEM
    from yidi.accounts.services import appoint as give
    from yidi.accounts.services import staff_named

    user, office = staff_named(username), _role(role)
    give(user, office, SYSTEM)
    click.echo(f"{user.username} 现为{office.zh}。")


@click.command(help="给 USERNAME 一个新的初始密码，重设双重验证并解除锁定。")
@click.argument("username")
def reset(username: str) -> None:
    migrated_database()
    from django.db import transaction

    from yidi.accounts import services
    from yidi.accounts.actors import SYSTEM

    user, reason = services.staff_named(username), "yidi staff reset"
    with transaction.atomic():
        services.reset_password(user, _password(), SYSTEM, reason)
        services.reset_second_factor(user, SYSTEM, reason)
        services.unlock(user, SYSTEM, reason)
    click.echo(f"已重设 {user.username}：请用新密码登录，更换密码并重新绑定手机验证器。")


def _role(text: str) -> Role:
    """The office of that spelling. Raises BadRole."""
    if text not in Role.spellings():
        raise BadRole(given=text, known="、".join(Role.spellings()), known_en=", ".join(Role.spellings()))
    return Role(text)
