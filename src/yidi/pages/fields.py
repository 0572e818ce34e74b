"""Form fields that read what people type, and say beside the field what to do."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yidi.pages.language import language
from yidi.values.errors import BadValue
from yidi.values.money import parse_yuan
from yidi.values.terms import Term

MOST_FEN = 9_999_999_999
"""The largest amount accepted, in fen: a hundred million yuan is a slip of the finger."""
DATE_SPELLINGS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]

Choices = list[tuple[str, Any]]


def plain(text: str) -> str:
    """A text in half-width characters, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


class YuanField(forms.CharField):
    """An amount as people type it (`1,000 元`, `１０００`); its value is fen, or None where nothing was typed."""

    default_error_messages = {
        "not_money": _("请只填数字，例如 1000 或 1000.50（最多两位小数）。"),
        "negative": _("金额不能小于 0。请改正。"),
        "too_much": _("金额过大。请核对小数点和位数。"),
    }

    def __init__(self, *, required: bool = False, **options: Any) -> None:
        attrs = {"class": "form-control", "inputmode": "decimal", "autocomplete": "off", "size": "12"}
        super().__init__(required=required, max_length=40, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> int | None:
        """The typed text as fen."""
        text: str = super().clean(value)
        typed = plain(text).replace(",", "").replace(" ", "")
        typed = typed.removesuffix("元").removeprefix("¥").removeprefix("+")
        if not typed:
            return None
        try:
            fen = parse_yuan(typed)
        except BadValue:
            raise forms.ValidationError(self.error_messages["not_money"], code="not_money") from None
        if fen < 0:
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        if fen > MOST_FEN:
            raise forms.ValidationError(self.error_messages["too_much"], code="too_much")
        return fen


class DayField(forms.DateField):
    """A day. The browser's date picker shows only ISO dates, so other spellings are shown as such."""

    default_error_messages = {
        "required": _("请填写日期。"),
        "invalid": _("日期没有看懂。请写成 2025-03-20 这样。"),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format=DATE_SPELLINGS[0], attrs={"class": "form-control", "type": "date"})
        super().__init__(input_formats=DATE_SPELLINGS, widget=widget, **options)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as a date where it is one."""
        try:
            return self.to_python(data)
        except forms.ValidationError:
            return data


class DayForm(forms.Form):
    """A form with days: one that was not understood is shown again in a field that can hold it."""

    use_required_attribute = False

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items():
            if isinstance(field, DayField) and self.is_bound and self.has_error(name, "invalid"):
                field.widget.attrs["type"] = "text"


class ChoiceField(forms.ChoiceField):
    """A choice whose errors say what to do. The choices are filled in by the form, in the page's language."""

    default_error_messages = {
        "required": _("请选择一项。"),
        "invalid_choice": _("没有这个选项。请从列表中重新选择。"),
    }


class TermField(ChoiceField):
    """One word of a closed list, shown in the page's language; its value is the word."""

    def __init__(
        self, terms: type[Term] | tuple[Term, ...], *, empty: str | Promise | None = "", **options: Any
    ) -> None:
        self.terms = tuple(terms)
        self.empty = empty
        options.setdefault("widget", select())
        super().__init__(choices=self._listed, **options)

    def _listed(self) -> Choices:
        nothing: Choices = [] if self.empty is None else [("", self.empty or _("请选择"))]
        return nothing + [(str(term), term.label(language())) for term in self.terms]

    def clean(self, value: Any) -> Term | None:
        """The word, or None where nothing was chosen and nothing needs to be."""
        chosen = super().clean(value)
        return next((term for term in self.terms if str(term) == chosen), None)


class ShortText(forms.CharField):
    """One line of text: half-width, without blanks around it."""

    default_error_messages = {"required": _("请填写这一项。")}

    def __init__(self, *, most: int = 60, **attrs_and_options: Any) -> None:
        attrs = {"class": "form-control", "autocomplete": "off", **attrs_and_options.pop("attrs", {})}
        super().__init__(max_length=most, widget=forms.TextInput(attrs=attrs), **attrs_and_options)

    def to_python(self, value: Any) -> str:
        """The typed text, made plain."""
        return plain(super().to_python(value) or "")


class LongText(forms.CharField):
    """A few sentences."""

    default_error_messages = {"required": _("请写明。")}

    def __init__(self, *, most: int = 500, rows: int = 3, **options: Any) -> None:
        widget = forms.Textarea(attrs={"class": "form-control", "rows": str(rows)})
        super().__init__(max_length=most, widget=widget, **options)


def select(**attrs: str) -> forms.Select:
    """A list to choose from, as the pages draw it."""
    return forms.Select(attrs={"class": "form-select", **attrs})


def day_text(day: date | None) -> str:
    """A day as it is written everywhere: 2026-11-30."""
    return f"{day:%Y-%m-%d}" if day else ""
