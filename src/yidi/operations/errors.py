"""Why an old decision cannot be made again."""

from yidi.values.errors import Refusal


class NothingToReplay(Refusal):
    """No settlement and no assessed claim has this number."""

    code = "REPLAY-UNKNOWN"
    zh = "没有编号为“{number}”的结算或已核定的手工报销。结算编号为 12 位数字，报销编号以 C 开头；请核对后重试。"
    en = "No settlement and no assessed claim has the number “{number}”. Settlements have twelve digits, claims begin with C."


class NotReplayable(Refusal):
    """What was kept with the decision can no longer be read."""

    code = "REPLAY-UNREADABLE"
    zh = "“{number}”所依据的规则（{digest}）或累计已无法读取：{why}。数据库可能被改动过，请运行 yidi audit 并从备份核对。"
    en = (
        "The rule ({digest}) or the counters behind “{number}” can no longer be read: {why}. "
        "The database may have been altered: run yidi audit and compare with a backup."
    )


class UnknownCase(Refusal):
    """No case has this number, or the reader may not know of it."""

    code = "CASE-UNKNOWN"
    zh = "没有编号为“{number}”、您可以查看的办件。请核对编号。"
    en = "There is no case with the number “{number}” that you may see. Check the number."
