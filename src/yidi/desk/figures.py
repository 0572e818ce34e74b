"""The figures of a region as tables and charts, in the page's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yidi.accounts.actors import Actor
from yidi.accounts.terms import MATRIX, Action
from yidi.desk.tables import Column, Kind, Table
from yidi.operations import figures
from yidi.operations.cases import ROOMS
from yidi.operations.figures import FEWEST, Money, Scope
from yidi.pages.charts import Chart, Row, chart
from yidi.pages.templatetags.pages import say, yuan
from yidi.reference import diseases
from yidi.values.terms import Benefit

KINDS = tuple(ROOMS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, by whom, and on which day."""

    scope: Scope
    actor: Actor
    today: date

    @property
    def sees_all(self) -> bool:
        """Whether the reader may see records of people, and so amounts of few of them."""
        return bool(self.actor.roles & MATRIX[Action.SEE_PERSON])


@dataclass(frozen=True, slots=True)
class Figure:
    """A table, the chart of it where there is something to draw, and what has to be said with it."""

    table: Table
    chart: Chart | None
    notes: tuple[str, ...] = ()


def _kind_columns(zh: str, en: str) -> tuple[Column, ...]:
    return tuple(Column(f"{kind.zh}{zh}", f"{kind.en} {en}", Kind.COUNT) for kind in KINDS)


def _volumes(asked: Asked) -> Figure:
    found = figures.volumes(asked.scope)
    columns = (
        Column("月份", "Month"),
        *_kind_columns("收件", "handed in"),
        *_kind_columns("办结", "decided"),
    )
    rows = [
        [f"{row.month:%Y-%m}", *map(row.handed_in.get, KINDS), *map(row.decided.get, KINDS)] for row in found
    ]
    bars = [_bar(f"{row.month:%Y-%m}", tuple(row.handed_in[kind] for kind in KINDS)) for row in found]
    drawn = chart(_("每月收件"), [say(kind) for kind in KINDS], bars)
    return Figure(
        Table("volumes", _("每月收件与办结"), columns, rows), drawn, (_("申诉的办件按申诉当月计。"),)
    )


def _bar(label: str, sizes: tuple[int, ...]) -> Row:
    return Row(label, sizes, tuple(map(str, sizes)))


def _load(asked: Asked) -> Figure:
    found = figures.load(asked.scope, asked.today)
    columns = (
        Column("事项", "Kind"),
        Column("在办", "open", Kind.COUNT),
        Column("其中超期", "of these overdue", Kind.COUNT),
        Column("等待申请人补充材料", "waiting for the applicant", Kind.COUNT),
    )
    rows = [[say(kind), row.open, row.overdue, row.waiting] for kind, row in found.items()]
    bars = [
        _bar(say(kind), (row.open - row.overdue, row.overdue, row.waiting)) for kind, row in found.items()
    ]
    drawn = chart(_("现在的办件"), [_("未超期"), _("超期"), _("等待申请人")], bars)
    table = Table("load", _("现在的在办与超期"), columns, rows)
    return Figure(table, drawn, (_("今天的情况，与所选期间无关。"),))


def _outcomes(asked: Asked) -> Figure:
    found = figures.outcomes(asked.scope)
    columns = (
        Column("事项", "Kind"),
        Column("同意", "accepted", Kind.COUNT),
        Column("其中即时生效", "of these by rule, at once", Kind.COUNT),
        Column("不同意", "refused", Kind.COUNT),
        Column("人工办理的同意率", "accepted, of those decided by somebody", Kind.SHARE),
    )
    rows = [
        [say(kind), row.accepted, row.at_once, row.rejected, row.accepted_ppm] for kind, row in found.items()
    ]
    bars = [_bar(say(kind), (row.accepted, row.rejected)) for kind, row in found.items()]
    drawn = chart(_("办理结果"), [_("同意"), _("不同意")], bars)
    notes = (_("按期间内作出的、现在仍有效的决定计；申诉后改变的，以后来的决定为准。"),)
    return Figure(Table("outcomes", _("办理结果"), columns, rows), drawn, notes)


def _times(asked: Asked) -> Figure:
    found = figures.times(asked.scope)
    columns = (
        Column("事项", "Kind"),
        Column("人工办结", "decided by somebody", Kind.COUNT),
        Column("一半在几个工作日内（中位数）", "half within (median, working days)", Kind.COUNT),
        Column("九成在几个工作日内", "nine in ten within (working days)", Kind.COUNT),
    )
    rows = [[say(kind), row.count, row.median, row.ninth] for kind, row in found.items()]
    bars = [
        Row(
            say(kind),
            (row.median or 0, (row.ninth or 0) - (row.median or 0)),
            (str(row.median), str(row.ninth)),
        )
        for kind, row in found.items()
        if row.count
    ]
    drawn = chart(_("办理时长（工作日）"), [_("一半不超过"), _("九成不超过")], bars)
    notes = (_("从提交到决定的工作日，含等待申请人补充材料的日子；不含即时生效的备案。"),)
    return Figure(Table("times", _("办理时长"), columns, rows), drawn, notes)


def _reasons(asked: Asked) -> Figure:
    found = figures.reasons(asked.scope)
    columns = (Column("事项", "Kind"), Column("理由", "Reason"), Column("件数", "cases", Kind.COUNT))
    counted = [(say(kind), say(word), number) for kind, words in found.items() for word, number in words]
    rows = [list(row) for row in counted]
    bars = [_bar(f"{kind} · {word}", (number,)) for kind, word, number in counted]
    drawn = chart(_("不同意的理由"), [_("件数")], bars)
    return Figure(Table("reasons", _("不同意的理由"), columns, rows), drawn)


def _money(asked: Asked) -> Figure:
    found = figures.money(asked.scope, every_disease=asked.sees_all)
    columns = (
        Column("待遇", "Benefit"),
        Column("病种", "Disease", Kind.NAME),
        Column("直接结算", "settled directly", Kind.COUNT),
        Column("手工报销", "claims", Kind.COUNT),
        Column("费用总额", "total", Kind.MONEY),
        Column("基金支付", "paid by funds", Kind.MONEY),
        Column("个人负担", "paid by the person", Kind.MONEY),
    )
    rows, bars = [], []
    for row in found:
        benefit, disease = _named(row)
        amounts = [row.settled, row.claimed, row.total, row.funds, row.person]
        rows.append([benefit, disease, *([None] * len(amounts) if row.hidden else amounts)])
        if not row.hidden:
            said = (yuan(row.funds), yuan(row.person))
            bars.append(Row(disease or benefit, (row.funds, row.person), said, is_name=bool(disease)))
    drawn = chart(_("费用由谁负担（元）"), [_("基金支付"), _("个人负担")], bars)
    notes = (
        _("按就诊日期计：未撤销的直接结算和已批准的手工报销。"),
        _(
            "为保护隐私，少于 %(few)d 人的病种只有能查看参保人信息的岗位看得到；您看到的是合并后的数字，仍不足 %(few)d 人的不显示。"
        )
        % {"few": FEWEST}
        if not asked.sees_all
        else _("少于 %(few)d 人的病种，不能查看参保人信息的岗位看到的是合并后的数字。请勿转给他们。")
        % {"few": FEWEST},
    )
    return Figure(Table("money", _("各病种的费用"), columns, rows), drawn, notes)


def _named(row: Money) -> tuple[str, str | None]:
    """Benefit and disease, or what is said of several."""
    if row.merged or row.hidden:
        return _("人数少的病种（合并）"), None
    ((benefit, disease),) = row.keys
    return say(Benefit(benefit)), diseases.disease(disease).name if disease else None


FIGURES: Mapping[str, Callable[[Asked], Figure]] = {
    "volumes": _volumes,
    "load": _load,
    "outcomes": _outcomes,
    "times": _times,
    "reasons": _reasons,
    "money": _money,
}
"""Every figure by the name of its table, in the order of the page."""
