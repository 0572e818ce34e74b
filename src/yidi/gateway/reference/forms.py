"""The form that tries a message."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yidi.gateway.models import Institution


class TrialForm(forms.Form):
    """A message, and as which test institution it is sent."""

    sender = forms.ChoiceField(
        label=_("以哪家联调机构发送"), widget=forms.Select(attrs={"class": "form-select"})
    )
    message = forms.CharField(
        label=_("报文（JSON）"),
        strip=False,
        max_length=settings.GATEWAY_MAX_BODY,
        widget=forms.Textarea(
            attrs={"class": "form-control message", "rows": "18", "spellcheck": "false", "lang": "zh-Hans"}
        ),
    )

    def __init__(self, testers: Sequence[Institution], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sender"].choices = [  # type: ignore[attr-defined]
            (item.provider.code, item.provider.name) for item in testers
        ]
