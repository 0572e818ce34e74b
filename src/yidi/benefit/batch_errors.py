"""Why a batch of visits is not paid at all. Single visits that no rule answers for are told of in the results."""

from yidi.values.errors import Refusal


class BadColumn(Refusal):
    """A column that is missing, of another length, or not of whole numbers."""

    code = "BATCH-COLUMN"
    zh = "批量就诊的 {column} 列不对：{why}。请改正后重算，本批没有计算任何内容。"
    en = (
        "The column {column} of the visits is wrong: {why_en}. Correct it; nothing of the batch was computed."
    )


class BadVisit(Refusal):
    """A visit with a value that cannot be. `row` counts from 0."""

    code = "BATCH-VISIT"
    zh = "批量就诊第 {row} 行（从 0 起）的 {column} 不对（{value}）：{why}。请改正后重算，本批没有计算任何内容。"
    en = (
        "In row {row} of the visits (counted from 0) {column} is wrong ({value}): {why_en}. "
        "Correct it; nothing of the batch was computed."
    )


class NotSorted(Refusal):
    """A visit before one that should precede it. `row` counts from 0."""

    code = "BATCH-ORDER"
    zh = (
        "批量就诊第 {row} 行（从 0 起）不在应有的次序上：须按 person、day 由小到大排列，同一日的按发生先后。"
        "请排序后重算，本批没有计算任何内容。"
    )
    en = (
        "Row {row} of the visits (counted from 0) is out of order: they come sorted by person and day, those of one "
        "day as they happened. Sort them; nothing of the batch was computed."
    )


class SlotsFull(Refusal):
    """More benefits, diseases and sets of diseases than a column of two bytes can tell apart."""

    code = "BATCH-SLOTS"
    zh = "批量就诊用到的待遇、病种及病种组合超过 {most} 种，不能再编号。请分批计算。"
    en = "The visits draw on more than {most} benefits, diseases and sets of diseases. Compute them in several runs."
