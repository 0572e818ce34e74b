"""Why a person cannot be found or registered."""

from yidi.values.errors import Refusal


class UnknownPerson(Refusal):
    code = "PERSON-UNKNOWN"
    zh = "参保登记中没有{what}“{text}”对应的人员。请核对证件或人员编号；异地人员须先由参保地登记。"
    en = "No insured person has the {what} “{text}”. Check the document or number; the home region must register the person."


class NotInsured(Refusal):
    code = "PERSON-NOT-INSURED"
    zh = "该人员在 {on} 没有{scheme}的有效参保记录。请核对险种与参保地，或联系参保地经办机构（12393）。"
    en = "The person has no {scheme} coverage on {on}. Check scheme and home region, or call the home agency (12393)."


class WrongHome(Refusal):
    code = "PERSON-WRONG-HOME"
    zh = "参保地区划“{given}”与该人员的参保地“{actual}”不符。请使用 1101 返回的 insuplc_admdvs 重新发送。"
    en = (
        "The home region {given} is not this person's ({actual}). Send the insuplc_admdvs that 1101 returned."
    )


class StandingMismatch(Refusal):
    code = "PERSON-STANDING"
    zh = "人员类别“{standing}”不属于{scheme}。请核对后重新登记。"
    en = "The standing {standing} does not belong to the {scheme}. Check and register again."
