"""The forms of claims: the visit, where it was, the invoice, a filled-in table of lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yidi.claims import errors
from yidi.claims.drafting import BANK_LENGTH, INVOICE_LENGTH, NAME_LENGTH
from yidi.claims.models import Claim
from yidi.ledger.errors import InvoiceUsed
from yidi.pages.fields import ChoiceField, DayField, DayForm, ShortText, YuanField, select
from yidi.pages.sign_in import refused_in
from yidi.people.errors import NotInsured
from yidi.portal.forms import GENERAL, CityField
from yidi.qualification.errors import NotQualified
from yidi.reference import diseases, regions
from yidi.reference.errors import UnknownRegion
from yidi.values.bank_accounts import mask_bank_account
from yidi.values.errors import BadValue, Refusal
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit

YES, NO = "yes", "no"
BESIDE: Mapping[type[Refusal], str] = {
    errors.FutureService: "on",
    NotInsured: "on",
    NotQualified: "kind",
    errors.TextTooLong: "name",
    UnknownRegion: "city",
    errors.BadInvoice: "invoice",
    errors.OwnInvoice: "invoice",
    InvoiceUsed: "invoice",
    errors.BadTotal: "total",
    BadValue: "account_number",
}
"""Beside which field each refusal is said."""


def refused_beside(form: forms.Form, refusal: Refusal) -> None:
    """Say a refusal beside the field that it is about, else on top of the form."""
    names = (name for kind, name in BESIDE.items() if isinstance(refusal, kind) and name in form.fields)
    refused_in(form, refusal, next(names, None))


class VisitForm(DayForm):
    """When it was, for what, and whether it was an emergency."""

    on = DayField(
        label=_("哪一天看的病"),
        help_text=_("病历或票据上的就诊日期。"),
        error_messages={"required": _("请填写看病的日期。")},
    )
    kind = ChoiceField(
        label=_("看的是什么"),
        help_text=_("没有认定过门诊慢特病的，选“普通门诊”。"),
        widget=select(),
        error_messages={"required": _("请选择普通门诊，或您的门诊慢特病病种。")},
    )
    emergency = ChoiceField(
        label=_("是急诊吗"),
        help_text=_("病历或票据上写明“急诊”的才算。"),
        widget=forms.RadioSelect,
        choices=[(NO, _("不是急诊")), (YES, _("是急诊"))],
        error_messages={"required": _("请选择是不是急诊。")},
    )

    def __init__(self, held: Sequence[str], data: Any = None, claim: Claim | None = None) -> None:
        """`held`: the diseases for which the person was ever qualified."""
        super().__init__(data, initial=self._stated(claim))
        own = [code for code in (claim.disease if claim else "",) if code and code not in held]
        named = [(code, diseases.disease(code).name) for code in (*held, *own)]
        chronic = [(Benefit.CHRONIC_DISEASE.zh, named)] if named else []
        self.fields["kind"].choices = [("", _("请选择")), (GENERAL, _("普通门诊")), *chronic]  # type: ignore[attr-defined]

    @staticmethod
    def _stated(claim: Claim | None) -> dict[str, Any]:
        if claim is None:
            return {"emergency": NO}
        general = claim.benefit == Benefit.GENERAL_OUTPATIENT
        kind = GENERAL if general else claim.disease
        return {"on": claim.on, "kind": kind, "emergency": YES if claim.emergency else NO}

    def said(self) -> dict[str, Any]:
        """What a valid form says, as `claims.drafting` takes it."""
        kind, chronic = self.cleaned_data["kind"], self.cleaned_data["kind"] != GENERAL
        return {
            "on": self.cleaned_data["on"],
            "benefit": Benefit.CHRONIC_DISEASE if chronic else Benefit.GENERAL_OUTPATIENT,
            "disease": kind if chronic else "",
            "emergency": self.cleaned_data["emergency"] == YES,
        }


class SearchForm(forms.Form):
    """A word of the provider's name, and where it is."""

    use_required_attribute = False
    q = ShortText(
        label=_("医院、诊所或药店的名称"),
        most=NAME_LENGTH,
        help_text=_("写几个字就行，例如“中山医院”。"),
        error_messages={"required": _("请写名称里的几个字。")},
    )
    city = CityField(label=_("在哪个城市"), required=False)

    def __init__(self, data: Any, place: str) -> None:
        super().__init__(data, initial={"city": regions.pool_of(place) if place else ""})
        self.fields["city"].fill(_("各地都找"))  # type: ignore[attr-defined]


class DescribedForm(forms.Form):
    """A provider that is not on the list."""

    use_required_attribute = False
    name = ShortText(
        label=_("机构全名"),
        most=NAME_LENGTH,
        help_text=_("照票据上的公章抄写。"),
        error_messages={"required": _("请填写机构的全名。")},
    )
    city = CityField(label=_("机构在哪个城市"), error_messages={"required": _("请选择机构所在的城市。")})

    def __init__(self, data: Any, claim: Claim) -> None:
        initial = {"name": claim.provider_name, "city": claim.care_region}
        super().__init__(data, initial=initial, prefix="described")
        self.fields["city"].fill(_("请选择"))  # type: ignore[attr-defined]


class InvoiceForm(forms.Form):
    """The number and total of the invoice, and the account. It may be saved with gaps; handing in names them."""

    use_required_attribute = False
    invoice = ShortText(
        label=_("票据号"),
        most=INVOICE_LENGTH * 2,
        required=False,
        help_text=_("票据上的号码，一般在右上角，照样抄写。每张票据只能报销一次。"),
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
    )
    total = YuanField(label=_("票据总金额（元）"), help_text=_("票据上的合计，不扣除任何部分。"))
    account_bank = ShortText(
        label=_("开户银行"),
        most=BANK_LENGTH,
        required=False,
        help_text=_("社会保障卡上印着银行的名字；用别的银行卡，就写那家银行。"),
    )
    account_number = ShortText(
        label=_("银行账号"),
        required=False,
        help_text=_("社会保障卡或银行卡上的卡号，12 至 30 位数字。"),
        attrs={"inputmode": "numeric", "spellcheck": "false"},
    )

    def __init__(self, data: Any, claim: Claim) -> None:
        told = {"invoice": claim.invoice, "total": total_text(claim), "account_bank": claim.account_bank}
        super().__init__(data, initial=told)
        if claim.account_number:
            kept = _("已保存的账号：%(account)s。不改就留空；要改就重新填写整个号码。")
            self.fields["account_number"].help_text = kept % {
                "account": mask_bank_account(claim.account_number)
            }

    def said(self) -> dict[str, Any]:
        """What a valid form says, as `claims.drafting` takes it: what was not sent, and an empty number, is not said."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.data and (value or name != "account_number")
        }


def total_text(claim: Claim) -> str:
    """The total of the invoice as the field takes it; empty while nobody said."""
    return "" if claim.total is None else yuan_text(claim.total)


class FileForm(forms.Form):
    """One file that is read and not kept as it is. Whoever reads it refuses what is wrong with it."""

    use_required_attribute = False

    def __init__(self, label: Any, help_text: Any, accept: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"] = forms.FileField(
            label=label,
            help_text=help_text,
            allow_empty_file=True,
            widget=forms.FileInput({"class": "form-control", "accept": accept}),
            error_messages={"required": _("请选择文件。")},
        )

    @property
    def file(self) -> UploadedFile:
        """The file of a valid form."""
        chosen: UploadedFile = self.cleaned_data["file"]
        return chosen
