"""What click finds wrong with a command line, said in Chinese: the option or argument, what was given, what is asked."""

import re

import click

_SAID: tuple[tuple[str, str], ...] = (
    (r"'(.*)' does not match the formats? .*", "“{0}”不是日期，应写成 2025-03-20"),
    (r"'(.*)' is not one of (.*)", "“{0}”不在允许之列，应为 {1}"),
    (r"'(.*)' is not a valid integer.*", "“{0}”不是整数"),
    (r"'(.*)' is not a valid float.*", "“{0}”不是数"),
    (r"(\S+) is not in the range x>=(\S+)", "{0} 太小，应不小于 {1}"),
    (r"(\S+) is not in the range (\S+)<=x<=(\S+)", "{0} 不在 {1} 至 {2} 之间"),
    (r"(\S+) is not in the range (.*)", "{0} 不在范围之内（{1}）"),
    (r"\w+ '(.*)' does not exist", "“{0}”不存在"),
    (r"\w+ '(.*)' is a directory", "“{0}”是文件夹，应为文件"),
    (r"\w+ '(.*)' is a file", "“{0}”是文件，应为文件夹"),
    (r"\w+ '(.*)' is not readable", "“{0}”不能读取，请核对权限"),
    (r"\w+ '(.*)' is not writable", "“{0}”不能写入，请核对权限"),
    (r"Got unexpected extra arguments? \((.*)\)", "多出参数 {0}"),
    (r"Option '(.*)' requires an argument", "选项 {0} 缺少值"),
    (r"Option '(.*)' requires (\d+) arguments", "选项 {0} 应有 {1} 个值"),
    (r"Option '(.*)' does not take a value", "选项 {0} 不带值"),
)
"""Messages of click's own, as patterns, and the same in Chinese."""


def said(error: click.UsageError) -> str:
    """What is wrong, without a full stop; words of click's that are not in the table stand as they are."""
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    name = _name(getattr(error, "param", None))
    if isinstance(error, click.MissingParameter):
        return f"缺少{name.rstrip()}"
    if isinstance(error, click.BadParameter):
        return f"{name}的值不对：{_chinese(error.message)}"
    return _chinese(error.message)


def _name(param: click.Parameter | None) -> str:
    """How a parameter is written on the command line."""
    if isinstance(param, click.Option):
        return f"选项 {max(param.opts, key=len)} "
    return f"参数 {param.human_readable_name} " if param is not None else "参数"


def _chinese(message: str) -> str:
    plain = message.rstrip(".")
    for pattern, chinese in _SAID:
        found = re.fullmatch(pattern, plain, re.DOTALL)
        if found:
            return chinese.format(*(text.replace("'", "") for text in found.groups())).replace(", ", "、")
    return plain
