"""The command line's root. Nothing heavy is imported before a command is chosen."""

import click

from yidi import __version__
from yidi.cli.commands import commands_of

COMMANDS = {
    "demo": ("yidi.cli.demo", "demo", "把主流程从头走一遍（合成人员、真实 HTTP），随后提供网页。"),
    "serve": ("yidi.cli.serve", "serve", "启动服务：网页与定点医药机构接口。"),
    "estimate": ("yidi.cli.estimate", "estimate", "测算一张账单：金额与逐步解释。"),
    "policy": ("yidi.cli.policy", "policy", "查看与检查待遇规则。"),
    "gateway": ("yidi.cli.gateway", "gateway", "定点医药机构接口：说明、OpenAPI 文档、厂商测试。"),
    "staff": ("yidi.cli.staff", "staff", "建立与重设工作人员账户。"),
    "audit": ("yidi.cli.audit", "audit", "核对账本、累计与结算，列出不符之处。"),
    "jobs": ("yidi.cli.jobs", "jobs", "定时任务：到期、提醒、发送、清理。"),
    "replay": ("yidi.cli.replay", "replay", "按留存规则重算一笔结算或手工报销，逐项核对。"),
    "simulate": ("yidi.cli.simulate", "simulate", "按规则库批量结算就诊文件，并与另一套规则比较。"),
    "generate": ("yidi.cli.generate", "generate", "生成一年的跨省门诊就诊（合成数据）。"),
    "his": ("yidi.cli.his", "his", "医院信息系统一侧：发送、恢复、对账，或演一天的门诊。"),
    "load-reference": ("yidi.cli.load_reference", "load_reference", "装载目录与定点机构登记。"),
}
"""Command → (module, function, one line of help)."""


@click.group(
    cls=commands_of(COMMANDS),
    help="异地 yidi：跨省异地就医门诊费用的资格、备案、结算与报销。\n\nyidi COMMAND --help 查看每个命令的用法。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="yidi")
def cli() -> None:
    pass


def django_ready() -> None:
    """Load Django's settings and apps. Called by commands that need the server part. Raises ServerPartMissing, BadSetting."""
    import os

    try:
        import django
        import environ  # noqa: F401
    except ImportError as missing:
        from yidi.cli.errors import ServerPartMissing

        raise ServerPartMissing(package=missing.name) from None

    from yidi.cli.environment import check_environment

    check_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
    django.setup()
