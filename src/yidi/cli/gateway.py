"""yidi gateway: the hospital interface, for those who connect to it."""

import click

from yidi.cli.commands import commands_of

COMMANDS = {
    "connect": ("yidi.cli.gateway_institutions", "connect", "接入机构：签名方式、限额、方言。"),
    "show": ("yidi.cli.gateway_institutions", "show", "查看机构的接入方式。"),
    "set-dialect": ("yidi.cli.gateway_institutions", "set_dialect", "设置机构的应答方言。"),
    "key": ("yidi.cli.gateway_keys", "key", "机构密钥：发放、轮换、吊销、列表。"),
    "centre-key": ("yidi.cli.gateway_institutions", "centre_key", "显示中心的 SM2 公钥。"),
    "reference": (
        "yidi.cli.gateway_pages",
        "reference",
        "接口说明（Markdown）：每个交易的字段、错误、样例。",
    ),
    "openapi": ("yidi.cli.gateway_pages", "openapi", "接口的 OpenAPI 3.1 文档（JSON）。"),
    "faults": (
        "yidi.cli.gateway_faults",
        "faults",
        "故障台：按机构制造断线、迟到、重复等故障（仅演示环境）。",
    ),
    "certify": ("yidi.cli.gateway_certify", "certify", "对接检查：观察厂商的报文，逐项核对，出具报告。"),
}
"""Command → (module, function, one line of help)."""


@click.group(cls=commands_of(COMMANDS), help="定点医药机构接口：说明、OpenAPI 文档、厂商测试。")
def gateway() -> None:
    pass
