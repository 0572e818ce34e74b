"""The reference page of the language, as Markdown: made of language.yaml, the models and the schema, never by hand."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yidi.policy.language import Form, forms, prose, shapes
from yidi.policy.lookup import Matter, matter_of
from yidi.policy.schema import BRANCHES, VALUES, pack_schema
from yidi.reference import diseases, regions
from yidi.values.terms import (
    AccountPart,
    Benefit,
    CaseField,
    FeeCategory,
    FilingClass,
    FilingKind,
    Fund,
    Insurance,
    Level,
    Material,
    Payer,
    Scheme,
    Situation,
    Standing,
    Term,
    Trait,
)

HEAD = """\
# 规则包的语言

The language of policy packs. 本页由 `yidi policy language` 从代码与 `src/yidi/policy/language.yaml` 生成，不要手改；
`make check` 核对它是否最新。文件夹的安排见 [policies/README.md](../policies/README.md)。

## 编辑器 (editor)

[policy.schema.json](policy.schema.json) 是全部规则包的 JSON Schema（`yidi policy schema` 生成），按 `benefit` 决定可以写什么。
用 yaml-language-server 的编辑器（VS Code 的 YAML 扩展、Neovim、Helix 等）在文件第一行写下面这一句，即可补全与校验：

```yaml
# yaml-language-server: $schema=../../../docs/policy.schema.json
```

或者在编辑器的设置里对 `policies/*/*/*.yaml` 指定一次：`"yaml.schemas": {"docs/policy.schema.json": "policies/*/*/*.yaml"}`。
一个文件看不出来的（日期、来源、区划、各包之间），由 `yidi policy check` 检查。
"""

WORDS: tuple[tuple[str, type[Term]], ...] = (
    ("scheme 险种", Scheme),
    ("benefit 待遇", Benefit),
    ("benefit 补充层", Fund),
    ("benefit 其他事项", Matter),
    ("standing 人员类别", Standing),
    ("level 机构级别", Level),
    ("situation 情形", Situation),
    ("kinds 备案", FilingKind),
    ("class 备案类别", FilingClass),
    ("trait 特征", Trait),
    ("category 费用类别", FeeCategory),
    ("pays 账户支付的部分", AccountPart),
    ("insurance 险种（缴费）", Insurance),
    ("payer 缴费方", Payer),
    ("materials 材料", Material),
    ("fields 申请时填写", CaseField),
)

AMOUNTS = {
    "excluded": "全自费",
    "over_limit": "超限价",
    "upfront": "先行自付",
    "in_scope": "政策范围内",
    "upfront_at_home": "参保地先行自付",
    "away_upfront": "异地先行自付",
    "deductible": "起付线",
    "over_cost": "超费用限额",
    "gross": "封顶前",
    "shared": "按比例自付",
    "fund": "统筹基金",
    "account": "个人账户",
    "family-account": "家庭共济",
    "cash": "现金",
    "person": "个人",
    "first_day": "享受待遇起始日",
    "waiting_months": "等待月数",
    "prefund": "预付金",
    "alert": "预警",
    "average": "月平均工资",
    "floor": "基数下限",
    "top": "基数上限",
    "pays": "缴纳",
}
"""What the outcomes of worked bills are called."""


def page() -> str:
    """The whole page."""
    known = {form.model.__name__: form for form in forms()}
    parts: list[str] = [HEAD, *_prose(), *_overview(known), "## 写法 (forms)\n"]
    parts += [_form(form, known) for form in known.values()]
    parts.append("## 形状 (shapes)\n")
    parts.append(
        "每条规则另须写明 `id`、`reading`、`in_force`、`source`，下面略去。“依据”为公开算例或事实的编号；"
        "`tests/benefit/test_shapes.py` 逐条运行这些规则与账单，须精确到分。例中的数字等级不一，只说明写法："
        "采用了哪些，以 `policies/` 为准。\n"
    )
    parts += [_shape(shape, known) for shape in shapes()]
    parts += ["## 词汇 (words)\n", *_words()]
    return "\n".join(parts).rstrip() + "\n"


def _prose() -> Iterator[str]:
    yield "## 怎样找到答案 (lookup)\n\n" + _numbered(prose("lookup"))
    yield "## 计算的次序 (order)\n\n" + _numbered(prose("computation"))
    yield "## 检查会拒绝什么 (check)\n\n" + "".join(f"* {line}\n" for line in prose("refused"))


def _numbered(lines: Iterable[str]) -> str:
    return "".join(f"{number}. {line}\n" for number, line in enumerate(lines, start=1))


def _overview(known: Mapping[str, Form]) -> Iterator[str]:
    yield "## 形状一览 (overview)\n\n" + _table(
        ("编号", "形状", "写法"),
        (
            (f"[{shape['id']}](#{_anchor(_title(shape))})", shape["zh"], _links(shape, known))
            for shape in shapes()
        ),
    )


def _links(shape: Mapping[str, Any], known: Mapping[str, Form]) -> str:
    return "、".join(f"[{known[name].zh}](#{_anchor(_heading(known[name]))})" for name in shape["forms"])


def _heading(form: Form) -> str:
    return f"{form.zh} {form.en}"


def _title(shape: Mapping[str, Any]) -> str:
    return f"{shape['id']} {shape['zh']}"


def _anchor(heading: str) -> str:
    """The anchor that a renderer makes of a heading."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)


def _form(form: Form, known: Mapping[str, Form]) -> str:
    schema = pack_schema()["definitions"].get(form.model.__name__)
    values = schema["properties"] if schema else {}
    required = set(schema.get("required", ()) if schema else ())
    rows = [
        (f"`{key}`{'（必需）' if key in required else ''}", _value(values.get(key, {}), known), says)
        for key, says in form.keys.items()
        if key not in BRANCHES
    ]
    if any(key in BRANCHES for key in form.keys):
        inner = "金额" if "yuan" in form.keys else "百分数，或再分列"
        rows.append(("`active` … `pharmacy`", inner, "按人员类别或机构级别分列，见[词汇](#词汇-words)"))
    return (
        f"### {_heading(form)}\n\n{form.says}\n\n{_table(('键', '取值', '含义'), rows)}\n"
        f"```yaml\n{form.example}```\n\n次序：{form.order}\n\n证明：`{form.test}`{_shapes_of(form)}\n"
    )


def _shapes_of(form: Form) -> str:
    """The shapes that are written in this form."""
    links = [
        f"[{shape['id']}](#{_anchor(_title(shape))})"
        for shape in shapes()
        if form.model.__name__ in shape["forms"]
    ]
    return f"，形状 {'、'.join(links)}" if links else ""


def _value(schema: Mapping[str, Any], known: Mapping[str, Form]) -> str:
    """What may stand as a value, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in VALUES:
            return VALUES[name][1]
        if name in known:
            return f"[{known[name].zh}](#{_anchor(_heading(known[name]))})"
        return _words_in(pack_schema()["definitions"][name]["enum"])
    if "anyOf" in schema:
        return " 或 ".join(_value(option, known) for option in schema["anyOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return _words_in(schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        return f"列表：{_value(schema.get('items', {}), known)}"
    if kind == "object":
        options = list(schema.get("properties", {}).values()) or [schema.get("additionalProperties", {})]
        return f"表：{_value(options[0], known)}"
    return {"boolean": "true 或 false", "integer": "整数", "string": "文字"}.get(str(kind), "文字")


PROOF = "tests/benefit/test_shapes.py::test_a_shape_pays_its_worked_bills"
MANY = 7
"""More words than this are listed at the end of the page."""


def _words_in(words: Iterable[Any]) -> str:
    listed = [f"`{word}`" for word in words]
    return " ".join(listed) if len(listed) <= MANY else f"{listed[0]} 等，见[词汇](#词汇-words)"


def _shape(shape: Mapping[str, Any], known: Mapping[str, Form]) -> str:
    told = [f"### {_title(shape)}\n\n*{shape['en']}.* {shape['says']}\n\n写法：{_links(shape, known)}\n"]
    for pack in shape["packs"]:
        pool = str(pack.get("pool", "360100"))
        scheme = pack.get("scheme", "employee")
        about = f"{regions.full_name(pool)} · {_scheme(scheme)} · {matter_of(pack['benefit']).zh}"
        rules = "---\n".join(pack["rules"])
        told.append(f"{about}\n\n```yaml\n{rules}```\n")
    rows = [_bill(bill) for bill in shape.get("bills", ())]
    rows += [
        _bill(bill, f"同一人第 {number} 次 · ")
        for number, bill in enumerate(shape.get("visits", ()), start=1)
    ]
    rows += [_ask(ask) for ask in shape.get("asks", ())]
    told.append(_table(("依据", "账单", "应得"), rows))
    told.append(f"次序：{known[shape['forms'][0]].order}\n\n证明：`{PROOF}[{shape['id']}]`\n")
    return "\n".join(told)


def _scheme(name: str) -> str:
    return "两险种" if name == "all" else Scheme(name).zh


def _bill(bill: Mapping[str, Any], before: str = "") -> tuple[str, str, str]:
    said = [regions.full_name(str(bill["pool"]))] if "pool" in bill else []
    said += [Standing(bill["standing"]).zh, Level(bill["level"]).zh]
    if bill.get("situation"):
        said.append(Situation(bill["situation"]).zh)
    if bill.get("age") is not None:
        said.append(f"{bill['age']} 岁")
    said += [Trait(name).zh for name in bill.get("traits", ())]
    said += [_disease(name) for name in bill.get("diseases", ()) or filter(None, [bill.get("disease")])]
    if "used" in bill:
        said.append("此前" + "、".join(_used(name, value) for name, value in bill["used"].items()))
    if bill.get("reading"):
        said.append(f"口径 {bill['reading']}")
    said.append(_amount(bill))
    if "balances" in bill:
        held = bill["balances"]
        said.append(f"账户余额 {held['own']} 元、家庭 {held['family']} 元")
    told = f"拒绝 `{bill['refused']}`" if "refused" in bill else _expected(bill["expect"])
    return str(bill["from"]), before + "，".join(said), told


def _disease(name: str) -> str:
    found = diseases.find_disease(name)
    return found.name if found else f"{name} 类药品"


def _used(name: str, value: Any) -> str:
    return f"住院 {value} 次" if name == "stays" else f"{AMOUNTS.get(name, name)} {value} 元"


def _amount(bill: Mapping[str, Any]) -> str:
    if "lines" in bill:
        return "；".join(
            f"{line['class']} 类 {line['amount']} 元"
            + (f"（先自付 {line['upfront']}）" if line.get("upfront", "0%") != "0%" else "")
            + (f"（限价 {line['limit']} 元）" if "limit" in line else "")
            for line in bill["lines"]
        )
    fees = "、".join(
        f"{FeeCategory(name).zh} {value} 元" for name, value in bill.get("categories", {}).items()
    )
    if "total" in bill:
        return f"总费用 {bill['total']} 元，其中全自费 {bill['excluded']} 元"
    return f"政策范围内 {bill['in_scope']} 元" + (f"（{fees}）" if fees else "")


def _ask(ask: Mapping[str, Any]) -> tuple[str, str, str]:
    said = "，".join(
        f"{_ASKED.get(name, name)} {_answer_word(value)}"
        for name, value in ask.items()
        if name not in ("from", "ask", "expect", "pool")
    )
    return str(ask["from"]), said or "缴费基数", _expected(ask["expect"])


_ASKED = {
    "paid_on": "缴费日",
    "year": "待遇年度",
    "lapsed_years": "断保年数",
    "extra_years": "多缴年数",
    "born": "出生",
    "enrolled_on": "参保",
    "quarter": "上年第四季度各月清算额",
    "month": "当月清算额",
    "prefund": "预付金",
    "insurance": "险种",
    "payer": "缴费方",
    "wage": "月工资",
}


def _answer_word(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    for term in (Insurance, Payer):
        if value in term.spellings():
            return term(value).zh
    return str(value)


def _expected(expect: Mapping[str, Any]) -> str:
    return "，".join(f"{AMOUNTS.get(name) or Fund(name).zh} {value}" for name, value in expect.items())


def _words() -> Iterator[str]:
    for heading, term in WORDS:
        words = [
            word for word in term if term is not Fund or word not in ("basic", "account", "family-account")
        ]
        yield f"**{heading}**：" + "；".join(f"`{word}` {word.zh}" for word in words) + "\n"
