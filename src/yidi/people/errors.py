"""Why a person cannot be found or registered."""

from yidi.values.errors import Refusal
from yidi.values.terms import Term


class PersonKey(Term):
    """What a person is looked up by."""

    IDENTITY = "identity", "身份证号", "identity number"
    NUMBER = "number", "人员编号", "person number"


class UnknownPerson(Refusal):
    code = "PERSON-UNKNOWN"
    zh = "参保登记中没有{what}“{text}”对应的人员。请核对证件或人员编号；异地人员须先由参保地登记。"
    en = "No insured person has the {what} “{text}”. Check the document or number; the home region must register the person."


class NotInsured(Refusal):
    code = "PERSON-NOT-INSURED"
    zh = "该人员在 {on} 没有有效的基本医保参保记录。请核对参保地与日期，或联系参保地经办机构（12393）。"
    en = "The person is not insured on {on}. Check home region and day, or call the home agency (12393)."


class NotInScheme(NotInsured):
    code = "PERSON-NOT-IN-SCHEME"
    zh = "该人员在 {on} 没有{scheme}的有效参保记录。请核对险种与参保地，或联系参保地经办机构（12393）。"
    en = "The person is not in the {scheme} on {on}. Check scheme and home region, or call the home agency (12393)."


class WrongHome(Refusal):
    code = "PERSON-WRONG-HOME"
    zh = "参保地区划“{given}”与该人员的参保地“{actual}”不符。请按人员信息查询返回的参保地区划重新发送。"
    en = "The home region {given} is not this person's ({actual}). Use the one that looking the person up returned."


class StandingMismatch(Refusal):
    code = "PERSON-STANDING"
    zh = "人员类别“{standing}”不属于{scheme}。请核对后重新登记。"
    en = "The standing {standing} does not belong to the {scheme}. Check and register again."


class NotOfPersons(Refusal):
    code = "PERSON-TRAIT"
    zh = "“{traits}”不是参保登记的内容：医院或就诊的情况不在这里登记。请去掉后重新登记。"
    en = "What belongs to providers or visits is not recorded of an insured person: {traits}. Leave it out."


class WrongDataKey(Refusal):
    code = "PERSON-DATA-KEY"
    zh = "数据密钥不能解开库中的个人信息。请由管理员把 YIDI_DATA_KEY 改回写入数据时所用的密钥，再重新启动。"
    en = "The data key does not open this database. Have the administrator set YIDI_DATA_KEY to the key it was written with."


class CoverageOverlaps(Refusal):
    code = "PERSON-OVERLAP"
    zh = "该人员在 {starts} 之后已有{scheme}的参保记录，两段参保不能重叠。请先终止原参保记录，再登记新的。"
    en = (
        "The person already has {scheme} coverage after {starts}; two may not overlap. End the old one first."
    )
