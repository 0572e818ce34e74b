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


class SignedOut(Refusal):
    code = "SIGN-IN-NEEDED"
    zh = "您还没有登录，或登录已过期。请先登录。"
    en = "You are not signed in, or no longer. Sign in first."


class WrongSignIn(Refusal):
    code = "SIGN-IN-WRONG"
    zh = "用户名或密码不对。请核对大小写后重试；多次输错会暂停登录。"
    en = (
        "The name or the password is wrong. Check capitals and try again; too many mistakes lock for a while."
    )


class LockedOut(Refusal):
    code = "SIGN-IN-LOCKED"
    zh = "输错的次数太多，为保护您的账户已暂停，{until} 以后可以再试。工作人员急用的，可请管理员解锁。"
    en = "Too many mistakes: to protect the account, try again after {until}. Staff may ask an administrator to unlock."


class BadUsername(Refusal):
    code = "SIGN-IN-NAME"
    zh = "用户名应为 {shortest} 到 {longest} 个字，不含空格。请改一个。"
    en = "A sign-in name has {shortest} to {longest} characters and no blanks. Choose another one."


class PrivateUsername(Refusal):
    code = "SIGN-IN-NAME-PRIVATE"
    zh = (
        "用户名里不要用身份证号或手机号：用户名会显示出来，并留在记录里。请另起一个，例如姓名拼音加几个数字。"
    )
    en = "Do not put an identity or telephone number into a sign-in name: it is shown and stays on record. Choose another one."


class UsernameTaken(Refusal):
    code = "SIGN-IN-NAME-TAKEN"
    zh = "用户名“{username}”已有人使用。请换一个。"
    en = "The name {username} is taken. Choose another one."


class WeakPassword(Refusal):
    code = "SIGN-IN-PASSWORD"
    zh = "这个密码不够安全：{why}请换一个。"
    en = "This password is not safe enough: {why} Choose another one."


class SamePassword(Refusal):
    code = "SIGN-IN-PASSWORD-SAME"
    zh = "新密码与原密码相同。请换一个新的。"
    en = "The new password is the old one. Choose a new one."


class RegistrationClosed(Refusal):
    code = "REGISTER-CLOSED"
    zh = "本网站不开放自行注册。请用页面上的统一身份认证登录，或到参保地窗口办理。"
    en = "This site takes no registrations. Sign in through the identity provider, or go to the home agency's window."


class NotInRegister(Refusal):
    """One answer whether the number is unknown or the name is another's: a stranger learns nothing."""

    code = "REGISTER-NAME"
    zh = "姓名与身份证号未能在参保登记中核对一致。请按身份证逐字核对；仍不一致的，请联系参保地经办机构（12393）。"
    en = (
        "Name and identity number do not match the register. Compare them with the card; "
        "if they are right, call the home agency (12393)."
    )


class AlreadyRegistered(Refusal):
    code = "REGISTER-TWICE"
    zh = "您已经注册过账户。请直接登录；忘记用户名或密码的，请带身份证到参保地窗口重设。"
    en = (
        "You have an account already. Sign in with it; "
        "if you forgot name or password, bring your identity card to the window."
    )


class NoSignIn(Refusal):
    code = "REGISTER-NONE"
    zh = "本人还没有账户，不用重设。请本人用姓名和身份证号注册，或用统一身份认证登录。"
    en = "The person has no account, so there is nothing to reset. They may register, or use the identity provider."


class OpenIdTaken(Refusal):
    code = "REGISTER-OTHER"
    zh = "您的账户已绑定另一个统一身份认证账号。请用原来的账号登录，或带身份证到参保地窗口重设。"
    en = (
        "Your account belongs to another sign-in of the identity provider. Use that one, or go to the window."
    )


class WrongCode(Refusal):
    code = "SECOND-FACTOR-WRONG"
    zh = "动态验证码不对，或已经用过。请等手机上换出新的验证码后再输入。"
    en = "The code is wrong or was used already. Wait for the next one and type that."


class CodesTooFast(Refusal):
    code = "SECOND-FACTOR-WAIT"
    zh = "验证码连续输错，请在 {until} 以后再试。手机丢失的，请管理员重设双重验证。"
    en = "Too many wrong codes: try again after {until}. If the phone is lost, ask an administrator for a reset."


class SignInAnew(Refusal):
    code = "SECOND-FACTOR-LATE"
    zh = "等待时间过长，请从输入密码开始重新登录。"
    en = "That took too long. Begin again with your password."


class SelfAppointment(Refusal):
    code = "STAFF-SELF"
    zh = "不能管理自己的账户（{action}）。请另一位管理员办理。"
    en = "Nobody manages their own account ({action}). Ask another administrator."


class NotStaff(Refusal):
    code = "STAFF-NOT"
    zh = "“{username}”不是工作人员账户。请核对用户名。"
    en = "{username} is no member of staff. Check the name."


class ProviderNeeded(Refusal):
    code = "STAFF-PROVIDER"
    zh = "机构收费员须写明所在定点医药机构，其他岗位不写。请核对机构代码与岗位。"
    en = "A provider's cashier needs the provider's code, and other offices have none. Check code and office."
