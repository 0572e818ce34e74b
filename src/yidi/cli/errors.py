"""What the command line refuses."""

from yidi.values.errors import Refusal


class BadRole(Refusal):
    code = "CLI-ROLE"
    zh = "没有岗位“{given}”。请使用：{known}。"
    en = "There is no office “{given}”. Use one of: {known_en}."


class BadBill(Refusal):
    """Everything that is wrong with the shape of a bill, each fault with its line."""

    code = "CLI-BILL"
    zh = "账单文件 {file} {what}。请对照 yidi estimate --help 中的样例改正。"
    en = "The bill {file} is wrong: {what}. Compare it with the example in yidi estimate --help."


class ServerPartMissing(Refusal):
    code = "CLI-SERVER-PART"
    zh = "这个命令需要服务端组件，尚未安装（缺 {package}）。请运行 pip install 'yidi[server]'。"
    en = "This command needs the server part, which is not installed ({package} is missing): pip install 'yidi[server]'."


class NotMigrated(Refusal):
    code = "CLI-DATABASE"
    zh = "数据库尚未建表，或有未应用的更新。请先运行 yidi serve --migrate（已有数据的请先备份）。"
    en = "The database is new or behind. Run yidi serve --migrate (back up first where it matters)."


class DatabaseDown(Refusal):
    code = "CLI-DATABASE-DOWN"
    zh = "数据库不能使用（{why}）。请核对 DATABASE_URL 与 YIDI_HOME，并确认数据库服务已启动。"
    en = "The database cannot be used ({why}). Check DATABASE_URL and YIDI_HOME, and that the server is running."


class BadHome(Refusal):
    code = "CLI-HOME"
    zh = "不能使用状态文件夹 {home}（{why}）。请把 YIDI_HOME 设为一个可写的文件夹，或调整它的权限。"
    en = "The state folder {home} cannot be used ({why}). Set YIDI_HOME to a folder that can be written to."


class BadDatabaseUrl(Refusal):
    """The address itself stays unsaid: it may hold a password."""

    code = "CLI-DATABASE-URL"
    zh = (
        "DATABASE_URL 不是 SQLite 或 PostgreSQL 的数据库地址。"
        "请写作 sqlite:////绝对路径/文件.sqlite3 或 postgres://用户:密码@主机:端口/库名。"
    )
    en = (
        "DATABASE_URL is no address of an SQLite or PostgreSQL database. "
        "Write sqlite:////absolute/path/file.sqlite3 or postgres://user:password@host:port/name."
    )


class BadDataKey(Refusal):
    code = "CLI-DATA-KEY"
    zh = (
        "{where} 中的数据密钥不能使用：应为 64 个十六进制字符（32 字节）。"
        "请恢复原来的密钥；没有原密钥，已加密的身份证号不能读出。"
    )
    en = (
        "The data key in {where} cannot be used: it must be 64 hexadecimal characters (32 bytes). "
        "Restore the key in use so far; identity numbers already encrypted are not readable without it."
    )


class BadLogLevel(Refusal):
    code = "CLI-LOG-LEVEL"
    zh = "YIDI_LOG_LEVEL 没有级别“{given}”。请使用 DEBUG、INFO、WARNING、ERROR 或 CRITICAL。"
    en = "YIDI_LOG_LEVEL knows no level “{given}”. Use DEBUG, INFO, WARNING, ERROR or CRITICAL."


class BenchInProduction(Refusal):
    code = "CLI-FAULT-BENCH"
    zh = "YIDI_FAULT_BENCH 会丢失、延迟和篡改应答，只能与 YIDI_DEMO=1 一起用于演示环境。请去掉 YIDI_FAULT_BENCH 后重试。"
    en = "YIDI_FAULT_BENCH loses, delays and spoils replies and is for demos alone, with YIDI_DEMO=1. Unset it and try again."


class BadWayOut(Refusal):
    """The value itself stays unsaid: it may hold a password."""

    code = "CLI-NOTICES"
    zh = "{setting} 的写法不对：{shape}。请改正，或去掉它，不发短信或邮件。"
    en = "{setting} is not written as it must be: {shape}. Correct it, or leave it out and send no messages there."


class BadNumber(Refusal):
    code = "CLI-NUMBER"
    zh = "{setting} 的值“{given}”不能使用：应为不小于 {least} 的整数。请改正，或去掉这项设置使用默认值。"
    en = "{setting} cannot be “{given}”: it takes a whole number of at least {least}. Correct it, or leave it out."


class BadIssuer(Refusal):
    code = "CLI-OIDC"
    zh = (
        "统一身份认证的设置 {what} 不能使用或没有填写。YIDI_OIDC_ISSUER 应为 https:// 地址，"
        "并同时设置 YIDI_OIDC_CLIENT_ID 与 YIDI_OIDC_CLIENT_SECRET。"
    )
    en = (
        "The identity provider's setting {what} is missing or cannot be used. YIDI_OIDC_ISSUER must be an https:// "
        "address, with YIDI_OIDC_CLIENT_ID and YIDI_OIDC_CLIENT_SECRET beside it."
    )


class HostNotHere(Refusal):
    code = "CLI-HOST"
    zh = "不能在地址 {host} 上监听：它不是本机的地址。请用 --host 指定本机地址，例如 127.0.0.1 或 0.0.0.0。"
    en = "{host} is no address of this machine. Give one with --host, such as 127.0.0.1 or 0.0.0.0."


class PortForbidden(Refusal):
    code = "CLI-PORT-FORBIDDEN"
    zh = "当前用户无权使用端口 {port}。请用 --port 换一个 1024 以上的端口。"
    en = "This user may not use port {port}. Choose one above 1024 with --port."


class PortTaken(Refusal):
    code = "CLI-PORT"
    zh = "端口 {port} 已被占用。请用 --port 换一个端口，或停止占用它的程序。"
    en = "Port {port} is in use. Choose another with --port, or stop what uses it."


class SituationContradicted(Refusal):
    code = "CLI-SITUATION"
    zh = "账单的 situation 是“{given}”，而{home}参保、在{care}就医{follows}。请改写 situation，或核对 home 与 care。"
    en = (
        "The bill's situation is “{given}”, but insured in {home} and treated in {care} {follows_en}. "
        "Correct the situation, or home and care."
    )


class CatalogueNeeded(Refusal):
    code = "CLI-CATALOGUE"
    zh = (
        "明细“{code}”没有写 class、upfront，而数据库中也没有{care}的目录可查。"
        "请在账单中写明该行的 class、upfront、price_limit；演示目录可在演示环境用 yidi load-reference --demo 装入。"
    )
    en = (
        "Line {code} states no class and upfront share, and the database holds no catalogue of {care}. "
        "State them in the bill; in a demo, yidi load-reference --demo loads the demo catalogue."
    )
