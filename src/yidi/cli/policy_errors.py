"""What the commands about rules refuse."""

from yidi.values.errors import Refusal


class UnknownRule(Refusal):
    """No rule bears that id."""

    code = "CLI-RULE"
    zh = "没有编号为“{name}”的规则{near}。规则编号见 yidi policy conflicts、coverage 或规则包中的 id。"
    en = "No rule bears the id {name}{near_en}. The ids stand in the packs, as `id`."


class RuleElsewhere(Refusal):
    """A rule that there is, though not in the packs of that pool."""

    code = "CLI-RULE-POOL"
    zh = "规则“{name}”不在{pool}（{code}）的规则包中，它写在 {places}。请把 --pool 改成其中之一，或不写 --pool。"
    en = "The rule {name} stands in no pack of {pool} ({code}) but in {places}. Give one of these with --pool, or none."


class StalePage(Refusal):
    """A page made from the code that is not what the code makes now."""

    code = "CLI-PAGE"
    zh = "{file} 与代码不一致：不存在，或不是最新的。请用 yidi policy {command} --out {file} 重新生成。"
    en = "{file} is missing or not what the code makes now. Make it anew: yidi policy {command} --out {file}."


class UnknownConflict(Refusal):
    """No conflict is registered under that id."""

    code = "CLI-CONFLICT"
    zh = "conflicts.yaml 没有登记“{name}”。已登记的：{known}。"
    en = "conflicts.yaml holds no {name}; it holds {known}."


class BadSide(Refusal):
    """A side of a comparison that is neither a folder, a day, nor both."""

    code = "CLI-SIDE"
    zh = "“{given}”不能比较：应为规则目录、日期（2025-03-20），或 目录@日期。请改正后重试。"
    en = "“{given}” cannot be compared: give a folder of rules, a day (2025-03-20), or folder@day."


class NotWritten(Refusal):
    """A file that cannot be written."""

    code = "CLI-OUT"
    zh = "文件 {file} 写不下去（{why}）。请核对文件夹是否存在、是否有写权限，或换一个位置。"
    en = "The file {file} cannot be written ({why}). See that its folder exists and may be written, or choose another."
