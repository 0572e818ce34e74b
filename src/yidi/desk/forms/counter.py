"""Forms of the counter."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.catalogue.models import CatalogueItem
from yidi.pages.fields import MOST_FEN, ChoiceField, ShortText, plain, select
from yidi.pages.language import language
from yidi.reference import diseases
from yidi.settlement.counter import NOT_LISTED, Insured
from yidi.settlement.models import Visit
from yidi.values.errors import BadValue
from yidi.values.money import MICRO, QUANTUM, line_amount, parse_price, parse_quantity
from yidi.values.terms import Benefit, Scheme

MOST_QUANTITY = 100_000 * QUANTUM
MOST_PRICE = 10_000_000 * MICRO
ONCE = r"^[0-9a-f]{32}$"
"""What a request is known by that must be carried out once."""
DIVIDES = ":"
"""Between a benefit and its disease in the choices of what a visit is for."""


class IdentityForm(forms.Form):
    """Whom to find."""

    use_required_attribute = False
    identity = ShortText(
        label=_("身份证号"),
        most=40,
        help_text=_("18 位，请对照本人证件输入；最后一位可能是字母 X。"),
        attrs={"autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"},
        error_messages={"required": _("请输入身份证号。")},
    )


class RegistrationForm(forms.Form):
    """A visit to be registered."""

    use_required_attribute = False
    coverage = ChoiceField(label=_("按哪一份参保"), widget=forms.RadioSelect)
    number = ShortText(
        label=_("门诊号"), most=30, help_text=_("本机构自己的编号，可以改；同一编号不能重复挂号。")
    )
    doctor_name = ShortText(label=_("医师姓名"), most=50)
    doctor_code = ShortText(label=_("医师编码"), most=30, required=False)
    department = ShortText(label=_("科室"), most=100)

    def __init__(self, ways: Sequence[Insured], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.ways = {str(way.coverage.pk): way for way in ways}
        field = self.fields["coverage"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (key, Scheme(way.coverage.scheme).label(language())) for key, way in self.ways.items()
        ]
        if len(self.ways) == 1:
            self.initial["coverage"] = next(iter(self.ways))


class DescribeForm(forms.Form):
    """What a visit is for."""

    use_required_attribute = False
    purpose = ChoiceField(label=_("按什么结算"), widget=select())
    emergency = forms.BooleanField(label=_("急诊抢救"), required=False)
    diagnosis_code = ShortText(
        label=_("诊断编码"),
        most=20,
        help_text=_("国家医保版 ICD-10，例如 I10.x00。"),
        attrs={"spellcheck": "false"},
    )
    diagnosis_name = ShortText(label=_("诊断名称"), most=100)

    def __init__(self, visit: Visit, held: Sequence[str], data: Any = None) -> None:
        super().__init__(data, auto_id="purpose_%s")
        field = self.fields["purpose"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        chronic = Benefit.CHRONIC_DISEASE
        field.choices = [
            (str(Benefit.GENERAL_OUTPATIENT), Benefit.GENERAL_OUTPATIENT.label(language())),
            *(
                (f"{chronic}{DIVIDES}{code}", f"{chronic.label(language())} {diseases.disease(code).name}")
                for code in held
            ),
        ]
        found = visit.diagnoses.order_by("rank").first()
        self.initial = {
            "purpose": f"{visit.benefit}{DIVIDES}{visit.disease}" if visit.disease else visit.benefit,
            "emergency": visit.emergency,
            "diagnosis_code": found.code if found else "",
            "diagnosis_name": found.name if found else "",
        }

    @property
    def benefit_and_disease(self) -> tuple[Benefit, str]:
        """What was chosen."""
        benefit, _, disease = self.cleaned_data["purpose"].partition(DIVIDES)
        return Benefit(benefit), disease


class SearchForm(forms.Form):
    """What to look for in the catalogue."""

    use_required_attribute = False
    q = ShortText(label=_("药品或项目名称、编码"), most=60, required=False)


class NumberField(forms.CharField):
    """A number as people type it; its value is a whole number of the smallest parts."""

    def __init__(self, parse: Callable[[str], int], most: int, **options: Any) -> None:
        self.parse, self.most = parse, most
        attrs = {"class": "form-control", "inputmode": "decimal", "autocomplete": "off", "size": "8"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> int:
        """The typed text as a number."""
        text = plain(super().clean(value)).replace(",", "").removeprefix("¥").removesuffix("元").strip()
        try:
            number = self.parse(text)
        except BadValue:
            raise forms.ValidationError(_("请只填数字，例如 2 或 15.60。"), code="number") from None
        if number < 0 or number > self.most:
            raise forms.ValidationError(_("这个数不对。请核对小数点和位数。"), code="range")
        return number


class LineForm(forms.Form):
    """One line of the bill."""

    use_required_attribute = False
    q = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    serial = forms.RegexField(r"^\d{1,6}$", widget=forms.HiddenInput)
    item = ChoiceField(label=_("选择项目"), widget=forms.RadioSelect)
    name = ShortText(label=_("目录外项目的名称"), most=100, required=False)
    quantity = NumberField(
        parse_quantity, MOST_QUANTITY, label=_("数量"), error_messages={"required": _("请填写数量。")}
    )
    price = NumberField(
        parse_price, MOST_PRICE, label=_("单价（元）"), error_messages={"required": _("请填写单价。")}
    )
    approved = forms.BooleanField(label=_("限制使用的药品：已审批同意使用"), required=False)

    def __init__(self, items: Sequence[CatalogueItem], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, auto_id="line_%s", initial=initial)
        self.items = {item.code: item for item in items}
        field = self.fields["item"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [*((item.code, item.name) for item in items), (NOT_LISTED, _("医保目录外（全自费）"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quantity, price = cleaned.get("quantity"), cleaned.get("price")
        if quantity == 0:
            self.add_error("quantity", _("数量应大于 0。"))
        elif quantity and price is not None and line_amount(quantity, price) > MOST_FEN:
            self.add_error("price", _("金额过大。请核对小数点和位数。"))
        if cleaned.get("item") == NOT_LISTED and not cleaned.get("name"):
            self.add_error("name", _("目录外的项目须写名称。"))
        return cleaned

    @property
    def line(self) -> dict[str, Any]:
        """The line as `settlement.counter.add_line` takes it."""
        given = self.cleaned_data
        item = self.items.get(given["item"])
        return {
            "serial": given["serial"],
            "code": given["item"],
            "name": item.name if item else given["name"],
            "quantity": given["quantity"],
            "price_micro": given["price"],
            "approved": given["approved"] if item and item.restricted else None,
        }


class SettleForm(forms.Form):
    """What was shown and is to be settled."""

    use_required_attribute = False
    token = forms.RegexField(ONCE, widget=forms.HiddenInput)
    total = forms.IntegerField(min_value=0, max_value=MOST_FEN, widget=forms.HiddenInput)
    funds = forms.IntegerField(min_value=0, max_value=MOST_FEN, widget=forms.HiddenInput)
    invoice = ShortText(label=_("票据号"), most=20, required=False, help_text=_("有电子票据的填写号码。"))


class CancelForm(forms.Form):
    """A settlement to be taken back."""

    token = forms.RegexField(ONCE, widget=forms.HiddenInput)
