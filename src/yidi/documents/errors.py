"""What documents refuse."""

from yidi.values.errors import Refusal


class LetterNotKnown(Refusal):
    """A letter of an outcome that such a case cannot have."""

    code = "DOCUMENT-LETTER"
    zh = "{case}没有“{outcome}”的告知书。请核对办理结果。"
    en = "There is no letter of “{outcome}” for a {case}. Check the outcome."


class LetterIncomplete(Refusal):
    """A letter without what the person must be told."""

    code = "DOCUMENT-INCOMPLETE"
    zh = "{case}“{outcome}”的告知书缺少：{missing}。请补全后再打印。"
    en = "The letter of “{outcome}” for a {case} lacks: {missing_en}. Complete it and print again."


class DocumentTooLong(Refusal):
    """More text than a document may hold."""

    code = "DOCUMENT-TOO-LONG"
    zh = "这份文件有 {length} 个字，超过上限 {most}，没有打印。请缩短文字，或减少一份文件里的明细行。"
    en = "This document has {length} characters, more than the {most} allowed, and was not printed. Shorten its texts or print fewer lines."
