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


class CellEmpty(Refusal):
    """A cell that every row must fill in."""

    code = "LIST-EMPTY"
    zh = "没有填写。请填：{expected}。"
    en = "This is empty. Fill in {expected}."


class CellUnclear(Refusal):
    """A cell that does not hold what its column should."""

    code = "LIST-CELL"
    zh = "“{text}”没有看懂。应为{expected}。"
    en = "“{text}” is not understood. Expected: {expected}."


class CodeAndName(Refusal):
    """A code with the name of another."""

    code = "LIST-CODE"
    zh = "代码 {code} 的名称是“{known}”，不是“{given}”。请核对哪一个是对的。"
    en = "The code {code} is {known}, not {given}. Find out which of the two is right."


class OutOfRange(Refusal):
    """A day that must be a slip."""

    code = "LIST-DAY"
    zh = "日期 {day} 不在 {first} 至 {last} 之间，可能有误。请核对。"
    en = "The day {day} is not between {first} and {last}. Check it."


class NotOnRegister(Refusal):
    """One answer whether the number is unknown or insured elsewhere: nobody learns who is insured where."""

    code = "LIST-PERSON"
    zh = "参保登记中没有此人在{pool}的{scheme}参保记录。请核对身份证号、参保地和险种。"
    en = "The register holds nobody with this number in {pool}, {scheme}. Check number, pool and scheme."


class NameDiffers(Refusal):
    """The name is another person's, or misspelt."""

    code = "LIST-NAME"
    zh = "姓名与参保登记不一致。请核对身份证号与姓名，改正错的一个。"
    en = "The name is not the one on the register. Compare number and name, and correct the wrong one."


class RowsClash(Refusal):
    """Two rows of one list that cannot both hold."""

    code = "LIST-CLASH"
    zh = "与本表第 {row} 行是同一人、同一事项，日期重叠而内容不同。请只留正确的一行。"
    en = "Row {row} of this list is about the same person and matter, overlaps, and is not the same. Keep the right one."


class NoRows(Refusal):
    """A list without a row."""

    code = "LIST-NOTHING"
    zh = "表格里没有一行数据。请按模板填写后再上传。"
    en = "The list has no row. Fill in the template, then upload it again."


class TooManyRows(Refusal):
    """More rows than are taken at once."""

    code = "LIST-LONG"
    zh = "一次最多导入 {most} 行，这份名单有 {rows} 行。请分成几份导入。"
    en = "At most {most} rows are taken at a time; this list has {rows}. Split it."


class AnotherFile(Refusal):
    """The file that was checked is not the one to be imported, or is no longer kept."""

    code = "LIST-FILE"
    zh = "要确认的名单与刚才检查的不是同一份，或检查后过了太久。什么都没有导入，请重新上传。"
    en = "The list to confirm is not the one that was checked, or it was checked too long ago. Nothing was imported: upload it again."


class NoSuchPart(Refusal):
    """A part of an export that there is not."""

    code = "LIST-PART"
    zh = "这份名单没有第 {part} 份（共 {parts} 份），可能刚有变动。请刷新页面后重新导出。"
    en = "The list has no part {part} of {parts}; it may just have changed. Reload the page and export again."


class TrailTooLong(Refusal):
    """More lines than one file takes."""

    code = "TRAIL-LONG"
    zh = "符合条件的有 {count} 条，一个文件最多 {most} 条。请缩小日期或其他条件后再导出。"
    en = "{count} lines match; one file takes {most}. Narrow the days or the rest, then export again."
