"""What the gateway refuses by itself, before any service is asked."""

from typing import ClassVar

from yidi.values.errors import Refusal


class TransportRefusal(Refusal):
    """A message that is no message, or comes from nobody we know: refused with an HTTP status of its own."""

    status: ClassVar[int]


class MethodNotAllowed(TransportRefusal):
    status = 405
    code = "GATEWAY-METHOD"
    zh = "接口只接受 POST，收到的是 {method}。请改用 POST 发送 JSON 报文。"
    en = "The interface takes POST, not {method}. Send the JSON message by POST."


class TooLarge(TransportRefusal):
    status = 413
    code = "GATEWAY-TOO-LARGE"
    zh = "报文超过 {limit} 字节，未予处理。费用明细请分几次上传（2204）；文件请用 multipart 上传，或缩短期间（9101）。"
    en = "The message is larger than {limit} bytes and was not looked at. Upload fee lines in several messages, files by multipart."


class Malformed(TransportRefusal):
    status = 400
    code = "GATEWAY-MALFORMED"
    zh = "报文不是有效的 UTF-8 JSON 对象：{why}。请核对报文后重发。"
    en = "The message is no valid JSON object in UTF-8: {why}. Check it and send it again."


class BadSignature(TransportRefusal):
    status = 401
    code = "GATEWAY-SIGNATURE"
    zh = "签名未通过：{why}。请核对：{check}，然后重发。"
    en = "The signature does not hold: {why}. Check this and send the message again: {check}."


class BadTimestamp(TransportRefusal):
    status = 401
    code = "GATEWAY-TIMESTAMP"
    zh = "签名时间戳与中心时间相差超过 {seconds} 秒。请校准时钟，重新签名后发送。"
    en = "The signature's timestamp is more than {seconds} seconds off. Set the clock, sign anew and send again."


class NonceReplayed(TransportRefusal):
    status = 401
    code = "GATEWAY-NONCE"
    zh = "签名随机数 x-tif-nonce 已用过。每次发送（包括重发）都请使用新的随机数重新签名。"
    en = "This x-tif-nonce was used before. Sign every sending, also a repeated one, with a new nonce."


class Unsigned(TransportRefusal):
    status = 401
    code = "GATEWAY-UNSIGNED"
    zh = "该机构登记为不签名，只能用于演示环境。请联系就医地经办机构配置签名方式与密钥后重发。"
    en = "The institution is set up without signatures, which a demo alone allows. Ask the agency for a scheme and a key."


class BadInputSignature(TransportRefusal):
    status = 401
    code = "GATEWAY-INPUT-SIGNATURE"
    zh = (
        "input 的数字签名未通过：{why}。请核对机构公钥，按 input 的紧凑 JSON（键名排序）做 SM2（SM3）签名，"
        "以 Base64 填入 cainfo 后重发。"
    )
    en = (
        "The signature over input does not hold: {why}. Sign the compact JSON of input, keys sorted, with SM2 and SM3, "
        "and send it as Base64 in cainfo."
    )


class BadSeal(TransportRefusal):
    status = 401
    code = "GATEWAY-SEAL"
    zh = "密文报文无法受理：{why}。请核对 appId、appSecret、encData 与 signData 后重发。"
    en = "The sealed message is not taken: {why}. Check appId, appSecret, encData and signData and send it again."


class TooManyMessages(Refusal):
    code = "GATEWAY-RATE"
    zh = "本机构一分钟内的报文已超过 {most} 个，本报文未处理。请在 {seconds} 秒后用原 msgid 重发。"
    en = "More than {most} messages in one minute; this one was not looked at. Send it again in {seconds} seconds."


class BadKey(Refusal):
    code = "GATEWAY-KEY"
    zh = "不能登记{kind}密钥：{why}。请补正后重试。"
    en = "The {kind} key is not taken: {why_en}. Correct it and try again."


class AccountTaken(Refusal):
    code = "GATEWAY-KEY-ACCOUNT"
    zh = "appId“{account}”已属于另一机构，收到的密文无法分辨是谁的。请使用另一 appId。"
    en = "The appId {account} belongs to another institution: nobody could tell whose message it is. Use another one."


class KeyNotThere(Refusal):
    code = "GATEWAY-KEY-UNKNOWN"
    zh = "该机构没有编号 {number} 的有效密钥。请用 yidi gateway key list 查看编号。"
    en = "The institution has no key {number} that holds. See yidi gateway key list for the numbers."


class BadDialect(Refusal):
    code = "GATEWAY-DIALECT"
    zh = "方言设置“{given}”无效：{why}。可用的方言：{presets}；可设的项：{options}。请改正后重试。"
    en = "The dialect setting {given} is not valid. Presets: {presets}. Options: {options}. Correct it and try again."


class NoSM2(Refusal):
    code = "GATEWAY-NO-LIBRARY"
    zh = (
        "本中心的服务器没有支持 SM2 的 OpenSSL 3 系统库（libcrypto），不能验签或签名。"
        "请中心管理员安装带 SM2 的 libcrypto，或把该机构改为不使用 SM2 签名。"
    )
    en = (
        "The centre's server has no OpenSSL 3 library (libcrypto) with SM2: nothing can be signed or verified. "
        "Install one, or configure the institution without SM2 signatures."
    )


class UnknownInstitution(Refusal):
    code = "GATEWAY-INSTITUTION"
    zh = "机构编号“{number}”没有接入本中心或已停用。请核对 fixmedins_code，或联系就医地经办机构办理接入。"
    en = "The institution {number} is not connected here, or no longer. Check the code or ask the care region's agency."


class BadFields(Refusal):
    """Faults of a message, all of them; `each` among the details is the list."""

    code = "GATEWAY-FIELDS"
    zh = "报文有 {count} 处不合要求：{faults}。请全部改正后重发。"
    en = "The message has {count} faults: {faults}. Correct them all and send it again."


class UnknownTransaction(Refusal):
    code = "GATEWAY-INFNO"
    zh = "本中心没有交易“{number}”。请核对 infno；已提供的交易：{known}。"
    en = "There is no transaction {number} here. Check infno; there are: {known}."


class WrongCareRegion(Refusal):
    code = "GATEWAY-CARE-REGION"
    zh = "就医地区划 mdtrtarea_admvs“{given}”不是本机构所在的{actual}。请改为机构所在地的医保区划后重发。"
    en = "The care region {given} is not where this institution lies ({actual}). Send the institution's own region."


class UnknownHome(Refusal):
    code = "GATEWAY-HOME-REGION"
    zh = "参保地区划 insuplc_admdvs“{given}”不是医保区划代码。请使用 1101 返回的 insuplc_admdvs。"
    en = "The home region {given} is no code of the insurance system. Send the insuplc_admdvs that 1101 returned."


class MessageReused(Refusal):
    code = "GATEWAY-MSGID-REUSED"
    zh = (
        "报文号“{number}”在交易 {infno} 中已用于另一份内容不同的报文（{at}）。"
        "要取得原交易的结果，请逐字重发原报文；新的交易请换用新的 msgid。"
    )
    en = (
        "Message {number} of transaction {infno} was used at {at} with another body. "
        "Send the first body again to get its reply; give a new transaction a new msgid."
    )


class SettlementUndone(Refusal):
    """The message of a settlement sent again after the settlement was cancelled: its old reply would be untrue."""

    code = "GATEWAY-SETTLEMENT-UNDONE"
    zh = (
        "报文“{number}”的结算 {settlement} 已于 {at} 由报文“{by}”撤销（撤销号 {cancellation}），不再有效。"
        "如仍需结算，请用新的 msgid 重新预结算、结算（2206、2207）。"
    )
    en = (
        "Settlement {settlement} of message {number} was cancelled at {at} by message {by} ({cancellation}) and no "
        "longer stands. To settle, presettle and settle again under a new msgid."
    )


class OtherInstitution(Refusal):
    code = "GATEWAY-OTHER-INSTITUTION"
    zh = "报文中的机构编号 fixmedins_code“{given}”不是发送机构 {own}。请填写本机构的编号；为别的机构办理的，请由其自行发送。"
    en = "The message names institution {given}, but comes from {own}. Send your own number; others send their own messages."


class NothingToPay(Refusal):
    code = "GATEWAY-ZERO"
    zh = (
        "医疗费总额 medfee_sumamt 为 0，没有可结算的费用。请核对明细是否全部上传（2204）；"
        "确无费用的，请撤销明细和挂号（2205、2202）。"
    )
    en = (
        "The total medfee_sumamt is 0: there is nothing to settle. Check that all lines were uploaded; a visit "
        "without costs is withdrawn with its lines."
    )


class NotSupported(Refusal):
    """A value that the interface has and this centre cannot honour."""

    code = "GATEWAY-UNSUPPORTED"
    zh = "本中心不受理 {field}（{what}）“{given}”：{why}。请{remedy}。"
    en = "This centre does not take {field} “{given}”. It takes: {takes}."


class CertificateMismatch(Refusal):
    code = "GATEWAY-CERTIFICATE"
    zh = "{what} 与该人员的参保登记不符。请核对就诊人的证件原件，确认是本人后重发。"
    en = "The {field} is not that of the insured person. Check the person's document and send the message again."


class DiseaseNeeded(Refusal):
    code = "GATEWAY-DISEASE"
    zh = "医疗类别 14（门诊慢特病）必须填写病种编码 dise_codg。请填写 5301 返回的 opsp_dise_code 后重发。"
    en = "Medical type 14 needs dise_codg. Send the opsp_dise_code that 5301 returned."


class OtherVisitInMessage(Refusal):
    code = "GATEWAY-VISITS"
    zh = "一次 2204 只能上传一个人一次就诊的明细，第 {row} 项属于另一就诊或人员。请按就诊分开上传。"
    en = "One message holds the lines of one visit of one person; row {row} belongs to another. Send them apart."


class VisitMismatch(Refusal):
    code = "GATEWAY-VISIT"
    zh = "就诊 {visit} 登记的{what}（{field}）是“{known}”，报文中是“{given}”。请改为一致后重发。"
    en = "Visit {visit} was registered with {field} {known}, the message says {given}. Make them agree and send again."


class UnknownSignIn(Refusal):
    code = "GATEWAY-SIGN-IN"
    zh = "本机构没有签到编号“{number}”。请使用 9001 返回的 sign_no，或重新签到。"
    en = "This institution has no sign-in {number}. Send the sign_no that 9001 returned, or sign in again."


class NotOffered(Refusal):
    code = "GATEWAY-NOT-OFFERED"
    zh = (
        "本中心不提供交易 {number}（{name}），这样的报文不可能在这里生效，没有可冲正的内容。"
        "请核对 oinfno；如原报文发给了别的中心，请向那个中心冲正。可以冲正：{takes}。"
    )
    en = (
        "There is no transaction {number} here, so no such message took effect and there is nothing to reverse. Check "
        "oinfno; what went to another centre is reversed there. Reversible are {takes}."
    )


class Reversed(Refusal):
    """A message that its sender took back before it came."""

    code = "GATEWAY-REVERSED"
    zh = (
        "报文“{number}”（交易 {infno}）已于 {at} 由冲正报文“{by}”作废，不再办理，没有写入任何内容。"
        "如仍要办理，请换用新的 msgid 重新发送。"
    )
    en = (
        "Message {number} of transaction {infno} was taken back at {at} by the reversal {by} and is not carried out; "
        "nothing was written. To carry it out, send it under a new msgid."
    )


class CancellationUndone(Refusal):
    """The message of a cancellation sent again after the cancellation was reversed: its old reply would be untrue."""

    code = "GATEWAY-CANCELLATION-UNDONE"
    zh = (
        "报文“{number}”的撤销 {cancellation} 已于 {at} 由报文“{by}”冲正，结算 {settlement} 当时恢复有效。"
        "如仍要撤销这笔结算，请换用新的 msgid 发送 2208；现状可用 5203 查询。"
    )
    en = (
        "Cancellation {cancellation} of message {number} was reversed at {at} by message {by}, and settlement "
        "{settlement} stood again. To cancel it, send 2208 under a new msgid; 5203 tells how it is now."
    )


class TrialClosed(Refusal):
    """Messages are not tried where people are real."""

    code = "GATEWAY-TRIAL"
    zh = "这里不能试发报文：试发只在演示站点、以专为联调虚构的机构进行。请在演示站点（yidi demo）上试，或用本机构的系统发送。"
    en = (
        "Messages cannot be tried here: only on a demo site, as an institution invented for tests. Try it there "
        "(yidi demo), or send from the institution's own system."
    )


class TrialSender(Refusal):
    code = "GATEWAY-TRIAL-SENDER"
    zh = "试发的报文必须以联调机构的名义：请把 fixmedins_code 写为 {code}（键名照写）后重发。"
    en = "What is tried here is sent as the test institution: write fixmedins_code as {code}, and send it again."


class Internal(Refusal):
    code = "GATEWAY-INTERNAL"
    zh = (
        "中心处理时出现内部错误（流水 {number}），本次没有写入任何内容。"
        "请用原 msgid 逐字重发，不会重复记账；若仍失败，请把流水号告知中心。"
    )
    en = (
        "The centre failed internally ({number}); nothing was written. "
        "Send the same message again, it is never booked twice; if it fails again, report the number."
    )


class FileTooLarge(Refusal):
    code = "GATEWAY-FILE-SIZE"
    zh = "文件有 {size} 字节，超过 {limit} 字节，没有保存。请缩短对账期间，分几个文件上传（9101）。"
    en = "The file has {size} bytes, more than {limit}, and was not kept. Send several files of shorter periods."


class UnknownFile(Refusal):
    code = "GATEWAY-FILE"
    zh = "本机构没有文件查询号“{number}”。请使用 9101、3202 或 13xx 返回的 file_qury_no。"
    en = "This institution has no file {number}. Send the file_qury_no that 9101, 3202 or 13xx returned."


class FileExpired(Refusal):
    code = "GATEWAY-FILE-EXPIRED"
    zh = "文件 {number} 已于 {at} 过了下载截止时间，内容已清除。请重新上传或重新申请该文件，再用新的查询号下载。"
    en = "File {number} could be fetched until {at} and is gone. Upload or request it again and use the new number."


class WrongFileName(Refusal):
    code = "GATEWAY-FILE-NAME"
    zh = "文件 {number} 的文件名是“{known}”，报文中是“{given}”。请填写返回该查询号时一并返回的 filename。"
    en = "File {number} is called {known}, the message says {given}. Send the filename that came with the number."


class FileOfAnother(Refusal):
    code = "GATEWAY-FILE-SENDER"
    zh = "文件的医药机构编号 fixmedins_code“{given}”不是发送机构“{own}”。只能上传、下载本机构的文件，请改正后重发。"
    en = "The file's fixmedins_code {given} is not the sender {own}. Files are sent and fetched by their own institution."


class UnknownVersion(Refusal):
    code = "GATEWAY-VERSION"
    zh = "“{given}”不是目录版本号：其中应有 14 位的 yyyyMMddHHmmss。第一次下载请填 0，以后填文件中版本号一列的最大值。"
    en = "{given} is no version: it should hold the 14 digits of a moment. Send 0 the first time, then the highest one held."


class UnknownCatalogue(Refusal):
    code = "GATEWAY-CATALOGUE"
    zh = "本中心不提供目录 {infno}：公开资料没有说明它的内容，不能猜测。请使用 1301 至 1319。"
    en = "Catalogue {infno} is not given here: no public source says what it holds. Use 1301 to 1319."


class BadPage(Refusal):
    code = "GATEWAY-PAGE"
    zh = "没有第 {number} 页、每页 {size} 行这样的页：page_num 从 1 起，page_size 为 1 至 {most}。请改正后重发。"
    en = "There is no page {number} of {size} rows: page_num begins at 1, page_size is 1 to {most}. Correct them."


class ProviderQueryEmpty(Refusal):
    code = "GATEWAY-PROVIDER-QUERY"
    zh = "没有说要查哪家机构：fixmedins_name（名称，可只写一部分）与 fixmedins_code（编号）至少填一项。请补上后重发。"
    en = "Which institution is not said: send fixmedins_name (a part will do) or fixmedins_code."


class BadZip(Refusal):
    code = "GATEWAY-ZIP"
    zh = "不能读取 ZIP 文件：{why}。请用一个 UTF-8 编码的 .txt 文件重新压缩（不加密码、不含目录）后重新上传（9101）。"
    en = "The ZIP cannot be read ({why}). Pack one .txt file in UTF-8, without password and folders, and upload it again."
