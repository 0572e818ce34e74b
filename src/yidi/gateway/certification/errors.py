"""What certification refuses."""

from yidi.values.errors import Refusal


class RunOpen(Refusal):
    code = "CERTIFY-OPEN"
    zh = "机构 {number} 的对接检查正在进行。请先结束它（yidi gateway certify end），再开始新的一次。"
    en = "A certification of institution {number} is open. End it first (yidi gateway certify end), then begin anew."


class NoRun(Refusal):
    code = "CERTIFY-NONE"
    zh = "机构 {number} 没有对接检查。请先开始一次（yidi gateway certify begin）。"
    en = "There is no certification of institution {number}. Begin one first (yidi gateway certify begin)."
