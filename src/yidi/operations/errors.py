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


class CaseChanged(Refusal):
    """Something was done with the case after the page was made that the clerk looks at."""

    code = "CASE-CHANGED"
    zh = "办件 {number} 在您打开这一页以后有了变动，现为“{state}”，刚才的操作没有办理。请看过最新情况再决定。"
    en = (
        "Case {number} has changed since you opened this page and is now “{state}”: nothing was done. "
        "Look at it as it is now, then decide."
    )


class TooManyCases(Refusal):
    code = "CASE-MANY"
    zh = "一次选了 {count} 件，最多 {most} 件。请分几次办理。"
    en = "{count} cases were chosen, at most {most} go in one go. Do it in several goes."


class NotHere(Refusal):
    """Nobody of that number is insured in the reader's region, whether there is such a person elsewhere or not."""

    code = "PERSON-NOT-HERE"
    zh = "本地区没有这个号码的参保人。请核对号码；在其他地区参保的，请联系参保地经办机构。"
    en = "Nobody with this number is insured in this region. Check it; for people insured elsewhere ask the agency there."
