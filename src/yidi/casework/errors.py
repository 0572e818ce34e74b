"""Why work on a case cannot go on."""

from yidi.values.errors import Refusal


class AskedAlready(Refusal):
    code = "CASE-ASKED"
    zh = "办件 {number} 已经要求过一次补充材料，不能再次要求（一次性告知）。请根据现有材料作出决定，或联系申请人。"
    en = "More evidence was asked for once on case {number}; it may not be asked for again. Decide by what is there."


class ReasonNeeded(Refusal):
    code = "CASE-REASON"
    zh = "办件 {number} 的这项操作须写明理由，申请人会看到。请填写理由后重试。"
    en = "Say why on case {number}: the applicant will read it. Fill in the reason and try again."


class SameClerk(Refusal):
    code = "CASE-SAME-CLERK"
    zh = "办件 {number} 须由另一位经办人办理：“{clerk}”已经{did}。请转交同事。"
    en = "Case {number} needs another clerk: {clerk} has already {did_en}. Hand it to a colleague."


class VotedAlready(Refusal):
    code = "CASE-VOTED"
    zh = "“{clerk}”对办件 {number} 已经表决，不能更改。请等待其他经办人表决。"
    en = "{clerk} has voted on case {number} and cannot change it. Wait for the other clerks."
