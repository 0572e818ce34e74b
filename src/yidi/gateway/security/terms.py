"""How an institution shows who it is."""

from yidi.values.terms import Term


class Scheme(Term):
    """What every message of an institution must carry."""

    X_TIF = "x-tif", "x-tif-* 请求头签名（省级网关）", "x-tif-* headers"
    CSB = "csb", "_api_* 请求头签名（CSB 总线）", "_api_* headers of the CSB bus"
    APIKEY = "apikey", "apikey 请求头", "one apikey header"
    SEALED = "sealed", "SM4/SM2 密文报文", "the SM4/SM2 envelope"
    NONE = "none", "不签名（仅演示环境）", "nothing, in a demo alone"


class KeyKind(Term):
    """What a key is for: the schemes that have keys, and the signature over `input`."""

    X_TIF = "x-tif", "x-tif 账号与密钥", "x-tif account and secret"
    CSB = "csb", "CSB 访问账号与密钥", "CSB access key and secret"
    APIKEY = "apikey", "apikey", "apikey"
    SEALED = (
        "sealed",
        "密文报文的 appId、appSecret 与机构公钥",
        "appId, appSecret and the institution's public key",
    )
    INPUT = "input", "input 签名的机构公钥", "the institution's public key for signatures over input"


class InputSignature(Term):
    """What is done with a signature over `input`."""

    OFF = "off", "不看", "not looked at"
    VERIFY = "verify", "有则验签", "verified where there is one"
    REQUIRE = "require", "必须有且有效", "demanded"
