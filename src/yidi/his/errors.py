"""What a hospital's system meets when it talks to a centre."""

from yidi.values.errors import Refusal


class Refused(Refusal):
    """The centre answered, and said no: nothing was written there."""

    code = "HIS-REFUSED"
    zh = "中心拒绝了交易 {infno}（报文 {msgid}）：{why}。请按中心的说明处理后，用新的报文重新发送。"
    en = "The centre refused {infno} (message {msgid}): {why}. Do as it says and send a new message."


class Unanswered(Refusal):
    """Nobody knows yet what became of a message. Every kind of it is resolved by `recovery`."""

    code = "HIS-NO-REPLY"
    zh = "报文 {msgid}（交易 {infno}）没有收到可用的回复：{why}。结果不明，请先恢复（yidi his recover），不要另行结算。"
    en = "Message {msgid} ({infno}) got no usable reply: {why}. Its outcome is unknown: recover first, do not settle again."


class NotSent(Unanswered):
    """The connection could not even be opened: the message did not leave."""

    code = "HIS-NOT-SENT"
    zh = "报文 {msgid}（交易 {infno}）没有发出：{why}。请检查网络与中心地址，恢复后会用原报文重发。"
    en = "Message {msgid} ({infno}) was not sent: {why}. Check the network and the address; recovery sends it again."


class StillUnknown(Refusal):
    """Asking again did not help: the message stays open until somebody recovers it."""

    code = "HIS-UNKNOWN"
    zh = (
        "报文 {msgid}（交易 {infno}）的结果仍然不明：{why}。已记入日志，请在网络恢复后运行 yidi his recover；"
        "在此之前不要让患者重复缴费。"
    )
    en = (
        "The outcome of message {msgid} ({infno}) is still unknown: {why}. It is kept in the journal; run yidi his "
        "recover once the network is back, and do not charge the patient twice."
    )


class WrongReply(Refusal):
    """The centre's amounts contradict each other or our bill. They are not taken over."""

    code = "HIS-AMOUNTS"
    zh = "中心对报文 {msgid}（交易 {infno}）的回复不成立：{faults}。{done}。请把报文号与差异告知中心。"
    en = "The reply to message {msgid} ({infno}) does not hold: {faults}. {done}. Report it to the centre."


class WrongState(Refusal):
    code = "HIS-STATE"
    zh = "就诊 {visit} 当前为“{state}”，不能{what}。请先核对日志（yidi his journal）。"
    en = "Visit {visit} is {state}; {what} is not possible now. Look at the journal first."


class UnknownRecord(Refusal):
    code = "HIS-JOURNAL"
    zh = "日志里没有{what}“{number}”。请核对编号与日志文件。"
    en = "The journal has no {what} {number}. Check the number and the journal's file."


class BadConfig(Refusal):
    code = "HIS-CONFIG"
    zh = "配置文件 {file} 不能使用：{why}。请对照 yidi/his/README.md 中的样例改正。"
    en = "The configuration {file} cannot be used: {why}. Compare it with the example in the README."


class BadInput(Refusal):
    code = "HIS-INPUT"
    zh = "文件 {file} 不能使用：{why}。请改正后重试。"
    en = "The file {file} cannot be used: {why}. Correct it and try again."


class CounterFailed(Refusal):
    code = "HIS-COUNTER"
    zh = "窗口 {number} 的进程异常结束（{why}）。日志与配置在 {folder}，改正后可用 yidi his recover 查清已发出的报文。"
    en = "The process of counter {number} ended ({why}). Journal and configuration are in {folder}; recover what was sent."


class CentreNotBuilt(Refusal):
    code = "HIS-CENTRE"
    zh = "用后即弃的中心没有建成（{why}）。请用 --keep 保留文件夹并查看其中的 centre/server.log 后重试。"
    en = "The throw-away centre was not built ({why}). Run again with --keep and look at centre/server.log there."
