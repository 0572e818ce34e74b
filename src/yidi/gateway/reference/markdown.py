"""The reference as one Markdown page, made of the declarations, never by hand."""

from collections.abc import Iterable, Iterator

from yidi.gateway.declarations import Mark
from yidi.gateway.reference.model import Entry, Row, Table, all_refusals, by_area, entries, envelope
from yidi.gateway.reference.refusals import every_message
from yidi.gateway.reference.samples import FOLDER, sample_of
from yidi.reference import dictionaries
from yidi.values.errors import Refusal

HEAD = """\
# 定点医药机构接口

The hospital interface. 本页由 `yidi gateway reference` 从 `src/yidi/gateway/` 的交易声明生成，不要手改；`make check` 核对它是否最新。
同样的内容在每个站点的 `/gateway/docs/`，那里还有字典的代码、签名的算例与试发；OpenAPI 3.1 文档是 `/gateway/docs/openapi.json`。

报文一律 `POST /fsi/api/rsfComIfsService/callService`，正文 `infno` 决定交易。业务失败是 HTTP 200、`infcode` -1，`err_msg` 写明错误编号、
原因与办法。一份报文的全部字段问题一次说完，逐处写明路径。
"""
MARKS = {
    Mark.AGREED: "两个以上来源一致",
    Mark.SINGLE: "仅一个来源",
    Mark.UNCONFIRMED: "未证实",
}
"""What each mark means."""
KINDS = {"C": "字符", "N": "数值", "I": "整数", "D": "日期", "DT": "日期时间", "B": "字节", "L": "真假", "node": "对象", "list": "数组"}  # fmt: skip
SAMPLES = f"../src/yidi/gateway/reference/{FOLDER.name}"


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_overview(), *_general(), *map(_entry, entries().values()))).rstrip() + "\n"


def _overview() -> Iterator[str]:
    yield "把握：" + "；".join(f"{mark} {said}" for mark, said in MARKS.items()) + "。\n"
    for area, held in by_area().items():
        rows = (
            (f"[{e.infno} {e.transaction.name}](#{_anchor(e)})", e.transaction.mark, e.purpose) for e in held
        )
        yield f"## {area.zh}\n\n{_table(('交易', '把握', '用途'), rows)}"


def _general() -> Iterator[str]:
    yield "## 信封 §1\n\n" + _fields(envelope().rows, envelope().must)
    common = "、".join(f"`{kind.code}`" for kind in every_message())
    yield f"## 错误\n\n任何报文都可能得到的：{common}。各交易另有的，见各交易。\n\n" + _refusals(
        all_refusals()
    )


def _entry(entry: Entry) -> str:
    item = entry.transaction
    told = [
        f"## {_title(entry)}\n",
        f"{entry.purpose} 接口{item.section}，{item.mark} {MARKS[item.mark]}。\n",
    ]
    told += [f"* {note}" for note in notes(entry)]
    told.append(f"\n{_sample(entry)}\n")
    told += [_node(table) for table in (*entry.requests, *entry.replies)]
    if entry.refusals:
        told.append(f"可能的[错误](#错误)：{'、'.join(f'`{kind.code}`' for kind in entry.refusals)}。\n")
    return "\n".join(told)


def notes(entry: Entry) -> Iterator[str]:
    """What a sender must know besides the fields, one sentence each."""
    item = entry.transaction
    if item.also:
        yield f"编号 {'、'.join(item.also)} 是同一交易。"
    if item.doubt:
        yield f"未证实：{item.doubt}"
    if item.of_person:
        yield "信封须填参保地 insuplc_admdvs（取自 1101）。"
    if item.writes:
        yield "改变数据。机构、交易编号与 msgid 相同的报文只生效一次，逐字重发得到同一答复；内容不同则拒绝（GATEWAY-MSGID-REUSED）。"
    else:
        yield "只查询，不改变任何数据，可以重复发送。"
    if item.still_holds:
        yield "原来做的事后来被撤销的，逐字重发不再得到当时的答复，而是说明何时被谁撤销。"
    if item.gives_file:
        yield "成功时返回文件本身（application/octet-stream），没有信封；失败时仍是信封。"
    if entry.undone_by:
        yield "撤回用 " + " 或 ".join(f"{e.infno} {e.transaction.name}" for e in entry.undone_by) + "。"


def _sample(entry: Entry) -> str:
    name = f"{entry.infno}.json"
    return (
        f"样例（由测试逐次发送核对）：[{name}]({SAMPLES}/{name})"
        if sample_of(entry.transaction).runs
        else "尚无可运行的样例。"
    )


def _title(entry: Entry) -> str:
    return f"{entry.infno} {entry.transaction.name}"


def _anchor(entry: Entry) -> str:
    """The anchor that a renderer makes of the heading."""
    return _title(entry).lower().replace(" ", "-")


def _node(table: Table) -> str:
    said = [table.label, *(f"也收 `{name}`" for name in table.aliases)]
    label = "，".join(filter(None, said))
    return f"`{table.path}`{f' {label}' if label else ''}\n\n{_fields(table.rows, table.must)}"


def _fields(rows: Iterable[Row], must: str) -> str:
    return _table(("字段", "中文", "类型", "长度", "码", must, "疑点"), map(_field, rows))


def _field(row: Row) -> tuple[str, ...]:
    field = row.field
    title = dictionaries.title(field.dictionary) if field.dictionary else ""
    must = "是" if row.required else ""
    return (
        f"`{row.name}`",
        field.label,
        KINDS.get(field.kind, field.kind),
        field.length,
        title,
        must,
        field.doubt,
    )


def _refusals(kinds: Iterable[type[Refusal]]) -> str:
    return _table(("编号", "说明"), ((f"`{kind.code}`", kind.zh) for kind in kinds))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)
