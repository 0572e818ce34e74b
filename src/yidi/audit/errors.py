"""Why a look at somebody's data is not given."""

from yidi.values.errors import Refusal


class ReasonMissing(Refusal):
    code = "AUDIT-REASON"
    zh = "查看{what}须写明理由，理由会与查看人、时间一起留存。请填写理由后重试。"
    en = "To see {what} say why: the reason is kept with who looked and when. Fill it in and try again."
