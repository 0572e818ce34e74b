"""Why a way to reach a person cannot be noted."""

from yidi.values.errors import Refusal


class BadAddress(Refusal):
    code = "NOTICE-ADDRESS"
    zh = "{channel}的号码或地址不对：手机号应是 11 位数字，邮箱应像 name@example.com。请改正后重试。"
    en = "This is no number or address for {channel}: a mobile number has 11 digits, an e-mail address looks like name@example.com."


class ChannelOff(Refusal):
    code = "NOTICE-CHANNEL-OFF"
    zh = "这里目前不发{channel}。消息都在您的页面上，请登录查看；需要{channel}的，请联系参保地经办机构。"
    en = "No {channel} is sent from here at present. All messages stand on your page; ask your agency if you need more."


class CodeNotSent(Refusal):
    code = "NOTICE-CODE-NOT-SENT"
    zh = "验证码没有发出：{why}。请检查号码或地址，过一会儿再试。"
    en = "The code was not sent: {why}. Check the number or address, and try again a little later."


class TooManyCodes(Refusal):
    code = "NOTICE-CODE-LIMIT"
    zh = "验证码发得太频繁：两次之间至少隔 {seconds} 秒，一天最多 {daily} 次。请稍后再试。"
    en = (
        "Too many codes were asked for: {seconds} seconds must pass in between, and {daily} are sent in a day. "
        "Try again later."
    )


class WrongCode(Refusal):
    code = "NOTICE-CODE-WRONG"
    zh = "验证码不对，还可以试 {left} 次。请看最近一次收到的验证码。"
    en = "The code is wrong; {left} more tries are left. Look at the code that came last."


class NewCodeNeeded(Refusal):
    code = "NOTICE-CODE-OVER"
    zh = "验证码已经过期、用过或输错太多次。请重新获取验证码。"
    en = "The code is too old, was used, or was mistyped too often. Ask for a new one."
