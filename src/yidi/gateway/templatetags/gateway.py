"""Tags of the reference's pages."""

from typing import Any

from django import template

from yidi.gateway.fields import Field
from yidi.gateway.json_text import encode
from yidi.gateway.reference.markdown import KINDS

register = template.Library()


@register.filter
def kind_of(field: Field) -> str:
    """The kind of a field in words."""
    return KINDS.get(field.kind, field.kind)


@register.filter
def as_json(value: Any) -> str:
    """A value as it stands in JSON."""
    return encode(value)
