"""yidi policy: what the rules are, what they say, what they would change, and whether they are in order."""

import click

from yidi.cli.commands import commands_of

COMMANDS = {
    "check": ("yidi.cli.policy_check", "check", "检查全部规则包：格式、来源、日期、算例。"),
    "show": ("yidi.cli.policy_show", "show", "显示某统筹区在某日的待遇参数。"),
    "explain": ("yidi.cli.policy_explain", "explain", "说明一条规则：内容、来源、分歧、其他口径、样例。"),
    "diff": ("yidi.cli.policy_diff", "diff", "两个规则目录或两个日期之间，谁的待遇变了、变多少。"),
    "coverage": ("yidi.cli.policy_survey", "coverage", "各统筹区、险种、待遇答到什么程度，缺什么。"),
    "conflicts": ("yidi.cli.policy_survey", "conflicts", "来源之间的分歧，以及各涉及哪些规则。"),
    "stale": ("yidi.cli.policy_survey", "stale_sources", "很久没有核对的来源。"),
    "regions": ("yidi.cli.policy_check", "list_regions", "列出有规则的地区：险种、待遇、口径与等级。"),
    "language": ("yidi.cli.policy_pages", "language", "规则包语言的参考页。"),
    "schema": ("yidi.cli.policy_pages", "schema", "规则包的 JSON Schema，供编辑器补全与校验。"),
}
"""Command → (module, function, one line of help)."""


@click.group(cls=commands_of(COMMANDS), help="查看、比较与检查待遇规则。")
def policy() -> None:
    pass
