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
    zh = "“{actor}”不能替他人办理这项业务：没有有效的亲属代办授权。请由本人办理或先取得授权，也可由参保地窗口代办。"
    en = (
        "{actor} may not do this for someone else: no consent is in force. "
        "The person may, or may give consent first; so may the home agency's window."
    )
