"""Why somebody may not do something."""

from yidi.values.errors import Refusal


class OutsideRegion(Refusal):
    code = "ACTOR-REGION"
    zh = "经办人“{actor}”属于{own}，不能办理{other}的业务。请转交该地经办机构办理。"
    en = "{actor} works for {own} and cannot act for {other}. Hand the case to that agency."


class NotAllowed(Refusal):
    code = "ACTOR-KIND"
    zh = "{kind}“{actor}”不能进行“{action}”。请由有权限的人员办理。"
    en = "{actor} ({kind}) may not do this: {action}. Ask someone who may."


class OfAnother(Refusal):
    code = "ACTOR-PERSON"
    zh = "参保人“{actor}”不能替他人进行“{action}”。请由本人办理，或由参保地经办机构办理。"
    en = "{actor} may not do this for someone else: {action}. The person or the home agency may."
