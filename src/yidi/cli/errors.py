"""What the command line refuses."""

from yidi.values.errors import Refusal


class BadBill(Refusal):
    code = "CLI-BILL"
    zh = "账单文件 {file} 第 {line} 行有误：{what}。请对照 yidi estimate --help 中的样例改正。"
    en = "The bill {file} is wrong in line {line}: {what}. Compare it with the example in yidi estimate --help."


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


class PortTaken(Refusal):
    code = "CLI-PORT"
    zh = "端口 {port} 已被占用。请用 --port 换一个端口，或停止占用它的程序。"
    en = "Port {port} is in use. Choose another with --port, or stop what uses it."


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
