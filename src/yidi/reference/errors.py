"""What the registers refuse."""

from yidi.values.errors import Refusal


class UnknownCode(Refusal):
    """A code that no register has."""

    code = "CODE-UNKNOWN"
    zh = "“{text}”不是已知的{what}代码。请核对后重新填写。"
    en = "“{text}” is not a known {what_en} code. Check it and enter it again."


class UnknownRegion(UnknownCode):
    """A region code that neither the insurance system's table nor GB/T 2260 has."""

    code = "REGION-UNKNOWN"
    zh = "“{text}”不是已知的医保区划代码。请核对参保地或就医地的六位代码后重新填写。"
    en = "“{text}” is not a known region code. Check the six digits of the home or care region."


class UnknownDisease(UnknownCode):
    """A chronic-disease code that the list does not have."""

    code = "DISEASE-UNKNOWN"
    zh = "“{text}”不在门诊慢特病病种代码表中。请核对病种代码（例如高血压为 M03900）。"
    en = "“{text}” is not in the list of chronic diseases. Check the code (hypertension is M03900)."


class UnknownDictionary(UnknownCode):
    """A dictionary name that the dictionaries do not have."""

    code = "DICTIONARY-UNKNOWN"
    zh = "没有名为“{text}”的代码字典。请核对字典名称。"
    en = "There is no dictionary called “{text}”. Check its name."


class BadRow(Refusal):
    """A row of a register file that cannot be read; nothing of the file is used."""

    code = "REFERENCE-BAD-ROW"
    zh = "{file} 第 {line} 行“{column}”有误：{why}。请改正文件后重新装载，本次没有写入任何内容。"
    en = "{file}, line {line}, “{column}” is wrong: {why}. Correct the file and load again; nothing written."


class BadHeader(Refusal):
    """A register file without the columns it should have."""

    code = "REFERENCE-BAD-HEADER"
    zh = "{file} 缺少列：{missing}。请核对文件格式，本次没有写入任何内容。"
    en = "{file} lacks the columns {missing}. Check the file; nothing was written."


class DemoDataRefused(Refusal):
    """Rows that only the demo may use, offered to a site that is not one."""

    code = "DEMO-REFUSED"
    zh = (
        "{file} 有 {count} 行演示数据（首见第 {line} 行），只能在演示环境装载。"
        "如确为演示，请设置 YIDI_DEMO=1；否则请换用正式数据。本次没有写入任何内容。"
    )
    en = (
        "{file} has {count} demo rows (first on line {line}), which only a demo may load. "
        "Set YIDI_DEMO=1 if this is one, or use real data. Nothing was written."
    )
