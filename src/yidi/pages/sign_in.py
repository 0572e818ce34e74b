"""What the sign-in pages of both faces share: forms, and how a refusal is said in them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yidi.accounts.doors import NEXT
from yidi.accounts.errors import LockedOut
from yidi.accounts.kept_input import KEPT
from yidi.pages.fields import ShortText, plain
from yidi.pages.templatetags.pages import say
from yidi.values.errors import Refusal

TOO_MANY = 429


class PasswordField(forms.CharField):
    """A password; never shown again, never trimmed."""

    default_error_messages = {"required": _("请输入密码。")}

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        attrs = {
            "class": "form-control",
            "autocomplete": "new-password" if new else "current-password",
        }
        super().__init__(strip=False, max_length=200, widget=forms.PasswordInput(attrs=attrs), **options)


class SignInForm(forms.Form):
    """Name and password."""

    use_required_attribute = False
    username = ShortText(
        label=_("用户名"),
        attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        error_messages={"required": _("请输入用户名。")},
    )
    password = PasswordField(label=_("密码"))


class RealNameForm(forms.Form):
    """Who somebody is: name and identity number, as on the card."""

    use_required_attribute = False
    name = ShortText(
        label=_("姓名"),
        attrs={"autocomplete": "name"},
        error_messages={"required": _("请输入姓名，与身份证一致。")},
    )
    identity = ShortText(
        label=_("身份证号"),
        most=40,
        help_text=_("18 位，最后一位可能是字母 X。"),
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
        error_messages={"required": _("请输入身份证号。")},
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    use_required_attribute = False
    new_password = PasswordField(new=True, label=_("新密码"))
    new_password_again = PasswordField(new=True, label=_("再输一遍新密码"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        one, two = (cleaned.get(name) for name in ("new_password", "new_password_again"))
        if one and two and one != two:
            self.add_error("new_password_again", _("两次输入的密码不一样。请重新输入。"))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """A new password in place of the one in use."""

    old_password = PasswordField(label=_("现在的密码"))
    field_order = ["old_password"]


class RegisterForm(RealNameForm, NewPasswordForm):
    """A new account: who it is for, the name to sign in with, the password."""

    username = ShortText(
        label=_("用户名"),
        help_text=_("自己起一个好记的，登录时要用，例如姓名拼音加数字。"),
        attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        error_messages={"required": _("请起一个用户名。")},
    )
    field_order = ["name", "identity", "username"]


class CodeForm(forms.Form):
    """The six digits that an authenticator app shows."""

    use_required_attribute = False
    code = ShortText(
        label=_("动态验证码"),
        most=12,
        help_text=_("手机验证器上显示的 6 位数字。"),
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code"},
        error_messages={"required": _("请输入手机上的 6 位数字。")},
    )

    def clean_code(self) -> str:
        """The digits without blanks."""
        return plain(self.cleaned_data["code"]).replace(" ", "")


def refused_in(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """Say a refusal in the form, beside the field where one is named."""
    form.add_error(field, say(refusal))


def locked_page(request: HttpRequest, refusal: LockedOut) -> HttpResponse:
    """The plain page that says when to try again."""
    return render(request, "pages/sign_in/locked.html", {"refusal": refusal}, status=TOO_MANY)


def sign_in_context(request: HttpRequest) -> dict[str, Any]:
    """What both sign-in pages know: where to go afterwards, and whether something typed waits there."""
    return {
        "next": request.POST.get(NEXT) or request.GET.get(NEXT) or "",
        "input_waits": KEPT in request.session,
    }
