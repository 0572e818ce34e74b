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
    zh = "{file} 与代码不一致：不存在，或不是最新的。请用 yidi {command} --out {file} 重新生成。"
    en = "{file} is missing or not what the code makes now. Make it anew: yidi {command} --out {file}."


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


class NotYetKnown(Refusal):
    """What will be known on a day to come nobody can say."""

    code = "CLI-KNOWN-LATER"
    zh = "--known-on {on} 晚于今天（{today}）：那一天能知道什么，现在还不知道。请写今天或以前的日期，或不写。"
    en = "--known-on {on} is later than today ({today}): what can be known then is not known yet. Give today or before."


class NothingKnown(Refusal):
    """A day before the first source on record was there."""

    code = "CLI-KNOWN-NOTHING"
    zh = "--known-on {on} 时规则库还没有任何来源，最早的一份在 {first} 才能知道。请写这一天或以后的日期。"
    en = "On {on} no source on record was there; the first could be known on {first}. Give that day or a later one."


class NotWritten(Refusal):
    """A file that cannot be written."""

    code = "CLI-OUT"
    zh = "文件 {file} 写不下去（{why}）。请核对文件夹是否存在、是否有写权限，或换一个位置。"
    en = "The file {file} cannot be written ({why}). See that its folder exists and may be written, or choose another."
