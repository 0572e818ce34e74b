"""Tags of the reference's pages."""

from django import template

from yidi.gateway.fields import Field
from yidi.gateway.reference.markdown import KINDS

register = template.Library()


@register.filter
def kind_of(field: Field) -> str:
    """The kind of a field in words."""
    return KINDS.get(field.kind, field.kind)
